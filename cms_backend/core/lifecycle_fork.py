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
from cms_backend.core.lifecycle_machine import Machine, Mark
from cms_backend.core.lifecycle_round import Round
from cms_backend.core.lifecycle_rules import judge
from cms_backend.core.lifecycle_state import Entry, Fork, Refusal, Void

GoOn = Callable[[Machine, Entry], None]


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
    chosen: dict[Digest, Envelope | None] = field(default_factory=dict)
    """Which rival counts at each fork that is settled; None where none does."""
    open_forks: dict[Digest, list[Envelope]] = field(default_factory=dict)
    """The rivals of those forks at which none does."""


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
    _walk(machine, machine.spine[-1], tree)
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
    judged = {one.digest for one in notes}
    _name_void(machine, [one for one in walked if one.kind is not Kind.note or one.digest in judged], tree)
    return machine


def _by_statement(event: Envelope) -> tuple[Digest, Digest]:
    return event.statement_digest, event.digest


def _door_of(machine: Machine, tree: _Tree) -> int | None:
    """The sequence of the `moved` by which the record came into its first log."""
    return next((one.sequence for one in machine.spine if one.event_digest in tree.doors), None)


@dataclass(slots=True)
class _Branching:
    """A fork that is being walked: the machine as it stands there, and what each branch came to."""

    at: Envelope
    rivals: list[Envelope]
    mark: Mark
    completed: list[int] = field(default_factory=list)
    """How many proposals are complete at the end of each branch that was walked."""


def _walk(machine: Machine, start: Envelope, tree: _Tree) -> None:
    """Take the machine along the branch that counts.

    Forks are settled from the innermost outwards: each branch is walked once and taken back, and what it came to is
    remembered. Nothing here is nested in itself: a party could make forks as deep as it likes.
    """
    forks: list[_Branching] = []
    node, arrives = start, True
    while True:
        node, rivals = _follow(machine, node, tree, arrives=arrives)
        if rivals:
            forks.append(_Branching(node, rivals, machine.mark()))
        elif forks:
            forks[-1].completed.append(_completed_behind(machine, node, tree))
        else:
            break
        node = _next_branch(machine, forks, tree)
        arrives = bool(forks)
    door, rivals = tree.doors.get(node.event_digest), tree.open_forks.get(node.event_digest, [])
    if door is not None:
        tree.go_on(machine, door)
    elif rivals:
        machine.forks.append(Fork(node.digest, tuple(rivals)))


def _next_branch(machine: Machine, forks: list[_Branching], tree: _Tree) -> Envelope:
    """Where to walk next: into a branch that was not tried, or, once a fork is settled, on from there."""
    while True:
        fork = forks[-1]
        machine.back_to(fork.mark)
        if len(fork.completed) < len(fork.rivals):
            rival = fork.rivals[len(fork.completed)]
            machine.apply(rival)
            return rival
        winner = _winner(fork, tree)
        tree.chosen[fork.at.event_digest] = winner
        if winner is None:
            tree.open_forks[fork.at.event_digest] = fork.rivals
        forks.pop()
        if not forks:
            return fork.at
        before = fork.mark.completed
        result = before if winner is None else fork.completed[fork.rivals.index(winner)]
        forks[-1].completed.append(result)


def _winner(fork: _Branching, tree: _Tree) -> Envelope | None:
    """The rival that counts; None: the fork stands open."""
    base = fork.mark.completed
    winners = [
        rival for rival, completed in zip(fork.rivals, fork.completed, strict=True) if completed > base
    ]
    if not winners:
        winners = [rival for rival in fork.rivals if rival.action is Action.terminated]
    if not winners:
        winners = [rival for rival in fork.rivals if rival.event_digest in tree.doors]
    return winners[0] if len(winners) == 1 else None


def _follow(
    machine: Machine, node: Envelope, tree: _Tree, *, arrives: bool
) -> tuple[Envelope, list[Envelope]]:
    """Walk on to the next fork that is not settled, and give its rivals; or to the end of the branch, and none.

    `arrives`: the decisions on the event have not been taken yet.
    """
    while node.event_digest not in tree.doors:
        if arrives and node.action is Action.proposed and machine.pending is not None:
            _decide(machine, machine.pending, tree)
        arrives = True
        if node.event_digest in tree.chosen:
            following = tree.chosen[node.event_digest]
        else:
            rivals = _allowed(machine, node, tree)
            if len(rivals) > 1:
                return node, rivals
            following = next(iter(rivals), None)
        if following is None:
            break
        machine.apply(following)
        node = following
    return node, []


def _allowed(machine: Machine, node: Envelope, tree: _Tree) -> list[Envelope]:
    """The spine events on this one that the rules allow."""
    allowed = []
    for event in tree.children.get(node.event_digest, ()):
        refusal = judge(machine, Entry(event, None, None))
        if refusal is None:
            allowed.append(event)
        else:
            tree.refusals[event.event_digest] = refusal
    return allowed


def _completed_behind(machine: Machine, node: Envelope, tree: _Tree) -> int:
    """How many proposals are complete at the end of a branch; the log behind a door belongs to it."""
    door = tree.doors.get(node.event_digest)
    if door is None:
        return machine.completed
    branch = machine.copy()
    tree.go_on(branch, door)
    return branch.completed


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
