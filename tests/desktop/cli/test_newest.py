"""`cms backend restore` and `cms log resume`: a log goes on under its key only when a person says it may, and nothing
shows the contrary.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.desktop.cli.test_log import fill
from tests.support.backend_contracts import Story
from tests.support.backend_process import BackendProcess
from tests.support.cli_run import Run, at_terminal
from tests.support.frozen_homes import log_of, post, settled
from tests.support.frozen_homes import run as backend_program


@pytest.fixture
def lived(tmp_path: Path) -> tuple[Path, Path]:
    """A data folder that went on for some events after its backup was made; and the backup."""
    home, copy = tmp_path / "home", tmp_path / "backup"
    with BackendProcess(home) as process:
        asyncio.run(fill(process, home))
        settled(process, 2)
        assert backend_program("backup", "--home", home, "--out", copy).returncode == 0
    return home, copy


def test_a_restored_backup_stays_frozen_until_a_person_has_answered(
    lived: tuple[Path, Path], tmp_path: Path, run: Run
) -> None:
    home = tmp_path / "new"
    asked_nobody = run("backend", "restore", lived[1], home=home)
    assert asked_nobody.code == 1
    assert "cms log resume --newest" in asked_nobody.err
    with BackendProcess(home) as process:
        assert post(process, Story(log=log_of(process)).signed_by_both()) == 0
        checked, status = run("log", "check", home=home), run("backend", "status", home=home)
        size = process.get("/status")["log"]["size"]
    assert checked.code == 1
    assert "put back from the backup" in checked.out
    assert "it fits" in checked.out
    assert "frozen" in status.out

    refused = at_terminal("log", "resume", home=home, answers=[("[y/N]: ", "n")])
    assert refused.code == 1
    agreed = at_terminal("log", "resume", home=home, answers=[("[y/N]: ", "y")])
    assert agreed.code == 0, agreed.out
    assert "two histories" in agreed.out
    assert not (home / "backup.json").exists()
    with BackendProcess(home) as process:
        assert post(process, Story(log=log_of(process)).signed_by_both()) == 4
        settled(process, size + 4)
        assert run("log", "check", home=home).code == 0


def test_no_consent_helps_where_the_ledger_shows_that_the_log_has_gone_on(
    lived: tuple[Path, Path], tmp_path: Path, run: Run
) -> None:
    home = tmp_path / "new"
    with BackendProcess(lived[0]) as process:
        size = process.get("/status")["log"]["size"]
        assert post(process, Story(log=log_of(process)).signed_by_both()) == 4
        settled(process, size + 4)
    assert run("backend", "restore", lived[1], home=home).code == 1
    shutil.copy2(lived[0] / "ledger.sqlite3", home / "ledger.sqlite3")
    done = run("log", "resume", "--newest", home=home)
    assert done.code == 1
    assert "behind the ledger" in done.out
    assert "newest copy" in done.out
    # Taking the proof away does not help any more: the database has kept it.
    shutil.copy2(lived[1] / "ledger.sqlite3", home / "ledger.sqlite3")
    assert run("log", "resume", "--newest", home=home).code == 1
    with BackendProcess(home) as process:
        assert post(process, Story(log=log_of(process)).signed_by_both()) == 0


def test_a_restore_goes_into_a_new_folder_only_and_from_a_backup_only(
    lived: tuple[Path, Path], tmp_path: Path, run: Run
) -> None:
    before = sorted(path.name for path in lived[0].iterdir())
    full = run("backend", "restore", lived[1], home=lived[0])
    none = run("backend", "restore", tmp_path, home=tmp_path / "other")
    assert (full.code, none.code) == (74, 74)
    assert "is not empty" in full.err
    assert "no backup" in none.err
    assert sorted(path.name for path in lived[0].iterdir()) == before
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_a_lost_embedded_ledger_is_named_and_begun_anew_only_after_consent(
    lived: tuple[Path, Path], run: Run, damage: str
) -> None:
    home = lived[0]
    for ending in ("", "-wal", "-shm"):
        (home / f"ledger.sqlite3{ending}").unlink(missing_ok=True)
    if damage == "damaged":
        (home / "ledger.sqlite3").write_bytes(b"this is no database at all, but some text" * 100)
    with BackendProcess(home) as process:
        status = process.get("/status")
        assert post(process, Story(log=log_of(process)).signed_by_both()) == 0
        assert run("log", "check", home=home).code == 1
    assert damage in status["log"]["frozen"]
    assert status["ledger"]["state"] == "unavailable"
    assert (home / "ledger.sqlite3").exists() == (damage == "damaged")
    assert run("log", "resume", "--newest", home=home).code == 0
    with BackendProcess(home) as process:
        assert post(process, Story(log=log_of(process)).signed_by_both()) == 4
        settled(process, 6)
        assert run("log", "check", home=home).code == 0
