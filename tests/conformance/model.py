"""What a topic reports: one result per case of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cms_backend.core.errors import CmsError

Vectors = Mapping[str, Any]
"""A vector file: `cases`, or `testGroups` with `tests`, and its head."""


class Outcome(StrEnum):
    """What became of a case."""

    passed = "passed"
    failed = "failed"
    not_applicable = "not applicable"


@dataclass(frozen=True)
class Result:
    """One case: its id in the file, the outcome, and what there is to say."""

    case: str
    outcome: Outcome
    note: str = ""


Check = Callable[[Vectors], Iterator[Result]]


def passed(case: str) -> Result:
    """The case came out as published."""
    return Result(case, Outcome.passed)


def failed(case: str, note: str) -> Result:
    """The case came out otherwise."""
    return Result(case, Outcome.failed, note)


def not_applicable(case: str, note: str) -> Result:
    """The case tests what this code does not have."""
    return Result(case, Outcome.not_applicable, note)


def expect(case: str, truth: bool, note: str) -> Result:
    """Passed when `truth` holds, failed with `note` otherwise."""
    return passed(case) if truth else failed(case, note)


def equal(case: str, found: object, published: object) -> Result:
    """Passed when both are equal."""
    return expect(case, found == published, f"found {str(found)[:120]}, published {str(published)[:120]}")


def verdict(case: str, valid: bool, run: Callable[..., object], *arguments: Any) -> Result:
    """Run a check of ours: it must return for a valid case, and raise one of our errors for others."""
    try:
        run(*arguments)
    except CmsError as error:
        return expect(case, not valid, f"refused a valid case: {error.detail}")
    return expect(case, valid, "accepted an invalid case")


def whole_file(reason: str) -> Check:
    """A check for a file about what this code does not have."""

    def check(vectors: Vectors) -> Iterator[Result]:
        for case in each(vectors):
            yield not_applicable(case_id(case), reason)

    return check


def each(vectors: Vectors) -> Iterator[Vectors]:
    """The cases of a file in either layout."""
    yield from vectors.get("cases", ())
    for group in vectors.get("testGroups", ()):
        yield from group["tests"]


def case_id(case: Vectors) -> str:
    """The name of a case."""
    return str(case.get("id", case.get("tcId", case.get("ieee754", "?"))))
