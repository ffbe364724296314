"""Step 5: whether keys were those of their DIDs, and KeyEnds that the contract's log does not hold."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import Final

from cms_backend.core.did import key_of_did
from cms_backend.core.ids import Did, KeyText
from cms_backend.core.lifecycle import ContractState, Text, signer_of
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
    Resolved,
)
from cms_backend.core.verify.waiting import is_rightful, pinned_keys

_MOST_KEYS: Final = 10


def check_binding(findings: Findings) -> None:
    """KEY-BIND of each event that counts: was the key that signed it the key of its DID?"""
    settled: dict[tuple[Did, KeyText | None], tuple[CheckState, Source, str]] = {}
    for one in findings.events:
        if one.event_digest not in findings.counted:
            continue
        if key_of_did(one.actor) is not None:
            if one.digest not in findings.lean:
                findings.add("KEY-BIND", PASSED, one.digest)
            continue
        key = signer_of(one).key
        if (one.actor, key) not in settled:
            settled[one.actor, key] = binding(findings, one.actor, key)
        result, source, words = settled[one.actor, key]
        findings.add("KEY-BIND", result, one.digest, expected=key, found=words, source=source)


def binding(findings: Findings, did: Did, key: KeyText | None) -> tuple[CheckState, Source, str]:
    """Whether a key is bound to a DID: by the DID itself, by the verifier's resolution, by the operator's."""
    own = key_of_did(did)
    if own is not None:
        return (PASSED if own == key else FAILED), Source.computed, str(own)
    resolved = findings.resolved
    if resolved is None:
        resolved = findings.resolved = _resolved(findings)
    mine, theirs = resolved
    if did in mine:
        words = f"Resolved here: {_few(mine[did])}"
        return (PASSED if key in mine[did] else FAILED), Source.computed, words
    if did in theirs:
        return (PASSED if key in theirs[did] else FAILED), Source.operator, f"Resolved: {_few(theirs[did])}"
    return NOT_CHECKED, Source.computed, "Nobody has resolved the DID."


def _resolved(findings: Findings) -> Resolved:
    """The keys of DIDs as the verifier has resolved them, and as the operators say."""
    mine: dict[Did, dict[KeyText, None]] = {}
    theirs: dict[Did, dict[KeyText, None]] = {}
    for own in findings.facts.resolutions:
        mine.setdefault(own.did, {})[own.key] = None
    operators = findings.operators()
    for one in findings.evidence.resolutions:
        if one.actor in operators and one.digest not in findings.unsigned:
            theirs.setdefault(one.did, {})[one.key] = None
    return mine, theirs


def _few(keys: Collection[KeyText]) -> str:
    """The first keys; there may be very many, and the words stand with every event."""
    more = f" and {len(keys) - _MOST_KEYS:,} more" if len(keys) > _MOST_KEYS else ""
    return ", ".join(islice(keys, _MOST_KEYS)) + more


def check_open_ends(findings: Findings, state: ContractState) -> None:
    """KEY-END of each KeyEnd: it has its effect by its leaf, waits for one, or concerns nobody here."""
    pinned = pinned_keys(findings, state) if findings.undecided_ends else set()
    pending = None if state.pending is None else state.pending.document
    for end in findings.evidence.key_ends:
        if end.digest in findings.unsigned:
            _check_undecided(findings, end, pinned)
        elif end.digest in findings.waiting or (not findings.has_log and is_rightful(end, state)):
            _check_waiting(findings, pending, end)
        elif end.digest in findings.places:
            reason = state.refused_ends.get(end.digest)
            result = PASSED if reason is None else FAILED
            findings.harmless("KEY-END", end.digest, result, reason or f"The key ended: {end.key}")
        else:
            findings.harmless("KEY-END", end.digest, NOT_APPLICABLE, "It is not in the contract's log.")


def _check_waiting(findings: Findings, pending: Text | None, end: KeyEnd) -> None:
    """A key that may have ended is an open item where there is a log; undecided while its party is asked to decide."""
    words = "The key of a party ended, and the contract's log does not hold it."
    if pending is not None and end.key in pending.index.by_key:
        findings.add("KEY-END", UNDECIDED, end.digest, found=words, counts_as=Verdict.undecided)
    elif findings.has_log:
        findings.harmless("KEY-END", end.digest, PENDING, words)
    else:
        findings.harmless("KEY-END", end.digest, NOT_APPLICABLE, "Without a log it changes nothing agreed.")


def _check_undecided(findings: Findings, end: KeyEnd, pinned: Collection[KeyText]) -> None:
    if end.digest not in findings.undecided_ends:
        return  # its signature fails: SIG-ACTOR
    if key_of_did(end.actor) == end.key and end.key in pinned:
        words = "Only the account's contract can tell whether the key of a party ended."
        findings.add("KEY-END", UNDECIDED, end.digest, found=words, counts_as=Verdict.undecided)
