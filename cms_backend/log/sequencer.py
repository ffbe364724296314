"""The sequencer: gives accepted leaves their place, in batches, under a fenced lease.

Only what is committed is ever signed: the transaction compares the size that it started from and the
lease's epoch, so that a stale holder, or a second one, changes nothing. A crash between any two steps
leaves a queue to resume from.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.core.errors import CmsError
from cms_backend.core.ids import Time
from cms_backend.db.session import Database
from cms_backend.log import proofs, repository
from cms_backend.log.service import OwnLog

_logger = structlog.get_logger("log")
_LEASE = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Sequenced:
    """A leaf that has its place: the digest in it and its index."""

    digest: bytes
    index: int


#: Runs inside the sequencing transaction, so that other slices' rows change with the log's or not at all.
PlacedHook = Callable[[AsyncConnection, Sequence[Sequenced]], Awaitable[None]]
#: Runs after the commit.
DoneHook = Callable[[Sequence[Sequenced]], Awaitable[None]]


class LeaseTaken(CmsError):
    """Another process holds the log's lease; what waits is its work until the lease ends."""

    code = "log.lease-taken"
    status = 503


class Sequencer:
    """One loop per process; any number of processes, one of them at work."""

    def __init__(
        self,
        database: Database,
        log: OwnLog,
        *,
        interval: float,
        batch: int,
        placed: PlacedHook,
        done: DoneHook,
        holder: str | None = None,
    ) -> None:
        """``holder`` names this process to the lease; where a data folder can have only one, it is the
        folder's name, so that a restart need not wait for the lease of a process that was killed."""
        self._database = database
        self._log = log
        self._interval = interval
        self._batch = batch
        self._placed = placed
        self._done = done
        self._holder = holder or secrets.token_hex(16)
        self._wake = asyncio.Event()
        #: Why what was accepted cannot be sequenced now, in words; None when it can.
        self.trouble: str | None = None

    def wake(self) -> None:
        """Something was accepted."""
        self._wake.set()

    async def run(self) -> None:
        """Sequence until cancelled. A failure is logged and tried again; the queue is in the database."""
        self._wake.set()
        pause = self._interval
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                while await self.sequence() >= self._batch:
                    pass
                pause = self._interval
                self.trouble = None
            except LeaseTaken:
                self._wake.set()
                pause = 1.0
            except CmsError as error:
                _logger.warning("sequencer.failed", code=error.code, detail=error.detail)
                self.trouble = error.detail
                self._wake.set()
                pause = min(pause * 2, 5.0)
            except Exception:
                # What was accepted must be placed, whatever went wrong once.
                _logger.exception("sequencer.fault")
                self.trouble = "The log met a fault of its own; the log file has the details."
                self._wake.set()
                pause = 5.0
            # A pause between batches lets one checkpoint stand for many events.
            await asyncio.sleep(pause)

    async def sequence(self) -> int:
        """Place what waits, at most one batch; how many leaves were placed. Raises CmsError."""
        log = self._log
        await log.publish_pending()
        if log.frozen:
            return 0
        now = datetime.now(UTC)
        stamp = Time.from_datetime(now)
        async with self._database.write() as connection:
            queued = await repository.waiting(connection, log.id, self._batch)
            if not queued:
                return 0
            epoch = await repository.take_lease(
                connection, log.id, holder=self._holder, now=stamp, until=Time.from_datetime(now + _LEASE)
            )
            if epoch is None:
                raise LeaseTaken("Another process sequences this log.")
            taken = await repository.taken_slots(
                connection, log.id, [one.leaf.slot for one in queued if one.leaf.single]
            )
            leaves = _first_of_slots([one.leaf for one in queued], taken)
            size, frontier = await log.frontier(connection)
            nodes, frontier = proofs.append(size, frontier, [leaf.slot + leaf.digest for leaf in leaves])
            placed = [Sequenced(leaf.digest, size + offset) for offset, leaf in enumerate(leaves)]
            if leaves:
                root = proofs.fold(frontier)
                done = await repository.append_leaves(
                    connection,
                    log.id,
                    start=size,
                    leaves=leaves,
                    nodes=nodes,
                    root=root,
                    epoch=epoch,
                    now=stamp,
                )
                if not done:
                    await connection.rollback()
                    return 0
                await self._placed(connection, placed)
            await repository.leave_queue(connection, log.id, queued[-1].position)
        if len(leaves) < len(queued):
            _logger.error("sequencer.slot-taken", dropped=len(queued) - len(leaves))
        if placed:
            await log.committed(size + len(leaves), root)
            await self._done(placed)
        return len(queued)


def _first_of_slots(leaves: Sequence[repository.Leaf], taken: set[bytes]) -> list[repository.Leaf]:
    """Without the leaves whose slot is taken: a second leaf of one slot would prove the log broken."""
    kept = []
    seen = set(taken)
    for leaf in leaves:
        if leaf.single:
            if leaf.slot in seen:
                continue
            seen.add(leaf.slot)
        kept.append(leaf)
    return kept
