"""Engine and transactions: many readers, one writer, one commit at the edge.

SQLite runs in WAL mode with ``synchronous=FULL``: a committed transaction has reached the disk. Writers
take the write lock at ``BEGIN IMMEDIATE``, so that two of them never meet half-way, and queue inside the
process before that.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from cms_backend.config import Settings
from cms_backend.core.errors import CmsError
from cms_backend.db.files import has_no_space

#: What to do about a database that cannot be used any more.
RESTORE: Final = (
    "Put the newest backup back into a new data folder: cms --home NEW_HOME backend restore FOLDER"
)


class StorageFull(CmsError):
    """The disk (or a quota) is full: nothing of the request was kept."""

    code = "storage.full"
    status = 507


class StorageBusy(CmsError):
    """Another process holds the database for longer than the busy timeout."""

    code = "storage.busy"
    status = 503


class StorageFailed(CmsError):
    """The database could not be read or written."""

    code = "storage.failed"
    status = 503


def storage_error(error: DatabaseError, folder: Path | None = None) -> CmsError | None:
    """The problem a person can act on for an error of SQLAlchemy; None for a bug of ours. See ``storage_problem``."""
    return storage_problem(error.orig, folder)


def storage_problem(error: BaseException | None, folder: Path | None = None) -> CmsError | None:
    """The problem a person can act on for an error of the database driver; None for a bug of ours.

    ``folder`` is where the database lies: SQLite says in several ways that a disk is full, so that is tried there.
    """
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    no_access = primary in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
    if primary == sqlite3.SQLITE_FULL or (no_access and folder is not None and has_no_space(folder)):
        return StorageFull(
            "The disk is full, so the request was not stored. What was acknowledged before is safe.",
            remedy="Free some space on the disk of the data folder, then send the request again.",
        )
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StorageBusy(
            "The database is in use by another program.", remedy="Close that program and try again."
        )
    if no_access:
        return StorageFailed(
            "The database could not be written or read.",
            remedy="Check that the data folder's disk is there, is writable and has space.",
        )
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StorageFailed("The database file is damaged.", remedy=RESTORE)
    return None


@asynccontextmanager
async def _clear_errors(folder: Path) -> AsyncIterator[None]:
    try:
        yield
    except DatabaseError as error:
        problem = await asyncio.to_thread(storage_error, error, folder)
        if problem is None:
            raise
        raise problem from error


class Database:
    """The engine pair of one process; see ``read`` and ``write``."""

    def __init__(self, settings: Settings) -> None:
        options: dict[str, Any] = {"pool_reset_on_return": "rollback"}
        timeout = settings.database.busy_timeout_seconds
        self._reader = create_async_engine(
            settings.database_url,
            pool_size=settings.database.max_connections,
            max_overflow=0,
            connect_args={"timeout": timeout},
            **options,
        )
        self._writer = create_async_engine(
            settings.database_url, pool_size=1, max_overflow=0, connect_args={"timeout": timeout}, **options
        )
        self._lock = asyncio.Lock()
        self._folder = settings.home
        _prepare(self._reader, begin="BEGIN", writable=False, timeout=timeout)
        _prepare(self._writer, begin="BEGIN IMMEDIATE", writable=True, timeout=timeout)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection on one consistent snapshot; writing through it fails."""
        async with _clear_errors(self._folder), self._reader.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """The one write transaction: committed (and on the disk) at the end of the block, or rolled back
        whole.
        """
        async with self._lock, _clear_errors(self._folder), self._writer.begin() as connection:
            yield connection

    async def close(self) -> None:
        """Close all connections; waits for a running write."""
        async with self._lock:
            await self._writer.dispose()
        await self._reader.dispose()


def _prepare(engine: AsyncEngine, *, begin: str, writable: bool, timeout: float) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connected(dbapi_connection: Any, _record: Any) -> None:
        # sqlite3 must not open transactions by itself: its implicit BEGIN is deferred and not before a
        # SELECT.
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={int(timeout * 1000)}",
            "cache_size=-16384",
            "temp_store=MEMORY",
            f"query_only={'OFF' if writable else 'ON'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def began(connection: Any) -> None:
        connection.exec_driver_sql(begin)


async def check_integrity(database: Database) -> None:
    """Raise StorageFailed when SQLite finds the file damaged."""
    async with database.read() as connection:
        answer = (await connection.exec_driver_sql("PRAGMA quick_check(1)")).scalar_one()
    if answer != "ok":
        raise StorageFailed("The database file is damaged.", remedy=RESTORE)


def backup_file(source: Path, target: Path) -> None:
    """A consistent copy of a live SQLite file (SQLite's backup API), complete or not there at all."""
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    origin = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    copy = sqlite3.connect(partial)
    try:
        origin.backup(copy, pages=1024)
        copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise OperationalError("backup", None, error) from error
    finally:
        copy.close()
        origin.close()
    partial.chmod(0o600)
    partial.replace(target)
