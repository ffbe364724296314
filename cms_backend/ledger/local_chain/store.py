"""The SQLite file of the embedded chain: what the EVM keeps (key and value), and blocks, transactions and
logs as JSON-RPC shows them, indexed for look-ups.

One SQLite transaction holds everything of one block, with ``synchronous=FULL``: after a crash at any
moment the file holds whole blocks only, and every block whose transaction was acknowledged.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
from eth.db.backends.base import BaseDB

from cms_backend.ledger.errors import LedgerUnreachable, RpcError

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS state (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blocks (number INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS transactions (
    hash BLOB PRIMARY KEY, block INTEGER NOT NULL, body BLOB NOT NULL, receipt BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS transactions_block ON transactions (block);
CREATE TABLE IF NOT EXISTS logs (
    id INTEGER PRIMARY KEY, block INTEGER NOT NULL, address BLOB NOT NULL,
    topic0 BLOB, topic1 BLOB, topic2 BLOB, topic3 BLOB, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS logs_block ON logs (block);
CREATE INDEX IF NOT EXISTS logs_address ON logs (address, topic0, topic1, block);
CREATE INDEX IF NOT EXISTS logs_topic ON logs (topic0, block);
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
#: More logs than this in one answer are refused, as public nodes do.
MAX_LOGS: Final = 10_000


class Store(BaseDB):
    """The open file; also the key-value database that the EVM sees. Used by one thread only."""

    def __init__(self, path: Path) -> None:
        try:
            # SQLite gives its -wal and -shm files the mode of the database: it is private before it is opened.
            path.touch(0o600)
            path.chmod(0o600)
            self._connection = sqlite3.connect(path, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "cache_size=-4096"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._connection.executescript(_SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise LedgerUnreachable(
                f"The embedded ledger {path.name} cannot be opened: {error}.",
                remedy="Check the data folder's disk, or restore the folder from its last backup.",
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes in the block are on the disk after it, or none is."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            # A failed COMMIT (a full disk) may have ended the transaction already.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    # --- what the EVM keeps -------------------------------------------------------------------------------

    def __getitem__(self, key: bytes) -> bytes:
        row = self._connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return bytes(row[0])

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, value))

    def __delitem__(self, key: bytes) -> None:
        if self._connection.execute("DELETE FROM state WHERE key = ?", (key,)).rowcount == 0:
            raise KeyError(key)

    def _exists(self, key: bytes) -> bool:
        return self._connection.execute("SELECT 1 FROM state WHERE key = ?", (key,)).fetchone() is not None

    # --- what JSON-RPC shows ------------------------------------------------------------------------------

    def meta(self, name: str) -> str | None:
        """A remembered value of the chain."""
        row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, name: str, value: str) -> None:
        """Remember a value of the chain."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def add_block(self, number: int, block_hash: bytes, body: dict[str, Any]) -> None:
        """Keep a block as JSON-RPC shows it."""
        self._connection.execute(
            "INSERT INTO blocks VALUES (?, ?, ?)", (number, block_hash, orjson.dumps(body))
        )

    def add_transaction(self, tx: bytes, block: int, body: dict[str, Any], receipt: dict[str, Any]) -> None:
        """Keep a transaction and its receipt, and index the receipt's logs."""
        self._connection.execute(
            "INSERT INTO transactions VALUES (?, ?, ?, ?)",
            (tx, block, orjson.dumps(body), orjson.dumps(receipt)),
        )
        for log in receipt["logs"]:
            topics = [bytes.fromhex(topic[2:]) for topic in log["topics"]] + [None] * 4
            row = (block, bytes.fromhex(log["address"][2:]), *topics[:4], orjson.dumps(log))
            self._connection.execute(
                "INSERT INTO logs (block, address, topic0, topic1, topic2, topic3, body) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def head(self) -> int | None:
        """The number of the newest block; None before the genesis block."""
        number = self._connection.execute("SELECT max(number) FROM blocks").fetchone()[0]
        return None if number is None else int(number)

    def block(self, number: int) -> dict[str, Any] | None:
        """A block by its number."""
        return self._body("SELECT body FROM blocks WHERE number = ?", number)

    def block_by_hash(self, block_hash: bytes) -> dict[str, Any] | None:
        """A block by its hash."""
        return self._body("SELECT body FROM blocks WHERE hash = ?", block_hash)

    def transaction_of(self, tx: bytes) -> dict[str, Any] | None:
        """A transaction by its hash."""
        return self._body("SELECT body FROM transactions WHERE hash = ?", tx)

    def receipt_of(self, tx: bytes) -> dict[str, Any] | None:
        """A receipt by the hash of its transaction."""
        return self._body("SELECT receipt FROM transactions WHERE hash = ?", tx)

    def _body(self, query: str, value: int | bytes) -> dict[str, Any] | None:
        row = self._connection.execute(query, (value,)).fetchone()
        return None if row is None else orjson.loads(row[0])

    def logs(
        self,
        first: int,
        last: int,
        addresses: Sequence[bytes],
        topics: Sequence[Sequence[bytes] | None],
    ) -> list[dict[str, Any]]:
        """The logs of blocks first..last; empty ``addresses``: of all; a topic None: any. Raises RpcError
        when there are too many.
        """
        clauses, values = ["block BETWEEN ? AND ?"], list[Any]((first, last))
        wanted = [("address", addresses or None)]
        wanted += [(f"topic{place}", choices) for place, choices in enumerate(topics)]
        for column, choices in wanted:
            if choices is not None:
                clauses.append(f"{column} IN ({','.join('?' * len(choices))})")
                values += choices
        # Only column names and question marks are put into the text.
        query = f"SELECT body FROM logs WHERE {' AND '.join(clauses)} ORDER BY id LIMIT ?"  # noqa: S608
        rows = self._connection.execute(query, (*values, MAX_LOGS + 1)).fetchall()
        if len(rows) > MAX_LOGS:
            raise RpcError(f"More than {MAX_LOGS} logs match: ask for fewer blocks.", -32005)
        return [orjson.loads(row[0]) for row in rows]
