"""Copy a data folder while a backend may be writing to it, and make a data folder out of such a copy."""

import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from cms_backend.core.errors import CmsError
from cms_backend.db.files import sync_folder, sync_tree
from cms_backend.db.session import backup_file

_DATABASE_SUFFIX = ".sqlite3"
#: Of the running process alone.
_LEFT_OUT = frozenset({"backend.lock", "run.json", "logs"})
_PASSING = ("-wal", "-shm", "-journal", ".part")

Finish = Callable[[Path], object]
"""Does the last thing to a copy before it gets its name."""


class BackupFailed(CmsError):
    """The copy could not be made; nothing half-made is left."""

    code = "backup.failed"


class RestoreFailed(CmsError):
    """The data folder could not be made out of the backup; nothing half-made is left."""

    code = "backup.restore-failed"


def backup_home(home: Path, target: Path, finish: Finish) -> list[str]:
    """Write a consistent copy of a data folder to a new folder; the names written. Raises BackupFailed."""
    if target.exists():
        raise BackupFailed(f"{target} already exists.", remedy="Name a folder that does not exist yet.")
    if not (home / "cms.sqlite3").is_file():
        raise BackupFailed(f"{home} holds no database.", remedy="Name the data folder with --home.")
    try:
        return _copy_home(home, target, finish)
    except (OSError, DatabaseError, sqlite3.Error) as error:
        raise BackupFailed(f"The backup to {target} failed: {_reason(error)}.") from error


def restore_home(source: Path, home: Path, finish: Finish) -> list[str]:
    """Make a data folder out of a backup; the names written. Raises RestoreFailed.

    ``home`` must not exist, or be empty. The backup is only read.
    """
    if not (source / "cms.sqlite3").is_file():
        raise RestoreFailed(
            f"{source} holds no database, so it is no backup of a data folder.",
            remedy="Name the folder that cms backend backup wrote.",
        )
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise RestoreFailed(
            f"{home} is not empty.",
            remedy="Name a data folder that does not exist yet: cms --home NEW_HOME backend restore FOLDER",
        )
    try:
        return _copy_home(source, home, finish)
    except (OSError, DatabaseError, sqlite3.Error) as error:
        raise RestoreFailed(f"{source} could not be put back: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    return str(error.strerror or error) if isinstance(error, OSError) else str(error)


def _copy_home(home: Path, target: Path, finish: Finish) -> list[str]:
    names = sorted(
        path.name
        for path in home.iterdir()
        if path.name not in _LEFT_OUT and not path.name.endswith(_PASSING)
    )
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        partial.mkdir(parents=True, mode=0o700)
        for name in _in_order(names):
            _copy(home / name, partial / name)
        finish(partial)
        sync_tree(partial)
        if target.exists():
            target.rmdir()  # empty: the caller has looked
        partial.rename(target)
        sync_folder(target.parent)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return sorted(path.name for path in target.iterdir())


def _in_order(names: Iterable[str]) -> list[str]:
    # Databases last: a copy whose database is newer than log-head.json is sound, the reverse would freeze
    # its log.
    # The ledger goes before the log for the same reason: a copy behind its own anchors would freeze.
    return sorted(names, key=lambda name: (name.endswith(_DATABASE_SUFFIX), name == "cms.sqlite3"))


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.name.endswith(_DATABASE_SUFFIX):
        backup_file(source, target)
    else:
        shutil.copy2(source, target)
