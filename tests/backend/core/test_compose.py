"""Builders of unsigned events: what they fill in is what the rules ask for."""

from __future__ import annotations

import pytest

from cms_backend.core import compose
from cms_backend.core.errors import NotAllowed
from cms_backend.core.events import Action
from cms_backend.core.parties import Role
from tests.support.verify_world import ANNA, BORIS, CARLA, DORA, World, party


def test_a_decision_names_all_decisions_of_lower_steps() -> None:
    parties = (
        party(CARLA, "Carla", Role.approver, 1),
        party(DORA, "Dora", Role.approver, 1),
        party(ANNA, "Anna", step=2),
    )
    world = World(parties)
    world.propose()
    approvals = [world.decide(one, Action.approved) for one in (CARLA, DORA)]
    body = compose.compose_decision(world.state, Action.signed, ANNA.did, occurred_at=world.tick())
    assert body["after"] == sorted(one.digest for one in approvals)
    assert body["party"] == 2


def test_a_witness_names_the_one_signature() -> None:
    parties = (party(ANNA, "Anna"), party(BORIS, "Boris", Role.witness, 1, witness_of=0))
    world = World(parties)
    world.propose()
    with pytest.raises(NotAllowed, match="not there yet"):
        compose.compose_decision(world.state, Action.witnessed, BORIS.did, occurred_at=world.tick())
    signed = world.decide(ANNA)
    body = compose.compose_decision(world.state, Action.witnessed, BORIS.did, occurred_at=world.tick())
    assert body["after"] == [signed.digest]
    assert body["details"] == {"signature": signed.digest}


def test_a_spine_event_names_the_decisions_that_are_held() -> None:
    world = World()
    world.propose()
    signed = world.decide(BORIS)
    body = compose.compose_withdrawn(world.state, ANNA.did, occurred_at=world.tick())
    assert body["after"] == [signed.digest]
    assert body["sequence"] == 2


def test_there_must_be_something_to_act_on() -> None:
    state = World().state
    with pytest.raises(NotAllowed):
        compose.compose_withdrawn(state, ANNA.did, occurred_at=state.now)
    with pytest.raises(NotAllowed):
        compose.compose_terminated(state, ANNA.did, occurred_at=state.now)
    with pytest.raises(NotAllowed):
        compose.compose_decision(state, Action.signed, ANNA.did, occurred_at=state.now)


def test_a_stranger_is_no_party() -> None:
    world = World()
    world.propose()
    with pytest.raises(NotAllowed, match="no party"):
        compose.compose_decision(world.state, Action.signed, CARLA.did, occurred_at=world.tick())


def test_what_is_composed_is_what_replay_allows() -> None:
    world = World().complete()
    world.comment(BORIS, path="/terms/00001")
    world.terminate(ANNA, reason="It is over.")
    assert world.state.void == ()
