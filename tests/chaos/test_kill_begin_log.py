"""The beginning of a new log is killed at any moment: the folder has the old log or the new one, whole."""

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.support.backend_contracts import Story
from tests.support.backend_process import BackendProcess
from tests.support.frozen_homes import DATABASE, log_of, post, run, settled

ROUNDS = 8


def _logs(home: Path) -> int:
    with closing(sqlite3.connect(home / DATABASE)) as database:
        return int(database.execute("SELECT count(*) FROM logs").fetchone()[0])


@pytest.mark.slow
def test_a_killed_begin_leaves_one_log_or_the_other(tmp_path: Path) -> None:
    first, home = tmp_path / "first", tmp_path / "home"
    with BackendProcess(first) as backend:
        story = Story(log=log_of(backend)).signed_by_both()
        assert post(backend, story) == 4
        settled(backend, 5)
        before = backend.get(f"/contracts/{story.contract}")["entries"]
    assert run("restore", "--home", home, "--from", first).returncode == 0
    began = time.monotonic()
    assert run("standing", "--home", home).returncode == 0
    lasts = time.monotonic() - began

    killed = 0
    for number in range(ROUNDS):
        command = [sys.executable, "-m", "cms_backend", "begin-log", "--home", str(home)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with suppress(subprocess.TimeoutExpired):
            process.wait(lasts * (0.6 + 0.1 * number))
        process.kill()
        killed += process.wait() < 0
        done = run("standing", "--home", home)
        assert done.returncode == 0, done.stderr
        assert _logs(home) in (1, 2)
        if _logs(home) == 2:
            break
        assert "backup" in {cause["kind"] for cause in json.loads(done.stdout)["causes"]}
    print(f"killed {killed} times, {_logs(home)} logs in the end")
    if _logs(home) == 1:
        done = run("begin-log", "--home", home)
        assert done.returncode == 0, done.stderr
    elif json.loads(run("standing", "--home", home).stdout)["causes"]:
        # Killed between the new log and the end of the mark: the mark asks once more.
        assert run("resume", "--home", home).returncode == 0
    with BackendProcess(home) as backend:
        assert backend.get("/status")["log"]["frozen"] is None
        assert [one["index"] for one in backend.get(f"/contracts/{story.contract}")["entries"]] == [
            one["index"] for one in before
        ]
        assert post(backend, Story(log=log_of(backend)).signed_by_both()) == 4
        settled(backend, 5)
