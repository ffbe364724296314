"""A backup and what is made out of it: whole, marked, and never over something that is there."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.backend_contracts import Story
from tests.support.backend_process import BackendProcess
from tests.support.frozen_homes import (
    DATABASE,
    HEAD,
    LEDGER,
    MARK,
    Ages,
    log_of,
    post,
    run,
    settled,
    two_ages,
)


@pytest.fixture(scope="module")
def ages(tmp_path_factory: pytest.TempPathFactory) -> Ages:
    return two_ages(tmp_path_factory.mktemp("ages"))


def _standing(home: Path) -> dict[str, object]:
    done = run("standing", "--home", home)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def _kinds(home: Path) -> list[str]:
    causes = _standing(home)["causes"]
    assert isinstance(causes, list)
    return sorted(cause["kind"] for cause in causes)


def test_a_backup_says_when_it_was_made_and_how_far_the_log_was(ages: Ages) -> None:
    mark = json.loads((ages.backup / MARK).read_bytes())
    assert (mark["vkey"], mark["size"]) == (ages.vkey, 5)
    assert len(mark["root"]) == 64
    assert (ages.backup / MARK).stat().st_mode & 0o777 == 0o600
    assert not list(ages.backup.parent.glob("*.part"))
    assert not list(ages.backup.parent.glob(".*.part"))


def test_a_backup_of_a_backup_keeps_asking(ages: Ages, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert run("restore", "--home", tmp_path / "home", "--from", ages.backup).returncode == 0
    assert run("backup", "--home", tmp_path / "home", "--out", again).returncode == 0
    assert _kinds(again) == ["backup"]


def test_a_folder_that_was_copied_by_hand_is_marked_when_it_is_restored(ages: Ages, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert _kinds(ages.old) == []
    assert run("restore", "--home", home, "--from", ages.old).returncode == 0
    assert not (ages.old / MARK).exists()
    assert _kinds(home) == ["backup"]
    (home / MARK).unlink()
    assert _kinds(home) == ["backup"]
    done = run("resume", "--home", home)
    assert done.returncode == 0, done.stderr
    assert _kinds(home) == []


def test_a_damaged_mark_freezes_too(ages: Ages, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(ages.old, home)
    (home / MARK).write_bytes(b"{}")
    assert _kinds(home) == ["backup"]


def test_anchors_that_came_while_the_copy_was_made_are_sent_again(ages: Ages, tmp_path: Path) -> None:
    """The ledger is copied before the database; here it is as much older as it can be."""
    torn, copy, home = tmp_path / "torn", tmp_path / "copy", tmp_path / "home"
    shutil.copytree(ages.new, torn)
    for ending in ("-wal", "-shm"):
        (torn / f"{LEDGER}{ending}").unlink(missing_ok=True)
    shutil.copy2(ages.old / LEDGER, torn / LEDGER)
    assert _kinds(torn) == ["ledger"]
    assert run("backup", "--home", torn, "--out", copy).returncode == 0
    with closing(sqlite3.connect(copy / DATABASE)) as database:
        counts = dict(database.execute("SELECT status, count(*) FROM anchors GROUP BY status"))
    assert counts["submitted"] >= 1
    assert run("restore", "--home", home, "--from", copy).returncode == 0
    done = run("resume", "--home", home)
    assert done.returncode == 0, done.stderr
    with BackendProcess(home) as backend:
        size = ages.newest.size
        assert settled(backend, size)["anchors"]["confirmed"] >= 2
        assert post(backend, Story(log=log_of(backend)).signed_by_both()) == 4
        settled(backend, size + 4)


@pytest.mark.parametrize("what", ["a file", "a folder with something in it", "a home in use"])
def test_nothing_is_written_over(ages: Ages, tmp_path: Path, what: str) -> None:
    home = tmp_path / "home"
    if what == "a file":
        home.write_text("mine")
    else:
        home.mkdir()
        (home / (HEAD if what == "a home in use" else "mine")).write_text("mine")
    done = run("restore", "--home", home, "--from", ages.backup)
    assert done.returncode == 74
    assert "is not empty" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.read_text() for path in ([home] if home.is_file() else home.iterdir())] == ["mine"]


def test_an_empty_folder_is_taken(ages: Ages, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    assert run("restore", "--home", home, "--from", ages.backup).returncode == 0
    assert _kinds(home) == ["backup"]
