"""This backend's own log: its keys, its newest checkpoint, its proofs, and when it must not go on.

A database that is behind what was published (restored from an old backup) would reuse indexes and fork
the log; so the last published size and root are kept in a small file beside it, and on the ledger, and
both are compared first.
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
from cms_backend.db.files import write_private
from cms_backend.db.session import Database
from cms_backend.log import proofs, repository
from cms_backend.log.repository import Leaf

_logger = structlog.get_logger("log")
_EMPTY_ROOT = sha256(b"")


class LogFrozen(CmsError):
    """The log must not grow: its database is behind, or differs from, what was published."""

    code = "log.frozen"
    status = 503


class LogKeyMissing(CmsError):
    """The database belongs to a log whose key is not here."""

    code = "log.key-missing"
    status = 503


class HeadNotKept(CmsError):
    """The newest head is committed, but not published: it could not be kept beside the database."""

    code = "log.head-not-kept"
    status = 503


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
        self.frozen: str | None = None
        self.ledgers: list[dict[str, Json]] = []
        self._pending: tuple[int, bytes] | None = None
        self._publishing = asyncio.Lock()
        self.on_growth: Callable[[int], None] = lambda _size: None

    async def open(self) -> None:
        """Find this key's log in the database, or begin it; freeze it if it is behind. Raises
        LogKeyMissing.
        """
        async with self._database.read() as connection:
            row = await repository.log_by_vkey(connection, self.vkey)
            other = None if row else await repository.any_log(connection)
        if other is not None:
            raise LogKeyMissing(
                f"This data folder's log is {other['origin']}, but the key of that log is not here.",
                remedy="Unlock the keyring that holds it, or restore backend-keys.json from the backup.",
            )
        if row is None:
            now = Time.from_datetime(datetime.now(UTC))
            async with self._database.write() as connection:
                self.id = await repository.add_log(
                    connection, origin=self.origin, vkey=self.vkey, operator=str(self.operator.did), now=now
                )
        else:
            self.id, self.frozen = int(row["id"]), row["frozen"]
        await self._load()
        await self._compare_head_file()

    async def _load(self) -> None:
        async with self._database.read() as connection:
            head = await repository.latest_checkpoint(connection, self.id)
            bodies = await repository.statements(connection, self.id)
        if head is not None:
            self.size, self.root = head
        if bodies:
            self.ledgers = orjson.loads(bodies[-1])["ledgers"]

    # --- what must not happen -----------------------------------------------------------------------------

    async def _compare_head_file(self) -> None:
        if self._head_file is None or not self._head_file.exists():
            return
        try:
            head = orjson.loads(self._head_file.read_bytes())
            origin, size, root = head["origin"], int(head["size"]), bytes.fromhex(head["root"])
        except (ValueError, KeyError, TypeError):
            _logger.warning("log.head-file-unreadable")
            return
        if origin == self.origin:
            await self.compare(size, root, "what this backend has published")

    async def compare(self, size: int, root: bytes, source: str) -> None:
        """Freeze the log unless it holds a published head; let a frozen log go on once it does."""
        if size > self.size:
            reason = f"The database is behind {source}: it has {self.size} leaves of {size}."
        elif size and await self.root_at(size) != root:
            reason = f"The log's first {size} leaves are not those of {source}."
        else:
            reason = None
        if reason is None and self.frozen and not self.frozen.endswith(f"[{source}]."):
            return
        frozen = f"{reason} [{source}]." if reason else None
        if frozen != self.frozen:
            async with self._database.write() as connection:
                await repository.set_frozen(connection, self.id, frozen)
            self.frozen = frozen
            _logger.error("log.frozen", reason=frozen)

    def check_open(self) -> None:
        """Raise LogFrozen when nothing may be accepted for this log."""
        if self.frozen:
            raise LogFrozen(
                f"The log is frozen. {self.frozen}",
                remedy="Restore the newest backup of the data folder.",
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
                head = {"origin": self.origin, "size": size, "root": root.hex()}
                try:
                    await asyncio.to_thread(write_private, self._head_file, orjson.dumps(head))
                except OSError as error:
                    raise HeadNotKept(
                        f"The log's head could not be written to {self._head_file}: {error.strerror}."
                    ) from error
            if self._pending == (size, root):
                self._pending = None
            self.size, self.root = size, root
        self.on_growth(size)

    async def announce(self, ledgers: Sequence[LedgerRef]) -> bool:
        """Say in the log which ledgers anchor it, if that is new; True when a LogStatement was queued."""
        listed = [one.to_json() for one in ledgers]
        if listed == self.ledgers:
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
        return proofs.root_of((0, size), nodes)

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
