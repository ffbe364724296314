"""Small files that are replaced whole or not at all, and folders that have reached the disk."""

import errno
import os
import secrets
from pathlib import Path
from typing import Final

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_PROBE: Final = b"\0" * 65536


def write_private(path: Path, data: bytes) -> None:
    """Replace a file whole: temporary file (0600), fsync, rename, fsync of the folder. Raises OSError."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """The names in a folder have reached the disk. Raises OSError."""
    if os.name == "posix":
        _sync(folder)


def sync_tree(folder: Path) -> None:
    """Every file and name below a folder has reached the disk. Raises OSError."""
    for parent, _, names in os.walk(folder):
        for name in names:
            _sync(Path(parent) / name)
        sync_folder(Path(parent))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_full(error: OSError) -> bool:
    """Does an error say that the disk, or a quota on it, is full?"""
    return error.errno in _FULL


def has_no_space(folder: Path) -> bool:
    """Can a folder not take 64 KiB more? SQLite words a full disk in several ways; writing tells."""
    path = folder / f".space.{secrets.token_hex(4)}"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        return is_full(error)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(_PROBE)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        return is_full(error)
    finally:
        path.unlink(missing_ok=True)
    return False
