"""Proposing on a real backend: one record a draft, checkpoints that the log signed, no outdated amendment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cms_backend.core.document import Attachment, SealedDocument
from cms_backend.core.errors import LoginError
from cms_backend.core.events import Action
from cms_backend.core.hashing import H
from cms_backend.core.ids import ContractId
from cms_backend.core.signatures import Ed25519Signer
from cms_desktop.api.auth import log_in
from cms_desktop.api.client import Client
from cms_desktop.api.errors import BackendSilent
from cms_desktop.api.values import Accepted
from cms_desktop.workflow.draft_text import read_draft_text, write_draft_text
from cms_desktop.workflow.drafts import Draft, DraftParty, DraftStore, StaleDraft
from cms_desktop.workflow.workspace import Workspace
from tests.support.backend_process import BackendProcess

ANNA, BORIS = Ed25519Signer(b"\x01" * 32), Ed25519Signer(b"\x02" * 32)
PATIENCE = 20.0


class Losing(Client):
    """A client whose connection breaks after the backend has taken an event, so that its answer is lost."""

    lose = ""

    async def create(self, envelope: Mapping[str, Any], document: SealedDocument) -> Accepted:
        accepted = await super().create(envelope, document)
        return self._answer("create", accepted)

    async def append(
        self, contract: ContractId, envelope: Mapping[str, Any], document: SealedDocument | None = None
    ) -> Accepted:
        if self.lose == "before append":
            self.lose = ""
            raise BackendSilent("The backend does not answer.")
        return await super().append(contract, envelope, document)

    def _answer(self, what: str, accepted: Accepted) -> Accepted:
        if self.lose == what:
            self.lose = ""
            raise BackendSilent("The backend does not answer.")
        return accepted


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with BackendProcess(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture
async def client(process: BackendProcess) -> AsyncIterator[Losing]:
    made = Losing(process.url.removesuffix("/api/v1"), launch_secret=process.run["launch_secret"])
    yield made
    await made.aclose()


@pytest.fixture
def space(client: Losing, tmp_path: Path) -> Workspace:
    return Workspace(client, DraftStore(tmp_path))


def draft(title: str) -> Draft:
    parties = (DraftParty(did=ANNA.did, name="Anna", step=1), DraftParty(did=BORIS.did, name="Boris", step=2))
    return replace(Draft.new(title), parties=parties, clauses=("## Scope\n\nOne lift.",))


async def records(space: Workspace, title: str) -> int:
    return sum(row.title == title for row in (await space.list()).items)


async def logged(client: Client, size: int) -> None:
    """Wait for the log to have signed a checkpoint of that size: acceptance does not."""
    async with asyncio.timeout(PATIENCE):
        while (await client.status()).log_size < size:
            await asyncio.sleep(0.02)


async def test_what_is_signed_names_a_checkpoint_that_the_log_has_signed(
    client: Losing, space: Workspace
) -> None:
    outcome = await space.propose(draft("Seen"), ANNA)
    await logged(client, 2)
    view = await space.open(outcome.contract)
    signed = await space.decide(view, Action.signed, ANNA)
    seen = signed.view.envelopes[-1].seen.checkpoint
    assert seen is not None
    assert seen.origin == (await client.log_info())["origin"]
    assert seen.size >= 2


async def test_a_checkpoint_by_another_key_is_not_named(
    client: Losing, space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = await space.propose(draft("Forged"), ANNA)
    await logged(client, 1)
    real = await client.checkpoint()
    assert (await space.open(outcome.contract)).seen.checkpoint is not None

    async def forged() -> str:
        head, _, signature = real.rpartition(" ")
        return f"{head} {signature[:-6]}AAA=\n"

    monkeypatch.setattr(client, "checkpoint", forged)
    assert (await space.open(outcome.contract)).seen.checkpoint is None


@pytest.mark.parametrize("lost", ["create", "before append"])
async def test_trying_again_after_a_lost_answer_opens_no_second_record(
    client: Losing, space: Workspace, lost: str
) -> None:
    mine = draft(f"Again after {lost}")
    client.lose = lost
    with pytest.raises(BackendSilent):
        await space.propose(mine, ANNA)
    outcome = await space.propose(mine, ANNA)
    assert outcome.contract == mine.record
    assert outcome.view.state.pending is not None
    assert await records(space, mine.title) == 1


async def test_an_amendment_of_an_outdated_revision_is_not_proposed(space: Workspace) -> None:
    outcome = await space.propose(draft("Outdated"), ANNA)
    late = space.amend(outcome.view)
    first = space.amend(outcome.view)
    await space.propose(replace(first, clauses=("## Scope\n\nTwo lifts.",)), ANNA)
    with pytest.raises(StaleDraft, match="Revision 2"):
        await space.propose(late, ANNA)
    assert (await space.open(outcome.contract)).state.highest.revision == 2


async def test_an_amendment_edited_as_text_keeps_its_base_and_its_attachments(space: Workspace) -> None:
    plan = Attachment("plan.pdf", "application/pdf", 3, H(b"abc"))
    outcome = await space.propose(replace(draft("Text"), attachments=(plan,)), ANNA)
    kept = space.amend(outcome.view)
    again = read_draft_text(write_draft_text(kept))
    assert (again.base_root, again.attachments, again.record) == (kept.base_root, (plan,), kept.record)


async def test_a_did_logs_in_after_its_text_was_read(process: BackendProcess, client: Losing) -> None:
    token, expires = await log_in(client, BORIS)
    assert expires > "2026"
    own = Client(process.url.removesuffix("/api/v1"), launch_secret=process.run["launch_secret"], token=token)
    try:
        assert (await own.status()).log_origin == (await client.log_info())["origin"]
    finally:
        await own.aclose()


async def test_a_login_to_somewhere_else_is_not_signed(client: Losing) -> None:
    with pytest.raises(LoginError, match="not to"):
        await log_in(client, BORIS, domain="bank.example")
