"""The two clocks of this side: the moment that events claim, and the seconds of being idle."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from cms_backend.core.ids import Time


def system_time() -> Time:
    """The present moment."""
    return Time.from_datetime(datetime.now(UTC))


def idle_seconds() -> float:
    """Seconds of a clock that goes on while the computer sleeps, where there is one: sleeping is being idle."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)
