"""Replay with a log: the table of section 3, row by row."""

from __future__ import annotations

import pytest

from cms_backend.core import compose
from cms_backend.core.errors import LifecycleError
from cms_backend.core.events import Action
from cms_backend.core.ids import Time
from cms_backend.core.lifecycle import Entry, ProposalStatus, Status, advance, replay
from cms_backend.core.parties import Role
from tests.support.verify_world import ANNA, BORIS, CARLA, DORA, TWO, Log, LogKey, World, party, person

LATER = Time("2030-01-01T00:00:00.000Z")


def test_a_record_begins_as_a_draft() -> None:
    state = World().state
    assert state.status is Status.draft
    assert state.owner == ANNA.did
    assert state.awaited == ()


def test_a_proposal_waits_for_everyone_in_their_order() -> None:
    world = World()
    world.propose()
    assert world.state.status is Status.pending
    assert [(one.name, one.ready) for one in world.state.awaited] == [("Anna", False), ("Boris", True)]


def test_it_is_in_force_when_all_have_signed() -> None:
    state = World().complete().state
    assert state.status is Status.in_force
    assert state.pending is None
    assert state.in_force is not None
    assert set(state.in_force.decisions) == {0, 1}


def test_roles_decide_in_their_steps() -> None:
    parties = (
        party(CARLA, "Carla", Role.approver, 1),
        party(ANNA, "Anna", step=2),
        party(BORIS, "Boris", Role.witness, 2, witness_of=1),
        party(DORA, "Dora", Role.viewer, None),
    )
    world = World(parties, owner=ANNA)
    world.propose()
    world.decide(CARLA, Action.approved)
    world.decide(ANNA)
    assert world.state.status is Status.pending
    world.decide(BORIS, Action.witnessed)
    assert world.state.status is Status.in_force
    assert world.state.void == ()


@pytest.mark.parametrize("signer", [CARLA, DORA])
def test_a_stranger_decides_nothing(signer: object) -> None:
    world = World()
    world.propose()
    body = compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.tick())
    stranger = CARLA if signer is CARLA else DORA
    world.add({**body, "actor": str(stranger.did), "party": None}, stranger, logged=False)
    assert [one.check for one in world.state.void] == ["LIFE-WHO"]


def test_who_says_to_be_another_party_is_refused_by_its_key() -> None:
    world = World()
    world.propose()
    body = compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.tick())
    world.add({**body, "actor": str(ANNA.did)}, ANNA)
    assert [one.check for one in world.state.void] == ["KEY-PIN"]


def test_a_decline_closes_the_proposal_and_the_next_revision_goes_on() -> None:
    world = World()
    world.propose()
    world.decide(BORIS, Action.declined, reason="Too dear.")
    assert world.state.status is Status.declined
    world.propose()
    state = world.state
    assert state.highest.revision == 2
    assert [one.status for one in state.proposals] == [ProposalStatus.declined, ProposalStatus.pending]


def test_a_withdrawal_closes_the_proposal() -> None:
    world = World()
    world.propose()
    world.withdraw()
    assert world.state.status is Status.withdrawn
    assert world.state.pending is None


def test_only_the_proposer_withdraws() -> None:
    world = World()
    world.propose()
    world.withdraw(BORIS)
    assert [one.check for one in world.state.void] == ["LIFE-WHO"]


def test_a_newer_proposal_replaces_ones_own() -> None:
    world = World()
    world.propose()
    world.propose()
    assert world.state.proposals[0].status is ProposalStatus.replaced


def test_somebody_else_does_not_replace_a_pending_proposal() -> None:
    """B3: LIFE-STATE; in a file a rival is void."""
    world = World().complete()
    world.propose(ANNA)
    world.propose(BORIS)
    assert [(one.check, one.envelope.action) for one in world.state.void] == [("LIFE-STATE", "proposed")]


def test_a_lapsed_proposal_may_be_replaced_by_another_signer() -> None:
    world = World().complete()
    world.propose(ANNA, reply_by=world.now)
    world.tick(60)
    assert world.state.status is Status.in_force
    world.propose(BORIS)
    assert world.state.void == ()


def test_a_decision_that_says_to_come_after_the_time_to_reply_is_void() -> None:
    world = World()
    world.propose(reply_by=Time("2026-05-01T10:03:30.000Z"))
    world.decide(BORIS)
    entries = [Entry(one, 0, at) for at, one in enumerate(world.envelopes)]
    in_time = replay(entries, world.texts, now=LATER)
    assert (in_time.void, in_time.status) == ((), Status.lapsed)
    world.decide(ANNA)
    late = [Entry(one, 0, at) for at, one in enumerate(world.envelopes)]
    assert [one.check for one in replay(late, world.texts, now=LATER).void] == ["LIFE-STATE"]


def test_the_old_revision_stays_in_force_until_the_new_one_is_complete() -> None:
    """B3: (revision in force, proposal pending)."""
    world = World().complete()
    world.propose(BORIS)
    state = world.state
    assert state.status is Status.in_force
    assert state.pending is not None
    assert state.in_force is not None
    assert state.in_force.ref.revision == 1
    world.decide(BORIS)
    world.decide(ANNA)
    assert [one.status for one in world.state.proposals] == [
        ProposalStatus.superseded,
        ProposalStatus.in_force,
    ]


def test_who_is_no_signer_does_not_amend() -> None:
    world = World((*TWO, party(CARLA, "Carla", Role.viewer, None))).complete()
    world.propose(CARLA)
    assert [one.check for one in world.state.void] == ["LIFE-WHO"]


def test_notice_takes_effect_on_its_day() -> None:
    world = World().complete()
    world.terminate(BORIS, effective_on=Time("2026-12-31T00:00:00.000Z"))
    entries = [Entry(one, 0, at) for at, one in enumerate(world.envelopes)]
    assert world.state.status is Status.notice_given
    assert replay(entries, world.texts, now=LATER).status is Status.terminated


def test_after_notice_only_comments_and_moves_count() -> None:
    world = World().complete()
    world.terminate(BORIS)
    world.comment(ANNA)
    assert world.state.void == ()
    world.propose(ANNA)
    assert [one.check for one in world.state.void] == ["LIFE-STATE"]


def test_notice_needs_something_in_force() -> None:
    world = World()
    proposed = world.propose()
    body = compose.compose_withdrawn(world.state, ANNA.did, occurred_at=world.tick())
    notice = {
        **body,
        "action": "terminated",
        "intent": "I give notice of termination of this contract.",
        "details": {"reason": "", "effective_on": None},
    }
    world.add(notice, ANNA)
    assert proposed.sequence == 1
    assert [one.check for one in world.state.void] == ["LIFE-STATE"]


def test_a_contract_expires_with_its_document() -> None:
    world = World()
    world.propose(valid_until=Time("2026-06-01T00:00:00.000Z"))
    world.decide(BORIS)
    world.decide(ANNA)
    entries = [Entry(one, 0, at) for at, one in enumerate(world.envelopes)]
    assert world.state.status is Status.in_force
    assert replay(entries, world.texts, now=LATER).status is Status.expired


def test_a_second_record_of_one_contract_does_not_open() -> None:
    world = World()
    sealed = world.documents[0]
    world.add(compose.compose_created(sealed, BORIS.did, occurred_at=world.tick()), BORIS, logged=False)
    assert [one.check for one in world.state.void] == ["LIFE-STATE"]


def test_without_the_first_event_there_is_no_state() -> None:
    with pytest.raises(LifecycleError):
        replay([], {}, now=LATER)


def test_a_successor_acts_for_the_owner() -> None:
    heir = person(30)
    world = World()
    world.end_key(ANNA, successor=heir.key)
    world.propose(heir, parties=(party(heir, "Anna", step=2), TWO[1]))
    assert world.state.void == ()
    assert world.state.pending is not None
    assert world.state.pending.proposer == ANNA.did


def test_an_amendment_may_name_the_successor_of_a_signer() -> None:
    heir = person(30)
    world = World().complete()
    world.end_key(BORIS, successor=heir.key)
    world.propose(ANNA, parties=(TWO[0], party(heir, "Boris")))
    world.decide(heir)
    world.decide(ANNA)
    assert world.state.void == ()
    assert world.state.in_force is not None
    assert world.state.in_force.ref.revision == 2


def test_one_event_more_gives_the_state_of_the_whole_replay() -> None:
    world = World((*TWO, party(CARLA, "Carla")))
    world.propose()
    world.decide(BORIS)
    world.comment(CARLA)
    world.decide(CARLA)
    world.decide(ANNA)
    world.terminate(CARLA)
    entries = [Entry(one, 0, at) for at, one in enumerate(world.envelopes)]
    state = replay(entries[:1], world.texts, now=LATER)
    for entry in entries[1:]:
        state = advance(state, entry, now=LATER)
    assert state == replay(entries, world.texts, now=LATER)


def test_a_record_moves_into_its_first_log_with_what_was_agreed_before() -> None:
    world = World(log=False).complete()
    log = Log(LogKey(bytes([202]) * 32, "log.example/two"), person(203))
    world.state_ledger(log)
    body = compose.compose_moved(
        world.state, ANNA.did, occurred_at=world.tick(), log=log.details, checkpoint=None
    )
    world.logs.append(log)
    world.add(body, ANNA)
    world.terminate(BORIS)
    state = world.state
    assert state.void == ()
    assert state.status is Status.terminated
    world.anchor()
    assert world.verify().verdict == "verified"
