"""did:key, as far as the protocol has its keys."""

from __future__ import annotations

from collections.abc import Iterator

from cms_backend.core.did import did_key, parse_did
from cms_backend.core.keys import PublicKey, parse_key
from cms_backend.core.signatures import Ed25519Signer, Secp256k1Signer
from tests.conformance.model import Result, Vectors, case_id, each, equal, failed, not_applicable, verdict

KINDS = {"ed25519-pub": Ed25519Signer, "secp256k1-pub": Secp256k1Signer}


def _valid(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        name = case_id(case)
        signer = KINDS.get(case["multicodec"])
        if signer is None:
            yield not_applicable(name, f"the protocol has no {case['multicodec']} keys")
            continue
        parts = parse_did(case["did"])
        key = parse_key(parts.key or "")
        if did_key(key) != case["did"]:
            yield failed(name, "the DID does not come back from its key")
        elif "seed" in case and signer(bytes.fromhex(case["seed"])).did != case["did"]:
            yield failed(name, "the seed gives another DID")
        else:
            yield equal(name, key.raw.hex(), case["publicKeyHex"])


def _invalid(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        yield verdict(case_id(case), False, _key, case["did"])


def _key(did: str) -> PublicKey:
    return parse_key(parse_did(did).key or "")


FILES = {"did-key/did-key.json": _valid, "did-key/did-key-invalid.json": _invalid}
