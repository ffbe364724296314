"""`python -m tests.second_reader --files N`: both readers over more made-up files than the suite has time for."""

from __future__ import annotations

import argparse
import collections
import sys

from .histories import History
from .test_two_readers import differences


def main() -> int:
    """Compare, say what differs and how often each verdict came up; 1 when anything differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.second_reader", description=__doc__)
    parser.add_argument("--files", type=int, default=2000, metavar="N", help="how many files (2000)")
    parser.add_argument(
        "--from", type=int, default=0, dest="start", metavar="N", help="the number of the first (0)"
    )
    chosen = parser.parse_args()
    verdicts: collections.Counter[str] = collections.Counter()
    differing = 0
    for number in range(chosen.start, chosen.start + chosen.files):
        verdict, found = differences(History(number).file())
        verdicts[verdict] += 1
        differing += bool(found)
        for name, (first, second) in found.items():
            print(f"{number} {name}\n  the system: {first}\n  the second reader: {second}")
    print(
        f"{chosen.files} files, {differing} differ; "
        + ", ".join(f"{v} {n}" for v, n in verdicts.most_common())
    )
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
