"""A contract out of the database, replayed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import orjson
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract import held, homes, repository
from cms_backend.contract.apart import apart
from cms_backend.contract.live import Live
from cms_backend.core.disclosure import Disclosure
from cms_backend.core.document import Document
from cms_backend.core.errors import DocumentError
from cms_backend.core.events import Action, Envelope
from cms_backend.core.ids import Digest, Time
from cms_backend.core.lifecycle import ContractState, Entry, Handover, LoggedKeyEnd, Text, replay
from cms_backend.log.service import OwnLog


class States(NamedTuple):
    """``settled``: what is logged, or promised by this backend's log; what a verifier says of it. None: nothing
    counts yet. ``projected``: with the events that are only held, which is what people go on from.
    """

    settled: ContractState | None
    projected: ContractState


async def load(connection: AsyncConnection, row: RowMapping, log: OwnLog) -> Live:
    """The contract of a row, as the writer keeps it. Raises LifecycleError when no event opens its record."""
    history = await held.read(connection, row, log)
    documents = await texts_apart(history)
    ends = tuple(end.logged for end in history.key_ends)
    undecided = frozenset(Digest(event["digest"]) for event in history.rows if event["undecided"])
    genesis = Digest(row["genesis"])
    states = await apart(
        lambda: replayed(
            history.entries, documents, ends, history.handovers, genesis=genesis, undecided=undecided
        ),
        len(history.entries) + len(ends),
    )
    created = created_of(history.entries, row["genesis"])
    return Live(
        n=row["n"],
        contract=row["id"],
        genesis=row["genesis"],
        home=homes.home_of(states.settled, created, log.vkey),
        own_log=history.own_log,
        created_at=row["created_at"],
        state=states.projected,
        settled=states.settled,
        entries=history.entries,
        documents=documents,
        key_ends=ends,
        undecided=undecided,
        handovers=history.handovers,
        idle=_idle(history.entries, states.projected),
        people=await repository.people_of(connection, row["n"]),
    )


def _idle(entries: Iterable[Entry], projected: ContractState) -> int:
    void = {one.envelope.digest for one in projected.void}
    return sum(one.index is None and one.envelope.digest in void for one in entries) if void else 0


def created_of(entries: Iterable[Entry], genesis: str) -> Envelope | None:
    """The event that opens a record."""
    for entry in entries:
        envelope = entry.envelope
        if envelope.action is Action.created and envelope.statement_digest == genesis:
            return envelope
    return None


def replayed(
    entries: Sequence[Entry],
    documents: Mapping[Digest, Text],
    key_ends: Sequence[LoggedKeyEnd],
    handovers: Sequence[Handover] = (),
    *,
    genesis: Digest,
    undecided: frozenset[Digest] = frozenset(),
) -> States:
    """Both states of a record. Raises LifecycleError when no event opens it.

    ``undecided``: events whose signature nobody here can judge. Held ones do not count in a record that has a log:
    everybody can make one up. Nor does such a `moved` lead a record into its first log.
    """
    now = Time.from_datetime(datetime.now(UTC))

    def state(listed: Sequence[Entry], *, count_held: bool) -> ContractState:
        return replay(
            listed,
            documents,
            now=now,
            key_ends=key_ends,
            handovers=handovers,
            genesis=genesis,
            count_held=count_held,
        )

    ordered = sort_entries(entries)
    settled = state(ordered, count_held=False) if _is_opened(entries, genesis) else None
    placed = all(one.index is not None for one in ordered) and all(end.index is not None for end in key_ends)
    logless = settled is not None and settled.logless
    moves = any(one.envelope.action is Action.moved for one in ordered)
    if settled is not None and (placed or (logless and not moves)):
        return States(settled, settled)
    shown = [
        one
        for one in ordered
        if one.index is not None
        or one.envelope.digest not in undecided
        or (logless and one.envelope.action is not Action.moved)
    ]
    return States(settled, state(shown, count_held=True))


def _is_opened(entries: Sequence[Entry], genesis: Digest) -> bool:
    """Is the event that opens the record there, and logged if it names a log?"""
    return any(
        one.index is not None or one.envelope.details["log"] is None
        for one in entries
        if one.envelope.action is Action.created and one.envelope.statement_digest == genesis
    )


async def texts_apart(history: held.History) -> dict[Digest, Text]:
    """As `texts`, beside the loop when they are long."""
    return await apart(lambda: texts(history), held.pieces(history))


def texts(history: held.History) -> dict[Digest, Text]:
    """The stored documents by root, as far as an event names them."""
    refs = {entry.envelope.document.root: entry.envelope.document for entry in history.entries}
    found: dict[Digest, Text] = {}
    for row in history.documents:
        body, root = orjson.loads(row["body"]), Digest(row["root"])
        if root not in refs:
            continue
        if "content" in body:
            found[root] = Document.from_json(body["content"])
            continue
        try:
            found[root] = Disclosure.from_json(body).check(refs[root])
        except DocumentError:
            continue  # another revision's; the genuine file brings the right one
    return found


def sort_entries(entries: Sequence[Entry]) -> list[Entry]:
    """Logged events in the log's order, then those that are held, in the order of their arrival."""
    last = 2**62
    return sorted(
        entries,
        key=lambda entry: (last, 0) if entry.index is None or entry.log is None else (entry.log, entry.index),
    )
