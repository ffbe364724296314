"""Every numbered attack on the protocol is mounted by a test of this folder."""

import ast
from collections.abc import Iterator
from pathlib import Path

ATTACKS = {"a": 26, "b": 7, "c": 3}
"""How many attacks on the first draft of the protocol are known, on its security, its consistency and its way with
other implementations; each is numbered from 1 under its letter."""


def mounted() -> Iterator[tuple[str, int, str]]:
    """Letter and number in the names of the tests beside this one, and what each test says of itself."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for one in ast.parse(path.read_text("utf-8")).body:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                name = one.name.removeprefix("test_")
                if name[:1] in ATTACKS and name[1:3].isdigit():
                    yield name[0], int(name[1:3]), ast.get_docstring(one) or ""


def test_every_attack_has_its_test_and_no_test_has_a_number_of_none() -> None:
    known = {(letter, number) for letter, count in ATTACKS.items() for number in range(1, count + 1)}
    assert {(letter, number) for letter, number, _ in mounted()} == known


def test_what_a_test_says_of_itself_begins_with_its_number() -> None:
    said = [(f"{letter.upper()}{number}: ", text) for letter, number, text in mounted() if text]
    assert [(start, text) for start, text in said if not text.startswith(start)] == []
    silent = [f"{letter}{number}" for letter, number, text in mounted() if letter != "a" and not text]
    assert silent == []
