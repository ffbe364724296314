"""One backend process and its data folder: the lock, ``run.json``, the ready line, and when to end.

Exit codes follow sysexits.h: 64 usage, 65 the database is from a newer version, 69 the port is taken, 70 a
fault of ours, 74 the data folder cannot be used, 75 another backend runs on the folder, 78 settings or keys do
not fit; 1: the log may not go on.
"""

import contextlib
import ctypes
import errno
import fcntl
import logging
import os
import resource
import secrets
import socket
import stat
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from cms_backend.core.errors import CmsError
from cms_backend.db.files import is_full, write_private

EXIT_FROZEN = 1
EXIT_USAGE = 64
EXIT_NEWER_DATABASE = 65
EXIT_PORT_TAKEN = 69
EXIT_FAULT = 70
EXIT_IO = 74
EXIT_TAKEN = 75
EXIT_CONFIG = 78


_PR_SET_DUMPABLE = 4  # linux/prctl.h


def forbid_core_dumps() -> None:
    """No core dump of this process, which holds keys, and on Linux no debugger of the same user on it."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


class CannotStart(CmsError):
    """The backend cannot run here; ``exit_code`` tells the caller's program why."""

    code = "backend.cannot-start"

    def __init__(self, detail: str, exit_code: int, *, remedy: str | None = None) -> None:
        super().__init__(detail, remedy=remedy)
        self.exit_code = exit_code


#: Where a file belongs, and where a folder does; what else stands there can be neither read nor replaced.
_FILES = (
    "backend.lock",
    "run.json",
    "instance",
    "log-head.json",
    "backup.json",
    "backend-keys.json",
    "cms.sqlite3",
    "ledger.sqlite3",
)
_FOLDERS = ("logs",)
_KINDS = {
    stat.S_IFREG: "a file",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def check_places(home: Path) -> None:
    """Nothing stands in the way of the backend's own files. Raises CannotStart (74), OSError."""
    for names, kind, belongs in ((_FILES, stat.S_IFREG, "a file"), (_FOLDERS, stat.S_IFDIR, "a folder")):
        for name in names:
            try:
                found = stat.S_IFMT((home / name).stat().st_mode)
            except (FileNotFoundError, NotADirectoryError):
                continue
            if found != kind:
                raise CannotStart(
                    f"{home / name} is {_KINDS.get(found, 'something else')}, and {belongs} belongs there.",
                    EXIT_IO,
                    remedy="Move it away, put back what belongs there from the newest copy, and start again.",
                )


def disk_full() -> CannotStart:
    """The words for a start on a full disk."""
    return CannotStart(
        "The disk of the data folder is full.",
        EXIT_IO,
        remedy="Free some space on it, then start again. Nothing that was acknowledged is lost.",
    )


def cannot_use(error: OSError) -> CannotStart:
    """The words for a start that the operating system refuses."""
    if is_full(error):
        return disk_full()
    where = error.filename or "The data folder"
    return CannotStart(
        f"{where} cannot be used: {error.strerror or type(error).__name__}.",
        EXIT_IO,
        remedy="Check the data folder's path, its owner and its disk.",
    )


def fault(error: Exception) -> CannotStart:
    """The words for a fault of ours; the log file, where there is one, gets the rest."""
    root = logging.getLogger()
    if root.handlers:
        root.error("backend.fault", exc_info=error)
    return CannotStart(
        f"The backend met a fault of its own ({type(error).__name__}).",
        EXIT_FAULT,
        remedy="Please report it, with logs/backend.log of the data folder.",
    )


@dataclass(frozen=True, slots=True)
class Launch:
    """What ``run.json`` says about a running backend."""

    pid: int
    port: int
    version: str
    started_at: str
    instance: str
    launch_secret: str = field(repr=False)


class HomeLock:
    """Holds a data folder for one backend; the kernel drops the lock when the process ends,
    however it ends.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the folder (made if it is not there). Raises CannotStart (74 or 75)."""
        try:
            self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._home / "backend.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            if is_full(error):
                raise disk_full() from error
            raise CannotStart(
                f"The data folder {self._home} cannot be used: {error.strerror}.",
                EXIT_IO,
                remedy="Choose another one with --home or CMS_HOME.",
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise CannotStart(
                f"Another backend already runs on the data folder {self._home}.",
                EXIT_TAKEN,
                remedy="Use the running one (its address is in run.json), or stop it first.",
            ) from error
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the folder back; ``run.json`` goes with it."""
        with contextlib.suppress(OSError):
            (self._home / "run.json").unlink(missing_ok=True)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def instance_id(home: Path) -> str:
    """A random name for the data folder, made once (32 hex)."""
    path = home / "instance"
    with contextlib.suppress(FileNotFoundError):
        text = path.read_text("ascii", errors="replace").strip()
        if len(text) == 32:
            return text
    text = secrets.token_hex(16)
    write_private(path, text.encode())
    return text


def write_run_file(home: Path, launch: Launch) -> None:
    """Publish how to reach this backend to the programs of the same user."""
    data = {name: getattr(launch, name) for name in Launch.__dataclass_fields__}
    write_private(home / "run.json", orjson.dumps(data))


def bind(host: str, port: int) -> socket.socket:
    """A bound (not yet listening) TCP socket. Raises CannotStart (69)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.socket(family, socket.SOCK_STREAM)
    try:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((host, port))
    except OSError as error:
        server.close()
        why = (
            "is taken by another program"
            if error.errno == errno.EADDRINUSE
            else f"cannot be used ({error.strerror})"
        )
        raise CannotStart(
            f"The address {host}:{port} {why}.",
            EXIT_PORT_TAKEN,
            remedy="Use port 0 to let the system choose.",
        ) from error
    server.set_inheritable(False)
    return server


def announce(port: int) -> None:
    """The one line on standard output that tells the parent that requests are served."""
    sys.stdout.write(orjson.dumps({"ready": True, "port": port, "pid": os.getpid()}).decode() + "\n")
    sys.stdout.flush()


def watch_parent(stop: Callable[[], None]) -> threading.Thread:
    """Call ``stop`` (from a thread) once standard input ends: the parent is gone, killed included."""

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        stop()

    thread = threading.Thread(target=wait, name="parent-watch", daemon=True)
    thread.start()
    return thread
