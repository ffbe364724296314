"""The `cms` command in this process, and at a terminal of its own; a keyring in memory."""

from __future__ import annotations

import io
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import keyring.core
import pytest
from keyring.backend import KeyringBackend

from cms_desktop.cli.entry import main
from tests.support.wallet_home import PASSPHRASE

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run: TypeAlias = Callable[..., Done]
"""``run(*arguments, home=HOME)``: the command on a home, with nobody at the terminal."""


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command as its entry point runs it, standard input empty."""

    def run(*arguments: str | Path, home: Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["cms", "--home", str(home), *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return Done(left.value.code, said.out, said.err)

    return run


def passphrase_file(folder: Path, text: str = PASSPHRASE, name: str = "passphrase") -> Path:
    """A file whose first line is the passphrase."""
    path = folder / name
    path.write_text(text + "\nwhat follows is no part of it\n")
    return path


def at_terminal(*arguments: str | Path, home: Path, answers: list[tuple[str, str]]) -> Done:
    """The command in a process with a terminal; each answer is typed when its question stands there, with the space
    after it: what is typed before that, a hidden question throws away. Both outputs come as `out`.
    """
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "cms_desktop.cli", "--home", str(home), *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        said = ""
        for question, answer in answers:
            before = len(said)
            while question not in said[before:]:
                piece = _read(ours)
                assert piece, f"it ended before it asked {question!r}: {said}"
                said += piece
            os.write(ours, answer.encode() + b"\n")
        while piece := _read(ours):
            said += piece
        return Done(process.wait(PATIENCE), said, "")
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _read(descriptor: int) -> str:
    end = time.monotonic() + PATIENCE
    ready, _, _ = select.select([descriptor], [], [], max(0.0, end - time.monotonic()))
    assert ready, "the command said nothing more"
    try:
        return os.read(descriptor, 65536).decode()
    except OSError:  # the other end of a terminal that is gone (EIO)
        return ""


class MemoryKeyring(KeyringBackend):
    """A keyring that keeps, in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.full = False

    def get_password(self, service: str, username: str) -> str | None:
        """What is kept, or None."""
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep; PasswordSetError when it is full."""
        from keyring.errors import PasswordSetError

        if self.full:
            raise PasswordSetError("no room")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget; PasswordDeleteError when there is nothing."""
        from keyring.errors import PasswordDeleteError

        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("nothing is kept")


def memory_keyring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """Use a keyring in memory until the end of the test."""
    backend = MemoryKeyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend
