"""Successions of keys: asked by one look, they say what a walk along the chain says."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cms_backend.core.ids import Did, KeyText
from cms_backend.core.lifecycle_keys import MOST_SUCCESSIONS, Successions
from cms_backend.core.lifecycle_machine import did_of_key
from cms_backend.core.party_index import PartyIndex
from tests.support.hostile_record import party, person

PEOPLE = [person(number) for number in range(8)]
KEYS = [one.key for one in PEOPLE]


def walked(named: dict[KeyText, KeyText], key: KeyText) -> list[KeyText]:
    """The heirs of a key, one step after the other; a chain that comes back to a key ends there."""
    found: list[KeyText] = []
    while key in named and named[key] not in found and len(found) < MOST_SUCCESSIONS:
        key = named[key]
        found.append(key)
    return found


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12))
def test_who_acts_for_whom_is_what_the_chain_says_in_any_order_of_the_ends(
    pairs: list[tuple[int, int]],
) -> None:
    successions, named = Successions(), {}
    for first, second in pairs:
        if KEYS[first] not in named and first != second:
            named[KEYS[first]] = KEYS[second]
            successions.add(KEYS[first], KEYS[second])
    for key in KEYS:
        heirs = set(walked(named, key))
        assert {heir for heir in KEYS if successions.succeeds(did_of_key(heir), key)} == heirs
        assert set(successions.heirs(key)) == heirs


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12), st.integers(1, 7))
def test_the_first_party_for_whom_a_key_acts_is_found_whenever_it_is_asked(
    pairs: list[tuple[int, int]], parties: int
) -> None:
    index = PartyIndex.of([party(one) for one in PEOPLE[:parties]])
    successions, named = Successions(), {}
    for first, second in pairs:
        if KEYS[first] in named or first == second:
            continue
        named[KEYS[first]] = KEYS[second]
        successions.add(KEYS[first], KEYS[second])
        for heir in KEYS:
            stands = [at for at, key in enumerate(KEYS[:parties]) if heir in walked(named, key)]
            assert successions.party_in(index, did_of_key(heir)) == min(stands, default=None)


def test_a_copy_goes_its_own_way() -> None:
    successions = Successions()
    successions.add(KEYS[0], KEYS[1])
    other = successions.copy()
    other.add(KEYS[1], KEYS[2])
    assert other.succeeds(did_of_key(KEYS[2]), KEYS[0])
    assert not successions.succeeds(did_of_key(KEYS[2]), KEYS[0])


def test_a_chain_is_followed_as_far_as_the_bound_says() -> None:
    keys = [person(number).key for number in range(MOST_SUCCESSIONS + 2)]
    forwards, backwards = Successions(), Successions()
    pairs = list(pairwise(keys))
    for key, successor in pairs:
        forwards.add(key, successor)
    for key, successor in reversed(pairs):
        backwards.add(key, successor)
    for successions in (forwards, backwards):
        assert successions.succeeds(did_of_key(keys[MOST_SUCCESSIONS]), keys[0])
        assert not successions.succeeds(did_of_key(keys[MOST_SUCCESSIONS + 1]), keys[0])


def test_a_did_that_certifies_no_key_succeeds_nobody() -> None:
    successions = Successions()
    successions.add(KEYS[0], KEYS[1])
    assert not successions.succeeds(Did("did:web:example.org"), KEYS[0])
