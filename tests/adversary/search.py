"""The search: histories, hostile edits of their files, and the invariants asked of every report.

`walk` goes through all small histories of an alphabet; `wander` through random longer ones. A counterexample is made as
small as it gets by leaving out moves and edits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from .damages import damages
from .edits import changes
from .invariants import Case, Known, broken
from .moves import AGREED, MOVES, play
from .quick import quick, tidy
from .world import World

ALPHABET: Final = (
    "propose",
    "Boris signs",
    "Anna signs",
    "Boris declines",
    "withdraw",
    "Boris gives notice",
    "move",
    "Boris changes his key",
)
"""For the exhaustive walk."""


@dataclass(frozen=True)
class Story:
    """A history and how it began."""

    moves: tuple[str, ...]
    logged: bool = True
    web: bool = False
    trio: bool = False

    def play(self) -> World:
        """The world after it."""
        return play(self.moves, logged=self.logged, web=self.web, trio=self.trio)


@dataclass(frozen=True)
class Setting:
    """What comes with a file and what the verifier knows: HeadStatements, its own reading of the logs, anchors.

    `merges`: files are damaged too, and merged with the genuine one.
    """

    heads: bool
    reads: str
    """none, first, older or all: which logs the verifier has read, and when."""
    anchors: bool = True
    merges: bool = False


SETTINGS: Final = tuple(Setting(heads, reads) for heads in (True, False) for reads in ("none", "all"))
"""The plain ones, without merging."""


@dataclass(frozen=True)
class Violation:
    """A broken invariant, with all that is needed to see it again."""

    invariant: str
    words: str
    story: Story
    reads: str
    edits: tuple[str, ...]

    def __str__(self) -> str:
        began = (
            ("with" if self.story.logged else "without")
            + " a log"
            + (", with did:web" if self.story.web else "")
            + (", Carla approves" if self.story.trio else "")
        )
        return (
            f"{self.invariant} is broken: {self.words}\n  began {began}\n  history: {list(self.story.moves)}\n"
            f"  edits: {list(self.edits)}\n  of the logs the verifier has read: {self.reads}"
        )


@dataclass
class Figures:
    """What a search has looked at."""

    histories: int = 0
    edits: int = 0
    files: int = 0
    seconds: float = 0.0
    violations: list[Violation] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.histories:,} histories, {self.edits:,} edits, {self.files:,} files verified, "
            f"{len(self.violations):,} violations, {self.seconds:.1f} seconds of one core"
        )


def examine(
    story: Story,
    rng: Random,
    *,
    edits: int | None = None,
    pairs: int = 0,
    figures: Figures | None = None,
    setting: Setting | None = None,
) -> Iterator[Violation]:
    """One history: its genuine file, `edits` random edits of it (None: all), and `pairs` random pairs.

    `setting`: what the verifier knows; None: by chance.
    """
    setting = setting or _some_setting(rng)
    figures = Figures() if figures is None else figures
    figures.histories += 1
    world = story.play()
    genuine = world.evidence(heads=setting.heads)
    reads = world.reads(setting.reads)
    known = Known(world.facts(reads=reads, anchors=setting.anchors), reads, world.now)
    base = Case(world, genuine, genuine, known, merges=setting.merges)
    cases = [base]
    possible = changes(genuine, world) + (damages(genuine) if setting.merges else [])
    chosen = possible if edits is None else rng.sample(possible, min(edits, len(possible)))
    singles = [base.then(change) for change in chosen]
    doubles = []
    for _ in range(pairs):
        first = base.then(rng.choice(possible))
        more = changes(first.file, world)
        doubles.append(first)
        if more:
            doubles.append(first.then(rng.choice(more)))
    for case in (*cases, *singles, *doubles):
        if len({one["vkey"] for one in case.file["logs"]}) < len(case.file["logs"]):
            continue
        figures.edits += len(case.changes)
        figures.files += 1
        for name, words in broken(case):
            yield Violation(name, words, story, setting.reads, tuple(change.name for change in case.changes))


def _some_setting(rng: Random) -> Setting:
    reads = rng.choices(("none", "all", "first", "older"), (50, 30, 10, 10))[0]
    return Setting(rng.random() < 0.85, reads, rng.random() < 0.9, rng.random() < 0.1)


def every_story(alphabet: Sequence[str] = ALPHABET, length: int = 4) -> Iterator[Story]:
    """All histories of up to so many moves, without those in which a move does nothing: shorter ones say the same."""
    for logged in (True, False):
        grown = [Story((), logged)]
        for _ in range(length):
            grown = [longer for story in grown for longer in _longer(story, alphabet)]
            yield from grown


def _longer(story: Story, alphabet: Sequence[str]) -> Iterator[Story]:
    for word in alphabet:
        world = story.play()
        before = world.minute
        MOVES[word].do(world)
        if world.minute != before:
            yield replace(story, moves=(*story.moves, word))


def random_story(rng: Random, longest: int = 9) -> Story:
    """A random history, mostly one in which something comes into force early on."""
    words = list(MOVES)
    start = list(AGREED) if rng.random() < 0.7 else []
    if start and rng.random() < 0.25:
        start[0] = rng.choice(("propose, Boris names his next key", "propose, planting a next key"))
    moves = [rng.choice(words) for _ in range(rng.randint(1, longest - len(start)))]
    trio = rng.random() < 0.15
    if trio and start:
        start.insert(1, "Carla approves")
    return Story((*start, *moves), rng.random() < 0.8, rng.random() < 0.15, trio)


def _silent(_found: Violation) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class Depth:
    """How much of each history is looked at, and when to stop."""

    edits: int | None = 1
    pairs: int = 1
    stop: int = 1
    tell: Callable[[Violation], None] = _silent


_SHALLOW: Final = Depth()
_GENUINE: Final = Depth(edits=0)


def wander(histories: int, seed: int, depth: Depth = _SHALLOW) -> Figures:
    """Random histories; ends at so many violations."""
    return _run((random_story(Random(f"{seed} {at}")) for at in range(histories)), seed, depth)


def walk(stories: Iterable[Story], seed: int = 0, depth: Depth = _GENUINE) -> Figures:
    """Given histories; ends at so many violations."""
    return _run(stories, seed, depth)


def _run(stories: Iterable[Story], seed: int, depth: Depth) -> Figures:
    figures, start = Figures(), time.process_time()
    with quick():
        for at, story in enumerate(stories):
            rng = Random(f"edits {seed} {at}")
            for found in examine(story, rng, edits=depth.edits, pairs=depth.pairs, figures=figures):
                figures.violations.append(found)
                depth.tell(found)
            tidy(at)
            if len(figures.violations) >= depth.stop:
                break
    figures.seconds = time.process_time() - start
    return figures


def smallest(violation: Violation) -> Violation:
    """The same invariant broken by fewer moves and edits, as far as leaving out one at a time leads."""
    best = violation
    while (smaller := _smaller(best)) is not None:
        best = smaller
    return best


def _smaller(violation: Violation) -> Violation | None:
    moves = violation.story.moves
    for at in reversed(range(len(moves))):
        story = replace(violation.story, moves=moves[:at] + moves[at + 1 :])
        found = _again(story, violation)
        if found is not None:
            return found
    if len(violation.edits) > 1:
        found = _again(violation.story, violation, singles=True)
        if found is not None:
            return found
    return None


def _again(story: Story, violation: Violation, *, singles: bool = False) -> Violation | None:
    """The same invariant broken in another history, by edits of the same kinds."""
    for seed in range(6):
        rng = Random(seed)
        tried = examine(story, rng, edits=None, pairs=0 if singles or len(violation.edits) < 2 else 60)
        for found in tried:
            if found.invariant == violation.invariant and len(found.edits) <= len(violation.edits):
                return found
    return None
