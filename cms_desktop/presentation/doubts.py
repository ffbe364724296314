"""What is said of a backend whose answers do not hold: the strip of the contract page, and its details."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cms_backend.report.letters import one_line
from cms_desktop.presentation import words
from cms_desktop.workflow.findings import AnswerFalse, Finding, FindingKind, any_false
from cms_desktop.workflow.view import ContractView

ROLES: Final = ("subject", "claimed", "found", "mark")

_LEFT_OUT: Final = (
    "What is shown here leaves that out: it is only what the signatures and the log prove. "
    "Sign nothing on this backend's word, and compare with the file of another party."
)
_INCOMPLETE: Final = (
    "What is missing is shown from what this computer has kept, as far as it has seen it. "
    "Sign nothing on this backend's word, and compare with the file of another party."
)
_LATE: Final = (
    "The operator of the log has not kept its promise. Its receipt is your evidence: save the contract's file, which "
    "holds it, and send it to the other parties."
)
_UNCHECKED: Final = "It does not count here until it is. Verify the contract, with a node of that ledger."


def strip(view: ContractView | None) -> dict[str, object]:
    """{kind, text} of the strip; the text is empty when every answer held."""
    findings = () if view is None else view.findings
    if not findings:
        return {"kind": "outage", "text": ""}
    false = [one for one in findings if one.false]
    if not false:
        return {"kind": "outage", "text": " ".join(filter(None, (_unchecked(findings), _forgot(findings))))}
    return {"kind": "alarm", "text": f"{_headline(false)} {_meaning(false)}"}


def _unchecked(findings: Sequence[Finding]) -> str:
    open_ones = [one for one in findings if one.kind is FindingKind.unchecked]
    if not open_ones:
        return ""
    are, of = ("is", "an account's contract") if len(open_ones) == 1 else ("are", "accounts' contracts")
    what = words.plural(len(open_ones), "signature")
    return f"{what} could not be checked: {_named(open_ones)} {are} made by {of}. {_UNCHECKED}"


def _forgot(findings: Sequence[Finding]) -> str:
    found = next((one.found for one in findings if one.kind is FindingKind.memory), "")
    return one_line(found and f"{found} So nobody can tell here whether the backend has left something out.")


def refused(error: AnswerFalse) -> dict[str, object]:
    """The strip when nothing of the answer can be shown."""
    return {"kind": "alarm", "text": " ".join(filter(None, (error.detail, error.remedy)))}


def _headline(false: Sequence[Finding]) -> str:
    kinds = {one.kind for one in false}
    if kinds == {FindingKind.not_logged}:
        return f"Accepted, but not logged in time: {_named(false)}."
    if kinds <= {FindingKind.missing, FindingKind.gap}:
        return f"The backend has left out a part of this contract: {_named(false)}."
    count = "One thing that" if len(false) == 1 else f"{words.capital(words.number(len(false)))} things that"
    be = "is" if len(false) == 1 else "are"
    return f"{count} the backend says of this contract {be} not true: {_named(false)}."


def _named(findings: Sequence[Finding]) -> str:
    subjects = list(dict.fromkeys(one_line(one.subject) for one in findings))
    more = len(subjects) - 2
    return words.listed(subjects[:2] if more <= 0 else [*subjects[:2], f"{words.number(more)} more"])


def _meaning(false: Sequence[Finding]) -> str:
    kinds = {one.kind for one in false}
    if kinds == {FindingKind.not_logged}:
        return _LATE
    return _INCOMPLETE if kinds <= {FindingKind.missing, FindingKind.gap} else _LEFT_OUT


def rows(view: ContractView | None) -> list[dict[str, object]]:
    """Every finding: what it is about, what the backend said, what was found instead."""
    return [
        {
            "subject": one_line(one.subject),
            "claimed": one_line(one.claimed),
            "found": one_line(one.found),
            "mark": "failed" if one.false else "notChecked",
        }
        for one in (() if view is None else view.findings)
    ]


def line(view: ContractView) -> str:
    """One sentence for pages that show a contract among others; empty when every answer held."""
    if not any_false(view.findings):
        return ""
    title = one_line(view.row.title) or "A contract without a title"
    return f"{title}: the backend's answer does not hold. Open it to see what was found."


def order_check(view: ContractView) -> list[dict[str, object]]:
    """What stands among the checks before a signature when an answer did not hold."""
    if not any_false(view.findings):
        return []
    return [
        {
            "ok": False,
            "text": "Some of what the backend says of this contract is not true; see its page first",
        }
    ]
