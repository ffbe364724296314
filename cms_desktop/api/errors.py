"""What the backend answers when it refuses, and what is said when it does not answer at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cms_backend.core import errors as core
from cms_backend.core.errors import CmsError


class BackendSilent(CmsError):
    """No answer: the backend is down, restarting, or too slow. Nothing is known of what it did."""

    code = "api.no-answer"
    status = 503


class BackendUnreadable(CmsError):
    """What came back is not the backend's: something else answers there, or another version of it."""

    code = "api.unreadable"
    status = 502

    def __init__(self) -> None:
        super().__init__(
            "The answer cannot be read: something else answers there, or another version of the backend.",
            remedy="Check the address; end the backend, so that this program starts its own version.",
        )


class Refused(CmsError):
    """The backend refused for a reason that has no class of its own here; `problem` has its code."""

    code = "api.refused"

    def __init__(self, problem: ProblemBody) -> None:
        super().__init__(problem.detail, remedy=problem.remedy)
        self.problem = problem


class RpcRefused(CmsError):
    """A ledger's node answered a call with an error of JSON-RPC 2.0 (section 5.1); `number` is its code."""

    code = "ledger.refused"
    status = 502

    def __init__(self, detail: str, number: int) -> None:
        super().__init__(detail)
        self.number = number


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of a file that was not taken in: the check that says why, the words, and its digest if it has one."""

    check: str
    detail: str
    digest: str | None

    @classmethod
    def from_json(cls, raw: Any) -> LeftOut:
        """`{check, detail, digest}`."""
        return cls(str(raw["check"]), str(raw["detail"]), raw["digest"])


@dataclass(frozen=True, slots=True)
class ProblemBody:
    """A problem of RFC 9457 with our members `code` and `remedy`; of a refused file, all that is wrong in it."""

    status: int
    code: str
    detail: str
    remedy: str | None
    refused: tuple[LeftOut, ...] = ()

    @classmethod
    def from_json(cls, raw: Any, status: int = 500) -> ProblemBody:
        """Read it leniently: a proxy may have answered in the backend's place."""
        body = raw if isinstance(raw, dict) else {}
        said = body.get("status")
        return cls(
            status=said if isinstance(said, int) else status,
            code=str(body.get("code", "api.refused")),
            detail=str(body.get("detail") or body.get("title") or f"The backend answered {status}."),
            remedy=None if body.get("remedy") is None else str(body["remedy"]),
            refused=_left_out(body.get("refused")),
        )

    def to_error(self) -> CmsError:
        """The error of the one tree with this code; Refused where this program has no such class."""
        found = _BY_CODE.get(self.code)
        return Refused(self) if found is None else found(self.detail, remedy=self.remedy)


def _left_out(raw: Any) -> tuple[LeftOut, ...]:
    listed = raw if isinstance(raw, list) else []
    return tuple(
        LeftOut.from_json(one)
        for one in listed
        if isinstance(one, dict) and one.keys() >= {"check", "detail", "digest"}
    )


_BY_CODE: dict[str, type[CmsError]] = {
    one.code: one
    for one in (
        core.FormError,
        core.IntentError,
        core.KeyTextError,
        core.DidError,
        core.DocumentError,
        core.LoginError,
        core.LogError,
        core.LifecycleError,
        core.StaleSpine,
        core.ProposalClosed,
        core.SlotTaken,
        core.NotAllowed,
    )
}
