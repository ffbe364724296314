"""A start on a data folder that cannot be used ends with a fault's own exit code and words, never with a traceback.

The disk of the full cases is a real file system (tmpfs) that is full; where none can be mounted, a limit
of the kernel on the size of files (RLIMIT_FSIZE) refuses to write.
"""

from __future__ import annotations

import os
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from cms_backend import process
from tests.support.backend_process import BackendProcess
from tests.support.frozen_homes import settled

Break = Callable[[Path], object]


def _replaced(name: str, make: Callable[[Path], object]) -> Break:
    def broken(home: Path) -> None:
        path = home / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        make(path)

    return broken


def _socket(path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as made:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            made.bind(f"/proc/self/fd/{folder}/{path.name}")
        finally:
            os.close(folder)


def _sql(*statements: str) -> Break:
    def broken(home: Path) -> None:
        with closing(sqlite3.connect(home / "cms.sqlite3")) as database:
            for statement in statements:
                database.execute(statement)
            database.commit()

    return broken


def _text(path: Path) -> None:
    path.write_text("a text, where something else belongs\n" * 200)


def _cut(home: Path) -> None:
    path = home / "cms.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    path.write_bytes(path.read_bytes()[:5000])


MADE = {"a folder": Path.mkdir, "a pipe": os.mkfifo, "a socket": _socket}
PLACES = (
    "run.json",
    "instance",
    "log-head.json",
    "cms.sqlite3",
    "ledger.sqlite3",
    "backend.lock",
    "backup.json",
)
FAULTS: dict[str, tuple[Break, str]] = {
    f"{kind} in the place of {name}": (_replaced(name, make), f"{name} is {kind}, and a file belongs there")
    for name in PLACES
    for kind, make in MADE.items()
    if kind != "a socket" or name == "run.json"
}
FAULTS |= {
    "a file in the place of logs": (_replaced("logs", _text), "logs is a file, and a folder belongs there"),
    "a pipe in the place of logs": (
        _replaced("logs", os.mkfifo),
        "logs is a pipe, and a folder belongs there",
    ),
    "a text in the place of the database": (_replaced("cms.sqlite3", _text), "it is damaged"),
    "the first pages of the database": (_cut, "it is damaged"),
    "a table that is missing": (_sql("DROP TABLE log_queue"), "lacks the table log_queue"),
    "all tables of the log missing": (
        _sql("PRAGMA foreign_keys=OFF", "DROP TABLE log_leaves", "DROP TABLE logs"),
        "lacks the table",
    ),
    "a column that is missing": (
        _sql("ALTER TABLE log_queue DROP COLUMN accepted_at"),
        "lacks the column log_queue.accepted_at",
    ),
    "no schema revision": (_sql("DELETE FROM alembic_version"), "does not say which form it has"),
    "a log whose newest leaf is missing": (
        _sql("DELETE FROM log_leaves WHERE idx = (SELECT max(idx) FROM log_leaves)"),
        "does not hold together",
    ),
    "a log whose size is another": (_sql("UPDATE logs SET size = size + 1"), "does not hold together"),
    "a log whose root is another": (
        _sql("UPDATE checkpoints SET root = zeroblob(32)"),
        "does not hold together",
    ),
    "a log without the hashes of its tree": (_sql("DELETE FROM log_nodes"), "lacks a part of its log"),
    "another program's database": (_sql("DROP TABLE alembic_version"), "is not a database of this program"),
}


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that a backend has run on."""
    home = tmp_path_factory.mktemp("used") / "home"
    with BackendProcess(home) as backend:
        settled(backend, 1)
    return home


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_data_folder_is_named_in_two_lines(used: Path, tmp_path: Path, name: str) -> None:
    home = tmp_path / "home"
    shutil.copytree(used, home)
    break_it, words = FAULTS[name]
    break_it(home)
    began = time.monotonic()
    code, errors = BackendProcess(home).wait()
    print(f"{name}: exit {code} after {time.monotonic() - began:.1f} s: {errors.strip()}")
    assert code == process.EXIT_IO
    assert words in errors
    assert "Traceback" not in errors
    assert len(errors.strip().splitlines()) == 2


def test_a_ledger_without_its_newest_block_is_named_and_nothing_settles_for_ever(
    used: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(used, home)
    with closing(sqlite3.connect(home / "ledger.sqlite3")) as ledger:
        ledger.execute("DELETE FROM blocks WHERE number = (SELECT max(number) FROM blocks)")
        ledger.commit()
    with BackendProcess(home) as backend:
        status = backend.get("/status")
    assert "lacks its newest block" in status["log"]["frozen"]
    assert status["log"]["remedy"]
    assert status["ledger"]["state"] == "unavailable"
    assert "lacks its newest block" in status["ledger"]["reason"]


# --- a full disk --------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MiB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    mounted = (
        shutil.which("mount") is not None and not subprocess.run(command, capture_output=True).returncode
    )
    if not mounted:
        pytest.skip("no file system can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def _fill(folder: Path) -> None:
    with suppress(OSError), (folder / "filler").open("wb") as stream:
        while True:
            stream.write(b"\0" * 4096)
            stream.flush()


def _full(home: Path) -> None:
    code, errors = BackendProcess(home).wait()
    print(f"{home}: exit {code}: {errors.strip()}")
    assert code == process.EXIT_IO
    assert "is full" in errors
    assert "Restore" not in errors
    assert "backup" not in errors
    assert "Traceback" not in errors
    assert len(errors.strip().splitlines()) == 2


def test_a_start_on_a_full_disk_says_so_and_starts_when_there_is_space(small_disk: Path, used: Path) -> None:
    home = small_disk / "home"
    shutil.copytree(used, home)
    _fill(small_disk)
    _full(home)
    (small_disk / "filler").unlink()
    with BackendProcess(home) as backend:
        assert backend.get("/status")["log"]["frozen"] is None


def test_a_first_start_on_a_full_disk_says_so(small_disk: Path) -> None:
    home = small_disk / "home"
    _fill(small_disk)
    _full(home)
    (home / "made").mkdir(parents=True)
    _full(home)


@pytest.mark.parametrize("kilobytes", [0, 1, 16, 64])
@pytest.mark.parametrize("first", [True, False])
def test_a_start_that_may_write_no_more_says_so(
    used: Path, tmp_path: Path, kilobytes: int, first: bool
) -> None:
    home = tmp_path / "home"
    if not first:
        shutil.copytree(used, home)
    limit = kilobytes * 1024
    done = subprocess.run(
        [sys.executable, "-m", "cms_backend", "serve", "--home", str(home), "--child"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    print(f"files of {kilobytes} KiB at the most: exit {done.returncode}: {done.stderr.strip()}")
    assert done.returncode in ({process.EXIT_IO} if first else {process.EXIT_IO, 0})
    assert "Traceback" not in done.stderr
    assert done.returncode == 0 or "is full" in done.stderr or "has space" in done.stderr
