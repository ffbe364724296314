"""`cms ledger` and `cms backend status`: what is known is told, and what is not known yet is told as such."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cms_desktop.api.values import LedgerInfo
from cms_desktop.cli.ledger import ledger_words
from tests.support.backend_process import BackendProcess
from tests.support.cli_run import Run


@pytest.mark.parametrize(
    "ledger",
    [
        None,
        LedgerInfo("embedded", None, None, "starting", None),
        LedgerInfo("rpc", None, None, "starting", None),
        LedgerInfo("embedded", "eip155:1337", None, "starting", "2026-05-18T10:00:00.000Z"),
    ],
)
def test_a_ledger_that_is_starting_is_told_in_words(ledger: LedgerInfo | None) -> None:
    said = ledger_words(ledger)
    assert "still starting: nothing was checked on it yet" in said
    assert "None" not in said


@pytest.mark.parametrize(
    ("state", "words"), [("unavailable", "when it is back"), ("off", "nothing is anchored")]
)
@pytest.mark.parametrize("kind", ["embedded", "rpc"])
def test_a_ledger_that_does_not_answer_says_what_follows(kind: str, state: str, words: str) -> None:
    said = ledger_words(LedgerInfo(kind, None, None, state, None))
    assert state in said or "switched off" in said
    assert words in said
    assert "None" not in said


def test_a_ledger_that_is_ready_is_told_with_chain_and_block() -> None:
    said = ledger_words(LedgerInfo("embedded", "eip155:1337", 7, "ready", None))
    assert said == "embedded (local ledger: no independent time), ready, chain eip155:1337, block 7"


def test_a_fresh_home_is_waited_for_until_its_ledger_is_ready(run: Run, tmp_path: Path) -> None:
    done = run("ledger", "status", "--wait", "60", home=tmp_path)
    assert done.code == 0, done.err
    first, second = done.out.splitlines()
    assert re.fullmatch(r"embedded \(local ledger: .*\), ready, chain eip155:\d+, block \d+", first)
    assert re.fullmatch(r"\d+ anchors confirmed, \d+ pending", second)


def test_without_waiting_a_fresh_ledger_is_told_as_starting_or_ready(run: Run, tmp_path: Path) -> None:
    done = run("ledger", "status", "--wait", "0", home=tmp_path)
    assert done.code == 0, done.err
    assert "None" not in done.out
    assert "starting" in done.out or "ready" in done.out


def test_the_backend_is_told_as_it_runs_and_as_it_does_not(run: Run, tmp_path: Path) -> None:
    none = run("backend", "status", home=tmp_path)
    assert none.code == 1
    assert "No backend runs" in none.out
    assert json.loads(run("backend", "status", "--json", home=tmp_path).out) is None
    with BackendProcess(tmp_path) as backend:
        told = run("backend", "status", home=tmp_path)
        assert told.code == 0
        assert f"pid {backend.process.pid}" in told.out
        assert "None" not in told.out
        assert json.loads(run("backend", "status", "--json", home=tmp_path).out)["pid"] == backend.process.pid
        listed = run("ledger", "anchors", home=tmp_path)
        assert listed.code == 0
        assert "Nothing is anchored yet" in listed.out or "size" in listed.out
        stopped = run("backend", "stop", home=tmp_path)
        assert stopped.code == 0
        backend.process.wait(20)
    assert "No backend runs" in run("backend", "stop", home=tmp_path).out


def test_a_backend_that_runs_is_copied_into_a_new_folder(run: Run, tmp_path: Path) -> None:
    with BackendProcess(tmp_path / "home"):
        done = run("backend", "backup", str(tmp_path / "copy"), home=tmp_path / "home")
        assert done.code == 0, done.err
        again = run("backend", "backup", str(tmp_path / "copy"), home=tmp_path / "home")
    assert (tmp_path / "copy" / "cms.sqlite3").exists()
    assert again.code != 0
