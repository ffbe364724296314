"""Group commit: one task takes everything that waits and commits it in one transaction, one fsync for all.

A commit takes milliseconds on a disk that really syncs; what arrives meanwhile forms the next group, so that
throughput grows with the number of clients while nobody is answered before its own data is safe.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.core.errors import CmsError
from cms_backend.db.session import Database

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Handles one group inside its transaction. An item that is refused gets its error in the result and must
#: leave no
#: row behind; whatever is raised rolls the whole group back.
Handler = Callable[[AsyncConnection, Sequence[Item]], Awaitable[Sequence[Result | CmsError]]]


class WriterStopped(CmsError):
    """The backend is stopping; the request was not stored."""

    code = "backend.stopping"
    status = 503


class GroupWriter(Generic[Item, Result]):
    """See the module. ``rolled_back`` is told which items' transaction did not happen."""

    def __init__(
        self,
        database: Database,
        handler: Handler[Item, Result],
        *,
        rolled_back: Callable[[Sequence[Item]], None],
        group_size: int = 512,
    ) -> None:
        self._database = database
        self._handler = handler
        self._rolled_back = rolled_back
        self._group_size = group_size
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._wake = asyncio.Event()
        self._stopped = False

    async def submit(self, item: Item) -> Result:
        """Commit one item; its result once it is on the disk. Raises the item's error."""
        return await self.enqueue(item)

    def enqueue(self, item: Item) -> asyncio.Future[Result]:
        """Put an item in line; the future has its result, or its error."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        if self._stopped:
            future.set_exception(WriterStopped("The backend is stopping; nothing was stored."))
            return future
        self._waiting.append((item, future))
        self._wake.set()
        return future

    async def run(self) -> None:
        """Commit groups until stopped and nothing waits any more."""
        while not (self._stopped and not self._waiting):
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                group, self._waiting = self._waiting[: self._group_size], self._waiting[self._group_size :]
                await self._commit(group)

    def stop(self) -> None:
        """Take nothing more; what waits is still committed by ``run``."""
        self._stopped = True
        self._wake.set()

    async def _commit(self, group: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        items = [item for item, _ in group]
        try:
            async with self._database.write() as connection:
                results = await self._handler(connection, items)
        except CmsError as error:
            # Disk full, database busy: nobody's data was stored, and everybody is told.
            self._rolled_back(items)
            for _, future in group:
                _settle(future, error)
        except Exception as error:  # noqa: BLE001  # a fault of one item must neither end the loop nor hit others
            self._rolled_back(items)
            if len(group) == 1:
                _settle(group[0][1], error)
                return
            for one in group:
                await self._commit([one])
        else:
            for (_, future), result in zip(group, results, strict=True):
                _settle(future, result)


def _settle(future: "asyncio.Future[Result]", outcome: "Result | BaseException") -> None:
    if future.done():  # the client has gone away
        return
    if isinstance(outcome, BaseException):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
