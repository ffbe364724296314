"""Parties beside a contract: whose word the next key of a party is."""

from __future__ import annotations

from cms_backend.core.hashing import H
from cms_desktop.presentation.party_rows import next_key, party_rows
from tests.support.verify_world import ANNA, BORIS, World, party, person


def _name(did: str, fallback: str = "") -> str:
    return fallback or did


def _line(world: World) -> str:
    state = world.state
    proposal = state.pending or state.in_force
    return next_key(world.documents[-1].document.parties[1], state, proposal, _name)


def _world() -> World:
    boris = party(BORIS, "Boris", next=H(person(50).key))
    return World((party(ANNA, "Anna", step=2), boris))


def test_until_a_party_signs_its_next_key_is_the_proposers_word() -> None:
    world = _world()
    world.propose()
    assert _line(world) == "Next key on Anna's word, until Boris signs"


def test_a_party_confirms_its_next_key_by_signing_the_text() -> None:
    world = _world().complete()
    assert _line(world) == "Next key confirmed by Boris"


def test_another_next_key_in_a_later_text_is_told() -> None:
    world = _world().complete()
    world.propose(parties=(party(ANNA, "Anna", step=2), party(BORIS, "Boris", next=H(person(51).key))))
    assert _line(world) == "Boris has confirmed another next key"


def test_a_party_without_a_next_key_has_no_such_line() -> None:
    world = World().complete()
    state = world.state
    rows = party_rows(world.documents[-1].document, state, state.in_force, _name, frozenset())
    assert [row["nextKey"] for row in rows] == ["", ""]
