"""Steps 5 and 6: keys, order and state. Replays what is proven, and says of each event why it counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cms_backend.core.did import key_of_did
from cms_backend.core.errors import LifecycleError
from cms_backend.core.events import Action, Envelope, Kind
from cms_backend.core.hashing import H
from cms_backend.core.ids import Did, Digest, KeyText, Time
from cms_backend.core.lifecycle_replay import replay
from cms_backend.core.lifecycle_rules import judge_created
from cms_backend.core.lifecycle_state import ContractState, Entry, LoggedKeyEnd, Void
from cms_backend.core.report_model import CheckState, Source, Verdict
from cms_backend.core.statements import KeyEnd
from cms_backend.core.verify.findings import (
    FAILED,
    NOT_APPLICABLE,
    NOT_CHECKED,
    PASSED,
    PENDING,
    UNDECIDED,
    Findings,
)

_OF_EVENT: Final = ("KEY-PIN", "KEY-END", "LIFE-WHO", "LIFE-STATE", "LIFE-STEP", "EVT-AFTER")


def check_order(findings: Findings) -> None:
    """KEY-PIN, KEY-END, KEY-BIND, EVT-CHAIN, EVT-AFTER, LIFE-*, DOC-RULES; fills `state`."""
    findings.state = state = _replay(findings)
    _check_links(findings)
    if state is None:
        return
    void = {one.envelope.digest: one for one in state.void}
    counted = counted_events(state)
    for envelope in findings.evidence.envelopes:
        _check_event(findings, envelope, void.get(envelope.digest), envelope.statement_digest in counted)
    _check_forks(findings, state)
    _check_binding(findings, counted)
    _check_open_ends(findings, state)
    names = ", ".join(one.name or one.did for one in state.awaited)
    findings.harmless(
        "LIFE-COMPLETE",
        None,
        PENDING if state.awaited else PASSED,
        f"Awaited: {names}" if names else "Nobody is awaited.",
    )


def counted_events(state: ContractState) -> set[Digest]:
    """The statement digests of all events that count."""
    counted = {one.statement_digest for one in (*state.spine, *state.notes)}
    for proposal in state.proposals:
        counted |= {one.statement_digest for one in proposal.decisions.values()}
    return counted


def _proven(findings: Findings) -> Iterable[Envelope]:
    contract = findings.evidence.contract
    return (
        one
        for one in findings.evidence.envelopes
        if one.digest not in findings.unsigned and one.contract == contract
    )


def _replay(findings: Findings) -> ContractState | None:
    received = _received(findings)
    entries = []
    for one in _proven(findings):
        place, anchor = findings.places.get(one.digest), findings.first_anchor.get(one.digest)
        entries.append(
            Entry(
                one,
                None if place is None else place.log,
                None if place is None else place.index,
                findings.not_before.get(one.digest),
                None if anchor is None else anchor.time,
                received.get(one.digest),
            )
        )
    ends = [
        LoggedKeyEnd(end, place.log, place.index)
        for end in findings.evidence.key_ends
        if end.digest not in findings.unsigned and (place := findings.places.get(end.digest)) is not None
    ]
    created = findings.created
    logged = created is not None and created.details["log"] is not None
    if logged and created is not None and created.digest not in findings.places:
        return None
    try:
        return replay(
            entries,
            findings.texts,
            now=findings.now,
            key_ends=ends,
            logless=not findings.has_log,
            genesis=findings.evidence.genesis,
            count_held=not findings.has_log,
        )
    except LifecycleError:
        return None


def _received(findings: Findings) -> dict[Digest, Time]:
    """When the operator says that it took an event in; its word counts where no anchor does."""
    return {
        receipt.envelope: receipt.received_at
        for section, view in zip(findings.evidence.logs, findings.logs, strict=True)
        for receipt in section.receipts
        if receipt.actor == view.operator and receipt.digest not in findings.unsigned
    }


# --- links --------------------------------------------------------------------------------------------------


def _check_links(findings: Findings) -> None:
    """A digest that the file lacks is a gap, when an event names it that could count."""
    held = {one.digest for one in findings.evidence.envelopes} | findings.broken
    created = findings.created
    if created is None:
        findings.add(
            "EVT-CHAIN",
            FAILED,
            expected=findings.evidence.genesis,
            found="The event that opens the record is not in the file.",
        )
    elif created.digest not in findings.unsigned:
        refusal = judge_created(created)
        if refusal is not None:
            findings.add("EVT-CHAIN", FAILED, created.digest, found=f"{refusal.check}: {refusal.reason}")
    people = _people(findings)
    for one in findings.evidence.envelopes:
        if one.digest in findings.lean and one.previous in held and not one.after:
            continue
        if one.digest in findings.unsigned or not _could_count(findings, one, people):
            continue
        lacks_text = one.action is Action.proposed and findings.text_of(one.document) is None
        if one.previous is not None and one.previous not in held:
            findings.add(
                "EVT-CHAIN", FAILED, one.digest, expected=one.previous, found="It is not in the file."
            )
        elif lacks_text and not _text_is_broken(findings, one):
            found = f"The text of revision {one.document.revision} is not in the file."
            findings.add("EVT-CHAIN", FAILED, one.digest, expected=one.document.root, found=found)
        else:
            findings.add("EVT-CHAIN", PASSED, one.digest, expected=one.previous, found=one.previous)
        missing = [digest for digest in one.after if digest not in held]
        if missing:
            findings.add("EVT-AFTER", FAILED, one.digest, expected=missing[0], found="It is not in the file.")


def _text_is_broken(findings: Findings, one: Envelope) -> bool:
    return any(
        check.event == one.digest and check.state is FAILED and check.id in ("DOC-ROOT", "DOC-LEAF")
        for check in findings.checks
    )


def _people(findings: Findings) -> set[Did]:
    people = set(findings.operators())
    if findings.created is not None:
        people.add(findings.created.actor)
    for text in findings.texts.values():
        people |= {party.did for party in text.parties}
    for end in findings.evidence.key_ends:
        if end.successor is not None:
            prefix = "did:pkh:" if end.successor.startswith("eip155:") else "did:key:"
            people.add(Did(prefix + end.successor))
    return people


def _could_count(findings: Findings, one: Envelope, people: set[Did]) -> bool:
    created = findings.created
    began_logged = created is None or created.details["log"] is not None
    if findings.has_log and began_logged and one.digest not in findings.places:
        return False
    return one.actor in people


# --- events -------------------------------------------------------------------------------------------------


def _check_event(findings: Findings, one: Envelope, void: Void | None, counts: bool) -> None:
    digest = one.digest
    if void is not None:
        if void.check != "EVT-AFTER" or not _is_gap(findings, one):
            findings.harmless(void.check, digest, FAILED, void.reason)
        return
    if counts and digest in findings.lean:
        return
    if counts:
        for check in _OF_EVENT:
            if check == "LIFE-STEP" and one.kind is not Kind.decision:
                continue
            findings.add(check, PASSED, digest)
        if one.action is Action.proposed:
            findings.add("DOC-RULES", PASSED, digest)
        return
    if digest in findings.unsigned or one.contract != findings.evidence.contract:
        return
    if findings.has_log and digest not in findings.places:
        findings.harmless("LOG-INCLUSION", digest, PENDING, "Not yet logged: it does not count yet.")
    else:
        findings.harmless("LIFE-STATE", digest, UNDECIDED, "Rivals stand open before it.")


def _is_gap(findings: Findings, one: Envelope) -> bool:
    held = {envelope.digest for envelope in findings.evidence.envelopes} | findings.broken
    return any(digest not in held for digest in one.after)


def _check_forks(findings: Findings, state: ContractState) -> None:
    for fork in state.forks:
        names = ", ".join(name_of(findings, did) for did in fork.signers)
        for rival in fork.rivals:
            findings.add(
                "LIFE-FORK",
                UNDECIDED,
                rival.digest,
                expected=fork.previous,
                found=f"Rivals, signed by {names}.",
            )
    if not state.forks:
        findings.add("LIFE-FORK", PASSED)


def name_of(findings: Findings, did: Did) -> str:
    """What the newest text calls a DID, else the DID."""
    for text in sorted(findings.texts.values(), key=lambda one: one.revision, reverse=True):
        index = text.party_of(did)
        if index is not None and text.parties[index].name:
            return text.parties[index].name
    return str(did)


# --- keys ---------------------------------------------------------------------------------------------------


def _check_binding(findings: Findings, counted: set[Digest]) -> None:
    settled: dict[tuple[Did, KeyText | None], tuple[CheckState, Source, str]] = {}
    for one in findings.evidence.envelopes:
        if one.statement_digest not in counted:
            continue
        if key_of_did(one.actor) is not None:
            if one.digest not in findings.lean:
                findings.add("KEY-BIND", PASSED, one.digest)
            continue
        key = findings.pinned_key(one)
        if (one.actor, key) not in settled:
            settled[one.actor, key] = binding(findings, one.actor, key)
        result, source, words = settled[one.actor, key]
        findings.add("KEY-BIND", result, one.digest, expected=key, found=words, source=source)


def binding(findings: Findings, did: Did, key: KeyText | None) -> tuple[CheckState, Source, str]:
    """Whether a key is bound to a DID: by the DID itself, by the verifier's resolution, by the operator's."""
    own = key_of_did(did)
    if own is not None:
        return (PASSED if own == key else FAILED), Source.computed, str(own)
    mine = [one.key for one in findings.facts.resolutions if one.did == did]
    if mine:
        return (PASSED if key in mine else FAILED), Source.computed, f"Resolved here: {', '.join(mine)}"
    operators = findings.operators()
    theirs = [
        one.key
        for one in findings.evidence.resolutions
        if one.did == did and one.actor in operators and one.digest not in findings.unsigned
    ]
    if theirs:
        return (PASSED if key in theirs else FAILED), Source.operator, f"Resolved: {', '.join(theirs)}"
    return NOT_CHECKED, Source.computed, "Nobody has resolved the DID."


def _check_open_ends(findings: Findings, state: ContractState) -> None:
    """KeyEnds outside of the contract's log: open for an incomplete proposal, a note for a complete one."""
    pending = (
        () if state.pending is None or state.pending.document is None else state.pending.document.parties
    )
    for end in findings.evidence.key_ends:
        logged = end.digest in findings.places
        if end.digest in findings.unsigned:
            continue
        if logged:
            reason = state.refused_ends.get(end.digest)
            state_of = PASSED if reason is None else FAILED
            findings.harmless("KEY-END", end.digest, state_of, reason or f"The key ended: {end.key}")
        elif _holds(end, state) and any(party.key == end.key for party in pending):
            findings.add(
                "KEY-END",
                UNDECIDED,
                end.digest,
                found="The key of a party ended, and the contract's log does not hold it.",
                counts_as=Verdict.undecided,
            )
        else:
            findings.harmless("KEY-END", end.digest, NOT_APPLICABLE, "It is not in the contract's log.")


def _holds(end: KeyEnd, state: ContractState) -> bool:
    signer, commitment = key_of_did(end.actor), state.commitments.get(end.key)
    return signer == end.key or (signer is not None and commitment is not None and H(signer) == commitment)
