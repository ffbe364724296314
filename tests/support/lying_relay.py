"""A relay between a client and a real backend that tells lies: it changes what the backend answers on the way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpx
import orjson

from cms_backend.core.canonical import encode

Lie = Callable[[str, str, Any], Any]
"""(method, path below /api/v1, the true JSON answer) to the JSON that is told instead."""


class LyingRelay:
    """An HTTP server on the loopback in front of a backend. `lie` is None while it tells the truth."""

    def __init__(self, base_url: str) -> None:
        self._base = base_url
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.Task[None]] = set()
        self._http = httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=30)
        self.lie: Lie | None = None
        self.asked: list[str] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)
        await self._server.wait_closed()
        await self._http.aclose()

    @property
    def base_url(self) -> str:
        """Where it listens."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while True:
                    await self._answer(reader, writer)
        finally:
            writer.close()
            self._lines.discard(task)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers.get("Content-Length", 0)))
        passed = {name: value for name, value in headers.items() if name.lower() not in _OWN}
        answer = await self._http.request(method, target, content=body, headers=passed)
        path = target.removeprefix("/api/v1").partition("?")[0]
        self.asked.append(f"{method} {path}")
        data = answer.content
        is_json = answer.headers.get("content-type", "").partition(";")[0].endswith("json")
        if self.lie is not None and is_json and answer.status_code < 400:
            told = self.lie(method, path, orjson.loads(data))
            # An evidence file has one form; other answers may hold what the protocol has no form for.
            data = encode(told) if path.endswith("/evidence") else orjson.dumps(told)
        kind = answer.headers.get("content-type", "application/octet-stream")
        writer.write(
            f"HTTP/1.1 {answer.status_code} OK\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n".encode()
            + data
        )
        await writer.drain()


_OWN = frozenset({"host", "content-length", "connection", "accept-encoding"})
