"""A log that keeps its word is passed over in silence; one that does not is told of, and both parts are kept."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from cms_backend.core.checkpoint import LogKey, open_note
from cms_backend.core.ids import Time
from cms_backend.core.signatures import Ed25519Signer, secure
from cms_backend.core.slots import log_slot
from cms_backend.core.statements import LogStatement, log_statement
from cms_desktop.api.client import Client
from cms_desktop.api.log_watch import LogLook, LogWatch
from tests.support.backend_contracts import ALICE, Story
from tests.support.backend_process import BackendProcess
from tests.support.desktop_log import LogServer
from tests.support.verify_world import OPERATOR, World

PATIENCE = 20.0


async def look(home: Path, server: LogServer) -> LogLook:
    client = server.client()
    try:
        return await LogWatch(home, client).look()
    finally:
        await client.aclose()


def names(home: Path) -> list[str]:
    return sorted(one.name for one in (home / "logs-seen").iterdir() if not one.name.startswith("."))


def kept(home: Path) -> str:
    return next((home / "logs-seen").glob("*.note")).read_text()


# --- a log that keeps its word --------------------------------------------------------------------------------


async def test_an_honest_log_is_first_seen_then_the_same_then_grown(tmp_path: Path) -> None:
    server = LogServer().grow(3)
    first = await look(tmp_path, server)
    again = await look(tmp_path, server)
    old, new = server.note(), server.grow(5).note()
    grown = await look(tmp_path, server)
    assert [one.state for one in (first, again, grown)] == ["first", "same", "grown"]
    assert not any(one.alarm for one in (first, again, grown))
    assert (first.note_before, grown.note_before, grown.note_now) == (None, old, new)
    assert kept(tmp_path) == new


async def test_an_empty_log_is_not_checked_and_nothing_is_pinned(tmp_path: Path) -> None:
    found = await look(tmp_path, LogServer())
    assert (found.state, found.note_now) == ("not checked", None)
    assert not (tmp_path / "logs-seen").exists()


async def test_what_is_kept_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    await look(tmp_path, LogServer().grow(1))
    assert [one.stat().st_mode & 0o077 for one in (tmp_path / "logs-seen").iterdir()] == [0, 0, 0]


async def test_growth_is_kept_only_over_the_note_that_it_was_compared_with(tmp_path: Path) -> None:
    """Another program of this person looks in between."""
    server = LogServer().grow(3)
    await look(tmp_path, server)
    other = server.fork(3).grow(4)

    class Slow(Client):
        async def consistency(self, old: int, new: int) -> dict[str, Any]:
            await look(tmp_path, other)
            return await super().consistency(old, new)

    client = server.grow(1).client()
    client.__class__ = Slow
    assert (await LogWatch(tmp_path, client).look()).state == "grown"
    assert kept(tmp_path) == other.note()
    await client.aclose()


# --- a log that does not --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [6, 9], ids=["of the same size", "that has grown"])
async def test_a_fork_with_the_true_key_is_told_and_both_notes_are_kept(tmp_path: Path, size: int) -> None:
    server = LogServer().grow(6)
    await look(tmp_path, server)
    liar = server.fork(4).grow(size - 4, "another")
    found = await look(tmp_path, liar)
    assert (found.state, found.alarm) == ("split", True)
    assert (found.note_before, found.note_now) == (server.note(), liar.note())
    assert kept(tmp_path) == server.note()
    assert found.kept is not None
    proof = orjson.loads(found.kept.read_bytes())
    two = [open_note(proof[name], server.key.vkey) for name in ("before", "now")]
    assert [one.size for one in two] == [6, size]


async def test_the_proof_of_a_fork_is_never_written_again(tmp_path: Path) -> None:
    server = LogServer().grow(6)
    await look(tmp_path, server)
    liar = server.fork(4).grow(5, "another")
    first = await look(tmp_path, liar)
    assert first.kept is not None
    before = first.kept.read_bytes(), first.kept.stat().st_mtime_ns
    liar.forged_proof = True
    second = await look(tmp_path, liar)
    assert second.kept == first.kept
    assert (first.kept.read_bytes(), first.kept.stat().st_mtime_ns) == before


async def test_an_alarm_outlives_the_log_that_takes_it_back(tmp_path: Path) -> None:
    server = LogServer().grow(6)
    await look(tmp_path, server)
    alarm = await look(tmp_path, server.fork(4).grow(5, "another"))
    assert (await look(tmp_path, server)).state == "same"
    client = server.client()
    assert await LogWatch(tmp_path, client).alarms() == (alarm.kept,)
    await client.aclose()


async def test_growth_with_a_forged_proof_is_a_split(tmp_path: Path) -> None:
    server = LogServer().grow(6)
    await look(tmp_path, server)
    server.grow(3).forged_proof = True
    assert (await look(tmp_path, server)).state == "split"


async def test_a_log_that_has_less_than_before_has_shrunk(tmp_path: Path) -> None:
    server = LogServer().grow(6)
    await look(tmp_path, server)
    found = await look(tmp_path, server.fork(4))
    assert (found.state, found.alarm) == ("shrunk", True)
    assert found.kept is not None
    assert kept(tmp_path) == server.note()
    assert (await look(tmp_path, server.fork(0))).state == "shrunk"


async def test_the_alarm_is_told_even_if_its_proof_cannot_be_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = LogServer().grow(6)
    await look(tmp_path, server)
    folder = tmp_path / "logs-seen"
    (folder / ".lock").unlink()
    (folder / ".lock").mkdir()
    found = await look(tmp_path, server.fork(5))
    assert (found.state, found.kept) == ("shrunk", None)
    assert "could not be kept" in caplog.text


# --- what a look cannot tell ----------------------------------------------------------------------------------


async def test_an_outage_is_no_alarm_and_changes_nothing(tmp_path: Path) -> None:
    server = LogServer().grow(3)
    await look(tmp_path, server)
    server.down = True
    found = await look(tmp_path, server)
    assert (found.state, found.note_before, found.note_now) == ("not checked", server.note(), None)
    assert kept(tmp_path) == server.note()


async def test_a_note_that_the_log_has_not_signed_is_not_taken(tmp_path: Path) -> None:
    server = LogServer().grow(3)
    await look(tmp_path, server)

    class Forger(LogServer):
        def note(self, size: int | None = None) -> str:
            return super().note(size).replace("\n4\n", "\n5\n")

    forger = Forger(leaves=server.leaves).grow(1)
    found = await look(tmp_path, forger)
    assert found.state == "not checked"
    assert "signature" in found.words
    assert kept(tmp_path) == server.note()


@pytest.mark.parametrize("name", ["pin.json", "*.note"])
async def test_damaged_files_are_named_and_left_alone(tmp_path: Path, name: str) -> None:
    server = LogServer().grow(3)
    await look(tmp_path, server)
    path = next((tmp_path / "logs-seen").glob(name))
    path.write_bytes(b"\xff{")
    found = await look(tmp_path, server.grow(1))
    assert found.state == "not checked"
    assert path.name in found.words
    assert path.read_bytes() == b"\xff{"


# --- the log's key --------------------------------------------------------------------------------------------


async def test_another_key_for_the_same_home_is_told_and_not_taken(tmp_path: Path) -> None:
    server = LogServer().grow(3)
    await look(tmp_path, server)
    found = await look(tmp_path, replace(server, key=LogKey(b"\x09" * 32)))
    assert (found.state, found.alarm) == ("other key", True)
    assert (await look(tmp_path, server)).state == "same"
    assert len(names(tmp_path)) == 3


async def test_another_operator_of_the_log_is_told(tmp_path: Path) -> None:
    server = LogServer().grow(3)
    await look(tmp_path, server)
    found = await look(tmp_path, replace(server, operator=Ed25519Signer(b"\x0a" * 32)))
    assert found.state == "other key"
    assert "operator" in found.words


def succession(old: LogServer, new: LogServer, signer: Ed25519Signer) -> bytes:
    """An evidence file whose log holds the word on the next key."""
    world = World(log=True)
    body = log_statement(
        actor=signer.did,
        vkey=old.key.vkey.text,
        number=1,
        ledgers=[],
        successor=new.key.vkey.text,
        occurred_at=Time("2026-05-01T12:00:00.000Z"),
    )
    statement = LogStatement.from_json(secure(body, signer))
    world.logs[0].statements.append(statement)
    world.logs[0].append(log_slot(1), statement.digest)
    world.complete()
    assert world.logs[0].key.vkey == old.key.vkey
    return world.evidence().to_bytes()


@pytest.mark.parametrize(
    ("signer", "state"), [(OPERATOR, "first"), (Ed25519Signer(b"\x0b" * 32), "other key")]
)
async def test_only_the_key_that_the_operator_named_follows(
    tmp_path: Path, signer: Ed25519Signer, state: str
) -> None:
    key = World(log=True).logs[0].key
    old = LogServer(key=key, operator=OPERATOR).grow(3)
    await look(tmp_path, old)
    new = LogServer(key=LogKey(b"\x0c" * 32), operator=OPERATOR).grow(2)
    new.evidence = [b"no evidence file", succession(old, new, signer)]
    assert (await look(tmp_path, new)).state == state
    assert (await look(tmp_path, new)).state == ("same" if state == "first" else "other key")


# --- the ledger -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "grown"), [(3, 0), (3, 4)], ids=["of this size", "of the beginning"])
async def test_an_anchored_root_of_the_logs_beginning_agrees(tmp_path: Path, size: int, grown: int) -> None:
    server = LogServer().grow(size)
    server.anchor()
    assert (await look(tmp_path, server.grow(grown))).ledger == "agrees"


async def test_another_root_on_the_ledger_is_a_split_already_at_the_first_look(tmp_path: Path) -> None:
    server = LogServer().grow(5)
    liar = server.fork(3).grow(6, "another")
    server.anchor()
    liar.anchored = server.anchored
    found = await look(tmp_path, liar)
    assert (found.state, found.ledger, found.alarm) == ("split", "contradicts", True)
    assert found.kept is not None
    proof = orjson.loads(found.kept.read_bytes())
    assert (proof["anchored"]["size"], proof["now"]) == (5, liar.note())
    assert names(tmp_path) == [found.kept.name]


async def test_a_log_that_has_less_than_the_ledger_has_shrunk(tmp_path: Path) -> None:
    server = LogServer().grow(5)
    server.anchor()
    found = await look(tmp_path, server.fork(4))
    assert (found.state, found.ledger) == ("shrunk", "contradicts")


@pytest.mark.parametrize("fault", [{"node_down": True}, {"code": b"other"}, {"genesis": "0" * 64}])
async def test_a_ledger_that_cannot_be_asked_or_is_another_says_nothing(
    tmp_path: Path, fault: dict[str, Any]
) -> None:
    server = LogServer().grow(5)
    server.anchor()
    found = await look(tmp_path, replace(server.fork(4), **fault))
    assert (found.state, found.ledger) == ("first", "not checked")


async def test_a_log_that_is_not_anchored_yet_is_said_so(tmp_path: Path) -> None:
    assert (await look(tmp_path, LogServer().grow(1))).ledger == "nothing anchored"


# --- real backends --------------------------------------------------------------------------------------------


async def at_least(client: Client, size: int, *, anchored: bool = False) -> None:
    """Wait for the log's sequencer, and for the ledger."""
    async with asyncio.timeout(PATIENCE):
        while (await client.status()).log_size < size:
            await asyncio.sleep(0.02)
        while anchored and not any(one.block for one in await client.anchors()):
            await asyncio.sleep(0.02)


async def test_a_real_backend_keeps_its_word_and_its_copy_that_went_another_way_does_not(
    tmp_path: Path,
) -> None:
    """A data folder copied and used twice is one log with two histories, both signed by the true key."""
    home, person = tmp_path / "home", tmp_path / "person"
    person.mkdir()

    async def session(title: str, *, anchored: bool = False) -> LogLook:
        with BackendProcess(home) as running:
            client = Client(running.url.removesuffix("/api/v1"), launch_secret=running.run["launch_secret"])
            try:
                story = Story(
                    {name: running.get("/log/info")[name] for name in ("vkey", "operator")}, title=title
                )
                size = (await client.status()).log_size
                running.post("/contracts", story.create().body)
                running.post(f"/contracts/{story.contract}/events", story.propose().body)
                running.post(f"/contracts/{story.contract}/events", story.sign(ALICE).body)
                await at_least(client, size + 3, anchored=anchored)
                return await LogWatch(person, client).look()
            finally:
                await client.aclose()

    first = await session("Both have it", anchored=True)
    shutil.copytree(home, tmp_path / "copy")
    grown = await session("Only the first has it")
    shutil.rmtree(home)
    (tmp_path / "copy").rename(home)
    split = await session("Only the copy has it")
    assert (first.state, first.ledger, grown.state, split.state) == ("first", "agrees", "grown", "split")
    assert split.kept is not None
