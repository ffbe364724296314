"""Attacks on the order of a contract's life, and on what a verdict makes a reader believe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cms_backend.core import compose
from cms_backend.core.errors import FormError
from cms_backend.core.events import Action, Envelope, event_statement
from cms_backend.core.ids import Time
from cms_backend.core.lifecycle import ProposalStatus
from cms_backend.core.merge import merge
from cms_backend.core.parties import Party, Role
from cms_backend.core.report_model import OpenItem, Tail, Verdict
from cms_backend.core.slots import slot_of
from cms_backend.core.verify import LedgerFacts, Trust, exit_code
from cms_backend.report.text import render_text
from tests.attacks.forgery import file_with, resigned
from tests.support.backend_app import running_api
from tests.support.backend_contracts import ALICE, BOB, Story
from tests.support.cli_run import runner
from tests.support.core_samples import event
from tests.support.verify_world import ANNA, BORIS, CARLA, DORA, TWO, World, failing, party, states

END = Time("2026-06-01T00:00:00.000Z")
LATER = Time("2027-01-01T00:00:00.000Z")
IN_FORCE = frozenset({"in-force"})


# --- B1: one chain for everything ------------------------------------------------------------------------------


def test_b01_copies_signed_apart_with_a_comment_between_come_together_without_a_fork() -> None:
    """B1: a decision links to its proposal and a note to nothing that follows, so that a merge is a union."""
    world = World((party(ANNA, "Anna", step=2), party(BORIS, "Boris"), party(CARLA, "Carla")), log=False)
    world.propose()
    sent, state = world.evidence(), world.state
    apart = []
    for signer in (BORIS, CARLA):
        note = compose.compose_commented(state, signer.did, "Is this net?", occurred_at=world.tick())
        signed = compose.compose_decision(state, Action.signed, signer.did, occurred_at=world.tick())
        own = [world.sign(body, signer) for body in (note, signed)]
        apart.append(replace(sent, envelopes=tuple(sorted((*sent.envelopes, *own), key=lambda e: e.digest))))
    together = merge(*apart)
    assert together == merge(*reversed(apart))
    report = world.verify(together)
    assert (report.verdict, report.forks, report.void) == (Verdict.verified, (), ())
    assert [one.name for one in report.parties if one.awaited] == ["Anna"]


# --- B2: time has no key ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "action", ["activated", "amended", "expired", "lapsed", "superseded", "key_rotated", "disclosed"]
)
def test_b02_what_time_does_is_no_event_that_somebody_could_sign(action: str) -> None:
    """B2: EVT-FORM; there is no such action, and who signs one has made no proof."""
    world = World().complete()
    said = event(BORIS, Action.declined, contract=world.contract)
    claimed = resigned({**said, "action": action}, BORIS)
    with pytest.raises(FormError, match="is no action"):
        Envelope.from_json(claimed)
    report = world.verify(file_with(world.evidence(), claimed))
    assert report.verdict is Verdict.no_proof
    assert "failed" in states(report, "EVT-FORM")


async def test_b02_a_server_takes_no_event_of_that_kind(tmp_path: Path) -> None:
    """B2: form.invalid; the state that a server shows follows from the same events."""
    async with running_api(tmp_path) as api:
        story = Story(log=api.log).signed_by_both()
        await api.tell(story)
        said = story.event(Action.declined, BOB, details={"reason": ""}).envelope
        sent = {"envelope": resigned({**said, "action": "expired"}, BOB), "document": None}
        refused = await api.post(f"/contracts/{story.contract}/events", sent, 400)
        assert refused["code"] == "form.invalid"
        assert (await api.get(f"/contracts/{story.contract}"))["row"]["status"] == "in_force"


def test_b02_one_file_reads_as_the_day_it_is_read_on() -> None:
    """B2: in force, expired and lapsed are derived from now; not one byte of the file says so."""
    world = World()
    world.propose(valid_until=END, reply_by=END)
    waiting = world.evidence().to_bytes()
    assert [world.verify(waiting, now=now).state for now in (world.now, LATER)] == ["pending", "lapsed"]
    world.decide(BORIS)
    world.decide(ANNA)
    agreed = world.evidence().to_bytes()
    assert [world.verify(agreed, now=now).state for now in (world.now, LATER)] == ["in_force", "expired"]


# --- B3: what holds while something else is proposed -----------------------------------------------------------


async def test_b03_a_rival_amendment_is_refused_while_one_is_pending(tmp_path: Path) -> None:
    """B3: lifecycle.refused; one proposal at a time, and the revision in force stays it."""
    async with running_api(tmp_path) as api:
        story = Story(log=api.log).signed_by_both()
        story.propose(ALICE, title="Alice's amendment")
        await api.tell(story)
        rival = story.propose(BOB, title="Bob's amendment")
        refused = await api.post(f"/contracts/{story.contract}/events", rival.body, 409)
        assert refused["code"] == "lifecycle.refused"
        row = (await api.get(f"/contracts/{story.contract}"))["row"]
        assert (row["status"], row["title"]) == ("in_force", "Alice's amendment")


def test_b03_a_signature_on_a_replaced_amendment_counts_for_no_other() -> None:
    """B3: LIFE-STEP, EVT-AFTER; a decision binds to its proposal, and the old revision holds until all decide."""
    world = World().complete()
    world.propose(ANNA)
    signed = world.decide(BORIS)
    world.propose(ANNA, terms=("The price is doubled.",))
    assert world.state.proposals[1].status is ProposalStatus.replaced
    body = compose.compose_decision(world.state, Action.signed, ANNA.did, occurred_at=world.tick())
    for after in ([], [str(signed.digest)]):
        world.take(world.sign({**body, "after": after}, ANNA), logged=False)
    state = world.state
    assert [one.check for one in state.void] == ["LIFE-STEP", "LIFE-STEP"]
    assert [one.name for one in state.awaited] == ["Anna", "Boris"]
    world.decide(BORIS)
    world.take(world.sign({**body, "after": [str(signed.digest)]}, ANNA), logged=False)
    state = world.state
    assert state.void[-1].check == "EVT-AFTER"
    assert state.in_force is not None
    assert state.in_force.ref.revision == 1


@pytest.mark.parametrize("action", [Action.declined, Action.withdrawn])
def test_b03_an_amendment_that_fails_leaves_in_force_what_was(action: Action) -> None:
    """B3: a decline or a withdrawal closes the proposal alone; the report is of the revision in force."""
    world = World().complete()
    world.propose(ANNA, terms=("The price is doubled.",))
    pending = world.verify()
    assert ", an amendment pending" in pending.headline
    assert OpenItem.in_force not in pending.open_items
    if action is Action.declined:
        world.decide(BORIS, action)
    else:
        world.withdraw(ANNA)
    report = world.verify()
    assert (report.state, report.revision, report.void) == ("in_force", 1, ())
    assert "amendment" not in report.headline


# --- B4: a notice is one person's ------------------------------------------------------------------------------


def test_b04_the_report_says_who_gave_notice_and_that_it_is_one() -> None:
    """B4: the row of the notice names its signer and is called a notice; nobody else is said to have agreed."""
    world = World().complete()
    notice = world.terminate(BORIS)
    world.anchor()
    report = world.verify()
    rows = [one for one in report.events if one.digest == notice.digest]
    assert [(one.title, one.actor_name, one.actor) for one in rows] == [
        ("Notice of termination", "Boris", BORIS.did)
    ]
    assert any("Notice of termination, Boris" in line for line in render_text(report).splitlines())
    assert notice.json["intent"] == "I give notice of termination of this contract."


@pytest.mark.parametrize(
    "other",
    [
        party(CARLA, "Carla", Role.approver, 1),
        party(CARLA, "Carla", Role.witness, 2, witness_of=1),
        party(CARLA, "Carla", Role.viewer, None),
    ],
    ids=["approver", "witness", "viewer"],
)
def test_b04_who_signed_nothing_ends_nothing(other: Party) -> None:
    """B4: LIFE-WHO; notice is given by a signer of the revision in force."""
    world = World((party(ANNA, "Anna", step=3), party(BORIS, "Boris", step=2), other))
    world.propose()
    if other.role is Role.approver:
        world.decide(CARLA, Action.approved)
    world.decide(BORIS)
    if other.role is Role.witness:
        world.decide(CARLA, Action.witnessed)
    world.decide(ANNA)
    world.terminate(CARLA)
    state = world.state
    assert [one.check for one in state.void] == ["LIFE-WHO"]
    assert (state.status, state.termination) == ("in_force", None)


# --- B5: who moves the record ----------------------------------------------------------------------------------


def test_b05_who_is_not_the_owner_takes_the_record_to_no_log_of_his_own() -> None:
    """B5: LIFE-WHO; only the owner names the next log."""
    world = World().complete()
    world.move(BORIS)
    assert [(one.envelope.action, one.check) for one in world.state.void] == [("moved", "LIFE-WHO")]


def test_b05_a_notice_in_the_slot_of_the_move_is_found_in_the_old_log() -> None:
    """B5: TAIL; the closing leaf stands in the slot that a notice would have: two leaves there, and one is missed."""
    world = World().complete()
    notice = world.terminate(BORIS)
    world.envelopes.remove(notice)
    world.move(ANNA)
    report = world.verify(tail=True)
    assert (report.verdict, failing(report), report.tail) == (Verdict.incomplete, {"TAIL"}, Tail.later)


def test_b05_what_a_log_takes_in_behind_its_closing_leaf_is_no_part_of_the_record() -> None:
    """B5: who runs the log that was left can make such leaves at any time: they neither count nor void anything."""
    world = World().complete()
    world.propose(ANNA)
    body = compose.compose_decision(world.state, Action.declined, BORIS.did, occurred_at=world.tick())
    declined = world.sign(body, BORIS)
    slot = slot_of(declined, world.genesis)
    assert slot is not None
    world.move(ANNA)
    world.decide(BORIS)
    world.logs[0].append(slot, declined.digest)
    world.envelopes.append(declined)
    report = world.verify(tail=True)
    assert (report.verdict, report.void, report.tail) == (Verdict.verified, (), Tail.absent)
    assert set(report.open_items) == {OpenItem.anchor, OpenItem.awaited}
    assert [row.action for row in report.events if row.void_reason is not None] == ["declined"]


def test_b05_a_decision_in_the_old_log_before_the_move_is_missed_when_it_is_cut() -> None:
    """B5: TAIL; the log that was left has the last word on its part."""
    world = World().complete()
    world.propose(ANNA)
    declined = world.decide(BORIS, Action.declined)
    world.move(ANNA)
    evidence = world.evidence(head=True)
    kept = tuple(one for one in evidence.envelopes if one.digest != declined.digest)
    old = replace(
        evidence.logs[0],
        proofs={key: text for key, text in evidence.logs[0].proofs.items() if key != declined.digest},
    )
    cut = replace(evidence, envelopes=kept, logs=(old, evidence.logs[1]))
    for tail in (False, True):
        report = world.verify(cut, world.facts(tail=tail))
        assert (report.tail, "TAIL" in failing(report)) == (Tail.later, True)


# --- B6: what "verified" says ----------------------------------------------------------------------------------


def _terminated(world: World) -> None:
    world.complete().terminate(BORIS)


def _declined(world: World) -> None:
    world.propose()
    world.decide(BORIS, Action.declined)


def _withdrawn(world: World) -> None:
    world.propose()
    world.withdraw()


def _expired(world: World) -> None:
    world.propose(valid_until=world.now)
    world.decide(BORIS)
    world.decide(ANNA)


@pytest.mark.parametrize(
    ("tell", "words"),
    [
        (_terminated, "Terminated"),
        (_declined, "Declined"),
        (_withdrawn, "Withdrawn"),
        (_expired, "Expired"),
        (lambda _: None, "Not yet proposed"),
    ],
    ids=["terminated", "declined", "withdrawn", "expired", "draft"],
)
def test_b06_a_contract_that_binds_nobody_is_never_just_verified(
    tell: Callable[[World], None], words: str
) -> None:
    """B6: the headline has the state and as-of, `in_force` is open, and --require in-force ends with 2."""
    world = World()
    tell(world)
    world.anchor()
    report = world.verify(tail=True)
    assert report.verdict is Verdict.verified
    assert report.headline == f"Verified. {words}, as of 1 May 2026."
    assert report.open_items == (OpenItem.in_force,)
    assert (exit_code(report), exit_code(report, IN_FORCE)) == (0, 2)
    assert render_text(report).startswith(report.headline)


def test_b06_who_knows_nobody_verifies_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """B6: recognised means that the key is pinned and bound to its DID, not that it stands in one's contacts."""
    run, home, file = runner(monkeypatch, capsys), tmp_path / "nothing", tmp_path / "x.cmsproof"
    world = World(log=False).complete()
    file.write_bytes(world.evidence().to_bytes())
    done = run("verify", "--require", "in-force", file, home=home)
    assert done.code == 0
    assert "Verified. In force." in done.out
    assert not home.exists()
    report = world.verify(facts=LedgerFacts(), trust=Trust())
    assert {one.bound for one in report.parties} == {"passed"}
    file.write_bytes(World().evidence().to_bytes())
    assert run("verify", "--require", "in-force", file, home=home).code == 2


# --- B7: whose turn it is --------------------------------------------------------------------------------------


def test_b07_a_signer_who_leaves_the_approval_out_stands_on_nothing() -> None:
    """B7: EVT-AFTER; `after` holds all decisions of lower steps, so that each signer has seen them."""
    world = World((party(CARLA, "Carla", Role.approver), party(BORIS, "Boris", step=2)), owner=CARLA)
    proposed = world.propose()
    world.decide(CARLA, Action.approved)
    blind = event_statement(
        action=Action.signed,
        contract=world.contract,
        sequence=1,
        previous=proposed.digest,
        actor=BORIS.did,
        party=1,
        occurred_at=world.tick(),
        document=proposed.document,
        details={},
    )
    world.add(blind, BORIS)
    assert [one.check for one in world.state.void] == ["EVT-AFTER"]


@pytest.mark.parametrize("step", [2, 3])
def test_b07_no_approver_is_asked_beside_or_after_a_signer(step: int) -> None:
    """B7: DOC-RULES; approvers' steps are below all signers'."""
    world = World((*TWO, party(DORA, "Dora", Role.approver, step)))
    world.propose()
    assert [one.check for one in world.state.void] == ["DOC-RULES"]
