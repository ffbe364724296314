"""The report as one screen of plain text: the sentence, the five questions, what is open or wrong.

No colour here: whoever prints it may colour the state words, which stand first in their lines.
"""

from __future__ import annotations

from textwrap import wrap
from typing import Final

from cms_backend.core.report_model import Report
from cms_backend.report.view import View, report_view

WIDTH: Final = 100
_MARGIN: Final = 17
_MOST_EVENTS: Final = 20
_GRAVE: Final = ("failed", "undecided")


def render_text(report: Report) -> str:
    """Lines of at most 100 characters (a single long word may be longer), ended by a newline."""
    view = report_view(report)
    # Indented where it goes on, so that no long title reads as a line of the report.
    lines = wrap(view["headline"], WIDTH, subsequent_indent="  ")
    lines += wrap(f"{view['subject']['title']}. {view['subject']['line']}.", WIDTH, subsequent_indent="  ")
    lines.append("")
    for question in view["questions"]:
        lines += _hanging(question["word"], f"{question['title']} {question['answer']}")
    for item in view["open_items"]:
        lines += _hanging("Open", item)
    for group in view["checks"]:
        if group["state"] in _GRAVE:
            for check in group["checks"]:
                lines += _check(group["word"], check)
    lines += ["", *_events(view["events"]), "", *wrap(f"{view['made']}. {view['etsi']}", WIDTH)]
    return "\n".join(lines) + "\n"


def _hanging(word: str, text: str) -> list[str]:
    rows = wrap(text, WIDTH - _MARGIN, break_long_words=False, break_on_hyphens=False) or [""]
    return [f"{word:<{_MARGIN}}{rows[0]}", *(" " * _MARGIN + row for row in rows[1:])]


def _check(word: str, check: View) -> list[str]:
    lines = _hanging(word, f"{check['id']}: {check['question']}")
    for name in ("event", "expected", "found", "remedy"):
        if check[name]:
            lines += _hanging("", f"{name}: {check[name]}")
    return lines


def _events(events: list[View]) -> list[str]:
    shown = events[-_MOST_EVENTS:]
    left_out = len(events) - len(shown)
    lines = [f"… {left_out:,} earlier events" if left_out else "Events (claimed time, UTC; proven between)"]
    for row in shown:
        note = f", without effect: {row['reason']}" if row["void"] else ""
        text = f"{row['number']:>4}  {row['event']}, {row['actor']}, {row['claimed']}; {row['proven']}{note}"
        lines += wrap(text, WIDTH, subsequent_indent=" " * 6, break_long_words=False)
    return lines
