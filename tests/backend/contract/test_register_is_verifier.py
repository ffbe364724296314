"""The register believes what the verifier believes: after every import, of honest and of hostile files."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from cms_backend.core.events import Action
from tests.adversary.edits import Foreign, hostile_copies
from tests.adversary.search import random_story
from tests.adversary.world import CONTRACT, written
from tests.support.backend_app import Api, running_api
from tests.support.backend_contracts import ALICE, BOB, Story
from tests.support.register_checks import exported, proven, shows_what_is_proven

COPIES = 8
"""Hostile copies of each history; all of them together are some hundreds."""
PEOPLE = Foreign({str(ALICE.did): ALICE, str(BOB.did): BOB})


@pytest.fixture
async def apis(tmp_path: Path) -> AsyncIterator[tuple[Api, Api, Api]]:
    """A home, one that a record may be moved to, and one that only takes files in."""
    async with AsyncExitStack() as stack:
        home, second, victim = [
            await stack.enter_async_context(running_api(tmp_path / name))
            for name in ("home", "second", "victim")
        ]
        yield home, second, victim


def history(log: dict[str, str], random: Random) -> Story:
    """A story that a careful application could tell."""
    story = Story(log=log, title=f"Maintenance {random.randrange(1000)}")
    story.create()
    story.propose()
    ways = [story.comment, story.sign, story.sign, story.decline]
    signers = [ALICE, BOB]
    random.shuffle(signers)
    for signer in signers[: random.randint(0, 2)]:
        way = random.choice(ways)
        way(signer)
        if way == story.decline:
            return story
    if len(story.decisions) == 2:
        if random.random() < 0.5:
            story.spine(Action.terminated, ALICE, {"reason": "", "effective_on": None})
        elif random.random() < 0.7:
            story.propose()
            story.sign(BOB)
    elif random.random() < 0.4:
        story.spine(Action.withdrawn, ALICE, {"reason": ""})
    return story


async def take(api: Api, data: bytes) -> dict[str, object]:
    """Import a file; it may be refused, but never by a fault."""
    answer = await api.post("/contracts/import", data)
    assert answer.get("status", 200) in (200, 400, 409), answer
    if "status" in answer:
        assert answer["refused"], answer
        assert all(one["check"] and one["detail"] for one in answer["refused"])
    return dict(answer)


def without_log(random: Random) -> Story:
    """The same between two people who need no log: the owner countersigns."""
    story = Story(log=None)
    story.parties = (replace(story.parties[0], step=2), story.parties[1])
    story.create()
    story.propose()
    if random.random() < 0.8:
        signed = story.sign(BOB).parsed.digest
        if random.random() < 0.7:
            story.sign(ALICE, after=(signed,))
    return story


async def moved(story: Story, old: Api, new: Api) -> None:
    """The owner moves the record; somebody comments on it there."""
    size = await old.sequenced()
    log = old.backend.log
    checkpoint = None if story.log is None else {"origin": log.origin, "size": size, "root": log.root.hex()}
    await old.send(story.spine(Action.moved, ALICE, {"log": new.log, "checkpoint": checkpoint}))
    await take(new, await exported(old, story.contract))
    await new.send(story.comment(BOB))


@pytest.mark.parametrize("kind", ["logged", "moved", "without a log", "moved into a log"])
@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
async def test_after_hostile_files_the_register_says_what_is_proven_and_the_genuine_file_heals(
    apis: tuple[Api, Api, Api], kind: str, known: bool
) -> None:
    home, second, victim = apis
    random = Random(f"{kind} {known}")
    story = history(home.log, random) if kind in ("logged", "moved") else without_log(random)
    half = max(2, len(story.sent) // 2)
    for at, sent in enumerate(story.sent):
        if at == half and known:
            await take(victim, await exported(home, story.contract))
        await home.send(sent)
    if kind.startswith("moved"):
        await moved(story, home, second)
    now = second if kind.startswith("moved") else home
    genuine = await exported(now, story.contract)
    copies = list(hostile_copies(json.loads(genuine), PEOPLE, random, pairs=COPIES))
    for copy in random.sample(copies, COPIES):
        for api in apis:
            await take(api, copy.bytes)
            if (await api.get("/contracts"))["total"]:
                await shows_what_is_proven(api, story.contract)
    # Some copies hold events that a person of the contract has really signed: its log has taken them in.
    genuine = await exported(now, story.contract)
    truth = proven(await shows_what_is_proven(now, story.contract))
    for api in apis:
        assert "status" not in await take(api, genuine)
        assert proven(await shows_what_is_proven(api, story.contract)) == truth


@pytest.mark.parametrize("seed", range(6))
async def test_records_of_other_logs_are_shown_as_they_are_proven_whatever_came_before(
    tmp_path: Path, seed: int
) -> None:
    """Made-up histories: other people's logs, keys that end, log keys that change, thieves."""
    random = Random(f"elsewhere {seed}")
    world = random_story(random).play()
    genuine = world.evidence(heads=True)
    copies = list(hostile_copies(genuine, world, random, pairs=COPIES))
    chosen = random.sample(copies, min(COPIES, len(copies)))
    async with running_api(tmp_path / "fresh") as fresh, running_api(tmp_path / "victim") as victim:
        await take(fresh, written(genuine))
        told = await shows_what_is_proven(fresh, CONTRACT)
        if random.random() < 0.5:
            await take(victim, written(genuine))
        for copy in chosen:
            await take(victim, copy.bytes)
            if (await victim.get("/contracts"))["total"]:
                await shows_what_is_proven(victim, CONTRACT)
        await take(victim, written(genuine))
        healed = await shows_what_is_proven(victim, CONTRACT)
    assert proven(healed)["logged"].items() >= proven(told)["logged"].items()
    if len(told.events) == len(healed.events):
        # A person of the contract has signed nothing more in any of the copies.
        assert proven(healed) == proven(told)
