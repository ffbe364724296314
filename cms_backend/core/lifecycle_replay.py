"""Replay: the state of a contract from its events (section 3).

With a log: logged events in (log, index) order, KeyEnds among them; then those that are held, in the order
given, which is the projection that an app shows and a server admits on. Without a log: any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from cms_backend.core.errors import LifecycleError
from cms_backend.core.events import Action, Envelope, Kind
from cms_backend.core.ids import Digest, Time
from cms_backend.core.lifecycle_fork import replay_tree
from cms_backend.core.lifecycle_machine import Machine
from cms_backend.core.lifecycle_rules import judge, judge_created
from cms_backend.core.lifecycle_state import ContractState, Entry, LoggedKeyEnd, Text, Void
from cms_backend.core.statements import KeyEnd

_HELD: Final = 2**120


def replay(
    entries: Sequence[Entry],
    documents: Mapping[Digest, Text],
    *,
    now: Time,
    key_ends: Iterable[KeyEnd | LoggedKeyEnd] = (),
    logless: bool = False,
    genesis: Digest | None = None,
    count_held: bool = True,
) -> ContractState:
    """The state of one contract.

    `documents` by root. `genesis` chooses the `created` event where there are several. A verifier sets
    `count_held` to False: events without a leaf then have no effect. LifecycleError without a `created` event
    that counts.
    """
    ends = [one if isinstance(one, LoggedKeyEnd) else LoggedKeyEnd(one, None, None) for one in key_ends]
    created = _created(entries, genesis)
    machine = Machine(created.envelope, documents, logless=logless)
    machine.know(entry.envelope for entry in entries)
    machine.meet(created)
    machine.apply(created.envelope)
    if logless:
        machine = replay_tree(machine, [entry.envelope for entry in entries])
        for end in ends:
            machine.end_key(end.key_end, logged=False)
        return machine.freeze(now)
    rest = [entry for entry in entries if entry.envelope.statement_digest != machine.genesis]
    if created.envelope.details["log"] is None:
        machine, rest = _moved_into_log(machine, rest)
    if not count_held:
        rest = [entry for entry in rest if entry.index is not None]
        ends = [end for end in ends if end.index is not None]
    _in_order(machine, rest, ends)
    return machine.freeze(now)


def advance(
    state: ContractState,
    entry: Entry,
    documents: Mapping[Digest, Text] | None = None,
    *,
    now: Time,
) -> ContractState:
    """The state after one more event, which comes last. `documents`, when given, replaces those of the state.

    For contracts without a log only when the event was admitted on this very state; merged histories are
    replayed as a whole.
    """
    machine = Machine.of(state, documents)
    machine.know([entry.envelope])
    _step(machine, entry)
    return machine.freeze(now)


def advance_key_end(state: ContractState, end: KeyEnd, *, now: Time) -> ContractState:
    """The state after one more KeyEnd, which comes last."""
    machine = Machine.of(state)
    machine.end_key(end, logged=not state.logless)
    return machine.freeze(now)


def _created(entries: Sequence[Entry], genesis: Digest | None) -> Entry:
    first = [
        entry
        for entry in entries
        if entry.envelope.action is Action.created
        and genesis in (None, entry.envelope.statement_digest)
        and judge_created(entry.envelope) is None
    ]
    if not first:
        raise LifecycleError("The event that opens the record is missing, or does not count.")
    return min(first, key=_place)


def _place(entry: Entry | LoggedKeyEnd) -> int:
    # (log, index) in one integer, an index having 53 bits: long records are sorted by it, and pairs compare slowly.
    if entry.log is None or entry.index is None:
        return _HELD
    return entry.log << 53 | entry.index


def _in_order(machine: Machine, entries: Iterable[Entry], ends: Iterable[LoggedKeyEnd]) -> None:
    met = _counted(machine)
    items: list[Entry | LoggedKeyEnd] = [*entries, *ends]
    for item in sorted(items, key=_place):
        if isinstance(item, LoggedKeyEnd):
            machine.end_key(item.key_end, logged=True)
        elif item.envelope.statement_digest not in met:
            met.add(item.envelope.statement_digest)
            _step(machine, item)


def _step(machine: Machine, entry: Entry) -> None:
    refusal = judge(machine, entry)
    if entry.index is not None:
        machine.meet(entry)
    if refusal is None:
        machine.apply(entry.envelope)
    else:
        machine.void.append(Void(entry.envelope, refusal.check, refusal.reason))


def _counted(machine: Machine) -> set[Digest]:
    counted = {one.statement_digest for one in (*machine.spine, *machine.notes)}
    for one in machine.rounds:
        counted |= {decision.statement_digest for decision in one.decisions.values()}
    return counted


def _moved_into_log(machine: Machine, entries: list[Entry]) -> tuple[Machine, list[Entry]]:
    """A record that began without a log: what the first logged `moved` stands on was agreed before.

    Gives the machine after that, and the entries that are left.
    """
    moved = min(
        (one for one in entries if one.envelope.action is Action.moved and one.index is not None),
        key=_place,
        default=None,
    )
    if moved is None:
        return machine, entries
    spine: set[Digest] = set()
    at: Envelope | None = machine.known.get(moved.envelope.previous or Digest())
    while at is not None and at.statement_digest not in spine:
        spine.add(at.statement_digest)
        at = None if at.previous is None else machine.known.get(at.previous)
    before = [
        entry
        for entry in entries
        if entry.index is None
        and (
            entry.envelope.statement_digest in spine
            if entry.envelope.kind is Kind.spine
            else machine.statement_of(entry.envelope.previous or Digest()) in spine
        )
    ]
    machine.logless = True
    machine = replay_tree(machine, [entry.envelope for entry in before])
    machine.logless = False
    taken = {entry.envelope.statement_digest for entry in before}
    return machine, [entry for entry in entries if entry.envelope.statement_digest not in taken]
