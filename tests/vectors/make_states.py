"""Vectors of section 3 (state): events in, state out; with a log in its order, without one in any order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cms_backend.core import compose
from cms_backend.core.events import Action
from cms_backend.core.hashing import H
from cms_backend.core.ids import Time
from cms_backend.core.lifecycle import ContractState
from cms_backend.core.parties import Role
from cms_backend.core.signatures import Ed25519Signer
from tests.support.verify_world import ANNA, BORIS, CARLA, TWO, World, party, person


def expected(state: ContractState) -> dict[str, Any]:
    """What a second implementation must agree on."""
    return {
        "status": state.status.value,
        "owner": str(state.owner),
        "in_force": None if state.in_force is None else state.in_force.ref.to_json(),
        "pending": None if state.pending is None else state.pending.ref.to_json(),
        "awaited": [{"party": one.party, "ready": one.ready} for one in state.awaited],
        "void": sorted([str(one.envelope.digest), one.check] for one in state.void),
        "forks": sorted(str(one.previous) for one in state.forks),
    }


def case(name: str, world: World, now: str | None = None) -> dict[str, Any]:
    """One case: `events` and `key_ends` in the log's order where there is a log."""
    moment = world.now if now is None else Time(now)
    world.moment = moment.datetime
    index = world.logs[0].index if world.logs else {}
    ends = [{"index": index.get(end.digest), "key_end": end.json} for end in world.key_ends]
    events = [{"index": index.get(one.digest), "event": one.json} for one in world.envelopes]
    return {
        "id": name,
        "log": bool(world.logs),
        "now": str(moment),
        "documents": [one.to_json() for one in world.documents],
        "events": events,
        "key_ends": ends,
        "state": expected(world.state),
    }


def _proposed(log: bool = True) -> World:
    world = World(log=log)
    world.propose()
    return world


def _declined() -> World:
    world = _proposed()
    world.decide(BORIS, Action.declined, reason="Too dear.")
    return world


def _withdrawn() -> World:
    world = _proposed()
    world.withdraw()
    return world


def _lapsed() -> World:
    world = World()
    world.propose(reply_by=Time("2026-05-02T00:00:00.000Z"))
    world.decide(BORIS)
    return world


def _roles() -> World:
    parties = (
        party(CARLA, "Carla", Role.approver, 1),
        party(ANNA, "Anna", step=2),
        party(BORIS, "Boris", Role.witness, 2, witness_of=1),
    )
    world = World(parties)
    world.propose()
    world.decide(CARLA, Action.approved)
    world.decide(ANNA)
    world.decide(BORIS, Action.witnessed)
    return world


def _dropped() -> World:
    world = World().complete()
    world.propose(ANNA, parties=(party(ANNA, "Anna"),))
    return world


def _leaver() -> World:
    world = World().complete()
    world.propose(ANNA, parties=(party(ANNA, "Anna", step=2), party(BORIS, "Boris", Role.leaver)))
    world.decide(BORIS)
    world.decide(ANNA)
    return world


def _successor() -> World:
    heir = person(30)
    world = World()
    world.propose()
    world.end_key(BORIS, successor=heir.key)
    world.decide(heir)
    world.decide(ANNA)
    return world


def _successors(count: int) -> World:
    """Boris's key is succeeded again and again before the last successor signs."""
    world = World()
    world.propose()
    signer = BORIS
    heirs = [Ed25519Signer(bytes.fromhex(H(f"heir {at}"))) for at in range(count)]
    for heir in heirs:
        world.end_key(signer, successor=heir.key)
        signer = heir
    body = compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.tick())
    world.add({**body, "actor": str(signer.did)}, signer)
    return world


def _ended() -> World:
    world = _proposed()
    body = compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.tick())
    world.end_key(BORIS)
    world.add(body, BORIS)
    return world


def _early() -> World:
    world = _proposed()
    body = compose.compose_decision(world.state, Action.signed, ANNA.did, occurred_at=world.tick())
    world.add(body, ANNA)
    return world


def _stranger() -> World:
    world = _proposed()
    body = compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.tick())
    world.add({**body, "actor": str(CARLA.did)}, CARLA)
    return world


def _notice() -> World:
    world = World().complete()
    world.terminate(BORIS, effective_on=Time("2026-12-31T00:00:00.000Z"))
    world.propose()
    return world


def _rivals(complete: bool) -> World:
    world = World(log=False)
    start = world.state
    rivals = []
    for title in ("One", "Two"):
        sealed = world.seal(1, start.highest.root, title=title)
        body = compose.compose_proposed(start, sealed, ANNA.did, occurred_at=world.tick())
        rivals.append(world.sign(body, ANNA))
    world.take(rivals[0])
    if complete:
        world.decide(BORIS)
        world.decide(ANNA)
    world.take(rivals[1])
    return world


def _repudiated() -> World:
    world = _proposed(log=False)
    state = world.state
    later = [
        (
            compose.compose_decision(
                state, Action.declined, BORIS.did, occurred_at=world.tick(), reason="I never agreed."
            ),
            BORIS,
        ),
        (compose.compose_withdrawn(state, ANNA.did, occurred_at=world.tick()), ANNA),
    ]
    world.decide(BORIS)
    world.decide(ANNA)
    for body, signer in later:
        world.add(body, signer)
    return world


def _notice_and_rival() -> World:
    world = World(log=False).complete()
    state = world.state
    sealed = world.seal(2, state.highest.root)
    body = compose.compose_proposed(state, sealed, ANNA.did, occurred_at=world.tick())
    world.terminate(BORIS)
    world.add(body, ANNA)
    return world


def _together() -> World:
    world = World((party(ANNA, "Anna"), party(BORIS, "Boris")), log=False)
    world.propose()
    return world


CASES: tuple[tuple[str, Callable[[], World], str | None], ...] = (
    ("draft", World, None),
    ("pending", _proposed, None),
    ("in-force", lambda: World().complete(), None),
    ("roles", _roles, None),
    ("declined", _declined, None),
    ("withdrawn", _withdrawn, None),
    ("lapsed", _lapsed, "2026-05-03T00:00:00.000Z"),
    ("amendment-drops-a-signer", _dropped, None),
    ("leaver", _leaver, None),
    ("successor", _successor, None),
    ("successor-64", lambda: _successors(64), None),
    ("successor-65", lambda: _successors(65), None),
    ("key-ended", _ended, None),
    ("too-early", _early, None),
    ("another-key", _stranger, None),
    ("notice-given", _notice, None),
    ("terminated", _notice, "2027-01-01T00:00:00.000Z"),
    ("no-log-in-force", lambda: World(log=False).complete(), None),
    ("no-log-rivals-open", lambda: _rivals(False), None),
    ("no-log-rival-complete", lambda: _rivals(True), None),
    ("no-log-repudiated", _repudiated, None),
    ("no-log-notice-and-rival", _notice_and_rival, None),
    ("no-log-not-countersigned", _together, None),
)


def build() -> dict[str, Any]:
    """states.json."""
    return {
        "states.json": {
            "section": "3, 5",
            "how": "Replay the events by `index`; without a log in any order. Parties: "
            + ", ".join(f"{one.name} {one.did}" for one in TWO),
            "cases": [case(name, make(), now) for name, make, now in CASES],
        }
    }
