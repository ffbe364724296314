"""Section 3: the replay of a contract's logs, and the walk where there is no log or as far as the door to the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from .canonical import Obj
from .forms import DECISIONS, POSITIVE, SPINE
from .standing import Event, World
from .state import State
from .texts import own_key


@dataclass
class Outcome:
    """A replayed contract: void events and their rules, open forks with their rivals, and the rest."""

    state: State
    void: list[tuple[Event, str]] = field(default_factory=list)
    forks: list[tuple[Event, list[Event]]] = field(default_factory=list)
    open: set[str] = field(default_factory=set)
    """Statements that stand in or on the rivals of an open fork: neither counted nor void."""
    door: Event | None = None
    """The `moved` by which a record without a log came into its first one."""
    course: object = None
    """What `enter` found of the logs behind the door; only its caller knows it."""

    def copy(self) -> Outcome:
        """Another to go on with."""
        return Outcome(self.state.fork(), list(self.void), list(self.forks), set(self.open), self.door)


@dataclass(frozen=True)
class LoggedKeyEnd:
    """A KeyEnd whose signature passes, at its place in the logs."""

    secured: Obj
    log: int
    index: int


def one_of_each(events: Iterable[Event]) -> list[Event]:
    """Of the envelopes of one event one whose signature passes, then the one with the lowest digest."""
    found: dict[str, Event] = {}
    for event in sorted(events, key=lambda e: (not e.passes, e.digest)):
        found.setdefault(event.statement, event)
    return list(found.values())


def opening_event(world: World, events: Iterable[Event], genesis: str) -> Event | None:
    """The envelope of `created` that keeps the rules and has the first place, else the lowest digest."""
    own = [event for event in events if event.bare == genesis and event.action == "created"]
    own = [event for event in own if State(world, logless=True).opens(event)]
    return min(own, key=lambda e: (e.log is None, e.log or 0, e.index or 0, e.digest), default=None)


def replay_logged(
    world: World,
    events: Sequence[Event],
    key_ends: Sequence[LoggedKeyEnd],
    genesis: str,
    vkeys: Sequence[str],
    start: Outcome | None = None,
) -> Outcome:
    """The replay in the order of places; `start` is what a record was at the door to its first log."""
    out = start or Outcome(State(world, logless=False))
    state = out.state
    state.logless, state.vkeys = False, vkeys
    if start is None:
        first = opening_event(world, events, genesis)
        if first is None or first.log is None:
            return out
        state.apply(first)
    line: list[Event | LoggedKeyEnd] = [*(e for e in events if e.log is not None), *key_ends]
    met: set[str] = set(state.counted) | {event.statement for event, _ in out.void}
    for one in sorted(line, key=lambda e: (e.log or 0, e.index or 0)):
        if isinstance(one, LoggedKeyEnd):
            signing = own_key(one.secured["actor"])
            if signing is not None:
                state.end_key(one.secured, signing)
        elif one.statement not in met:
            met.add(one.statement)
            rule = state.broken(one)
            if rule is None:
                state.apply(one)
            else:
                out.void.append((one, rule))
    return out


@dataclass(frozen=True)
class Doors:
    """The door to one log: a `moved` with a leaf in it, and what has a place behind it."""

    into: frozenset[str] = frozenset()
    leafed: frozenset[str] = frozenset()
    enter: Callable[[Outcome, Event], Outcome] = lambda out, door: out
    """Replay the log behind a door."""


def replay_logless(
    world: World, events: Sequence[Event], genesis: str, doors: Doors | None = None
) -> Outcome:
    """The walk of a record without a log; the same in any order of events."""
    return _Walk(world, one_of_each(events), genesis, doors or Doors()).run()


class _Walk:
    def __init__(self, world: World, events: Sequence[Event], genesis: str, doors: Doors) -> None:
        self.world, self.genesis, self.doors = world, genesis, doors
        walked = {e.statement for e in events if e.bare == genesis or e.statement in doors.into}
        walked |= {e.statement for e in events} - doors.leafed
        self.events = [replace(e, log=None, index=None) for e in events if e.statement in walked]
        self.children: dict[str | None, list[Event]] = {}
        for event in self.events:
            self.children.setdefault(world.statement(event.env["previous"]), []).append(event)
        self.broke: dict[str, str] = {}

    def run(self) -> Outcome:
        """Walk from `created`; then the notes, then what is void."""
        out = Outcome(State(self.world, logless=True))
        first = opening_event(self.world, self.events, self.genesis)
        if first is None:
            return out
        out.state.apply(first)
        out = self._walk(out)
        done = out.open | {event.statement for event, _ in out.void}
        left = [e for e in self.events if e.statement not in done and not _behind(out.door, e)]
        notes = [e for e in left if e.action == "commented"]
        for note in sorted(notes, key=lambda e: (e.env["sequence"], e.env["occurred_at"], e.statement)):
            self._try(out.state, note)
        for event in left:
            if event.statement not in out.state.counted:
                out.void.append((event, self.broke.get(event.statement, "LIFE-STATE")))
        return out

    def _try(self, state: State, event: Event) -> bool:
        rule = state.broken(event)
        if rule is None:
            state.apply(event)
        else:
            self.broke[event.statement] = rule
        return rule is None

    def _walk(self, out: Outcome) -> Outcome:
        """Go on from the last spine event that counts, to the end."""
        while True:
            here = out.state.spine[-1]
            if here.statement in self.doors.into:
                out.door = here
                return self.doors.enter(out, here)
            if here.action == "proposed":
                self._decide(out.state, here)
            allowed = []
            for child in self._on(here, SPINE):
                rule = out.state.broken(child)
                if rule is None:
                    allowed.append(child)
                else:
                    self.broke[child.statement] = rule
            if not allowed:
                return out
            branches = []
            for child in allowed:
                branch = out.copy()
                branch.state.apply(child)
                branches.append((child, branch))
            if len(branches) == 1:
                out = branches[0][1]
                continue
            chosen = self._choose(out.state, [(child, self._walk(branch)) for child, branch in branches])
            if chosen is not None:
                return chosen
            out.forks.append((here, allowed))
            for child in allowed:
                out.open |= _subtree(self.children, child)
            return out

    def _choose(self, before: State, branches: list[tuple[Event, Outcome]]) -> Outcome | None:
        complete = [out for _, out in branches if out.state.completed > before.completed]
        ended = [out for child, out in branches if child.action == "terminated"]
        entered = [out for child, out in branches if child.statement in self.doors.into]
        fitting = next((found for found in (complete, ended, entered) if found), [])
        return fitting[0] if len(fitting) == 1 else None

    def _on(self, event: Event, actions: Sequence[str]) -> list[Event]:
        found = [e for e in self.children.get(event.statement, []) if e.action in actions]
        return sorted(found, key=lambda e: e.statement)

    def _decide(self, state: State, proposal: Event) -> None:
        decisions = self._on(proposal, DECISIONS)
        named = {self.world.statement(one) for e in decisions for one in e.env["after"]}
        held = self.world.held(proposal.env["document"])
        parties = held.parties if held else ()

        def order(e: Event) -> tuple[bool, int, bool, int, bool, bool, str]:
            at = e.env["party"]
            known = at is not None and at < len(parties)
            step = parties[at]["step"] if known else None
            return (
                e.action not in POSITIVE, step or 10_000, e.action == "witnessed", at if at is not None else 100_000,
                not e.passes, e.statement not in named, e.statement,
            )  # fmt: skip

        for decision in sorted(decisions, key=order):
            if decision.action == "declined" and not self._before_the_door(state, proposal, decision):
                self.broke[decision.statement] = "LIFE-STATE"
            else:
                self._try(state, decision)

    def _before_the_door(self, state: State, proposal: Event, decline: Event) -> bool:
        """Whether a decline without a leaf is named by the door that stands on its proposal, if one does."""
        doors = [e for e in self._on(proposal, ("moved",)) if e.statement in self.doors.into]
        doors = [door for door in doors if state.broken(door) is None]
        named = {self.world.statement(one) for door in doors for one in door.env["after"]}
        return not doors or decline.statement in named


def _behind(door: Event | None, event: Event) -> bool:
    """Whether what has no place stands behind a door."""
    if door is None:
        return False
    least = door.env["sequence"] + (0 if event.action == "commented" else 1)
    return event.statement != door.statement and bool(event.env["sequence"] >= least)


def _subtree(children: dict[str | None, list[Event]], event: Event) -> set[str]:
    """The statements that stand on an event, directly or not, and its own."""
    found: set[str] = set()
    ahead = [event]
    while ahead:
        one = ahead.pop()
        if one.statement not in found:
            found.add(one.statement)
            ahead += children.get(one.statement, [])
    return found
