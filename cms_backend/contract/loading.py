"""A contract out of the database, replayed."""

from datetime import UTC, datetime

import orjson
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract import repository
from cms_backend.contract.live import Live
from cms_backend.core.document import Document
from cms_backend.core.events import Envelope
from cms_backend.core.ids import Digest, Time
from cms_backend.core.lifecycle import Entry, replay


async def load(connection: AsyncConnection, row: RowMapping) -> Live:
    """The contract of a row, as the writer keeps it."""
    n = row["n"]
    entries = [
        Entry(Envelope.from_json(orjson.loads(event["envelope"])), event["log"], event["idx"])
        for event in await repository.events_of(connection, n)
    ]
    documents: dict[Digest, Document] = {}
    for held in await repository.documents_of(connection, n):
        body = orjson.loads(held["body"])
        if "content" in body:
            documents[Digest(held["root"])] = Document.from_json(body["content"])
    live = Live(
        n=n,
        contract=row["id"],
        genesis=row["genesis"],
        home=row["home"],
        own_log=row["own_log"],
        created_at=row["created_at"],
        state=replay(
            sort_entries(entries),
            documents,
            now=Time.from_datetime(datetime.now(UTC)),
            logless=row["home"] == "none",
        ),
        entries=entries,
        documents=documents,
    )
    live.people = await repository.people_of(connection, n)
    return live


def sort_entries(entries: list[Entry]) -> list[Entry]:
    """Logged events in the log's order, then those that are held, in the order of their arrival."""
    last = 2**62
    return sorted(
        entries,
        key=lambda entry: (last, 0) if entry.index is None or entry.log is None else (entry.log, entry.index),
    )
