"""Events that no proof shows in a log: which of them could change the state if they are there after all (section 9).

A file that lacks an inclusion proof does not show that the log lacks the event: somebody may have taken the proof
out. So what could count waits, and is named. What never could, because its signer takes no part or its slot is
filled, is not a lever against anybody.
"""

from __future__ import annotations

from collections.abc import Collection

from cms_backend.core.did import key_of_did
from cms_backend.core.events import Kind
from cms_backend.core.hashing import H
from cms_backend.core.ids import Did, Digest, KeyText
from cms_backend.core.lifecycle import ContractState, Signer, Text, signer_of
from cms_backend.core.lifecycle_machine import did_of_key
from cms_backend.core.slots import slot_of
from cms_backend.core.statements import KeyEnd
from cms_backend.core.verify.findings import Findings


def check_waiting(findings: Findings, state: ContractState | None) -> None:
    """Fill `participants`, `waiting` and `unlogged`."""
    findings.participants = participants(findings, state)
    if not findings.has_log:
        return
    logged = {one.event_digest for one in findings.events if one.digest in findings.places}
    known, filled = set(logged), _filled(findings, state)
    void = set() if state is None else {one.envelope.event_digest for one in state.void}
    for event in findings.events:
        statement = event.event_digest
        if event.digest in findings.unsigned or statement in known or statement in findings.counted:
            continue
        known.add(statement)
        if statement in void or signer_of(event) not in findings.participants:
            continue
        if event.kind is Kind.note:
            findings.unlogged.add(event.digest)
        elif (slot := slot_of(event, findings.evidence.genesis)) is not None and slot not in filled:
            findings.waiting.add(event.digest)
    pinned = pinned_keys(findings, state)
    findings.waiting |= {
        end.digest for end in findings.evidence.key_ends if _end_waits(findings, state, end, pinned)
    }
    findings.unlogged |= findings.waiting


def _filled(findings: Findings, state: ContractState | None) -> set[Digest | None]:
    """Slots in which nothing else can be: of events that count, and of all leaves in the present log, if the file
    has its section."""
    genesis = findings.evidence.genesis
    last = len(state.logs) - 1 if state is not None else len(findings.logs) - 1
    here = {digest for digest, place in findings.places.items() if place.log == last}
    return {
        slot_of(event, genesis)
        for event in findings.events
        if event.kind is not Kind.note and (event.event_digest in findings.counted or event.digest in here)
    }


def counting_texts(findings: Findings, state: ContractState | None) -> list[Text]:
    """The held documents of spine events that count, by revision. What others name, names nobody."""
    if state is None:
        created = findings.created
        text = None if created is None else findings.text_of(created.document)
        return [] if text is None else [text]
    roots = {one.document.root for one in state.spine}
    return sorted(
        (text for root, text in findings.texts.items() if root in roots), key=lambda text: text.revision
    )


def participants(findings: Findings, state: ContractState | None) -> set[Signer]:
    """Who could do something: owner, operators, the parties that events that count name, and their successors."""
    found = {_certified(did, None) for did in findings.operators()}
    if findings.created is not None:
        found.add(signer_of(findings.created))
    for text in counting_texts(findings, state):
        found |= {_certified(party.did, party.key) for party in text.parties}
    if state is not None:
        found.add(_certified(state.owner, state.pins.get(state.owner)))
        own = {who.key for who in found if who.key is not None}
        heirs = _with_successors(own, state)
        if not findings.began_logged and not findings.logs:
            heirs = _with_claimed(findings, heirs, state)
        found |= {Signer(did_of_key(key), key) for key in heirs - own}
    return found


def _with_claimed(findings: Findings, keys: set[KeyText], state: ContractState) -> set[KeyText]:
    """These keys and those that the file's KeyEnds name for them. Without a log none counts; but the record may have
    come into one, and the way there may have been taken out of the file."""
    named: dict[KeyText, set[KeyText]] = {}
    for end in findings.evidence.key_ends:
        if end.successor is not None and end.digest not in findings.unsigned and is_rightful(end, state):
            named.setdefault(end.key, set()).add(end.successor)
    found, fresh = set(keys), set(keys)
    while fresh:
        fresh = {heir for key in fresh for heir in named.get(key, ())} - found
        found |= fresh
    return found


def _with_successors(keys: set[KeyText], state: ContractState) -> set[KeyText]:
    """These keys and those that succeeded them by KeyEnds that count. In a log there are KeyEnds of others too."""
    return {*keys, *(heir for key in keys for heir in state.successions.heirs(key))}


def _certified(did: Did, key: KeyText | None) -> Signer:
    return Signer(did, key_of_did(did) or key)


def pinned_keys(findings: Findings, state: ContractState | None) -> set[KeyText]:
    """The keys that documents of events that count pin, and those that succeeded them."""
    keys = {party.key for text in counting_texts(findings, state) for party in text.parties}
    if state is not None:
        own = key_of_did(state.owner) or state.pins.get(state.owner)
        keys = _with_successors(keys if own is None else {*keys, own}, state)
    return keys


def is_rightful(end: KeyEnd, state: ContractState | None) -> bool:
    """The KeyEnd is signed by the key itself, or by the successor it has committed to, and names no other one."""
    signer = key_of_did(end.actor)
    commitment = None if state is None else state.commitments.get(end.key)
    if commitment is None:
        return signer == end.key
    if end.successor is not None and H(end.successor) != commitment:
        return False
    return signer == end.key or (signer is not None and H(signer) == commitment)


def _end_waits(
    findings: Findings, state: ContractState | None, end: KeyEnd, pinned: Collection[KeyText]
) -> bool:
    if end.digest in findings.unsigned or (state is not None and end.key in state.ended):
        return False
    if end.digest in findings.places or not is_rightful(end, state):
        return False
    return end.key in pinned
