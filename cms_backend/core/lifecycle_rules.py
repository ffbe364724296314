"""The lifecycle table of section 3, and the judgement of one event against it.

`judge` gives the first rule that an event breaks in the state it meets, in this order: KEY-PIN, KEY-END,
LIFE-WHO, LIFE-STATE, DOC-RULES, LIFE-STEP, EVT-AFTER. With a broken rule an event is void for a verifier and
refused by a server; both read the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, cast

from cms_backend.core.did import key_of_did
from cms_backend.core.document import Document, DocumentRef, rule_violations
from cms_backend.core.errors import (
    DocumentError,
    LifecycleError,
    NotAllowed,
    ProposalClosed,
    ProtocolError,
    SlotTaken,
    StaleSpine,
)
from cms_backend.core.events import Action, Envelope, Kind, kind
from cms_backend.core.ids import Did, Digest
from cms_backend.core.lifecycle_machine import Machine, Round, did_of_key
from cms_backend.core.lifecycle_state import DECIDING, Entry, ProposalStatus, Text
from cms_backend.core.parties import Role


@dataclass(frozen=True, slots=True)
class Refusal:
    """The rule that an event breaks: its check, words, and the error that a server answers with."""

    check: str
    reason: str
    error: type[ProtocolError] = LifecycleError
    remedy: str | None = None

    def to_error(self) -> ProtocolError:
        """The error of a server."""
        return self.error(self.reason, remedy=self.remedy)


_Rule = Callable[[Machine, Entry], "Refusal | None"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: who may act, and in which state, on which document."""

    who: _Rule
    when: _Rule


def judge(machine: Machine, entry: Entry) -> Refusal | None:
    """The first rule that the event breaks in this state, or None: it counts."""
    row = TABLE[entry.envelope.action]
    for rule in (_key_pin, _key_end, row.who, row.when, _document_rules, _step, _after):
        refusal = rule(machine, entry)
        if refusal is not None:
            return refusal
    return None


def judge_created(envelope: Envelope) -> Refusal | None:
    """The same for the first event, which meets no state."""
    log, behalf = envelope.details["log"], envelope.details["on_behalf_of"]
    if behalf is not None and (log is None or log["operator"] != envelope.actor):
        return Refusal("LIFE-WHO", "Only the log's operator opens a record on behalf of another.", NotAllowed)
    if envelope.document.revision != 0:
        return Refusal("LIFE-STATE", "A record opens with revision 0.", DocumentError)
    if envelope.after:
        return Refusal("EVT-AFTER", "Nothing comes before the first event.", LifecycleError)
    return None


# --- keys (section 5) -------------------------------------------------------------------------------------


def _key_pin(machine: Machine, entry: Entry) -> Refusal | None:
    envelope = entry.envelope
    text = machine.text_of(envelope.document)
    if text is None or envelope.party == machine.party_in(text, envelope.actor):
        return None
    named = "no party" if envelope.party is None else f"party {envelope.party}"
    return Refusal(
        "KEY-PIN", f"The event speaks as {named}; the document pins another key there.", NotAllowed
    )


def _key_end(machine: Machine, entry: Entry) -> Refusal | None:
    if not machine.ended:
        return None
    envelope = entry.envelope
    key = key_of_did(envelope.actor)
    text = machine.text_of(envelope.document)
    if key is None and text is not None and envelope.party is not None:
        key = text.parties[envelope.party].key
    if key is None or key not in machine.ended:
        return None
    return Refusal(
        "KEY-END",
        "The key had ended before this event was logged.",
        NotAllowed,
        "Sign with the key that succeeded it.",
    )


# --- who --------------------------------------------------------------------------------------------------


def _not_allowed(reason: str) -> Refusal:
    return Refusal("LIFE-WHO", reason, NotAllowed)


def _behalf(machine: Machine, envelope: Envelope) -> Refusal | None:
    """`on_behalf_of` is for the operator, and for the account that owns the contract."""
    behalf = envelope.details.get("on_behalf_of")
    if behalf is None:
        return None
    if envelope.actor == machine.operator and machine.account_owned and behalf == machine.owner:
        return None
    return _not_allowed("Only the operator speaks on behalf of the account that owns the contract.")


def _who_created(machine: Machine, entry: Entry) -> Refusal | None:
    return Refusal(
        "LIFE-STATE", "The record of this contract is open already.", SlotTaken, "Build on what it holds."
    )


def _who_proposes(machine: Machine, entry: Entry) -> Refusal | None:
    envelope = entry.envelope
    wrong = _behalf(machine, envelope)
    if wrong is not None or envelope.details["on_behalf_of"] is not None:
        return wrong
    if machine.is_owner(envelope.actor) or machine.signer_in_force(envelope.actor) is not None:
        return None
    return _not_allowed("Only the owner proposes, and once in force any of its signers.")


def _who_withdraws(machine: Machine, entry: Entry) -> Refusal | None:
    envelope, current = entry.envelope, machine.pending
    if current is None:
        return None  # the state's matter
    for_account = machine.account_owned and current.proposer == machine.owner
    if for_account and envelope.actor == machine.operator == current.envelope.actor:
        return None
    if machine.principal(envelope) == current.proposer:
        return None
    return _not_allowed("Only who proposed it withdraws a proposal.")


def _who_terminates(machine: Machine, entry: Entry) -> Refusal | None:
    if machine.in_force is None or machine.signer_in_force(entry.envelope.actor) is not None:
        return None  # not in force: the state's matter
    return _not_allowed("Only a signer of the revision in force gives notice.")


def _who_moves(machine: Machine, entry: Entry) -> Refusal | None:
    actor = entry.envelope.actor
    if machine.is_owner(actor) or (machine.account_owned and actor == machine.operator):
        return None
    return _not_allowed("Only the owner moves the record.")


_ROLES: Final[Mapping[Action, frozenset[Role]]] = {
    Action.approved: frozenset({Role.approver}),
    Action.signed: frozenset({Role.signer, Role.leaver}),
    Action.witnessed: frozenset({Role.witness}),
    Action.declined: DECIDING,
}


def _who_decides(machine: Machine, entry: Entry) -> Refusal | None:
    envelope = entry.envelope
    text = machine.text_of(envelope.document)
    if text is None:
        return _not_allowed("The document of the proposal is not held, so nobody is known to decide on it.")
    if envelope.party is None or text.parties[envelope.party].role not in _ROLES[envelope.action]:
        return _not_allowed(f"The actor has no role in this revision that could have {envelope.action} it.")
    return None


def _who_comments(machine: Machine, entry: Entry) -> Refusal | None:
    envelope = entry.envelope
    wrong = _behalf(machine, envelope)
    if wrong is not None or envelope.details["on_behalf_of"] is not None or envelope.party is not None:
        return wrong
    if machine.is_owner(envelope.actor):
        return None
    if any(
        machine.party_in(machine.text_of(ref), envelope.actor) is not None for ref in machine.refs.values()
    ):
        return None
    return _not_allowed("Only the owner and parties of a revision comment.")


# --- when -------------------------------------------------------------------------------------------------


def _stale(reason: str) -> Refusal:
    return Refusal("LIFE-STATE", reason, StaleSpine, "Read what changed, and sign again on top of it.")


def _closed(reason: str) -> Refusal:
    return Refusal("LIFE-STATE", reason, ProposalClosed, "Read what became of the proposal.")


def _on_head(machine: Machine, envelope: Envelope) -> Refusal | None:
    head = machine.head
    if envelope.previous is None or machine.statement_of(envelope.previous) != head.statement_digest:
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


def _when_proposed(machine: Machine, entry: Entry) -> Refusal | None:
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


def _when_withdrawn(machine: Machine, entry: Entry) -> Refusal | None:
    stale = _on_head(machine, entry.envelope)
    if stale is not None:
        return stale
    if machine.pending is None:
        return _closed("No proposal is pending.")
    return _on_document(entry.envelope, machine.pending.ref)


def _when_terminated(machine: Machine, entry: Entry) -> Refusal | None:
    stale = _on_head(machine, entry.envelope)
    if stale is not None:
        return stale
    if machine.termination is not None:
        return Refusal("LIFE-STATE", "Notice was given already.")
    if machine.in_force is None:
        return Refusal("LIFE-STATE", "Nothing is in force that could be terminated.")
    return _on_document(entry.envelope, machine.in_force.ref)


def _when_moved(machine: Machine, entry: Entry) -> Refusal | None:
    envelope = entry.envelope
    stale = _on_head(machine, envelope) or _on_document(envelope, machine.highest)
    if stale is not None:
        return stale
    if envelope.details["log"] is None:
        return Refusal("LIFE-STATE", "It names no log to move to.")
    log, index = machine.place
    checkpoint = envelope.details["checkpoint"]
    if entry.log is not None and index >= 0:
        if entry.log <= log:
            return Refusal("LIFE-STATE", "The record was moved, but not to the log that holds this event.")
        if checkpoint is None or (log == entry.log - 1 and index >= checkpoint["size"]):
            return Refusal("LIFE-STATE", "The old log holds an event of the contract after the move.")
    return None


def _when_decided(machine: Machine, entry: Entry) -> Refusal | None:
    envelope = entry.envelope
    statement = None if envelope.previous is None else machine.statement_of(envelope.previous)
    on = next((one for one in machine.rounds if one.envelope.statement_digest == statement), None)
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


def _when_commented(machine: Machine, entry: Entry) -> Refusal | None:
    envelope = entry.envelope
    statement = None if envelope.previous is None else machine.statement_of(envelope.previous)
    on = next((one for one in reversed(machine.spine) if one.statement_digest == statement), None)
    if on is None:
        return _stale("The comment stands on an event that does not count.")
    if envelope.sequence != on.sequence:
        return _stale("The comment's sequence is not that of the event it stands on.")
    return _on_document(envelope, machine.refs[on.statement_digest])


TABLE: Final[Mapping[Action, Row]] = MappingProxyType(
    {
        Action.created: Row(_who_created, _when_proposed),
        Action.proposed: Row(_who_proposes, _when_proposed),
        Action.withdrawn: Row(_who_withdraws, _when_withdrawn),
        Action.terminated: Row(_who_terminates, _when_terminated),
        Action.moved: Row(_who_moves, _when_moved),
        Action.approved: Row(_who_decides, _when_decided),
        Action.signed: Row(_who_decides, _when_decided),
        Action.witnessed: Row(_who_decides, _when_decided),
        Action.declined: Row(_who_decides, _when_decided),
        Action.commented: Row(_who_comments, _when_commented),
    }
)
"""Section 3's table. `created` meets no state; a second one finds the record open."""


# --- documents (section 2) --------------------------------------------------------------------------------


def _document_rules(machine: Machine, entry: Entry) -> Refusal | None:
    envelope = entry.envelope
    if envelope.action is not Action.proposed:
        return None
    text = machine.text_of(envelope.document)
    if text is None:
        return None  # named by EVT-CHAIN: the file lacks it
    found = document_violations(machine, text, envelope.actor)
    return Refusal("DOC-RULES", " ".join(found), DocumentError) if found else None


def document_violations(machine: Machine, text: Text, proposer: Did) -> list[str]:
    """What a proposed text breaks in this state, in words."""
    at = machine.party_in(text, proposer)
    named = proposer if at is None else text.parties[at].did
    # A disclosure shows revision and parties, which is all that the rules of section 2 read.
    found = rule_violations(cast(Document, text), logless_proposer=named if machine.logless else None)
    if text.supersedes != machine.highest.root:
        found.append("It does not name the revision before it.")
    if machine.in_force is not None:
        for party in machine.in_force.parties:
            if party.role is Role.signer and not _stands_in(machine, text, party.did, party.key):
                found.append(f"{party.name or party.did} signed what is in force, and does not stand in it.")
    return found


def _stands_in(machine: Machine, text: Text, did: Did, key: str) -> bool:
    for party in text.parties:
        if party.role not in (Role.signer, Role.leaver):
            continue
        if party.did == did and party.key == key:
            return True
        if party.key != key and machine.stands_for(did_of_key(party.key), did, cast("Digest", key)):  # type: ignore[arg-type]
            return True
    return False


# --- order ------------------------------------------------------------------------------------------------


def _step(machine: Machine, entry: Entry) -> Refusal | None:
    envelope, on = entry.envelope, machine.pending
    if kind(envelope.action) is not Kind.decision or envelope.action is Action.declined:
        return None
    if on is None or envelope.party is None or on.is_ready(envelope.party):
        return None
    return Refusal("LIFE-STEP", "Decisions that must come before it are missing.", NotAllowed)


def _after(machine: Machine, entry: Entry) -> Refusal | None:
    envelope = entry.envelope
    known = [machine.known.get(digest) for digest in envelope.after]
    if envelope.kind is Kind.note or envelope.action is Action.created:
        fits = not known
    elif envelope.kind is Kind.spine:
        last = machine.rounds[-1].envelope.statement_digest if machine.rounds else None
        fits = all(_decides_on(machine, one, last) for one in known)
    else:
        fits = _builds_on(machine, envelope, known)
    if fits:
        return None
    return Refusal(
        "EVT-AFTER", "`after` does not name the decisions that the event builds on.", DocumentError
    )


def _decides_on(machine: Machine, one: Envelope | None, proposal: Digest | None) -> bool:
    if one is None or one.kind is not Kind.decision or one.previous is None or proposal is None:
        return False
    return machine.statement_of(one.previous) == proposal


def _builds_on(machine: Machine, envelope: Envelope, known: list[Envelope | None]) -> bool:
    on = machine.pending
    if on is None or envelope.party is None:
        return False
    if envelope.action is Action.declined:
        return all(_decides_on(machine, one, on.envelope.statement_digest) for one in known)
    wanted = {on.decisions[at].statement_digest for at in on.before(envelope.party) if at in on.decisions}
    named = [one.statement_digest for one in known if one is not None]
    if envelope.action is Action.witnessed and list(envelope.after) != [envelope.details["signature"]]:
        return False
    return len(named) == len(envelope.after) and len(named) == len(wanted) and set(named) == wanted
