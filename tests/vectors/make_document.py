"""Section 2: leaves, salts, roots, disclosures, and what a document must not be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cms_backend.core.disclosure import disclose
from cms_backend.core.document import Document, Party, Role, SealedDocument, rule_violations
from cms_backend.core.merkle import leaf_hash
from tests.support.core_samples import SEED, account, document, ed25519, party

HIDDEN = ("/description", "/terms/00001", "/variables/00000")


def _sealed(name: str, text: Document) -> dict[str, Any]:
    sealed = SealedDocument.seal(text, SEED)
    return {
        "id": name,
        "content": text.to_json(),
        "seed": SEED,
        "leaves": [
            {
                "path": leaf.path,
                "salt": leaf.salt,
                "data_hex": leaf.data.hex(),
                "hash": leaf_hash(leaf.data).hex(),
            }
            for leaf in sealed.leaves
        ],
        "ref": sealed.ref.to_json(),
    }


def _many_terms() -> Document:
    return document(terms=tuple(f"Term {number}" for number in range(11)), attachments=(), variables=())


def _all_roles() -> Document:
    parties = (
        party(ed25519(1), Role.approver, 1),
        party(ed25519(2), step=2),
        party(ed25519(3), Role.witness, 2, witness_of=1),
        party(ed25519(4), Role.viewer, None),
        party(ed25519(5), Role.leaver, 2),
        party(account(6), step=3),
    )
    return document(*parties)


def _change(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    raw = document().to_json()
    target: Any = raw
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return raw


REFUSED: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "unknown-member": (lambda: {**document().to_json(), "note": ""}, "no unknown members"),
    "supersedes-null": (lambda: _change(("supersedes",), None), "supersedes is null for revision 0 only"),
    "did-twice": (lambda: _change(("parties", 1, "did"), str(ed25519(1).did)), "a DID stands once"),
    "key-twice": (lambda: _change(("parties", 1, "key"), str(ed25519(1).key)), "a key stands once"),
    "step-zero": (lambda: _change(("parties", 0, "step"), 0), "steps are 1 to 9999"),
    "step-null": (lambda: _change(("parties", 0, "step"), None), "a step is null for viewers only"),
    "witness-of-signer": (
        lambda: _change(("parties", 0, "witness_of"), 1),
        "witness_of is for witnesses only",
    ),
    "role": (lambda: _change(("parties", 0, "role"), "owner"), "five roles"),
    "html": (lambda: _change(("terms", 0), "a <b>bold</b> word"), "no HTML in terms"),
    "comment": (lambda: _change(("terms", 0), "<!-- hidden -->"), "no comments in terms"),
    "image": (lambda: _change(("terms", 0), "![x](y)"), "no images in terms"),
    "placeholder": (lambda: _change(("terms", 0), "pay {{price}}"), "no placeholders in terms"),
    "variable-type": (lambda: _change(("variables", 0, "type"), "file"), "six types of variables"),
    "attachment-size": (lambda: _change(("attachments", 0, "size"), -1), "a size is not negative"),
}
RULES: dict[str, tuple[Callable[[], Document], Party | None, str]] = {
    "no-signer": (lambda: document(party(ed25519(1), Role.approver)), None, "at least one signer"),
    "approver-late": (
        lambda: document(party(ed25519(1)), party(ed25519(2), Role.approver, 1)),
        None,
        "approvers' steps are below all signers'",
    ),
    "witness-step": (
        lambda: document(party(ed25519(1)), party(ed25519(2), Role.witness, 2, witness_of=0)),
        None,
        "a witness has its signer's step",
    ),
    "pin": (
        lambda: document(replace(party(ed25519(1)), key=ed25519(2).key)),
        None,
        "did:key and did:pkh: the pin is the DID",
    ),
    "logless-not-last": (
        lambda: document(party(ed25519(1)), party(ed25519(2), step=2)),
        party(ed25519(1)),
        "without a log the proposer signs alone in the highest step",
    ),
}


def build() -> dict[str, Any]:
    """`documents.json` and `disclosures.json`."""
    whole = SealedDocument.seal(document(), SEED)
    rules = []
    for name, (make, proposer, rule) in RULES.items():
        text = make()
        found = rule_violations(text, logless_proposer=None if proposer is None else proposer.did)
        if not found:
            raise ValueError(f"{name} breaks no rule.")
        content = text.to_json()
        rules.append(
            {"id": name, "rule": rule, "logless_proposer": proposer and str(proposer.did), "content": content}
        )
    return {
        "documents.json": {
            "section": "2",
            "how": "sealed: from content and seed to leaves and ref. refused: no document. "
            "rules: documents that a proposal must not have; without a log when logless_proposer is set.",
            "sealed": [
                _sealed("two-signers", document()),
                _sealed("revision-0", document(revision=0)),
                _sealed("empty-lists", document(parties=(), terms=(), attachments=(), variables=())),
                _sealed("eleven-terms", _many_terms()),
                _sealed("all-roles", _all_roles()),
            ],
            "refused": [
                {"id": name, "rule": rule, "content": make()} for name, (make, rule) in REFUSED.items()
            ],
            "rules": rules,
        },
        "disclosures.json": {
            "section": "2",
            "how": "verify every leaf against ref; hidden follows from the counts",
            "ref": whole.ref.to_json(),
            "disclosure": disclose(whole, HIDDEN).to_json(),
            "hidden": list(HIDDEN),
        },
    }
