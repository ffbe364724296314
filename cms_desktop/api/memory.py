"""What this home has verified of contracts, in HOME/checked.sqlite3: no signature or proof is checked twice, and what
was seen once is missed when a later answer lacks it. Receipts are kept until the inclusion proof is held.

Nothing in it is secret, and losing it only means checking again. It is bounded: the contracts that were looked at
longest ago go first, receipts never.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeVar

from cms_backend.core.canonical import encode, parse
from cms_backend.core.errors import CmsError
from cms_backend.core.ids import ContractId, Digest, Time
from cms_backend.core.statements import Receipt

FILE: Final = "checked.sqlite3"
MOST_OBJECTS: Final = 100_000
"""Of all contracts together; some 150 MB."""
_BUSY_SECONDS: Final = 10.0
_VERSION: Final = 1
T = TypeVar("T")

Kind = Literal["event", "key end", "receipt", "text"]

_TABLES: Final = """
CREATE TABLE contracts (contract TEXT PRIMARY KEY, genesis TEXT NOT NULL, objects INTEGER NOT NULL,
    seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE objects (contract TEXT NOT NULL, digest TEXT NOT NULL, kind TEXT NOT NULL, identity TEXT NOT NULL,
    body BLOB NOT NULL, vkey TEXT, idx INTEGER, PRIMARY KEY (contract, digest)) WITHOUT ROWID;
CREATE TABLE anchors (vkey TEXT NOT NULL, chain TEXT NOT NULL, size INTEGER NOT NULL, block INTEGER NOT NULL,
    time TEXT NOT NULL, own INTEGER NOT NULL, PRIMARY KEY (vkey, chain, size)) WITHOUT ROWID;
CREATE TABLE receipts (envelope TEXT PRIMARY KEY, contract TEXT NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX receipts_of ON receipts (contract);
CREATE TABLE heads (vkey TEXT PRIMARY KEY, note TEXT NOT NULL) WITHOUT ROWID;
"""


class MemoryUnusable(CmsError):
    """The disk refuses, or the file is of a later version of this program."""

    code = "checked.unusable"


@dataclass(frozen=True, slots=True)
class Verified:
    """One object whose signature held, or a text whose root a signed event names.

    `leaf`: (vkey, index) once an inclusion proof was verified.
    """

    digest: Digest
    kind: Kind
    identity: Digest
    """What an event is known by (`Envelope.event_digest`); of other objects their digest, of a text its root."""
    body: bytes = field(repr=False, default=b"")
    """The canonical bytes of an event, a KeyEnd, or a text with its seed; empty when it is only looked up."""
    leaf: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What was verified of one contract so far; empty at the first look."""

    genesis: Digest | None = None
    objects: Mapping[Digest, Verified] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownAnchor:
    """What a ledger said of an anchor that is final. `own`: by a node that the person chose."""

    block: int
    time: Time
    own: bool


class Memory:
    """The store of one home; without a home it lives as long as the process. All methods block; for any thread.

    A damaged file is put aside and begun anew. MemoryUnusable when the disk refuses.
    """

    def __init__(self, home: Path | None = None, *, most: int = MOST_OBJECTS) -> None:
        self._path = None if home is None else home / FILE
        self._most = most
        self._lock = threading.Lock()
        self._open: sqlite3.Connection | None = None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None

    # -- contracts ----------------------------------------------------------------

    def recall(self, contract: ContractId) -> Known:
        """What was verified of a contract."""

        def read(db: sqlite3.Connection) -> Known:
            row = db.execute("SELECT genesis FROM contracts WHERE contract = ?", (contract,)).fetchone()
            found = db.execute(
                "SELECT digest, kind, identity, vkey, idx FROM objects WHERE contract = ?", (contract,)
            )
            objects = {
                Digest(digest): Verified(
                    Digest(digest), kind, Digest(identity), leaf=None if vkey is None else (vkey, idx)
                )
                for digest, kind, identity, vkey, idx in found
            }
            return Known(None if row is None else Digest(row[0]), objects)

        return self._use(read)

    def body(self, contract: ContractId, digest: Digest) -> bytes | None:
        """The canonical bytes of an event, KeyEnd or text that was verified."""

        def read(db: sqlite3.Connection) -> bytes | None:
            row = db.execute(
                "SELECT body FROM objects WHERE contract = ? AND digest = ?", (contract, digest)
            ).fetchone()
            return None if row is None else bytes(row[0])

        return self._use(read)

    def remember(self, contract: ContractId, genesis: Digest, verified: Iterable[Verified]) -> None:
        """Keep what was verified of a contract."""
        rows = [
            (contract, one.digest, one.kind, one.identity, one.body, *(one.leaf or (None, None)))
            for one in verified
        ]

        def write(db: sqlite3.Connection) -> None:
            db.executemany(
                "INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (contract, digest) DO UPDATE SET"
                " vkey = excluded.vkey, idx = excluded.idx WHERE excluded.vkey IS NOT NULL",
                rows,
            )
            db.execute(
                "INSERT INTO contracts VALUES (?, ?,"
                " (SELECT count(*) FROM objects WHERE contract = ?),"
                " (SELECT coalesce(max(seen), 0) + 1 FROM contracts))"
                " ON CONFLICT (contract) DO UPDATE SET objects = excluded.objects, seen = excluded.seen",
                (contract, genesis, contract),
            )
            self._forget_oldest(db)

        self._use(write)

    def _forget_oldest(self, db: sqlite3.Connection) -> None:
        (count,) = db.execute("SELECT coalesce(sum(objects), 0) FROM contracts").fetchone()
        while count > self._most:
            oldest, held = db.execute(
                "SELECT contract, objects FROM contracts ORDER BY seen, contract LIMIT 1"
            ).fetchone()
            db.execute("DELETE FROM objects WHERE contract = ?", (oldest,))
            db.execute("DELETE FROM contracts WHERE contract = ?", (oldest,))
            count -= held

    # -- receipts -----------------------------------------------------------------

    def keep_receipts(self, contract: ContractId, receipts: Iterable[Receipt]) -> None:
        """Keep receipts, the first one for each event, until `drop_receipts`. On disk when this returns."""
        rows = [(one.envelope, contract, encode(one.json)) for one in receipts]
        self._use(lambda db: db.executemany("INSERT OR IGNORE INTO receipts VALUES (?, ?, ?)", rows))

    def receipts(self, contract: ContractId) -> tuple[Receipt, ...]:
        """The receipts of events whose inclusion proof this home does not hold yet, by digest of the event."""

        def read(db: sqlite3.Connection) -> tuple[Receipt, ...]:
            rows = db.execute("SELECT body FROM receipts WHERE contract = ? ORDER BY envelope", (contract,))
            return tuple(Receipt.from_json(parse(bytes(body), limit=len(body))) for (body,) in rows)

        return self._use(read)

    def drop_receipts(self, envelopes: Iterable[Digest]) -> None:
        """The inclusion proofs of these events were verified: their receipts have served."""
        rows = [(one,) for one in envelopes]
        self._use(lambda db: db.executemany("DELETE FROM receipts WHERE envelope = ?", rows))

    # -- logs ---------------------------------------------------------------------

    def head(self, vkey: str) -> str | None:
        """The newest signed note of a log that proofs were verified under."""

        def read(db: sqlite3.Connection) -> str | None:
            row = db.execute("SELECT note FROM heads WHERE vkey = ?", (vkey,)).fetchone()
            return None if row is None else str(row[0])

        return self._use(read)

    def keep_head(self, vkey: str, note: str) -> None:
        """The next note of the log, which was found to continue the last."""
        self._use(lambda db: db.execute("INSERT OR REPLACE INTO heads VALUES (?, ?)", (vkey, note)))

    def anchors(self, vkey: str, chain: str) -> dict[int, KnownAnchor]:
        """The final anchors of a log on one chain that were found on the ledger, by their size."""

        def read(db: sqlite3.Connection) -> dict[int, KnownAnchor]:
            rows = db.execute(
                "SELECT size, block, time, own FROM anchors WHERE vkey = ? AND chain = ?", (vkey, chain)
            )
            return {size: KnownAnchor(block, Time(time), bool(own)) for size, block, time, own in rows}

        return self._use(read)

    def keep_anchors(self, vkey: str, chain: str, found: Mapping[int, KnownAnchor]) -> None:
        """Keep what a ledger said of anchors that are final."""
        rows = [(vkey, chain, size, one.block, one.time, int(one.own)) for size, one in found.items()]
        self._use(lambda db: db.executemany("INSERT OR REPLACE INTO anchors VALUES (?, ?, ?, ?, ?, ?)", rows))

    # -- inside -------------------------------------------------------------------

    def _use(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock:
            try:
                return self._once(work)
            except sqlite3.OperationalError as error:
                raise self._unusable(error) from error
            except sqlite3.DatabaseError:
                self._put_aside()
                try:
                    return self._once(work)
                except sqlite3.Error as error:
                    raise self._unusable(error) from error

    def _once(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._open is None:
            self._open = _connect(self._path)
        with _whole(self._open):
            return work(self._open)

    def _put_aside(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None
        if self._path is not None:
            for name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
                with contextlib.suppress(FileNotFoundError):
                    self._path.with_name(name).replace(self._path.with_name(f"{name}.damaged"))

    def _unusable(self, error: sqlite3.Error) -> MemoryUnusable:
        return MemoryUnusable(
            f"What was checked before cannot be read or kept: {error}.",
            remedy=f"See that the disk has space and that {self._path} can be written.",
        )


@contextlib.contextmanager
def _whole(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _connect(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The mode of a file that SQLite makes is the umask's; this one is its owner's alone.
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    db = sqlite3.connect(
        ":memory:" if path is None else path,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        db.execute("PRAGMA journal_mode = WAL")
        # A kept receipt must outlive a power failure. Only what is new is written, so that the wait is rare.
        db.execute("PRAGMA synchronous = FULL")
        db.execute("BEGIN IMMEDIATE")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version == 0:
            for statement in filter(str.strip, _TABLES.split(";")):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {_VERSION}")
        db.execute("COMMIT")
        if version > _VERSION:
            raise MemoryUnusable("What was checked before was kept by a later version of this program.")
    except BaseException:
        db.close()
        raise
    return db
