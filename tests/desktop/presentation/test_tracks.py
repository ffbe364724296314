"""The geometry of the verification timeline."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.presentation.tracks import Window, axis, path_steps, track

BASE = datetime(2026, 5, 11, 10, 0, tzinfo=UTC)


def window(claimed: float, after: float | None, *, before: bool = True) -> Window:
    return Window(
        BASE + timedelta(seconds=claimed),
        BASE if before else None,
        None if after is None else BASE + timedelta(seconds=after),
    )


def test_the_axis_is_the_shortest_that_fits_the_longest_window() -> None:
    scale = axis([window(30, 478), window(10, 184)])
    assert scale.length == 480
    assert [label for _, label in scale.ticks] == ["0", "2", "4", "6", "8"]
    assert scale.unit == "minutes"


def test_one_window_that_is_much_longer_than_all_others_is_cut() -> None:
    windows = [window(1, 100), window(1, 90), window(1, 90_000)]
    scale = axis(windows)
    assert scale.length == 120
    assert track(windows[2], scale).cut
    assert not track(windows[0], scale).cut


def test_a_claim_outside_of_its_window_is_marked() -> None:
    scale = axis([window(0, 100)])
    assert track(window(110, 100), scale).outside
    assert track(window(-5, 100), scale).outside
    assert not track(window(50, 100), scale).outside


def test_an_event_without_an_anchor_has_an_open_window() -> None:
    scale = axis([window(0, 100)])
    shown = track(window(20, None), scale)
    assert (shown.kind, shown.length, shown.bar) == ("open", "open", 1.0)


def test_an_event_that_was_not_checked_shows_no_window() -> None:
    scale = axis([window(0, 100)])
    assert track(window(20, 50), scale, checked=False).kind == "none"
    assert track(Window(BASE, None, None), scale).kind == "none"


def test_a_window_whose_start_is_not_proven_says_so() -> None:
    scale = axis([window(0, 100)])
    assert track(window(0, 60, before=False), scale).length == "start open"


def test_a_long_path_keeps_its_ends_and_counts_what_is_left_out() -> None:
    steps = path_steps([(f"{n:064x}", f"{n:064x}") for n in range(20)])
    assert len(steps) == 8
    assert [step.gap for step in steps] == [0, 0, 0, 0, 12, 0, 0, 0]
    assert steps[-1].x == 1.0
    assert steps[-1].computed == f"{19:064x}"


@given(
    st.lists(st.tuples(st.integers(-100, 10**7), st.integers(0, 10**7) | st.none()), min_size=1, max_size=20)
)
def test_every_mark_lies_on_the_axis(pairs: list[tuple[int, int | None]]) -> None:
    windows = [window(claimed, after) for claimed, after in pairs]
    scale = axis(windows)
    for one in windows:
        shown = track(one, scale)
        assert 0 <= shown.claim <= 1
        assert 0 <= shown.bar <= 1
