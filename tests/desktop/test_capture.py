"""Which windows are left out of screenshots, by which call, and what the page says where none can be."""

import sys

import pytest

from cms_desktop import capture
from cms_desktop.capture import (
    SHARING_NONE,
    SHARING_READ_ONLY,
    WDA_EXCLUDEFROMCAPTURE,
    WDA_MONITOR,
    WDA_NONE,
    Way,
    leave_out,
    sentence,
    way,
)


class System:
    """What a system was asked, and which wishes it takes."""

    def __init__(self, *takes: int) -> None:
        self.takes, self.asked = takes, list[tuple[int, int]]()

    def __call__(self, handle: int, wish: int) -> bool:
        self.asked.append((handle, wish))
        return wish in self.takes


@pytest.mark.parametrize(
    ("system", "platform", "expected"),
    [
        ("win32", "windows", Way.windows),
        ("darwin", "cocoa", Way.macos),
        ("linux", "xcb", Way.none),
        ("linux", "wayland", Way.none),
        ("linux", "offscreen", Way.none),
        ("win32", "offscreen", Way.none),
        ("darwin", "minimal", Way.none),
        ("freebsd14", "xcb", Way.none),
    ],
)
def test_only_a_real_window_of_windows_or_macos_can_be_left_out(
    system: str, platform: str, expected: Way
) -> None:
    assert way(system, platform) is expected


def test_windows_leaves_the_window_out_and_shows_it_again() -> None:
    system = System(WDA_EXCLUDEFROMCAPTURE, WDA_NONE)
    assert leave_out(Way.windows, 7, True, system)
    assert leave_out(Way.windows, 7, False, system)
    assert system.asked == [(7, WDA_EXCLUDEFROMCAPTURE), (7, WDA_NONE)]


def test_an_older_windows_draws_the_window_black_instead() -> None:
    system = System(WDA_MONITOR)
    assert leave_out(Way.windows, 7, True, system)
    assert system.asked == [(7, WDA_EXCLUDEFROMCAPTURE), (7, WDA_MONITOR)]


def test_a_system_that_refuses_is_not_said_to_have_agreed() -> None:
    assert not leave_out(Way.windows, 7, True, System())
    assert not leave_out(Way.macos, 7, True, System())


def test_macos_shares_the_window_with_nobody_then_with_readers_again() -> None:
    system = System(SHARING_NONE, SHARING_READ_ONLY)
    assert leave_out(Way.macos, 7, True, system)
    assert leave_out(Way.macos, 7, False, system)
    assert system.asked == [(7, SHARING_NONE), (7, SHARING_READ_ONLY)]


def test_where_there_is_no_way_nothing_is_asked() -> None:
    system = System(WDA_EXCLUDEFROMCAPTURE, SHARING_NONE)
    assert not leave_out(Way.none, 7, True, system)
    assert system.asked == []


@pytest.mark.skipif(sys.platform == "win32", reason="there the call is real")
def test_the_call_of_windows_is_not_tried_elsewhere() -> None:
    assert not leave_out(Way.windows, 7, True)


@pytest.mark.skipif(sys.platform == "darwin", reason="there the call is real")
def test_the_call_of_macos_is_refused_where_there_is_no_such_window() -> None:
    assert not leave_out(Way.macos, 0, True)


def test_the_page_promises_only_what_was_asked() -> None:
    assert "asks to be left out" in sentence(True)
    assert "cannot" in sentence(False)
    assert capture.sentence(True) != capture.sentence(False)
