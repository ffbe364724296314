"""Two people at two computers: the file goes over, comes back signed, and goes over again with the log's proofs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from cms_backend.core.ids import ContractId
from cms_desktop.log_keeper import LogKeeper
from cms_desktop.presentation.offering import CONTRACT, PROOFS
from cms_desktop.viewmodels.home import HomeViewModel
from cms_desktop.viewmodels.verify import VerifyViewModel
from tests.desktop.viewmodels.test_flow import open_contract, propose, sign
from tests.support.pages_installation import Installation, installation

pytestmark = pytest.mark.usefixtures("qapp")


@dataclass
class Desk:
    """One computer with its verify page."""

    here: Installation
    page: VerifyViewModel

    async def check(self, file: Path) -> str:
        """Choose a file; what is offered."""
        self.page.open_file(QUrl.fromLocalFile(str(file)))
        await self.here.tasks.idle()
        assert self.page.error == ""
        return str(self.page.offer)

    async def take_in(self) -> str:
        """The button of the offer; the toast."""
        self.page.take_in()
        await self.here.tasks.idle()
        return self.here.told[-1][0]

    async def send(self, contract: str, to: Path) -> Path:
        """Save the file to send."""
        data = await self.here.workspace.export_evidence(ContractId(contract))
        await asyncio.to_thread(to.write_bytes, data)
        return to

    async def logged(self, contract: str, count: int) -> None:
        """Wait until the log here has so many of its events."""
        found: list[int] = []

        async def look() -> None:
            record = await self.here.client.contract(ContractId(contract))
            found[:] = [one.index for one in record.entries if one.index is not None]

        await self.here.until(
            lambda: len(found) >= count, lambda: self.here.session.tasks.start(look(), name="test.look")
        )


def desk(here: Installation) -> Desk:
    return Desk(here, VerifyViewModel(here.session))


async def test_a_file_goes_over_comes_back_signed_and_goes_over_again_with_its_proofs(tmp_path: Path) -> None:
    async with (
        installation(tmp_path / "a", "Katrin Ostermann", "Idris Calloway") as one,
        installation(tmp_path / "b", "Katrin Ostermann", "Idris Calloway") as other,
    ):
        # The wallets are of the same words: Katrin acts at the first computer, Idris at the second.
        other.use(1)
        katrin, idris = desk(one), desk(other)
        contract = await propose(one)
        await sign(one, contract)
        await katrin.logged(contract, 3)
        assert await idris.check(await katrin.send(contract, tmp_path / "1.cmsproof")) == CONTRACT
        assert await idris.take_in() == "3 new events taken in."
        assert idris.page.offer == ""

        await sign(other, contract)
        assert other.told[-1][0].startswith("Signed. Its log is elsewhere: send the file there")
        turn = (await open_contract(other, contract)).turn
        assert (turn["action"], turn["label"]) == ("export", "Save the file to send")
        assert "does not have everything yet" in str(turn["text"])

        assert await katrin.check(await idris.send(contract, tmp_path / "2.cmsproof")) == CONTRACT
        await katrin.take_in()
        await katrin.logged(contract, 4)
        assert await idris.check(await katrin.send(contract, tmp_path / "3.cmsproof")) == PROOFS
        assert await idris.take_in() == "What the log has proven was taken in."
        assert idris.page.offer == ""
        vm = await open_contract(other, contract)
        assert {(row["mark"], row["word"]) for row in vm.steps.rows if row["phase"] == "done"} == {
            ("passed", "Logged")
        }
        assert vm.turn["action"] == "verify"


async def test_a_rotated_key_finds_what_waits_for_the_one_that_it_succeeded(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        old = here.wallet.identities[0]
        end, now = here.wallet.rotate(old.id)
        here.session.set_wallet(here.wallet, now)
        await here.client.key_end(end)
        await desk(here).logged(contract, 2)
        vm = await open_contract(here, contract)
        assert vm.turn["action"] == "sign"
        home = HomeViewModel(here.session, LogKeeper(here.home))
        home.enter({})
        await here.tasks.idle()
        assert home.needsCount == 1
        await sign(here, contract)
        signed = (await here.workspace.open(ContractId(contract))).envelopes[-1]
        assert (signed.action, signed.actor) == ("signed", now.did)
