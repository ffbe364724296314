"""The long soak: `python -m tests.chaos.soak --minutes 30 --seed N`. Exits 1 when something was found."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

from tests.chaos.soak.run import figures, soak


def main() -> int:
    """Run it in a temporary folder, which stays when something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="how long (default: %(default)s)")
    parser.add_argument("--homes", type=int, default=3, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=None, help="the same number draws the same troubles")
    options = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    folder = Path(tempfile.mkdtemp(prefix="cms-soak-"))
    print(f"{options.homes} homes, {options.minutes:g} minutes, seed {seed}, in {folder}", flush=True)
    tally = soak(folder, seconds=options.minutes * 60, homes=options.homes, seed=seed)
    print(figures(tally))
    for finding in tally.findings:
        print(f"FOUND: {finding}")
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
