"""Talking to the backend of a data folder, and to nothing that merely stands in its place.

A run file may be old, and its port another program's by now. So every connection begins with the backend's proof that
it knows the launch secret (`cms_backend.core.attach`); before it, nothing is told but a random number. The secret
itself is never sent.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import Iterable
from typing import Any, Final

import httpcore
import httpx

from cms_backend.core import attach
from cms_backend.core.errors import CmsError

PATH: Final = "/api/v1/attach"
_PROOF_SECONDS: Final = 5.0
_IDLE_SECONDS: Final = 60.0
"""Less than the backend waits (75 s): it should not close a connection that is just being used."""
_LONGEST_HEAD: Final = 8 * 1024
_LONGEST_BODY: Final = 1024
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,4})[ \t]*\r\n", re.IGNORECASE)


class BackendNotProven(CmsError):
    """Who answers at the backend's address does not know the launch secret. It was told nothing."""

    code = "backend.not-proven"
    status = 502

    def __init__(self) -> None:
        super().__init__(
            "Another program, or a newer start of the backend, answers in its place: "
            "it does not know the launch secret. Nothing was sent to it.",
            remedy="Try again in a moment: the backend's new address is read by itself.",
        )


class AttachedTransport(httpx.AsyncHTTPTransport):
    """HTTP to a backend of this computer over connections that it has proven itself on."""

    def __init__(self, launch_secret: str) -> None:
        super().__init__(verify=False, trust_env=False)
        self._proving = _Proving(launch_secret)
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=self._proving,
        )
        self._first = asyncio.Lock()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request with the credential. Raises BackendNotProven, httpx.TransportError."""
        if self._proving.credential is None:
            async with self._first:
                if self._proving.credential is None:
                    await self._prove(request)
        request.headers[attach.HEADER] = self._proving.credential or ""
        return await super().handle_async_request(request)

    async def _prove(self, request: httpx.Request) -> None:
        try:
            timeout = request.extensions.get("timeout", {}).get("connect")
            await self._proving.keep_one(request.url.host, request.url.port or 80, timeout)
        except httpcore.TimeoutException as error:
            raise httpx.ConnectTimeout(str(error), request=request) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise httpx.ConnectError(str(error), request=request) from error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._proving.drop()
        await super().aclose()


class _Proving(httpcore.AsyncNetworkBackend):
    """Connects, and has the other side prove itself before the connection is used."""

    def __init__(self, launch_secret: str) -> None:
        self._secret = launch_secret
        self._connect = httpcore.AnyIOBackend()
        self._kept: httpcore.AsyncNetworkStream | None = None
        self.credential: str | None = None

    async def keep_one(self, host: str, port: int, timeout: float | None) -> None:
        """Connect ahead of the first request, which needs the credential."""
        self._kept = await self.connect_tcp(host, port, timeout)

    async def drop(self) -> None:
        """Close the connection that was made ahead, if nobody has used it."""
        kept, self._kept = self._kept, None
        if kept is not None:
            await kept.aclose()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A proven connection. Raises BackendNotProven, httpcore.NetworkError, httpcore.TimeoutException."""
        if self._kept is not None:
            kept, self._kept = self._kept, None
            return kept
        stream = await self._connect.connect_tcp(host, port, timeout, local_address, socket_options)
        try:
            self.credential = await _proven(stream, f"{host}:{port}", self._secret)
        except BaseException:
            await stream.aclose()
            raise
        return stream

    async def sleep(self, seconds: float) -> None:
        """As the pool wants it."""
        await self._connect.sleep(seconds)


async def _proven(stream: httpcore.AsyncNetworkStream, host: str, secret: str) -> str:
    """The credential, once the other side has shown that it knows the secret. Raises BackendNotProven."""
    nonce = secrets.token_hex(32)
    body = json.dumps({"nonce": nonce})
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    await stream.write((head + body).encode(), timeout=_PROOF_SECONDS)
    answer = await _answer(stream)
    try:
        raw = json.loads(answer)
        own = attach.check_nonce(raw["nonce"])
        shown = raw["proof"]
    except (ValueError, KeyError, TypeError, RecursionError, CmsError):
        raise BackendNotProven from None
    if not attach.is_proof(shown, secret, nonce, own):
        raise BackendNotProven
    return attach.credential(secret, nonce, own)


async def _answer(stream: httpcore.AsyncNetworkStream) -> bytes:
    """The body of one short answer. Raises BackendNotProven for anything else, NetworkError when there is none."""
    data = b""
    while b"\r\n\r\n" not in data:
        if len(data) > _LONGEST_HEAD:
            raise BackendNotProven
        data += await _some(stream)
    head, _, body = data.partition(b"\r\n\r\n")
    length = _LENGTH.search(head + b"\r\n")
    if not head.startswith(b"HTTP/1.1 200 ") or length is None or int(length[1]) > _LONGEST_BODY:
        raise BackendNotProven
    while len(body) < int(length[1]):
        body += await _some(stream)
    if len(body) != int(length[1]):
        raise BackendNotProven
    return body


async def _some(stream: httpcore.AsyncNetworkStream) -> bytes:
    data = await stream.read(4096, timeout=_PROOF_SECONDS)
    if not data:
        raise httpcore.ReadError("the connection ended before the proof")
    return data
