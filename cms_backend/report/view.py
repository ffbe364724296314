"""A report as plain words, ready to be laid out: what HTML and PDF share. Judges nothing.

Every text that strangers wrote passes through `letters.one_line` here, so that no layout has to think of it.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from cms_backend.core.lifecycle_state import Status
from cms_backend.core.report_model import (
    Check,
    CheckState,
    OpenItem,
    PartyRow,
    Report,
    Tail,
    TimelineRow,
    Verdict,
)
from cms_backend.report.letters import one_line
from cms_backend.report.words import STATE_WORDS, day, grouped, moment, several, short, window

View = dict[str, Any]

STATE_ORDER: Final = (
    CheckState.failed,
    CheckState.undecided,
    CheckState.pending,
    CheckState.not_checked,
    CheckState.passed,
    CheckState.not_applicable,
)
_SEALS: Final = {
    Verdict.verified: "verified",
    Verdict.not_recognised: "undecided",
    Verdict.undecided: "undecided",
}
_ROLES: Final = {
    "signer": "Signer",
    "approver": "Approver",
    "witness": "Witness",
    "viewer": "Viewer",
    "leaver": "Leaves the contract",
}
_OPEN_WORDS: Final = {
    OpenItem.in_force: "The contract is not in force.",
    OpenItem.anchor: "Not every event is anchored on a ledger with a proven time.",
    OpenItem.tail: "Whether something came later is not known.",
    OpenItem.not_logged: "Something that could change this is not proven to be in the log.",
}
_STATUS_WORDS: Final = {Status.notice_given: "in force, notice given", Status.lapsed: "the proposal lapsed"}
_BOUND_WORDS: Final = {
    CheckState.passed: "The key is theirs",
    CheckState.failed: "The key is not the one that this DID names",
}
MANY_CHECKS: Final = 200
LIMITS_TITLE: Final = "What this does not prove"


def seal_of(report: Report) -> str:
    """`verified`, `pending` (verified, but an anchor is awaited), `undecided` or `failed`."""
    seal = _SEALS.get(report.verdict, "failed")
    if seal == "verified" and any(check.state is CheckState.pending for check in report.checks):
        return "pending"
    return seal


def event_title(row: TimelineRow, tail: Tail) -> str:
    """What an event is called in a list. `tail` is the report's: in a record with a log, one without a leaf says so."""
    unlogged = row.index is None and tail is not Tail.not_applicable
    return f"{row.title}, not logged" if unlogged else row.title


def report_view(report: Report) -> View:
    """All words of a report."""
    return {
        "seal": seal_of(report),
        "headline": one_line(report.headline),
        "etsi": report.etsi,
        "verdict": report.verdict.value,
        "subject": _subject(report),
        "made": f"Made on {moment(report.checked_at)} UTC, from {count_words(report)}",
        "open_items": [*_open_items(report), *map(one_line, report.forks)],
        "parties": [_party(party) for party in report.parties],
        "questions": [
            {
                "id": question.id,
                "title": question.title,
                "answer": one_line(question.answer),
                "state": question.state.value,
                "word": STATE_WORDS[question.state.value],
                "sources": ", ".join(source.value for source in question.sources),
            }
            for question in report.questions
        ],
        "events": [_event(number, row, report) for number, row in enumerate(report.events)],
        "hidden": list(report.hidden),
        "checks": _checks(report.checks),
        "facts": _facts(report),
        "limits": {"title": LIMITS_TITLE, "text": one_line(report.limits)},
    }


def count_words(report: Report) -> str:
    """`52 checks: 50 passed, 2 not applicable`."""
    counts = Counter(check.state for check in report.checks)
    parts = [
        f"{counts[state]:,} {STATE_WORDS[state.value].lower()}" for state in STATE_ORDER if counts[state]
    ]
    return several(len(report.checks), "check") + (f": {', '.join(parts)}" if parts else "")


def _open_items(report: Report) -> list[str]:
    return [_OPEN_WORDS[item] for item in report.open_items if item is not OpenItem.awaited] + [
        f"Still awaited: {one_line(party.name) or party.did}." for party in report.parties if party.awaited
    ]


def _subject(report: Report) -> View:
    parts = [f"Revision {report.revision}"] if report.revision is not None else []
    if report.state is not None:
        parts.append(_STATUS_WORDS.get(report.state, report.state.value.replace("_", " ")))
    parts.append(f"as of {moment(report.as_of)} UTC" if report.as_of is not None else "no proven time")
    return {
        "contract": report.contract or "",
        "title": one_line(report.title) or "Contract without a shown title",
        "line": ", ".join(parts),
    }


def _party(party: PartyRow) -> View:
    role = _ROLES.get(party.role, party.role)
    if party.capacity:
        role = f"{role}, {one_line(party.capacity)}"
    if party.decision is not None and party.decided_at is not None:
        decision = f"{party.decision.capitalize()} on {day(party.decided_at)}"
    else:
        decision = "Still awaited" if party.awaited else ""
    return {
        "name": one_line(party.name) or short(party.did, 16),
        "role": role,
        "did": party.did,
        "decision": decision,
        "bound": party.bound.value,
        "bound_word": _BOUND_WORDS.get(party.bound, "The key is not shown to be theirs"),
    }


def _event(number: int, row: TimelineRow, report: Report) -> View:
    actor = one_line(row.actor_name) or short(row.actor, 16)
    if row.on_behalf_of is not None:
        actor = f"{actor}, operator's word for {short(row.on_behalf_of, 16)}"
    return {
        "number": str(number),
        "event": one_line(event_title(row, report.tail)),
        "actor": actor,
        "claimed": moment(row.occurred_at),
        "proven": window(row.not_before, row.not_after, row.occurred_at),
        "digest": row.digest,
        "state": row.state.value,
        "word": STATE_WORDS[row.state.value],
        "bad": row.digest == report.first_bad,
        "void": row.void_reason is not None,
        "reason": one_line(row.void_reason or ""),
    }


def _checks(checks: tuple[Check, ...]) -> list[View]:
    """Groups in the order of their gravity. Passed checks are told by rule when they are many."""
    groups = []
    for state in STATE_ORDER:
        members = [check for check in checks if check.state is state]
        if members:
            quiet = state in (CheckState.passed, CheckState.not_applicable) and len(members) > MANY_CHECKS
            shown = _by_rule(members) if quiet else [_check(check) for check in members]
            groups.append({"state": state.value, "word": STATE_WORDS[state.value], "checks": shown})
    return groups


def _by_rule(checks: list[Check]) -> list[View]:
    """One line a rule, with the number of times it was checked."""
    counts = Counter(check.id for check in checks)
    first = {check.id: check for check in reversed(checks)}
    return [
        {
            **_check(first[rule]),
            "event": "",
            "expected": "",
            "found": f"checked {several(counts[rule], 'time')}",
        }
        for rule in counts
    ]


def _check(check: Check) -> View:
    return {
        "id": check.id,
        "question": one_line(check.question),
        "event": check.event or "",
        "expected": one_line(check.expected or ""),
        "found": one_line(check.found or ""),
        "source": check.source.value,
        "section": check.section,
        "remedy": one_line(check.remedy or ""),
    }


def _facts(report: Report) -> list[View]:
    """Numbers to compare with another copy."""
    facts = [
        {"label": "Root of the text", "value": grouped(check.found)}
        for check in report.checks
        if check.id == "DOC-ROOT"
        and check.state is CheckState.passed
        and check.found
        and len(check.found) == 64
    ][-1:]
    if report.events:
        facts.append({"label": "Last envelope", "value": grouped(report.events[-1].digest)})
    facts += [
        {"label": f"Checkpoint {log.size:,}, root", "value": grouped(log.root)}
        for log in report.logs
        if log.size is not None and log.root is not None
    ]
    blocks = [
        (row.chain, row.block) for row in report.events if row.chain is not None and row.block is not None
    ]
    if blocks:
        chain, block = max(blocks, key=lambda place: place[1])
        facts.append({"label": "Ledger", "value": f"{chain}, block {block:,}"})
    return facts
