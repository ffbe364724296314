"""What a backend answered that does not hold, or could not be checked: named, never shown as true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cms_backend.core.errors import CmsError
from cms_backend.core.ids import Digest


class FindingKind(StrEnum):
    """What was wrong."""

    signature = "signature"
    contract = "contract"
    digest = "digest"
    document = "document"
    register = "register"
    place = "place"
    log = "log"
    missing = "missing"
    gap = "gap"
    receipt = "receipt"
    no_receipt = "no receipt"
    not_logged = "not logged"
    anchor = "anchor"
    unchecked = "not checked"
    memory = "memory"


_ONLY_UNKNOWN: Final = frozenset({FindingKind.unchecked, FindingKind.memory})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing. `subject` names it for a person; `claimed` is what the backend said; `found` is what this computer
    found instead, and what is shown. Whole sentences."""

    kind: FindingKind
    subject: str
    claimed: str
    found: str
    digest: Digest | None = None

    @property
    def false(self) -> bool:
        """The backend's answer does not hold; otherwise only nothing could be found out."""
        return self.kind not in _ONLY_UNKNOWN

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        return f"{self.subject}: {self.claimed} {self.found}"

    def to_json(self) -> dict[str, str | None]:
        """`{kind, subject, claimed, found, digest}`."""
        return {
            "kind": self.kind.value,
            "subject": self.subject,
            "claimed": self.claimed,
            "found": self.found,
            "digest": self.digest,
        }


class AnswerFalse(CmsError):
    """The backend's answer is not about what was asked, so that nothing of it can be shown."""

    code = "api.answer-false"
    status = 502


def any_false(findings: Iterable[Finding]) -> bool:
    """Is there an answer that does not hold?"""
    return any(one.false for one in findings)
