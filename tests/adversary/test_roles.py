"""The table "Who can do what" of docs/protocol.md, line by line: each role makes its moves, and is seen as it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from eth_abi.abi import encode as abi_encode
from eth_utils.crypto import keccak

from cms_backend.core.checkpoint import b64encode
from cms_backend.core.disclosure import disclose
from cms_backend.core.errors import SlotTaken
from cms_backend.core.evidence import Evidence
from cms_backend.core.hashing import H
from cms_backend.core.ids import Digest, Time
from cms_backend.core.lifecycle import Entry, admit_check, replay
from cms_backend.core.merge import merge
from cms_backend.core.report_model import OpenItem, Report, Tail, Verdict
from cms_backend.core.slots import party_slot, spine_slot
from cms_backend.core.verify import (
    AnchoredFact,
    LedgerFacts,
    LogFacts,
    OwnResolution,
    exit_code,
    verify_evidence,
)
from tests.adversary import made
from tests.adversary.additions import added, insiders, strangers
from tests.adversary.cast import BORIS, HEIR, MALLORY, OPERATOR, PLANT, THIEF, Role, h
from tests.adversary.edits import changes
from tests.adversary.file_parts import changed, digest, with_section, without
from tests.adversary.invariants import STRICT, Case, Known, broken
from tests.adversary.logs import LEDGER
from tests.adversary.moves import AGREED, MOVES, play
from tests.adversary.world import TRUST, World, written

ROOT: Final = Path(__file__).resolve().parents[2]
HISTORIES: Final = (
    AGREED,
    (*AGREED, "Boris gives notice"),
    ("propose", "Boris signs", "anchor", "Anna signs", "anchor", "propose", "Boris declines"),
    (*AGREED, "anchor", "move", "Anna gives notice", "anchor"),
    ("propose, Boris names his next key", "Boris signs", "Boris changes his key", "Anna signs"),
)
TESTS: dict[tuple[str, str], Callable[..., None]] = {}


def row(who: str, can: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The line of the table that a test proves."""

    def keep(test: Callable[..., None]) -> Callable[..., None]:
        TESTS[who, can] = test
        return test

    return keep


def table() -> list[tuple[str, str]]:
    """The lines of section 10."""
    text = (ROOT / "docs" / "protocol.md").read_text("utf-8").partition("\n## 10.")[2]
    lines = [re.split(r"\s*\|\s*", line.strip("| ")) for line in text.splitlines() if line.startswith("|")]
    return [(line[0], line[1]) for line in lines[2:]]


def verified(
    world: World, file: dict[str, Any], facts: LedgerFacts | None = None, *, scans: bool = False
) -> Report:
    """The report on a file."""
    known = world.facts(scans=scans) if facts is None else facts
    return verify_evidence(written(file), known, TRUST, Time(world.now))


def cases(world: World, *, heads: bool = True, scans: bool = False) -> Case:
    """The case of the genuine file."""
    file = world.evidence(heads=heads)
    return Case(world, file, file, Known(world.facts(scans=scans), world.reads() if scans else {}, world.now))


def edited(base: Case, *roles: Role) -> Iterator[Case]:
    """All edits by these roles."""
    for change in changes(base.file, base.world):
        if change.role in roles:
            yield base.then(change)


def test_every_line_of_the_table_is_proved_here() -> None:
    assert table() == list(TESTS)


# --- the operator -------------------------------------------------------------------------------------------


@row("operator", "withhold, delay")
def test_what_an_operator_withholds_is_promised_in_a_receipt_or_found_in_the_log() -> None:
    world = play(AGREED)
    notice = made.event(
        world.evidence(heads=False), "terminated", BORIS, world.objects[world.truth.head.digest], party=1
    )  # type: ignore[union-attr]
    promise = made.receipt(OPERATOR, notice, "log.example/one")
    # Accepted and never logged: the party's own file says so, although the operator states that this is all.
    file = world.evidence()
    mine = added(with_section(file, 0, receipts=[promise]), [notice])
    report = verified(world, mine)
    assert OpenItem.not_logged in report.open_items
    assert exit_code(report, STRICT) == 2
    log = world.log
    assert log is not None
    assert spine_slot(world.genesis, notice["sequence"]).raw not in {leaf[:32] for leaf in log.leaves}
    # Logged and not handed out: whoever reads the log finds it.
    MOVES["Boris gives notice"].do(world)
    late = world.evidence(heads=False)
    report = verified(world, without(late, [world.truth.head.digest]), scans=True)  # type: ignore[union-attr]
    assert report.tail is Tail.later


@row("operator", "show two histories")
def test_two_histories_of_a_log_are_found_at_the_next_comparison() -> None:
    world = play((*AGREED, "anchor"))
    first = world.evidence(heads=False)
    fork = world.logs[world.first].copy()  # type: ignore[index]
    fork.leaves[-1], fork.digests[-1] = H("another slot").raw + H("another leaf").raw, str(H("another leaf"))
    gone = world.logs[world.first].digests[-1]  # type: ignore[index]
    own = {d for d in first["logs"][0]["proofs"] if d != gone}
    second = changed(
        without(first, [gone]), logs=[{**fork.section(own, len(fork)), "consistency": []}], anchors=[]
    )
    # A client that holds both, a verifier that has read the log, and one that asks the ledger.
    both = merge(Evidence.from_bytes(written(first)), Evidence.from_bytes(written(second)))
    assert verified(world, both.to_json()).verdict in (Verdict.incomplete, Verdict.altered)
    assert "LOG-CONSISTENT" in {
        c.id for c in verified(world, both.to_json()).checks if c.state.value == "failed"
    }
    read = LogFacts(fork.note(len(fork)), tuple(map(b64encode, fork.leaves)))
    asked = replace(world.facts(scans=False), logs=(read,))
    assert verified(world, first, asked).verdict is Verdict.incomplete
    anchor = fork.anchor(len(fork), world.block, world.now)
    assert anchor["root"] != first["anchors"][0]["root"]
    told = replace(
        world.facts(scans=False).chains[0],
        anchored=(
            AnchoredFact(
                LEDGER,
                Digest(fork.log_id),
                len(fork),
                Digest(first["anchors"][0]["root"]),
                1001,
                Time(world.now),
            ),
        ),
    )
    assert verified(world, changed(second, anchors=[anchor]), LedgerFacts((told,))).verdict is Verdict.altered


@row("operator", "backdate before an anchor")
def test_backdating_before_an_anchor_is_seen_by_nobody_and_the_window_stays_wide() -> None:
    world = play(("propose",))
    on = world.truth.pending
    assert on is not None
    early = "2026-04-01T00:00:00.000Z"
    text = world.documents[on.root]
    world.log_or_keep(world.event("signed", BORIS, text, on.sequence, on.digest, {}, party=1, time=early))
    MOVES["Anna signs"].do(world)
    MOVES["anchor"].do(world)
    report = verified(world, world.evidence())
    assert report.verdict is Verdict.verified
    claimed = next(event for event in report.events if event.occurred_at == early)
    assert claimed.not_before is None
    assert claimed.not_after is not None
    assert {c.state.value for c in report.checks if c.id == "TIME-WINDOW" and c.event == claimed.digest} == {
        "passed"
    }


@row("operator", "state a false tail, resolve a DID falsely")
def test_a_lie_of_the_operator_is_signed_and_found_by_who_holds_more() -> None:
    world = play((*AGREED, "Boris gives notice"), web=True)
    log, notice = world.logs[world.first], world.truth.head  # type: ignore[index]
    assert notice is not None
    named = [d for d in log.digests if d in world.objects and d != notice.digest]
    lie = log.head(
        world.evidence()["contract"], world.genesis, notice.sequence - 1, named, len(log), world.now
    )
    file = with_section(without(world.evidence(heads=False), [notice.digest]), 0, head=lie)
    believed = verified(world, file)
    assert believed.tail is Tail.stated
    assert exit_code(believed, STRICT) == 0
    # Who reads the log, or has the notice, has the signed lie too.
    assert verified(world, file, scans=True).tail is Tail.later
    genuine = Evidence.from_bytes(written(world.evidence(heads=False)))
    joined = verified(world, merge(genuine, Evidence.from_bytes(written(file))).to_json())
    assert joined.state == "terminated"
    # A false word on a DID binds, until somebody resolves it.
    false = made.resolution(OPERATOR, str(world.boris.did), str(MALLORY.key))
    wrong = changed(world.evidence(), resolutions=[false])
    assert verified(world, wrong).verdict is Verdict.not_recognised
    own = tuple(OwnResolution(who.did, who.key, Time(world.now)) for who in (world.anna, world.boris))
    assert verified(world, wrong, replace(world.facts(), resolutions=own)).verdict is Verdict.verified


# --- a party ------------------------------------------------------------------------------------------------


@row("party", "decide twice, fork")
def test_a_second_decision_is_refused_at_admission_or_void_at_the_merge() -> None:
    world = play(("propose",))
    on = world.truth.pending
    assert on is not None
    text = world.documents[on.root]
    first = world.event("signed", BORIS, text, on.sequence, on.digest, {}, party=1)
    second = world.event("declined", BORIS, text, on.sequence, on.digest, {"reason": ""}, party=1)
    assert world.put(world.log, first)  # type: ignore[arg-type]
    assert not world.put(world.log, second)  # type: ignore[arg-type]
    file = world.evidence()
    held = Evidence.from_bytes(written(file))
    state = replay(
        [
            Entry(one, 0, at)
            for at, one in enumerate(sorted(held.envelopes, key=lambda one: (one.sequence, one.action)))
        ],
        {one.ref.root: one.document for one in world.documents.values()},
        now=Time(world.now),
    )
    later = Evidence.from_bytes(written(added(file, [second])))
    again = next(one for one in later.envelopes if one.digest == digest(second))
    with pytest.raises(SlotTaken):
        admit_check(state, again, None, now=Time(world.now))
    # Without a log the two meet when the files are merged; of a party's two decisions the positive one counts.
    world = play(AGREED, logged=False)
    on = world.truth.in_force
    assert on is not None
    decline = made.event(world.evidence(), "declined", BORIS, world.objects[on.digest], party=1)
    one = Evidence.from_bytes(written(world.evidence()))
    signed = next(d for d, deed in world.deeds.items() if deed.action == "signed" and deed.seat == 1)
    two = Evidence.from_bytes(written(added(without(world.evidence(), [signed]), [decline])))
    report = verified(world, merge(one, two).to_json())
    assert report.state == "in_force"
    assert [event.action for event in report.void] == ["declined"]


@row("party", "hold an event back and log it later")
def test_an_event_held_back_has_the_place_of_its_leaf() -> None:
    world = play(AGREED)
    head = world.truth.head
    assert head is not None
    notice = made.event(world.evidence(), "terminated", BORIS, world.objects[head.digest], party=1)
    before = verified(world, world.evidence())
    assert before.state == "in_force"
    MOVES["propose"].do(world)
    assert not world.put(world.log, notice)  # type: ignore[arg-type]
    report = verified(world, added(world.evidence(), [notice]))
    assert report.state == "in_force"
    assert exit_code(report, STRICT) == 0
    # Logged in time, it counts from its leaf on, whatever its own time says.
    world = play(AGREED)
    MOVES["anchor"].do(world)
    MOVES["Boris gives notice"].do(world)
    later = verified(world, world.evidence())
    event = next(one for one in later.events if one.action == "terminated")
    assert (later.state, event.index) == ("terminated", len(world.log) - 1)  # type: ignore[arg-type]


# --- the owner ----------------------------------------------------------------------------------------------


@row("owner", "drop or re-key a party")
@pytest.mark.parametrize("move", ["propose without Boris", "propose with another key for Boris"])
@pytest.mark.parametrize("logged", [True, False])
def test_a_proposal_without_a_signer_in_force_is_void(move: str, logged: bool) -> None:
    world = play((*AGREED, move), logged=logged)
    assert world.truth.pending is None
    report = verified(world, world.evidence())
    assert report.state == "in_force"
    assert [event.check for event in report.void] == ["DOC-RULES"]
    assert [party.name for party in report.parties] == ["Anna", "Boris"]


@row("owner", "move the record to a log of its own")
@pytest.mark.parametrize("last", ["Boris gives notice", "propose", "Boris declines"])
def test_both_logs_have_the_last_word_on_their_part(last: str) -> None:
    world = play((*AGREED, "propose", last, "move", "Anna comments"))
    base = cases(world)
    assert base.report.tail is Tail.stated
    for at in (0, 1):
        report = verified(world, with_section(base.file, at, head=None))
        assert report.tail is Tail.not_known
    # And by a move that the log left does not hold she gets past nothing.
    for case in edited(base, Role.owner):
        assert broken(case) == [], case.changes[-1].name


# --- a holder -----------------------------------------------------------------------------------------------


@row("holder", "cut the tail, hide a clause")
@pytest.mark.parametrize("history", HISTORIES, ids=" ".join)
def test_a_cut_tail_is_found_and_a_hidden_clause_is_listed(history: tuple[str, ...]) -> None:
    world = play(history)
    for scans in (True, False):
        base = cases(world, heads=not scans, scans=scans)
        for case in edited(base, Role.holder):
            name = case.changes[-1].name
            assert broken(case) == [], name
            if name.startswith(("cut behind", "drop terminated", "drop signed", "drop proposed")) and scans:
                assert case.exit() != 0, name
                assert case.report.tail in (Tail.later, Tail.not_known), name
    file = world.evidence()
    documents = [disclose(one, ["/terms/00000"]).to_json() for one in world.documents.values()]
    roots = {one["document"]["root"] for one in file["envelopes"]}
    shown = [text for text, root in zip(documents, world.documents, strict=True) if root in roots]
    report = verified(world, changed(file, documents=shown))
    assert report.hidden == ("/terms/00000",)
    assert any(check.id == "DOC-HIDDEN" and "/terms/00000" in (check.found or "") for check in report.checks)
    assert report.state == verified(world, file).state


@row("holder", "take a proof out")
@pytest.mark.parametrize("history", HISTORIES, ids=" ".join)
def test_a_proof_taken_out_leaves_something_waiting_or_the_tail_lacking(history: tuple[str, ...]) -> None:
    world = play(history)
    for heads, scans in ((True, False), (False, True), (False, False)):
        base = cases(world, heads=heads, scans=scans)
        for case in edited(base, Role.holder):
            name = case.changes[-1].name
            if name.startswith("strip the proof of") and "in section" not in name and "commented" not in name:
                assert (
                    OpenItem.not_logged in case.report.open_items
                    or case.report.verdict is not Verdict.verified
                ), name
                assert case.report.tail is Tail.later or not (heads or scans) or "created" in name, name
                assert case.exit(frozenset({"in-force"})) != 0


# --- a thief, a stranger, anyone ----------------------------------------------------------------------------


@row("thief of a key", "sign until KeyEnd is logged")
def test_a_thief_signs_until_the_end_is_logged_and_next_stops_a_take_over() -> None:
    # With the key itself, before its end: nobody can tell.
    assert verified(play(AGREED), play(AGREED).evidence()).state == "in_force"
    # Behind the end of the key its events are void.
    world = play(("propose", "Boris ends his key", "Boris signs"))
    report = verified(world, world.evidence())
    assert (report.state, [event.check for event in report.void]) == ("pending", ["KEY-END"])
    # Where Boris has signed a text that names his next key, a thief puts none of theirs in its place.
    world = play(("propose, Boris names his next key", "Boris signs", "thief ends Boris's key", "Anna signs"))
    assert str(BORIS.key) not in world.truth.ended
    report = verified(world, world.evidence())
    assert report.state == "in_force"
    MOVES["Boris changes his key"].do(world)
    MOVES["Boris gives notice"].do(world)
    report = verified(world, world.evidence())
    assert report.state == "terminated"
    assert {event.actor for event in report.events if event.action == "terminated"} == {HEIR.did}
    # Without one, they do.
    world = play(("propose", "thief ends Boris's key", "Boris signs", "Anna signs"))
    assert {event.actor for event in verified(world, world.evidence()).events} >= {THIEF.did}


@row("stranger", "add objects of its own to a file")
@pytest.mark.parametrize("logged", [True, False])
@pytest.mark.parametrize("history", HISTORIES, ids=" ".join)
def test_what_strangers_add_has_no_effect(history: tuple[str, ...], logged: bool) -> None:
    world = play(history, logged=logged)
    for scans in (True, False):
        base = cases(world, scans=scans)
        for change in strangers(base.file, world):
            case = base.then(change)
            assert broken(case) == [], change.name


@row(
    "anyone",
    "sign for another, commit another's successor, name a log by what does not count, squat a log id, link slots",
)
def test_what_nobody_can_do() -> None:
    # Sign for another: an event in Boris's name by another key, logged by a careless log.
    world = play(("propose",))
    on = world.truth.pending
    assert on is not None
    world.log_or_keep(
        world.event("signed", MALLORY, world.documents[on.root], on.sequence, on.digest, {}, party=1)
    )
    report = verified(world, world.evidence())
    assert [event.check for event in report.void] == ["KEY-PIN"]
    # Commit another's successor.
    world = play(("propose, planting a next key", "planted key ends Boris's", "planted key signs"))
    assert h(str(PLANT.key)) in {
        str(p.next) for text in world.documents.values() for p in text.document.parties
    }
    assert verified(world, world.evidence()).state == "pending"
    # Name a log by what does not count.
    world = play(AGREED)
    for change in strangers(world.evidence(), world):
        if "move" in change.name or "next log" in change.name:
            report = verified(world, change.apply(world.evidence()))
            assert [row.vkey for row in report.logs] == [world.first], change.name
    # Squat a log id: the sender's address is in it, and a statement that is not the operator's names none.
    key = bytes.fromhex("ab" * 32)
    ids = {
        keccak(abi_encode(["uint256", "address", "address", "bytes32"], [1, LEDGER, "0x" + who * 20, key]))
        for who in ("01", "02")
    }
    assert len(ids) == 2
    # Link slots: nothing but genesis leads from a contract to its slots.
    other = str(H("another genesis"))
    mine = {spine_slot(world.genesis, n) for n in range(50)} | {
        party_slot(world.genesis, n, 1) for n in range(50)
    }
    theirs = {spine_slot(other, n) for n in range(50)} | {party_slot(other, n, 1) for n in range(50)}
    assert len(mine | theirs) == 200


def test_no_role_breaks_an_invariant_with_any_of_its_moves() -> None:
    for at, history in enumerate(HISTORIES):
        world = play(history)
        base = cases(world, heads=at % 2 == 0, scans=at % 2 == 1)
        found = list(insiders(base.file, world))
        Random(at).shuffle(found)
        for change in found:
            assert broken(base.then(change)) == [], (history, change.name)
