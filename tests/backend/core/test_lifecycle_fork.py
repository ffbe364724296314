"""Replay without a log: the same from any order, complete proposals win, open forks are named."""

from __future__ import annotations

import random
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from cms_backend.core import compose
from cms_backend.core.events import Action, Envelope
from cms_backend.core.lifecycle import ContractState, Entry, Status, replay
from tests.support.verify_world import ANNA, BORIS, World, party


def of(world: World, envelopes: list[Envelope]) -> ContractState:
    """The state of these events, in this order."""
    return replay([Entry(one, None, None) for one in envelopes], world.texts, now=world.now)


def outcome(state: ContractState) -> tuple[object, ...]:
    """What must not depend on the order."""
    counted = {one.digest for one in (*state.spine, *state.notes)}
    counted |= {one.digest for proposal in state.proposals for one in proposal.decisions.values()}
    return (
        state.status,
        frozenset(counted),
        frozenset((one.envelope.digest, one.check, one.reason) for one in state.void),
        frozenset(one.previous for one in state.forks),
    )


@cache
def crowded() -> World:
    """Rival proposals, a decline and a signature of one party, notes, a notice, a rival withdrawal."""
    world = World(log=False)
    start = world.state
    rivals = []
    for title in ("One", "Two"):
        sealed = world.seal(1, start.highest.root, title=title)
        body = compose.compose_proposed(start, sealed, ANNA.did, occurred_at=world.tick())
        rivals.append(world.sign(body, ANNA))
    world.take(rivals[0])
    state = world.state
    decline = world.sign(
        compose.compose_decision(state, Action.declined, BORIS.did, occurred_at=world.tick(), reason="No."),
        BORIS,
    )
    withdrawal = world.sign(compose.compose_withdrawn(state, ANNA.did, occurred_at=world.tick()), ANNA)
    world.comment(BORIS)
    world.decide(BORIS)
    world.decide(ANNA)
    world.comment(ANNA)
    world.terminate(BORIS)
    for one in (rivals[1], decline, withdrawal):
        world.take(one)
    return world


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_state_does_not_depend_on_the_order(shuffle: random.Random) -> None:
    world = crowded()
    order = list(world.envelopes)
    shuffle.shuffle(order)
    assert outcome(of(world, order)) == outcome(of(world, list(world.envelopes)))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_part_of_what_was_added_later_changes_a_complete_contract(data: st.DataObject) -> None:
    world = crowded()
    complete = world.envelopes[:5]
    more = data.draw(st.lists(st.sampled_from(world.envelopes[5:]), unique=True))
    state = of(world, [*complete, *more])
    assert state.in_force is not None
    assert state.in_force.ref == world.envelopes[1].document


def test_a_complete_proposal_wins_over_rivals_declines_and_withdrawals() -> None:
    state = crowded().state
    assert state.status is Status.terminated
    assert state.forks == ()
    assert {one.envelope.action for one in state.void} == {"proposed", "declined", "withdrawn"}


def test_a_notice_beats_an_incomplete_rival_proposal() -> None:
    world = World(log=False).complete()
    state = world.state
    sealed = world.seal(2, state.highest.root)
    proposal = world.sign(compose.compose_proposed(state, sealed, ANNA.did, occurred_at=world.tick()), ANNA)
    world.terminate(BORIS)
    world.take(proposal)
    assert world.state.status is Status.terminated
    assert [one.envelope for one in world.state.void] == [proposal]


def test_a_withdrawal_and_a_newer_proposal_on_one_event_stay_undecided() -> None:
    world = World(log=False)
    world.propose()
    state = world.state
    sealed = world.seal(2, state.highest.root)
    newer = world.sign(compose.compose_proposed(state, sealed, ANNA.did, occurred_at=world.tick()), ANNA)
    world.withdraw()
    world.take(newer)
    state = world.state
    assert len(state.forks) == 1
    assert state.forks[0].signers == (ANNA.did,)
    assert state.void == ()


def test_a_comment_on_an_open_rival_is_neither_counted_nor_void() -> None:
    world = World(log=False)
    start = world.state
    rivals = []
    for title in ("One", "Two"):
        sealed = world.seal(1, start.highest.root, title=title)
        body = compose.compose_proposed(start, sealed, ANNA.did, occurred_at=world.tick())
        rivals.append(world.sign(body, ANNA))
    world.take(rivals[0])
    comment = world.comment(ANNA)
    world.take(rivals[1])
    state = of(world, world.envelopes)
    assert len(state.forks) == 1
    assert comment not in state.notes
    assert comment.digest not in {one.envelope.digest for one in state.void}


def test_of_two_decisions_of_one_party_the_positive_one_counts() -> None:
    world = World(log=False)
    world.propose()
    state = world.state
    world.decide(BORIS, Action.declined, reason="No.")
    world.add(compose.compose_decision(state, Action.signed, BORIS.did, occurred_at=world.tick()), BORIS)
    assert world.state.pending is not None
    assert world.state.pending.decisions[1].action is Action.signed
    assert [one.envelope.action for one in world.state.void] == ["declined"]


def test_without_a_log_the_proposer_must_countersign_alone_and_last() -> None:
    world = World((party(ANNA, "Anna"), party(BORIS, "Boris")), log=False)
    world.propose()
    assert [one.check for one in world.state.void] == ["DOC-RULES"]
