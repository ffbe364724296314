"""Connections of an HTTP server: how many of strangers, for how long, and which one has to go first.

On one computer every program has the same address, so what is counted is not peers but connections on which nobody
has yet shown who asks. They are few, they have little time for each part of a request, and a new one pushes the
oldest idle one out: whoever holds a thousand of them open keeps nobody else away. uvicorn bounds none of that.
A connection comes here from the lobby, with its first head.
"""

import asyncio
from dataclasses import dataclass
from enum import IntEnum
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_STATUS = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
HEAD_TOO_LARGE = (
    f"HTTP/1.1 {_STATUS.value} {_STATUS.phrase}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode()
)


@dataclass(frozen=True, slots=True)
class Patience:
    """What strangers get: places before and after their first head, and seconds for each part of a request.
    ``head_bytes`` holds for everybody.
    """

    lobby: int = 256
    connections: int = 64
    head: float = 5.0
    body: float = 10.0
    answer: float = 60.0
    head_bytes: int = 64 * 1024


class Doing(IntEnum):
    """What a connection is at; the lowest goes first."""

    waiting = 0
    receiving = 1
    answering = 2


class Strangers:
    """The connections on which nobody has shown who asks, oldest first."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self._open: dict[Connection, None] = {}
        self._closed = False

    def __len__(self) -> int:
        return len(self._open)

    def add(self, connection: "Connection") -> None:
        """Take one in; where there are too many, the oldest of the least busy goes."""
        if len(self._open) >= self.patience.connections:
            min(self._open, key=lambda other: other.doing).drop()
        self._open[connection] = None
        if self._closed:
            connection.drop()

    def remove(self, connection: "Connection") -> None:
        """It ended, or is no stranger's any more."""
        self._open.pop(connection, None)

    def drop_all(self) -> None:
        """End them all, and whatever comes after: the server stops."""
        self._closed = True
        for connection in tuple(self._open):
            connection.drop()


class Connection(HttpToolsProtocol):
    """One connection, of which ``first`` was read already. It stands in the scope of its requests as
    ``cms.connection``.
    """

    def __init__(self, strangers: Strangers, first: bytes, **options: Any) -> None:
        super().__init__(**options)
        self._strangers = strangers
        self._first = first
        self._patience = strangers.patience
        self._timer: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._complete = True
        self._known = False
        self._answered = 0
        self.doing = Doing.waiting

    def trust(self) -> None:
        """A request has shown who asks: no bounds but those of every connection."""
        if not self._known:
            self._known = True
            self._strangers.remove(self)
            self._stop_timer()

    @property
    def spent(self) -> bool:
        """A stranger's, on which one answer was given already."""
        return not self._known and self._answered > 0

    def drop(self) -> None:
        """End it now, whatever it is at."""
        self._strangers.remove(self)
        self._stop_timer()
        self.transport.abort()

    # --- what uvicorn's protocol is told ------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """A client has connected."""
        super().connection_made(transport)
        self._now(Doing.waiting, self._patience.head)
        self._strangers.add(self)
        if not transport.is_closing():
            self.data_received(self._first)
        self._first = b""

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._strangers.remove(self)
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes came. llhttp takes a head of any length; this does not."""
        self._head_bytes += len(data)
        super().data_received(data)
        too_long = self.doing is Doing.waiting and self._head_bytes > self._patience.head_bytes
        if too_long and not self.transport.is_closing():
            self.transport.write(HEAD_TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["cms.connection"] = self  # type: ignore[typeddict-unknown-key]  # ASGI lets servers add keys

    def on_headers_complete(self) -> None:
        """Its head is there."""
        self._head_bytes = 0
        self._complete = False
        self._now(Doing.receiving, self._patience.body)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All of it is there."""
        self._head_bytes = 0
        self._complete = True
        self._now(Doing.answering, self._patience.answer)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """It is answered."""
        self._answered += 1
        if self._complete:
            self._now(Doing.waiting, self._patience.head)
        super().on_response_complete()

    # --- time -----------------------------------------------------------------------------------------------

    def _now(self, doing: Doing, seconds: float) -> None:
        self.doing = doing
        self._stop_timer()
        if not self._known and not self.transport.is_closing():
            self._timer = self.loop.call_later(seconds, self.drop)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
