"""Evidence is of one moment, whatever the log does meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cms_backend.contract import repository
from cms_backend.contract.evidence import EvidenceBuilder
from cms_backend.core.checkpoint import open_note, parse_tlog_proof, parse_vkey
from cms_backend.core.evidence import Evidence
from tests.support.backend_app import Api, running_api
from tests.support.backend_contracts import Story


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with running_api(tmp_path / "home") as api:
        yield api


async def test_a_log_that_grows_while_a_file_is_made_changes_nothing_in_it(api: Api) -> None:
    story = Story(log=api.log).signed_by_both()
    await api.tell(story)
    before = await api.sequenced()
    async with api.backend.database.read() as connection:
        row = await repository.contract_by_id(connection, story.contract)
        assert row is not None
        for _ in range(3):
            await api.tell(Story(log=api.log).signed_by_both())
        assert await api.sequenced() > before
        export = await EvidenceBuilder(api.backend.log).build(connection, row)
    (section,) = Evidence.from_bytes(export.evidence.to_bytes()).logs
    notes = {parse_tlog_proof(text).note for text in section.proofs.values()}
    assert {open_note(note, parse_vkey(section.vkey)).size for note in notes} == {before}
    assert len(section.proofs) == len(story.sent)


async def test_a_frozen_log_says_no_last_word_of_a_contract(api: Api) -> None:
    story = Story(log=api.log).signed_by_both()
    await api.tell(story)
    await api.sequenced()
    path = f"/contracts/{story.contract}/evidence"
    assert Evidence.from_bytes(await api.get(path)).logs[0].head is not None
    await api.backend.log.doubt("backup", "It was put back.")
    frozen = Evidence.from_bytes(await api.get(path)).logs[0]
    assert frozen.head is None
    assert len(frozen.proofs) == len(story.sent)
