"""What a request must look like before anything of it is read: whom it names, where it comes from, what it brings.

A browser lets any page send requests to this computer. They carry the page's own name as ``Host`` when that name was
made to point here (DNS rebinding), the page as ``Origin`` (RFC 6454), or one of the three content types that a form
may send (Fetch, section 2.2.2). None of that is let through. There is no CORS: no page is a client of this backend.
"""

import re
from collections.abc import Collection, Mapping
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from cms_backend.core.errors import CmsError
from cms_backend.http.bodies import JSON
from cms_backend.http.problems import problem_response

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([0-9]{1,5}))?")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
#: What a browser says of a request that no other site caused (W3C Fetch Metadata, section 2.3).
_OWN_SITE: Final = frozenset({"same-origin", "none"})


class WrongHost(CmsError):
    """The request names a host that this backend is not (RFC 9110, sections 7.2 and 15.5.20)."""

    code = "http.host"
    status = 421


class ForeignOrigin(CmsError):
    """A page of another site caused the request."""

    code = "http.origin"
    status = 403


class WrongMediaType(CmsError):
    """The body is of a type that its address does not take."""

    code = "http.media-type"
    status = 415


class BorderMiddleware:
    """Refuses by the headers alone. ``names``: host names of a server, on any port; the loopback's and ``address``
    hold with the port that is listened on. ``media_types``: those of addresses that take other bodies than JSON.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        address: str = "127.0.0.1",
        names: Collection[str] = (),
        media_types: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self.app = app
        self._local = LOOPBACK | {f"[{address}]" if ":" in address else address}
        self._names = frozenset(name.lower() for name in names)
        self._media_types = dict(media_types or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            try:
                host = self._check_host(scope)
                _check_origin(scope, host)
                self._check_media_type(scope)
            except CmsError as error:
                await refuse(error, scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _check_host(self, scope: Scope) -> str:
        given = _values(scope, b"host")
        match = _HOST.fullmatch(given[0].lower()) if len(given) == 1 else None
        if match is not None:
            name, port = match.groups()
            usual = _DEFAULT_PORTS.get(scope["scheme"], 80)
            own = (scope.get("server") or (None, None))[1] or usual
            if name in self._names or (name in self._local and int(port or usual) == own):
                return given[0].lower()
        raise WrongHost(
            "This backend does not answer under that name.",
            remedy="Use its own address (run.json has its port). A server's names are set in server.names.",
        )

    def _check_media_type(self, scope: Scope) -> None:
        given = _values(scope, b"content-type")
        announced = _values(scope, b"content-length")
        brings = bool(_values(scope, b"transfer-encoding")) or any(text.strip("0 ") for text in announced)
        if not brings and not given:
            return
        taken = self._media_types.get(scope["path"], (JSON,))
        if len(given) != 1 or given[0].partition(";")[0].strip().lower() not in taken:
            raise WrongMediaType(
                f"This address takes a body of the type {' or '.join(sorted(taken))}.",
                remedy="Name the type in Content-Type.",
            )


def _check_origin(scope: Scope, host: str) -> None:
    origins, sites = _values(scope, b"origin"), _values(scope, b"sec-fetch-site")
    own = (f"http://{host}", f"https://{host}")
    if any(origin.lower() not in own for origin in origins) or any(site not in _OWN_SITE for site in sites):
        raise ForeignOrigin("A page of another site may not ask this backend.")


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


async def refuse(error: CmsError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a problem, and end the connection: what the request may bring is not read."""
    response = problem_response(error, scope.get("request_id"))
    response.headers["Connection"] = "close"
    await response(scope, receive, send)
