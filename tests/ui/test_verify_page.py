"""The verify page in a window: drop, read, choose, tamper, by pointer and by keyboard."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtQuick import QQuickItem

from cms_desktop.viewmodels.verify import VerifyViewModel
from tests.desktop.viewmodels.test_verify import Page
from tests.support.pages_session import KnownWorkspace, pending_world, signed_world
from tests.support.pages_window import shown


@pytest.fixture
async def verified(tmp_path: Path, qapp: object) -> VerifyViewModel:
    page = Page(tmp_path, KnownWorkspace(signed_world()))
    vm = await page.own()
    vm.keep = page
    return vm


def text(item: QQuickItem) -> str:
    return str(item.property("text"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1232, 960])
async def test_the_page_shows_the_verdict_in_both_themes_and_widths(
    verified: VerifyViewModel, dark: bool, width: int
) -> None:
    with shown("VerifyPage", verified, dark=dark, width=width) as page:
        assert text(page.find("verdictHeadline")).startswith("Verified.")
        assert page.find("verifyTimeline").height() > 200
        picture = page.picture()
        assert (picture.width(), picture.height()) == (width, 900)
        assert (picture.pixelColor(4, 4).lightness() < 60) is dark


async def test_arrows_walk_along_the_timeline(verified: VerifyViewModel) -> None:
    with shown("VerifyPage", verified) as page:
        page.find("verifyTimeline").forceActiveFocus(Qt.FocusReason.TabFocusReason)
        page.key(Qt.Key.Key_Home)
        assert verified.selected == 0
        page.key(Qt.Key.Key_Down)
        page.key(Qt.Key.Key_Down)
        assert verified.selected == 2
        page.key(Qt.Key.Key_End)
        assert verified.selected == 4


async def test_the_lab_opens_and_says_what_it_is_for(verified: VerifyViewModel) -> None:
    with shown("VerifyPage", verified) as page:
        page.click("verifyLab")
        assert verified.lab
        assert page.find("verifyTamperLab").isVisible()
        page.click("verifyLab")
        assert not page.find("verifyTamperLab").isVisible()


async def test_checks_of_the_whole_file_are_one_click_away(verified: VerifyViewModel) -> None:
    with shown("VerifyPage", verified) as page:
        page.click("checksWhole")
        assert verified.selected == -1
        assert verified.details["title"] == "The whole file"
        assert verified.checks.rowCount() > 0


async def test_check_another_gives_the_place_to_drop_a_file(verified: VerifyViewModel) -> None:
    with shown("VerifyPage", verified) as page:
        page.click("verifyAnother")
        assert page.find("verifyDrop").isVisible()
        assert page.find("verifyChoose").isVisible()


async def test_what_is_not_proven_is_in_sight_without_a_click(verified: VerifyViewModel) -> None:
    with shown("VerifyPage", verified) as page:
        assert page.find("verifyLimits").isVisible()
        assert "qualified" in text(page.find("verifyLimits"))


async def test_an_open_anchor_is_shown_as_pending(tmp_path: Path, qapp: object) -> None:
    known = Page(tmp_path, KnownWorkspace(pending_world(), head=False, tail=False))
    vm = await known.own()
    with shown("VerifyPage", vm) as page:
        page.settle()
        assert vm.verdict["seal"] == "pending"
