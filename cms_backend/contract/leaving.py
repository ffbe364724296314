"""Contracts of a log that stays frozen: what it proves of them is kept as another backend's log's would be.

They can be read, verified and exported as before; nothing new is taken into that log. The keys that it ended are
ended in the new log too, so that no contract there believes them.
"""

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract import held, leaving_repository, repository
from cms_backend.contract.append import refresh
from cms_backend.contract.evidence import EvidenceBuilder, Export
from cms_backend.core.errors import LifecycleError
from cms_backend.core.ids import Digest, Time
from cms_backend.core.merge_logs import named_ledgers
from cms_backend.core.slots import key_slot
from cms_backend.log import repository as log_repository
from cms_backend.log.repository import Leaf
from cms_backend.log.service import OwnLog


async def leave(connection: AsyncConnection, old: OwnLog, new: OwnLog, now: Time) -> int:
    """Turn the contracts of one log of this backend into contracts of an earlier log; how many there are.

    Inside the transaction that begins the new log. What ``old`` had accepted and not yet logged stays held, with
    its receipts.
    """
    builder = EvidenceBuilder(old)
    numbers = await leaving_repository.at_home(connection)
    for n in numbers:
        export = await builder.build(connection, await repository.contract_by_number(connection, n))
        await _keep_section(connection, n, old.vkey, export)
        await _keep_key_ends(connection, n, export)
    await log_repository.empty_queue(connection, old.id)
    await leaving_repository.leave_home(connection, numbers)
    for n in numbers:
        try:
            await refresh(connection, n, new, None)
        except LifecycleError:
            continue  # nothing opens that record: its own file will
    await _end_again(connection, new, now)
    return len(numbers)


async def _keep_section(connection: AsyncConnection, n: int, vkey: str, export: Export) -> None:
    for ordinal, section in enumerate(export.evidence.logs):
        if section.vkey != vkey:
            continue
        ledgers = named_ledgers([section])
        listed = [
            one.to_json() for one in export.evidence.anchors if (one.chain, one.ledger, one.log_id) in ledgers
        ]
        row = {
            "contract": n,
            "vkey": vkey,
            "ordinal": ordinal,
            "body": orjson.dumps(section.to_json()),
            "anchors": orjson.dumps(listed),
            "successor": None,
            "successor_idx": None,
        }
        await leaving_repository.add_foreign_log(connection, row)


async def _keep_key_ends(connection: AsyncConnection, n: int, export: Export) -> None:
    linked = await repository.foreign_key_end_places(connection, n)
    links = [
        {"contract": n, "key_end": end.row["id"], "log": end.log, "idx": end.index}
        for end in export.history.key_ends
        if end.row["id"] not in linked and end.index is not None and end.index < held.PROMISED
    ]
    await leaving_repository.add_key_end_links(connection, links)


async def _end_again(connection: AsyncConnection, new: OwnLog, now: Time) -> None:
    ended = await leaving_repository.promised_key_ends(connection)
    leaves = [Leaf(key_slot(row["key"]).raw, Digest(row["digest"]).raw, single=False) for row in ended]
    await log_repository.enqueue(connection, new.id, leaves, now)
