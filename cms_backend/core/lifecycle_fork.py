"""Replay without a log: the same result from any order of the events (section 3).

Spine events form a tree; a proposal's decisions hang on it. At each spine event the rivals that the table
allows are compared: a branch with a complete proposal wins, then a single notice of termination; otherwise
the fork stands open and is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field

from cms_backend.core.events import Action, Envelope, Kind
from cms_backend.core.ids import Digest
from cms_backend.core.lifecycle_machine import Machine, Round
from cms_backend.core.lifecycle_rules import judge
from cms_backend.core.lifecycle_state import Entry, Fork, ProposalStatus, Refusal, Void

GoOn = Callable[[Machine, Entry], None]
_DONE = (ProposalStatus.in_force, ProposalStatus.superseded)


@dataclass(slots=True)
class _Tree:
    """Events by what they stand on: statement digest of the spine event before, or of the proposal."""

    doors: dict[Digest, Entry]
    """Each `moved` that leads into a log, by statement digest."""
    go_on: GoOn
    """Replays what the log behind such a `moved` holds."""
    doubtful: Container[Digest]
    """Envelopes whose signature only an account's contract could judge."""
    children: dict[Digest, list[Envelope]] = field(default_factory=lambda: defaultdict(list))
    decisions: dict[Digest, list[Envelope]] = field(default_factory=lambda: defaultdict(list))
    refusals: dict[Digest, Refusal] = field(default_factory=dict)
    """Why an event did not count when it was last judged, by statement digest."""


def replay_tree(machine: Machine, entries: Sequence[Entry], doors: Sequence[Entry], go_on: GoOn) -> Machine:
    """Run all events but the first, which the machine has applied; the result does not depend on order.

    `entries`: the events that are in no log. `doors`: every `moved` that has its leaf in the log it names;
    where the walk comes to one, `go_on` replays that log, and the walk ends there.
    """
    doubtful = {entry.envelope.digest for entry in entries if entry.doubtful}
    unique: dict[Digest, Envelope] = {}
    for entry in sorted(entries, key=lambda entry: (entry.doubtful, entry.envelope.digest)):
        unique.setdefault(entry.envelope.event_digest, entry.envelope)
    unique.pop(machine.spine[0].event_digest, None)
    tree, notes = _Tree({one.envelope.event_digest: one for one in doors}, go_on, doubtful), []
    unique.update((one.envelope.event_digest, one.envelope) for one in doors)
    for one in sorted(unique.values(), key=_by_statement):
        on = None if one.previous is None else machine.statement_of(one.previous)
        if one.kind is Kind.note:
            notes.append(one)
        elif on is not None:
            (tree.children if one.kind is Kind.spine else tree.decisions)[on].append(one)
    machine = _walk(machine, machine.spine[-1], tree)
    behind = _door_of(machine, tree)
    notes = [one for one in notes if behind is None or one.sequence < behind]
    for note in sorted(notes, key=lambda one: (one.sequence, one.occurred_at, *_by_statement(one))):
        refusal = judge(machine, Entry(note, None, None))
        if refusal is None:
            machine.apply(note)
        else:
            tree.refusals[note.event_digest] = refusal
    # What stands behind the door belongs to the log: without a leaf it waits, and is not void.
    walked = (one for one in unique.values() if behind is None or one.sequence <= behind)
    _name_void(machine, [one for one in walked if one.kind is not Kind.note or one in notes], tree)
    return machine


def _by_statement(event: Envelope) -> tuple[Digest, Digest]:
    return event.statement_digest, event.digest


def _door_of(machine: Machine, tree: _Tree) -> int | None:
    """The sequence of the `moved` by which the record came into its first log."""
    return next((one.sequence for one in machine.spine if one.event_digest in tree.doors), None)


def _walk(machine: Machine, node: Envelope, tree: _Tree) -> Machine:
    while True:
        door = tree.doors.get(node.event_digest)
        if door is not None:
            tree.go_on(machine, door)
            return machine
        if node.action is Action.proposed and machine.pending is not None:
            _decide(machine, machine.pending, tree)
        allowed = []
        for one in tree.children.get(node.event_digest, ()):
            refusal = judge(machine, Entry(one, None, None))
            if refusal is None:
                allowed.append(one)
            else:
                tree.refusals[one.event_digest] = refusal
        if not allowed:
            return machine
        if len(allowed) > 1:
            return _fork(machine, node, allowed, tree)
        node = allowed[0]
        machine.apply(node)


def _fork(machine: Machine, node: Envelope, rivals: list[Envelope], tree: _Tree) -> Machine:
    base = _completed(machine)
    branches = []
    for rival in rivals:
        branch = machine.copy()
        branch.apply(rival)
        branches.append((rival, _walk(branch, rival, tree)))
    winners = [branch for _, branch in branches if _completed(branch) > base]
    if not winners:
        winners = [branch for rival, branch in branches if rival.action is Action.terminated]
    if not winners:
        winners = [branch for rival, branch in branches if rival.event_digest in tree.doors]
    if len(winners) == 1:
        return winners[0]
    machine.forks.append(Fork(node.digest, tuple(rivals)))
    return machine


def _completed(machine: Machine) -> int:
    return sum(one.status in _DONE for one in machine.rounds)


def _decide(machine: Machine, on: Round, tree: _Tree) -> None:
    """Positive decisions by step, a signer before its witness; declines only count of who has not agreed."""
    found = tree.decisions.get(on.envelope.event_digest, [])
    named = {machine.statement_of(digest) for one in found for digest in one.after}

    def order(one: Envelope) -> tuple[bool, int, bool, int, bool, bool, Digest, Digest]:
        party = one.party if one.party is not None and one.party < len(on.parties) else None
        step = 0 if party is None else on.parties[party].step or 0
        declined, witnessed = one.action is Action.declined, one.action is Action.witnessed
        # Of two positive decisions of one party the one counts that others build on.
        lonely = one.event_digest not in named
        doubtful = one.digest in tree.doubtful
        at = -1 if party is None else party
        return declined, step, witnessed, at, doubtful, lonely, *_by_statement(one)

    for one in sorted(_before_the_door(machine, on, tree, found), key=order):
        refusal = judge(machine, Entry(one, None, None))
        if refusal is None:
            machine.apply(one)
        else:
            tree.refusals[one.event_digest] = refusal


def _before_the_door(
    machine: Machine, on: Round, tree: _Tree, found: Sequence[Envelope]
) -> Sequence[Envelope]:
    """Where a `moved` stands on the proposal, a decline that it does not name may have been made up afterwards:
    who has decided in the log could take it back so. The log is where such a decline belongs."""
    doors = [one for one in tree.children.get(on.envelope.event_digest, ()) if one.event_digest in tree.doors]
    if not doors:
        return found
    named = {machine.statement_of(digest) for door in doors for digest in door.after}
    return [one for one in found if one.action is not Action.declined or one.event_digest in named]


def _name_void(machine: Machine, envelopes: Iterable[Envelope], tree: _Tree) -> None:
    counted = {one.event_digest for one in (*machine.spine, *machine.notes)}
    for done in machine.rounds:
        counted |= {one.event_digest for one in done.decisions.values()}
    open_ones = _below_forks(machine, tree)
    lost = Refusal("LIFE-STATE", "It stands on an event that does not count.")
    rival = Refusal("LIFE-STATE", "A rival event counts in its place.")
    for one in sorted(envelopes, key=lambda one: (one.sequence, one.digest)):
        if one.event_digest in counted or one.event_digest in open_ones:
            continue
        on = None if one.previous is None else machine.statement_of(one.previous)
        if one.kind is Kind.note and on in open_ones:
            continue
        refusal = tree.refusals.get(one.event_digest) or (rival if on in counted else lost)
        machine.void.append(Void(one, refusal.check, refusal.reason))


def _below_forks(machine: Machine, tree: _Tree) -> set[Digest]:
    stack = [rival for fork in machine.forks for rival in fork.rivals]
    below: set[Digest] = set()
    while stack:
        one = stack.pop()
        below.add(one.event_digest)
        stack.extend(tree.children.get(one.event_digest, ()))
        below.update(decision.event_digest for decision in tree.decisions.get(one.event_digest, ()))
    return below
