"""Runs files, applies the list of exceptions, and writes the table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cms_backend.core.errors import CmsError
from tests.conformance.exceptions import EXCEPTIONS
from tests.conformance.model import Outcome, Result, failed, not_applicable
from tests.conformance.topics import FILES


@dataclass(frozen=True)
class FileReport:
    """All results of one file."""

    path: str
    results: Sequence[Result]

    def count(self, outcome: Outcome) -> int:
        """How many cases came out so."""
        return sum(result.outcome is outcome for result in self.results)

    @property
    def failures(self) -> list[Result]:
        """The cases that failed."""
        return [result for result in self.results if result.outcome is Outcome.failed]

    def to_json(self) -> dict[str, object]:
        """One line for machines."""
        reasons = sorted({result.note for result in self.results if result.outcome is Outcome.not_applicable})
        return {
            "file": self.path,
            "passed": self.count(Outcome.passed),
            "failed": self.count(Outcome.failed),
            "not_applicable": self.count(Outcome.not_applicable),
            "failures": [{"case": result.case, "note": result.note} for result in self.failures],
            "reasons": reasons,
        }


def run(folder: Path) -> Iterator[FileReport]:
    """Run every JSON file under the folder, in the order of the paths."""
    for file in sorted(folder.rglob("*.json")):
        yield run_file(folder, file.relative_to(folder).as_posix())


def run_file(folder: Path, path: str) -> FileReport:
    """Run one file. A file that nothing here knows is a failure: vectors are never skipped in silence."""
    check = FILES.get(path)
    if check is None:
        return FileReport(path, [failed("the file", "no topic runs this file")])
    vectors = json.loads((folder / path).read_bytes())
    results: list[Result] = []
    try:
        results.extend(_excepted(path, result) for result in check(vectors))
    except CmsError as error:
        results.append(failed("the file", f"stopped after {len(results)} cases: {error.detail}"))
    return FileReport(path, results)


def _excepted(path: str, result: Result) -> Result:
    reason = EXCEPTIONS.get((path, result.case))
    if reason is None:
        return result
    if result.outcome is Outcome.failed:
        return not_applicable(result.case, reason)
    return failed(result.case, "listed as an exception, yet it comes out as published")


def table(reports: Iterable[FileReport]) -> str:
    """The reports as a table, failures below."""
    reports = list(reports)
    width = max((len(report.path) for report in reports), default=4)
    lines = [f"{'file':{width}}  passed  failed  not applicable"]
    for report in reports:
        counts = [report.count(outcome) for outcome in Outcome]
        lines.append(f"{report.path:{width}}  {counts[0]:6}  {counts[1]:6}  {counts[2]:14}")
    totals = [sum(report.count(outcome) for report in reports) for outcome in Outcome]
    lines.append(f"{'all':{width}}  {totals[0]:6}  {totals[1]:6}  {totals[2]:14}")
    for report in reports:
        lines += [f"FAILED {report.path} {result.case}: {result.note}" for result in report.failures]
    return "\n".join(lines)
