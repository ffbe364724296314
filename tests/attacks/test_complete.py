"""Every numbered attack on the protocol is mounted by a test of this folder."""

import re
from pathlib import Path

ATTACKS = 26
"""How many attacks on the first draft of the protocol are known; each is numbered from 1."""


def numbers() -> list[int]:
    """The numbers in the names of the tests beside this one."""
    sources = (path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py")))
    return [
        int(found)
        for text in sources
        for found in re.findall(r"\ndef test_a(\d\d)_", text.replace("async ", ""))
    ]


def test_every_attack_has_its_test_and_no_test_has_a_number_of_none() -> None:
    assert sorted(set(numbers())) == list(range(1, ATTACKS + 1))
