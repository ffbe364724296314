"""Steps 2 to 4 of admitting a group of verified events, inside the writer's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract import held, homes, repository, rows
from cms_backend.contract.admission import Admission
from cms_backend.contract.live import Live, LiveContracts
from cms_backend.contract.loading import States, load, replayed
from cms_backend.contract.outcome import LOG_WITHIN, Outcome
from cms_backend.contract.reading import unknown
from cms_backend.contract.receipts import ReceiptWriter
from cms_backend.core.canonical import encode
from cms_backend.core.errors import CmsError, LifecycleError, SlotTaken
from cms_backend.core.events import Action, Envelope
from cms_backend.core.ids import Did, Digest, Time
from cms_backend.core.lifecycle import ContractState, Entry, LoggedKeyEnd, Text, admit_check, advance
from cms_backend.core.slots import slot_of
from cms_backend.core.statements import KeyEnd
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
    broken: set[str] = field(default_factory=set)
    #: Digests of events that are held already.
    stored: set[str] = field(default_factory=set)
    #: Ends of keys that the texts which come in pin, by the digest of the event that brings the text.
    ended: Mapping[Digest, Sequence[tuple[KeyEnd, int]]] = field(default_factory=dict)

    def ends(
        self, envelope: Envelope, log: int | None, known: Sequence[LoggedKeyEnd]
    ) -> tuple[LoggedKeyEnd, ...]:
        """The known ends of keys, and those of the text that an event brings; ``log``: our place among its logs."""
        if log is None or envelope.digest not in self.ended:
            return tuple(known)
        there = {one.key_end.digest for one in known}
        new = (
            LoggedKeyEnd(end, log, index)
            for end, index in self.ended[envelope.digest]
            if end.digest not in there
        )
        return (*known, *new)


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
        broken = await self._load(connection, items)
        group = _Group(
            Time.from_datetime(moment),
            Time.from_datetime(moment + LOG_WITHIN),
            await repository.next_number(connection)
            if any(one.envelope.sequence == 0 for one in items)
            else 0,
            broken=broken,
            ended=await held.ended_in(
                connection,
                {one.envelope.digest: one.document.document for one in items if one.document is not None},
                self._log,
            ),
        )
        for row in known.values():
            group.stored.add(row["digest"])
            group.done[row["statement"]] = Outcome(
                row["id"], row["digest"], row["receipt"], held=row["receipt"] is None, new=False
            )
        results: list[Outcome | CmsError] = []
        for item in items:
            earlier = group.done.get(item.envelope.statement_digest)
            if earlier is not None and not self._belongs_in_line(earlier, item):
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

    def _belongs_in_line(self, earlier: Outcome, item: Admission) -> bool:
        """Is it only held, of a record that is at home here by now?"""
        live = self._live.get(item.contract)
        return earlier.held and live is not None and live.home == "here"

    def forget(self, items: Sequence[Admission]) -> None:
        """The transaction of these did not happen."""
        self._live.forget({item.contract for item in items})

    async def _load(self, connection: AsyncConnection, items: Sequence[Admission]) -> set[str]:
        """Bring the contracts into memory; those that no event opens cannot go on."""
        missing = {item.contract for item in items if self._live.get(item.contract) is None}
        broken = set()
        for row in (await repository.contracts_by_id(connection, sorted(missing))).values():
            try:
                self._live.put(await load(connection, row, self._log))
            except LifecycleError:
                broken.add(row["id"])
        return broken

    # --- one event ----------------------------------------------------------------------------------------

    def _admit(self, group: _Group, item: Admission) -> Outcome:
        envelope = item.envelope
        live = self._live.get(envelope.contract)
        if envelope.action is Action.created:
            # First what is wrong with it by itself: that says nothing of what is here.
            admit_check(None, envelope, item.document, now=group.now)
            if live is not None:
                raise SlotTaken(
                    "The record of this contract is open already.",
                    remedy="Read it, and build on what it holds.",
                )
            self._check_whole(group, envelope)
            return self._open(group, item)
        self._check_whole(group, envelope)
        if live is None:
            raise unknown(envelope.contract)
        return self._go_on(group, live, item)

    def _check_whole(self, group: _Group, envelope: Envelope) -> None:
        if envelope.contract in group.broken:
            raise LifecycleError(
                "Nothing that is held opens the record of this contract.",
                remedy="Take its evidence file in.",
            )

    def _open(self, group: _Group, item: Admission) -> Outcome:
        envelope = item.envelope
        log = envelope.details["log"]
        here = log is not None and log["vkey"] == self._log.vkey
        if here:
            self._log.check_open()
        elif log is not None:
            self._log.check_left(log["vkey"])
        documents = _with_document({}, item)
        entry = Entry(envelope, 0, held.PROMISED) if here else Entry(envelope, None, None)
        ends = group.ends(envelope, 0 if here else None, ())
        states = replayed([entry], documents, ends, genesis=envelope.statement_digest)
        live = Live(
            n=group.next_n,
            contract=envelope.contract,
            genesis=envelope.statement_digest,
            home=homes.home_of(states.settled, envelope, self._log.vkey),
            own_log=0 if here else None,
            created_at=group.now,
            state=states.projected,
            settled=states.settled,
            entries=[entry],
            documents=documents,
            key_ends=ends,
        )
        group.next_n += 1
        return self._record(group, live, item, opened=True, leaf=here)

    def _go_on(self, group: _Group, live: Live, item: Admission) -> Outcome:
        envelope = item.envelope
        leaf = live.home == "here" or (live.home == "none" and self._leads_here(envelope))
        if leaf:
            self._log.check_open()
        elif live.home == "elsewhere":
            self._log.check_left(homes.log_now(live.settled, live.entries[0].envelope) or "")
        documents = _with_document(live.documents, item)
        # What this log takes in is judged by what it holds; what is only held goes on from all that is.
        base = live.settled if live.home == "here" and live.settled is not None else live.state
        admit_check(base, envelope, documents.get(envelope.document.root), now=group.now)
        own_log = (0 if live.own_log is None else live.own_log) if leaf else live.own_log
        entry = (
            Entry(envelope, own_log, held.PROMISED + 2**51 + len(live.entries))
            if leaf
            else Entry(envelope, None, None)
        )
        before = live.entries
        if envelope.digest in group.stored:  # it was only held
            before = [one for one in before if one.envelope.digest != envelope.digest]
        entries = [*before, entry]
        ends = group.ends(envelope, own_log, live.key_ends)
        fresh = len(ends) > len(live.key_ends)
        live = replace(live, key_ends=ends)
        states = self._advanced(live, entry, entries, documents, now=group.now, anew=fresh)
        changed = replace(
            live,
            home=homes.home_of(states.settled, entries[0].envelope, self._log.vkey),
            own_log=own_log,
            state=states.projected,
            settled=states.settled,
            entries=entries,
            documents=documents,
        )
        return self._record(group, changed, item, opened=False, leaf=leaf)

    def _leads_here(self, envelope: Envelope) -> bool:
        """Is it a `moved` into this backend's log?"""
        log = envelope.details["log"] if envelope.action is Action.moved else None
        return log is not None and log["vkey"] == self._log.vkey

    def _advanced(
        self,
        live: Live,
        entry: Entry,
        entries: list[Entry],
        documents: dict[Digest, Text],
        *,
        now: Time,
        anew: bool,
    ) -> States:
        """The states after one more event: one step, but where it may change how the others are judged."""
        same = live.settled is live.state
        if anew or entry.envelope.action is Action.moved or (entry.index is not None and not same):
            return replayed(
                entries,
                documents,
                live.key_ends,
                live.handovers,
                genesis=Digest(live.genesis),
                undecided=live.undecided,
            )
        state = advance(live.state, entry, documents, now=now)
        return States(state if same else live.settled, state)

    def _record(self, group: _Group, live: Live, item: Admission, *, opened: bool, leaf: bool) -> Outcome:
        envelope = item.envelope
        proof = self._receipt(group, live, envelope) if leaf else None
        self._rows(group, live, item, opened=opened)
        if envelope.digest in group.stored and proof is not None:
            group.changes.receipts[envelope.digest] = proof
        else:
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
        seen = rows.shown(live.settled, live.state, newest_document(live))
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


async def refresh(connection: AsyncConnection, n: int, log: OwnLog, changed_at: Time | None) -> Live:
    """Bring the row of a contract in line with its events, after some came by file. Raises LifecycleError."""
    stored = await repository.contract_by_number(connection, n)
    live = await load(connection, stored, log)
    seen = rows.shown(live.settled, live.state, newest_document(live))
    live.people = {}  # whoever was let in by what does not count is out again
    live.people = people_now(live, seen, readers(live.state))
    changes = repository.Changes()
    row = contract_row(live, seen, changed_at or stored["updated_at"])
    changes.contracts[n] = repository.update_values(n, row)
    changes.people[n] = people_rows(live)
    changes.search[n] = search_row(n, seen)
    await repository.write(connection, changes)
    return live


def readers(state: ContractState) -> set[Did]:
    """Who acted in events that count, and every party of a text that did."""
    found = {one.actor for one in (*state.spine, *state.notes)}
    for proposal in state.proposals:
        found |= {one.actor for one in proposal.decisions.values()}
        found |= {party.did for party in (() if proposal.document is None else proposal.document.parties)}
    opened = state.documents.get(state.spine[0].document.root)
    return found | {party.did for party in (() if opened is None else opened.parties)}


def contract_row(live: Live, seen: rows.Shown, now: str) -> dict[str, Any]:
    """The columns of a contract's row."""
    return {
        "n": live.n,
        "id": live.contract,
        "genesis": live.genesis,
        "home": live.home,
        "own_log": live.own_log,
        "events": len(live.entries) - live.idle,
        "created_at": live.created_at,
        "updated_at": now,
        **seen.columns,
    }


def search_row(n: int, seen: rows.Shown) -> dict[str, Any]:
    """What the text search knows of a contract."""
    return {
        "n": n,
        "title": seen.title,
        "description": seen.description,
        "people": seen.people,
        "terms": seen.terms,
    }


def people_now(live: Live, seen: rows.Shown, actors: set[Did]) -> dict[str, tuple[bool, bool]]:
    """Who may read: everyone before, the owner, who acted by what counts, and the parties of the newest revision."""
    people: dict[str, tuple[bool, bool]] = dict.fromkeys(live.people, (False, False))
    people.update(dict.fromkeys((live.state.owner, *actors), (False, False)))
    people.update({did: (True, needed) for did, needed in seen.current.items()})
    return people


def _with_document(documents: dict[Digest, Text], item: Admission) -> dict[Digest, Text]:
    if item.document is None:
        return documents
    return {**documents, item.document.ref.root: item.document.document}


def newest_document(live: Live) -> Text | None:
    """The text of the highest revision that counts and is held; None when a file brought none."""
    roots = (live.state.highest.root, *(one.document.root for one in reversed(live.state.spine)))
    return next((live.documents[root] for root in roots if root in live.documents), None)


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
