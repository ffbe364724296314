"""Who listens, and what they may hear. Nothing here is durable: who missed something reads again."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

_QUEUE = 512


@dataclass(frozen=True, slots=True)
class Message:
    """One event of the stream: its name and its JSON data."""

    name: str
    data: Mapping[str, Any]


#: Stands in the queue of a listener that fell behind: it must read everything again.
RESYNC = Message("backend", {"contract": None, "digest": None, "what": "resync"})


@dataclass(eq=False, slots=True)
class Subscription:
    """The queue of one listener; ``did`` None is the person at this computer, who hears everything."""

    did: str | None
    queue: asyncio.Queue[Message | None] = field(default_factory=lambda: asyncio.Queue(_QUEUE))
    lagging: bool = False

    def offer(self, message: Message) -> None:
        """Put a message in; a full queue is emptied and says so."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            message = RESYNC
        self.queue.put_nowait(message)


class Bus:
    """Hands each message to the listeners that may hear it."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()
        self._closed = False

    def publish(self, name: str, data: Mapping[str, Any], readers: Collection[str] | None = None) -> None:
        """Tell everyone (``readers`` None), or only these DIDs and the person at this computer."""
        message = Message(name, data)
        for one in self._subscriptions:
            if one.did is None or readers is None or one.did in readers:
                one.offer(message)

    @property
    def has_listeners(self) -> bool:
        """Is anybody listening?"""
        return bool(self._subscriptions)

    @asynccontextmanager
    async def subscribe(self, did: str | None) -> AsyncIterator[Subscription]:
        """Listen for the time of the block; a None in the queue is the end."""
        subscription = Subscription(did)
        if self._closed:
            subscription.queue.put_nowait(None)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        self._closed = True
        for one in self._subscriptions:
            while one.queue.full():
                one.queue.get_nowait()
            one.queue.put_nowait(None)
