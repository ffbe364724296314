"""A contract out of the database, replayed."""

from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract import homes, repository
from cms_backend.contract.evidence import key_ends_of, parties_of
from cms_backend.contract.live import Live
from cms_backend.core.disclosure import Disclosure
from cms_backend.core.document import Document
from cms_backend.core.events import Envelope
from cms_backend.core.ids import Digest, Time
from cms_backend.core.lifecycle import Entry, LoggedKeyEnd, Text, replay
from cms_backend.core.statements import KeyEnd


async def load(connection: AsyncConnection, row: RowMapping, own_vkey: str) -> Live:
    """The contract of a row, as the writer keeps it. Its home is read from its events, not from the row."""
    n = row["n"]
    entries = [
        Entry(
            Envelope.from_json(orjson.loads(event["envelope"])),
            event["log"],
            event["idx"],
        )
        for event in await repository.events_of(connection, n)
    ]
    refs = {entry.envelope.document.root: entry.envelope.document for entry in entries}
    documents: dict[Digest, Text] = {}
    keys: set[str] = set()
    for held in await repository.documents_of(connection, n):
        body = orjson.loads(held["body"])
        keys.update(party["key"] for party in parties_of(body))
        root = Digest(held["root"])
        if "content" in body:
            documents[root] = Document.from_json(body["content"])
        elif root in refs:
            documents[root] = Disclosure.from_json(body).check(refs[root])
    own_log = homes.own_log((entry.envelope for entry in entries), own_vkey)
    key_ends = await _key_ends(connection, n, keys, own_log)
    state = replay(
        sort_entries(entries),
        documents,
        now=Time.from_datetime(datetime.now(UTC)),
        key_ends=key_ends,
    )
    home = homes.home_of(state.spine, own_vkey)
    return Live(
        n=n,
        contract=row["id"],
        genesis=row["genesis"],
        home=home.name,
        own_log=home.own_log,
        created_at=row["created_at"],
        state=state,
        entries=entries,
        documents=documents,
        key_ends=key_ends,
        people=await repository.people_of(connection, n),
    )


@dataclass(frozen=True, slots=True)
class PlacedKeyEnd:
    """A stored KeyEnd and its leaf in one of the contract's logs; both None when it is held and not yet logged."""

    row: RowMapping
    log: int | None
    index: int | None


async def placed_key_ends(
    connection: AsyncConnection, n: int, keys: set[str], own_log: int | None
) -> list[PlacedKeyEnd]:
    """The KeyEnds of keys and of those that succeeded them, with their places in a contract's logs."""
    foreign = await repository.foreign_key_end_places(connection, n)
    found = []
    for row in await key_ends_of(connection, keys):
        log, idx = foreign.get(row["id"], (own_log if row["idx"] is not None else None, row["idx"]))
        found.append(PlacedKeyEnd(row, log, None if log is None else idx))
    return found


async def _key_ends(
    connection: AsyncConnection, n: int, keys: set[str], own_log: int | None
) -> tuple[LoggedKeyEnd, ...]:
    """The KeyEnds that concern a contract, with their places in its logs."""
    return tuple(
        LoggedKeyEnd(KeyEnd.from_json(orjson.loads(one.row["body"])), one.log, one.index)
        for one in await placed_key_ends(connection, n, keys, own_log)
    )


def sort_entries(entries: list[Entry]) -> list[Entry]:
    """Logged events in the log's order, then those that are held, in the order of their arrival."""
    last = 2**62
    return sorted(
        entries,
        key=lambda entry: (last, 0) if entry.index is None or entry.log is None else (entry.log, entry.index),
    )
