"""Hostile copies of a contract's file are opened and taken in at a window: its pages go on saying what is proven."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from cms_backend.core.ids import ContractId, Time
from cms_backend.core.verify import LedgerFacts, Trust, verify_evidence
from cms_desktop.api.errors import Refused
from tests.adversary.edits import Foreign, hostile_copies
from tests.desktop.viewmodels.test_flow import open_contract, propose, sign
from tests.support.pages_installation import Installation, installation

pytestmark = pytest.mark.usefixtures("qapp")
NOW = Time("2027-01-01T00:00:00.000Z")
COPIES = 120


async def _said(here: Installation, contract: str) -> tuple[str, list[object], str]:
    """What the page says of a contract: its state, the text on the paper, and whether the backend is doubted."""
    vm = await open_contract(here, contract)
    assert vm._view is not None
    return vm._view.state.status.value, list(vm.paper.rows), str(vm.doubt["text"])


async def test_pages_and_exports_stay_true_whatever_copy_is_taken_in(tmp_path: Path) -> None:
    random = Random("pages")
    async with installation(tmp_path) as here:
        contract = await propose(here)
        await sign(here, contract)
        here.use(1)
        await sign(here, contract)
        vm = await open_contract(here, contract)
        await here.until(lambda: all(one.index is not None for one in vm._view.record.entries), vm.reload)
        before = await _said(here, contract)
        genuine = await here.client.evidence(ContractId(contract))
        people = Foreign({})
        copies = list(hostile_copies(json.loads(genuine), people, random, pairs=COPIES))
        for copy in random.sample(copies, COPIES):
            with suppress(Refused):
                await here.client.import_evidence(copy.bytes)
        assert await _said(here, contract) == before
        report = verify_evidence(
            await here.client.evidence(ContractId(contract)), LedgerFacts(), Trust(), NOW
        )
        assert (report.verdict, report.state) == ("verified", before[0])
