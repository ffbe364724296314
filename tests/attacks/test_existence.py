"""A logged-in stranger asks about a contract: the answers are those that an id gets which was never drawn.

One thing cannot be hidden: an id has one record, so who opens one learns whether it was free. The answer says no more
than that the event opens nothing, it is that of every other event that opens nothing, and a free id costs a record
under the stranger's own name.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from cms_backend.app import PREFIX
from cms_backend.contract.endpoints import EVIDENCE_TYPE
from cms_backend.core.events import Action
from cms_backend.core.ids import ContractId
from tests.support.backend_app import Api, running_api
from tests.support.backend_contracts import ALICE, BOB, CAROL, Story

UNKNOWN = "6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12"
ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Scene:
    """A server with a contract of Alice and Bob, and Carol, who is logged in and no party."""

    api: Api
    story: Story
    alice: dict[str, str]
    carol: dict[str, str]
    evidence: bytes


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with running_api(tmp_path, launch_secret=None) as api:
        alice, carol = await api.login(ALICE), await api.login(CAROL)
        story = Story(log=api.log).signed_by_both()
        for sent in story.sent:
            created = sent.envelope["action"] == "created"
            path = "/contracts" if created else f"/contracts/{story.contract}/events"
            await api.post(path, sent.body, 201, headers=alice)
        await api.sequenced()
        evidence = await api.get(f"/contracts/{story.contract}/evidence", headers=alice)
        yield Scene(api, story, alice, carol, evidence)


def moved(value: Any, story: Story) -> Any:
    """The same body for the id that was never drawn; its signature does not hold any more."""
    return orjson.loads(orjson.dumps(value).replace(str(story.contract).encode(), UNKNOWN.encode()))


def stranger_story(contract: str, log: dict[str, str]) -> Story:
    """What Carol writes under an id: her own record."""
    made = Story(log=log, owner=CAROL, title="Mine")
    made.contract = ContractId(contract)
    return made


def event_of_carol(scene: Scene, contract: str) -> Any:
    """A comment by Carol on the contract, or on one of another id: signed well, and not hers to make."""
    story = replace(scene.story, contract=ContractId(contract), sent=list(scene.story.sent))
    details = {"path": None, "text": "I was here.", "on_behalf_of": None}
    return story.event(Action.commented, CAROL, details=details).body


Ask = Callable[[Scene, str], Awaitable[httpx.Response]]


async def _get(scene: Scene, path: str) -> httpx.Response:
    return await scene.api.client.get(f"{PREFIX}{path}", headers=scene.carol)


async def _post(scene: Scene, path: str, body: Any) -> httpx.Response:
    return await scene.api.client.post(f"{PREFIX}{path}", json=body, headers=scene.carol)


async def show(scene: Scene, contract: str) -> httpx.Response:
    return await _get(scene, f"/contracts/{contract}")


async def evidence(scene: Scene, contract: str) -> httpx.Response:
    return await _get(scene, f"/contracts/{contract}/evidence")


async def search(scene: Scene, contract: str) -> httpx.Response:
    return await _get(scene, f"/contracts?q={contract}")


async def add_event(scene: Scene, contract: str) -> httpx.Response:
    return await _post(scene, f"/contracts/{contract}/events", event_of_carol(scene, contract))


async def add_in_a_batch(scene: Scene, contract: str) -> httpx.Response:
    return await _post(scene, "/events/batch", {"events": [event_of_carol(scene, contract)]})


TABLE: list[tuple[Ask, int, str | None]] = [
    (show, 404, "http.not-found"),
    (evidence, 404, "http.not-found"),
    (search, 200, None),
    (add_event, 404, "http.not-found"),
    (add_in_a_batch, 200, None),
]


def told(answer: httpx.Response, contract: str) -> tuple[int, Any, list[str]]:
    """What an answer tells, but for the id that was asked and the request's own number."""
    body = orjson.loads(answer.content.replace(contract.encode(), b"ID"))
    if isinstance(body, dict):
        body.pop("request", None)
    return answer.status_code, body, sorted(answer.headers)


@pytest.mark.parametrize(("ask", "status", "code"), TABLE, ids=lambda one: getattr(one, "__name__", None))
async def test_a_known_id_is_answered_as_one_that_was_never_drawn(
    scene: Scene, ask: Ask, status: int, code: str | None
) -> None:
    known, unknown = await ask(scene, str(scene.story.contract)), await ask(scene, UNKNOWN)
    assert known.status_code == status
    assert code is None or known.json()["code"] == code
    assert told(known, str(scene.story.contract)) == told(unknown, UNKNOWN)


@pytest.mark.parametrize("ask", [show, evidence, add_event], ids=lambda one: one.__name__)
async def test_and_in_about_the_same_time(scene: Scene, ask: Ask) -> None:
    took: dict[str, list[float]] = {str(scene.story.contract): [], UNKNOWN: []}
    for _ in range(ROUNDS):
        for contract, times in took.items():
            began = time.perf_counter()
            await ask(scene, contract)
            times.append(time.perf_counter() - began)
    known, unknown = (statistics.median(times) * 1000 for times in took.values())
    sys.stdout.write(f"{ask.__name__}: known {known:.2f} ms, unknown {unknown:.2f} ms\n")
    assert abs(known - unknown) < max(3.0, 0.3 * unknown)


async def test_who_may_read_is_told_what_is_wrong(scene: Scene) -> None:
    body = scene.story.event(
        Action.withdrawn, ALICE, sequence=scene.story.sequence + 1, details={"reason": ""}
    ).body
    answer = await scene.api.client.post(
        f"{PREFIX}/contracts/{scene.story.contract}/events", json=body, headers=scene.alice
    )
    assert answer.json()["code"].startswith("lifecycle.")


async def test_opening_a_record_under_a_known_id_says_only_that_it_opens_nothing(scene: Scene) -> None:
    contract = str(scene.story.contract)
    taken = await _post(scene, "/contracts", stranger_story(contract, scene.api.log).create().body)
    assert (taken.status_code, taken.json()["code"]) == (409, "lifecycle.refused")
    assert contract not in taken.text
    # In a batch, what comes after it is not judged by the record that is held.
    batch = {
        "events": [stranger_story(contract, scene.api.log).create().body, event_of_carol(scene, contract)]
    }
    first, second = (await _post(scene, "/events/batch", batch)).json()["results"]
    assert (first["code"], second["code"]) == ("lifecycle.refused", "http.not-found")
    # Who may read is told why.
    own = await scene.api.client.post(
        f"{PREFIX}/contracts", json=stranger_story(contract, scene.api.log).create().body, headers=scene.alice
    )
    assert own.json()["code"] == "lifecycle.slot-taken"


async def test_an_honest_retry_of_ones_own_record_is_answered_as_the_first_time(scene: Scene) -> None:
    body = stranger_story(UNKNOWN, scene.api.log).create().body
    first, again = await _post(scene, "/contracts", body), await _post(scene, "/contracts", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    both = await asyncio.gather(*(_post(scene, "/contracts", body) for _ in range(3)))
    assert {one.status_code for one in both} == {200}


async def test_a_file_of_others_is_refused_whether_its_contract_is_held_or_not(
    scene: Scene, tmp_path: Path
) -> None:
    headers = {**scene.carol, "Content-Type": EVIDENCE_TYPE}
    path = f"{PREFIX}/contracts/import"
    held = await scene.api.client.post(path, content=scene.evidence, headers=headers)
    async with running_api(tmp_path / "other", launch_secret=None) as other:
        elsewhere = {**await other.login(CAROL), "Content-Type": EVIDENCE_TYPE}
        not_held = await other.client.post(path, content=scene.evidence, headers=elsewhere)
        own = {**await other.login(BOB), "Content-Type": EVIDENCE_TYPE}
        assert (await other.client.post(path, content=scene.evidence, headers=own)).json()[
            "state"
        ] == "in_force"
    contract = str(scene.story.contract)
    assert told(held, contract) == told(not_held, contract)
    assert (held.status_code, held.json()["code"]) == (403, "contract.not-yours")


async def test_the_stream_tells_a_stranger_nothing_of_it(scene: Scene) -> None:
    bus = scene.api.backend.bus
    async with bus.subscribe(str(CAROL.did)) as carol, bus.subscribe(str(BOB.did)) as bob:
        body = scene.story.event(
            Action.commented, BOB, details={"path": None, "text": "Hm.", "on_behalf_of": None}
        ).body
        await scene.api.post(f"/contracts/{scene.story.contract}/events", body, 201, headers=scene.alice)
        await scene.api.sequenced()
        heard = await asyncio.wait_for(bob.queue.get(), 10)
        assert heard is not None
        assert heard.data["contract"] == scene.story.contract
        while not carol.queue.empty():
            message = carol.queue.get_nowait()
            assert message is not None
            assert message.data["contract"] is None
