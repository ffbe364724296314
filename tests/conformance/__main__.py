"""`python -m tests.conformance FOLDER [--json] [--reasons]`: exit 1 when a case fails, 2 without a folder."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.conformance.model import Outcome
from tests.conformance.runner import run, table


def main(arguments: list[str]) -> int:
    """Run the vectors of a folder and say what came out."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.conformance", description="Run published test vectors."
    )
    parser.add_argument("folder", type=Path, help="a folder of vectors, one sub-folder per topic")
    parser.add_argument("--json", action="store_true", help="one JSON line per file instead of a table")
    parser.add_argument("--reasons", action="store_true", help="also say why cases are not applicable")
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is no folder")
    reports = list(run(options.folder))
    if options.json:
        for report in reports:
            print(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        print(table(reports))
    if options.reasons:
        for report in reports:
            for result in report.results:
                if result.outcome is Outcome.not_applicable:
                    print(f"not applicable {report.path} {result.case}: {result.note}")
    return 1 if any(report.failures for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
