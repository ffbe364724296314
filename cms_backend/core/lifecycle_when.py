"""When something may be done: the columns "when" and "document" of section 3's table, and the order of
decisions.

Each rule gives None, or the refusal that names the check and the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

from cms_backend.core.document import Document, DocumentRef, rule_violations
from cms_backend.core.errors import (
    DocumentError,
    FormError,
    NotAllowed,
    ProposalClosed,
    SlotTaken,
    StaleSpine,
)
from cms_backend.core.events import Action, Envelope, Kind
from cms_backend.core.ids import Digest
from cms_backend.core.lifecycle_machine import MOST_LOGS, Machine
from cms_backend.core.lifecycle_round import Round
from cms_backend.core.lifecycle_state import Entry, ProposalStatus, Refusal, Signer, Text, signer_of
from cms_backend.core.parties import Party, Role

# --- when -------------------------------------------------------------------------------------------------


def _stale(reason: str) -> Refusal:
    return Refusal("LIFE-STATE", reason, StaleSpine, "Read what changed, and sign again on top of it.")


def _closed(reason: str) -> Refusal:
    return Refusal("LIFE-STATE", reason, ProposalClosed, "Read what became of the proposal.")


def _on_head(machine: Machine, envelope: Envelope) -> Refusal | None:
    head = machine.head
    if envelope.previous is None or machine.statement_of(envelope.previous) != head.event_digest:
        return _stale("The event does not stand on the last event of the contract's chain.")
    if envelope.sequence != head.sequence + 1:
        return _stale(f"The sequence after {head.sequence} is {head.sequence + 1}.")
    return None


def _on_document(envelope: Envelope, wanted: DocumentRef) -> Refusal | None:
    if envelope.document == wanted:
        return None
    return Refusal("LIFE-STATE", "The event names another document than the one it acts on.", DocumentError)


def is_late(current: Round, entry: Entry) -> bool:
    """The event came after the proposal's reply_by, as far as its time is known."""
    reply_by = current.envelope.details["reply_by"]
    return reply_by is not None and entry.time > reply_by


def when_proposed(machine: Machine, entry: Entry) -> Refusal | None:
    """Nothing pending but one's own or a lapsed proposal."""
    envelope, current = entry.envelope, machine.pending
    stale = _on_head(machine, envelope)
    if stale is not None:
        return stale
    if machine.termination is not None:
        return Refusal("LIFE-STATE", "The contract is terminated; nothing new is proposed in it.")
    if (
        current is not None
        and current.proposer != machine.principal(envelope)
        and not is_late(current, entry)
    ):
        return Refusal("LIFE-STATE", "Another proposal is pending.")
    if envelope.document.revision != machine.highest.revision + 1:
        return _stale(f"The next revision is {machine.highest.revision + 1}.")
    return None


def when_withdrawn(machine: Machine, entry: Entry) -> Refusal | None:
    """Pending."""
    stale = _on_head(machine, entry.envelope)
    if stale is not None:
        return stale
    if machine.pending is None:
        return _closed("No proposal is pending.")
    return _on_document(entry.envelope, machine.pending.ref)


def when_terminated(machine: Machine, entry: Entry) -> Refusal | None:
    """In force."""
    stale = _on_head(machine, entry.envelope)
    if stale is not None:
        return stale
    if machine.termination is not None:
        return Refusal("LIFE-STATE", "Notice was given already.")
    if machine.in_force is None:
        return Refusal("LIFE-STATE", "Nothing is in force that could be terminated.")
    return _on_document(entry.envelope, machine.in_force.ref)


def when_moved(machine: Machine, entry: Entry) -> Refusal | None:
    """Any time, to a log that the record has not been in."""
    envelope = entry.envelope
    stale = _on_head(machine, envelope) or _on_document(envelope, machine.highest)
    if stale is not None:
        return stale
    log = envelope.details["log"]
    if log is None:
        return Refusal("LIFE-STATE", "It names no log to move to.")
    if len(machine.logs) >= MOST_LOGS:
        return Refusal("LIFE-STATE", f"The record has been in {MOST_LOGS} logs; it stays in this one.")
    if any(known.vkey == log["vkey"] for known in machine.logs):
        return Refusal("LIFE-STATE", "The record has been in that log before.")
    return None


def when_decided(machine: Machine, entry: Entry) -> Refusal | None:
    """Pending, in time, once for each party."""
    envelope = entry.envelope
    statement = None if envelope.previous is None else machine.statement_of(envelope.previous)
    on = None if statement is None else machine.round_of.get(statement)
    if on is None:
        return _closed("The event decides on a proposal that does not count.")
    if envelope.sequence != on.envelope.sequence or envelope.document != on.ref:
        return Refusal("LIFE-STATE", "Sequence or document are not those of the proposal.", DocumentError)
    if envelope.party in on.decisions:
        return Refusal("LIFE-STATE", "The party has decided on this proposal already.", SlotTaken)
    if on.status is not ProposalStatus.pending:
        return _closed(f"The proposal is no longer open: {_BECAME[on.status]}.")
    if is_late(on, entry):
        return _closed("The decision came after the time to reply.")
    return None


_BECAME: Final = {
    ProposalStatus.in_force: "it is in force",
    ProposalStatus.superseded: "a later revision is in force",
    ProposalStatus.declined: "it was declined",
    ProposalStatus.withdrawn: "it was withdrawn",
    ProposalStatus.replaced: "a newer proposal took its place",
    ProposalStatus.ended: "the contract was terminated",
}


def when_commented(machine: Machine, entry: Entry) -> Refusal | None:
    """Any time, on an event that counts."""
    envelope = entry.envelope
    statement = None if envelope.previous is None else machine.statement_of(envelope.previous)
    on = None if statement is None else machine.standing.get(statement)
    if on is None:
        return _stale("The comment stands on an event that does not count.")
    if envelope.sequence != on.sequence:
        return _stale("The comment's sequence is not that of the event it stands on.")
    return _on_document(envelope, machine.refs[on.event_digest])


def in_present_log(machine: Machine, entry: Entry) -> Refusal | None:
    """A leaf counts only in the log that the record is in, behind the event that opened it there (section 6)."""
    if entry.log is None or entry.index is None or machine.logless:
        return None
    if entry.log < machine.log:
        return Refusal("LIFE-STATE", "The record had left the log that holds this event.")
    if entry.log > machine.log or entry.index <= machine.opened:
        return Refusal("LIFE-STATE", "The record had not yet come to the log that holds this event.")
    return None


# --- documents (section 2) --------------------------------------------------------------------------------


def document_rules(machine: Machine, entry: Entry) -> Refusal | None:
    """The proposed text keeps the rules of section 2 and the amendment rule (DOC-RULES)."""
    envelope = entry.envelope
    if envelope.action is not Action.proposed:
        return None
    text = machine.text_of(envelope.document)
    if text is None:
        return None  # named by EVT-CHAIN: the file lacks it
    who, in_force = signer_of(envelope), machine.in_force
    known = None if in_force is None else in_force.envelope.event_digest
    key = envelope.document.root, who, machine.logless, machine.highest.root, known, len(machine.ended)
    found = machine.judged_texts.get(key)
    if found is None:
        found = machine.judged_texts[key] = document_violations(machine, text, who)
    return Refusal("DOC-RULES", " ".join(found), DocumentError) if found else None


def document_violations(machine: Machine, text: Text, proposer: Signer) -> list[str]:
    """What a proposed text breaks in this state, in words."""
    at = machine.party_in(text, proposer)
    named = proposer.did if at is None else text.parties[at].did
    # A disclosure shows revision and parties, which is all that the rules of section 2 read.
    found = rule_violations(cast(Document, text), logless_proposer=named if machine.logless else None)
    if text.supersedes != machine.highest.root:
        found.append("It does not name the revision before it.")
    # The first one tells enough: a text that many have signed may meet very many that leave them out.
    missing = next(_missing(machine, text), None)
    if missing is not None:
        found.append(f"{missing.name or missing.did} signed what is in force, and does not stand in it.")
    return found


def _missing(machine: Machine, text: Text) -> Iterator[Party]:
    """The signers of what is in force that do not stand in a text as signer or leaver."""
    for party in () if machine.in_force is None else machine.in_force.parties:
        if party.role is Role.signer and not _stands_in(machine, text, party):
            yield party


def _stands_in(machine: Machine, text: Text, signer: Party) -> bool:
    at = text.index.by_key.get(signer.key)
    if at is not None and text.parties[at].did == signer.did and text.parties[at].role in _STAYS:
        return True
    heirs = (text.index.by_key.get(key) for key in machine.successions.heirs(signer.key))
    return any(at is not None and text.parties[at].role in _STAYS for at in heirs)


_STAYS: Final = (Role.signer, Role.leaver)


# --- order ------------------------------------------------------------------------------------------------


def step_reached(machine: Machine, entry: Entry) -> Refusal | None:
    """All decisions that must come before it are there (LIFE-STEP)."""
    envelope, on = entry.envelope, machine.pending
    if envelope.kind is not Kind.decision or envelope.action is Action.declined:
        return None
    if on is None or envelope.party is None or on.is_ready(envelope.party):
        return None
    return Refusal("LIFE-STEP", "Decisions that must come before it are missing.", NotAllowed)


def after_fits(machine: Machine, entry: Entry) -> Refusal | None:
    """`after` names what the event builds on, and nothing else (EVT-AFTER)."""
    envelope = entry.envelope
    known = [machine.known.get(digest) for digest in envelope.after]
    if envelope.kind is Kind.note or envelope.action is Action.created:
        fits = not known
    elif envelope.kind is Kind.spine:
        last = machine.rounds[-1].envelope.event_digest if machine.rounds else None
        fits = _all_decide_on(machine, known, last)
    else:
        fits = _builds_on(machine, envelope, known)
    if fits:
        return None
    return Refusal("EVT-AFTER", "`after` does not name the decisions it builds on.", FormError)


def _all_decide_on(machine: Machine, known: list[Envelope | None], proposal: Digest | None) -> bool:
    """Each is a decision on the proposal, and none is named twice: two envelopes of one event are one."""
    named = {one.event_digest for one in known if one is not None}
    return len(named) == len(known) and all(_decides_on(machine, one, proposal) for one in known)


def _decides_on(machine: Machine, one: Envelope | None, proposal: Digest | None) -> bool:
    if one is None or one.kind is not Kind.decision or one.previous is None or proposal is None:
        return False
    return machine.statement_of(one.previous) == proposal


def _builds_on(machine: Machine, envelope: Envelope, known: list[Envelope | None]) -> bool:
    on = machine.pending
    if on is None or envelope.party is None:
        return False
    if envelope.action is Action.declined:
        return _all_decide_on(machine, known, on.envelope.event_digest)
    if envelope.action is Action.witnessed and list(envelope.after) != [envelope.details["signature"]]:
        return False
    if len(known) != on.count_before(envelope.party):
        return False  # not compared: very many may name nothing where they should name very many
    wanted = {on.decisions[at].event_digest for at in on.before(envelope.party) if at in on.decisions}
    named = [one.event_digest for one in known if one is not None]
    return len(named) == len(envelope.after) and len(named) == len(wanted) and set(named) == wanted
