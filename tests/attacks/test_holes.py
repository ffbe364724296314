"""Files that once passed for what they are not: found by the search in tests/adversary, kept here by hand.

`hole_x()` makes the file and what the verifier knows beside it; the test says what the protocol makes of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest

from cms_backend.core.evidence import Evidence
from cms_backend.core.ids import Time
from cms_backend.core.merge import merge, restrict
from cms_backend.core.report_model import OpenItem, Report, Tail, Verdict
from cms_backend.core.verify import LedgerFacts, exit_code, verify_evidence
from tests.adversary.additions import added
from tests.adversary.cast import ANNA, BORIS, MALLORY, PLANT
from tests.adversary.damages import damages
from tests.adversary.edits import changes
from tests.adversary.file_parts import with_section
from tests.adversary.made import event
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
    wanted = f"owner: moves on 1 proposed, {rest}"
    change = next(one for one in changes(file, world) if one.name.startswith(wanted))
    made = with_section(change.apply(file), 0, head=kept)
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


def hole_e(*, end: bool = False) -> Hole:
    """E: somebody puts in what only a contract account could judge, in the name of nobody in the contract."""
    kind = "a KeyEnd" if end else "an event"
    return _edited(play(AGREED), f"stranger: {kind} that only a contract account could judge")


@pytest.mark.parametrize("end", [True, False])
def test_what_can_never_count_makes_nothing_undecided(end: bool) -> None:
    report = hole_e(end=end).report
    assert report.verdict is Verdict.verified
    assert report.state == "in_force"
    assert exit_code(report, STRICT) == 0


def hole_f() -> Hole:
    """F: one operator runs both logs; what it states of the log that was left stands in the section of the next one."""
    world = play((*AGREED, "move to another log of the operator", "Boris gives notice"))
    notice = world.truth.head
    assert notice is not None
    return _edited(world, f"drop {notice.digest[:6]}, head of 0 in 1")


def test_a_head_statement_speaks_of_its_own_log_only() -> None:
    report = hole_f().report
    assert report.tail is not Tail.stated
    assert exit_code(report, STRICT) != 0


def hole_g(*, head: bool) -> Hole:
    """G: the log got a new key, and so a successor, where notice was given; the statement that says so is taken out."""
    return _edited(
        play((*AGREED, "rotate", "Boris gives notice")), "hide the next log", scans=not head, head=head
    )


@pytest.mark.parametrize("head", [True, False])
def test_a_log_that_goes_on_under_another_key_cannot_be_hidden(head: bool) -> None:
    report = hole_g(head=head).report
    assert report.tail in (Tail.later, Tail.not_known)
    assert exit_code(report, STRICT) != 0


ECHO = (*AGREED, "move", "Boris gives notice", "echo")


def test_the_operator_of_a_log_that_was_left_makes_nothing_void() -> None:
    """H: it takes the notice in once more, behind the closing leaf."""
    report = _edited(play(ECHO)).report
    assert report.state == "terminated"
    assert report.void == ()


@pytest.mark.parametrize("edit", ["strip the proof of moved", "drop section 1"])
def test_a_leaf_behind_the_closing_one_fills_no_slot(edit: str) -> None:
    """I: with the section of the next log the notice has lost its place; it waits, whatever the old log holds."""
    report = _edited(play(ECHO), edit, head=False).report
    assert OpenItem.not_logged in report.open_items
    assert exit_code(report, IN_FORCE) == 2


def test_revision_0_cannot_be_left_out() -> None:
    """J: with it the commitments and the keys that it names would go."""
    report = _edited(play(AGREED), "drop document 0").report
    assert report.verdict is Verdict.incomplete


def test_an_anchor_taken_out_makes_no_late_decision_count() -> None:
    """K: what a file proves of times can be taken out of it, so lateness is told by the claim alone."""
    world = play(
        ("propose, to be answered soon", "Anna comments", "Anna comments", "Anna comments", "Anna comments")
    )
    on = world.truth.pending
    assert on is not None
    world.log_or_keep(
        world.event("signed", BORIS, world.documents[on.root], on.sequence, on.digest, {}, party=1)
    )
    world.anchor(next(iter(world.logs.values())))
    whole, without = _edited(world).report, _edited(world, "drop anchor").report
    assert [one.check for one in whole.void] == [one.check for one in without.void] == ["LIFE-STATE"]


def test_a_stripped_proof_settles_no_anchor() -> None:
    """L: what has no leaf in the file cannot lie above an anchor; but something waits."""
    report = _edited(play((*AGREED, "anchor", "propose")), "strip the proof of proposed 2").report
    assert exit_code(report, frozenset({"anchor"})) != 0


def test_a_strangers_text_names_no_attachment() -> None:
    """M: it names the attachment of the others with another size."""
    report = _edited(play(AGREED), "stranger: a text of their own").report
    assert report.verdict is Verdict.verified


def hole_n(*, stranger: bool) -> Hole:
    """N: Anna's proposal names the text with a wrong number of leaves; a stranger's event names it rightly."""
    world = play(())
    first = world.truth.head
    assert first is not None
    text = world.text(1, first.root)
    lie = replace(text.ref, leaves=99)
    made_on = world.objects[first.digest]
    details = {"reply_by": None, "note": "", "on_behalf_of": None}
    world.log_or_keep(world.event("proposed", ANNA, lie, 1, first.digest, details))
    file = world.evidence()
    other = event(file, "proposed", MALLORY, made_on, document=text.ref.to_json())
    return Hole(written(added(file, [other]) if stranger else file), world.facts(), world.now)


@pytest.mark.parametrize("stranger", [False, True])
def test_a_strangers_event_gives_no_text_to_a_wrong_reference(stranger: bool) -> None:
    assert hole_n(stranger=stranger).report.verdict is not Verdict.verified


def test_a_record_that_began_without_a_log_is_moved_twice() -> None:
    """O: both moves would do as the way into the first log, and then none was taken."""
    world = play((*AGREED, "move", "move to another log of the operator", "Boris gives notice"), logged=False)
    report = _edited(world).report
    assert [row.vkey for row in report.logs] == world.truth.chain
    assert (report.state, report.tail) == ("terminated", Tail.stated)


def test_nothing_is_in_force_as_of_a_time_before_it_was_signed() -> None:
    """P: the only anchor lies below the signatures."""
    world = play(("anchor", *AGREED))
    report = _edited(world, scans=True, head=False).report
    assert report.state == "in_force"
    assert report.as_of is None or world.truth_by(report.as_of).status == "in_force"


@pytest.mark.parametrize("damage", ["another attachment", "a stranger's head for that of 0"])
def test_merging_with_the_genuine_file_leaves_behind_what_does_not_hold(damage: str) -> None:
    """Q: junk under the digest of an attachment; a HeadStatement of a stranger, greater than the operator's."""
    world = play(AGREED)
    file = world.evidence()
    change = next(one for one in damages(file) if one.name == damage)
    genuine, other = Evidence.from_bytes(written(file)), Evidence.from_bytes(written(change.apply(file)))
    assert merge(genuine, other).to_bytes() == merge(other, genuine).to_bytes()
    operators = {row.vkey: row.operator for row in Hole(written(file), world.facts(), world.now).report.logs}
    roots = {text.ref.root for text in world.documents.values()}
    kept = restrict(merge(other, genuine), (other, genuine), operators, roots)
    report = Hole(kept.to_bytes(), world.facts(), world.now).report
    assert report.verdict is Verdict.verified
    assert exit_code(report, STRICT) == 0


def hole_r() -> Hole:
    """R: the next log as it was before the notice; the log that was left has stated its end once more, and later."""
    return _edited(
        play((*AGREED, "move", "state", "Boris gives notice")), "section 1 as it was when its operator stated"
    )


def test_a_log_that_was_left_does_not_say_until_when_the_next_is_known() -> None:
    world = play((*AGREED, "move", "state", "Boris gives notice"))
    report = hole_r().report
    assert report.as_of is None or world.truth_by(report.as_of).status == report.state


@pytest.mark.parametrize("edit", ["drop section 1", "strip the proof of terminated"])
def test_a_void_event_in_a_log_that_was_left_fills_no_slot(edit: str) -> None:
    """S: the old log holds a void proposal where the next one holds the notice; then the next one's section goes."""
    world = play((*AGREED, "propose without Boris", "rotate", "Boris gives notice"))
    report = _edited(world, edit, head=False).report
    assert OpenItem.not_logged in report.open_items
    assert exit_code(report, IN_FORCE) == 2


_HEIR = ("propose", "move", "Boris signs", "Anna signs", "Boris changes his key", "Boris gives notice")


@pytest.mark.parametrize(
    "edit", ["drop section 0", "strip the proof of moved", "keep the proof of, drop moved"]
)
def test_the_way_into_the_first_log_is_taken_out_and_the_notice_by_a_new_key_stays(edit: str) -> None:
    """T: without the log the end of the old key changes nothing, so nobody seemed to know who gave notice."""
    hole = _edited(play(_HEIR, logged=False), edit, head=False)
    assert exit_code(hole.report, IN_FORCE) != 0
    assert hole.report.tail is not Tail.not_applicable or hole.report.verdict is Verdict.incomplete


def test_a_log_between_is_taken_out_with_the_end_of_a_key_in_it() -> None:
    """U: the record came into the second log by a later `moved`, and the first log was not missed."""
    world = play((*AGREED, "move", "move to another log of the operator", "Boris gives notice"), logged=False)
    report = _edited(world, "drop section 0").report
    assert report.tail is Tail.not_known
    assert exit_code(report, STRICT) == 2
