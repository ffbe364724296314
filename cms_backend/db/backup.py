"""Copy a data folder while a backend may be writing to it."""

import shutil
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from cms_backend.core.errors import CmsError
from cms_backend.db.session import backup_file

_DATABASE_SUFFIX = ".sqlite3"
#: Of the running process alone.
_LEFT_OUT = frozenset({"backend.lock", "run.json", "logs"})


class BackupFailed(CmsError):
    """The copy could not be made; nothing half-made is left."""

    code = "backup.failed"


def backup_home(home: Path, target: Path) -> list[str]:
    """Write a consistent copy of a data folder to a new folder; the names written. Raises BackupFailed."""
    if target.exists():
        raise BackupFailed(f"{target} already exists.", remedy="Name a folder that does not exist yet.")
    if not (home / "cms.sqlite3").is_file():
        raise BackupFailed(f"{home} holds no database.", remedy="Name the data folder with --home.")
    names = sorted(
        path.name
        for path in home.iterdir()
        if path.name not in _LEFT_OUT and not path.name.endswith(("-wal", "-shm", "-journal", ".part"))
    )
    # Databases last: a copy whose database is newer than log-head.json is sound, the reverse would freeze
    # its log.
    # The ledger goes before the log for the same reason: a copy behind its own anchors would freeze.
    names.sort(key=lambda name: (name.endswith(_DATABASE_SUFFIX), name == "cms.sqlite3"))
    partial = target.with_name(target.name + ".part")
    try:
        partial.mkdir(parents=True, mode=0o700)
        for name in names:
            _copy(home / name, partial / name)
        partial.rename(target)
    except (OSError, DatabaseError) as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise BackupFailed(f"The backup to {target} failed: {error}.") from error
    return names


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.name.endswith(_DATABASE_SUFFIX):
        backup_file(source, target)
    else:
        shutil.copy2(source, target)
