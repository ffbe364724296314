"""A backend whose store somebody has changed: it answers what is no longer what was signed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from cms_backend.core.ids import ContractId, Digest


def _store(home: Path) -> sqlite3.Connection:
    return sqlite3.connect(home / "cms.sqlite3", timeout=20)


def change_text(home: Path, contract: ContractId, before: bytes, after: bytes) -> None:
    """Other words in every text of a contract."""
    with closing(_store(home)) as db, db:
        (n,) = db.execute("SELECT n FROM contracts WHERE id = ?", (contract,)).fetchone()
        for root, body in db.execute("SELECT root, body FROM documents WHERE contract = ?", (n,)).fetchall():
            assert before in body
            changed = body.replace(before, after)
            db.execute("UPDATE documents SET body = ? WHERE contract = ? AND root = ?", (changed, n, root))


def drop_event(home: Path, digest: Digest) -> None:
    """An event is gone, as if it had never been."""
    with closing(_store(home)) as db, db:
        assert db.execute("DELETE FROM events WHERE digest = ?", (digest,)).rowcount == 1
