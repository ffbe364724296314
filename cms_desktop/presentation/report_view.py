"""A verification report as the lists of its page. It judges nothing: the verdict's words are the report's."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cms_backend.core.ids import Digest, Time
from cms_backend.core.report_model import Check, CheckState, Report, Source, TimelineRow
from cms_backend.report.letters import one_line
from cms_backend.report.view import event_title, seal_of
from cms_desktop.presentation import dates, words
from cms_desktop.presentation.tracks import Axis, Window, axis, path_steps, track

EVENT_ROLES: Final = (
    "key",
    "number",
    "title",
    "actor",
    "mark",
    "claimedClock",
    "claimedDay",
    "track",
    "chain",
    "tint",
    "spoken",
)
CHECK_ROLES: Final = (
    "key",
    "question",
    "mark",
    "check",
    "expected",
    "found",
    "foundMark",
    "source",
    "remedy",
    "open",
)

MARK: Final = {
    CheckState.passed: "passed",
    CheckState.failed: "failed",
    CheckState.undecided: "undecided",
    CheckState.pending: "pending",
    CheckState.not_checked: "notChecked",
    CheckState.not_applicable: "notApplicable",
}
WORD: Final = {
    "passed": "Passed",
    "failed": "Failed",
    "undecided": "Undecided",
    "pending": "Pending",
    "notChecked": "Not checked",
    "notApplicable": "Not applicable",
}
LONGEST_VERDICT: Final = 80
_ORDER: Final = ("failed", "undecided", "pending", "notChecked", "passed", "notApplicable")


def counts(checks: Sequence[Check]) -> str:
    """`52 checks: 46 passed, 4 pending, 2 not applicable`."""
    found = Counter(MARK[check.state] for check in checks)
    order = ("passed", "failed", "undecided", "pending", "notChecked", "notApplicable")
    parts = [f"{words.grouped(found[mark])} {WORD[mark].lower()}" for mark in order if found[mark]]
    return f"{words.plural(len(checks), 'check')}: {', '.join(parts)}" if parts else "Nothing was checked"


def _split(headline: str) -> tuple[str, str]:
    """A short verdict stands alone; of a long one, what is still open goes into the line below."""
    sentences = headline.split(". ")
    if len(headline) <= LONGEST_VERDICT or len(sentences) < 3:
        return headline, ""
    return f"{'. '.join(sentences[:2])}.", ". ".join(sentences[2:])


def verdict(report: Report, subtitle: str, checked_at: datetime, seconds: float) -> dict[str, object]:
    """The head of the page."""
    seal = seal_of(report)
    head, rest = _split(one_line(report.headline))
    took = f"{seconds:.1f} s" if seconds >= 0.1 else f"{max(1, round(seconds * 1000))} ms"
    return {
        "seal": seal,
        "tone": {"failed": "failed", "undecided": "pending"}.get(seal, "ink"),
        "headline": head,
        "subtitle": f"{rest} {subtitle}".strip(),
        "counts": counts(report.checks),
        "checked": f"Checked on this computer, {dates.stamp(checked_at)}, in {took}",
        "etsi": report.etsi,
    }


SOURCE: Final = {
    Source.computed: ("Computed here", "desktop"),
    Source.file: ("From the file", "file-text"),
    Source.ledger: ("Ledger node", "cube"),
    Source.operator: ("Operator's word", "hard-drives"),
}


def questions(report: Report) -> list[dict[str, object]]:
    """The five."""
    rows: list[dict[str, object]] = []
    for one in report.questions:
        told = [SOURCE[source] for source in one.sources] or [("Not asked", "minus-circle")]
        rows.append(
            {
                "key": one.id,
                "title": one.title,
                "answer": one_line(one.answer),
                "mark": MARK[one.state],
                "word": WORD[MARK[one.state]],
                "source": words.listed([told[0][0], *(name.lower() for name, _ in told[1:])]),
                "icon": told[0][1],
            }
        )
    return rows


def subtitle(report: Report) -> str:
    """`Services agreement, revision 2. In force. Proven as of 18 May 2026, 14:02.`"""
    parts: list[str] = []
    if report.title:
        parts.append(
            one_line(
                report.title if report.revision is None else f"{report.title}, revision {report.revision}"
            )
        )
    if report.state is not None:
        parts.append(words.BADGE[report.state.value][1])
    if report.as_of is not None:
        parts.append(f"As of {dates.stamp(report.as_of)[:-3]}")
    return "".join(f"{part}. " for part in parts).strip()


def _moment(time: Time | None) -> datetime | None:
    return None if time is None else time.datetime


def windows(report: Report) -> list[Window]:
    """One a row."""
    return [
        Window(row.occurred_at.datetime, _moment(row.not_before), _moment(row.not_after))
        for row in report.events
    ]


def scale(report: Report) -> dict[str, object]:
    """The axis: {ticks, unit}."""
    found = axis(windows(report))
    return {"ticks": [{"at": at, "label": label} for at, label in found.ticks], "unit": found.unit}


def event_rows(report: Report) -> list[dict[str, object]]:
    """The timeline."""
    every = windows(report)
    common = axis(every)
    # Whether a claim fits its window is the report's to say: block times are whole seconds, and it allows for that.
    misfits = {
        one.event for one in report.checks if one.id == "TIME-WINDOW" and one.state is CheckState.failed
    }
    bad = next((place for place, row in enumerate(report.events) if row.digest == report.first_bad), None)
    rows: list[dict[str, object]] = []
    for place, (row, window) in enumerate(zip(report.events, every, strict=True)):
        shown = _event_row(place, row, window, common, bad, event_title(row, report.tail))
        shown["track"] = {**_track(row, window, common), "outside": row.digest in misfits}
        rows.append(shown)
    return rows


def _track(row: TimelineRow, window: Window, common: Axis) -> dict[str, object]:
    checked = row.void_reason is not None or row.state not in (CheckState.failed, CheckState.not_checked)
    return track(window, common, checked=checked).to_map()


def _event_row(
    place: int, row: TimelineRow, window: Window, common: Axis, bad: int | None, title: str
) -> dict[str, object]:
    mark = MARK[row.state] if row.void_reason is None else "notApplicable"
    shown = _track(row, window, common)
    chain = "solid" if bad is None or place < bad - 1 else "broken" if place == bad - 1 else "dotted"
    if bad == 0:
        chain = "broken" if place == 0 else "dotted"
    proven = shown["length"] or "not proven"
    return {
        "key": str(row.digest),
        "number": str(place),
        "title": title if row.void_reason is None else f"{title}, void",
        "actor": row.actor_name or words.short_did(row.actor),
        "mark": mark,
        "claimedClock": dates.clock(row.occurred_at, seconds=True),
        "claimedDay": dates.day(row.occurred_at),
        "track": {},
        "chain": chain,
        "tint": {"failed": "failedTint", "pending": "pendingTint"}.get(mark, "selection"),
        "spoken": f"Event {place}, {title}, {row.actor_name}, {WORD[mark]}, claimed "
        f"{dates.stamp(row.occurred_at)}, proven window {proven}",
    }


def brackets(report: Report) -> list[dict[str, object]]:
    """Rows that the same checkpoint first anchored, next to each other."""
    return [
        {
            "first": one.first,
            "last": one.last,
            "title": f"Checkpoint {words.grouped(one.checkpoint)}",
            "text": _block(one.block, one.state),
            "state": _block_mark(one.block, one.state),
        }
        for one in report.brackets
    ]


def _block(block: int | None, state: CheckState) -> str:
    if block is not None and state is CheckState.passed:
        return f"Block {words.grouped(block)}"
    if state is CheckState.pending:
        return "not in a block yet"
    return "another root in the block" if state is CheckState.failed else "not checked"


def _block_mark(block: int | None, state: CheckState) -> str:
    if state is CheckState.passed and block is not None:
        return "passed"
    return "pending" if state is CheckState.pending else "notChecked"


def check_rows(checks: Sequence[Check], opened: str) -> list[dict[str, object]]:
    """Failed first, then what is open, then passed; one at a time is open."""
    order = {mark: place for place, mark in enumerate(_ORDER)}
    rows: list[dict[str, object]] = []
    for place, check in enumerate(sorted(checks, key=lambda one: order[MARK[one.state]])):
        key = f"{check.id}:{place}"
        rows.append(
            {
                "key": key,
                "question": check.question,
                "mark": MARK[check.state],
                "check": check.id,
                "expected": halves(check.expected),
                "found": halves(check.found),
                "foundMark": "failed" if check.state is CheckState.failed else "",
                "source": " · ".join(filter(None, (check.section, SOURCE[check.source][0]))),
                "remedy": check.remedy or "",
                "open": key == opened,
            }
        )
    return rows


def halves(value: str | None) -> str:
    """A digest broken in the same place every time (32 + 32), so that eyes can compare."""
    text = one_line(value or "")
    whole = len(text) == 64 and not text.strip("0123456789abcdef")
    return f"{text[:32]}\n{text[32:]}" if whole else text


def first_open(rows: Sequence[dict[str, object]]) -> str:
    """The check that is open at first: a failed one, else a pending one, else the first."""
    return str(rows[0]["key"]) if rows else ""


def path(report: Report, digest: str) -> dict[str, object]:
    """From a leaf to the root: {leaf, root, steps, ...}; empty when the file holds no proof for it."""
    found = next((one for one in report.paths if one.digest == digest), None)
    row = next((one for one in report.events if one.digest == digest), None)
    if found is None or row is None:
        return {}
    place = next(at for at, one in enumerate(report.events) if one.digest == digest)
    nodes = [(step.computed, step.sibling) for step in found.steps]
    shown = path_steps(nodes)
    bracket = next((one for one in report.brackets if one.first <= place <= one.last), None)
    held = CheckState.not_checked if bracket is None else bracket.state
    reached = found.reached
    count = words.capital(f"{words.number(len(nodes))} hash{'' if len(nodes) == 1 else 'es'}")
    lead = "leads" if len(nodes) == 1 else "lead"
    sentence = f"{count}, computed here, {lead} to the root of the checkpoint."
    if not nodes:
        sentence = "The leaf is the root: this log holds one entry."
    if not reached:
        sentence = "The file's leaf leads to another root."
    return {
        "title": f"Event {place}, leaf {found.index}",
        "leaf": str(found.leaf),
        "leafShort": str(found.leaf)[:8],
        "root": str(found.root),
        "reached": reached,
        "block": _block(row.block, held) if reached else "not checked",
        "blockState": _block_mark(row.block, held) if reached else "notChecked",
        "steps": [one.to_map() for one in shown],
        "sentence": sentence,
    }


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything that the page shows of one report, made in one go and off the window's thread."""

    verdict: dict[str, object]
    questions: list[dict[str, object]]
    brackets: list[dict[str, object]]
    axis: dict[str, object]
    events: list[dict[str, object]]
    checks: Mapping[Digest | None, list[Check]]
    """By event; None for those of the whole file."""
    first: int
    """The row that is selected at first: the first bad event, else the last; -1 for the whole file."""

    def brackets_between(self, first: int, last: int) -> list[dict[str, object]]:
        """Those that touch these rows; they stand in the order of the rows."""
        ends = [int(str(one["last"])) for one in self.brackets]
        found: list[dict[str, object]] = []
        for one in self.brackets[bisect_left(ends, first) :]:
            if int(str(one["first"])) > last:
                break
            found.append(one)
        return found


def build(report: Report, told: str, checked_at: datetime, seconds: float) -> ReportView:
    """The view of a report. `told`: the line below the verdict, else the report's own. Blocking when large."""
    checks: dict[Digest | None, list[Check]] = {}
    for check in report.checks:
        checks.setdefault(check.event, []).append(check)
    bad = next((place for place, row in enumerate(report.events) if row.digest == report.first_bad), None)
    whole_failed = any(check.state is CheckState.failed for check in checks.get(None, ()))
    return ReportView(
        verdict=verdict(report, told or subtitle(report), checked_at, seconds),
        questions=questions(report),
        brackets=brackets(report),
        axis=scale(report),
        events=event_rows(report),
        checks=checks,
        first=bad if bad is not None else -1 if whole_failed else len(report.events) - 1,
    )
