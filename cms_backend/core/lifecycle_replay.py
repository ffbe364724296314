"""Replay: the state of a contract from its events (section 3).

With a log: logged events in (log, index) order, KeyEnds among them; then those that are held, in the order
given, which is the projection that an app shows and a server admits on. Without a log: any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from cms_backend.core.errors import LifecycleError
from cms_backend.core.events import Action
from cms_backend.core.ids import Did, Digest, Time
from cms_backend.core.lifecycle_fork import replay_tree
from cms_backend.core.lifecycle_machine import Machine
from cms_backend.core.lifecycle_rules import judge, judge_created
from cms_backend.core.lifecycle_state import (
    ContractState,
    Entry,
    Handover,
    LoggedKeyEnd,
    LogRef,
    Text,
    Void,
    text_of,
)
from cms_backend.core.statements import KeyEnd

_HELD: Final = 2**120


def replay(
    entries: Sequence[Entry],
    documents: Mapping[Digest, Text],
    *,
    now: Time,
    key_ends: Iterable[KeyEnd | LoggedKeyEnd] = (),
    handovers: Iterable[Handover] = (),
    first_log: str | None = None,
    genesis: Digest | None = None,
    count_held: bool = True,
) -> ContractState:
    """The state of one contract.

    `documents` by root. `first_log`: the vkey of log 0, for a record that began without a log; None: whatever the
    `moved` names that has its leaf there. `genesis` chooses the `created` event where there are several.
    A verifier sets `count_held` to False: events without a leaf, in a record that has a log, then have no effect.
    LifecycleError without a `created` event that counts.
    """
    ends = [one if isinstance(one, LoggedKeyEnd) else LoggedKeyEnd(one, None, None) for one in key_ends]
    created = _created(entries, documents, genesis)
    logless = created.envelope.details["log"] is None
    machine = Machine(created.envelope, documents, logless=logless)
    machine.know(entry.envelope for entry in entries)
    machine.apply(created.envelope)
    if logless:
        doors = _doors(entries, first_log, count_held)
        return _walk(machine, entries, doors, ends, handovers, count_held).freeze(now)
    machine.opened = -1 if created.index is None else created.index
    if not count_held:
        entries = [entry for entry in entries if entry.index is not None]
        ends = [end for end in ends if end.index is not None]
    _in_order(machine, entries, ends, handovers)
    return machine.freeze(now)


def _doors(entries: Sequence[Entry], first_log: str | None, count_held: bool) -> list[Entry]:
    """The `moved` events by which a record that began without a log may come into log 0."""
    moves = [
        entry
        for entry in entries
        if entry.envelope.action is Action.moved
        and (log := entry.envelope.details["log"]) is not None
        and first_log in (None, log["vkey"])
    ]
    doors = [entry for entry in moves if entry.log == 0]
    # Not in its log yet: an app shows what will be, and a server admits on it.
    return moves[:1] if count_held and not doors else doors


def _walk(
    machine: Machine,
    entries: Sequence[Entry],
    doors: Sequence[Entry],
    ends: Sequence[LoggedKeyEnd],
    handovers: Iterable[Handover],
    count_held: bool,
) -> Machine:
    """A record that began without a log, until a `moved` leads it into one."""
    logged = [entry for entry in entries if entry.index is not None]
    held = [entry for entry in entries if entry.index is None]

    def go_on(branch: Machine, door: Entry) -> None:
        log = door.envelope.details["log"]
        branch.enter(LogRef(log["vkey"], Did(log["operator"])), door.index)
        behind = [entry for entry in held if entry.envelope.sequence > door.envelope.sequence]
        follow = [*logged, *behind] if count_held else logged
        _in_order(branch, follow, [end for end in ends if count_held or end.index is not None], handovers)

    machine = replay_tree(machine, held, doors, go_on)
    if machine.logless:
        for end in ends:
            machine.end_key(end.key_end, logged=False)
    return machine


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


def _created(entries: Sequence[Entry], documents: Mapping[Digest, Text], genesis: Digest | None) -> Entry:
    first = [
        entry
        for entry in entries
        if entry.envelope.action is Action.created
        and genesis in (None, entry.envelope.statement_digest)
        and judge_created(entry.envelope, text_of(documents, entry.envelope.document)) is None
    ]
    if not first:
        raise LifecycleError("The event that opens the record is missing, or does not count.")
    return min(first, key=lambda entry: (_place(entry), entry.envelope.digest))


def _place(entry: Entry | LoggedKeyEnd | Handover) -> int:
    # (log, index) in one integer, an index having 53 bits: long records are sorted by it, and pairs compare slowly.
    if entry.log is None or entry.index is None:
        return _HELD
    return entry.log << 53 | entry.index


def _in_order(
    machine: Machine,
    entries: Iterable[Entry],
    ends: Iterable[LoggedKeyEnd],
    handovers: Iterable[Handover],
) -> None:
    met = counted(machine)
    items: list[LogItem] = [*entries, *ends, *handovers]
    for item in sorted(items, key=_place):
        meet(machine, item, met)


LogItem = Entry | LoggedKeyEnd | Handover


def meet(machine: Machine, item: LogItem, met: set[Digest]) -> None:
    """Take what comes next in a log. `met`: the statement digests of events that came before; they are passed over."""
    if isinstance(item, Entry):
        if item.envelope.event_digest not in met:
            met.add(item.envelope.event_digest)
            _step(machine, item)
    elif isinstance(item, LoggedKeyEnd):
        _end(machine, item)
    elif item.log == machine.log and machine.may_enter(item.vkey):
        machine.enter(LogRef(item.vkey, machine.logs[-1].operator), -1)


def _end(machine: Machine, end: LoggedKeyEnd) -> None:
    if end.log is not None and end.log != machine.log:
        machine.refused_ends[end.key_end.digest] = "The record had left the log that holds it."
        return
    machine.end_key(end.key_end, logged=True)


def _step(machine: Machine, entry: Entry) -> None:
    refusal = judge(machine, entry)
    if refusal is not None:
        machine.void.append(Void(entry.envelope, refusal.check, refusal.reason))
        return
    machine.apply(entry.envelope)
    if entry.envelope.action is Action.moved and not machine.logless:
        log = entry.envelope.details["log"]
        machine.enter(LogRef(log["vkey"], Did(log["operator"])), entry.opens)


def counted(machine: Machine) -> set[Digest]:
    """The statement digests of the events that count so far."""
    found = {one.event_digest for one in (*machine.spine, *machine.notes)}
    for one in machine.rounds:
        found |= {decision.event_digest for decision in one.decisions.values()}
    return found
