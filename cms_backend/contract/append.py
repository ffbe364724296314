"""Steps 2 to 4 of admitting a group of verified events, inside the writer's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract import homes, repository, rows
from cms_backend.contract.admission import Admission
from cms_backend.contract.live import Live, LiveContracts
from cms_backend.contract.loading import load
from cms_backend.contract.outcome import LOG_WITHIN, Outcome
from cms_backend.contract.receipts import ReceiptWriter
from cms_backend.core.canonical import encode
from cms_backend.core.errors import CmsError, SlotTaken
from cms_backend.core.events import Action, Envelope
from cms_backend.core.ids import Did, Digest, Time
from cms_backend.core.lifecycle import Entry, Text, admit_check, advance, replay
from cms_backend.core.slots import slot_of
from cms_backend.http.problems import NotFound
from cms_backend.log import repository as log_repository
from cms_backend.log.repository import Leaf
from cms_backend.log.service import OwnLog


@dataclass(slots=True)
class _Group:
    now: Time
    log_by: Time
    next_n: int
    changes: repository.Changes = field(default_factory=repository.Changes)
    new_rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    leaves: list[Leaf] = field(default_factory=list)
    done: dict[str, Outcome] = field(default_factory=dict)


class Appender:
    """Admits groups; the only code that adds events."""

    def __init__(self, log: OwnLog, live: LiveContracts) -> None:
        self._log = log
        self._live = live
        self._receipts = ReceiptWriter(log.operator, log.origin)

    async def append(
        self, connection: AsyncConnection, items: Sequence[Admission]
    ) -> list[Outcome | CmsError]:
        """Admit each event in turn; an Outcome or the refusal for each."""
        moment = datetime.now(UTC)
        known = await repository.known_statements(
            connection, [one.envelope.statement_digest for one in items]
        )
        await self._load(connection, items)
        group = _Group(
            Time.from_datetime(moment),
            Time.from_datetime(moment + LOG_WITHIN),
            await repository.next_number(connection)
            if any(one.envelope.sequence == 0 for one in items)
            else 0,
        )
        for row in known.values():
            group.done[row["statement"]] = Outcome(
                row["id"], row["digest"], row["receipt"], held=row["receipt"] is None, new=False
            )
        results: list[Outcome | CmsError] = []
        for item in items:
            earlier = group.done.get(item.envelope.statement_digest)
            if earlier is not None:
                results.append(
                    Outcome(earlier.contract, earlier.digest, earlier.receipt, earlier.held, new=False)
                )
                continue
            try:
                outcome = self._admit(group, item)
            except CmsError as error:
                results.append(error)
            else:
                group.done[item.envelope.statement_digest] = outcome
                results.append(outcome)
        group.changes.new_contracts = list(group.new_rows.values())
        await repository.write(connection, group.changes)
        await log_repository.enqueue(connection, self._log.id, group.leaves, group.now)
        self._live.trim()
        return results

    def forget(self, items: Sequence[Admission]) -> None:
        """The transaction of these did not happen."""
        self._live.forget({item.contract for item in items})

    async def _load(self, connection: AsyncConnection, items: Sequence[Admission]) -> None:
        missing = {item.contract for item in items if self._live.get(item.contract) is None}
        for row in (await repository.contracts_by_id(connection, sorted(missing))).values():
            self._live.put(await load(connection, row, self._log.vkey))

    # --- one event ----------------------------------------------------------------------------------------

    def _admit(self, group: _Group, item: Admission) -> Outcome:
        envelope = item.envelope
        live = self._live.get(envelope.contract)
        if envelope.action is Action.created:
            if live is not None:
                raise SlotTaken(
                    "The record of this contract is open already.",
                    remedy="Read it, and build on what it holds.",
                )
            return self._open(group, item)
        if live is None:
            raise NotFound(
                f"There is no contract {envelope.contract} here.",
                remedy="Send its created event first, or take its evidence file in.",
            )
        return self._go_on(group, live, item)

    def _open(self, group: _Group, item: Admission) -> Outcome:
        envelope = item.envelope
        home = homes.home_of([envelope], self._log.vkey)
        if home.name == "here":
            self._log.check_open()
        documents = _with_document({}, item)
        admit_check(None, envelope, item.document, now=group.now)
        entries = [Entry(envelope, None, None)]
        state = replay(entries, documents, now=group.now)
        live = Live(
            n=group.next_n,
            contract=envelope.contract,
            genesis=envelope.statement_digest,
            home=home.name,
            own_log=home.own_log,
            created_at=group.now,
            state=state,
            entries=entries,
            documents=documents,
        )
        group.next_n += 1
        return self._record(group, live, item, opened=True)

    def _go_on(self, group: _Group, live: Live, item: Admission) -> Outcome:
        envelope = item.envelope
        home = homes.home_of([*live.state.spine, envelope], self._log.vkey)
        if home.name == "here":
            self._log.check_open()
        documents = _with_document(live.documents, item)
        admit_check(live.state, envelope, documents.get(envelope.document.root), now=group.now)
        entries = [*live.entries, Entry(envelope, None, None)]
        if envelope.action is Action.moved:
            # The rules themselves may change with the log: the whole history is judged again.
            state = replay(entries, documents, now=group.now, key_ends=live.key_ends)
        else:
            state = advance(live.state, entries[-1], documents, now=group.now)
        changed = Live(
            n=live.n,
            contract=live.contract,
            genesis=live.genesis,
            home=home.name,
            own_log=home.own_log,
            created_at=live.created_at,
            state=state,
            entries=entries,
            documents=documents,
            key_ends=live.key_ends,
            people=live.people,
        )
        return self._record(group, changed, item, opened=False)

    def _record(self, group: _Group, live: Live, item: Admission, *, opened: bool) -> Outcome:
        envelope = item.envelope
        proof = self._receipt(group, live, envelope) if live.home == "here" else None
        self._rows(group, live, item, opened=opened)
        group.changes.events.append(
            {
                "contract": live.n,
                "digest": envelope.digest,
                "statement": envelope.statement_digest,
                "envelope": encode(envelope.json),
                "accepted_at": group.now,
                "receipt": proof,
            }
        )
        self._live.put(live)
        return Outcome(live.contract, envelope.digest, proof, held=proof is None, new=True)

    def _receipt(self, group: _Group, live: Live, envelope: Envelope) -> bytes:
        slot = slot_of(envelope, live.genesis)
        if slot is None:
            raise SlotTaken("The event has no place in the log: its actor is no party.")
        group.leaves.append(Leaf(slot.raw, envelope.digest.raw))
        return self._receipts.write(
            envelope=envelope.digest, slot=slot, received_at=group.now, log_by=group.log_by
        )

    def _rows(self, group: _Group, live: Live, item: Admission, *, opened: bool) -> None:
        seen = rows.shown(live.state, newest_document(live))
        row = contract_row(live, seen, group.now)
        if opened or live.n in group.new_rows:
            group.new_rows[live.n] = row
        else:
            group.changes.contracts[live.n] = repository.update_values(live.n, row)
        if item.document is not None:
            group.changes.documents.append(document_row(live.n, item))
            group.changes.search[live.n] = search_row(live.n, seen)
        people = people_now(live, seen, {item.envelope.actor})
        if people != live.people:
            live.people = people
            group.changes.people[live.n] = people_rows(live)


async def refresh(connection: AsyncConnection, n: int, own_vkey: str, changed_at: Time | None) -> Live:
    """Bring the row of a contract in line with its events, after some came by file."""
    stored = await repository.contract_by_number(connection, n)
    live = await load(connection, stored, own_vkey)
    seen = rows.shown(live.state, newest_document(live))
    live.people = people_now(live, seen, {entry.envelope.actor for entry in live.entries})
    changes = repository.Changes()
    row = contract_row(live, seen, changed_at or stored["updated_at"])
    changes.contracts[n] = repository.update_values(n, row)
    changes.people[n] = people_rows(live)
    changes.search[n] = search_row(n, seen)
    await repository.write(connection, changes)
    return live


def contract_row(live: Live, seen: rows.Shown, now: str) -> dict[str, Any]:
    """The columns of a contract's row."""
    return {
        "n": live.n,
        "id": live.contract,
        "genesis": live.genesis,
        "home": live.home,
        "own_log": live.own_log,
        "events": len(live.entries),
        "created_at": live.created_at,
        "updated_at": now,
        **seen.columns,
    }


def search_row(n: int, seen: rows.Shown) -> dict[str, Any]:
    """What the text search knows of a contract."""
    return {"n": n, "title": seen.title, "description": seen.description, "people": seen.people}


def people_now(live: Live, seen: rows.Shown, actors: set[Did]) -> dict[str, tuple[bool, bool]]:
    """Who may read: everyone before, the owner, who acted, and the parties of the newest revision."""
    people: dict[str, tuple[bool, bool]] = dict.fromkeys(live.people, (False, False))
    people.update(dict.fromkeys((live.state.owner, *actors), (False, False)))
    people.update({did: (True, needed) for did, needed in seen.current.items()})
    return people


def _with_document(documents: dict[Digest, Text], item: Admission) -> dict[Digest, Text]:
    if item.document is None:
        return documents
    return {**documents, item.document.ref.root: item.document.document}


def newest_document(live: Live) -> Text | None:
    """The text of the highest revision that is held; None when a file brought none."""
    highest = live.documents.get(live.state.highest.root)
    if highest is not None:
        return highest
    return max(live.documents.values(), key=lambda one: one.revision, default=None)


def document_row(n: int, item: Admission) -> dict[str, Any]:
    """The row that keeps an event's document."""
    assert item.document is not None  # noqa: S101  # the caller has looked
    ref = item.document.ref
    return {
        "contract": n,
        "root": ref.root,
        "revision": ref.revision,
        "body": encode(item.document.to_json()),
    }


def people_rows(live: Live) -> list[dict[str, Any]]:
    """The rows of a contract's readers."""
    return [
        {"contract": live.n, "did": did, "current": current, "needed": needed}
        for did, (current, needed) in live.people.items()
    ]
