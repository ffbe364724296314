"""The lifecycle table of section 3, and the judgement of one event against it.

`judge` gives the first rule that an event breaks in the state it meets, in this order: KEY-PIN, KEY-END,
LIFE-WHO, LIFE-STATE, DOC-RULES, LIFE-STEP, EVT-AFTER. With a broken rule an event is void for a verifier and
refused by a server; both read the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cms_backend.core.did import key_of_did
from cms_backend.core.errors import DocumentError, FormError, NotAllowed
from cms_backend.core.events import Action, Envelope
from cms_backend.core.lifecycle_machine import Machine
from cms_backend.core.lifecycle_state import Entry, Refusal, Signer, Text, signer_of
from cms_backend.core.lifecycle_when import (
    after_fits,
    document_rules,
    in_present_log,
    step_reached,
    when_commented,
    when_decided,
    when_moved,
    when_proposed,
    when_terminated,
    when_withdrawn,
)
from cms_backend.core.lifecycle_who import (
    key_end,
    key_pin,
    who_comments,
    who_created,
    who_decides,
    who_moves,
    who_proposes,
    who_terminates,
    who_withdraws,
)

_Rule = Callable[[Machine, Entry], "Refusal | None"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: who may act, and in which state, on which document."""

    who: _Rule
    when: _Rule


def judge(machine: Machine, entry: Entry) -> Refusal | None:
    """The first rule that the event breaks in this state, or None: it counts."""
    if entry.envelope.action is Action.commented:
        return _judge_note(machine, entry)
    return _judge(machine, entry)


def _judge_note(machine: Machine, entry: Entry) -> Refusal | None:
    """Notes change nothing that rules ask for: of two that differ in their text only the second is known."""
    one = entry.envelope
    same = (one.actor, one.party, one.previous, one.sequence, one.document.root, one.document.revision)
    method = one.proof.verification_method
    key = (
        *same,
        method,
        one.document.leaves,
        one.details["on_behalf_of"],
        one.after,
        in_present_log(machine, entry) is None,
    )
    known = machine.judged_notes
    if key not in known:
        known[key] = _judge(machine, entry)
    return known[key]


def _judge(machine: Machine, entry: Entry) -> Refusal | None:
    row = TABLE[entry.envelope.action]
    rules = (key_pin, key_end, row.who, in_present_log, row.when, document_rules, step_reached, after_fits)
    for rule in rules:
        refusal = rule(machine, entry)
        if refusal is not None:
            return refusal
    return None


def judge_created(envelope: Envelope, text: Text | None) -> Refusal | None:
    """The same for the first event, which meets no state. `text`: its document, if it is held."""
    log, behalf = envelope.details["log"], envelope.details["on_behalf_of"]
    who = signer_of(envelope)
    if text is not None and envelope.party != _party_by_key(text, who):
        return Refusal(
            "KEY-PIN", "The event does not speak as the party that its document names.", NotAllowed
        )
    if text is not None and envelope.party is None and key_of_did(who.did) is None:
        reason = "Whose DID does not certify its key opens a record only as a party of its document."
        return Refusal("KEY-PIN", reason, NotAllowed)
    if behalf is not None and (log is None or log["operator"] != envelope.actor):
        return Refusal("LIFE-WHO", "Only the log's operator opens a record on behalf of another.", NotAllowed)
    if envelope.document.revision != 0:
        return Refusal("LIFE-STATE", "A record opens with revision 0.", DocumentError)
    if envelope.after:
        return Refusal("EVT-AFTER", "Nothing comes before the first event.", FormError)
    return None


def _party_by_key(text: Text, who: Signer) -> int | None:
    index = text.party_of(who.did)
    certified = key_of_did(who.did) is not None
    return index if index is not None and (certified or text.parties[index].key == who.key) else None


TABLE: Final[Mapping[Action, Row]] = MappingProxyType(
    {
        Action.created: Row(who_created, when_proposed),
        Action.proposed: Row(who_proposes, when_proposed),
        Action.withdrawn: Row(who_withdraws, when_withdrawn),
        Action.terminated: Row(who_terminates, when_terminated),
        Action.moved: Row(who_moves, when_moved),
        Action.approved: Row(who_decides, when_decided),
        Action.signed: Row(who_decides, when_decided),
        Action.witnessed: Row(who_decides, when_decided),
        Action.declined: Row(who_decides, when_decided),
        Action.commented: Row(who_comments, when_commented),
    }
)
"""Section 3's table. `created` meets no state; a second one finds the record open."""
