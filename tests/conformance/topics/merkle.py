"""RFC 6962 and 9162 trees, C2SP notes and checkpoints."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any

from cms_backend.core.checkpoint import Note, ProofText, open_note, parse_checkpoint, parse_vkey
from cms_backend.core.errors import LogError
from cms_backend.core.inclusion import InclusionVerifier
from cms_backend.core.merkle import (
    leaf_hash,
    tree_head,
    verify_consistency,
    verify_inclusion,
)
from tests.conformance.model import (
    Result,
    Vectors,
    case_id,
    each,
    equal,
    failed,
    not_applicable,
    passed,
    verdict,
)


def _base64(texts: Sequence[str] | None) -> list[bytes]:
    return [base64.b64decode(text) for text in texts or ()]


def _inclusion(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        hashed, root = base64.b64decode(case["leafHash"]), base64.b64decode(case["root"])
        yield _both(case, not case["wantErr"], hashed, _base64(case["proof"]), root)


def _by_text(hashed: bytes, index: int, size: int, path: list[bytes], root: bytes) -> None:
    """The verifier for many proofs, which reads them as their texts stand."""
    if not all(path):
        raise LogError("A line of a proof is not empty.")
    lines = "\n".join(base64.b64encode(one).decode() for one in path)
    InclusionVerifier(size, root).verify(hashed, ProofText(lines, index, 0, len(lines)))


def _both(case: Vectors, valid: bool, hashed: bytes, path: list[bytes], root: bytes) -> Result:
    index, size = case["leafIdx"], case["treeSize"]
    one = verdict(case_id(case), valid, verify_inclusion, hashed, index, size, path, root)
    other = verdict(case_id(case), valid, _by_text, hashed, index, size, path, root)
    return one if one.outcome == other.outcome else failed(case_id(case), "the two verifiers differ")


def _consistency(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        roots = (base64.b64decode(case["root1"]), base64.b64decode(case["root2"]))
        sizes = (case["size1"], case["size2"])
        path = _base64(case["proof"])
        yield verdict(case_id(case), not case["wantErr"], verify_consistency, *sizes, *roots, path)


def _generated(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        path = [bytes.fromhex(text) for text in case["proof"]]
        if case["kind"] == "consistency":
            parts: tuple[Any, ...] = (
                case["size1"],
                case["size2"],
                bytes.fromhex(case["root1"]),
                bytes.fromhex(case["root2"]),
                path,
            )
            yield verdict(case_id(case), case["valid"], verify_consistency, *parts)
            continue
        root = bytes.fromhex(case["root"])
        if "leafHash" in case:
            hashed = bytes.fromhex(case["leafHash"])
        else:
            hashed = leaf_hash(bytes.fromhex(case["leafHex"]))
        # valid = null: the arithmetic of a forged tree size fits. Sizes are signed, never taken from a proof.
        yield _both(case, case["valid"] is not False, hashed, path, root)


def _roots(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        head = tree_head(leaf_hash(bytes.fromhex(leaf)) for leaf in case["leavesHex"])
        yield equal(case_id(case), head.hex(), case["root"])


_NOTES_ONLY = frozenset({"c2sp-example-foo", "go-sumdb-note"})


def _checkpoints(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        if case_id(case) in _NOTES_ONLY:
            yield verdict(case_id(case), True, Note.parse(case["note"]).verify, parse_vkey(case["vkey"]))
        else:
            yield verdict(case_id(case), case["valid"], open_note, case["note"], parse_vkey(case["vkey"]))


def _parse_only(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        note = Note.parse(case["note"])
        if case_id(case).startswith("tlog"):
            checkpoint = parse_checkpoint(note.text)
            found = (checkpoint.origin, checkpoint.size)
            yield equal(case_id(case), found, ("example.com/behind-the-sofa", 20852163))
        else:
            yield passed(case_id(case)) if note.signatures else failed(case_id(case), "no signature line")


def _rekor(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        entry = case["tlogEntry"]
        proof = entry.get("inclusionProof")
        if proof is None or case.get("inclusion_ok") is None:
            yield not_applicable(case_id(case), "there is no inclusion proof in this entry")
            continue
        hashed = leaf_hash(base64.b64decode(entry["canonicalizedBody"]))
        position = (int(proof.get("logIndex", 0)), int(proof["treeSize"]))
        path, root = _base64(proof.get("hashes")), base64.b64decode(proof["rootHash"])
        yield verdict(case_id(case), case["inclusion_ok"], verify_inclusion, hashed, *position, path, root)


FILES = {
    "merkle/inclusion.json": _inclusion,
    "merkle/consistency.json": _consistency,
    "merkle/proofs-generated.json": _generated,
    "merkle/roots.json": _roots,
    "merkle/checkpoints.json": _checkpoints,
    "merkle/checkpoints-parse-only.json": _parse_only,
    "merkle/rekor-entries.json": _rekor,
}
