"""The register believes what the verifier believes: after every import, of honest and of hostile files."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import pytest

from cms_backend.core.events import Action
from tests.adversary.edits import Foreign, hostile_copies
from tests.support.backend_app import Api, running_api
from tests.support.backend_contracts import ALICE, BOB, Story
from tests.support.register_checks import exported, proven, shows_what_is_proven

COPIES = 24
"""Hostile copies of each history; all of them together are some hundreds."""
PEOPLE = Foreign({str(ALICE.did): ALICE, str(BOB.did): BOB})


@pytest.fixture
async def homes(tmp_path: Path) -> AsyncIterator[tuple[Api, Api]]:
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(running_api(tmp_path / "home")),
            await stack.enter_async_context(running_api(tmp_path / "victim")),
        )


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


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("before", ["nothing", "the genuine file", "half of it"])
async def test_after_hostile_files_the_register_says_what_is_proven_and_the_genuine_file_heals(
    homes: tuple[Api, Api], seed: int, before: str
) -> None:
    home, victim = homes
    random = Random(f"{seed} {before}")
    story = history(home.log, random)
    half = max(2, len(story.sent) // 2)
    for sent in story.sent[:half]:
        await home.send(sent)
    if before == "half of it":
        await take(victim, await exported(home, story.contract))
    for sent in story.sent[half:]:
        await home.send(sent)
    genuine = await exported(home, story.contract)
    if before == "the genuine file":
        await take(victim, genuine)
    copies = hostile_copies(json.loads(genuine), PEOPLE, random, pairs=COPIES // 3)
    chosen = random.sample(list(copies), COPIES)
    for copy in chosen:
        await take(victim, copy.bytes)
        if (await victim.get("/contracts"))["total"]:
            await shows_what_is_proven(victim, story.contract)
        await take(home, copy.bytes)
        await shows_what_is_proven(home, story.contract)
    # Some copies hold events that a person of the contract has really signed: its log has taken them in.
    answer = await take(victim, await exported(home, story.contract))
    assert "status" not in answer
    truth = proven(await shows_what_is_proven(home, story.contract))
    healed = proven(await shows_what_is_proven(victim, story.contract))
    assert healed == truth
