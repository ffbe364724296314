"""Fixed keys, parties, documents and events for tests of the kernel: public test material."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cms_backend.core.document import (
    Attachment,
    Document,
    Party,
    Role,
    SealedDocument,
    Variable,
    VariableType,
)
from cms_backend.core.events import Action, Envelope, Seen, event_statement
from cms_backend.core.ids import ContractId, Digest, Time
from cms_backend.core.signatures import Ed25519Signer, Secp256k1Signer, Signer, secure

CONTRACT = ContractId("6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12")
NOW = Time("2026-03-05T10:20:30.456Z")
SEED = "07" * 32
ELSEWHERE = Digest("11" * 32)


def ed25519(number: int) -> Ed25519Signer:
    """An Ed25519 signer of its own for every number up to 255."""
    return Ed25519Signer(bytes([number]) * 32)


def secp256k1(number: int) -> Secp256k1Signer:
    """A secp256k1 signer with a did:key."""
    return Secp256k1Signer(bytes([number]) * 32)


def account(number: int, chain: int = 1) -> Secp256k1Signer:
    """A secp256k1 signer with the did:pkh of its account."""
    return Secp256k1Signer(bytes([number]) * 32, chain=chain)


def party(signer: Signer, role: Role = Role.signer, step: int | None = 1, **members: Any) -> Party:
    """A party with the signer's DID and key."""
    blank = Party(signer.did, signer.key, None, f"Party {str(signer.did)[-4:]}", role, step, None, None)
    return replace(blank, **members)


def document(*parties: Party, revision: int = 1, **members: Any) -> Document:
    """A small document with something in every list; two signers unless others are given."""
    blank = Document(
        contract=CONTRACT,
        revision=revision,
        supersedes=None if revision == 0 else ELSEWHERE,
        title="Maintenance of the lift",
        description="Two floors",
        valid_from=Time("2026-04-01T00:00:00.000Z"),
        valid_until=None,
        parties=parties or (party(ed25519(1)), party(ed25519(2), step=2)),
        terms=("# Scope\n\nThe lift is serviced twice a year.", "The price is 1\N{NO-BREAK SPACE}200 €."),
        attachments=(Attachment("plan.pdf", "application/pdf", 4711, Digest("22" * 32)),),
        variables=(Variable("price", VariableType.money, "1200 EUR"),),
    )
    return replace(blank, **members)


def sealed(*parties: Party, seed: str = SEED, **members: Any) -> SealedDocument:
    """The same, sealed with a fixed seed."""
    return SealedDocument.seal(document(*parties, **members), seed)


DETAILS: Mapping[Action, Mapping[str, Any]] = {
    Action.created: {"log": None, "on_behalf_of": None},
    Action.proposed: {"reply_by": "2026-05-01T00:00:00.000Z", "note": "", "on_behalf_of": None},
    Action.withdrawn: {"reason": ""},
    Action.terminated: {"reason": "Not needed any more.", "effective_on": None},
    Action.moved: {"log": None, "checkpoint": None},
    Action.approved: {},
    Action.signed: {},
    Action.witnessed: {"signature": "33" * 32},
    Action.declined: {"reason": "The price is too high."},
    Action.commented: {"path": "/terms/00001", "text": "Is this net?", "on_behalf_of": None},
}


def statement(signer: Signer, action: Action = Action.signed, **members: Any) -> dict[str, Any]:
    """A well-formed unsigned event of any action."""
    created = action is Action.created
    values: dict[str, Any] = {
        "contract": CONTRACT,
        "sequence": 0 if created else 1,
        "previous": None if created else ELSEWHERE,
        "actor": signer.did,
        "party": 0,
        "occurred_at": NOW,
        "document": sealed(revision=0 if created else 1).ref,
        "seen": Seen.nothing(),
        "details": DETAILS[action],
    }
    return event_statement(action=action, **{**values, **members})


def event(signer: Signer, action: Action = Action.signed, **members: Any) -> dict[str, Any]:
    """The same, signed."""
    return secure(statement(signer, action, **members), signer)


def envelope(signer: Signer, action: Action = Action.signed, **members: Any) -> Envelope:
    """The same, parsed."""
    return Envelope.from_json(event(signer, action, **members))
