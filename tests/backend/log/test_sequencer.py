"""The log grows by batches that nobody can fork, and freezes when it is behind what was published."""

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.config import Settings
from cms_backend.core.checkpoint import LogKey, open_note, parse_tlog_proof
from cms_backend.core.errors import CmsError
from cms_backend.core.merkle import leaf_hash, tree_head, verify_consistency, verify_inclusion
from cms_backend.db.migrate import migrate
from cms_backend.db.session import Database
from cms_backend.log import repository, standing
from cms_backend.log.head_file import HeadNotKept
from cms_backend.log.repository import Leaf
from cms_backend.log.sequencer import LeaseTaken, Sequenced, Sequencer
from cms_backend.log.service import LogKeyMissing, OwnLog
from cms_backend.log.standing import Cause, LogFrozen
from tests.support.backend_contracts import person

NOW = "2026-05-01T12:00:00.000Z"
KEY = LogKey(bytes(range(32)))


class Setting:
    """A database with a log and a sequencer on it."""

    def __init__(self, home: Path, key: LogKey = KEY) -> None:
        self.home = home
        migrate(home / "cms.sqlite3")
        self.database = Database(Settings(home=home))
        self.log = OwnLog(self.database, key, person(9), home / "log-head.json")
        self.placed: list[Sequenced] = []
        self.sequencer = self.another("the folder's name")

    def another(self, holder: str | None = None) -> Sequencer:
        """One more sequencer of the same log, as another process would have."""

        async def placed(_connection: AsyncConnection, leaves: Sequence[Sequenced]) -> None:
            self.placed += leaves

        async def done(_leaves: Sequence[Sequenced]) -> None:
            return

        return Sequencer(
            self.database, self.log, interval=0.01, batch=100, placed=placed, done=done, holder=holder
        )

    async def enqueue(self, *leaves: Leaf) -> None:
        async with self.database.write() as connection:
            await repository.enqueue(connection, self.log.id, leaves, NOW)


@asynccontextmanager
async def opened(home: Path, key: LogKey = KEY) -> AsyncIterator[Setting]:
    setting = Setting(home, key)
    try:
        await setting.log.open()
        yield setting
    finally:
        await setting.database.close()


@pytest.fixture
async def setting(tmp_path: Path) -> AsyncIterator[Setting]:
    async with opened(tmp_path) as setting:
        yield setting


def leaf(number: int, *, slot: int | None = None, single: bool = True) -> Leaf:
    return Leaf((number if slot is None else slot).to_bytes(32), number.to_bytes(32), single)


async def test_leaves_are_placed_in_the_order_of_acceptance(setting: Setting) -> None:
    await setting.enqueue(*(leaf(number) for number in range(5)))
    await setting.enqueue(leaf(5))
    assert await setting.sequencer.sequence() == 6
    assert [one.index for one in setting.placed] == list(range(6))
    hashes = [leaf_hash(leaf(number).slot + leaf(number).digest) for number in range(6)]
    assert (setting.log.size, setting.log.root) == (6, tree_head(hashes))
    assert await setting.log.leaves(0, 100) == [(leaf(n).slot, leaf(n).digest) for n in range(6)]


async def test_an_empty_queue_makes_no_checkpoint(setting: Setting) -> None:
    assert await setting.sequencer.sequence() == 0
    assert setting.log.size == 0


async def test_every_proof_verifies_at_every_published_size(setting: Setting) -> None:
    roots = {}
    for size in (1, 3, 8, 9, 20):
        await setting.enqueue(*(leaf(number) for number in range(setting.log.size, size)))
        await setting.sequencer.sequence()
        roots[size] = setting.log.root
    async with setting.database.read() as connection:
        for size, root in roots.items():
            proofs = await setting.log.inclusion(connection, [leaf(n).digest for n in range(20)], size)
            assert len(proofs) == size
            for number in range(size):
                parsed = parse_tlog_proof(proofs[leaf(number).digest].text)
                assert open_note(parsed.note, KEY.vkey).root.raw == root
                hashed = leaf_hash(leaf(number).slot + leaf(number).digest)
                verify_inclusion(hashed, parsed.index, size, parsed.path, root)
    for old in roots:
        for new in (size for size in roots if size >= old):
            path = [base64.b64decode(one) for one in await setting.log.consistency(old, new)]
            verify_consistency(old, new, roots[old], roots[new], path)


async def test_a_taken_slot_gets_no_second_leaf_but_ended_keys_may(setting: Setting) -> None:
    await setting.enqueue(leaf(1), leaf(2, slot=1), leaf(3, slot=77, single=False))
    await setting.sequencer.sequence()
    await setting.enqueue(leaf(4, slot=1), leaf(5, slot=77, single=False))
    await setting.sequencer.sequence()
    assert [one.digest for one in setting.placed] == [leaf(n).digest for n in (1, 3, 5)]
    assert setting.log.size == 3


async def test_a_second_sequencer_waits_for_the_lease(setting: Setting) -> None:
    await setting.enqueue(leaf(1))
    await setting.sequencer.sequence()
    other = setting.another()
    await setting.enqueue(leaf(2))
    with pytest.raises(LeaseTaken):
        await other.sequence()
    async with setting.database.write() as connection:
        await connection.execute(text("UPDATE logs SET lease_until = '2000-01-01T00:00:00.000Z'"))
    assert await other.sequence() == 1
    assert setting.log.size == 2


async def test_a_holder_whose_lease_was_taken_over_changes_nothing(setting: Setting) -> None:
    async with setting.database.write() as connection:
        stale = await repository.take_lease(connection, setting.log.id, holder="old", now=NOW, until=NOW)
        later = "2026-05-01T13:00:00.000Z"
        await repository.take_lease(connection, setting.log.id, holder="new", now=later, until=later)
        assert stale is not None
        written = await repository.append_leaves(
            connection,
            setting.log.id,
            start=0,
            leaves=[leaf(1)],
            nodes={},
            root=b"r" * 32,
            epoch=stale,
            now=NOW,
        )
    assert not written
    assert await setting.log.leaves(0, 9) == []


async def test_a_batch_that_starts_from_another_size_changes_nothing(setting: Setting) -> None:
    await setting.enqueue(leaf(1))
    await setting.sequencer.sequence()
    async with setting.database.write() as connection:
        epoch = (await connection.execute(text("SELECT lease_epoch FROM logs"))).scalar_one()
        assert not await repository.append_leaves(
            connection,
            setting.log.id,
            start=0,
            leaves=[leaf(2)],
            nodes={},
            root=b"r" * 32,
            epoch=epoch,
            now=NOW,
        )


async def test_a_log_goes_on_where_it_was_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path) as setting:
        await setting.enqueue(leaf(1), leaf(2), leaf(3))
        await setting.sequencer.sequence()
        await setting.enqueue(leaf(4))
        root = setting.log.root
    async with opened(tmp_path) as setting:
        assert (setting.log.size, setting.log.root) == (3, root)
        assert await setting.sequencer.sequence() == 1
        assert setting.log.size == 4


async def test_a_database_behind_the_published_head_freezes_the_log(tmp_path: Path) -> None:
    async with opened(tmp_path) as setting:
        await setting.enqueue(leaf(1))
        await setting.sequencer.sequence()
    head = tmp_path / "log-head.json"
    published = orjson.loads(head.read_bytes())
    head.write_bytes(orjson.dumps({**published, "size": 7}))
    async with opened(tmp_path) as setting:
        assert setting.log.frozen
        with pytest.raises(LogFrozen, match="behind"):
            setting.log.check_open()
        await setting.enqueue(leaf(2))
        assert await setting.sequencer.sequence() == 0
    head.write_bytes(orjson.dumps(published))
    async with opened(tmp_path) as setting:
        with pytest.raises(LogFrozen, match="behind"):
            setting.log.check_open()
        with pytest.raises(LogFrozen):
            await setting.log.confirm_newest()


async def test_a_proof_is_gone_once_the_database_holds_the_published_head(tmp_path: Path) -> None:
    async with opened(tmp_path) as setting:
        await setting.enqueue(leaf(1))
        await setting.sequencer.sequence()
        cause = Cause("published", "It was behind once.", 1, setting.log.root.hex())
        async with setting.database.write() as connection:
            await repository.set_frozen(connection, setting.log.id, standing.to_text((cause,)))
    async with opened(tmp_path) as setting:
        setting.log.check_open()


_OTHER = b'{"origin": "cms.local/other", "size": 3, "root": "' + b"ab" * 32 + b'"}'


@pytest.mark.parametrize(
    "content", [None, b"", b"[]", b'{"origin": "x", "size": "1", "root": ""}', b"\xff", _OTHER]
)
async def test_a_log_without_a_readable_head_file_is_frozen_until_a_person_has_answered(
    tmp_path: Path, content: bytes | None
) -> None:
    async with opened(tmp_path):
        pass
    head = tmp_path / "log-head.json"
    head.unlink()
    if content is not None:
        head.write_bytes(content)
    async with opened(tmp_path) as setting:
        with pytest.raises(LogFrozen, match=r"log-head\.json"):
            setting.log.check_open()
        await setting.log.confirm_newest()
        setting.log.check_open()
    async with opened(tmp_path) as setting:
        setting.log.check_open()


async def test_a_log_that_was_killed_before_its_first_leaf_goes_on(tmp_path: Path) -> None:
    async with opened(tmp_path) as setting, setting.database.write() as connection:
        await connection.execute(text("DELETE FROM logs"))
    async with opened(tmp_path) as setting:
        setting.log.check_open()


async def test_a_database_with_another_history_than_the_published_one_freezes_the_log(tmp_path: Path) -> None:
    async with opened(tmp_path) as setting:
        await setting.enqueue(leaf(1))
        await setting.sequencer.sequence()
    head = tmp_path / "log-head.json"
    head.write_bytes(orjson.dumps({**orjson.loads(head.read_bytes()), "root": "00" * 32}))
    async with opened(tmp_path) as setting:
        with pytest.raises(LogFrozen, match="not those of"):
            setting.log.check_open()


async def test_the_ledgers_head_is_compared_like_the_file(setting: Setting) -> None:
    await setting.enqueue(leaf(1))
    await setting.sequencer.sequence()
    await setting.log.compare(1, setting.log.root, "the ledger")
    setting.log.check_open()
    await setting.log.compare(2, b"x" * 32, "the ledger")
    with pytest.raises(LogFrozen, match="ledger"):
        setting.log.check_open()


async def test_a_database_whose_log_key_is_lost_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path):
        pass
    other = Setting(tmp_path, LogKey(b"x" * 32))
    with pytest.raises(LogKeyMissing):
        await other.log.open()
    await other.database.close()


async def test_proofs_of_sizes_that_the_log_does_not_have_are_refused(setting: Setting) -> None:
    await setting.enqueue(leaf(1))
    await setting.sequencer.sequence()
    for old, new in ((0, 1), (1, 2), (2, 1)):
        with pytest.raises(CmsError):
            await setting.log.consistency(old, new)


async def test_a_head_that_cannot_be_kept_is_not_published_until_it_can(setting: Setting) -> None:
    head = setting.home / "log-head.json"
    head.unlink()
    head.mkdir()
    await setting.enqueue(leaf(1))
    with pytest.raises(HeadNotKept):
        await setting.sequencer.sequence()
    assert setting.log.size == 0
    head.rmdir()
    assert await setting.sequencer.sequence() == 0
    assert setting.log.size == 1
    assert orjson.loads(head.read_bytes())["size"] == 1
