"""What a question from outside may cost the embedded chain."""

import threading
import time
from typing import Final

from cms_backend.ledger.errors import RpcError

CALL_SECONDS: Final = 0.25
_WORKS: Final = 0.001
_RESTS: Final = 0.0005
"""A thread that computes keeps the interpreter's lock for 5 ms whenever it gets it, and the event loop waits for it at
each of its turns. So it lets go by itself, and often.
"""


class Budget:
    """What one call may use: its time, and whether anybody still waits for it. Made by one thread, used by another."""

    def __init__(self, seconds: float = CALL_SECONDS) -> None:
        self._seconds = seconds
        self._until = float("inf")
        self._rest_at = 0.0
        self._given_up = threading.Event()

    def begin(self) -> None:
        """The call begins now: waiting for its turn does not count."""
        now = time.monotonic()
        self._until, self._rest_at = now + self._seconds, now + _WORKS

    def give_up(self) -> None:
        """Nobody waits for it any more."""
        self._given_up.set()

    def step(self) -> None:
        """Raise RpcError (-32005) when it is over."""
        now = time.monotonic()
        if now > self._until or self._given_up.is_set():
            raise RpcError(f"The call takes longer than {self._seconds:g} seconds.", -32005)
        if now > self._rest_at:
            time.sleep(_RESTS)
            self._rest_at = time.monotonic() + _WORKS
