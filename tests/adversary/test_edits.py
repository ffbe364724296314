"""Hostile copies are well-formed files, every role makes some, and they come from real files of other makers too."""

from __future__ import annotations

import json
from random import Random

from cms_backend.core.evidence import Evidence
from tests.adversary.cast import ANNA, BORIS, Role
from tests.adversary.edits import Foreign, hostile_copies
from tests.adversary.moves import AGREED, play
from tests.support.verify_world import World as VerifyWorld

HISTORY = (*AGREED, "anchor", "move", "state", "Boris gives notice", "anchor")


def test_every_hostile_copy_is_a_well_formed_file() -> None:
    world = play(HISTORY)
    copies = list(hostile_copies(world.evidence(), world, Random(1), pairs=40))
    assert len(copies) > 100
    for copy in copies:
        held = Evidence.from_bytes(copy.bytes)
        assert held.to_bytes() == copy.bytes, copy.name


def test_every_role_makes_hostile_copies() -> None:
    world = play(HISTORY)
    roles = {copy.role for copy in hostile_copies(world.evidence(), world, Random(1))}
    assert roles == set(Role) - {Role.operator}


def test_the_same_seed_makes_the_same_copies() -> None:
    first, second = play(HISTORY), play(HISTORY)
    one = [copy.bytes for copy in hostile_copies(first.evidence(), first, Random(7), pairs=20)]
    two = [copy.bytes for copy in hostile_copies(second.evidence(), second, Random(7), pairs=20)]
    assert one == two


def test_a_file_of_another_maker_gets_hostile_copies_too() -> None:
    evidence = json.loads(VerifyWorld().complete().evidence(head=True).to_bytes())
    around = Foreign({str(ANNA.did): ANNA, str(BORIS.did): BORIS})
    copies = list(hostile_copies(evidence, around, Random(1), pairs=20))
    assert len(copies) > 50
    for copy in copies:
        assert Evidence.from_bytes(copy.bytes).to_bytes() == copy.bytes, copy.name
