"""What is offered with a file that was checked: to take in what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cms_backend.core.ids import Digest
from cms_backend.core.report_model import Report, Verdict

CONTRACT: Final = "Take this contract in"
PROOFS: Final = "Take its proofs in"
"""The file holds no new event, and its log has taken in what was signed here."""


def is_sound(report: Report) -> bool:
    """Whether the file may be taken in at all."""
    return report.contract is not None and report.verdict not in (Verdict.no_proof, Verdict.altered)


def offer(report: Report, known: Mapping[Digest, int | None]) -> str:
    """The words of the button; empty when the file brings nothing. `known`: leaf index by event, of those held here."""
    if any(row.digest not in known for row in report.events):
        return CONTRACT
    proven = any(row.index is not None and known[row.digest] is None for row in report.events)
    return PROOFS if proven else ""
