"""Times as a person reads and types them, in the zone of this computer."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale

from cms_backend.core.ids import Time
from cms_desktop.presentation import dates

NOW = datetime(2026, 5, 18, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))


def test_a_time_of_today_is_a_clock_and_one_of_this_week_a_weekday() -> None:
    assert dates.when(NOW - timedelta(minutes=5), NOW) == dates.clock(NOW - timedelta(minutes=5))
    assert dates.when(NOW - timedelta(days=3), NOW) == "Fri"
    assert dates.when(NOW - timedelta(days=30), NOW) == "18 Apr"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (12, "12 s"),
        (348, "5 min 48 s"),
        (360, "6 min"),
        (7800, "2 h 10 min"),
        (86400, "1 day"),
        (3 * 86400, "3 days"),
    ],
)
def test_a_length_of_time_uses_its_two_largest_units(seconds: int, expected: str) -> None:
    assert dates.span(seconds) == expected


def test_a_typed_day_becomes_its_first_and_its_last_moment() -> None:
    start, end = dates.start_of_day("2028-05-31"), dates.end_of_day("31 May 2028")
    assert start is not None
    assert end is not None
    assert end.datetime - start.datetime == timedelta(days=1) - timedelta(milliseconds=1)
    assert dates.typed(start) == dates.typed(end) == "2028-05-31"


def test_an_empty_field_is_no_date_and_nonsense_is_refused_with_an_example() -> None:
    assert dates.end_of_day("  ") is None
    with pytest.raises(ValueError, match="2028-05-31"):
        dates.end_of_day("next spring")


def test_the_greeting_follows_the_local_hour() -> None:
    local = datetime(2026, 5, 18, 9, 0).astimezone()
    assert dates.greeting(local) == "Good morning"
    assert dates.greeting(local.replace(hour=15)) == "Good afternoon"
    assert dates.greeting(local.replace(hour=23)) == "Good evening"


def test_days_left_are_counted_by_the_calendar() -> None:
    assert dates.days_left(Time("2026-05-20T00:30:00.000Z"), NOW) in (1, 2)
    assert dates.days_left(NOW, NOW) == 0
