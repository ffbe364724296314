"""What the store holds of one contract's history, in its types, with the places of its events.

What this backend's own log holds is asked of the log itself, never read from a column that a file could have
written: a leaf, or the promise of one while it waits in line. Places in other backends' logs are those that the
import has verified.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract import repository
from cms_backend.contract.apart import apart
from cms_backend.core.document import Document
from cms_backend.core.events import Action, Envelope
from cms_backend.core.ids import Digest
from cms_backend.core.lifecycle import Entry, Handover, LoggedKeyEnd
from cms_backend.core.lifecycle_keys import MOST_SUCCESSIONS
from cms_backend.core.statements import KeyEnd
from cms_backend.log import repository as log_repository
from cms_backend.log.service import OwnLog

#: Leaves that are promised stand behind all that exist: an index has 53 bits, and no log comes near half of them.
PROMISED: Final = 2**52


#: Bytes of a text that take about as long as an event.
TEXT: Final = 2048

#: A row of the register, or one with a column put right.
Row = RowMapping | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HeldKeyEnd:
    """A stored KeyEnd and its leaf in one of the contract's logs; both None when it is only held."""

    row: RowMapping
    key_end: KeyEnd
    log: int | None
    index: int | None

    @property
    def logged(self) -> LoggedKeyEnd:
        """As a replay takes it."""
        return LoggedKeyEnd(self.key_end, self.log, self.index)


@dataclass(slots=True)
class History:
    """The stored events of a contract, in the order of their arrival. ``own``: this backend's log by digest."""

    row: Row
    rows: Sequence[RowMapping]
    entries: list[Entry]
    own_log: int | None
    own: Mapping[Digest, int]
    documents: Sequence[RowMapping]
    key_ends: list[HeldKeyEnd]
    handovers: list[Handover]


async def read(connection: AsyncConnection, row: Row, log: OwnLog) -> History:
    """The history behind a row of the register."""
    n = row["n"]
    rows = await repository.events_of(connection, n)
    bodies = [event["envelope"] for event in rows]
    envelopes = await apart(lambda: [Envelope.from_json(orjson.loads(body)) for body in bodies], len(bodies))
    own = await places_in(connection, log, [one.digest for one in envelopes])
    ordinal = own_ordinal(row, envelopes, log.vkey)
    documents = await repository.documents_of(connection, n)
    texts = [one["body"] for one in documents]
    keys = await apart(
        lambda: {party["key"] for body in texts for party in parties_of(orjson.loads(body))},
        sum(map(len, texts)) // TEXT,
    )
    return History(
        row=row,
        rows=rows,
        entries=[
            _entry(envelope, event, own.get(envelope.digest), ordinal)
            for envelope, event in zip(envelopes, rows, strict=True)
        ],
        own_log=ordinal,
        own=own,
        documents=documents,
        key_ends=await _key_ends(connection, n, keys, log, ordinal),
        handovers=_handovers(await repository.foreign_logs_of(connection, n)),
    )


def pieces(history: History) -> int:
    """How much work a history's events and texts are, in events."""
    return len(history.rows) + sum(len(one["body"]) for one in history.documents) // TEXT


def _handovers(sections: Sequence[RowMapping]) -> list[Handover]:
    """Where the operator of another log has named a successor of its key, as the import has verified it."""
    return [
        Handover(row["ordinal"], row["successor_idx"], row["successor"])
        for row in sections
        if row["successor"] is not None
    ]


async def places_in(connection: AsyncConnection, log: OwnLog, digests: Sequence[Digest]) -> dict[Digest, int]:
    """Where the own log holds objects; behind ``PROMISED`` those that wait in line for their leaf."""
    raw = [digest.raw for digest in digests]
    found = {
        Digest.of(digest): PROMISED + position
        for digest, position in (await log_repository.positions(connection, log.id, raw)).items()
    }
    leaves = await log_repository.leaf_indexes(connection, log.id, raw)
    return found | {Digest.of(digest): index for digest, index in leaves.items()}


def own_ordinal(row: Row, envelopes: Sequence[Envelope], vkey: str) -> int | None:
    """Which of the contract's logs is this backend's: the first when the record began here, else what a move made."""
    for one in envelopes:
        if one.action is Action.created and one.statement_digest == row["genesis"]:
            named = one.details["log"]
            if named is not None and named["vkey"] == vkey:
                return 0
    stored = row["own_log"]
    return None if stored is None else int(stored)


def _entry(envelope: Envelope, event: RowMapping, own: int | None, ordinal: int | None) -> Entry:
    log, index, opens = event["log"], event["idx"], event["opens"]
    if log is not None and log != ordinal:
        here = own if ordinal == log + 1 else None
        return Entry(envelope, log, index, opens if here is None else here)
    if own is None or ordinal is None:
        return Entry(envelope, None, None)
    return Entry(envelope, ordinal, own, opens)


async def _key_ends(
    connection: AsyncConnection, n: int, keys: set[str], log: OwnLog, ordinal: int | None
) -> list[HeldKeyEnd]:
    elsewhere = await repository.foreign_key_end_places(connection, n)
    rows = await key_ends_of(connection, keys)
    own = await places_in(connection, log, [Digest(row["digest"]) for row in rows])
    found = []
    for row in rows:
        end = KeyEnd.from_json(orjson.loads(row["body"]))
        if row["undecided"] and row["id"] not in elsewhere:
            continue  # another contract's log holds it, and only that contract takes its word
        place: tuple[int | None, int | None] = elsewhere.get(row["id"], (None, None))
        index = own.get(end.digest)
        if place[0] is None and index is not None and ordinal is not None:
            place = ordinal, index
        found.append(HeldKeyEnd(row, end, *place))
    return found


async def ended_in(
    connection: AsyncConnection, documents: Mapping[Digest, Document], log: OwnLog
) -> dict[Digest, list[tuple[KeyEnd, int]]]:
    """Of texts that come in, by the digest of their event: the ends of their parties' keys that this log holds, with
    their leaves. Most texts pin no such key and are not listed.
    """
    keys = {party.key for document in documents.values() for party in document.parties}
    if not keys or not await repository.key_ends_for(connection, sorted(keys)):
        return {}
    found = {}
    for digest, document in documents.items():
        rows = await key_ends_of(connection, {party.key for party in document.parties})
        ends = [KeyEnd.from_json(orjson.loads(row["body"])) for row in rows if not row["undecided"]]
        places = await places_in(connection, log, [end.digest for end in ends])
        logged = [(end, places[end.digest]) for end in ends if end.digest in places]
        if logged:
            found[digest] = logged
    return found


async def key_ends_of(connection: AsyncConnection, keys: set[str]) -> list[RowMapping]:
    """The KeyEnds of keys and of those that succeeded them, as far as one can act for them, by digest."""
    found: dict[str, RowMapping] = {}
    open_keys = set(keys)
    seen: set[str] = set()
    for _ in range(MOST_SUCCESSIONS + 1):
        if not open_keys:
            break
        seen |= open_keys
        rows = await repository.key_ends_for(connection, sorted(open_keys))
        found.update((row["digest"], row) for row in rows)
        successors = {orjson.loads(row["body"])["successor"] for row in rows}
        open_keys = {key for key in successors if key is not None} - seen
    return [found[digest] for digest in sorted(found)]


def parties_of(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parties of a stored document, sealed or disclosed (they are never hidden)."""
    if "content" in document:
        return list(document["content"]["parties"])
    leaves = (entry["leaf"] for entry in document["disclosed"])
    return [value for _, path, value in leaves if path.startswith("/parties/")]
