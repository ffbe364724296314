"""A terminal with a person at it: runs a command line as a document shows it, and answers when asked."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path

from tests.docs.commands import ROOT

PASSPHRASE = "seven quiet otters paint"
SECONDS = 60.0
# The prompt ends with the space that is written once the echo is off; typing before that would be lost.
_ASKED = re.compile(rb"(passphrase|confirmation): $", re.IGNORECASE)
_AGREED = re.compile(rb"\[y/N\]: $")


def environment(home: Path) -> dict[str, str]:
    """What a shell after `make setup` gives a command: .venv/bin in the path, a data folder, no keyring."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CMS_", "DBUS_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return {**kept, "PATH": path, "CMS_HOME": str(home), "COLUMNS": "200"}


class Terminal:
    """A command line in a pseudo-terminal of its own."""

    def __init__(self, line: str, *, folder: Path, env: Mapping[str, str]) -> None:
        self.line = line
        self._own, other = pty.openpty()
        self._said = b""
        self._answered = 0
        self.process = subprocess.Popen(
            ["bash", "-e", "-c", line],
            cwd=folder,
            env=dict(env),
            stdin=other,
            stdout=other,
            stderr=other,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(other)

    @property
    def said(self) -> str:
        """Everything on the screen."""
        return self._said.decode("utf-8", "replace").replace("\r\n", "\n")

    def wait_for(self, text: str) -> None:
        """Read until this is on the screen; it must come before the command ends."""
        deadline = time.monotonic() + SECONDS
        while text not in self.said:
            assert self._read(deadline), f"{self.line}: {text!r} is not in {self.said!r}"

    def finish(self) -> int:
        """Read to the end, typing the passphrase whenever it is asked for, and yes to what is asked; the exit code."""
        deadline = time.monotonic() + SECONDS
        while self._read(deadline):
            fresh = self._said[self._answered :]
            answer = PASSPHRASE if _ASKED.search(fresh) else "y" if _AGREED.search(fresh) else None
            if answer is not None:
                self._answered = len(self._said)
                os.write(self._own, answer.encode() + b"\n")
        return self.process.wait(timeout=SECONDS)

    def close(self) -> None:
        """Close the window: a command that still runs is hung up."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=SECONDS)
        os.close(self._own)

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._own], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            self.process.kill()
            raise AssertionError(f"{self.line}: it did not end; it said {self.said!r}")
        try:
            more = os.read(self._own, 65536)
        except OSError:  # Linux: the last holder of the other end is gone
            return False
        self._said += more
        return bool(more)


def _take_terminal() -> None:
    """Make standard input the controlling terminal, so that passphrases are asked for there."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def run(line: str, *, home: Path, folder: Path = ROOT, code: int = 0) -> str:
    """What a command says; it must end with this exit code."""
    terminal = Terminal(line, folder=folder, env=environment(home))
    try:
        ended = terminal.finish()
    finally:
        terminal.close()
    assert ended == code, f"$ {line}\n{terminal.said}\nended with {ended}"
    return terminal.said
