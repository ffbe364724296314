"""All SQL of anchors."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import RowMapping, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.anchoring.models import anchors

Status = Literal["submitted", "mined", "confirmed", "lost"]
_PLACED = ("mined", "confirmed")


@dataclass(frozen=True, slots=True)
class Anchor:
    """One anchor; block, hash and time are None until its transaction is in a block."""

    id: int
    log: int
    size: int
    root: str
    chain: str
    ledger: str
    log_id: str
    tx: str
    status: Status
    block: int | None
    hash: str | None
    time: str | None

    def to_json(self) -> dict[str, Any]:
        """The member of an evidence file (protocol, section 8)."""
        names = ("chain", "ledger", "log_id", "size", "root", "tx", "block", "hash", "time")
        return {name: getattr(self, name) for name in names}


def _anchor(row: RowMapping) -> Anchor:
    return Anchor(
        id=row["id"],
        log=row["log"],
        size=row["size"],
        root=row["root"],
        chain=row["chain"],
        ledger=row["ledger"],
        log_id=row["log_id"],
        tx=row["tx"],
        status=row["status"],
        block=row["block"],
        hash=row["block_hash"],
        time=row["time"],
    )


async def anchors_of(connection: AsyncConnection, log: int, *, limit: int = 100) -> list[Anchor]:
    """The newest anchors of a log."""
    query = select(anchors).where(anchors.c.log == log).order_by(anchors.c.id.desc()).limit(limit)
    return [_anchor(row) for row in (await connection.execute(query)).mappings()]


async def anchored_size(connection: AsyncConnection, log: int) -> int:
    """The largest size whose anchor is in a block; 0 if none is."""
    query = select(func.max(anchors.c.size)).where(anchors.c.log == log, anchors.c.status.in_(_PLACED))
    return int((await connection.execute(query)).scalar_one() or 0)


async def counts(connection: AsyncConnection, log: int) -> tuple[int, int]:
    """How many anchors wait to be confirmed, and how many are."""
    query = select(anchors.c.status, func.count()).where(anchors.c.log == log).group_by(anchors.c.status)
    found = {str(row[0]): int(row[1]) for row in await connection.execute(query)}
    return found.get("submitted", 0) + found.get("mined", 0), found.get("confirmed", 0)


async def anchors_for_evidence(connection: AsyncConnection, log: int) -> list[Anchor]:
    """The anchors that are in a block, ascending by size, one for each size and ledger."""
    query = (
        select(anchors)
        .where(anchors.c.log == log, anchors.c.status.in_(_PLACED))
        .order_by(anchors.c.size, anchors.c.id)
    )
    kept = {
        (row["size"], row["chain"], row["ledger"]): _anchor(row) for row in await _rows(connection, query)
    }
    return list(kept.values())


async def _rows(connection: AsyncConnection, query: Any) -> Sequence[RowMapping]:
    return (await connection.execute(query)).mappings().all()


async def anchors_of_leaves(
    connection: AsyncConnection, log: int, indexes: Sequence[int]
) -> dict[int, dict[str, Any]]:
    """For each leaf the first anchor above it that is not lost; leaves without one are missing."""
    if not indexes:
        return {}
    query = (
        select(anchors)
        .where(anchors.c.log == log, anchors.c.status != "lost", anchors.c.size > min(indexes))
        .order_by(anchors.c.size, anchors.c.id)
    )
    found: dict[int, dict[str, Any]] = {}
    rows = iter(await _rows(connection, query))
    row = next(rows, None)
    for index in sorted(indexes):
        while row is not None and row["size"] <= index:
            row = next(rows, None)
        if row is None:
            break
        found[index] = {name: row[name] for name in ("size", "chain", "block", "time", "tx", "status")}
    return found


async def placed_on(connection: AsyncConnection, log: int, chain: str) -> list[Anchor]:
    """The newest anchors of a log that were in a block of this chain, at most two: more would not tell more."""
    query = (
        select(anchors)
        .where(anchors.c.log == log, anchors.c.chain == chain, anchors.c.status.in_(_PLACED))
        .order_by(anchors.c.size.desc())
        .limit(2)
    )
    return [_anchor(row) for row in await _rows(connection, query)]


async def log_ids_on(connection: AsyncConnection, log: int, chain: str, ledger: str) -> list[str]:
    """The names under which a ledger has held the log."""
    query = (
        select(anchors.c.log_id)
        .where(anchors.c.log == log, anchors.c.chain == chain, anchors.c.ledger == ledger)
        .distinct()
    )
    return list((await connection.execute(query)).scalars())


async def forget_places(connection: AsyncConnection, log: int, chain: str, kept: Collection[str]) -> None:
    """Anchors on a chain whose blocks (hashes) are no more are lost: nobody can ask for them any longer."""
    await connection.execute(
        update(anchors)
        .where(
            anchors.c.log == log,
            anchors.c.chain == chain,
            anchors.c.status != "lost",
            or_(anchors.c.block_hash.is_(None), anchors.c.block_hash.not_in(sorted(kept))),
        )
        .values(status="lost")
    )


async def block_hashes(connection: AsyncConnection, log: int, chain: str) -> list[tuple[int, str]]:
    """Number and hash of every block of a chain that holds an anchor of the log."""
    query = select(anchors.c.block, anchors.c.block_hash).where(
        anchors.c.log == log, anchors.c.chain == chain, anchors.c.status.in_(_PLACED)
    )
    return [(int(row[0]), str(row[1])) for row in await connection.execute(query) if row[0] is not None]


async def add(connection: AsyncConnection, row: Mapping[str, Any]) -> int:
    """Keep a new anchor; its id."""
    result = await connection.execute(insert(anchors), dict(row))
    (number,) = result.inserted_primary_key or (0,)
    return int(number)


async def change(connection: AsyncConnection, anchor: int, values: Mapping[str, Any]) -> None:
    """Note what became of an anchor."""
    await connection.execute(update(anchors).where(anchors.c.id == anchor).values(dict(values)))


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An anchor that is not final yet, with what is needed to send it again."""

    anchor: Anchor
    raw: bytes
    nonce: int
    #: When its status changed last.
    since: str


async def unsettled(connection: AsyncConnection, log: int, chain: str, ledger: str) -> list[Unsettled]:
    """The anchors on one ledger that are neither confirmed nor lost, in the order of their making."""
    query = (
        select(anchors)
        .where(
            anchors.c.log == log,
            anchors.c.chain == chain,
            anchors.c.ledger == ledger,
            anchors.c.status.in_(("submitted", "mined")),
        )
        .order_by(anchors.c.id)
    )
    return [
        Unsettled(_anchor(row), bytes(row["raw"]), int(row["nonce"]), str(row["updated_at"]))
        for row in await _rows(connection, query)
    ]


async def anchor(connection: AsyncConnection, number: int) -> Anchor:
    """An anchor by its id."""
    return _anchor((await _rows(connection, select(anchors).where(anchors.c.id == number)))[0])
