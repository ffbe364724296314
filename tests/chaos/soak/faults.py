"""A backend process whose disk and clock can be made to fail while it runs.

Two libraries stand between the process and the C library: Debian's libfiu lets calls on files fail with an error of our
choice, clock.c beside this module moves the clock. Both are told at run time, through files.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import select
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.backend_process import BackendProcess

_FIU = (Path("/usr/lib/fiu/fiu_run_preload.so"), Path("/usr/lib/fiu/fiu_posix_preload.so"))
_ANSWER_SECONDS = 2.0

DISK_CALLS = (
    "posix/io/rw/pwrite",
    "posix/io/rw/pread",
    "posix/io/rw/ftruncate",
    "posix/io/sync/fsync",
    "posix/io/sync/fdatasync",
    "posix/io/dir/rename",
    "posix/io/dir/unlink",
)
"""Calls on files alone: `read` and `write` also serve sockets and the event loop's own pipes."""

_HOUR, _DAY = 3_600, 86_400
CLOCK_JUMPS = (-400 * _DAY, -3 * _DAY, -_HOUR, -5, 0, 5, 90, _HOUR, 3 * _DAY, 400 * _DAY)
"""Offsets from the true time in seconds."""


class LibrariesMissing(RuntimeError):
    """libfiu or a C compiler is not on this machine; `packaging/setup/system.sh test` installs them."""


def clock_library(folder: Path) -> Path:
    """Compile clock.c. Raises LibrariesMissing."""
    compiler, library = shutil.which("cc"), folder / "clock.so"
    if compiler is None or not all(path.exists() for path in _FIU):
        raise LibrariesMissing("libfiu or a C compiler is missing: run packaging/setup/system.sh test")
    source = Path(__file__).with_name("clock.c")
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
    return library


@dataclass(frozen=True, slots=True)
class DiskFault:
    """Which calls fail how often, with which error."""

    calls: tuple[str, ...]
    probability: float
    error: int

    @classmethod
    def drawn(cls, chance: random.Random) -> DiskFault:
        """Any fault: a full disk lets writes fail, a broken one everything."""
        if chance.random() < 0.5:
            return cls(
                ("posix/io/rw/pwrite", "posix/io/rw/ftruncate"), chance.choice((0.2, 1.0)), errno.ENOSPC
            )
        count = chance.randint(1, len(DISK_CALLS))
        return cls(tuple(chance.sample(DISK_CALLS, count)), chance.choice((0.02, 0.2, 1.0)), errno.EIO)

    @property
    def commands(self) -> list[str]:
        """As libfiu is told to begin."""
        detail = f"probability={self.probability},failinfo={self.error}"
        return [f"enable_random name={call},{detail}" for call in self.calls]

    @property
    def ends(self) -> list[str]:
        """As libfiu is told to end."""
        return [f"disable name={call}" for call in self.calls]


@dataclass
class Hardware:
    """The disk and clock of one home; `folder` is beside the home, for files of the two libraries."""

    folder: Path
    clock_library: Path
    at_start: DiskFault | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "clock").write_bytes(bytes(8))

    def clock(self, offset: int) -> None:
        """Let the clock go by an offset from the true time, in seconds, from now on."""
        with (self.folder / "clock").open("r+b") as file:
            file.write((offset * 1_000_000_000).to_bytes(8, sys.byteorder, signed=True))

    def variables(self) -> dict[str, str]:
        """The environment of the next process."""
        begins = self.at_start.commands if self.at_start else []
        return {
            **self.environment,
            "LD_PRELOAD": " ".join(map(str, (*_FIU, self.clock_library))),
            "FIU_CTRL_FIFO": str(self.folder / "control"),
            **({"FIU_ENABLE": "\n".join(begins)} if begins else {}),
            "CMS_TEST_CLOCK": str(self.folder / "clock"),
        }

    def tell(self, process: BackendProcess, commands: list[str]) -> None:
        """Hand commands to a running process; one that has just died hears nothing."""
        base = f"{self.folder / 'control'}-{process.process.pid}"
        with contextlib.suppress(OSError):
            for command in commands:
                told = os.open(f"{base}.in", os.O_WRONLY | os.O_NONBLOCK)
                try:
                    os.write(told, command.encode() + b"\n")
                finally:
                    os.close(told)
                heard = os.open(f"{base}.out", os.O_RDWR | os.O_NONBLOCK)
                try:
                    select.select([heard], [], [], _ANSWER_SECONDS)
                finally:
                    os.close(heard)

    def tidy(self) -> None:
        """Remove the pipes that killed processes left."""
        for pipe in self.folder.glob("control-*"):
            pipe.unlink(missing_ok=True)
