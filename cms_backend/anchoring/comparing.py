"""The ledger is asked before the first event is accepted: does it hold more of the log than the database?

The embedded ledger is a file of the data folder and is read at once. A node is asked with a short bound: while
it is silent the database and the files beside it decide, because nobody waits for a chain; the anchoring
worker compares again as soon as the node answers, before it writes anything.
"""

import asyncio
from pathlib import Path
from typing import Final

import structlog

from cms_backend.anchoring import repository
from cms_backend.core.errors import CmsError
from cms_backend.core.ids import Digest
from cms_backend.db.session import Database
from cms_backend.ledger.adapter import Ledger
from cms_backend.ledger.local_chain import records
from cms_backend.log.service import OwnLog

_logger = structlog.get_logger("anchoring")
NODE_SECONDS: Final = 3.0
SOURCE: Final = "the ledger"


async def with_local_ledger(
    database: Database, log: OwnLog, path: Path, account: str, *, in_use: bool
) -> None:
    """Freeze the log if the embedded ledger holds more of it or, where it is ``in_use``, if it lacks what the
    database says is anchored.
    """
    async with database.read() as connection:
        known = await repository.placed_on(connection, log.id, records.CHAIN)
    blocks = frozenset((anchor.block, anchor.hash) for anchor in known if anchor.block and anchor.hash)
    try:
        found = await asyncio.to_thread(records.read, path, account, log.key, blocks)
    except CmsError as error:
        if in_use:
            await log.doubt("ledger", error.detail)
        return
    if found is not None and found.anchor is not None:
        await log.compare(found.anchor[0], found.anchor[1].raw, SOURCE)
    lacking = _lacking(path, blocks, found) if in_use else None
    if lacking is not None:
        await log.doubt("ledger", lacking)


def _lacking(path: Path, blocks: frozenset[tuple[int, str]], found: records.Recorded | None) -> str | None:
    if not blocks:
        return None
    if found is None:
        return f"The embedded ledger {path.name} is missing, and checkpoints of this log were anchored on it."
    missing = blocks - found.there
    if not missing:
        return None
    if any(number <= found.head for number, _ in missing):
        return f"The embedded ledger {path.name} is another one than this log was anchored on."
    return (
        f"The embedded ledger {path.name} is older than the database: it ends with block {found.head}, and "
        f"checkpoints of this log were anchored up to block {max(number for number, _ in missing)}."
    )


async def with_node(database: Database, log: OwnLog, ledger: Ledger) -> bool:
    """Freeze the log if the node's ledger holds more of it; False when the node gave no answer in time."""
    try:
        async with asyncio.timeout(NODE_SECONDS):
            await ledger.start()
            identity = await ledger.identity()
            async with database.read() as connection:
                log_ids = await repository.log_ids_on(connection, log.id, identity.chain, identity.ledger)
            for head in await ledger.published(log.key, [Digest(log_id) for log_id in log_ids]):
                if head.size and head.root is not None:
                    await log.compare(head.size, head.root.raw, SOURCE)
    except (CmsError, TimeoutError) as error:
        reason = error.detail if isinstance(error, CmsError) else "no answer in time"
        _logger.warning("ledger.not-compared", reason=reason)
        return False
    return True
