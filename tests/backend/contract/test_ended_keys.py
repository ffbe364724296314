"""A key that was ended signs nothing more here, in open contracts and in those that are opened later."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cms_backend.core.events import Action
from cms_backend.core.signatures import secure
from cms_backend.core.statements import key_end
from tests.support.backend_app import Api, running_api
from tests.support.backend_contracts import ALICE, BOB, CAROL, OCCURRED, Sent, Story, party_of


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with running_api(tmp_path / "home") as api:
        body = key_end(actor=BOB.did, key=BOB.key, successor=None, reason="stolen", occurred_at=OCCURRED)
        await api.post("/key-ends", secure(body, BOB), 201)
        yield api


async def _ended(api: Api, story: Story, sent: Sent) -> dict[str, Any]:
    refused: dict[str, Any] = await api.post(f"/contracts/{story.contract}/events", sent.body)
    assert refused["status"] == 403, refused
    assert "ended" in refused["detail"]
    return refused


@pytest.mark.parametrize("sequenced", [True, False])
async def test_an_ended_key_signs_nothing_in_a_contract_that_is_opened_later(
    api: Api, sequenced: bool
) -> None:
    if sequenced:
        await api.sequenced()
    story = Story(log=api.log)
    story.create()
    story.propose()
    await api.tell(story)
    await _ended(api, story, story.sign(BOB))
    await api.send(story.sign(ALICE))


async def test_an_ended_key_that_a_later_revision_pins_signs_nothing(api: Api) -> None:
    story = Story(log=api.log, parties=(party_of(ALICE, name="Alice"), party_of(CAROL, name="Carol")))
    story.create()
    story.propose()
    await api.tell(story)
    story.parties = (party_of(ALICE, name="Alice"), party_of(BOB, name="Bob"))
    await api.send(story.spine(Action.withdrawn, ALICE, {"reason": ""}))
    await api.send(story.propose())
    await _ended(api, story, story.sign(BOB))
    await api.send(story.sign(ALICE))


async def test_an_ended_key_signs_nothing_in_a_batch(api: Api) -> None:
    story = Story(log=api.log)
    story.create()
    story.propose()
    story.sign(BOB)
    answers = (await api.post("/events/batch", {"events": [sent.body for sent in story.sent]}, 200))[
        "results"
    ]
    assert [one.get("status") for one in answers] == [None, None, 403]
