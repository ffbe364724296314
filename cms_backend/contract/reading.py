"""What is told about contracts: rows of the register, and everything that is held of one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.anchoring import repository as anchors
from cms_backend.auth.gate import Caller
from cms_backend.contract import held, repository, search
from cms_backend.core.ids import Time
from cms_backend.db.session import Database
from cms_backend.http.problems import NotFound
from cms_backend.log.service import OwnLog

_ROW = (
    "id",
    "title",
    "status",
    "revision",
    "owner",
    "valid_from",
    "valid_until",
    "reply_by",
    "created_at",
    "updated_at",
    "events",
    "home",
)


def unknown(contract: str) -> NotFound:
    """What is said of a contract that is not here, and in the same words of one that is not the caller's to read."""
    return NotFound(
        f"There is no contract {contract} here, or it is not yours to read.",
        remedy="Send its created event first, or take its evidence file in.",
    )


class Reading:
    """Reads for a caller; what a caller may not see is not there."""

    def __init__(self, database: Database, log: OwnLog) -> None:
        self._database = database
        self._log = log

    async def page(self, query: search.Query) -> dict[str, Any]:
        """One page of the register."""
        now = Time.from_datetime(datetime.now(UTC))
        async with self._database.read() as connection:
            found = await search.find(connection, query, now)
            items = await self._rows(connection, found.rows)
        return {"items": items, "next": found.next, "total": found.total}

    async def _rows(self, connection: AsyncConnection, rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
        anchored = await anchors.anchored_size(connection, self._log.id)
        counts = await repository.counts_of(connection, [row["n"] for row in rows], anchored)
        return [_row(row, *counts.get(row["n"], (0, 0))) for row in rows]

    async def may_read(self, contract: str, who: Caller) -> bool:
        """May the caller know of this contract? A contract that is not here is nobody's but this computer's."""
        if who.local:
            return True
        async with self._database.read() as connection:
            return await _reads(connection, contract, who)

    async def find(self, connection: AsyncConnection, contract: str, who: Caller) -> RowMapping:
        """The row of a contract that the caller may read, with its status as of now. Raises NotFound."""
        if not await _reads(connection, contract, who):
            raise unknown(contract)
        row = await search.row_of(connection, contract, Time.from_datetime(datetime.now(UTC)))
        if row is None:
            raise unknown(contract)
        return row

    async def show(self, contract: str, who: Caller) -> dict[str, Any]:
        """Everything that is held of a contract."""
        async with self._database.read() as connection:
            row = await self.find(connection, contract, who)
            history = await held.read(connection, row, self._log)
            events, documents, ends = history.rows, history.documents, history.key_ends
            indexes = [event["idx"] for event in events if _is_own(event, row)]
            anchored = await anchors.anchors_of_leaves(connection, self._log.id, indexes)
            [item] = await self._rows(connection, [row])
        return {
            "id": row["id"],
            "genesis": row["genesis"],
            "home": row["home"],
            "documents": [orjson.Fragment(one["body"]) for one in documents],
            "envelopes": [orjson.Fragment(event["envelope"]) for event in events],
            "key_ends": [orjson.Fragment(end.row["body"]) for end in ends],
            "key_end_places": [
                {"digest": end.row["digest"], "log": end.log, "index": end.index}
                if end.index is not None and end.index < held.PROMISED
                else {"digest": end.row["digest"], "log": None, "index": None}
                for end in ends
            ],
            "handovers": [
                {"log": one.log, "index": one.index, "vkey": one.vkey} for one in history.handovers
            ],
            "receipts": [
                orjson.Fragment(event["receipt"]) for event in events if event["receipt"] is not None
            ],
            "entries": [
                {
                    "digest": event["digest"],
                    "accepted_at": event["accepted_at"],
                    "log": event["log"],
                    "index": event["idx"],
                    "opens": event["opens"],
                    "undecided": event["undecided"],
                    "anchor": anchored.get(event["idx"]) if _is_own(event, row) else None,
                }
                for event in events
            ],
            "row": item,
        }


async def _reads(connection: AsyncConnection, contract: str, who: Caller) -> bool:
    return who.local or (who.did is not None and await repository.reads(connection, contract, who.did))


def _is_own(event: RowMapping, row: RowMapping) -> bool:
    """Does this backend's log hold the event?"""
    return event["idx"] is not None and event["log"] == row["own_log"]


def _row(row: RowMapping, logged: int, anchored: int) -> dict[str, Any]:
    return {
        **{name: row[name] for name in _ROW},
        "parties": orjson.Fragment(row["parties"]),
        "awaited": orjson.Fragment(row["awaited"]),
        "logged": logged,
        "anchored": anchored,
    }
