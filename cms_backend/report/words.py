"""The words that reports share: moments, states and digests in groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cms_backend.core.ids import Time

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
STATE_WORDS: Final[Mapping[str, str]] = {
    "passed": "Passed",
    "failed": "Failed",
    "undecided": "Undecided",
    "pending": "Pending",
    "not_checked": "Not checked",
    "not_applicable": "Not applicable",
}


def day(time: Time) -> str:
    """`18 May 2026`."""
    return f"{int(time[8:10])} {MONTHS[int(time[5:7]) - 1]} {time[:4]}"


def clock(time: Time) -> str:
    """`10:26:41`."""
    return time[11:19]


def moment(time: Time) -> str:
    """`18 May 2026, 10:26:41`, in UTC."""
    return f"{day(time)}, {clock(time)}"


def window(not_before: Time | None, not_after: Time | None, beside: Time | None = None) -> str:
    """The proven window in words. A day that stands `beside` already, or at the start, is not said again."""
    said = None if beside is None else day(beside)

    def words(time: Time) -> str:
        return clock(time) if day(time) == said else moment(time)

    if not_before is None:
        return "not proven" if not_after is None else f"before {words(not_after)}"
    start = words(not_before)
    if not_after is None:
        return f"after {start}"
    if day(not_before) == day(not_after):
        return f"{start} and {clock(not_after)}"
    return f"{start} and {words(not_after)}"


def grouped(digest: str) -> str:
    """64 hex digits in groups of eight, so that an eye finds its place again."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def short(text: str, head: int = 10, tail: int = 6) -> str:
    """A long word cut in its middle."""
    return text if len(text) <= head + tail + 1 else f"{text[:head]}…{text[-tail:]}"


def several(number: int, one: str, many: str | None = None) -> str:
    """`1 check`, `2 checks`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
