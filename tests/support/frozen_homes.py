"""Data folders that were put back from parts of different ages, on real backend processes."""

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx

from cms_backend.core.checkpoint import Checkpoint, open_note, parse_vkey
from tests.support.backend_contracts import Story
from tests.support.backend_process import BackendProcess

Part = Literal["old", "new", "missing"]
HEAD, LEDGER, DATABASE, MARK = "log-head.json", "ledger.sqlite3", "cms.sqlite3", "backup.json"
_SETTLE_SECONDS = 30.0


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """``python -m cms_backend`` with these words."""
    command = [sys.executable, "-m", "cms_backend", *map(str, words)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


def log_of(backend: BackendProcess) -> dict[str, str]:
    """What a story says of the backend's log."""
    info = backend.get("/log/info")
    return {"vkey": info["vkey"], "operator": info["operator"]}


def post(backend: BackendProcess, story: Story) -> int:
    """Send a whole story; how many events were acknowledged until the first refusal."""
    path, acknowledged = "/contracts", 0
    for sent in story.sent:
        answer = httpx.post(f"{backend.url}{path}", json=sent.body, headers=backend.headers, timeout=20)
        if answer.status_code != 201:
            assert answer.json()["code"] == "log.frozen", answer.text
            break
        acknowledged += 1
        path = f"/contracts/{story.contract}/events"
    return acknowledged


def settled(backend: BackendProcess, size: int) -> dict[str, Any]:
    """The status once ``size`` leaves or more are logged, and all of them are anchored."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < deadline:
        status: dict[str, Any] = backend.get("/status")
        newest = backend.get("/anchors", params={"limit": 1})["items"]
        anchored = bool(newest) and newest[0]["size"] == status["log"]["size"] >= size
        if anchored and not status["queue"] and not status["anchors"]["pending"]:
            return status
        time.sleep(0.05)
    raise AssertionError(f"it did not settle: {status}")


@dataclass(frozen=True)
class Ages:
    """One data folder at two moments, and the backup of the first; every root that its log published."""

    old: Path
    new: Path
    backup: Path
    vkey: str
    newest: Checkpoint
    note: str
    roots: dict[int, bytes]

    def mix(self, home: Path, *, head: Part, ledger: Part, marked: bool) -> None:
        """The old database with parts of other ages; ``marked``: as the backup has it, else as copied by hand."""
        shutil.copytree(self.backup if marked else self.old, home)
        for name, part in ((HEAD, head), (LEDGER, ledger)):
            (home / name).unlink()
            if part != "missing":
                shutil.copy2((self.old if part == "old" else self.new) / name, home / name)

    def is_second(self, seen: Checkpoint) -> bool:
        """Does a checkpoint show what the newest state does not hold?"""
        return (
            self.roots.get(seen.size, seen.root.raw if seen.size < self.newest.size else b"") != seen.root.raw
        )


def two_ages(folder: Path) -> Ages:
    """A backend is stopped twice; in between another contract is signed."""
    home, old, copy = folder / "home", folder / "old", folder / "backup"
    with BackendProcess(home) as backend:
        log = log_of(backend)
        assert post(backend, Story(log=log).signed_by_both()) == 4
        settled(backend, 5)
    shutil.copytree(home, old)
    done = run("backup", "--home", home, "--out", copy)
    assert done.returncode == 0, done.stderr
    roots = {}
    with BackendProcess(home) as backend:
        for _ in range(2):
            size = settled(backend, 5)["log"]["size"]
            assert post(backend, Story(log=log).signed_by_both()) == 4
            settled(backend, size + 4)
            seen = look(backend, log["vkey"])
            roots[seen.size] = seen.root.raw
        note = httpx.get(f"{backend.url}/log/checkpoint", headers=backend.headers).text
    return Ages(old, home, copy, log["vkey"], open_note(note, parse_vkey(log["vkey"])), note, roots)


def look(backend: BackendProcess, vkey: str) -> Checkpoint:
    """The newest checkpoint that the backend shows."""
    return open_note(
        httpx.get(f"{backend.url}/log/checkpoint", headers=backend.headers).text, parse_vkey(vkey)
    )


@dataclass(frozen=True, slots=True)
class Attacked:
    """What a backend gave away on a folder: acknowledgements, and checkpoints of a second history."""

    acknowledged: int
    second: int
    frozen: str | None


def attack(home: Path, ages: Ages, seconds: float = 1.2) -> Attacked:
    """Post contracts from the first moment on, and look at every checkpoint, for some seconds."""
    acknowledged, seen, frozen = 0, set(), None
    with BackendProcess(home) as backend:
        log = log_of(backend)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            acknowledged += post(backend, Story(log=log).signed_by_both())
            if log["vkey"] == ages.vkey and backend.get("/log/info")["size"]:
                seen.add(look(backend, ages.vkey))
        frozen = backend.get("/status")["log"]["frozen"]
    return Attacked(acknowledged, sum(ages.is_second(one) for one in seen), frozen)
