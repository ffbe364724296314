"""Steps 5 and 6: keys, order and state. Replays what is proven, and says of each event why it counts."""

from __future__ import annotations

from typing import Final

from cms_backend.core.events import Action, Envelope, Kind
from cms_backend.core.ids import Did, Digest
from cms_backend.core.lifecycle import ContractState, Void, signer_of
from cms_backend.core.lifecycle_rules import judge_created
from cms_backend.core.verify.binding import check_binding, check_open_ends
from cms_backend.core.verify.findings import (
    FAILED,
    NOT_APPLICABLE,
    PASSED,
    PENDING,
    UNDECIDED,
    Findings,
)
from cms_backend.core.verify.replaying import counted_events, settled_state
from cms_backend.core.verify.signing import report_accounts
from cms_backend.core.verify.waiting import check_waiting, counting_texts

_BRINGS_TEXT: Final = frozenset({Action.created, Action.proposed})
NO_EFFECT: Final = "Not logged, and it could have no effect."
_OF_EVENT: Final = ("KEY-PIN", "KEY-END", "LIFE-WHO", "LIFE-STATE", "LIFE-STEP", "EVT-AFTER")


def check_order(findings: Findings) -> None:
    """KEY-PIN, KEY-END, EVT-CHAIN, EVT-AFTER, LIFE-*, DOC-RULES; fills `state`, `counted` and `waiting`."""
    findings.state = state = settled_state(findings)
    findings.counted = set() if state is None else counted_events(state)
    check_waiting(findings, state)
    _check_links(findings)
    report_accounts(findings)
    if state is None:
        return
    void = {one.envelope.event_digest: one for one in state.void}
    held = held_digests(findings)
    for envelope in findings.events:
        refused = void.get(envelope.event_digest)
        # `after` that the file lacks a part of is a gap, and named as one.
        if refused is None or refused.check != "EVT-AFTER" or held.issuperset(envelope.after):
            _check_event(findings, envelope, refused, envelope.event_digest in findings.counted)
    _check_forks(findings, state)
    check_binding(findings)
    check_open_ends(findings, state)
    names = ", ".join(one.name or one.did for one in state.awaited)
    findings.harmless(
        "LIFE-COMPLETE",
        None,
        PENDING if state.awaited else PASSED,
        f"Awaited: {names}" if names else "Nobody is awaited.",
    )


# --- links --------------------------------------------------------------------------------------------------


def _check_links(findings: Findings) -> None:
    """A digest that the file lacks is a gap, when an event names it that could count."""
    held = held_digests(findings)
    broken_texts = {
        one.event for one in findings.checks if one.state is FAILED and one.id in ("DOC-ROOT", "DOC-LEAF")
    }
    logged = {one.event_digest for one in findings.events if one.digest in findings.places}
    _check_opening(findings)
    for one in findings.events:
        if one.digest in findings.lean and one.previous in held and not one.after:
            continue
        if one.digest in findings.unsigned or not _could_count(findings, one, logged):
            continue
        lacks_text = one.action in _BRINGS_TEXT and findings.text_of(one.document) is None
        if one.previous is not None and one.previous not in held:
            findings.add(
                "EVT-CHAIN", FAILED, one.digest, expected=one.previous, found="It is not in the file."
            )
        elif lacks_text and one.digest not in broken_texts:
            found = f"The text of revision {one.document.revision} is not in the file."
            findings.add("EVT-CHAIN", FAILED, one.digest, expected=one.document.root, found=found)
        else:
            findings.add("EVT-CHAIN", PASSED, one.digest, expected=one.previous, found=one.previous)
        missing = [digest for digest in one.after if digest not in held]
        if missing:
            findings.add("EVT-AFTER", FAILED, one.digest, expected=missing[0], found="It is not in the file.")


def _check_opening(findings: Findings) -> None:
    """`created` is in the file, and keeps the rules itself. One whose signature fails is SIG-ACTOR's matter."""
    created, genesis = findings.created, findings.evidence.genesis
    if created is None:
        if all(
            one.statement_digest != genesis or one.action is not Action.created for one in findings.events
        ):
            found = "The event that opens the record is not in the file."
            findings.add("EVT-CHAIN", FAILED, expected=genesis, found=found)
        return
    refusal = judge_created(created, findings.text_of(created.document))
    if refusal is not None:
        findings.add("EVT-CHAIN", FAILED, created.digest, found=f"{refusal.check}: {refusal.reason}")


def _could_count(findings: Findings, one: Envelope, logged: set[Digest]) -> bool:
    """It is in the log, which admits no strangers; or without one its signer takes part."""
    created = findings.created
    if one is created:
        return True
    began_logged = created is None or created.details["log"] is not None
    if began_logged and findings.has_log:
        return one.event_digest in logged
    return signer_of(one) in findings.participants


# --- events -------------------------------------------------------------------------------------------------


def _check_event(findings: Findings, one: Envelope, void: Void | None, counts: bool) -> None:
    digest = one.digest
    if void is not None:
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
    elif digest not in findings.unsigned:
        _check_idle(findings, digest)


def _check_idle(findings: Findings, digest: Digest) -> None:
    """Neither counting nor void."""
    if digest in findings.unlogged:
        findings.harmless("LOG-INCLUSION", digest, PENDING, "Not yet logged: it does not count yet.")
    elif findings.has_log:
        findings.harmless("LOG-INCLUSION", digest, NOT_APPLICABLE, NO_EFFECT)
    else:
        findings.harmless("LIFE-STATE", digest, UNDECIDED, "Rivals stand open before it.")


def held_digests(findings: Findings) -> set[Digest]:
    """The events that are in the file, those of broken form among them."""
    return {one.digest for one in findings.events} | findings.broken


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
    """What the newest text of an event that counts calls a DID, else the DID. To be asked once the state is known."""
    names = findings.names
    if names is None:
        names = findings.names = {}
        for text in counting_texts(findings, findings.state):
            names.update((party.did, party.name) for party in text.parties if party.name)
    return names.get(did, str(did))
