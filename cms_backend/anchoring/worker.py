"""Puts the log's newest checkpoint on the ledger, and watches it until it is final.

A row is kept before its transaction is sent, so a crash at any moment leaves something to go on with: the
same bytes are sent again, never signed anew while they may still be mined. Each anchor names the head that
it builds on, so a copy too many reverts and harms nothing.

submitted -> mined -> confirmed; a reorganisation sends mined back to submitted; lost is what can never be
mined (its place was taken, or its call failed).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, Protocol

import structlog

from cms_backend.anchoring import repository
from cms_backend.anchoring.comparing import SOURCE
from cms_backend.anchoring.repository import Anchor, Unsettled
from cms_backend.core.checkpoint import Checkpoint
from cms_backend.core.errors import CmsError
from cms_backend.core.ids import Digest, Time
from cms_backend.db.session import Database
from cms_backend.ledger.adapter import (
    AnchorStatus,
    Block,
    Ledger,
    LedgerIdentity,
    LogHead,
    SignedTransaction,
)
from cms_backend.ledger.errors import LedgerError, LedgerRefused, StaleHead, Underpriced

_logger = structlog.get_logger("anchoring")

Publish = Callable[[str, Mapping[str, Any]], None]
_FIRST_RETRY: Final = 1.0
_LAST_RETRY: Final = 60.0
#: With nothing to do the ledger is still asked now and then: /status shows that it is there.
_IDLE_SECONDS: Final = 60.0
_FAULT: Final = "Anchoring met a fault of its own; the log file has the details."


class AnchoredLog(Protocol):
    """What the worker needs of the log."""

    @property
    def id(self) -> int:
        """Its row."""
        ...

    @property
    def key(self) -> bytes:
        """Its key on a ledger (protocol, section 7)."""
        ...

    @property
    def frozen(self) -> str | None:
        """Why it must not grow; None: it may."""
        ...

    async def latest_checkpoint(self) -> Checkpoint:
        """The newest committed checkpoint."""
        ...

    async def compare(self, size: int, root: bytes, source: str) -> None:
        """Freeze the log unless it holds this published head."""
        ...


@dataclass(frozen=True, slots=True)
class LedgerState:
    """How the ledger stands, for people."""

    state: Literal["starting", "ready", "unavailable"]
    since: Time
    reason: str | None = None


def _now() -> datetime:
    return datetime.now(UTC)


async def _nothing(_: LedgerIdentity) -> None: ...


class AnchoringWorker:
    """See the module. ``run`` it in a task; ``wake`` it when the log grew.

    ``interval``: seconds from one anchor to the next. ``bump_after``: seconds until a transaction that no
    block takes is replaced by one that pays more. ``on_identity`` is called each time the ledger is found.
    """

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        log: AnchoredLog,
        publish: Publish,
        clock: Callable[[], datetime] = _now,
        *,
        interval: float = 1.0,
        poll: float = 1.0,
        bump_after: float = 180.0,
        on_identity: Callable[[LedgerIdentity], Awaitable[None]] = _nothing,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._log = log
        self._publish = publish
        self._clock = clock
        self._interval = interval
        self._poll = poll
        self._bump_after = bump_after
        self._on_identity = on_identity
        self._wake = asyncio.Event()
        self._identity: LedgerIdentity | None = None
        self._last_anchor: datetime | None = None
        self.head: Block | None = None
        self.state = LedgerState("starting", self._time())

    def wake(self) -> None:
        """There may be a new checkpoint."""
        self._wake.set()

    async def run(self) -> None:
        """Anchor for ever; ends by cancellation only."""
        retry = _FIRST_RETRY
        while True:
            try:
                wait = await self.step()
            except CmsError as error:
                # The database's troubles too (busy, full) pass, and nothing that was kept is lost by them.
                self._unavailable(error)
                await asyncio.sleep(retry)
                retry = min(2 * retry, _LAST_RETRY)
                continue
            except Exception:
                # A fault of ours must not leave the anchors "settling" for ever: it is named, and tried again.
                _logger.exception("anchoring.fault")
                self._unavailable(LedgerError(_FAULT))
                await asyncio.sleep(_LAST_RETRY)
                continue
            retry = _FIRST_RETRY
            try:
                await asyncio.wait_for(self._wake.wait(), wait)
            except TimeoutError:
                continue

    async def step(self) -> float:
        """Do what can be done now; the seconds until there may be more. Raises LedgerError."""
        self._wake.clear()
        identity = await self._connected()
        for one in await self._unsettled(identity):
            await self._watch(one)
        open_rows = await self._unsettled(identity)
        wait = None
        if not any(one.anchor.status == "submitted" for one in open_rows):
            wait = await self._anchor_newest(identity)
        self.head = await self._ledger.latest_block()
        if wait is not None:
            return wait
        return self._poll if open_rows else _IDLE_SECONDS

    # --- the ledger ---------------------------------------------------------------------------------------

    async def _connected(self) -> LedgerIdentity:
        if self._identity is not None:
            await self._ledger.check()
            return self._identity
        await self._ledger.start()
        await self._ledger.open_log(self._log.key)
        self._identity = await self._ledger.identity()
        # Before anything is written for this ledger: it may hold more of the log than the database.
        await self._compare()
        await self._on_identity(self._identity)
        self.head = await self._ledger.latest_block()
        self.state = LedgerState("ready", self._time())
        self._say("ready", None)
        return self._identity

    def _unavailable(self, error: CmsError) -> None:
        self._identity = None
        if self.state.reason != error.detail:
            _logger.warning("ledger.unavailable", code=error.code, reason=error.detail)
            self.state = LedgerState("unavailable", self._time(), error.detail)
            self._say("unavailable", None)

    # --- anchors ------------------------------------------------------------------------------------------

    async def _unsettled(self, identity: LedgerIdentity) -> list[Unsettled]:
        async with self._database.read() as connection:
            return await repository.unsettled(connection, self._log.id, identity.chain, identity.ledger)

    async def _watch(self, one: Unsettled) -> None:
        """Bring one row up to what the ledger says, and send its bytes again if they are gone."""
        status = await self._ledger.anchor_status(Digest(one.anchor.tx), one.nonce)
        if status.state == "lost" and not status.final:
            status = await self._send_again(one)
        await self._note(one.anchor, status)
        if status.state == "submitted" and self._waited(one) > self._bump_after:
            await self._replace(one)

    async def _send_again(self, one: Unsettled) -> AnchorStatus:
        try:
            await self._ledger.send(one.raw)
        except LedgerRefused as error:
            _logger.warning("anchor.refused", size=one.anchor.size, code=error.code, reason=error.detail)
            return AnchorStatus("lost", final=True)
        status = await self._ledger.anchor_status(Digest(one.anchor.tx), one.nonce)
        # Sent, and not to be seen yet: only what can never be mined is lost.
        return AnchorStatus("submitted") if status.state == "lost" and not status.final else status

    def _waited(self, one: Unsettled) -> float:
        return (self._clock() - Time(one.since).datetime).total_seconds()

    async def _replace(self, one: Unsettled) -> None:
        """The same anchor in the same place, paying more; whichever is mined, the other is lost."""
        head = await self._ledger.head()
        root = one.anchor.root
        try:
            made = await self._ledger.prepare_anchor(
                head.size, one.anchor.size, Digest(root), replacing=one.raw
            )
        except LedgerRefused:
            return  # mined meanwhile: the next look shows it
        _logger.info("anchor.replaced", size=one.anchor.size, nonce=made.nonce)
        identity = await self._ledger.identity()
        anchor = await self._keep(identity, Checkpoint("", one.anchor.size, Digest(root)), made)
        await self._touch(one.anchor)
        await self._send(anchor, made)

    async def _anchor_newest(self, identity: LedgerIdentity) -> float | None:
        """Anchor the newest checkpoint; seconds to wait if it is too early for that."""
        head = await self._compare()
        checkpoint = await self._log.latest_checkpoint()
        if self._log.frozen or checkpoint.size <= head.size:
            return None
        if self._last_anchor is not None:
            passed = (self._clock() - self._last_anchor).total_seconds()
            if 0 <= passed < self._interval:
                return self._interval - passed
        try:
            made = await self._ledger.prepare_anchor(head.size, checkpoint.size, checkpoint.root)
        except StaleHead:
            return 0.0  # another anchor came in between
        self._last_anchor = self._clock()
        anchor = await self._keep(identity, checkpoint, made)
        await self._send(anchor, made)
        return self._poll if (await self._status_now(anchor, made)).state != "confirmed" else self._interval

    async def _compare(self) -> LogHead:
        head = await self._ledger.head()
        if head.size and head.root is not None:
            await self._log.compare(head.size, head.root.raw, SOURCE)
        return head

    async def _send(self, anchor: Anchor, made: SignedTransaction) -> None:
        try:
            await self._ledger.send(made.raw)
        except Underpriced:
            # Something that this database does not know is in this place: the bump makes room.
            _logger.warning("anchor.place-taken", nonce=made.nonce)
        except LedgerRefused as error:
            await self._note(anchor, AnchorStatus("lost", final=True))
            _logger.warning("anchor.refused", size=anchor.size, code=error.code, reason=error.detail)

    async def _status_now(self, anchor: Anchor, made: SignedTransaction) -> AnchorStatus:
        status = await self._ledger.anchor_status(made.tx, made.nonce)
        if status.state in ("mined", "confirmed"):
            await self._note(anchor, status)
        return status

    # --- rows ---------------------------------------------------------------------------------------------

    async def _keep(
        self, identity: LedgerIdentity, checkpoint: Checkpoint, made: SignedTransaction
    ) -> Anchor:
        now = self._time()
        row = {
            "log": self._log.id,
            "size": checkpoint.size,
            "root": checkpoint.root,
            "chain": identity.chain,
            "ledger": identity.ledger,
            "log_id": identity.log_id,
            "tx": made.tx,
            "raw": made.raw,
            "nonce": made.nonce,
            "status": "submitted",
            "submitted_at": now,
            "updated_at": now,
        }
        async with self._database.write() as connection:
            number = await repository.add(connection, row)
            anchor = await repository.anchor(connection, number)
        self._say("submitted", anchor)
        return anchor

    async def _note(self, anchor: Anchor, status: AnchorStatus) -> None:
        """Write down and publish how an anchor stands, if that is new."""
        block = status.block if status.state in ("mined", "confirmed") else None
        if (anchor.status, anchor.hash) == (status.state, block.hash if block else None):
            return
        values = {
            "status": status.state,
            "block": block.number if block else None,
            "block_hash": block.hash if block else None,
            "time": block.time if block else None,
            "updated_at": self._time(),
        }
        async with self._database.write() as connection:
            await repository.change(connection, anchor.id, values)
            changed = await repository.anchor(connection, anchor.id)
        _logger.info("anchor.changed", size=anchor.size, was=anchor.status, status=status.state)
        self._say(status.state, changed)

    async def _touch(self, anchor: Anchor) -> None:
        async with self._database.write() as connection:
            await repository.change(connection, anchor.id, {"updated_at": self._time()})

    def _say(self, what: str, anchor: Anchor | None) -> None:
        data: dict[str, Any] = {"contract": None, "digest": None, "what": what}
        if anchor is not None:
            data |= {
                "size": anchor.size,
                "status": anchor.status,
                "block": anchor.block,
                "time": anchor.time,
            }
        self._publish("anchor", data)

    def _time(self) -> Time:
        return Time.from_datetime(self._clock())
