"""The files of `test_holes` in all the places that judge one: command line, window, register, and the second reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import QUrl

from tests.adversary.moves import AGREED, play
from tests.adversary.world import CONTRACT, TRUST, written
from tests.attacks.test_holes import NOTICE, Hole, hole_a, hole_b, hole_c, hole_d, hole_e
from tests.desktop.viewmodels.test_verify import Page
from tests.second_reader.test_two_readers import differences
from tests.support.backend_app import running_api
from tests.support.cli_run import runner
from tests.support.pages_session import KnownWorkspace, signed_world
from tests.support.register_checks import proven, shows_what_is_proven


class Told(NamedTuple):
    """A hole's file, how `--require in-force,tail` ends, the begin of the sentence, and the honest history."""

    make: Callable[[], Hole]
    code: int
    says: str
    history: Callable[[], dict[str, object]]


def _agreed() -> dict[str, object]:
    return play(AGREED).evidence()


def _noticed() -> dict[str, object]:
    return play(NOTICE).evidence()


HOLES = {
    "A": Told(hole_a, 1, "Incomplete.", _noticed),
    "A, nobody tells of the tail": Told(lambda: hole_a(head=False), 2, "Verified. In force", _noticed),
    "B": Told(hole_b, 2, "Verified. In force", _noticed),
    "C": Told(hole_c, 2, "Verified. Pending", lambda: play(("propose, planting a next key",)).evidence()),
    "D": Told(hole_d, 2, "Verified. In force", _noticed),
    "E": Told(hole_e, 0, "Verified. In force", _agreed),
}


@pytest.fixture(params=HOLES, ids=list(HOLES))
def told(request: pytest.FixtureRequest) -> Told:
    return HOLES[request.param]


def test_the_command_line_ends_as_the_text_says(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "hole.cmsproof"
    file.write_bytes(told.make().data)
    run = runner(monkeypatch, capsys)
    done = run("verify", file, "--require", "in-force,tail", home=tmp_path / "home")
    assert (done.code, done.out.split(": ", 1)[1].startswith(told.says)) == (told.code, True), done.out


async def test_the_window_says_the_same(told: Told, tmp_path: Path, qapp: object) -> None:
    file = tmp_path / "hole.cmsproof"
    file.write_bytes(told.make().data)
    page = Page(tmp_path, KnownWorkspace(signed_world()))
    page.vm.open_file(QUrl.fromLocalFile(str(file)))
    await page.tasks.idle()
    assert str(page.vm.verdict["headline"]).startswith(told.says.split(" ")[0])
    waits = [row for row in page.vm.events.rows if "not logged" in str(row["title"])]
    hole = told.make().report
    assert len(waits) == sum(row.index is None for row in hole.events)


def test_the_second_reader_agrees(told: Told) -> None:
    hole = told.make()
    assert differences((hole.data, hole.facts.to_json(), TRUST.to_json(), hole.now))[1] == {}


async def test_a_register_that_took_it_in_says_what_is_proven_and_is_healed(
    told: Told, tmp_path: Path
) -> None:
    genuine = written(told.history())
    async with running_api(tmp_path / "fresh") as fresh, running_api(tmp_path / "victim") as victim:
        await fresh.post("/contracts/import", genuine)
        honest = proven(await shows_what_is_proven(fresh, CONTRACT))
        await victim.post("/contracts/import", told.make().data)
        if (await victim.get("/contracts"))["total"]:
            await shows_what_is_proven(victim, CONTRACT)
        answer = await victim.post("/contracts/import", genuine)
        assert "status" not in answer, answer
        healed = proven(await shows_what_is_proven(victim, CONTRACT))
    assert healed["logged"].items() >= honest["logged"].items()
    assert (healed["state"], healed["root"]) == (honest["state"], honest["root"])
