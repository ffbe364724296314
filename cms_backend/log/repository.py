"""All SQL of the log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, and_, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.log.models import checkpoints, log_leaves, log_nodes, log_queue, log_statements, logs
from cms_backend.log.proofs import Node

_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf: the two halves of its data, and whether its slot may hold only one."""

    slot: bytes
    digest: bytes
    single: bool = True


@dataclass(frozen=True, slots=True)
class Queued:
    """A leaf that waits for its index."""

    position: int
    leaf: Leaf


async def log_by_vkey(connection: AsyncConnection, vkey: str) -> RowMapping | None:
    """The row of a log of this backend."""
    return (await connection.execute(select(logs).where(logs.c.vkey == vkey))).mappings().one_or_none()


async def any_log(connection: AsyncConnection) -> RowMapping | None:
    """Any log of this backend, the newest first."""
    return (
        (await connection.execute(select(logs).order_by(logs.c.id.desc()).limit(1))).mappings().one_or_none()
    )


async def add_log(connection: AsyncConnection, *, origin: str, vkey: str, operator: str, now: str) -> int:
    """Begin a log; its number."""
    values = {
        "origin": origin,
        "vkey": vkey,
        "operator": operator,
        "created_at": now,
        "size": 0,
        "lease_epoch": 0,
    }
    result = await connection.execute(insert(logs), values)
    (number,) = result.inserted_primary_key or (0,)
    return int(number)


async def set_frozen(connection: AsyncConnection, log: int, causes: str | None) -> None:
    """Freeze a log for these causes (``standing``), or let it go on."""
    await connection.execute(update(logs).where(logs.c.id == log).values(frozen=causes))


async def take_lease(
    connection: AsyncConnection, log: int, *, holder: str, now: str, until: str
) -> int | None:
    """Hold the log until a time; the fencing epoch, or None while another holds it."""
    mine = logs.c.lease_holder == holder
    row = (await connection.execute(select(logs.c.lease_epoch, mine).where(logs.c.id == log))).one()
    epoch = int(row[0]) + (0 if row[1] else 1)
    free = or_(logs.c.lease_holder.is_(None), mine, logs.c.lease_until < now)
    result = await connection.execute(
        update(logs)
        .where(and_(logs.c.id == log, logs.c.lease_epoch == row[0], free))
        .values(lease_holder=holder, lease_epoch=epoch, lease_until=until)
    )
    return epoch if result.rowcount == 1 else None


async def enqueue(connection: AsyncConnection, log: int, leaves: Sequence[Leaf], now: str) -> None:
    """Put accepted leaves in line, in the given order."""
    if leaves:
        await connection.execute(
            insert(log_queue),
            [
                {
                    "log": log,
                    "slot": leaf.slot,
                    "digest": leaf.digest,
                    "single": leaf.single,
                    "accepted_at": now,
                }
                for leaf in leaves
            ],
        )


async def waiting(connection: AsyncConnection, log: int, limit: int) -> list[Queued]:
    """The first leaves in line."""
    rows = await connection.execute(
        select(log_queue.c.position, log_queue.c.slot, log_queue.c.digest, log_queue.c.single)
        .where(log_queue.c.log == log)
        .order_by(log_queue.c.position)
        .limit(limit)
    )
    return [Queued(row[0], Leaf(row[1], row[2], row[3])) for row in rows]


async def queue_length(connection: AsyncConnection) -> int:
    """How many accepted leaves wait for their index."""
    return int((await connection.execute(select(func.count()).select_from(log_queue))).scalar_one())


async def empty_queue(connection: AsyncConnection, log: int) -> None:
    """What waits for a log that stays frozen waits no more."""
    await connection.execute(delete(log_queue).where(log_queue.c.log == log))


async def other_logs(connection: AsyncConnection, log: int) -> list[RowMapping]:
    """The earlier logs of this backend."""
    return list((await connection.execute(select(logs).where(logs.c.id != log))).mappings())


async def taken_slots(connection: AsyncConnection, log: int, slots: Sequence[bytes]) -> set[bytes]:
    """Those of the slots that already have their one leaf."""
    taken: set[bytes] = set()
    for start in range(0, len(slots), _CHUNK):
        rows = await connection.execute(
            select(log_leaves.c.slot).where(
                log_leaves.c.log == log,
                log_leaves.c.single,
                log_leaves.c.slot.in_(slots[start : start + _CHUNK]),
            )
        )
        taken.update(rows.scalars())
    return taken


async def append_leaves(
    connection: AsyncConnection,
    log: int,
    *,
    start: int,
    leaves: Sequence[Leaf],
    nodes: dict[Node, bytes],
    root: bytes,
    epoch: int,
    now: str,
) -> bool:
    """Write leaves, nodes and checkpoint; False when size or lease are no longer what they were."""
    size = start + len(leaves)
    result = await connection.execute(
        update(logs)
        .where(logs.c.id == log, logs.c.size == start, logs.c.lease_epoch == epoch, logs.c.frozen.is_(None))
        .values(size=size)
    )
    if result.rowcount != 1:
        return False
    await connection.execute(
        insert(log_leaves),
        [
            {
                "log": log,
                "idx": start + offset,
                "slot": leaf.slot,
                "digest": leaf.digest,
                "single": leaf.single,
            }
            for offset, leaf in enumerate(leaves)
        ],
    )
    await connection.execute(
        insert(log_nodes),
        [{"log": log, "level": level, "idx": idx, "hash": value} for (level, idx), value in nodes.items()],
    )
    await connection.execute(insert(checkpoints), {"log": log, "size": size, "root": root, "at": now})
    return True


async def leave_queue(connection: AsyncConnection, log: int, last: int) -> None:
    """Forget what stood in line up to a position."""
    await connection.execute(delete(log_queue).where(log_queue.c.log == log, log_queue.c.position <= last))


async def fetch_nodes(connection: AsyncConnection, log: int, wanted: Iterable[Node]) -> dict[Node, bytes]:
    """The stored roots of subtrees."""
    found: dict[Node, bytes] = {}
    listed = list(wanted)
    for start in range(0, len(listed), _CHUNK):
        rows = await connection.execute(
            select(log_nodes.c.level, log_nodes.c.idx, log_nodes.c.hash).where(
                log_nodes.c.log == log,
                tuple_(log_nodes.c.level, log_nodes.c.idx).in_(listed[start : start + _CHUNK]),
            )
        )
        found.update({(row[0], row[1]): row[2] for row in rows})
    return found


async def latest_checkpoint(connection: AsyncConnection, log: int) -> tuple[int, bytes] | None:
    """Size and root of the newest committed checkpoint."""
    row = (
        await connection.execute(
            select(checkpoints.c.size, checkpoints.c.root)
            .where(checkpoints.c.log == log)
            .order_by(checkpoints.c.size.desc())
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else (int(row[0]), bytes(row[1]))


async def end_of_log(connection: AsyncConnection, log: int) -> tuple[int, int]:
    """The size that the log's row gives, and the one that its leaves end with: the same in a sound database."""
    size = (await connection.execute(select(logs.c.size).where(logs.c.id == log))).scalar_one()
    last = (
        await connection.execute(select(func.max(log_leaves.c.idx)).where(log_leaves.c.log == log))
    ).scalar_one()
    return int(size), 0 if last is None else int(last) + 1


async def checkpoint_of_size(connection: AsyncConnection, log: int, size: int) -> bytes | None:
    """The root of a committed checkpoint of exactly that size."""
    query = select(checkpoints.c.root).where(checkpoints.c.log == log, checkpoints.c.size == size)
    return (await connection.execute(query)).scalar_one_or_none()


async def leaf_indexes(connection: AsyncConnection, log: int, digests: Sequence[bytes]) -> dict[bytes, int]:
    """Where leaves stand, by the digest in them."""
    found: dict[bytes, int] = {}
    for start in range(0, len(digests), _CHUNK):
        rows = await connection.execute(
            select(log_leaves.c.digest, log_leaves.c.idx).where(
                log_leaves.c.log == log, log_leaves.c.digest.in_(digests[start : start + _CHUNK])
            )
        )
        found.update({row[0]: row[1] for row in rows})
    return found


async def positions(connection: AsyncConnection, log: int, digests: Sequence[bytes]) -> dict[bytes, int]:
    """Where leaves stand in line, by the digest in them."""
    found: dict[bytes, int] = {}
    for start in range(0, len(digests), _CHUNK):
        rows = await connection.execute(
            select(log_queue.c.digest, log_queue.c.position).where(
                log_queue.c.log == log, log_queue.c.digest.in_(digests[start : start + _CHUNK])
            )
        )
        found.update({row[0]: row[1] for row in rows})
    return found


async def leaves_between(
    connection: AsyncConnection, log: int, start: int, end: int
) -> list[tuple[bytes, bytes]]:
    """(slot, digest) of the leaves [start, end)."""
    rows = await connection.execute(
        select(log_leaves.c.slot, log_leaves.c.digest)
        .where(log_leaves.c.log == log, log_leaves.c.idx >= start, log_leaves.c.idx < end)
        .order_by(log_leaves.c.idx)
    )
    return [(row[0], row[1]) for row in rows]


async def statements(connection: AsyncConnection, log: int) -> list[bytes]:
    """The LogStatements of a log (their bytes), by number."""
    query = select(log_statements.c.body).where(log_statements.c.log == log).order_by(log_statements.c.number)
    return list((await connection.execute(query)).scalars())


async def add_statement(
    connection: AsyncConnection, log: int, number: int, digest: bytes, body: bytes
) -> None:
    """Keep a LogStatement."""
    await connection.execute(
        insert(log_statements), {"log": log, "number": number, "digest": digest, "body": body}
    )
