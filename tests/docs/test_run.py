"""Every command that a document shows is run, in the order of a reader, as it stands there.

Two people read the README at two data folders; then one of them reads docs/operations.md. A command that no
reader here runs fails a test, unless NOT_RUN names it and says why.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.docs.commands import DOCUMENTS, ROOT, SHELL, blocks, commands, is_typed, name
from tests.docs.reader import CONTRIBUTING, NOT_RUN, OPERATIONS, README, Desk
from tests.docs.terminal import run

LANGUAGES = SHELL | {"markdown"}
READ = frozenset({README, OPERATIONS, CONTRIBUTING})


def test_two_people_who_type_what_the_readme_shows_hold_a_verified_contract_in_force(
    read: tuple[Desk, str],
) -> None:
    desk, said = read
    assert said.startswith("contract.cmsproof: Verified. In force")
    assert not desk.home("").exists()


def test_a_contributor_who_types_what_contributing_shows_sees_targets_and_tests_pass(tmp_path: Path) -> None:
    for command in commands(CONTRIBUTING):
        said = run(command.text, home=tmp_path)
        assert "passed" in said or "make test" in said


def test_no_document_shows_a_command_that_nobody_here_runs() -> None:
    showing = {document for document in DOCUMENTS if commands(document)}
    assert showing == READ, "a document shows commands: read it in this module"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_block_with_commands_says_that_it_is_for_a_shell(document: Path) -> None:
    for block in blocks(document):
        assert block.language in LANGUAGES | {""}, f"{name(document)}:{block.line}"
        if block.language not in SHELL:
            typed = [line for line in block.text.splitlines() if is_typed(line)]
            assert typed == [], f"{name(document)}:{block.line} hides {typed}"


def test_what_is_not_run_is_still_shown_and_is_known_to_make() -> None:
    shown = {command.text for document in READ for command in commands(document)}
    for command in NOT_RUN:
        assert command in shown, f"no document shows {command} any more"
        target = command.removeprefix("make ")
        done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
