"""Section 3: the replay of a log's events, and the walk where there is no log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from .canonical import Obj
from .forms import DECISIONS, POSITIVE, SPINE
from .standing import Event, World
from .state import State
from .texts import own_key


@dataclass
class Outcome:
    """A replayed contract: void events (digest, rule), open forks (digest of their previous), and the rest."""

    state: State
    void: list[tuple[Event, str]] = field(default_factory=list)
    forks: list[tuple[Event, list[Event]]] = field(default_factory=list)
    open: set[str] = field(default_factory=set)
    """Statements that stand in or on the rivals of an open fork: neither counted nor void."""


@dataclass(frozen=True)
class LoggedKeyEnd:
    """A KeyEnd whose signature passes, at its place in the logs."""

    secured: Obj
    log: int
    index: int


def one_of_each(events: Iterable[Event]) -> list[Event]:
    """Of the events of one statement the one with the lowest digest."""
    found: dict[str, Event] = {}
    for event in sorted(events, key=lambda e: e.digest):
        found.setdefault(event.statement, event)
    return list(found.values())


def replay_logged(
    world: World,
    events: Sequence[Event],
    key_ends: Sequence[LoggedKeyEnd],
    genesis: str,
    start: Outcome | None = None,
) -> Outcome:
    """The replay in (log, index) order; `start` is what a record was before it moved into its first log."""
    out = start or Outcome(State(world, logless=False))
    state = out.state
    state.logless = False
    line: list[Event | LoggedKeyEnd] = [*(e for e in events if e.log is not None), *key_ends]
    met: set[str] = set(state.counted) | {event.statement for event, _ in out.void}
    for one in sorted(line, key=lambda e: (e.log or 0, e.index or 0)):
        if isinstance(one, LoggedKeyEnd):
            signing = own_key(one.secured["actor"])
            if signing is not None:
                state.end_key(one.secured, signing)
            continue
        if one.statement in met:
            continue
        met.add(one.statement)
        opens = one.action != "created" or one.statement == genesis
        rule = state.broken(one) if opens else "LIFE-STATE"
        if rule is None:
            state.apply(one)
        else:
            out.void.append((one, rule))
        if one.log is not None and one.index is not None:
            state.last = (one.log, one.index)
    return out


def replay_logless(world: World, events: Sequence[Event], genesis: str) -> Outcome:
    """The walk of a record without a log; the same in any order of events."""
    return _Walk(world, one_of_each(events)).run(genesis)


class _Walk:
    def __init__(self, world: World, events: Sequence[Event]) -> None:
        self.world, self.events = world, [replace(event, time="") for event in events]
        self.children: dict[str | None, list[Event]] = {}
        for event in self.events:
            self.children.setdefault(world.statement(event.env["previous"]), []).append(event)
        self.broke: dict[str, str] = {}

    def run(self, genesis: str) -> Outcome:
        """Walk from `created`; then the notes, then what is void."""
        out = Outcome(State(self.world, logless=True))
        first = next((e for e in self.events if e.statement == genesis and e.action == "created"), None)
        if first is not None and out.state.broken(first) is None:
            out.state.apply(first)
            out = self._walk(out)
        notes = [e for e in self.events if e.action == "commented" and e.statement not in out.open]
        for note in sorted(notes, key=lambda e: (e.env["sequence"], e.env["occurred_at"], e.statement)):
            rule = out.state.broken(note)
            if rule is None:
                out.state.apply(note)
            else:
                self.broke.setdefault(note.statement, rule)
        for event in self.events:
            if event.statement not in out.state.counted and event.statement not in out.open:
                rule = self.broke.get(event.statement, "LIFE-STATE")
                out.void.append((event, rule))
        return out

    def _walk(self, out: Outcome) -> Outcome:
        """Go on from the last spine event that counts, to the end."""
        while True:
            here = out.state.spine[-1]
            if here.action == "proposed":
                self._decide(out.state, here)
            allowed = []
            for child in self._on(here, SPINE):
                rule = out.state.broken(child)
                if rule is None:
                    allowed.append(child)
                else:
                    self.broke.setdefault(child.statement, rule)
            if not allowed:
                return out
            branches = []
            for child in allowed:
                branch = Outcome(out.state.fork(), [], list(out.forks), set(out.open))
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
                out.open |= self._subtree(child)
            return out

    @staticmethod
    def _choose(before: State, branches: list[tuple[Event, Outcome]]) -> Outcome | None:
        complete = [out for _, out in branches if out.state.completed > before.completed]
        if complete:
            return complete[0] if len(complete) == 1 else None
        ended = [out for child, out in branches if child.action == "terminated"]
        return ended[0] if len(ended) == 1 else None

    def _on(self, event: Event, actions: Sequence[str]) -> list[Event]:
        found = [e for e in self.children.get(event.statement, []) if e.action in actions]
        return sorted(found, key=lambda e: e.digest)

    def _subtree(self, event: Event) -> set[str]:
        found = {event.statement}
        for child in self.children.get(event.statement, []):
            found |= self._subtree(child)
        return found

    def _decide(self, state: State, proposal: Event) -> None:
        decisions = self._on(proposal, DECISIONS)
        named = {self.world.statement(one) for e in decisions for one in e.env["after"]}
        held = self.world.held(proposal.env["document"])
        parties = held.parties if held else ()

        def order(e: Event) -> tuple[bool, int, bool, int, bool, str]:
            at = e.env["party"]
            known = at is not None and at < len(parties)
            step = parties[at]["step"] if known else None
            return (
                e.action not in POSITIVE, step or 10_000, e.action == "witnessed", at if at is not None else 100_000,
                e.statement not in named, e.statement,
            )  # fmt: skip

        for decision in sorted(decisions, key=order):
            rule = state.broken(decision)
            if rule is None:
                state.apply(decision)
            else:
                self.broke.setdefault(decision.statement, rule)


def replay_moved(
    world: World, events: Sequence[Event], key_ends: Sequence[LoggedKeyEnd], genesis: str, moved: Event
) -> Outcome:
    """A record that began without a log: the path to the first logged `moved` as without a log, then the log."""
    path: list[str] = []
    at = world.statement(moved.env["previous"])
    while at is not None and at in world.events and at not in path:
        path.append(at)
        at = world.statement(world.events[at].env["previous"])
    early = [
        e for e in events
        if (e.log is None or e.statement == genesis)
        and (e.statement in (*path, genesis) or (e.action not in SPINE and world.statement(e.env["previous"]) in path))
    ]  # fmt: skip
    return replay_logged(world, events, key_ends, genesis, replay_logless(world, early, genesis))
