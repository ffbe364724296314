"""What is said of the log: whether it has kept to what it signed before, and to what the ledger holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cms_desktop.presentation import words

if TYPE_CHECKING:
    from cms_desktop.log_keeper import LogFinding

_MARKS = {"first": "passed", "same": "passed", "grown": "passed", "not checked": "notChecked"}
_WORDS = {"first": "First seen", "same": "One history", "grown": "One history", "not checked": "Not checked"}


def strip(found: LogFinding | None) -> str:
    """The sentence of the red strip; empty when there is no alarm and the log may grow."""
    if found is None:
        return ""
    if not found.look.alarm:
        return frozen(found)
    return (
        f"{found.look.words} Rely on nothing that it says from now on, and compare files with the other parties. "
        "What you have signed and hold as a file stays as it is."
    )


def frozen(found: LogFinding) -> str:
    """That the log is frozen, why, and what to do; empty when it may grow."""
    if not found.frozen:
        return ""
    remedy = found.remedy.replace("cms log resume", "close this window and run cms log resume")
    return f"The log is frozen: it accepts nothing new, everything else goes on. {found.frozen} {remedy}".rstrip()


def alarm_row(found: LogFinding | None) -> dict[str, object]:
    """{state, text} for the home page."""
    if found is None:
        return {"state": "notChecked", "text": "The log was not looked at yet."}
    if found.look.alarm:
        return {"state": "failed", "text": found.look.words}
    if found.frozen:
        return {"state": "failed", "text": f"The log is frozen. {found.frozen}"}
    none = "None known." if found.look.state == "not checked" else "None."
    return {"state": mark(found), "text": f"{none} {found.look.words}{_earlier(found)}"}


def mark(found: LogFinding) -> str:
    """The state of a check mark."""
    return _MARKS.get(found.look.state, "failed")


def word(found: LogFinding) -> str:
    """The word beside the mark."""
    return _WORDS.get(found.look.state, "Alarm")


def second(found: LogFinding) -> str:
    """What stands under the title on the activity page: the finding, and where its proof is kept."""
    kept = f" Both parts are kept in {found.look.kept}." if found.look.kept is not None else ""
    return f"{found.look.words}{kept}{'' if found.look.alarm else _earlier(found)}"


def _earlier(found: LogFinding) -> str:
    if not found.kept:
        return ""
    return (
        f" {words.plural(len(found.kept), 'earlier alarm', 'earlier alarms')} kept in {found.kept[0].parent}."
    )
