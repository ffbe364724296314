"""Home, register, contract and sign pages in a window, over a real backend and a real wallet."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage

from cms_desktop.log_keeper import LogKeeper
from cms_desktop.viewmodels.contract import ContractViewModel
from cms_desktop.viewmodels.contracts import ContractsViewModel
from cms_desktop.viewmodels.home import HomeViewModel
from cms_desktop.viewmodels.sign import SignViewModel
from tests.desktop.viewmodels.test_flow import open_contract, propose, sign
from tests.support.pages_installation import Installation, installation
from tests.support.pages_window import PageWindow, shown

HOLD_MS = 1200
pytestmark = pytest.mark.usefixtures("qapp")


async def home_of(here: Installation) -> HomeViewModel:
    vm = HomeViewModel(here.session, LogKeeper(here.home))
    vm.enter({})
    await here.tasks.idle()
    return vm


async def register_of(here: Installation) -> ContractsViewModel:
    vm = here.register()
    vm.enter({})
    await here.tasks.idle()
    return vm


async def test_enter_on_the_first_row_of_home_opens_what_needs_me(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        vm = await home_of(here)
        with shown("HomePage", vm) as page:
            page.key(Qt.Key.Key_Return)
            assert here.went[-1] == ("sign", {"id": contract})


async def test_an_empty_home_says_what_will_be_here_and_offers_a_beginning(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        home, register = await home_of(here), await register_of(here)
        assert home.empty
        assert register.nothingAtAll
        with shown("HomePage", home) as page:
            page.click("homeNew")
            assert here.went[-1] == ("draft", {"new": "blank"})
        with shown("ContractsPage", register) as page:
            page.click("contractsNew")
            assert here.went[-1] == ("draft", {"new": "blank"})


async def test_the_register_is_walked_previewed_and_searched_by_keyboard(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        vm = await register_of(here)
        with shown("ContractsPage", vm) as page:
            page.find("contractsList").forceActiveFocus(Qt.FocusReason.TabFocusReason)
            page.key(Qt.Key.Key_Space)
            page.settle(200)
            await here.tasks.idle()
            assert vm.chosen == 0
            assert vm.preview["label"] == "Review and sign"
            assert vm.previewParties.rowCount() == 2
            page.key(Qt.Key.Key_S)
            assert here.went[-1] == ("sign", {"id": contract})
            page.key(Qt.Key.Key_Return)
            assert here.went[-1] == ("contract", {"id": contract})
            page.key(Qt.Key.Key_Slash)
            page.type("nothing like it")
            page.settle(250)
            await here.tasks.idle()
            page.settle()
            assert vm.contracts.rowCount() == 0
            page.key(Qt.Key.Key_Escape)
            page.settle(250)
            await here.tasks.idle()
            assert vm.contracts.rowCount() == 1


async def test_a_view_is_saved_and_used_by_clicking_and_a_column_left_out(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        await propose(here)
        vm = await register_of(here)
        with shown("ContractsPage", vm) as page:
            views, search = page.find("contractsViews"), page.find("contractsSearch")
            assert views.property("text") == "All contracts"
            page.key(Qt.Key.Key_Slash)
            page.type("services")
            page.click("filter-mine")
            assert (views.property("text"), views.property("hint")) == ("All contracts", "changed")
            page.click(views)
            page.settle(150)
            page.click("menu-save")
            page.settle(150)
            page.key(Qt.Key.Key_Return)
            assert page.find("viewName").property("error") == "Give the view a name."
            page.type("Mine")
            page.key(Qt.Key.Key_Return)
            page.settle(150)
            assert (views.property("text"), views.property("hint")) == ("Mine", "")
            page.click(views)
            page.settle(150)
            page.click("menu--1")
            page.settle(150)
            await here.tasks.idle()
            assert (search.property("text"), vm.filter) == ("", "all")
            views.forceActiveFocus(Qt.FocusReason.TabFocusReason)
            for key in (Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Return):
                page.key(key)
                page.settle(150)
            await here.tasks.idle()
            assert (search.property("text"), vm.filter) == ("services", "mine")
            assert (views.property("text"), views.property("hint")) == ("Mine", "")
            width = page.find("contractsTable").property("titleWidth")
            page.click("contractsColumns")
            page.settle(150)
            page.click("menu-other")
            page.settle(150)
            assert page.find("contractsTable").property("titleWidth") > width
            with pytest.raises(AssertionError, match="no item column-other"):
                page.find("column-other")
            assert page.find("column-ends").isVisible()


async def test_the_hold_button_opens_when_all_was_read_and_signs_when_held(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        await sign(here, contract)
        here.use(1)
        vm = SignViewModel(here.session)
        vm.enter({"id": contract})
        await here.tasks.idle()
        with shown("SignPage", vm, height=500) as page:
            for _ in range(8):
                page.find("signPaper").forceActiveFocus(Qt.FocusReason.TabFocusReason)
                page.key(Qt.Key.Key_PageDown)
                page.settle(120)
            assert vm.ready, vm.checks
            before = len(here.went)
            page.hold("signHold", HOLD_MS // 4)
            await here.tasks.idle()
            assert len(here.went) == before
            page.hold("signHold", HOLD_MS + 400)
            await here.tasks.idle()
            assert here.went[-1] == ("contract", {"id": contract})
        opened = await open_contract(here, contract)
        assert opened.head["badgeText"] == "In force"


async def test_a_decline_asks_with_its_consequence_and_escape_is_safe(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        vm = await open_contract(here, contract)
        with shown("ContractPage", vm) as page:
            page.click("contract-decline")
            page.settle(150)
            assert page.find("askReason").isVisible()
            page.key(Qt.Key.Key_Escape)
            page.settle(150)
            assert vm.head["badge"] == "waitingForYou"
            page.click("contract-decline")
            page.settle(150)
            page.find("askReason").forceActiveFocus()
            page.type("Too dear.")
            page.click("dialogConfirm")
            await here.tasks.idle()
            page.settle()
            assert vm.head["badgeText"] == "Declined"


async def test_a_dialog_that_another_page_asked_for_opens_with_the_page(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        vm = ContractViewModel(here.session)
        vm.enter({"id": contract, "ask": "decline"})
        await here.tasks.idle()
        with shown("ContractPage", vm) as page:
            page.settle(200)
            assert page.find("askReason").isVisible()


async def test_a_comment_is_written_signed_and_shown(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        vm = await open_contract(here, contract)
        with shown("ContractPage", vm) as page:
            page.click("contractComments")
            page.type("Is this net?")
            page.key(Qt.Key.Key_Return)
            await here.tasks.idle()
            page.settle()
            assert [row["text"] for row in vm.comments.rows] == ["Is this net?"]


async def test_every_page_is_drawn_in_both_themes_and_widths(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        signing = SignViewModel(here.session)
        signing.enter({"id": contract})
        pages: dict[str, QObject] = {
            "HomePage": await home_of(here),
            "ContractsPage": await register_of(here),
            "ContractPage": await open_contract(here, contract),
            "SignPage": signing,
        }
        await here.tasks.idle()
        for name, vm in pages.items():
            pictures = [
                draw(name, vm, dark=dark, width=width) for dark in (False, True) for width in (1232, 960)
            ]
            assert pictures[0].pixelColor(4, 4).lightness() > 200, name
            assert pictures[2].pixelColor(4, 4).lightness() < 60, name
        await here.tasks.idle()


def draw(name: str, vm: QObject, *, dark: bool, width: int) -> QImage:
    with shown(name, vm, dark=dark, width=width, height=700) as page:
        return picture(page)


def picture(page: PageWindow) -> QImage:
    page.settle(60)
    return page.picture()
