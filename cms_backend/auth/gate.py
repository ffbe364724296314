"""Who is asking: a program of the person at this computer, or a DID. Decided once, before anything is read.

An embedded backend (one with a launch secret) answers nobody but programs that know the secret; a login there says as
whom such a program acts. A server has no launch secret: there a token is what lets in.
"""

import secrets
import time
from dataclasses import dataclass, field
from typing import Final, Protocol

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cms_backend.auth.jwt import TokenIssuer
from cms_backend.core import attach
from cms_backend.core.errors import CmsError
from cms_backend.http.bodies import json_response, read_members
from cms_backend.http.border import refuse

CALLER: Final = "cms.caller"
REFUSAL: Final = "cms.refusal"
CONNECTION: Final = "cms.connection"
_ATTACH_LIMIT: Final = 1024
_NONCE: Final = frozenset({"nonce"})


class NotLoggedIn(CmsError):
    """The request does not say who is asking, or says it wrongly."""

    code = "auth.required"
    status = 401


class NoLength(CmsError):
    """A body whose length nobody knows before its end (RFC 9110, section 15.5.12)."""

    code = "http.length"
    status = 411


class Trusted(Protocol):
    """A connection that is told whether it belongs to somebody known."""

    @property
    def spent(self) -> bool:
        """A stranger's, on which one answer was given already."""
        ...

    def trust(self) -> None:
        """A request on it has shown who asks."""
        ...


@dataclass(frozen=True, slots=True)
class Caller:
    """``local``: a program of the person at this computer, who reads everything here; else a ``did``."""

    local: bool
    did: str | None


@dataclass(frozen=True, slots=True)
class Gate:
    """Checks what a request shows; one per app."""

    launch_secret: str | None = field(repr=False)
    tokens: TokenIssuer

    @property
    def embedded(self) -> bool:
        """Is this the backend of one person's computer?"""
        return self.launch_secret is not None

    def prove(self, client_nonce: object) -> tuple[str, str]:
        """(nonce, proof) for a program that wants to know whom it asks. Raises FormError, NotLoggedIn (a server)."""
        if self.launch_secret is None:
            raise NotLoggedIn(
                "This is a server.", remedy="Log in with your DID: POST /api/v1/auth/challenge."
            )
        nonce, own = attach.check_nonce(client_nonce), secrets.token_hex(32)
        return own, attach.server_proof(self.launch_secret, nonce, own)

    def check_attached(self, headers: Headers) -> None:
        """At an embedded backend: raise NotLoggedIn unless the program knows the launch secret."""
        if self.launch_secret is None:
            return
        shown = headers.get(attach.HEADER, "")
        if not shown:
            raise NotLoggedIn(
                "Only programs of the person at this computer are let in.",
                remedy="Attach first: POST /api/v1/attach, with the launch secret of run.json.",
            )
        if not attach.is_credential(shown, self.launch_secret):
            raise NotLoggedIn(
                "The launch secret is not that of this backend.",
                remedy="Read run.json again: it may have restarted.",
            )

    def caller(self, headers: Headers) -> Caller:
        """Whose request it is, of one that ``check_attached`` let pass. Raises NotLoggedIn, TokenError."""
        authorization = headers.get("Authorization")
        if authorization is None and self.embedded:
            return Caller(local=True, did=None)
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotLoggedIn(
                "This needs a login.",
                remedy="Log in with your DID: POST /api/v1/auth/challenge, then /auth/verify.",
            )
        return Caller(local=False, did=self.tokens.check(token.strip(), time.time()))


class GateMiddleware:
    """Puts the caller into the scope. Nobody whom an embedded backend does not know comes further; ``POST`` of
    ``attach_path``, the one thing that it answers them, is answered here, because anybody may ask for it at any rate.
    """

    def __init__(self, app: ASGIApp, *, gate: Gate, attach_path: str) -> None:
        self.app = app
        self._gate = gate
        self._attach_path = attach_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            if scope["path"] == self._attach_path and scope["method"] == "POST" and self._gate.embedded:
                await self._attach(scope, receive, send)
                return
            headers = Headers(scope=scope)
            try:
                self._gate.check_attached(headers)
            except NotLoggedIn as error:
                await refuse(error, scope, receive, send)
                return
            try:
                scope[CALLER] = self._gate.caller(headers)
            except CmsError as error:
                scope[REFUSAL] = error
            connection: Trusted | None = scope.get(CONNECTION)
            if connection is not None and (self._gate.embedded or CALLER in scope):
                connection.trust()
        await self.app(scope, receive, send)

    async def _attach(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One proof for a connection: who asks for the next one has to queue again."""
        connection: Trusted | None = scope.get(CONNECTION)
        try:
            if "content-length" not in Headers(scope=scope):
                raise NoLength("The body's length is not announced.", remedy="Send a Content-Length.")
            body = await read_members(Request(scope, receive), _ATTACH_LIMIT, _NONCE)
            nonce, proof = self._gate.prove(body["nonce"])
        except CmsError as error:
            await refuse(error, scope, receive, send)
            return
        response = json_response({"nonce": nonce, "proof": proof})
        if connection is not None and connection.spent:
            response.headers["Connection"] = "close"
        await response(scope, receive, send)
