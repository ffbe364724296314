"""The second reader before hostile copies of files: it finds what the system finds, and keeps the same invariants."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from cms_backend.core.ids import Time
from cms_backend.core.lifecycle import Status
from cms_backend.core.report_model import OpenItem, Tail, Verdict
from tests.adversary.damages import damages
from tests.adversary.edits import changes
from tests.adversary.invariants import Case, Known, broken
from tests.adversary.search import random_story
from tests.adversary.world import TRUST, written

from .test_two_readers import differences
from .verify import verify_evidence as second_reader

STORIES = 40


def _input(case: Case) -> tuple[bytes, Any, Any, str]:
    return written(case.file), case.known.facts.to_json(), TRUST.to_json(), case.known.now


def _as_the_second_reader_has_it(case: Case) -> Case:
    """The case with a report in which the second reader has said all that it says."""
    report, second = case.report, second_reader(*_input(case))
    case.reports[0] = replace(
        report,
        verdict=Verdict(second.verdict),
        state=None if second.state is None else Status(second.state),
        as_of=None if second.as_of is None else Time(second.as_of),
        tail=Tail(second.tail),
        open_items=tuple(OpenItem(item) for item in second.open_items),
    )
    return case


@pytest.mark.parametrize("seed", range(STORIES))
def test_the_second_reader_keeps_the_invariants_before_hostile_files(seed: int) -> None:
    random = Random(f"hostile {seed}")
    world = random_story(random).play()
    reads = world.reads(random.choice(["none", "first", "older", "all"]))
    genuine = world.evidence(heads=random.random() < 0.8)
    known = Known(world.facts(reads=reads, anchors=random.random() < 0.9), reads, world.now)
    case = _as_the_second_reader_has_it(Case(world, genuine, genuine, known))
    for spoil in (False, False, random.random() < 0.3):
        assert broken(case) == [], [change.name for change in case.changes]
        assert differences(_input(case))[1] == {}, [change.name for change in case.changes]
        possible = damages(case.file) if spoil else changes(case.file, world)
        if possible:
            case = _as_the_second_reader_has_it(case.then(random.choice(possible)))
