"""Files that once passed for what they are not: found by the search in tests/adversary, kept here by hand.

`hole_x()` makes the file and what the verifier knows beside it; the test says what the protocol makes of it.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from cms_backend.core.ids import Time
from cms_backend.core.report_model import OpenItem, Report, Tail, Verdict
from cms_backend.core.verify import LedgerFacts, exit_code, verify_evidence
from tests.adversary.cast import MALLORY, PLANT
from tests.adversary.edits import changes
from tests.adversary.file_parts import with_section
from tests.adversary.moves import AGREED, play
from tests.adversary.world import TRUST, World, written

STRICT = frozenset({"in-force", "tail"})
IN_FORCE = frozenset({"in-force"})
NOTICE = (*AGREED, "Boris gives notice")


class Hole(NamedTuple):
    """A file before a verifier."""

    data: bytes
    facts: LedgerFacts
    now: str

    @property
    def report(self) -> Report:
        """What the verifier makes of it."""
        return verify_evidence(self.data, self.facts, TRUST, Time(self.now))


def _edited(world: World, *edits: str, scans: bool = False, head: bool = True) -> Hole:
    """The genuine file after edits whose names begin like this, one after the other."""
    file = world.evidence(heads=head)
    for wanted in edits:
        change = next(one for one in changes(file, world) if one.name.startswith(wanted))
        file = change.apply(file)
    return Hole(written(file), world.facts(scans=scans), world.now)


def hole_a(*, head: bool = True, scans: bool = False) -> Hole:
    """A: a notice is in the log and in the file; its inclusion proof is taken out."""
    return _edited(play(NOTICE), "strip the proof of terminated", head=head, scans=scans)


@pytest.mark.parametrize("scans", [False, True])
def test_a_notice_without_its_proof_is_known_to_be_in_the_log(scans: bool) -> None:
    report = hole_a(scans=scans).report
    assert report.verdict is Verdict.incomplete
    assert report.tail is Tail.later
    assert exit_code(report, STRICT) == 1


def test_a_notice_without_its_proof_waits_when_nobody_tells_of_the_tail() -> None:
    report = hole_a(head=False).report
    assert report.verdict is Verdict.verified
    assert OpenItem.not_logged in report.open_items
    assert exit_code(report, IN_FORCE) == 2
    assert exit_code(report, frozenset({"tail"})) == 2


def hole_b(*, logged: bool = True) -> Hole:
    """B: the notice is cut off; a stranger's `moved` names a log and an operator, who states that this is all."""
    if logged:
        cut = "drop terminated"
        return _edited(play(NOTICE), "drop head 0", cut, "stranger: a move with its section behind")
    world = play((*AGREED, "move", "Boris gives notice"), logged=False)
    return _edited(world, "drop head 0", "drop terminated", "stranger: a move with its section in front")


@pytest.mark.parametrize("logged", [True, False])
def test_a_strangers_move_names_neither_log_nor_operator(logged: bool) -> None:
    report = hole_b(logged=logged).report
    assert report.verdict is Verdict.verified
    assert report.state == "in_force"
    assert report.tail is Tail.not_known
    assert str(MALLORY.did) not in {row.operator for row in report.logs}
    assert exit_code(report, STRICT) == 2


def hole_c() -> Hole:
    """C: Anna wrote a key of hers into the text as Boris's next, ends his key with it and signs in his seat."""
    return _edited(play(("propose, planting a next key", "planted key ends Boris's", "planted key signs")))


def test_nobody_names_the_next_key_of_another() -> None:
    report = hole_c().report
    assert report.verdict is Verdict.verified
    assert report.state == "pending"
    assert [party.decision for party in report.parties] == [None, None]
    assert str(PLANT.did) in {one.actor for one in report.void if one.check == "KEY-PIN"}


def hole_d(*, rest: str = "drops", head: bool = False, scans: bool = False) -> Hole:
    """D: after Boris's notice Anna moves the record, on the proposal before it, to a log of hers."""
    world = play(NOTICE)
    file = world.evidence()
    kept = file["logs"][0]["head"] if head else None
    change = next(
        one for one in changes(file, world) if one.name.startswith(f"owner: moves on 1 proposed, {rest}")
    )
    made = change.apply(with_section(file, 0, head=kept))
    return Hole(written(made), world.facts(scans=scans), world.now)


def test_the_owner_does_not_move_past_a_notice_that_was_cut_off() -> None:
    report = hole_d().report
    assert report.tail is Tail.not_known
    assert OpenItem.not_logged in report.open_items
    assert exit_code(report, STRICT) == 2
    assert exit_code(report, IN_FORCE) == 2


@pytest.mark.parametrize("rest", ["drops", "strips", "logs elsewhere"])
@pytest.mark.parametrize("head", [False, True])
def test_the_owner_does_not_move_past_a_notice_that_the_log_is_known_to_hold(rest: str, head: bool) -> None:
    report = hole_d(rest=rest, head=head, scans=not head).report
    assert report.verdict is Verdict.incomplete
    assert report.tail is Tail.later
    assert exit_code(report, STRICT) == 1


def hole_e(*, event: bool = True) -> Hole:
    """E: somebody puts in what only a contract account could judge, in the name of nobody in the contract."""
    kind = "an event" if event else "a KeyEnd"
    return _edited(play(AGREED), f"stranger: {kind} that only a contract account could judge")


@pytest.mark.parametrize("event", [True, False])
def test_what_can_never_count_makes_nothing_undecided(event: bool) -> None:
    report = hole_e(event=event).report
    assert report.verdict is Verdict.verified
    assert report.state == "in_force"
    assert exit_code(report, STRICT) == 0
