"""A record that goes from one backend's log to another's: two leaves of the `moved`, closed there, open here."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from cms_backend.core.events import Action
from cms_backend.core.ids import Time
from cms_backend.core.report_model import Tail, Verdict
from cms_backend.core.verify import LedgerFacts, Trust, verify_evidence
from tests.support.backend_app import Api, running_api
from tests.support.backend_contracts import ALICE, BOB, Story
from tests.support.register_checks import exported, shows_what_is_proven


@pytest.fixture
async def homes(tmp_path: Path) -> AsyncIterator[tuple[Api, Api]]:
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(running_api(tmp_path / "old")),
            await stack.enter_async_context(running_api(tmp_path / "new")),
        )


async def moved(old: Api, new: Api) -> Story:
    """A contract in force that its owner moves from one log to the other; both have heard of it."""
    story = Story(log=old.log).signed_by_both()
    await old.tell(story)
    await old.send(story.spine(Action.moved, ALICE, await leaving(old, new)))
    taken = await new.post("/contracts/import", await exported(old, story.contract), 200)
    assert (taken["added"], taken["refused"]) == (5, [])
    return story


async def leaving(old: Api, new: Api) -> dict[str, Any]:
    """The details of a move."""
    size = await old.sequenced()
    log = old.backend.log
    checkpoint = {"origin": log.origin, "size": size, "root": log.root.hex()}
    return {"log": new.log, "checkpoint": checkpoint}


async def test_a_moved_has_a_leaf_in_the_log_that_it_leaves_and_in_the_one_that_it_enters(
    homes: tuple[Api, Api],
) -> None:
    old, new = homes
    story = await moved(old, new)
    report = await shows_what_is_proven(new, story.contract)
    assert [log.vkey for log in report.logs] == [old.log["vkey"], new.log["vkey"]]
    shown = await new.get(f"/contracts/{story.contract}")
    assert shown["home"] == "here"
    last = shown["entries"][-1]
    assert (last["log"], last["index"], last["opens"]) == (0, 4, 0)


async def test_the_new_home_takes_events_in_and_the_old_one_only_holds_them(homes: tuple[Api, Api]) -> None:
    old, new = homes
    story = await moved(old, new)
    assert (await old.get(f"/contracts/{story.contract}"))["home"] == "elsewhere"
    notice = story.spine(Action.terminated, BOB, {"reason": "", "effective_on": None})
    held = await old.post(f"/contracts/{story.contract}/events", notice.body, 201)
    assert (held["state"], held["receipt"]) == ("held", None)
    size = old.backend.log.size
    assert await old.sequenced() == size
    accepted = await new.post(f"/contracts/{story.contract}/events", notice.body, 201)
    assert accepted["state"] == "accepted"
    report = await shows_what_is_proven(new, story.contract)
    assert report.state == "terminated"
    back = await old.post("/contracts/import", await exported(new, story.contract), 200)
    assert (back["refused"], back["state"]) == ([], "terminated")
    report = await shows_what_is_proven(old, story.contract)
    assert report.verdict is Verdict.verified
    assert [one["log"] for one in (await old.get(f"/contracts/{story.contract}"))["entries"]] == [0] * 5 + [1]


async def test_the_operator_of_the_log_left_says_its_last_word(homes: tuple[Api, Api]) -> None:
    old, new = homes
    story = await moved(old, new)
    now = Time("2026-06-01T12:00:00.000Z")
    await old.post("/contracts/import", await exported(new, story.contract), 200)
    report = verify_evidence(await exported(old, story.contract), LedgerFacts(), Trust(), now)
    assert report.verdict is Verdict.verified
    assert report.tail is Tail.stated


async def test_what_was_only_held_is_logged_when_the_record_comes_here(homes: tuple[Api, Api]) -> None:
    old, new = homes
    story = Story(log=old.log)
    for sent in (story.create(), story.propose(), story.sign(ALICE)):
        await old.send(sent)
    await new.post("/contracts/import", await exported(old, story.contract), 200)
    signed = story.sign(BOB)
    assert (await new.send(signed))["state"] == "held"
    story.decisions.pop()
    await old.send(story.spine(Action.moved, ALICE, await leaving(old, new)))
    taken = await new.post("/contracts/import", await exported(old, story.contract), 200)
    assert taken["added"] == 2
    report = await shows_what_is_proven(new, story.contract)
    assert report.state == "in_force"
    assert [one.log for one in report.events if one.action == "signed"] == [0, 1]


async def test_a_record_without_a_log_comes_into_this_one_by_file(homes: tuple[Api, Api]) -> None:
    old, new = homes
    story = Story(log=None)
    story.parties = tuple(
        type(one)(**{**{n: getattr(one, n) for n in one.__dataclass_fields__}, "step": step})
        for one, step in zip(story.parties, (2, 1), strict=True)
    )
    await old.send(story.create())
    await old.send(story.propose())
    first = await old.send(story.sign(BOB))
    await old.send(story.sign(ALICE, after=(first["digest"],)))
    await old.send(story.spine(Action.moved, ALICE, {"log": new.log, "checkpoint": None}))
    taken = await new.post("/contracts/import", await exported(old, story.contract), 200)
    assert (taken["added"], taken["refused"]) == (5, [])
    report = await shows_what_is_proven(new, story.contract)
    assert report.state == "in_force"
    assert (await new.get(f"/contracts/{story.contract}"))["home"] == "here"
    note = await new.send(story.comment(BOB))
    assert note["state"] == "accepted"
    await old.post("/contracts/import", await exported(new, story.contract), 200)
    await shows_what_is_proven(old, story.contract)
    assert (await old.get(f"/contracts/{story.contract}"))["home"] == "elsewhere"


async def test_a_record_does_not_come_back_to_a_log_that_it_has_left(homes: tuple[Api, Api]) -> None:
    old, new = homes
    story = await moved(old, new)
    refused = await new.post(
        f"/contracts/{story.contract}/events",
        story.spine(Action.moved, ALICE, await leaving(new, old)).body,
        409,
    )
    assert "been in that log before" in refused["detail"]
