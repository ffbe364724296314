"""What the embedded ledger's file says, read without the EVM: in a millisecond, before anything is accepted.

Read only. The file is never made or changed here, so that a missing one is seen as missing.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from cms_backend.core.ids import Digest
from cms_backend.ledger import names
from cms_backend.ledger.errors import LedgerUnreachable

#: py-evm's name for the hash of the block that its state stands on.
_HEAD_OF_STATE: Final = b"v1:canonical_head_hash"
_CHAIN_ID: Final = 0x434D53
#: SQLite's codes for a disk that refuses; what the file holds is not known by them.
_DISK: Final = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
    }
)
#: CAIP-2.
CHAIN: Final = f"eip155:{_CHAIN_ID}"


class LedgerDamaged(LedgerUnreachable):
    """The embedded ledger's file does not hold together."""

    code = "ledger.damaged"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The newest block's number, the newest anchor of the log (size, root), and which blocks were asked for
    and are there (by number and hash)."""

    head: int
    anchor: tuple[int, Digest] | None
    there: frozenset[tuple[int, str]]


def read(path: Path, account: str, key: bytes, blocks: frozenset[tuple[int, str]]) -> Recorded | None:
    """What the file holds of the log of ``key`` (32 bytes) that ``account`` anchors; None where there is no
    ledger yet. Raises LedgerDamaged.
    """
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        with _opened(path) as database:
            newest = database.execute(
                "SELECT number, hash FROM blocks ORDER BY number DESC LIMIT 1"
            ).fetchone()
            if newest is None:
                return None
            _check_whole(database, path, newest)
            anchor = _newest_anchor(database, account, key)
            return Recorded(int(newest[0]), anchor, frozenset(b for b in blocks if _has(database, b)))
    except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DISK:
            raise LedgerUnreachable(
                f"The embedded ledger {path.name} cannot be read now.",
                remedy="Check that the data folder's disk is there, is writable and has space.",
            ) from error
        raise LedgerDamaged(
            f"The embedded ledger {path.name} cannot be read: it is damaged.",
            remedy=f"Bring back the newest copy of {path.name}.",
        ) from error


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        database.execute("PRAGMA busy_timeout=5000")
        yield database


def _check_whole(database: sqlite3.Connection, path: Path, newest: Any) -> None:
    """The blocks that are shown and the state behind them must end with the same block."""
    state = database.execute("SELECT value FROM state WHERE key = ?", (_HEAD_OF_STATE,)).fetchone()
    if state is None or bytes(state[0]) != bytes(newest[1]):
        raise LedgerDamaged(
            f"The embedded ledger {path.name} lacks its newest block.",
            remedy=f"Bring back the newest copy of {path.name}.",
        )


def _newest_anchor(database: sqlite3.Connection, account: str, key: bytes) -> tuple[int, Digest] | None:
    ledger = names.contract_address(account)
    log_id = names.log_id_of(_CHAIN_ID, ledger, account, key)
    row = database.execute(
        "SELECT topic2, body FROM logs WHERE topic0 = ? AND topic1 = ? AND address = ? ORDER BY id DESC LIMIT 1",
        (names.ANCHORED_EVENT, log_id.raw, bytes.fromhex(ledger[2:])),
    ).fetchone()
    if row is None:
        return None
    return int.from_bytes(row[0]), Digest.of(bytes.fromhex(orjson.loads(row[1])["data"][2:]))


def _has(database: sqlite3.Connection, block: tuple[int, str]) -> bool:
    row = database.execute("SELECT hash FROM blocks WHERE number = ?", (block[0],)).fetchone()
    return row is not None and bytes(row[0]).hex() == block[1]
