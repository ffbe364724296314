"""Files of a person: read whole within a bound, and replaced whole or not at all.

Whoever looks at a file that is written here finds the old content or the new, never a part.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
from pathlib import Path
from typing import Final

_TOKEN: Final = 6
MIB: Final = 1024 * 1024
MOST_TEXT: Final = 16 * MIB
"""Bytes of the largest text (a draft, a contact card) that is read."""
_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
# Opening a pipe waits for its writer; with this flag it does not. Windows has no such flag, and no such files.
_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def read_whole(path: Path, *, most: int) -> bytes:
    """The bytes of a regular file of at most `most` bytes. Never waits for a pipe, never reads without a bound.

    OSError that names the file and says why in words: it is a pipe, a device or a folder; it is too large; it changed
    while it was read. Blocking.
    """
    # Looked at before it is opened: opening alone makes some devices act.
    _refuse_others(path, path.stat())
    with os.fdopen(os.open(path, os.O_RDONLY | _AT_ONCE), "rb") as file:
        before = os.fstat(file.fileno())
        _refuse_others(path, before)
        if before.st_size > most:
            raise _too_large(path, most)
        data = file.read(most + 1)
        after = os.fstat(file.fileno())
    if len(data) > most:
        raise _too_large(path, most)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(
        data
    ) < after.st_size:
        raise OSError(errno.EAGAIN, "It changed while it was being read. Try again.", str(path))
    return data


def read_text(path: Path, *, most: int = MOST_TEXT) -> str:
    """A text in UTF-8, out of a file or a pipe. OSError that names it, also when it is longer than `most` bytes or no
    text. Blocking: a pipe is read to its end.
    """
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise _too_large(path, most)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OSError(errno.EILSEQ, "It is not a text in UTF-8.", str(path)) from None


def remove_parts(path: Path) -> None:
    """Remove what processes that were killed while they wrote `path` have left beside it. Only for whoever holds the
    file alone: the part of a writer that is at work is removed as well. What cannot be removed stays.
    """
    left = re.compile(re.escape(f".{path.name}.") + f"[0-9a-f]{{{2 * _TOKEN}}}" + re.escape(".part"))
    with contextlib.suppress(OSError):
        for found in os.scandir(path.parent):
            if left.fullmatch(found.name) and found.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    Path(found.path).unlink()


def refuse_others(path: Path) -> None:
    """OSError that says what `path` is, unless it is a regular file."""
    _refuse_others(path, path.stat())


def spoken(error: OSError) -> str:
    """What went wrong, as a sentence."""
    said = error.strerror or "The system does not say why"
    return said if said.endswith(".") else f"{said}."


def _refuse_others(path: Path, found: os.stat_result) -> None:
    if stat.S_ISREG(found.st_mode):
        return
    kind = next((words for fits, words in _KINDS if fits(found.st_mode)), "something else")
    number = errno.EISDIR if stat.S_ISDIR(found.st_mode) else errno.EINVAL
    raise OSError(number, f"This is {kind}, not a file.", str(path))


def _too_large(path: Path, most: int) -> OSError:
    bound = f"{most // MIB} MiB" if most >= MIB else f"{most // 1024} KiB"
    return OSError(errno.EFBIG, f"It is larger than {bound}.", str(path))


def write_whole(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Write a temporary file beside `path`, fsync it, rename it, fsync the folder. `mode` is cut by the umask.

    A link stays, and the file that it leads to is replaced. OSError when it could not be written, or when `path` is a
    device, a pipe or a folder; what was at `path` is untouched then. Blocking.
    """
    path = Path(os.path.realpath(path))
    if path.exists():
        refuse_others(path)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(_TOKEN)}.part")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    # The file is whole either way, so a system that cannot sync a folder is no failure.
    with contextlib.suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
