"""The report as the lists of its page."""

from dataclasses import replace
from datetime import UTC, datetime

from cms_backend.core.ids import Digest
from cms_backend.core.report_model import Bracket, CheckState, LogPath, PathStep, Verdict
from cms_desktop.presentation import report_view
from tests.support.report_samples import check, report

NOW = datetime(2026, 5, 18, 14, 2, 11, tzinfo=UTC)


def bracket(first: int, last: int, state: CheckState = CheckState.passed) -> Bracket:
    return Bracket(first, last, 0, 200 + first, "eip155:1", 25_081_641, state)


def test_the_page_says_what_the_report_says() -> None:
    told = report()
    view = report_view.build(told, "", NOW, 0.21)
    assert view.verdict["headline"] == told.headline
    assert view.verdict["etsi"] == told.etsi
    assert str(view.verdict["checked"]).endswith("in 0.2 s")
    assert [row["title"] for row in view.events] == [row.title for row in told.events]
    assert [one["answer"] for one in view.questions] == [one.answer for one in told.questions]


def test_counts_name_every_state_that_occurs() -> None:
    told = report()
    words = report_view.counts(told.checks)
    assert words.startswith(f"{len(told.checks)} check")
    assert report_view.counts(()) == "Nothing was checked"


def test_the_first_bad_event_is_selected_and_breaks_the_chain_before_it() -> None:
    told = report()
    bad = told.events[3].digest
    rows = tuple(
        row._replace(state=CheckState.failed if row.digest == bad else row.state) for row in told.events
    )
    view = report_view.build(replace(told, events=rows, first_bad=bad, verdict=Verdict.altered), "", NOW, 1)
    assert view.first == 3
    assert view.verdict["tone"] == "failed"
    assert [row["chain"] for row in view.events] == ["solid", "solid", "broken", "dotted", "dotted", "dotted"]
    assert view.events[3]["track"]["kind"] == "none"  # type: ignore[index]  # a mapping
    assert view.events[3]["tint"] == "failedTint"


def test_an_anchor_that_is_not_in_a_block_yet_leaves_its_window_open() -> None:
    told = report()
    rows = (*told.events[:-1], told.events[-1]._replace(state=CheckState.pending, not_after=None, block=None))
    view = report_view.build(
        replace(told, events=rows, brackets=(bracket(0, 4), bracket(5, 5, CheckState.pending))), "", NOW, 1
    )
    assert view.events[-1]["track"]["length"] == "open"  # type: ignore[index]  # a mapping
    assert [one["text"] for one in view.brackets] == ["Block 25,081,641", "not in a block yet"]


def test_only_brackets_of_the_rows_in_view_are_given() -> None:
    told = replace(report(), brackets=(bracket(0, 1), bracket(2, 2), bracket(3, 5)))
    view = report_view.build(told, "", NOW, 1)
    assert [one["first"] for one in view.brackets_between(0, 5)] == [0, 2, 3]
    assert [one["first"] for one in view.brackets_between(2, 2)] == [2]
    assert [one["first"] for one in view.brackets_between(1, 3)] == [0, 2, 3]


def test_failed_checks_come_first_and_one_check_is_open() -> None:
    told = report()
    rows = report_view.check_rows(told.checks, "")
    opened = report_view.first_open(rows)
    marks = [row["mark"] for row in rows]
    order = ["failed", "undecided", "pending", "notChecked", "passed", "notApplicable"]
    assert marks == sorted(marks, key=lambda mark: order.index(str(mark)))
    assert [row["open"] for row in report_view.check_rows(told.checks, opened)].count(True) == 1


def test_a_digest_is_broken_in_the_middle_so_that_eyes_can_compare() -> None:
    assert report_view.halves("ab" * 32) == f"{'ab' * 16}\n{'ab' * 16}"
    assert report_view.halves("nothing") == "nothing"
    assert report_view.halves(None) == ""


def test_the_path_leads_from_the_leaf_to_the_root_with_its_siblings() -> None:
    told = report()
    event = told.events[3]
    steps = tuple(PathStep(Digest(f"{n}c" * 32), False, Digest(f"{n}d" * 32)) for n in range(6))
    leaf, root = Digest("7d" * 32), Digest("5c" * 32)
    told = replace(
        told, paths=(LogPath(event.digest, 209, 214, leaf, root, True, steps),), brackets=(bracket(0, 5),)
    )
    path = report_view.path(told, event.digest)
    assert path["title"] == "Event 3, leaf 209"
    assert len(path["steps"]) == 6  # type: ignore[arg-type]  # a list
    assert str(path["sentence"]).startswith("Six hashes")
    assert path["blockState"] == "passed"
    assert report_view.path(told, told.events[0].digest) == {}


def test_a_path_that_leads_elsewhere_says_so() -> None:
    told = report()
    event = told.events[3]
    broken = LogPath(event.digest, 209, 214, Digest("7d" * 32), Digest("5c" * 32), False, ())
    path = report_view.path(replace(told, paths=(broken,)), event.digest)
    assert path["sentence"] == "The file's leaf leads to another root."
    assert path["blockState"] == "notChecked"


def test_a_claim_is_marked_only_where_the_report_found_it_outside_of_its_window() -> None:
    told = report()
    late = told.events[2]._replace(occurred_at=told.events[2].not_after)
    rows = (*told.events[:2], late, *told.events[3:])
    plain = report_view.build(replace(told, events=rows), "", NOW, 1)
    assert not any(row["track"]["outside"] for row in plain.events)  # type: ignore[index]  # mappings
    failed = check("TIME-WINDOW", CheckState.failed, event=late.digest)
    view = report_view.build(replace(told, events=rows, checks=(*told.checks, failed)), "", NOW, 1)
    assert [row["track"]["outside"] for row in view.events].index(True) == 2  # type: ignore[index]  # mappings
