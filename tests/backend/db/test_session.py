"""Transactions: whole or not at all, one writer, many readers."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from cms_backend.config import Settings
from cms_backend.db.session import Database, StorageBusy, StorageFull, backup_file


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(Settings(home=tmp_path, database={"busy_timeout_seconds": 0.2}))
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE notes (body TEXT NOT NULL)"))
    yield database
    await database.close()


async def _count(database: Database) -> int:
    async with database.read() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM notes"))).scalar_one())


async def test_a_block_that_ends_well_is_committed_and_one_that_raises_leaves_nothing(
    database: Database,
) -> None:
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO notes VALUES ('kept')"))

    async def fail_half_way() -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO notes VALUES ('gone')"))
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        await fail_half_way()
    assert await _count(database) == 1


async def test_sqlite_syncs_every_commit_and_holds_foreign_keys(database: Database) -> None:
    async with database.write() as connection:
        names = ("synchronous", "foreign_keys", "journal_mode")
        values = [(await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one() for name in names]
    assert values == [2, 1, "wal"]


async def test_a_reader_cannot_write(database: Database) -> None:
    async with database.read() as connection:
        with pytest.raises(OperationalError, match="readonly"):
            await connection.execute(text("INSERT INTO notes VALUES ('no')"))


async def test_a_reader_keeps_its_snapshot_while_another_writes(database: Database) -> None:
    async with database.read() as reader:
        query = text("SELECT count(*) FROM notes")
        before = (await reader.execute(query)).scalar_one()
        async with database.write() as writer:
            await writer.execute(text("INSERT INTO notes VALUES ('later')"))
        assert (await reader.execute(query)).scalar_one() == before
    assert await _count(database) == before + 1


async def test_writers_queue_instead_of_colliding(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO notes VALUES (:body)"), {"body": str(number)})

    await asyncio.gather(*(write(number) for number in range(40)))
    assert await _count(database) == 40


async def test_a_full_disk_is_said_and_nothing_of_the_transaction_is_kept(database: Database) -> None:
    async with database.write() as connection:
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}")

    async def write_much() -> None:
        async with database.write() as connection:
            for _ in range(50):
                await connection.execute(text("INSERT INTO notes VALUES (:body)"), {"body": "x" * 4000})

    with pytest.raises(StorageFull, match="disk is full") as caught:
        await write_much()
    assert caught.value.status == 507
    assert await _count(database) == 0


async def test_a_database_that_another_program_holds_is_said(database: Database, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "cms.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageBusy, match="another program"):
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO notes VALUES ('no')"))
    other.execute("ROLLBACK")
    other.close()


async def test_a_backup_holds_what_was_committed_while_the_original_stays_open(
    database: Database, tmp_path: Path
) -> None:
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO notes VALUES ('kept')"))
    copy = tmp_path / "copy.sqlite3"
    await asyncio.to_thread(backup_file, tmp_path / "cms.sqlite3", copy)
    connection = sqlite3.connect(copy)
    assert connection.execute("SELECT body FROM notes").fetchall() == [("kept",)]
    connection.close()
    assert copy.stat().st_mode & 0o077 == 0
