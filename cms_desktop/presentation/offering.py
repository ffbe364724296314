"""What is offered with a file that was checked: to take in what it brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from cms_backend.core.ids import Digest
from cms_backend.core.report_model import Report, Verdict
from cms_desktop.api.errors import LeftOut

CONTRACT: Final = "Take this contract in"
PROOFS: Final = "Take its proofs in"
"""The file holds no new event, and its log has taken in what was signed here."""


def is_sound(report: Report) -> bool:
    """Whether the file may be taken in at all."""
    return report.contract is not None and report.verdict not in (Verdict.no_proof, Verdict.altered)


def left_out(refused: Sequence[LeftOut], undecided: Sequence[Digest]) -> str:
    """What is added to the word that a file was taken in: what was not, and what nobody here could judge."""
    found = ""
    if refused:
        count = f"{len(refused)} things were" if len(refused) > 1 else "One thing was"
        found += f" {count} left out: {refused[0].detail}"
    if undecided:
        count = f"{len(undecided)} signatures" if len(undecided) > 1 else "One signature"
        found += f" {count} could only be judged by the contract of the account."
    return found


def offer(report: Report, known: Mapping[Digest, int | None]) -> str:
    """The words of the button; empty when the file brings nothing. `known`: leaf index by event, of those held here."""
    if any(row.digest not in known for row in report.events):
        return CONTRACT
    proven = any(row.index is not None and known[row.digest] is None for row in report.events)
    return PROOFS if proven else ""
