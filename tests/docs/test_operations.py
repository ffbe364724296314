"""docs/operations.md: every command is run as it stands there, on the data folder of somebody who read the README."""

from __future__ import annotations

from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace

import pytest

from tests.docs.commands import commands, tables
from tests.docs.reader import OPERATIONS, Desk
from tests.docs.terminal import Terminal, environment
from tests.support.backend_process import BackendProcess


@dataclass(frozen=True)
class Operated:
    """What an operator saw: by command; and the names in the data folder while a backend ran on it."""

    said: dict[str, str]
    there: frozenset[str]
    copied: frozenset[str]


@pytest.fixture(scope="module")
def operated(read: tuple[Desk, str]) -> Operated:
    """Katrin has read docs/operations.md and typed all that it shows, with a backend running for the backup."""
    desk, _ = read
    home = desk.home("Katrin")
    desk.told |= {"FOLDER": str(desk.folder / "backup"), "NEW_HOME": str(desk.folder / "restored")}
    said: dict[str, str] = {}
    there: set[str] = set()
    with ExitStack() as stack:
        served: Terminal | None = None
        for command in commands(OPERATIONS):
            if command.text == "cms backend serve":
                served = Terminal(command.text, folder=desk.folder, env=environment(home))
                stack.callback(served.close)
                served.wait_for('"ready":true')
                continue
            with BackendProcess(home) if "backup" in command.words else nullcontext():
                said[command.text] = desk.type(replace(command, remark="Katrin"))
                there |= {one.name for one in home.iterdir()}
            if command.text == "cms backend stop":
                assert served is not None
                assert served.finish() == 0
    copied = frozenset(one.name for one in (desk.folder / "backup").iterdir())
    return Operated(said, frozenset(one for one in there if not one.endswith(("-wal", "-shm"))), copied)


def test_an_operator_who_types_what_operations_shows_ends_with_a_sound_copy(operated: Operated) -> None:
    assert "pid" in operated.said["cms backend status"]
    assert "it fits" in operated.said["cms log check"]
    root = operated.said["cms log check"].splitlines()[-1]
    restored = operated.said["cms --home NEW_HOME backend restore FOLDER"]
    assert "put back from the backup" in restored
    assert "The log goes on." in restored
    assert operated.said["cms --home NEW_HOME log check"].splitlines()[-1] == root


def test_the_table_of_operations_names_every_file_of_a_data_folder_and_of_a_backup(
    operated: Operated,
) -> None:
    table = next(rows for rows in tables(OPERATIONS) if rows[0][0] == "file")
    kept, left = (
        {path.strip("`/ ") for row in table[1:] if (row[2] == "no") is no for path in row[0].split(",")}
        for no in (False, True)
    )
    assert operated.there <= kept | left
    assert operated.copied == (operated.there - left) | {"backup.json"}
