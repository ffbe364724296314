"""An old backup is brought back to life beside its home: it must not go on with a log that has grown since."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

from cms_backend.core.checkpoint import open_note, parse_vkey
from tests.chaos.soak.home import Home
from tests.support.backend_contracts import Story, party_of
from tests.support.backend_process import BackendProcess

_BACKUP_SECONDS = 60.0


class Backups:
    """The backups of one home, made while its backend runs."""

    def __init__(self, home: Home, folder: Path) -> None:
        self._home = home
        self._folder = folder
        self._made: list[tuple[Path, int]] = []

    def make(self) -> None:
        """Make one, as an operator does. A disk that fails may refuse it; then there is none."""
        target = self._folder / f"backup-{self._home.number}-{len(self._made)}"
        arguments = ["backup", "--home", str(self._home.path), "--out", str(target)]
        done = subprocess.run(
            [sys.executable, "-m", "cms_backend", *arguments],
            capture_output=True,
            timeout=_BACKUP_SECONDS,
            check=False,
        )
        if done.returncode == 0:
            self._made.append((target, len(self._home.checkpoints)))
            self._home.tally.count("backups")
        elif b"Traceback" in done.stderr:
            self._home.tally.find(f"home {self._home.number}: backup: {done.stderr.decode()[-2000:]}")

    def bring_back(self, chance: random.Random) -> None:
        """Start a copy of an old backup, and ask it to accept something."""
        old = [made for made, seen in self._made if len(self._home.checkpoints) > seen]
        if not old or not self._home.log:
            return
        side = self._folder / f"restored-{self._home.number}"
        shutil.copytree(chance.choice(old), side)
        try:
            with BackendProcess(side) as backend:
                self._ask(backend)
        finally:
            shutil.rmtree(side)
        self._home.tally.count("backups brought back")

    def _ask(self, backend: BackendProcess) -> None:
        home = self._home
        story = Story(log=home.log, owner=home.person, parties=(party_of(home.person, name="A person"),))
        with home.client(backend) as client:
            answer = client.post("/contracts", json=story.create().body)
            if answer.is_success:
                home.tally.count("forked")
                home.tally.find(f"home {home.number}: an old backup accepted an event: {answer.text[:200]}")
            note = client.get("/log/checkpoint")
            if note.is_success:
                home.checkpoints.append(open_note(note.text, parse_vkey(home.log["vkey"])))
