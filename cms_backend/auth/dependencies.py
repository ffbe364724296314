"""Who is asking, for endpoints: the person at this computer (launch secret), or a DID (token)."""

import hmac
import time
from dataclasses import dataclass

from fastapi import Request

from cms_backend.auth.jwt import TokenIssuer
from cms_backend.core.errors import CmsError

LAUNCH_HEADER = "X-CMS-Launch"


class NotLoggedIn(CmsError):
    """The request says neither of the two, or says it wrongly."""

    code = "auth.required"
    status = 401


class LocalOnly(CmsError):
    """Only the person at this computer may ask for this."""

    code = "auth.local-only"
    status = 403


@dataclass(frozen=True, slots=True)
class Caller:
    """``local``: holds the launch secret and reads everything in this home; else a logged-in ``did``."""

    local: bool
    did: str | None


class Gate:
    """Checks the two ways in; one per app."""

    def __init__(self, launch_secret: str | None, tokens: TokenIssuer) -> None:
        self._launch = launch_secret.encode() if launch_secret else None
        self._tokens = tokens

    def enter(self, launch: str | None, authorization: str | None) -> Caller:
        """The caller of a request with these headers. Raises NotLoggedIn, TokenError."""
        if launch:
            offered = launch.encode("utf-8", "replace")
            if self._launch is not None and hmac.compare_digest(offered, self._launch):
                return Caller(local=True, did=None)
            raise NotLoggedIn(
                "The launch secret is not that of this backend.",
                remedy="Read run.json again: it may have restarted.",
            )
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotLoggedIn(
                "This needs a login.",
                remedy="Log in with your DID: POST /api/v1/auth/challenge, then /auth/verify.",
            )
        return Caller(local=False, did=self._tokens.check(token.strip(), time.time()))


def caller(request: Request) -> Caller:
    """Dependency: the caller, or 401."""
    gate: Gate = request.app.state.gate
    return gate.enter(request.headers.get(LAUNCH_HEADER), request.headers.get("Authorization"))


def local_caller(request: Request) -> Caller:
    """Dependency: the person at this computer, or 403."""
    who = caller(request)
    if not who.local:
        raise LocalOnly("Only a program of the person at this computer may do this.")
    return who
