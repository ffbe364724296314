"""No hostile copy of any made-up history breaks an invariant: small histories in full, and random longer ones."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adversary.edits import changes
from tests.adversary.invariants import Case, Known, broken
from tests.adversary.moves import MOVES
from tests.adversary.search import Figures, Story, every_story, examine, smallest, walk, wander


def _report(figures: Figures) -> str:
    return "" if not figures.violations else f"{figures}\n{smallest(figures.violations[0])}"


def test_no_small_history_has_a_hostile_copy_that_breaks_an_invariant() -> None:
    figures = walk(every_story(length=5), seed=1)
    assert not figures.violations, _report(figures)
    assert figures.histories > 1000


@pytest.mark.parametrize("seed", [1, 2])
def test_no_random_history_has_a_hostile_copy_that_breaks_an_invariant(seed: int) -> None:
    figures = wander(470, seed)
    assert not figures.violations, _report(figures)
    assert figures.histories == 470


_STORIES = st.builds(
    Story,
    st.lists(st.sampled_from(list(MOVES)), min_size=1, max_size=7).map(tuple),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(_STORIES, st.lists(st.integers(0, 10_000), max_size=3), st.booleans(), st.booleans(), st.booleans())
def test_no_chain_of_edits_breaks_an_invariant(
    story: Story, picks: list[int], heads: bool, scans: bool, anchors: bool
) -> None:
    world = story.play()
    genuine = world.evidence(heads=heads)
    case = Case(
        world,
        genuine,
        genuine,
        Known(world.facts(scans=scans, anchors=anchors), world.reads() if scans else {}, world.now),
        merges=True,
    )
    for pick in picks:
        possible = changes(case.file, world)
        if not possible:
            break  # nothing is left in the file
        case = case.then(possible[pick % len(possible)])
        if len({one["vkey"] for one in case.file["logs"]}) == len(case.file["logs"]):
            assert broken(case) == [], [change.name for change in case.changes]


def test_the_same_seed_finds_the_same() -> None:
    story = Story(("propose", "Boris signs", "Anna signs", "Boris gives notice"))
    one, two = Figures(), Figures()
    assert list(examine(story, Random(4), figures=one)) == list(examine(story, Random(4), figures=two))
    assert (one.files, one.edits) == (two.files, two.edits)
