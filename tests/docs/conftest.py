"""What several documents build on: both people have read the README."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.docs.commands import commands
from tests.docs.reader import NOT_RUN, PEOPLE, README, Desk, agreement
from tests.support.backend_process import BackendProcess


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, str]:
    """Both people have read the README and typed all that it shows; with the last words on the screen."""
    desk, said = Desk(tmp_path_factory.mktemp("reader")), ""
    with ExitStack() as stack:
        for backend in [BackendProcess(desk.home(person)) for person in PEOPLE]:
            stack.enter_context(backend)
        for command in commands(README):
            if command.text in NOT_RUN:
                continue
            if "agreement.md" in command.words:
                (desk.folder / "agreement.md").write_text(agreement(desk), "utf-8")
            said = desk.type(command)
    return desk, said
