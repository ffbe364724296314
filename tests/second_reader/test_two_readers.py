"""Two readers of one text: the system's verifier and the second reader agree about made-up files.

This module alone imports both. What is compared is what another verifier must find too: verdict, state, time and
tail, open items, the checks that failed or are undecided, void events, the first bad event, and time windows.
"""

from __future__ import annotations

from typing import Any

import pytest

from cms_backend.core.ids import Time
from cms_backend.core.verify import LedgerFacts, Trust, exit_code
from cms_backend.core.verify import verify_evidence as first_reader

from .histories import History
from .verify import exit_code as second_exit_code
from .verify import verify_evidence as second_reader

# More: python -m tests.second_reader --files N
FILES = 300


def found_by_the_first(history: tuple[bytes, Any, Any, str]) -> tuple[dict[str, Any], int]:
    """What the system's verifier says, and its exit code when all is required."""
    data, facts, trust, now = history
    report = first_reader(data, LedgerFacts.from_json(facts), Trust.from_json(trust), Time.parse(now))
    failed = {one.id for one in report.checks if one.state == "failed" and one.counts_as is not None}
    rows = {str(row.digest): (row.not_before, row.not_after) for row in report.events}
    found = {
        "verdict": report.verdict.value,
        "state": None if report.state is None else report.state.value,
        "as_of": report.as_of,
        "tail": report.tail.value,
        "open_items": sorted(one.value for one in report.open_items),
        "failed": sorted(failed),
        "undecided": sorted({one.id for one in report.checks if one.state == "undecided"}),
        "void": sorted((str(one.digest), one.check) for one in report.void),
        "first_bad": report.first_bad,
        "windows": rows,
        "etsi": report.etsi,
        "about": (report.revision, report.root),
    }
    return found, exit_code(report, frozenset({"in-force", "anchor", "tail"}))


def found_by_the_second(history: tuple[bytes, Any, Any, str]) -> tuple[dict[str, Any], int]:
    """What the second reader says, in the same words."""
    report = second_reader(*history)
    found = {
        "verdict": report.verdict,
        "state": report.state,
        "as_of": report.as_of,
        "tail": report.tail,
        "open_items": sorted(report.open_items),
        "failed": sorted(report.failed),
        "undecided": sorted(report.undecided),
        "void": sorted(report.void),
        "first_bad": report.first_bad,
        "windows": dict(report.windows),
        "etsi": report.etsi,
        "about": report.about,
    }
    return found, second_exit_code(report, ("in_force", "anchor", "tail"))


def differences(history: tuple[bytes, Any, Any, str]) -> tuple[str, dict[str, tuple[Any, Any]]]:
    """The verdict on a file, and in what the two reports of it differ: (the system's, the second reader's)."""
    first, first_exit = found_by_the_first(history)
    second, second_exit = found_by_the_second(history)
    if second["failed"] == ["FILE-PARSE"]:
        # What else a report says of a file that cannot be parsed is not fixed.
        first, second = {"verdict": first["verdict"]}, {"verdict": second["verdict"]}
    else:
        both = first["windows"].keys() & second["windows"].keys()
        for report in (first, second):
            report["windows"] = {name: report["windows"][name] for name in both}
    first["exit"], second["exit"] = first_exit, second_exit
    return first["verdict"], {
        name: (first[name], second[name]) for name in first if first[name] != second[name]
    }


@pytest.mark.parametrize("start", range(0, FILES, 25))
def test_both_readers_find_the_same_in_made_up_files(start: int) -> None:
    found = {number: differences(History(number).file())[1] for number in range(start, start + 25)}
    assert {number: differing for number, differing in found.items() if differing} == {}


@pytest.mark.parametrize("number", [1201])
def test_both_readers_find_the_same_in_files_on_which_they_differed_once(number: int) -> None:
    """1201: an envelope of the last event lies behind the closing leaf of a log whose key has a successor."""
    assert differences(History(number).file())[1] == {}
