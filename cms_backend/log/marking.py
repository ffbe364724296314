"""The mark of a backup: a log that is put back from one stays frozen until a person has answered for it.

The mark is in two places. ``backup.json`` says to people what the folder is; the copied database carries the
same doubt, so that a database that is taken out of a backup by itself is marked too.
"""

import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson

from cms_backend.core.errors import CmsError
from cms_backend.core.ids import Digest, Time
from cms_backend.db.files import sync_folder, write_private
from cms_backend.log import standing
from cms_backend.log.standing import Cause

NAME: Final = "backup.json"
_FORMAT: Final = "cms-backup/1"
_UNREADABLE: Final = (
    f"This data folder was put back from a backup ({NAME} cannot be read). It is not known whether the log "
    "has gone on since."
)


@dataclass(frozen=True, slots=True)
class Mark:
    """When a backup was made, and how far the log was: origin, vkey and root are None without a log."""

    at: Time
    origin: str | None
    vkey: str | None
    size: int
    root: str | None

    @property
    def words(self) -> str:
        """Why a log that is put back from it is frozen."""
        moment = self.at.datetime.strftime("%d %B %Y, %H:%M UTC").lstrip("0")
        entries = "1 leaf" if self.size == 1 else f"{self.size} leaves"
        return (
            f"This data folder was put back from the backup of {moment}, when the log had {entries}. "
            "It is not known whether the log has gone on since."
        )


def mark_copy(folder: Path) -> Mark:
    """Mark a copy of a data folder, in the file and in the database. Raises OSError, sqlite3.Error."""
    with closing(sqlite3.connect(folder / "cms.sqlite3", isolation_level=None)) as database:
        database.execute("PRAGMA synchronous=FULL")
        database.execute("BEGIN IMMEDIATE")
        mark = _made(database)
        doubt = Cause("backup", mark.words)
        for number, causes in database.execute("SELECT id, frozen FROM logs").fetchall():
            text = standing.to_text(standing.with_cause(standing.from_text(causes), doubt))
            database.execute("UPDATE logs SET frozen = ? WHERE id = ?", (text, number))
        database.execute("COMMIT")
    write_private(
        folder / NAME, orjson.dumps({"format": _FORMAT, **asdict(mark)}, option=orjson.OPT_INDENT_2)
    )
    return mark


def _made(database: sqlite3.Connection) -> Mark:
    now = Time.from_datetime(datetime.now(UTC))
    log = database.execute("SELECT id, origin, vkey FROM logs ORDER BY id DESC LIMIT 1").fetchone()
    if log is None:
        return Mark(now, None, None, 0, None)
    query = "SELECT size, root FROM checkpoints WHERE log = ? ORDER BY size DESC LIMIT 1"
    size, root = database.execute(query, (log[0],)).fetchone() or (0, None)
    return Mark(now, log[1], log[2], int(size), None if root is None else bytes(root).hex())


def doubt_of(home: Path) -> str | None:
    """Why the log of a marked data folder is frozen; None where there is no mark."""
    path = home / NAME
    try:
        body = orjson.loads(path.read_bytes())
        if body["format"] != _FORMAT or type(body["size"]) is not int:
            return _UNREADABLE
        root = None if body["root"] is None else str(Digest.parse(body["root"]))
        return Mark(Time.parse(body["at"]), body["origin"], body["vkey"], body["size"], root).words
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, CmsError):
        return _UNREADABLE


def take_away(home: Path) -> None:
    """Remove the mark's file, durably. Raises OSError."""
    (home / NAME).unlink(missing_ok=True)
    sync_folder(home)
