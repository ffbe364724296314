"""What a backend answers of a contract, held against the signatures and digests in it. Pure: nothing is asked.

An event or KeyEnd counts for what its signature says, a text for the root that signed events name, a receipt for its
operator's signature. What does not hold is left out and named; what was seen before and is missing is put back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cms_backend.core.canonical import encode, parse
from cms_backend.core.checkpoint import parse_vkey
from cms_backend.core.did import key_of_did, signing_key
from cms_backend.core.document import Document
from cms_backend.core.errors import CmsError, SignatureError, UndecidedSignature
from cms_backend.core.events import Action, Envelope
from cms_backend.core.ids import ContractId, Digest
from cms_backend.core.keys import parse_key
from cms_backend.core.lifecycle import Text
from cms_backend.core.signatures import verify_envelope, verify_secured
from cms_backend.core.slots import slot_of
from cms_backend.core.statements import KeyEnd, Receipt, Secured
from cms_desktop.api.memory import Known, Verified
from cms_desktop.api.values import ContractRecord
from cms_desktop.workflow.findings import AnswerFalse, Finding, FindingKind
from cms_desktop.workflow.held_texts import Body, held_texts

_OF_THIS: Final = "The backend gave it as an event of this contract."

_DONE: Final = {
    Action.created: "Record opened",
    Action.proposed: "Proposal",
    Action.withdrawn: "Withdrawal",
    Action.terminated: "Notice of termination",
    Action.moved: "Move to another log",
    Action.approved: "Approval",
    Action.signed: "Signature",
    Action.witnessed: "Witness's signature",
    Action.declined: "Refusal",
    Action.commented: "Comment",
}


@dataclass(frozen=True, slots=True)
class LogName:
    """A log that an event of the contract names, and its operator."""

    vkey: str
    operator: str


@dataclass(slots=True)
class Objects:
    """What held. `fresh` was verified now; `restored` was in no answer, but was verified before."""

    genesis: Digest
    envelopes: tuple[Envelope, ...]
    key_ends: tuple[KeyEnd, ...]
    texts: Mapping[Digest, Text]
    whole: Mapping[Digest, Document]
    documents: tuple[dict[str, Any], ...]
    logs: tuple[LogName, ...]
    receipts: Mapping[Digest, Receipt] = field(default_factory=dict)
    restored: frozenset[Digest] = frozenset()
    fresh: list[Verified] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _signed: dict[Digest, Envelope | KeyEnd] | None = None
    _names: Mapping[str, str] | None = None

    def title(self, digest: Digest) -> str:
        """What to call an event or KeyEnd. There may be as many findings as events."""
        if self._signed is None:
            self._signed = {one.digest: one for one in self.key_ends}
            self._signed |= {one.digest: one for one in self.envelopes}
        about = self._signed.get(digest)
        return f"An event with the digest {digest[:12]}…" if about is None else _title(about, self.names)

    @property
    def names(self) -> Mapping[str, str]:
        """What the texts call people."""
        if self._names is None:
            self._names = names_in(self.whole.values())
        return self._names


@dataclass(frozen=True, slots=True)
class _Note:
    """A finding before the texts are known that name the people in it."""

    kind: FindingKind
    about: Envelope | KeyEnd
    claimed: str
    found: str

    def finding(self, names: Mapping[str, str]) -> Finding:
        """The same in words."""
        return Finding(self.kind, _title(self.about, names), self.claimed, self.found, self.about.digest)


def check_objects(record: ContractRecord, asked: ContractId, known: Known, body: Body) -> Objects:
    """All that can be told without asking further. AnswerFalse when the answer is about another contract."""
    findings: list[Finding] = []
    fresh: list[Verified] = []
    notes: list[_Note] = []
    if record.id != asked:
        raise AnswerFalse(
            f"The answer is about contract {record.id}, and {asked} was asked for. Nothing of it is shown.",
            remedy="Try again. If it happens again, do not rely on this backend.",
        )
    if known.genesis is not None and record.genesis != known.genesis:
        raise AnswerFalse(
            "The answer gives another record under this contract's number than this computer has seen before. "
            "Nothing of it is shown.",
            remedy="Do not rely on this backend. Compare with the file of another party.",
        )
    envelopes = _events(record, known, fresh, notes)
    ends = _key_ends(record, known, fresh, notes)
    envelopes, ends, restored = _put_back(envelopes, ends, known, body, notes)
    if not any(one.action is Action.created and one.statement_digest == record.genesis for one in envelopes):
        raise AnswerFalse(
            "The answer holds no opening event of this contract whose signature holds. Nothing of it is shown.",
            remedy="Do not rely on this backend. Compare with the file of another party.",
        )
    held = held_texts(record, envelopes, known, body, fresh, findings)
    found = Objects(
        record.genesis, envelopes, ends, held.texts, held.whole, tuple(held.raw), log_names(envelopes)
    )
    found.restored, found.fresh = restored, fresh
    found.findings = [*(one.finding(found.names) for one in notes), *findings]
    _check_entries(record, found)
    _check_gaps(record, found)
    found.receipts = _receipts(record, found, known)
    return found


def log_names(envelopes: Iterable[Envelope]) -> tuple[LogName, ...]:
    """The logs that a contract may have been in, in order: what `created` names, then what each `moved` names.

    Which of them are its logs only the replay tells; no log is entered twice.
    """
    naming = [one for one in envelopes if one.action in (Action.created, Action.moved)]
    logs = [one.details["log"] for one in sorted(naming, key=lambda one: (one.sequence, one.digest))]
    named: dict[str, LogName] = {}
    for log in logs:
        if log is not None:
            named.setdefault(log["vkey"], LogName(log["vkey"], log["operator"]))
    return tuple(named.values())


def check_signature(envelope: Envelope) -> None:
    """Raise SignatureError unless the event is signed under its actor's key; UndecidedSignature as in the core.

    The key is that of a did:key or did:pkh itself, of all others the fragment of verificationMethod; that it is the
    pinned one is the replay's matter (KEY-PIN).
    """
    key = signing_key(envelope.actor, envelope.proof.verification_method)
    verify_envelope(envelope, parse_key(key or ""))


def names_in(documents: Iterable[Document]) -> Mapping[str, str]:
    """What the first text that names a DID calls it."""
    names: dict[str, str] = {}
    for party in (party for document in documents for party in document.parties if party.name):
        names.setdefault(party.did, party.name)
    return names


def event_title(envelope: Envelope, names: Mapping[str, str]) -> str:
    """What an event is called: its deed, who did it, and where it stands."""
    did = envelope.actor
    name = names.get(did) or (did if len(did) <= 32 else f"{did[:20]}…{did[-6:]}")
    return f"{_DONE[envelope.action]} by {name} (event {envelope.sequence})"


def _title(about: Envelope | KeyEnd, names: Mapping[str, str]) -> str:
    return event_title(about, names) if isinstance(about, Envelope) else _end_title(about)


def _end_title(ended: KeyEnd) -> str:
    return f"End of the key {ended.key[:12]}…{ended.key[-6:]}"


# -- events and KeyEnds ---------------------------------------------------------------------------------------


def _events(
    record: ContractRecord, known: Known, fresh: list[Verified], notes: list[_Note]
) -> tuple[Envelope, ...]:
    kept: dict[Digest, Envelope] = {}
    for envelope in record.envelopes:
        if envelope.digest in kept:
            continue
        if envelope.contract != record.id:
            found = f"It is an event of contract {envelope.contract}. It is left out."
            notes.append(_Note(FindingKind.contract, envelope, _OF_THIS, found))
            continue
        if envelope.digest not in known.objects:
            try:
                check_signature(envelope)
            except CmsError as error:
                notes.append(_unsigned(envelope, error))
                continue
            body = encode(envelope.json)
            fresh.append(Verified(envelope.digest, "event", envelope.event_digest, body))
        kept[envelope.digest] = envelope
    return tuple(kept.values())


def _unsigned(signed: Envelope | KeyEnd, error: CmsError) -> _Note:
    if isinstance(error, UndecidedSignature):
        claimed = "The backend gave it as signed by an account's contract."
        found = "Only that contract's own ledger can tell, and it was not asked. It does not count here."
        return _Note(FindingKind.unchecked, signed, claimed, found)
    found = f"The signature does not hold. {error.detail} It is left out."
    return _Note(FindingKind.signature, signed, "The backend gave it as signed.", found)


def _key_ends(
    record: ContractRecord, known: Known, fresh: list[Verified], notes: list[_Note]
) -> tuple[KeyEnd, ...]:
    kept: dict[Digest, KeyEnd] = {}
    for ended in record.key_ends:
        if ended.digest in kept:
            continue
        if ended.digest not in known.objects:
            try:
                _check_own(ended)
            except CmsError as error:
                notes.append(_unsigned(ended, error))
                continue
            fresh.append(Verified(ended.digest, "key end", ended.digest, encode(ended.json)))
        kept[ended.digest] = ended
    return tuple(kept.values())


def _check_own(statement: Secured) -> None:
    verify_secured(statement.json, parse_key(key_of_did(statement.actor) or statement.actor))


def _put_back(
    envelopes: tuple[Envelope, ...], ends: tuple[KeyEnd, ...], known: Known, body: Body, notes: list[_Note]
) -> tuple[tuple[Envelope, ...], tuple[KeyEnd, ...], frozenset[Digest]]:
    """What was seen before and is in no form in the answer: several envelopes of one event are one."""
    here = {one.event_digest for one in envelopes} | {one.digest for one in ends}
    kinds = ("event", "key end")
    gone = [one for one in known.objects.values() if one.kind in kinds and one.identity not in here]
    events, ended = list(envelopes), list(ends)
    restored: set[Digest] = set()
    for one in gone:
        kept = body(one.digest)
        if kept is None:
            continue
        restored.add(one.digest)
        seen: Envelope | KeyEnd
        if one.kind == "event":
            seen = Envelope.from_json(parse(kept, limit=len(kept)))
            events.append(seen)
        else:
            seen = KeyEnd.from_json(parse(kept, limit=len(kept)))
            ended.append(seen)
        claimed = "The backend's answer does not have it."
        found = (
            "This computer has seen it before, and its signature holds. It is shown from what was kept here."
        )
        notes.append(_Note(FindingKind.missing, seen, claimed, found))
    return tuple(events), tuple(ended), frozenset(restored)


# -- places, gaps, receipts ------------------------------------------------------------------------------------


def _check_entries(record: ContractRecord, found: Objects) -> None:
    held = {one.digest for one in record.envelopes}
    entries = {one.digest for one in record.entries}
    for digest in sorted(entries - held):
        claimed = "The backend tells where it stands."
        what = "No event of its answer has this digest. What was said of it is left out."
        found.findings.append(
            Finding(FindingKind.digest, f"An event with the digest {digest[:12]}…", claimed, what, digest)
        )
    for digest in sorted({one.digest for one in found.envelopes} - entries - found.restored):
        claimed = "The backend does not tell where it stands, or tells it of another digest."
        what = f"Its digest is {digest[:12]}…. It is shown as not yet logged."
        found.findings.append(Finding(FindingKind.digest, found.title(digest), claimed, what, digest))


def _check_gaps(record: ContractRecord, found: Objects) -> None:
    """An event of somebody who takes part builds on an event that is not there."""
    here = {one.digest for one in (*record.envelopes, *found.envelopes)}
    people = {party.did for text in found.texts.values() for party in text.parties}
    people |= {one.actor for one in found.envelopes if one.action is Action.created}
    missing: dict[Digest, Envelope] = {}
    for envelope in found.envelopes:
        named = (*envelope.after, *(() if envelope.previous is None else (envelope.previous,)))
        if envelope.actor in people:
            missing |= {digest: envelope for digest in named if digest not in here}
    for digest, envelope in missing.items():
        claimed = "The backend's answer does not have it."
        what = f"{event_title(envelope, found.names)} builds on it, so it exists. The record is incomplete."
        found.findings.append(
            Finding(FindingKind.gap, f"An event with the digest {digest[:12]}…", claimed, what, digest)
        )


def _receipts(record: ContractRecord, found: Objects, known: Known) -> dict[Digest, Receipt]:
    """The receipts that hold, by the digest of their event."""
    held: dict[Digest, Receipt] = {}
    by_digest = {one.digest: one for one in found.envelopes}
    for receipt in record.receipts:
        why = None
        if receipt.digest not in known.objects:
            why = receipt_fault(receipt, by_digest.get(receipt.envelope), found.genesis, found.logs)
            if why is None:
                found.fresh.append(Verified(receipt.digest, "receipt", receipt.digest))
        if why is None:
            held[receipt.envelope] = receipt
            continue
        subject = f"Receipt for: {found.title(receipt.envelope)}"
        claimed = "The backend gave it as the receipt of the log's operator."
        found.findings.append(
            Finding(FindingKind.receipt, subject, claimed, f"{why} It is left out.", receipt.envelope)
        )
    return held


def receipt_fault(
    receipt: Receipt, envelope: Envelope | None, genesis: Digest, logs: Iterable[LogName]
) -> str | None:
    """Why this is no receipt for the event by the operator of one of the contract's logs; None when it is one."""
    if envelope is None or envelope.digest != receipt.envelope:
        return "It is for an event that is not here."
    if receipt.slot != slot_of(envelope, genesis):
        return "It promises another place than this event's."
    named = [one for one in logs if one.operator == receipt.actor]
    if not named:
        return "It is not by the operator that the contract names."
    if all(parse_vkey(one.vkey).name != receipt.origin for one in named):
        return "It names another log than the contract's."
    try:
        _check_own(receipt)
    except SignatureError as error:
        return f"Its signature does not hold: {error.detail}"
    return None
