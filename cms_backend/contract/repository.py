"""All SQL of contracts, but for the register's search."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import RowMapping, and_, bindparam, case, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract.models import (
    attachments,
    contract_key_ends,
    contract_people,
    contracts,
    documents,
    events,
    foreign_logs,
    key_ends,
)
from cms_backend.core.canonical import encode
from cms_backend.core.events import Envelope
from cms_backend.core.ids import Digest

_CHUNK = 500


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


@dataclass(slots=True)
class Changes:
    """The rows of one group of admissions, written with one statement per table."""

    new_contracts: list[dict[str, Any]] = field(default_factory=list)
    contracts: dict[int, dict[str, Any]] = field(default_factory=dict)
    documents: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    #: Of events that were held already: this backend's log takes them in.
    receipts: dict[str, bytes] = field(default_factory=dict)
    people: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    search: dict[int, dict[str, Any]] = field(default_factory=dict)


async def next_number(connection: AsyncConnection) -> int:
    """The number of the next new contract (under the write lock)."""
    return int((await connection.execute(select(func.coalesce(func.max(contracts.c.n), 0)))).scalar_one()) + 1


async def contracts_by_id(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, RowMapping]:
    """The rows of those contracts that exist."""
    found: dict[str, RowMapping] = {}
    for chunk in _chunks(ids):
        rows = await connection.execute(select(contracts).where(contracts.c.id.in_(chunk)))
        found.update({row["id"]: row for row in rows.mappings()})
    return found


async def contract_by_id(connection: AsyncConnection, contract: str) -> RowMapping | None:
    """The row of a contract."""
    return (
        (await connection.execute(select(contracts).where(contracts.c.id == contract)))
        .mappings()
        .one_or_none()
    )


async def contract_by_number(connection: AsyncConnection, n: int) -> RowMapping:
    """The row of a contract that is there."""
    return (await connection.execute(select(contracts).where(contracts.c.n == n))).mappings().one()


async def add_shell(connection: AsyncConnection, n: int, contract: str, genesis: str, now: str) -> None:
    """An empty row for a contract whose events are written next, in the same transaction."""
    empty = {
        "home": "elsewhere",
        "owner": "",
        "title": "",
        "sort_title": "",
        "revision": 0,
        "closed_status": "draft",
        "pending": False,
        "in_force": False,
        "parties": b"[]",
        "awaited": b"[]",
        "events": 0,
    }
    row = {"n": n, "id": contract, "genesis": genesis, "created_at": now, "updated_at": now, **empty}
    await connection.execute(insert(contracts), row)


async def set_genesis(connection: AsyncConnection, n: int, genesis: str) -> None:
    """The name of a record, where a file had brought another that no event opens."""
    await connection.execute(update(contracts).where(contracts.c.n == n).values(genesis=genesis))


async def own_log_of(connection: AsyncConnection, n: int) -> int | None:
    """Which of the contract's logs is this backend's."""
    query = select(contracts.c.own_log).where(contracts.c.n == n)
    found = (await connection.execute(query)).scalar_one()
    return None if found is None else int(found)


async def set_own_log(connection: AsyncConnection, n: int, ordinal: int) -> None:
    """Note which of the contract's logs is this backend's."""
    await connection.execute(update(contracts).where(contracts.c.n == n).values(own_log=ordinal))


async def stamp(connection: AsyncConnection, contract: str) -> tuple[Any, ...]:
    """Changes whenever an event of the contract is added."""
    query = (
        select(contracts.c.n, contracts.c.genesis, func.max(events.c.id), func.count(events.c.id))
        .outerjoin(events, events.c.contract == contracts.c.n)
        .where(contracts.c.id == contract)
        .group_by(contracts.c.n)
    )
    row = (await connection.execute(query)).one_or_none()
    return () if row is None else tuple(row)


async def add_events(
    connection: AsyncConnection, n: int, envelopes: Sequence[Envelope], now: str, undecided: Collection[str]
) -> None:
    """Hold events that came by file."""
    for few in _chunks(envelopes):
        rows = [
            {
                "contract": n,
                "digest": one.digest,
                "statement": one.statement_digest,
                "envelope": encode(one.json),
                "accepted_at": now,
                "undecided": one.digest in undecided,
            }
            for one in few
        ]
        await connection.execute(insert(events), rows)


async def take_over(connection: AsyncConnection, n: int, digests: Sequence[str]) -> list[int]:
    """Events that are held under another contract than their own come to it; the numbers of the others."""
    others: set[int] = set()
    for chunk in _chunks(digests):
        wrong = and_(events.c.digest.in_(chunk), events.c.contract != n)
        others.update((await connection.execute(select(events.c.contract).where(wrong))).scalars())
        if others:
            values = {"contract": n, "log": None, "idx": None, "opens": None}
            await connection.execute(update(events).where(wrong).values(values))
    return sorted(others)


async def remove_events(connection: AsyncConnection, n: int, digests: Sequence[str]) -> None:
    """Drop events that a file had brought and that are none of this contract's."""
    for chunk in _chunks(digests):
        await connection.execute(delete(events).where(events.c.contract == n, events.c.digest.in_(chunk)))


async def places_of(connection: AsyncConnection, n: int) -> Sequence[RowMapping]:
    """(digest, log, idx, opens, receipt) of the events of a contract."""
    c = events.c
    query = select(c.digest, c.log, c.idx, c.opens, c.receipt).where(c.contract == n)
    return (await connection.execute(query)).mappings().all()


async def set_receipt(connection: AsyncConnection, digest: str, receipt: bytes) -> None:
    """This backend's log has taken in an event that was only held."""
    await connection.execute(update(events).where(events.c.digest == digest).values(receipt=receipt))


async def envelopes_of_statement(connection: AsyncConnection, n: int, statement: str) -> list[Envelope]:
    """The envelopes of one statement that are held under a contract."""
    query = select(events.c.envelope).where(events.c.contract == n, events.c.statement == statement)
    bodies = (await connection.execute(query)).scalars()
    return [Envelope.from_json(orjson.loads(body)) for body in bodies]


async def replace_documents(connection: AsyncConnection, n: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep exactly these documents of a contract."""
    await connection.execute(delete(documents).where(documents.c.contract == n))
    for few in _chunks(rows):
        await connection.execute(insert(documents), [{"contract": n, **row} for row in few])


async def reads(connection: AsyncConnection, contract: str, did: str) -> bool:
    """Is there such a contract, and was this DID ever a party of it, its owner, or somebody who acted in it? One
    look-up answers both, so that the time it takes does not tell which it is.
    """
    people = contract_people.join(contracts, contracts.c.n == contract_people.c.contract)
    query = select(contract_people.c.did).select_from(people)
    query = query.where(contracts.c.id == contract, contract_people.c.did == did)
    return (await connection.execute(query)).scalar_one_or_none() is not None


async def people_of(connection: AsyncConnection, n: int) -> dict[str, tuple[bool, bool]]:
    """Everyone who may read a contract: DID -> (party of the shown revision, its turn)."""
    c = contract_people.c
    rows = await connection.execute(select(c.did, c.current, c.needed).where(c.contract == n))
    return {row[0]: (row[1], row[2]) for row in rows}


async def readers_of(connection: AsyncConnection, n: int) -> set[str]:
    """Everyone who may read a contract."""
    rows = await connection.execute(select(contract_people.c.did).where(contract_people.c.contract == n))
    return set(rows.scalars())


async def known_statements(connection: AsyncConnection, statements: Sequence[str]) -> dict[str, RowMapping]:
    """Events that are already held, by the digest of their statement; of its envelopes the one with a receipt."""
    found: dict[str, RowMapping] = {}
    query = (
        select(events.c.statement, events.c.digest, events.c.receipt, contracts.c.id)
        .join(contracts, contracts.c.n == events.c.contract)
        .order_by(events.c.receipt.is_not(None), events.c.id.desc())
    )
    for chunk in _chunks(statements):
        rows = await connection.execute(query.where(events.c.statement.in_(chunk)))
        found.update({row["statement"]: row for row in rows.mappings()})
    return found


async def events_of(connection: AsyncConnection, n: int) -> Sequence[RowMapping]:
    """The events of a contract in the order of acceptance."""
    query = select(events).where(events.c.contract == n).order_by(events.c.id)
    return (await connection.execute(query)).mappings().all()


async def documents_of(connection: AsyncConnection, n: int) -> Sequence[RowMapping]:
    """The documents of a contract, by revision."""
    query = (
        select(documents).where(documents.c.contract == n).order_by(documents.c.revision, documents.c.root)
    )
    return (await connection.execute(query)).mappings().all()


async def write(connection: AsyncConnection, changes: Changes) -> None:
    """Write a group's rows."""
    if changes.new_contracts:
        await connection.execute(insert(contracts), changes.new_contracts)
    if changes.contracts:
        await connection.execute(_UPDATE_CONTRACT, list(changes.contracts.values()))
    if changes.documents:
        await connection.execute(
            insert(documents).prefix_with("OR IGNORE", dialect="sqlite"), changes.documents
        )
    if changes.events:
        await connection.execute(insert(events), changes.events)
    for digest, receipt in changes.receipts.items():
        await set_receipt(connection, digest, receipt)
    if changes.people:
        await connection.execute(_FORGET_PEOPLE, [{"of": n} for n in changes.people])
        rows = [row for listed in changes.people.values() for row in listed]
        for few in _chunks(rows):
            await connection.execute(insert(contract_people), few)
    if changes.search:
        await connection.execute(_FORGET_WORDS, [{"n": n} for n in changes.search])
        await connection.execute(_KEEP_WORDS, list(changes.search.values()))


#: The columns of ``contracts`` that an event may change; the others are set once.
CHANGING = tuple(c.name for c in contracts.c if c.name not in ("n", "id", "genesis", "created_at"))
_UPDATE_CONTRACT = (
    update(contracts)
    .where(contracts.c.n == bindparam("of"))
    .values({name: bindparam(f"new_{name}") for name in CHANGING})
)
_FORGET_PEOPLE = delete(contract_people).where(contract_people.c.contract == bindparam("of"))
_FORGET_WORDS = text("DELETE FROM contracts_search WHERE rowid = :n")
_KEEP_WORDS = text(
    "INSERT INTO contracts_search (rowid, title, description, people, terms) "
    "VALUES (:n, :title, :description, :people, :terms)"
)


def update_values(n: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that change a contract's row."""
    return {"of": n, **{f"new_{name}": row[name] for name in CHANGING}}


# --- places in the log ------------------------------------------------------------------------------------

_OWN_LOG = select(contracts.c.own_log).where(contracts.c.n == events.c.contract).scalar_subquery()
#: An event that has its leaf in an earlier log is a `moved`: this one opens the record here.
_OPENS = and_(events.c.idx.is_not(None), events.c.log < _OWN_LOG)
_PLACE_EVENT = (
    update(events)
    .where(events.c.digest == bindparam("of"))
    .values(
        opens=case((_OPENS, bindparam("index")), else_=events.c.opens),
        idx=case((_OPENS, events.c.idx), else_=bindparam("index")),
        log=case((_OPENS, events.c.log), else_=_OWN_LOG),
    )
)
_PLACE_KEY_END = update(key_ends).where(key_ends.c.digest == bindparam("of")).values(idx=bindparam("index"))


async def place(connection: AsyncConnection, placed: Sequence[tuple[str, int]]) -> None:
    """Note where this backend's log holds events and KeyEnds (digest, index)."""
    parameters = [{"of": digest, "index": index} for digest, index in placed]
    await connection.execute(_PLACE_EVENT, parameters)
    open_ends = await connection.execute(select(key_ends.c.digest).where(key_ends.c.idx.is_(None)))
    ends = set(open_ends.scalars())
    listed = [one for one in parameters if one["of"] in ends]
    if listed:
        await connection.execute(_PLACE_KEY_END, listed)


async def contracts_of_events(connection: AsyncConnection, digests: Sequence[str]) -> Sequence[RowMapping]:
    """(id, n, digest) for events."""
    found: list[RowMapping] = []
    query = select(contracts.c.id, contracts.c.n, events.c.digest).join(
        events, events.c.contract == contracts.c.n
    )
    for chunk in _chunks(digests):
        found.extend((await connection.execute(query.where(events.c.digest.in_(chunk)))).mappings())
    return found


async def counts_of(
    connection: AsyncConnection, numbers: Sequence[int], anchored: int
) -> dict[int, tuple[int, int]]:
    """For each contract how many events are logged, and how many of them below ``anchored`` in
    the own log.
    """
    if not numbers:
        return {}
    rows = await connection.execute(
        select(
            events.c.contract,
            func.count(events.c.idx),
            func.count().filter(events.c.idx < anchored, events.c.log == contracts.c.own_log),
        )
        .join(contracts, contracts.c.n == events.c.contract)
        .where(events.c.contract.in_(numbers))
        .group_by(events.c.contract)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


# --- what comes with files --------------------------------------------------------------------------------


async def attachments_of(connection: AsyncConnection, n: int) -> dict[str, bytes]:
    """The attachments that are held of a contract, by SHA-256."""
    rows = await connection.execute(
        select(attachments.c.sha256, attachments.c.data).where(attachments.c.contract == n)
    )
    return {row[0]: row[1] for row in rows}


async def replace_attachments(connection: AsyncConnection, n: int, files: Mapping[Digest, bytes]) -> None:
    """Keep exactly these attachments of a contract."""
    held = select(attachments.c.sha256).where(attachments.c.contract == n)
    known = set((await connection.execute(held)).scalars())
    for digest in known - files.keys():
        await connection.execute(
            delete(attachments).where(attachments.c.contract == n, attachments.c.sha256 == digest)
        )
    rows = [
        {"contract": n, "sha256": digest, "data": data}
        for digest, data in files.items()
        if digest not in known
    ]
    if rows:
        await connection.execute(insert(attachments), rows)


async def foreign_logs_of(connection: AsyncConnection, n: int) -> Sequence[RowMapping]:
    """What is kept of other backends' logs for a contract, in the order of the contract's logs."""
    query = select(foreign_logs).where(foreign_logs.c.contract == n).order_by(foreign_logs.c.ordinal)
    return (await connection.execute(query)).mappings().all()


async def keep_foreign_logs(connection: AsyncConnection, n: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replace what is kept of other backends' logs for a contract."""
    await connection.execute(delete(foreign_logs).where(foreign_logs.c.contract == n))
    if rows:
        await connection.execute(insert(foreign_logs), [dict(row) for row in rows])


async def place_all(connection: AsyncConnection, placed: Sequence[Mapping[str, Any]]) -> None:
    """Note where logs hold events: ``{of: digest, log, index, opens}``."""
    for few in _chunks(placed):
        await connection.execute(
            update(events)
            .where(events.c.digest == bindparam("of"))
            .values(log=bindparam("log"), idx=bindparam("index"), opens=bindparam("opens")),
            [dict(row) for row in few],
        )


# --- ended keys -------------------------------------------------------------------------------------------


async def key_ends_by_statement(connection: AsyncConnection, statement: str) -> Sequence[RowMapping]:
    """The envelopes of a KeyEnd that are already held, those with a receipt first."""
    query = (
        select(key_ends)
        .where(key_ends.c.statement == statement)
        .order_by(key_ends.c.receipt.is_(None), key_ends.c.id)
    )
    return (await connection.execute(query)).mappings().all()


async def key_end_by_digest(connection: AsyncConnection, digest: str) -> RowMapping | None:
    """A KeyEnd that is already held."""
    query = select(key_ends).where(key_ends.c.digest == digest)
    return (await connection.execute(query)).mappings().one_or_none()


async def promise_key_end(connection: AsyncConnection, number: int, receipt: bytes) -> None:
    """This backend's log has taken in a KeyEnd that was only held."""
    await connection.execute(
        update(key_ends).where(key_ends.c.id == number).values(receipt=receipt, undecided=False)
    )


async def key_ends_for(connection: AsyncConnection, keys: Sequence[str]) -> Sequence[RowMapping]:
    """The KeyEnds of these keys, in the order of acceptance."""
    found: list[RowMapping] = []
    for chunk in _chunks(keys):
        query = select(key_ends).where(key_ends.c.key.in_(chunk)).order_by(key_ends.c.id)
        found.extend((await connection.execute(query)).mappings())
    return found


async def contracts_pinning(connection: AsyncConnection, key: str) -> list[int]:
    """Contracts whose documents hold the text of a key (rare: a scan, for ended keys that another key speaks for)."""
    query = select(documents.c.contract).where(func.instr(documents.c.body, key.encode()) > 0).distinct()
    return list((await connection.execute(query)).scalars())


async def add_key_end(connection: AsyncConnection, row: Mapping[str, Any]) -> int:
    """Keep a KeyEnd; its number."""
    result = await connection.execute(insert(key_ends), dict(row))
    (number,) = result.inserted_primary_key or (0,)
    return int(number)


async def replace_key_end_links(
    connection: AsyncConnection, n: int, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Note which KeyEnds other backends' logs hold, where these are the contract's."""
    await connection.execute(delete(contract_key_ends).where(contract_key_ends.c.contract == n))
    if rows:
        await connection.execute(insert(contract_key_ends), [dict(row) for row in rows])


async def foreign_key_end_places(
    connection: AsyncConnection, n: int
) -> dict[int, tuple[int | None, int | None]]:
    """Where another backend's log holds KeyEnds, for a contract."""
    query = select(contract_key_ends).where(contract_key_ends.c.contract == n)
    rows = (await connection.execute(query)).mappings()
    return {row["key_end"]: (row["log"], row["idx"]) for row in rows}
