"""This backend's own log: its keys, its newest checkpoint, its proofs, and when it must not go on.

A database that is behind what was published (restored from an old backup) would reuse indexes and fork
the log. So what was published is kept in a small file beside it and on the ledger, and clients keep what
they saw; all of it is compared before the first event is accepted (``standing``, ``head_file``, ``seen``).
"""

import asyncio
import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.core import checkpoint as notes
from cms_backend.core.canonical import Json, encode
from cms_backend.core.checkpoint import Checkpoint, LogKey
from cms_backend.core.errors import CmsError
from cms_backend.core.hashing import sha256
from cms_backend.core.ids import Digest, Time
from cms_backend.core.signatures import Ed25519Signer, secure
from cms_backend.core.slots import log_slot
from cms_backend.core.statements import LedgerRef, LogStatement, log_statement
from cms_backend.db.session import RESTORE, Database, StorageFailed
from cms_backend.log import head_file, proofs, repository, standing
from cms_backend.log.head_file import Head
from cms_backend.log.repository import Leaf
from cms_backend.log.standing import Cause, Causes, Doubt, LogFrozen

_logger = structlog.get_logger("log")
_EMPTY_ROOT = sha256(b"")


class LogKeyMissing(CmsError):
    """The database belongs to a log whose key is not here."""

    code = "log.key-missing"
    status = 503


def key_missing(origin: str) -> LogKeyMissing:
    """The words for a log whose key is not here."""
    return LogKeyMissing(
        f"This data folder's log is {origin}, but the key of that log is not here.",
        remedy="Unlock the keyring that holds it, or restore backend-keys.json from the backup.",
    )


class NotInLog(CmsError):
    """The log has no such leaf, or not yet."""

    code = "log.not-found"
    status = 404


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """Where a digest stands, and its C2SP tlog-proof text to a checkpoint."""

    index: int
    size: int
    root: bytes
    text: str


class OwnLog:
    """See the module. ``open`` comes first."""

    def __init__(
        self, database: Database, key: LogKey, operator: Ed25519Signer, head_file: Path | None
    ) -> None:
        self._database = database
        self._key = key
        self._head_file = head_file
        self.operator = operator
        self.vkey = key.vkey.text
        self.origin = key.origin
        #: The key of this log on a ledger (protocol, section 7).
        self.key = key.vkey.ledger_key
        self.id = 0
        self.size = 0
        self.root = _EMPTY_ROOT
        #: Why it must not grow; empty when it may.
        self.causes: Causes = ()
        self.ledgers: list[dict[str, Json]] = []
        #: Why the earlier logs of this data folder stay frozen, in words, by their vkeys.
        self.earlier: dict[str, str] = {}
        self._pending: tuple[int, bytes] | None = None
        self._publishing = asyncio.Lock()
        self.on_growth: Callable[[int], None] = lambda _size: None

    async def open(self) -> None:
        """Find this key's log in the database, or begin it; freeze it if it is behind. Raises
        LogKeyMissing, HeadNotKept.
        """
        async with self._database.read() as connection:
            row = await repository.log_by_vkey(connection, self.vkey)
            other = None if row else await repository.any_log(connection)
        if other is not None:
            raise key_missing(str(other["origin"]))
        stored: Causes = ()
        if row is None:
            await self._begin()
        else:
            self.id, stored = int(row["id"]), standing.from_text(row["frozen"])
        await self._load()
        self.causes = stored
        await self._save(await self._still(stored))
        await self._compare_head_file()

    async def _begin(self) -> None:
        # The file before the row: a log without the file is then one that lost it, whatever was killed when.
        if self._head_file is not None and isinstance(head_file.read(self._head_file), str):
            await asyncio.to_thread(head_file.write, self._head_file, Head(self.origin, 0, _EMPTY_ROOT))
        async with self._database.write() as connection:
            await self.begin_in(connection)

    async def begin_in(self, connection: AsyncConnection) -> None:
        """Add the log's row; its head file comes first (see ``begin_beside``)."""
        now = Time.from_datetime(datetime.now(UTC))
        self.id = await repository.add_log(
            connection, origin=self.origin, vkey=self.vkey, operator=str(self.operator.did), now=now
        )

    async def begin_beside(self) -> None:
        """The head file of a log that is about to begin in the place of a frozen one. Raises HeadNotKept."""
        if self._head_file is not None:
            await asyncio.to_thread(head_file.write, self._head_file, Head(self.origin, 0, _EMPTY_ROOT))

    async def _load(self) -> None:
        async with self._database.read() as connection:
            head = await repository.latest_checkpoint(connection, self.id)
            bodies = await repository.statements(connection, self.id)
            for row in await repository.other_logs(connection, self.id):
                causes = standing.from_text(row["frozen"])
                self.earlier[row["vkey"]] = (
                    f"{row['origin']}, an earlier log of this data folder. {standing.words_of(causes) or ''}"
                ).strip()
            end = await repository.end_of_log(connection, self.id)
        if head is not None:
            self.size, self.root = head
        if end != (self.size, self.size) or (self.size and await self.root_at(self.size) != self.root):
            raise StorageFailed("The database's log does not hold together: it is damaged.", remedy=RESTORE)
        if bodies:
            self.ledgers = orjson.loads(bodies[-1])["ledgers"]

    # --- what must not happen -----------------------------------------------------------------------------

    @property
    def frozen(self) -> str | None:
        """Why the log must not grow, in words; None when it may."""
        return standing.words_of(self.causes)

    @property
    def remedy(self) -> str | None:
        """What a person can do about a frozen log."""
        return standing.remedy_of(self.causes)

    async def _still(self, causes: Causes) -> Causes:
        """What of the stored causes a start does not look into anew, without the proofs that hold no more."""
        kept = []
        for cause in causes:
            if cause.proven and cause.size is not None and await self._holds(cause.size, cause.root):
                continue
            if cause.kind not in standing.LOOKED_INTO:
                kept.append(cause)
        return tuple(kept)

    async def _holds(self, size: int, root: str | None) -> bool:
        return size <= self.size and (size == 0 or (await self.root_at(size)).hex() == root)

    async def _compare_head_file(self) -> None:
        if self._head_file is None:
            return
        head = await asyncio.to_thread(head_file.read, self._head_file)
        if isinstance(head, Head) and head.origin == self.origin:
            await self.compare(head.size, head.root, "what this backend has published")
            return
        why = f"is that of another log ({head.origin})" if isinstance(head, Head) else head
        await self.doubt(
            "head", f"{head_file.NAME} {why}, so it is not known how far the log has been published."
        )

    async def compare(self, size: int, root: bytes, source: str) -> None:
        """Freeze the log unless it holds a published head. Such a proof stays until the database holds it."""
        if size > self.size:
            words = f"The database is behind {source}: it has {self.size} leaves of {size}."
        elif size and await self.root_at(size) != root:
            words = f"The log's first {size} leaves are not those of {source}."
        else:
            return
        await self._save(
            standing.with_cause(self.causes, Cause("published", words, size, root.hex())),
        )

    async def doubt(self, kind: Doubt, words: str) -> None:
        """Freeze the log for something that is not known, until a person has answered."""
        await self._save(standing.with_cause(self.causes, Cause(kind, words)))

    async def confirm_newest(self) -> None:
        """A person has said that nothing was accepted after this state: the log goes on. Raises LogFrozen
        when something proves the contrary, HeadNotKept.
        """
        if any(cause.proven for cause in self.causes):
            self.check_open()
        if self._head_file is not None:
            await asyncio.to_thread(head_file.write, self._head_file, Head(self.origin, self.size, self.root))
        await self._save(())

    async def _save(self, causes: Causes) -> None:
        if causes == self.causes:
            return
        async with self._database.write() as connection:
            await repository.set_frozen(connection, self.id, standing.to_text(causes))
        self.causes = causes
        _logger.error("log.frozen", reason=self.frozen)

    def check_open(self) -> None:
        """Raise LogFrozen when nothing may be accepted for this log."""
        if self.causes:
            raise LogFrozen(f"The log is frozen. {self.frozen}", remedy=self.remedy)

    def check_left(self, vkey: str) -> None:
        """Raise LogFrozen for an earlier log of this data folder: nothing more is taken in for it."""
        words = self.earlier.get(vkey)
        if words is not None:
            raise LogFrozen(
                f"The record of this contract is in a log that is frozen: {words}",
                remedy=standing.LEFT_REMEDY,
            )

    # --- growth -------------------------------------------------------------------------------------------

    async def frontier(self, connection: AsyncConnection) -> tuple[int, list[bytes]]:
        """Size and frontier of the committed tree, as the given transaction sees them."""
        head = await repository.latest_checkpoint(connection, self.id)
        size = 0 if head is None else head[0]
        wanted = proofs.frontier_nodes(size)
        nodes = await repository.fetch_nodes(connection, self.id, wanted)
        return size, [nodes[node] for node in wanted]

    async def committed(self, size: int, root: bytes) -> None:
        """A batch has been committed: remember it beside the database, then let it be seen.

        Raises HeadNotKept when it could not be remembered; ``publish_pending`` tries again.
        """
        self._pending = (size, root)
        await self.publish_pending()

    async def publish_pending(self) -> None:
        """Publish a committed head whose file could not be written before. Raises HeadNotKept."""
        async with self._publishing:
            if self._pending is None:
                return
            size, root = self._pending
            if self._head_file is not None:
                await asyncio.to_thread(head_file.write, self._head_file, Head(self.origin, size, root))
            if self._pending == (size, root):
                self._pending = None
            self.size, self.root = size, root
        self.on_growth(size)

    async def announce(self, ledgers: Sequence[LedgerRef]) -> bool:
        """Say in the log which ledgers anchor it, if that is new; True when a LogStatement was queued."""
        listed = [one.to_json() for one in ledgers]
        if listed == self.ledgers or self.causes:
            return False
        now = Time.from_datetime(datetime.now(UTC))
        async with self._database.write() as connection:
            number = len(await repository.statements(connection, self.id))
            body = log_statement(
                actor=self.operator.did,
                vkey=self.vkey,
                number=number,
                ledgers=list(ledgers),
                successor=None,
                occurred_at=now,
            )
            statement = LogStatement.from_json(secure(body, self.operator))
            digest = statement.digest.raw
            await repository.add_statement(connection, self.id, number, digest, encode(statement.json))
            await repository.enqueue(connection, self.id, [Leaf(log_slot(number).raw, digest)], now)
        self.ledgers = listed
        return True

    async def statements(self, connection: AsyncConnection) -> list[bytes]:
        """The LogStatements so far (their bytes), by number."""
        return await repository.statements(connection, self.id)

    # --- what others ask ----------------------------------------------------------------------------------

    def note(self, size: int, root: bytes) -> str:
        """The signed checkpoint of a committed size (Ed25519 is deterministic: always the same text)."""
        return self._key.sign_checkpoint(size, root)

    async def latest_checkpoint(self) -> Checkpoint:
        """The newest committed checkpoint."""
        return Checkpoint(self.origin, self.size, Digest.of(self.root))

    async def root_at(self, size: int) -> bytes:
        """The root over the first ``size`` leaves (1 <= size <= the log's size)."""
        async with self._database.read() as connection:
            nodes = await repository.fetch_nodes(connection, self.id, proofs.frontier_nodes(size))
        try:
            return proofs.root_of((0, size), nodes)
        except KeyError as error:
            raise StorageFailed(
                "The database lacks a part of its log: it is damaged.", remedy=RESTORE
            ) from error

    async def inclusion(
        self, connection: AsyncConnection, digests: Sequence[bytes], size: int
    ) -> dict[bytes, InclusionProof]:
        """Proofs of those digests that stand below ``size``, all to the checkpoint of that size."""
        found = await repository.leaf_indexes(connection, self.id, digests)
        indexes = {digest: index for digest, index in found.items() if index < size}
        if not indexes:
            return {}
        ranges = {index: proofs.inclusion_ranges(index, size) for index in indexes.values()}
        wanted = proofs.all_nodes(span for spans in ranges.values() for span in spans)
        nodes = await repository.fetch_nodes(connection, self.id, wanted.union(proofs.frontier_nodes(size)))
        root = proofs.root_of((0, size), nodes)
        note = self.note(size, root)
        made = {}
        for digest, index in indexes.items():
            path = [proofs.root_of(span, nodes) for span in ranges[index]]
            made[digest] = InclusionProof(index, size, root, notes.tlog_proof(index, path, note))
        return made

    async def consistency(self, old: int, new: int) -> list[str]:
        """The consistency proof from ``old`` to ``new`` leaves (standard base64). Raises NotInLog."""
        if not 0 < old <= new <= self.size:
            raise NotInLog(f"The log has {self.size} leaves: it cannot compare {old} with {new}.")
        async with self._database.read() as connection:
            return await self.consistency_in(connection, old, new)

    async def consistency_in(self, connection: AsyncConnection, old: int, new: int) -> list[str]:
        """The same, of two sizes (0 < old <= new) that the connection's snapshot holds."""
        ranges = proofs.consistency_ranges(old, new)
        nodes = await repository.fetch_nodes(connection, self.id, proofs.all_nodes(ranges))
        return [base64.b64encode(proofs.root_of(span, nodes)).decode() for span in ranges]

    async def size_in(self, connection: AsyncConnection) -> int:
        """How many leaves the connection's snapshot holds; `size` may be of a moment later."""
        latest = await repository.latest_checkpoint(connection, self.id)
        return 0 if latest is None else latest[0]

    async def has_checkpoint(self, size: int) -> bool:
        """Was a checkpoint of exactly this size committed?"""
        async with self._database.read() as connection:
            return await repository.checkpoint_of_size(connection, self.id, size) is not None

    async def leaves(self, start: int, end: int) -> list[tuple[bytes, bytes]]:
        """(slot, digest) of the leaves [start, end)."""
        async with self._database.read() as connection:
            return await repository.leaves_between(connection, self.id, start, min(end, self.size))
