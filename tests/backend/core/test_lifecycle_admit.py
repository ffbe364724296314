"""What a server refuses, and what a button may offer."""

from __future__ import annotations

import pytest

from cms_backend.core import compose
from cms_backend.core.errors import (
    DocumentError,
    FormError,
    LifecycleError,
    NotAllowed,
    ProposalClosed,
    SlotTaken,
    StaleSpine,
)
from cms_backend.core.events import Action
from cms_backend.core.ids import Did, Time
from cms_backend.core.lifecycle import admit_check, allowed_actions
from tests.support.verify_world import ANNA, BORIS, CARLA, World


def offered(world: World, did: Did) -> set[str]:
    """The actions that are open to a person."""
    return {one.action.value for one in allowed_actions(world.state, did) if one.reason_if_not is None}


def test_a_good_event_is_admitted() -> None:
    world = World()
    proposed = world.propose()
    created = world.envelopes[0]
    admit_check(None, created, world.documents[0], now=world.now)
    assert proposed.sequence == 1
    signed = world.sign(
        compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.now), BORIS
    )
    admit_check(world.state, signed, None, now=world.now)


def test_a_stale_spine_event_is_refused() -> None:
    world = World()
    state = world.state
    sealed = world.seal(1, state.highest.root)
    body = compose.compose_proposed(state, sealed, ANNA.did, occurred_at=world.tick())
    world.propose()
    with pytest.raises(StaleSpine):
        admit_check(world.state, world.sign(body, ANNA), sealed, now=world.now)


def test_a_decision_on_a_closed_proposal_is_refused() -> None:
    world = World()
    world.propose()
    body = compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.tick())
    world.withdraw()
    with pytest.raises(ProposalClosed):
        admit_check(world.state, world.sign(body, BORIS), None, now=world.now)


def test_a_second_decision_finds_its_slot_taken() -> None:
    world = World()
    world.propose()
    body = compose.compose_decision(
        world.state, Action.declined, BORIS.did, occurred_at=world.tick(), reason="No."
    )
    world.decide(BORIS)
    with pytest.raises(SlotTaken):
        admit_check(world.state, world.sign(body, BORIS), None, now=world.now)


def test_a_second_record_finds_its_slot_taken() -> None:
    world = World()
    with pytest.raises(SlotTaken):
        admit_check(world.state, world.envelopes[0], world.documents[0], now=world.now)


def test_a_decision_after_the_time_to_reply_is_refused_by_the_servers_clock() -> None:
    world = World()
    world.propose(reply_by=Time("2026-05-02T00:00:00.000Z"))
    body = compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.tick())
    with pytest.raises(ProposalClosed):
        admit_check(world.state, world.sign(body, BORIS), None, now=Time("2026-05-03T00:00:00.000Z"))


def test_who_may_not_is_told_so() -> None:
    world = World()
    state = world.state
    sealed = world.seal(1, state.highest.root)
    body = compose.compose_proposed(state, sealed, BORIS.did, occurred_at=world.tick())
    with pytest.raises(NotAllowed):
        admit_check(state, world.sign(body, BORIS), sealed, now=world.now)


def test_a_proposal_without_its_document_or_with_a_bad_one_is_refused() -> None:
    world = World()
    state = world.state
    sealed = world.seal(1, state.highest.root, parties=())
    envelope = world.sign(compose.compose_proposed(state, sealed, ANNA.did, occurred_at=world.tick()), ANNA)
    with pytest.raises(DocumentError, match="missing"):
        admit_check(state, envelope, None, now=world.now)
    with pytest.raises(DocumentError, match="no signer"):
        admit_check(state, envelope, sealed, now=world.now)


def test_a_decision_that_names_the_wrong_ones_before_it_is_refused() -> None:
    world = World()
    world.propose()
    world.decide(BORIS)
    body = compose.compose_decision(world.state, Action.signed, ANNA.did, occurred_at=world.tick())
    with pytest.raises(FormError):
        admit_check(world.state, world.sign({**body, "after": []}, ANNA), None, now=world.now)


def test_an_event_of_another_contract_is_refused() -> None:
    world = World()
    body = {**compose.compose_commented(world.state, ANNA.did, "?", occurred_at=world.tick())}
    body["contract"] = "6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f13"
    with pytest.raises(FormError):
        admit_check(world.state, world.sign(body, ANNA), None, now=world.now)
    with pytest.raises(NotAllowed):
        admit_check(None, world.sign(body, ANNA), None, now=world.now)


def test_another_proposal_while_one_is_pending_is_refused() -> None:
    world = World().complete()
    world.propose(ANNA)
    state = world.state
    sealed = world.seal(3, state.highest.root)
    body = compose.compose_proposed(state, sealed, BORIS.did, occurred_at=world.tick())
    with pytest.raises(LifecycleError, match="pending"):
        admit_check(state, world.sign(body, BORIS), sealed, now=world.now)


def test_buttons_offer_what_the_table_allows() -> None:
    world = World()
    assert offered(world, ANNA.did) == {"proposed", "commented", "moved"}
    assert offered(world, CARLA.did) == set()
    world.propose()
    assert offered(world, BORIS.did) == {"signed", "declined", "commented"}
    assert offered(world, ANNA.did) == {"proposed", "withdrawn", "declined", "commented", "moved"}
    world.decide(BORIS)
    world.decide(ANNA)
    assert offered(world, BORIS.did) == {"proposed", "terminated", "commented"}


def test_what_is_not_open_says_why() -> None:
    world = World()
    world.propose()
    reasons = {one.action: one.reason_if_not for one in allowed_actions(world.state, ANNA.did)}
    assert reasons[Action.signed] == "Decisions that must come before it are missing."
    assert reasons[Action.terminated] == "Nothing is in force that could be terminated."
