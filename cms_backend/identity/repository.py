"""All SQL of resolutions."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.identity.models import resolutions


async def resolutions_for(connection: AsyncConnection, dids: Sequence[str]) -> list[bytes]:
    """The Resolutions (their bytes) of these DIDs, by digest."""
    if not dids:
        return []
    query = select(resolutions.c.body).where(resolutions.c.did.in_(dids)).order_by(resolutions.c.digest)
    return list((await connection.execute(query)).scalars())


async def keep(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep Resolutions that came with a file; those already held are left as they are."""
    if rows:
        statement = insert(resolutions).prefix_with("OR IGNORE", dialect="sqlite")
        await connection.execute(statement, [dict(row) for row in rows])
