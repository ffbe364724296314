"""Who is asking, for endpoints: what the gate found."""

from fastapi import Request

from cms_backend.auth.gate import CALLER, REFUSAL, Caller
from cms_backend.core.errors import CmsError


class LocalOnly(CmsError):
    """Only the person at this computer may ask for this."""

    code = "auth.local-only"
    status = 403


def caller(request: Request) -> Caller:
    """Dependency: the caller. Raises NotLoggedIn, TokenError."""
    found: Caller | None = request.scope.get(CALLER)
    if found is None:
        refusal: CmsError = request.scope[REFUSAL]
        raise refusal
    return found


def local_caller(request: Request) -> Caller:
    """Dependency: the person at this computer. Raises LocalOnly too."""
    who = caller(request)
    if not who.local:
        raise LocalOnly("Only a program of the person at this computer may do this.")
    return who
