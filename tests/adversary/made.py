"""What hostile people write on top of a file: events, texts, logs and statements with signatures that hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cms_backend.core.document import SealedDocument
from cms_backend.core.events import INTENT, Action
from cms_backend.core.hashing import H, digest_of
from cms_backend.core.ids import Digest
from cms_backend.core.references import CONTEXT
from cms_backend.core.signatures import Signer
from cms_backend.core.slots import key_slot, log_slot, note_slot, party_slot, spine_slot

from .cast import MALLORY, h, sign
from .file_parts import File, created, digest, spine
from .logs import CHAIN, CODE, GENESIS_BLOCK, LEDGER, SimLog

Event = dict[str, Any]
DECISIONS = frozenset({"approved", "signed", "witnessed", "declined"})
DETAILS: dict[str, dict[str, Any]] = {
    "created": {"log": None, "on_behalf_of": None},
    "proposed": {"reply_by": None, "note": "", "on_behalf_of": None},
    "withdrawn": {"reason": ""},
    "terminated": {"reason": "", "effective_on": None},
    "approved": {},
    "signed": {},
    "witnessed": {"signature": "ab" * 32},
    "declined": {"reason": ""},
    "commented": {"path": None, "text": "Look here.", "on_behalf_of": None},
}
LATER = "2026-05-20T00:00:00.000Z"


def event(
    file: File,
    action: str,
    signer: Signer,
    on: Event | None,
    *,
    document: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
    party: int | None = None,
    after: Iterable[str] = (),
) -> Event:
    """An event that stands on a spine event, or opens a record."""
    beside = action in DECISIONS or action == "commented"
    sequence = 0 if on is None else on["sequence"] + (0 if beside else 1)
    ref = document or (on or created(file))["document"]
    return sign({
        "@context": [CONTEXT], "type": "ContractEvent", "format": "cms/1", "action": action,
        "intent": INTENT[Action(action)], "contract": file["contract"], "sequence": sequence,
        "previous": None if on is None else digest(on), "after": sorted(after), "actor": str(signer.did),
        "party": party,
        "occurred_at": LATER, "document": dict(ref), "seen": {"checkpoint": None, "block": None},
        "details": dict(DETAILS[action] if details is None else details),
    }, signer)  # fmt: skip


def latest(file: File, action: str = "proposed") -> Event | None:
    """The spine event of that kind with the highest sequence."""
    return next((one for one in reversed(spine(file)) if one["action"] == action), None)


def contents(file: File) -> list[dict[str, Any]]:
    """The whole texts of a file, the highest revision last."""
    return [one["content"] for one in file["documents"] if "content" in one]


def parties(file: File) -> list[dict[str, Any]]:
    """The parties of the highest whole text."""
    held = contents(file)
    return held[-1]["parties"] if held else []


def strangers_text(file: File) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """A next revision that pins keys of Mallory's for everyone, and its reference."""
    held = contents(file)
    if not held:
        return None
    own = str(MALLORY.key)
    pinned = [
        {**one, "next": h(own), "key": own if one["did"].startswith("did:web") else one["key"]}
        for one in held[-1]["parties"]
    ]
    added = {
        "did": str(MALLORY.did), "key": own, "next": None, "name": "Mallory", "role": "signer", "step": 3,
        "capacity": None, "witness_of": None,
    }  # fmt: skip
    keys = {one["key"] for one in pinned if one["key"] != own}
    unique = [one for one in pinned if one["key"] in keys] + [added]
    highest = max(spine(file), key=lambda one: one["document"]["revision"])["document"]
    content = {
        **held[-1], "revision": highest["revision"] + 1, "supersedes": highest["root"], "parties": unique,
        "title": "Mallory's",
    }  # fmt: skip
    text = {"content": content, "seed": str(digest_of(["Mallory's", content]))}
    return text, SealedDocument.from_json(text).ref.to_json()


def key_end(signer: Signer, key: str, successor: str | None) -> Event:
    """A KeyEnd."""
    return sign({
        "@context": [CONTEXT], "type": "KeyEnd", "format": "cms/1", "actor": str(signer.did), "key": key,
        "successor": successor, "reason": "", "occurred_at": LATER,
    }, signer)  # fmt: skip


def receipt(signer: Signer, made: Event, origin: str) -> Event:
    """A Receipt by somebody."""
    return sign({
        "@context": [CONTEXT], "type": "Receipt", "format": "cms/1", "actor": str(signer.did), "envelope": digest(made),
        "slot": "ab" * 32, "origin": origin, "received_at": "2026-05-01T00:00:01.000Z", "log_by": LATER,
    }, signer)  # fmt: skip


def resolution(signer: Signer, did: str, key: str) -> Event:
    """A Resolution by somebody."""
    return sign({
        "@context": [CONTEXT], "type": "Resolution", "format": "cms/1", "actor": str(signer.did), "did": did,
        "key": key, "document_sha256": "ab" * 32, "resolved_at": LATER,
    }, signer)  # fmt: skip


def log_statement(signer: Signer, vkey: str, number: int, log_id: str, successor: str | None) -> Event:
    """A LogStatement by somebody."""
    ledger = {
        "chain": CHAIN,
        "genesis_block": GENESIS_BLOCK,
        "ledger": LEDGER,
        "code": CODE,
        "log_id": log_id,
    }
    return sign({
        "@context": [CONTEXT], "type": "LogStatement", "format": "cms/1", "actor": str(signer.did), "vkey": vkey,
        "number": number, "ledgers": [ledger], "successor": successor, "occurred_at": LATER,
    }, signer)  # fmt: skip


def hostile_log(file: File, name: str, operator: Signer, objects: Iterable[Event]) -> SimLog:
    """A log that takes in whatever its operator likes."""
    log = SimLog(name, operator)  # type: ignore[arg-type]
    statement = log_statement(operator, log.vkey, 0, log.log_id, None)
    log.statements.append(statement)
    log.append(log_slot(0), digest(statement), LATER)
    for made in objects:
        slot = slot_of(file, made)
        if slot is not None and digest(made) not in log.digests:
            log.append(slot, digest(made), LATER)
    return log


def slot_of(file: File, made: Event) -> Digest | None:
    """Where an object goes in a log."""
    genesis = file["genesis"]
    if made["type"] == "KeyEnd":
        return key_slot(made["key"])
    if made["action"] == "commented":
        return note_slot(genesis, made["sequence"], digest(made))
    if made["action"] in DECISIONS:
        return None if made["party"] is None else party_slot(genesis, made["sequence"], made["party"])
    return spine_slot(genesis, made["sequence"])


def hostile_section(
    file: File, log: SimLog, objects: Iterable[Event], *, sequence: int, by: Signer | None = None
) -> Event:
    """The section of such a log, with a HeadStatement that says that this is all."""
    own = [digest(one) for one in objects]
    named = [d for d in own if d in log.digests]
    head = log.head(
        file["contract"], file["genesis"], sequence, named, len(log), LATER, by=by or log.operator  # type: ignore[arg-type]
    )  # fmt: skip
    return log.section(set(own), len(log), head)


__all__ = ["H", "event", "hostile_log", "hostile_section", "key_end", "latest", "log_statement", "parties"]
