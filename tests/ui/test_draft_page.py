"""The draft page in a window: writing, moving, removing, adding people, all by keyboard."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from cms_desktop.session import Session
from cms_desktop.viewmodels.draft import DraftViewModel
from cms_desktop.wallet.model import Wallet
from cms_desktop.workflow.drafts import DraftStore
from tests.support.pages_session import WaitedTasks
from tests.support.pages_window import PageWindow, shown
from tests.support.wallet_home import wallet

ALT = Qt.KeyboardModifier.AltModifier


class Writing:
    """A draft page over a real wallet and a real folder of drafts; no backend is needed to write."""

    def __init__(self, home: Path, made: Wallet) -> None:
        self.tasks = WaitedTasks()
        self.session = Session(home, DraftStore(home / "drafts"), self.tasks)
        self.session.set_wallet(made, made.identities[0])
        self.told: list[tuple[str, object]] = []
        self.session.told.connect(lambda text, _label, action: self.told.append((text, action)))
        self.vm = DraftViewModel(self.session)

    async def done(self) -> None:
        """Leave the page: what was typed is saved, and no timer is left."""
        self.vm.leave()
        await self.tasks.close()

    @property
    def headings(self) -> list[object]:
        return [row["heading"] for row in self.vm.clauses.rows]


@pytest.fixture
async def writing(tmp_path: Path, qapp: object) -> Writing:
    _, made = await asyncio.to_thread(wallet, tmp_path)
    made.add_identity("ed25519", "Idris Calloway", "Calloway Orchard Foods Ltd")
    here = Writing(tmp_path, made)
    here.vm.enter({"new": "blank"})
    await here.tasks.idle()
    return here


def write_two_clauses(page: PageWindow) -> None:
    for text in ("Services. We build it.", "Fees. You pay {{price}}."):
        page.click("draftAddClause")
        page.type(text)
        page.key(Qt.Key.Key_Escape)


async def test_title_and_clauses_are_written_and_show_on_the_paper(writing: Writing) -> None:
    with shown("DraftPage", writing.vm) as page:
        page.find("draftTitle").forceActiveFocus()
        page.type("Services agreement")
        write_two_clauses(page)
        page.settle(200)
        assert writing.vm.title == "Services agreement"
        assert [row["text"] for row in writing.vm.clauses.rows] == [
            "Services. We build it.",
            "Fees. You pay {{price}}.",
        ]
        paper = "".join(str(block["html"]) for block in writing.vm.paper.rows)
        assert "We build it." in paper
        assert "@{pending}" in paper
        assert writing.vm.parts.variables.rows[0]["key"] == "price"
    await writing.done()


async def test_alt_and_arrows_move_a_clause_and_the_focus_goes_along(writing: Writing) -> None:
    with shown("DraftPage", writing.vm) as page:
        write_two_clauses(page)
        assert writing.headings == ["Services. We build it.", "Fees. You pay {{price}}."]
        page.key(Qt.Key.Key_Up, ALT)
        assert writing.headings[0] == "Fees. You pay {{price}}."
        page.key(Qt.Key.Key_Down, ALT)
        assert writing.headings[0] == "Services. We build it."
    await writing.done()


async def test_delete_removes_a_clause_and_undo_brings_it_back(writing: Writing) -> None:
    with shown("DraftPage", writing.vm) as page:
        write_two_clauses(page)
        page.key(Qt.Key.Key_Delete)
        assert len(writing.headings) == 1
        cast("object", writing.told[-1][1])()  # type: ignore[operator]  # the button of the toast
        page.settle()
        assert len(writing.headings) == 2
    await writing.done()


async def test_a_person_is_added_from_a_pasted_did(writing: Writing) -> None:
    wallet_made = writing.session.wallet
    assert wallet_made is not None
    with shown("DraftPage", writing.vm) as page:
        page.click("draftAdd")
        page.settle(150)
        page.find("draftPasted").forceActiveFocus()
        page.type("no did")
        page.key(Qt.Key.Key_Return)
        assert writing.vm.parts.error != ""
        page.find("draftPasted").setProperty("text", str(wallet_made.identities[1].did))
        page.key(Qt.Key.Key_Return)
        assert [row["name"] for row in writing.vm.parts.parties.rows] == [
            "Katrin Ostermann",
            "Idris Calloway",
        ]
    await writing.done()


async def test_a_missing_item_leads_to_the_field_that_fills_it(writing: Writing) -> None:
    with shown("DraftPage", writing.vm) as page:
        assert not page.find("draftProposeButton").isEnabled()
        page.item.metaObject()
        writing.vm.add_clause(-1)
        page.settle()
        assert writing.vm.active == 0
    await writing.done()


@pytest.mark.parametrize("width", [1232, 960])
async def test_the_page_is_drawn_in_both_widths_and_themes(writing: Writing, width: int) -> None:
    writing.vm.add_clause(-1)
    writing.vm.set_clause(0, "**Services.** We build it.")
    pictures: list[QImage] = []
    for dark in (False, True):
        with shown("DraftPage", writing.vm, dark=dark, width=width) as page:
            page.settle(150)
            pictures.append(page.picture())
    assert pictures[0].pixelColor(4, 4) != pictures[1].pixelColor(4, 4)
    await writing.done()
