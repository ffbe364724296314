"""Evidence is of one moment, whatever the log does meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from cms_backend.contract import repository
from cms_backend.contract.evidence import EvidenceBuilder
from cms_backend.core.checkpoint import open_note, parse_tlog_proof, parse_vkey
from cms_backend.core.disclosure import Disclosure, disclose
from cms_backend.core.evidence import Evidence, revision_of
from cms_backend.core.report_model import Verdict
from cms_backend.core.verify import LedgerFacts, Trust, verify_evidence
from tests.support.backend_app import Api, running_api
from tests.support.backend_contracts import Story
from tests.support.verify_world import World


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


async def test_rival_proposals_without_a_log_are_exported_in_the_order_of_a_file(api: Api) -> None:
    """Protocol, section 8: documents by revision, then by J of the entry."""
    world = World(log=False)
    before = tuple(world.envelopes), tuple(world.documents), tuple(world.held)
    for number in range(4):
        world.envelopes, world.documents, world.held = map(list, before)  # type: ignore[assignment]
        world.propose(title=f"Text {number}")
        file = world.evidence()
        if number % 2:
            shown = disclose(world.documents[-1], ["/title"])
            file = replace(file, documents=(*file.documents[:-1], shown))
        await api.post("/contracts/import", file.to_bytes(), 200)
    data = await api.get(f"/contracts/{world.contract}/evidence")
    assert verify_evidence(data, LedgerFacts(), Trust(), world.now).verdict is Verdict.undecided
    held = Evidence.from_bytes(data).documents
    assert [revision_of(document) for document in held] == [0, 1, 1, 1, 1]
    assert sum(isinstance(document, Disclosure) for document in held) == 2


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
