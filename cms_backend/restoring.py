"""Backups, data folders that are put back from them, and the word of a person that lets a frozen log go on.

None of it serves requests. The folder's lock keeps a backend away meanwhile (``__main__``).
"""

import secrets
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cms_backend.anchoring import repository as anchors
from cms_backend.app import Backend
from cms_backend.config import Settings
from cms_backend.contract.leaving import leave
from cms_backend.core.checkpoint import LogKey
from cms_backend.core.errors import CmsError
from cms_backend.core.ids import Time
from cms_backend.db.backup import backup_home, restore_home
from cms_backend.db.files import sync_folder
from cms_backend.identity.keys import open_vault
from cms_backend.identity.log_keys import next_seed
from cms_backend.ledger import LOCAL_FILE
from cms_backend.ledger.local_chain import records
from cms_backend.log import head_file, marking
from cms_backend.log.service import OwnLog
from cms_backend.log.standing import Causes
from cms_backend.process import instance_id


class LedgerNotAsked(CmsError):
    """The ledger that the settings name has not been asked, so nobody knows how far the log was anchored."""

    code = "log.ledger-not-asked"
    status = 503


class NothingToLeave(CmsError):
    """The log may go on, so that no new one is begun."""

    code = "log.not-frozen"
    status = 409


class OriginFixed(CmsError):
    """The settings fix the log's name, and no two logs have one name."""

    code = "log.origin-fixed"
    status = 409


@dataclass(frozen=True, slots=True)
class Begun:
    """A log that was begun: the origin that it takes the place of, its own, its key, and how many contracts stay
    in the old one."""

    before: str
    origin: str
    vkey: str
    operator: str
    left: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How the log of a data folder stands. The root has 64 hex digits; ``remedy`` is None when the log may grow."""

    origin: str
    size: int
    root: str
    causes: Causes
    remedy: str | None

    def to_json(self) -> dict[str, Any]:
        """What ``python -m cms_backend standing`` prints."""
        return {
            "origin": self.origin,
            "size": self.size,
            "root": self.root,
            "causes": [
                {"kind": cause.kind, "words": cause.words, "proven": cause.proven} for cause in self.causes
            ],
            "remedy": self.remedy,
        }


def backup(home: Path, target: Path) -> list[str]:
    """Write a marked copy of a data folder; the names written. Raises BackupFailed."""
    return backup_home(home, target, _finish)


def restore(source: Path, home: Path) -> list[str]:
    """Make a data folder out of a backup; its log is frozen until ``resume``. Raises RestoreFailed."""
    return restore_home(source, home, _finish_unmarked)


def _finish(folder: Path) -> None:
    _settle_anchors(folder)
    marking.mark_copy(folder)


def _finish_unmarked(folder: Path) -> None:
    """A copy that was made by hand is marked now; a backup keeps the mark of its own day."""
    if not (folder / marking.NAME).exists():
        _finish(folder)


def _settle_anchors(folder: Path) -> None:
    """The ledger is copied before the database: anchors that came in between are sent again, as after a crash."""
    if not (folder / LOCAL_FILE).exists():
        return
    with closing(sqlite3.connect(folder / LOCAL_FILE)) as ledger:
        newest = ledger.execute("SELECT max(number) FROM blocks").fetchone()[0] or 0
    with closing(sqlite3.connect(folder / "cms.sqlite3", isolation_level=None)) as database:
        database.execute("PRAGMA synchronous=FULL")
        database.execute(
            "UPDATE anchors SET status = 'submitted', block = NULL, block_hash = NULL, time = NULL "
            "WHERE chain = ? AND status IN ('mined', 'confirmed') AND block > ?",
            (records.CHAIN, newest),
        )


async def standing(settings: Settings) -> Standing:
    """Open the log of a data folder and hold it to all that is known of it. Raises CmsError."""
    async with _opened(settings) as backend:
        return _standing(backend)


async def resume(settings: Settings) -> Standing:
    """A person has said that nothing was accepted after the state of this folder: its log goes on.

    Raises LogFrozen when something proves the contrary, LedgerNotAsked while a node is silent.
    """
    async with _opened(settings) as backend:
        log = backend.log
        if any(cause.proven for cause in log.causes):
            log.check_open()
        if backend.ledger_asked is False:
            raise LedgerNotAsked(
                "The node of the ledger does not answer, so it is not known how far the log was anchored.",
                remedy="Start the node, or connect another one of the same chain, and try again.",
            )
        if any(cause.kind == "ledger" for cause in log.causes):
            await _accept_ledger(backend)
        await log.confirm_newest()
        marking.take_away(settings.home)
        return _standing(backend)


async def begin_new(settings: Settings) -> Begun:
    """Begin a new log, under a new key, in the place of a frozen one; its contracts stay readable with their proofs.

    Raises NothingToLeave, OriginFixed.
    """
    if settings.log.origin is not None:
        raise OriginFixed(
            f"The settings name the log {settings.log.origin}, and a new log needs a name of its own.",
            remedy="Take log.origin out of the settings.",
        )
    vault = open_vault(settings.home, settings.keys, instance_id(settings.home))
    async with _opened(settings) as backend:
        old = backend.log
        if not old.causes:
            raise NothingToLeave("The log is not frozen: there is no reason to begin another one.")
        if any(cause.kind == "ledger" for cause in old.causes):
            await _accept_ledger(backend)
        new = OwnLog(backend.database, LogKey(next_seed(vault)), old.operator, settings.home / head_file.NAME)
        await new.begin_beside()
        async with backend.database.write() as connection:
            await new.begin_in(connection)
            left = await leave(connection, old, new, Time.from_datetime(datetime.now(UTC)))
        marking.take_away(settings.home)
        return Begun(old.origin, new.origin, new.vkey, str(new.operator.did), left)


async def _accept_ledger(backend: Backend) -> None:
    """Take the embedded ledger as it is: anchors that it lacks are lost, a damaged file is put aside."""
    path, log = backend.settings.home / LOCAL_FILE, backend.log
    async with backend.database.read() as connection:
        blocks = frozenset(await anchors.block_hashes(connection, log.id, records.CHAIN))
    try:
        found = records.read(path, backend.ledger_account, log.key, blocks)
    except records.LedgerDamaged:
        _put_aside(path)
        found = None
    kept = {block_hash for _, block_hash in found.there} if found is not None else set()
    async with backend.database.write() as connection:
        await anchors.forget_places(connection, log.id, records.CHAIN, kept)


def _put_aside(path: Path) -> None:
    mark = secrets.token_hex(4)
    for ending in ("-wal", "-shm", ""):
        file = path.with_name(path.name + ending)
        if file.exists():
            file.rename(path.with_name(f"{path.stem}-damaged-{mark}{path.suffix}{ending}"))
    sync_folder(path.parent)


def _standing(backend: Backend) -> Standing:
    log = backend.log
    return Standing(log.origin, log.size, log.root.hex(), log.causes, log.remedy)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Backend]:
    backend = Backend.open(settings, launch_secret=secrets.token_hex(32), instance=instance_id(settings.home))
    try:
        await backend.open_log()
        yield backend
    finally:
        if backend.ledger is not None:
            await backend.ledger.close()
        await backend.database.close()
