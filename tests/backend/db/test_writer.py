"""Group commit: many clients, one transaction, and nobody pays for another's mistake."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.config import Settings
from cms_backend.core.errors import CmsError, LifecycleError
from cms_backend.db.session import Database
from cms_backend.db.writer import GroupWriter, WriterStopped


class Notes:
    """A writer of numbers: negative ones are refused, 13 is a fault of the program, 77 a full disk."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.groups: list[list[int]] = []
        self.undone: list[int] = []
        self.writer: GroupWriter[int, str] = GroupWriter(
            database, self.handle, rolled_back=self.undone.extend, group_size=8
        )

    async def handle(self, connection: AsyncConnection, items: Sequence[int]) -> list[str | CmsError]:
        self.groups.append(list(items))
        if 77 in items:
            raise CmsError("full")
        results: list[str | CmsError] = []
        for item in items:
            if item == 13:
                raise ZeroDivisionError
            if item < 0:
                results.append(LifecycleError("negative"))
                continue
            await connection.execute(text("INSERT INTO notes VALUES (:body)"), {"body": str(item)})
            results.append(f"stored {item}")
        return results

    async def stored(self) -> list[str]:
        async with self.database.read() as connection:
            return list((await connection.execute(text("SELECT body FROM notes"))).scalars())


@pytest.fixture
async def notes(tmp_path: Path) -> AsyncIterator[Notes]:
    database = Database(Settings(home=tmp_path))
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE notes (body TEXT NOT NULL)"))
    notes = Notes(database)
    task = asyncio.create_task(notes.writer.run())
    yield notes
    notes.writer.stop()
    await task
    await database.close()


async def test_what_waits_together_is_committed_together(notes: Notes) -> None:
    results = await asyncio.gather(*(notes.writer.submit(number) for number in range(8)))
    assert results == [f"stored {number}" for number in range(8)]
    assert notes.groups == [list(range(8))]


async def test_a_refused_item_gets_its_error_and_the_others_are_stored(notes: Notes) -> None:
    first, second, third = await asyncio.gather(
        *(notes.writer.submit(number) for number in (1, -1, 2)), return_exceptions=True
    )
    assert (first, third) == ("stored 1", "stored 2")
    assert isinstance(second, LifecycleError)
    assert await notes.stored() == ["1", "2"]


async def test_a_fault_in_one_item_is_its_own(notes: Notes) -> None:
    results = await asyncio.gather(*(notes.writer.submit(n) for n in (1, 13, 2)), return_exceptions=True)
    assert results[0] == "stored 1"
    assert isinstance(results[1], ZeroDivisionError)
    assert results[2] == "stored 2"
    assert await notes.stored() == ["1", "2"]
    assert notes.undone == [1, 13, 2, 13]


async def test_a_storage_failure_is_told_to_all_and_the_writer_goes_on(notes: Notes) -> None:
    results = await asyncio.gather(*(notes.writer.submit(n) for n in (1, 77)), return_exceptions=True)
    assert all(isinstance(result, CmsError) for result in results)
    assert await notes.writer.submit(3) == "stored 3"
    assert await notes.stored() == ["3"]


async def test_after_stop_nothing_is_taken_but_what_waited_is_committed(notes: Notes) -> None:
    waiting = [asyncio.create_task(notes.writer.submit(number)) for number in range(3)]
    await asyncio.sleep(0)
    notes.writer.stop()
    with pytest.raises(WriterStopped):
        await notes.writer.submit(9)
    assert await asyncio.gather(*waiting) == ["stored 0", "stored 1", "stored 2"]
    assert await notes.stored() == ["0", "1", "2"]
