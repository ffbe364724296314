"""A backend that answers what was not signed: the contract's page shows none of it, and says so."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from cms_backend.core.events import Action
from cms_desktop.viewmodels.sign import SignViewModel
from tests.desktop.viewmodels.test_flow import open_contract, propose, sign
from tests.support.pages_installation import installation
from tests.support.pages_window import shown
from tests.support.tampered_store import change_text, drop_event
from tests.ui.test_contract_pages import home_of

pytestmark = pytest.mark.usefixtures("qapp")


async def test_a_changed_text_and_a_dropped_signature_are_told_in_a_strip_with_details(
    tmp_path: Path,
) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        await sign(here, contract)
        vm = await open_contract(here, contract)
        assert vm.doubt["text"] == ""
        assert vm._view is not None
        signature = next(one for one in vm._view.envelopes if one.action is Action.signed)
        await asyncio.to_thread(drop_event, here.home, signature.digest)
        vm.reload()
        await here.tasks.idle()
        assert vm.doubt["kind"] == "alarm"
        assert "left out a part of this contract" in str(vm.doubt["text"])
        assert any(one.digest == signature.digest for one in vm._view.envelopes)
        with shown("ContractPage", vm) as page:
            strip = page.find("doubtStrip")
            assert strip.isVisible()
            assert str(strip.property("text")) == vm.doubt["text"]
            page.click("doubtStripAction")
            page.settle()
            found = page.find("doubtFound")
            assert "has seen it before" in str(found.property("text"))
        home = await home_of(here)
        assert "does not hold" in home.error


async def test_nothing_is_shown_of_a_text_that_nobody_signed(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        vm = await open_contract(here, contract)
        said = list(vm.paper.rows)
        assert said
        await asyncio.to_thread(
            change_text, here.home, contract, b'"terms":["', b'"terms":["Nothing is owed. '
        )
        vm.reload()
        await here.tasks.idle()
        assert "not true" in str(vm.doubt["text"])
        assert list(vm.paper.rows) == said, "the text that was signed was kept here"
        here.forget()
        vm.reload()
        await here.tasks.idle()
        assert vm.paper.rowCount() == 0
        assert vm.turn["headline"] == "The proposed text is not here"
        page = SignViewModel(here.session)
        page.enter({"id": contract})
        await here.tasks.idle()
        assert any("not true" in str(one["text"]) and not one["ok"] for one in page.checks)
        assert not page.ready
