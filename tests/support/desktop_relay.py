"""A line between client and backend that can be cut at the worst moment."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import Self


class Relay:
    """Forwards TCP to a port, under whose own name it asks. `cut`: so many answers are lost: the backend has worked,
    and nobody hears of it. The proof that a connection begins with is no such answer, and is not counted.
    """

    def __init__(self, port: int, *, listen: int = 0) -> None:
        self._to, self._listen = port, listen
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.Task[None]] = set()
        self._proving: set[asyncio.StreamReader] = set()
        self.cut = 0
        self.asked = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self._listen)
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

    @property
    def base_url(self) -> str:
        """Where it listens."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines.add(task)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        try:
            with contextlib.suppress(ConnectionError):
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._questions(reader, far_writer))
                    both.create_task(self._answers(far_reader, writer, reader))
        finally:
            for one in (writer, far_writer):
                one.close()
            self._lines.discard(task)
            self._proving.discard(reader)

    async def _questions(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        own = self.base_url.removeprefix("http://").encode()
        while data := await reader.read(65536):
            if data.startswith(b"POST /api/v1/attach "):
                self._proving.add(reader)
            else:
                self._proving.discard(reader)
                self.asked += data.startswith((b"GET ", b"POST "))
            writer.write(data.replace(b"Host: " + own, b"Host: 127.0.0.1:%d" % self._to, 1))
            await writer.drain()
        writer.close()

    async def _answers(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, questions: asyncio.StreamReader
    ) -> None:
        while data := await reader.read(65536):
            if self.cut and questions not in self._proving:
                self.cut -= 1
                break
            writer.write(data)
            await writer.drain()
        writer.close()
        questions.feed_eof()
