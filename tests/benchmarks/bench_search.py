"""The register at 100,000 contracts: how long one page takes."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from cms_backend.config import Settings
from cms_backend.contract.models import contract_people, contracts
from cms_backend.contract.search import STATUSES, Query, find
from cms_backend.core.ids import ContractId
from cms_backend.db.migrate import migrate
from cms_backend.db.session import Database

CONTRACTS = 100_000
NOW = "2026-05-01T00:00:00.000Z"
_WORDS = (
    "lift",
    "maintenance",
    "lease",
    "office",
    "software",
    "licence",
    "supply",
    "steel",
    "audit",
    "design",
)


def _rows() -> Iterator[dict[str, Any]]:
    for n in range(1, CONTRACTS + 1):
        title = f"{_WORDS[n % 10].title()} {_WORDS[n // 10 % 10]} agreement {n}"
        yield {
            "n": n,
            "id": ContractId.new(),
            "genesis": f"{n:064x}",
            "home": "here",
            "own_log": 0,
            "owner": f"did:key:owner{n % 50}",
            "title": title,
            "sort_title": title.casefold(),
            "revision": 1,
            "closed_status": "draft",
            "pending": n % 3 == 0,
            "in_force": n % 3 == 1,
            "terminated_on": NOW if n % 50 == 1 else None,
            "in_force_until": f"20{20 + n % 20}-01-01T00:00:00.000Z" if n % 3 == 1 else None,
            "reply_by": f"2026-0{1 + n % 9}-01T00:00:00.000Z" if n % 3 == 0 else None,
            "valid_from": None,
            "valid_until": f"20{20 + n % 20}-01-01T00:00:00.000Z",
            "parties": b"[]",
            "awaited": b"[]",
            "events": 4,
            "created_at": f"2026-01-01T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}.{n % 1000:03}Z",
            "updated_at": f"2026-02-01T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}.{n % 1000:03}Z",
        }


async def fill(database: Database) -> None:
    """Write the rows."""
    rows = list(_rows())
    async with database.write() as connection:
        await connection.execute(insert(contracts), rows)
        people = [
            {
                "contract": row["n"],
                "did": f"did:key:p{row['n'] % 200 + side}",
                "current": True,
                "needed": side == 0,
            }
            for row in rows
            for side in (0, 200)
        ]
        await connection.execute(insert(contract_people), people)
        await connection.execute(
            text(
                "INSERT INTO contracts_search (rowid, title, description, people) VALUES (:n, :title, '', '')"
            ),
            [{"n": row["n"], "title": row["title"]} for row in rows],
        )


QUERIES = {
    "newest": Query(),
    "status": Query(statuses=("expired",)),
    "words": Query(text="lift maint"),
    "needs": Query(needs=("did:key:p7",)),
    "reader_by_title": Query(reader="did:key:p7", sort="title"),
    "by_date": Query(sort="valid_until", statuses=STATUSES[:4]),
}


async def _measure(home: Path) -> dict[str, float]:
    migrate(home / "cms.sqlite3")
    database = Database(Settings(home=home))
    await fill(database)
    figures = {}
    async with database.read() as connection:
        for name, query in QUERIES.items():
            await find(connection, query, NOW)
            started = time.perf_counter()
            found = await find(connection, query, NOW)
            assert found.rows
            figures[f"register_100000_{name}_ms"] = (time.perf_counter() - started) * 1000
        query = Query()
        for _ in range(20):
            started = time.perf_counter()
            page = await find(connection, query, NOW)
            query = Query(cursor=page.next)
        figures["register_100000_page_20_ms"] = (time.perf_counter() - started) * 1000
    await database.close()
    return figures


def run() -> dict[str, float]:
    """The figures of this benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder)))


if __name__ == "__main__":
    print(run())
