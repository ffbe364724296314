"""Where connections wait until they have said what they want: a socket and some bytes, nothing more.

An HTTP connection costs objects and time that a stranger should not be able to ask for by merely connecting. So a
connection is read here until its first request is complete (of a long one: its head), and only then given a protocol,
one in every fourth turn of the event loop. Those that say nothing, or never come to an end, cost a descriptor for a few
seconds; when the places are taken, the oldest goes.
"""

import asyncio
import contextlib
import errno
import re
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from cms_backend.http.connections import HEAD_TOO_LARGE, Connection, Patience

_BACKLOG: Final = 2048
_AT_ONCE: Final = 32
"""Connections taken in one turn of the loop: a burst of them lets others have their turns in between."""
_FULL: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_FULL_PAUSE: Final = 0.1
_LOOKS: Final = 4
"""How many times within the time for a head the lobby is looked through."""
_TURNS: Final = 4
_READ: Final = 16 * 1024
_SHORT_BODY: Final = 4 * 1024
"""A body of up to so many bytes is waited for here; a longer one is its endpoint's to bound."""
_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r\n", re.IGNORECASE)


@dataclass(eq=False, slots=True)
class _Guest:
    """A connection that waits, and what it has said."""

    socket: socket.socket
    until: float
    said: bytes = b""
    #: How long its first request is; None before the end of the head.
    length: int | None = None


class Lobby:
    """Takes connections from a bound socket, and hands each on with its first head. Closed as asyncio's servers are.

    ``protocol`` makes the connection of what was said so far.
    """

    def __init__(
        self, bound: socket.socket, protocol: Callable[[bytes], Connection], patience: Patience | None = None
    ) -> None:
        self._socket = bound
        self._protocol = protocol
        self._patience = patience or Patience()
        self._loop = asyncio.get_running_loop()
        self._guests: dict[_Guest, None] = {}
        self._complete: deque[_Guest] = deque()
        self._turn = 0
        self._handed: set[asyncio.Task[Any]] = set()
        self._pause: asyncio.TimerHandle | None = None
        self._look: asyncio.TimerHandle | None = None
        bound.setblocking(False)
        bound.listen(_BACKLOG)
        self._listen()

    def __len__(self) -> int:
        return len(self._guests)

    def close(self) -> None:
        """Take no more, and let go of those that wait. The bound socket is its owner's to close."""
        if self._pause is not None:
            self._pause.cancel()
        elif self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket.fileno())
        if self._look is not None:
            self._look.cancel()
        for guest in tuple(self._guests):
            self._drop(guest)
        while self._complete:
            self._complete.popleft().socket.close()

    async def wait_closed(self) -> None:
        """Those that were just handed on have their protocol."""
        await asyncio.gather(*self._handed, return_exceptions=True)

    # --- coming -------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        self._pause = None
        self._loop.add_reader(self._socket.fileno(), self._accept)

    def _accept(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                accepted, _address = self._socket.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in _FULL:
                    raise
                # No descriptor is left: those that queue are taken when some have gone.
                self._loop.remove_reader(self._socket.fileno())
                self._pause = self._loop.call_later(_FULL_PAUSE, self._listen)
                return
            accepted.setblocking(False)
            # Who had to queue has often said everything by now, and does not wait at all.
            self._hear(_Guest(accepted, self._loop.time() + self._patience.head))

    def _wait(self, guest: _Guest) -> None:
        if guest in self._guests:
            return
        if len(self._guests) >= self._patience.lobby:
            self._drop(next(iter(self._guests)))
        self._guests[guest] = None
        self._loop.add_reader(guest.socket.fileno(), self._hear, guest)
        if self._look is None:
            self._look = self._loop.call_later(self._patience.head / _LOOKS, self._look_through)

    # --- waiting ------------------------------------------------------------------------------------------

    def _hear(self, guest: _Guest) -> None:
        try:
            heard = guest.socket.recv(_READ)
        except (BlockingIOError, InterruptedError):
            self._wait(guest)
            return
        except OSError:
            heard = b""
        if not heard:
            self._drop(guest)
            return
        # The end may lie across what came before.
        seen = max(0, len(guest.said) - len(_END) + 1)
        guest.said += heard
        if guest.length is None and (end := guest.said.find(_END, seen)) >= 0:
            guest.length = end + len(_END) + _short_body(guest.said[: end + len(_END)])
        if guest.length is not None and len(guest.said) >= guest.length:
            self._leave(guest)
            self._queue(guest)
        elif len(guest.said) > self._patience.head_bytes:
            with contextlib.suppress(OSError):
                guest.socket.send(HEAD_TOO_LARGE)
            self._drop(guest)
        else:
            self._wait(guest)

    def _look_through(self) -> None:
        """Let go of those whose time is over; they stand in the order of it."""
        self._look = None
        now = self._loop.time()
        while self._guests and (oldest := next(iter(self._guests))).until <= now:
            self._drop(oldest)
        if self._guests:
            self._look = self._loop.call_later(self._patience.head / _LOOKS, self._look_through)

    # --- going --------------------------------------------------------------------------------------------

    def _leave(self, guest: _Guest) -> None:
        if self._guests.pop(guest, guest) is None:
            self._loop.remove_reader(guest.socket.fileno())

    def _drop(self, guest: _Guest) -> None:
        self._leave(guest)
        guest.socket.close()

    def _queue(self, guest: _Guest) -> None:
        if not self._complete:
            self._loop.call_soon(self._hand_on)
        elif len(self._complete) >= self._patience.lobby:
            self._complete.popleft().socket.close()
        self._complete.append(guest)

    def _hand_on(self) -> None:
        """Let one begin in every fourth turn of the loop: a request under way needs many turns, and goes first."""
        self._turn += 1
        while self._complete and self._turn % _TURNS == 0:
            guest = self._complete.popleft()
            if not _has_left(guest.socket):
                self._begin(guest)
                break
            guest.socket.close()
        if self._complete:
            self._loop.call_soon(self._hand_on)

    def _begin(self, guest: _Guest) -> None:
        handed = self._loop.create_task(self._connect(guest))
        self._handed.add(handed)
        handed.add_done_callback(self._handed.discard)

    async def _connect(self, guest: _Guest) -> None:
        with contextlib.suppress(ConnectionError):
            await self._loop.connect_accepted_socket(lambda: self._protocol(guest.said), guest.socket)


def _has_left(waiting: socket.socket) -> bool:
    """Has the client hung up while it stood in line?"""
    try:
        return not waiting.recv(1, socket.MSG_PEEK)
    except (BlockingIOError, InterruptedError):
        return False
    except OSError:
        return True


def _short_body(head: bytes) -> int:
    """The length of the body that a head announces, where it is waited for. What it means is the parser's to say."""
    announced = _LENGTH.search(head)
    length = 0 if announced is None else int(announced[1])
    return length if length <= _SHORT_BODY else 0
