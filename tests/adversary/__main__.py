"""The long search: `python -m tests.adversary --histories 100000 --seed N`. Exits 1 when an invariant is broken."""

from __future__ import annotations

import argparse
import itertools
import sys
from dataclasses import replace

from .search import Depth, Figures, every_story, smallest, walk, wander


def main() -> int:
    """Small histories first, all of them as far as a quarter of the number goes; then random ones."""
    parser = argparse.ArgumentParser(prog="python -m tests.adversary", description=__doc__)
    parser.add_argument("--histories", type=int, default=100_000, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="another number, another search")
    parser.add_argument("--edits", type=int, default=4, help="random edits of each history")
    parser.add_argument("--pairs", type=int, default=2, help="random pairs of edits of each history")
    parser.add_argument("--findings", type=int, default=1, help="end at so many broken invariants")
    options = parser.parse_args()
    depth = Depth(options.edits, options.pairs, options.findings, lambda found: print(found, flush=True))
    small = itertools.islice(every_story(length=7), options.histories // 4)
    total = walk(small, options.seed, depth)
    print(f"all small histories: {total}", flush=True)
    at, step = total.histories, 5_000
    while at < options.histories and (left := options.findings - len(total.violations)) > 0:
        count = min(step, options.histories - at)
        seed = options.seed * 1_000_003 + at
        found = wander(count, seed, replace(depth, stop=left))
        total, at = _sum(total, found), at + count
        print(f"so far: {total}", flush=True)
    print(total)
    if not total.violations:
        return 0
    print("Looking for the smallest counterexamples ...", flush=True)
    for violation in total.violations:
        print(smallest(violation), flush=True)
    return 1


def _sum(one: Figures, two: Figures) -> Figures:
    return Figures(
        one.histories + two.histories,
        one.edits + two.edits,
        one.files + two.files,
        one.seconds + two.seconds,
        one.violations + two.violations,
    )


if __name__ == "__main__":
    sys.exit(main())
