"""A register that was harmed before files were verified: the genuine file puts right what a file had brought."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.core.canonical import encode
from cms_backend.core.events import Action, Envelope
from tests.adversary import made
from tests.adversary.cast import MALLORY, RIVAL
from tests.support.backend_app import Api, running_api
from tests.support.backend_contracts import BOB, Story
from tests.support.evidence_files import file_bytes, members_of
from tests.support.register_checks import exported, proven, shows_what_is_proven

File = dict[str, Any]
Harm = Callable[[AsyncConnection, File], Awaitable[None]]


async def places_of_a_made_up_log(connection: AsyncConnection, file: File) -> None:
    """Events stand in a log that nothing names, in another order."""
    await connection.execute(text("UPDATE events SET log = 7, idx = 100 - id"))


async def no_places(connection: AsyncConnection, file: File) -> None:
    """Events have lost their places."""
    await connection.execute(text("UPDATE events SET log = NULL, idx = NULL"))


async def another_name(connection: AsyncConnection, file: File) -> None:
    """The record has the name that a file claimed, and that nothing opens."""
    await connection.execute(text("UPDATE contracts SET genesis = :name"), {"name": "ab" * 32})


async def a_made_up_section(connection: AsyncConnection, file: File) -> None:
    """A section of a log that nothing names."""
    log = made.hostile_log(file, "rival", RIVAL, file["envelopes"])
    section = made.hostile_section(file, log, file["envelopes"], sequence=9)
    await connection.execute(
        text(
            "INSERT INTO foreign_logs (contract, vkey, ordinal, body, anchors) VALUES (:n, :vkey, 5, :body, :anchors)"
        ),
        {"n": 1, "vkey": section["vkey"], "body": orjson.dumps(section), "anchors": b"[]"},
    )


async def false_proofs(connection: AsyncConnection, file: File) -> None:
    """Proofs, notes and a head of the right log that do not hold."""
    row = (await connection.execute(text("SELECT vkey, body FROM foreign_logs"))).one_or_none()
    if row is None:
        return
    section = orjson.loads(row[1])
    first, *_ = section["proofs"].values()
    section["proofs"] = dict.fromkeys(section["proofs"], first)
    section["consistency"] = [{"note": "no note", "proof": []}]
    section["head"] = None
    await connection.execute(text("UPDATE foreign_logs SET body = :body"), {"body": orjson.dumps(section)})


async def a_text_that_nobody_named(connection: AsyncConnection, file: File) -> None:
    """A text that no event names, in the place of a revision."""
    found, ref = made.strangers_text(file) or ({}, {})
    await connection.execute(
        text("INSERT INTO documents VALUES (1, :root, :revision, :body)"),
        {"root": ref["root"], "revision": ref["revision"], "body": orjson.dumps(found)},
    )


async def wrong_bytes(connection: AsyncConnection, file: File) -> None:
    """An attachment that is not what its name says."""
    await connection.execute(
        text("INSERT INTO attachments VALUES (1, :name, :data)"), {"name": "ab" * 32, "data": b"else"}
    )


async def a_strangers_rights(connection: AsyncConnection, file: File) -> None:
    """A stranger may read."""
    await connection.execute(
        text("INSERT INTO contract_people VALUES (1, :did, false, false)"), {"did": str(MALLORY.did)}
    )


HARMS: list[Harm] = [
    places_of_a_made_up_log,
    no_places,
    another_name,
    a_made_up_section,
    false_proofs,
    a_text_that_nobody_named,
    wrong_bytes,
    a_strangers_rights,
]


@pytest.fixture
async def homes(tmp_path: Path) -> AsyncIterator[tuple[Api, Api]]:
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(running_api(tmp_path / "home")),
            await stack.enter_async_context(running_api(tmp_path / "victim")),
        )


@pytest.mark.parametrize("at_home", [True, False])
async def test_the_genuine_file_heals_a_harmed_register(homes: tuple[Api, Api], at_home: bool) -> None:
    home, other = homes
    story = Story(log=home.log).signed_by_both()
    await home.tell(story)
    genuine = await exported(home, story.contract)
    truth = proven(await shows_what_is_proven(home, story.contract))
    victim = home if at_home else other
    await victim.post("/contracts/import", genuine, 200)
    for harm in HARMS:
        async with victim.backend.database.write() as connection:
            await harm(connection, members_of(genuine))
        answer = await victim.post("/contracts/import", genuine, 200)
        assert answer["refused"] == [], harm.__name__
        assert proven(await shows_what_is_proven(victim, story.contract)) == truth, harm.__name__
        shown = await victim.get(f"/contracts/{story.contract}")
        assert shown["home"] == ("here" if at_home else "elsewhere"), harm.__name__
        assert len(shown["documents"]) == 2, harm.__name__
        file = members_of(await exported(victim, story.contract))
        assert file["attachments"] == {}, harm.__name__
        await victim.get(f"/contracts/{story.contract}", 404, headers=await victim.login(MALLORY))


async def test_an_event_that_was_stored_under_another_contract_comes_to_its_own(
    homes: tuple[Api, Api],
) -> None:
    home, victim = homes
    stories = [Story(log=home.log).signed_by_both() for _ in range(2)]
    files = []
    for story in stories:
        await home.tell(story)
        files.append(await exported(home, story.contract))
    await victim.post("/contracts/import", files[0], 200)
    signed = stories[1].sent[-1].parsed
    async with victim.backend.database.write() as connection:
        await connection.execute(
            text(
                "INSERT INTO events (contract, digest, statement, envelope, accepted_at) "
                "VALUES (1, :digest, :statement, :envelope, '2026-01-01T00:00:00.000Z')"
            ),
            {
                "digest": signed.digest,
                "statement": signed.statement_digest,
                "envelope": encode(signed.json),
            },
        )
    for file, story in zip(reversed(files), reversed(stories), strict=True):
        answer = await victim.post("/contracts/import", file, 200)
        assert answer["state"] == "in_force"
        assert (await shows_what_is_proven(victim, story.contract)).state == "in_force"


async def test_a_signature_that_does_not_hold_goes(homes: tuple[Api, Api]) -> None:
    home, victim = homes
    story = Story(log=home.log)
    story.create()
    story.propose()
    await home.tell(story)
    genuine = await exported(home, story.contract)
    await victim.post("/contracts/import", genuine, 200)
    forged = story.event(Action.signed, BOB).envelope
    forged["occurred_at"] = "2026-05-01T12:00:00.001Z"
    envelope = Envelope.from_json(forged)
    async with victim.backend.database.write() as connection:
        await connection.execute(
            text(
                "INSERT INTO events (contract, digest, statement, envelope, accepted_at, log, idx) "
                "VALUES (1, :digest, :statement, :envelope, '2026-01-01T00:00:00.000Z', 0, 50)"
            ),
            {
                "digest": envelope.digest,
                "statement": envelope.statement_digest,
                "envelope": encode(envelope.json),
            },
        )
    await victim.post("/contracts/import", file_bytes(members_of(genuine)), 200)
    assert (await shows_what_is_proven(victim, story.contract)).state == "pending"
