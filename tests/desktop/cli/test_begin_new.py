"""`cms log begin-new`: a data folder whose log must stay frozen goes on with another log, and loses no proof."""

from __future__ import annotations

import asyncio
import base64
import shutil
from pathlib import Path

import httpx
import pytest

from cms_backend.core.events import Action
from cms_backend.core.ids import Digest, Time
from cms_backend.core.signatures import secure
from cms_backend.core.slots import key_slot
from cms_backend.core.statements import KeyEnd, key_end
from tests.desktop.cli.test_log import fill
from tests.support.backend_contracts import ALICE, CAROL, OCCURRED, Story
from tests.support.backend_process import BackendProcess
from tests.support.cli_run import Run, at_terminal
from tests.support.frozen_homes import log_of, post, settled
from tests.support.frozen_homes import run as backend_program


class Stranded:
    """A data folder that was put back although its log had gone on; no newer copy is left but the ledger."""

    def __init__(self, folder: Path) -> None:
        home, copy = folder / "home", folder / "backup"
        self.ended = KeyEnd.from_json(
            secure(
                key_end(
                    actor=CAROL.did,
                    key=CAROL.key,
                    successor=None,
                    reason="stolen",
                    occurred_at=Time(OCCURRED),
                ),
                CAROL,
            )
        )
        with BackendProcess(home) as process:
            self.story = Story(log=log_of(process)).signed_by_both()
            assert post(process, self.story) == 4
            process.post("/key-ends", self.ended.json)
            asyncio.run(fill(process, home))
            size = settled(process, 8)["log"]["size"]
            assert backend_program("backup", "--home", home, "--out", copy).returncode == 0
            assert post(process, Story(log=log_of(process)).signed_by_both()) == 4
            settled(process, size + 4)
        self.home = folder / "again"
        assert backend_program("restore", "--home", self.home, "--from", copy).returncode == 0
        shutil.copy2(home / "ledger.sqlite3", self.home / "ledger.sqlite3")


@pytest.fixture
def stranded(tmp_path: Path) -> Stranded:
    return Stranded(tmp_path)


def test_a_new_log_takes_new_contracts_and_the_old_ones_keep_their_proofs(
    stranded: Stranded, tmp_path: Path, run: Run
) -> None:
    home, story = stranded.home, stranded.story
    assert run("log", "resume", "--newest", home=home).code == 1
    assert run("log", "begin-new", home=home).code == 1
    refused = at_terminal("log", "begin-new", home=home, answers=[("[y/N]: ", "n")])
    assert "Nothing was changed" in refused.out
    with BackendProcess(home) as process:
        before, digests = log_of(process), _digests(process, story)
        assert run("log", "check", home=home).code == 1
    begun = run("log", "begin-new", "--yes", home=home)
    assert begun.code == 0, begun.err
    assert "2 contracts stay" in begun.out

    with BackendProcess(home) as process:
        log = log_of(process)
        assert log["vkey"] != before["vkey"]
        assert process.get("/status")["log"]["frozen"] is None
        assert post(process, Story(log=log).signed_by_both()) == 4
        settled(process, 6)
        assert run("log", "check", home=home).code == 0
        assert _digests(process, story) == digests

        more = story.event(
            Action.commented, ALICE, details={"path": None, "text": "More.", "on_behalf_of": None}
        )
        answer = httpx.post(
            f"{process.url}/contracts/{story.contract}/events", json=more.body, headers=process.headers
        )
        assert (answer.status_code, answer.json()["code"]) == (503, "log.frozen")
        assert "behind the ledger" in answer.json()["detail"]
        assert "new contract" in answer.json()["remedy"]

        file = tmp_path / "old.cmsproof"
        assert run("evidence", "export", story.contract, "--out", file, home=home).code == 0
        listed = process.get("/log/leaves", params={"start": 0, "end": 100})["leaves"]
    verified = run("verify", file, "--require", "in-force", home=tmp_path / "nobody")
    assert verified.code == 0, verified.out + verified.err
    # A key that was ended in the old log is ended in the new one.
    leaf = key_slot(CAROL.key).raw + stranded.ended.digest.raw
    assert base64.b64encode(leaf).decode() in listed


def test_a_log_that_may_go_on_is_not_left(tmp_path: Path, run: Run) -> None:
    home = tmp_path / "home"
    with BackendProcess(home) as process:
        before = log_of(process)
    done = run("log", "begin-new", "--yes", home=home)
    assert done.code == 1
    assert "not frozen" in done.out
    assert backend_program("begin-log", "--home", home).returncode == 1
    with BackendProcess(home) as process:
        assert log_of(process) == before


def _digests(process: BackendProcess, story: Story) -> list[tuple[Digest, int]]:
    shown = process.get(f"/contracts/{story.contract}")
    return [(Digest(one["digest"]), int(one["index"])) for one in shown["entries"]]
