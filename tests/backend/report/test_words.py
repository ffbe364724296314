import pytest

from cms_backend.core.ids import Time
from cms_backend.report.words import grouped, moment, several, short, window

MORNING = Time("2026-05-18T10:26:41.123Z")
NOON = Time("2026-05-18T12:00:00.000Z")
NEXT_DAY = Time("2026-05-19T00:00:00.000Z")


def test_a_moment_is_written_with_its_day_and_seconds() -> None:
    assert moment(MORNING) == "18 May 2026, 10:26:41"


@pytest.mark.parametrize(
    ("not_before", "not_after", "beside", "words"),
    [
        (None, None, None, "not proven"),
        (MORNING, None, None, "after 18 May 2026, 10:26:41"),
        (None, NOON, None, "before 18 May 2026, 12:00:00"),
        (MORNING, NOON, None, "18 May 2026, 10:26:41 and 12:00:00"),
        (MORNING, NOON, MORNING, "10:26:41 and 12:00:00"),
        (MORNING, NEXT_DAY, MORNING, "10:26:41 and 19 May 2026, 00:00:00"),
        (MORNING, NOON, NEXT_DAY, "18 May 2026, 10:26:41 and 12:00:00"),
    ],
)
def test_a_window_says_each_day_once(
    not_before: Time | None, not_after: Time | None, beside: Time | None, words: str
) -> None:
    assert window(not_before, not_after, beside) == words


def test_long_words_are_cut_in_the_middle_and_digests_grouped() -> None:
    assert short("did:key:z6MkehRgf7yJ", 8, 4) == "did:key:…gf7y"[:9] + "f7yJ"
    assert short("short") == "short"
    assert grouped("ab" * 8) == "abababab abababab"
    assert several(1, "check") == "1 check"
    assert several(2_000, "check") == "2,000 checks"
