"""What can go wrong between this program and the backend process it needs."""

from __future__ import annotations

from cms_backend.core.errors import CmsError


class BackendError(CmsError):
    """The backend process cannot be used."""

    code = "backend.error"
    status = 503


class BackendUnavailable(BackendError):
    """No backend could be started or attached to, after all tries."""

    code = "backend.unavailable"


class BackendStartFailed(BackendError):
    """One try to start the backend ended without a ready line."""

    code = "backend.start-failed"

    def __init__(self, detail: str, *, exit_code: int | None = None, remedy: str | None = None) -> None:
        super().__init__(detail, remedy=remedy)
        self.exit_code = exit_code
