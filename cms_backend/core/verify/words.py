"""Moments in the words of a report, always UTC."""

from __future__ import annotations

from typing import Final

from cms_backend.core.ids import Time

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(time: Time) -> str:
    """`3 May 2026`."""
    return f"{int(time[8:10])} {_MONTHS[int(time[5:7]) - 1]} {time[:4]}"


def moment(time: Time) -> str:
    """`3 May 2026, 14:02 UTC`."""
    return f"{day(time)}, {time[11:16]} UTC"
