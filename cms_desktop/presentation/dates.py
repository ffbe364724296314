"""Times as a person reads them: in the local time zone and the locale's month names."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from PySide6.QtCore import QDate, QLocale

from cms_backend.core.ids import Time

MINUTE, HOUR, DAY = 60, 3600, 86400


def local(time: Time | datetime) -> datetime:
    """A protocol time, or an aware datetime, in the time zone of this computer."""
    moment = time.datetime if isinstance(time, Time) else time
    return moment.astimezone()


def _day(value: date, pattern: str) -> str:
    return QLocale().toString(QDate(value.year, value.month, value.day), pattern)


def day(time: Time | datetime | None, absent: str = "") -> str:
    """`31 May 2028`."""
    return absent if time is None else _day(local(time).date(), "d MMM yyyy")


def long_day(moment: datetime) -> str:
    """`Monday, 18 May 2026`."""
    return _day(moment.date(), "dddd, d MMMM yyyy")


def short_day(time: Time | datetime, now: datetime) -> str:
    """`31 May`, with the year when it is another one than now."""
    moment = local(time)
    return _day(moment.date(), "d MMM" if moment.year == local(now).year else "d MMM yyyy")


def clock(time: Time | datetime, *, seconds: bool = False) -> str:
    """`14:02`, or `14:02:11`."""
    return local(time).strftime("%H:%M:%S" if seconds else "%H:%M")


def day_and_clock(time: Time | datetime, now: datetime) -> str:
    """`11 May, 10:58`."""
    return f"{short_day(time, now)}, {clock(time)}"


def stamp(time: Time | datetime) -> str:
    """`18 May 2026, 14:02:11`."""
    return f"{day(time)}, {clock(time, seconds=True)}"


def when(time: Time | datetime, now: datetime) -> str:
    """Short for lists: today `10:02`, this week `Fri`, else `15 May`."""
    moment = local(time)
    age = (local(now).date() - moment.date()).days
    if age == 0:
        return clock(moment)
    if 0 < age < 6:
        return _day(moment.date(), "ddd")
    return short_day(moment, now)


def changed(time: Time | datetime, now: datetime) -> str:
    """For the register: today `10:02`, else `15 May`."""
    moment = local(time)
    return clock(moment) if moment.date() == local(now).date() else short_day(moment, now)


def span(seconds: float) -> str:
    """A length of time: `5 min 48 s`, `2 h 10 min`, `3 days`."""
    whole = max(0, round(seconds))
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        minutes, rest = divmod(whole, MINUTE)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    if whole < DAY:
        hours, rest = divmod(whole // MINUTE, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days = round(whole / DAY)
    return "1 day" if days == 1 else f"{days} days"


def days_left(time: Time | datetime, now: datetime) -> int:
    """Whole days from now to `time`; negative when it has passed."""
    return (local(time).date() - local(now).date()).days


def greeting(moment: datetime) -> str:
    """By the local hour."""
    hour = local(moment).hour
    if 5 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"


def end_of_day(text: str) -> Time | None:
    """`2028-05-31` (also `31.05.2028`, `31 May 2028`) as that local day's last millisecond; None if empty.

    Raises ValueError for anything else.
    """
    found = _typed_day(text)
    length = timedelta(days=1) - timedelta(milliseconds=1)
    return None if found is None else Time.from_datetime(found + length)


def start_of_day(text: str) -> Time | None:
    """As `end_of_day`, the first moment of that local day."""
    found = _typed_day(text)
    return None if found is None else Time.from_datetime(found)


def _typed_day(text: str) -> datetime | None:
    typed = text.strip()
    if not typed:
        return None
    for pattern in ("yyyy-MM-dd", "d MMM yyyy", "d MMMM yyyy", "d.M.yyyy"):
        found = QLocale().toDate(typed, pattern)
        if found.isValid():
            return datetime(found.year(), found.month(), found.day()).astimezone()
    raise ValueError(f"{typed!r} is no date. Write it like 2028-05-31.")


def typed(time: Time | None) -> str:
    """A time as the day that a person types: `2028-05-31`, or empty."""
    return "" if time is None else local(time).strftime("%Y-%m-%d")
