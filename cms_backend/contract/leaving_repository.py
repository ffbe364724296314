"""All SQL of leaving a frozen log."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract.models import contract_key_ends, contracts, foreign_logs, key_ends

_CHUNK = 400


async def at_home(connection: AsyncConnection) -> list[int]:
    """The contracts that this backend's log has a part in."""
    query = select(contracts.c.n).where(or_(contracts.c.own_log.is_not(None), contracts.c.home == "here"))
    return list((await connection.execute(query.order_by(contracts.c.n))).scalars())


async def leave_home(connection: AsyncConnection, numbers: Sequence[int]) -> None:
    """These contracts have no part in this backend's log any more."""
    for start in range(0, len(numbers), _CHUNK):
        chunk = numbers[start : start + _CHUNK]
        await connection.execute(
            update(contracts).where(contracts.c.n.in_(chunk)).values(own_log=None, home="elsewhere")
        )


async def add_foreign_log(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Keep what one log, which is this backend's no more, proves of a contract."""
    query = delete(foreign_logs).where(
        foreign_logs.c.contract == row["contract"], foreign_logs.c.vkey == row["vkey"]
    )
    await connection.execute(query)
    await connection.execute(insert(foreign_logs), dict(row))


async def add_key_end_links(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note where logs that are not this backend's hold KeyEnds, besides what is noted."""
    if rows:
        await connection.execute(insert(contract_key_ends), [dict(row) for row in rows])


async def promised_key_ends(connection: AsyncConnection) -> Sequence[RowMapping]:
    """The KeyEnds that this backend has taken in, for its next log: their leaves are forgotten."""
    await connection.execute(update(key_ends).where(key_ends.c.receipt.is_not(None)).values(idx=None))
    query = select(key_ends).where(key_ends.c.receipt.is_not(None)).order_by(key_ends.c.id)
    return (await connection.execute(query)).mappings().all()
