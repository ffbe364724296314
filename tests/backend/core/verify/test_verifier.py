"""The report over whole files: verdict, sentence, questions, open items, exit code."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from cms_backend.core import compose
from cms_backend.core.canonical import encode
from cms_backend.core.events import Action
from cms_backend.core.hashing import H, digest_of
from cms_backend.core.ids import Time
from cms_backend.core.lifecycle import Status
from cms_backend.core.parties import Role
from cms_backend.core.report_model import OpenItem, Report, Tail, Verdict
from cms_backend.core.verify import (
    BlockFact,
    LedgerFacts,
    OwnLedger,
    Trust,
    TrustedChain,
    exit_code,
    verify_evidence,
)
from tests.support.core_samples import envelope
from tests.support.verify_world import (
    ANNA,
    BORIS,
    CARLA,
    CHAIN,
    DORA,
    GENESIS_BLOCK,
    Log,
    LogKey,
    World,
    failing,
    party,
    person,
    states,
)

SCHEMAS = Path(__file__).parents[4] / "resources" / "schemas"


def anchored() -> World:
    """In force, logged, anchored."""
    world = World().complete()
    world.anchor()
    return world


def test_all_settled_reads_as_one_sentence() -> None:
    report = anchored().verify(head=True)
    assert report.headline == "Verified. In force, as of 1 May 2026."
    assert report.etsi == "TOTAL-PASSED"
    assert report.open_items == ()
    assert exit_code(report, frozenset({"in-force", "anchor", "tail"})) == 0


def test_a_pending_anchor_stands_in_the_sentence() -> None:
    world = World().complete()
    report = world.verify(head=True)
    assert report.headline == "Verified. In force, as of 1 May 2026. Anchor pending."
    assert report.open_items == (OpenItem.anchor,)
    assert exit_code(report, frozenset({"anchor"})) == 2
    assert exit_code(report) == 0
    assert {row.state.value for row in report.events} == {"pending"}


def test_a_file_of_another_computer_is_verified_without_its_ledger() -> None:
    report = anchored().verify(head=True, facts=LedgerFacts(), trust=Trust())
    assert report.headline == (
        "Verified. In force, as of 1 May 2026. Anchor not checked: local ledger of another computer."
    )


def test_a_public_ledger_that_was_not_asked_is_only_not_checked() -> None:
    report = anchored().verify(head=True, facts=LedgerFacts())
    assert report.headline.endswith("Anchor not checked.")


def test_the_own_ledger_gives_no_independent_time() -> None:
    world = anchored()
    report = world.verify(head=True, trust=Trust((), (OwnLedger(CHAIN, GENESIS_BLOCK),)))
    assert report.headline == "Verified. In force, as of 1 May 2026. Local ledger: no independent time."
    assert report.anchors[0].local
    assert report.open_items == ()


def test_who_is_awaited_stands_in_the_sentence() -> None:
    world = World()
    world.propose()
    world.anchor()
    report = world.verify(head=True)
    assert report.headline == "Verified. Pending, as of 1 May 2026. Waiting for Anna and Boris."
    assert exit_code(report, frozenset({"in-force"})) == 2
    assert states(report, "LIFE-COMPLETE") == {"pending"}


def test_without_a_log_no_time_is_proven() -> None:
    report = World(log=False).complete().verify()
    assert report.headline == "Verified. In force. No proven time."
    assert report.tail is Tail.not_applicable
    assert set(report.open_items) == {OpenItem.anchor, OpenItem.tail}


def test_a_terminated_contract_says_so() -> None:
    world = World().complete()
    world.terminate(BORIS)
    world.anchor()
    assert world.verify(tail=True).headline == "Verified. Terminated, as of 1 May 2026."


def test_a_block_that_is_not_final_leaves_the_anchor_open() -> None:
    world = anchored()
    report = world.verify(facts=world.facts(finalized=world.block - 1))
    assert states(report, "ANCHOR-FINAL") == {"pending"}
    assert OpenItem.anchor in report.open_items


def test_without_a_finalized_tag_confirmations_decide() -> None:
    world = anchored()
    for head, state in ((world.block + 11, "pending"), (world.block + 12, "passed")):
        report = world.verify(facts=world.facts(finalized=None, head=head))
        assert states(report, "ANCHOR-FINAL") == {state}


def test_an_altered_event_is_named_and_later_ones_are_not_checked() -> None:
    world = anchored()
    evidence = world.evidence().to_json()
    signed = world.envelopes[2]
    at = next(n for n, one in enumerate(evidence["envelopes"]) if one["proof"] == signed.json["proof"])
    evidence["envelopes"][at] = {**evidence["envelopes"][at], "occurred_at": "2026-05-01T10:03:59.000Z"}
    evidence["envelopes"].sort(key=digest_of)
    rest = {name: member for name, member in evidence.items() if name != "digest"}
    data = encode({**rest, "digest": str(digest_of(rest))})
    report = verify_evidence(data, world.facts(), world.trust, world.now)
    assert report.verdict is Verdict.altered
    assert "Boris signed" in report.headline
    assert report.etsi == "TOTAL-FAILED, SIG_CRYPTO_FAILURE"
    assert exit_code(report) == 1
    assert failing(report) >= {"SIG-ACTOR"}


def test_a_changed_clause_is_named() -> None:
    world = anchored()
    evidence = world.evidence()
    last = world.documents[-1]
    forged = replace(last, document=replace(last.document, terms=("The price is 1 euro.", "x")))
    report = world.verify(replace(evidence, documents=(*evidence.documents[:-1], forged)))
    assert report.headline == "Altered. The text is not the one that was signed."
    assert failing(report) == {"DOC-ROOT"}
    assert report.first_bad == world.envelopes[1].digest
    rows = [row.state.value for row in report.events]
    assert rows == ["passed", "failed", "not_checked", "not_checked"]


def test_a_missing_event_makes_the_file_incomplete() -> None:
    world = World(log=False).complete()
    evidence = world.evidence()
    kept = tuple(one for one in evidence.envelopes if one != world.envelopes[2])
    report = world.verify(replace(evidence, envelopes=kept))
    assert report.verdict is Verdict.incomplete
    assert failing(report) == {"EVT-AFTER"}
    assert report.etsi.startswith("INDETERMINATE")


def test_a_proof_without_its_event_is_a_gap() -> None:
    world = anchored()
    evidence = world.evidence()
    kept = tuple(one for one in evidence.envelopes if one != world.envelopes[3])
    report = world.verify(replace(evidence, envelopes=kept))
    assert report.verdict is Verdict.incomplete
    assert failing(report) == {"LOG-INCLUSION"}


def test_what_is_no_evidence_file_is_no_proof() -> None:
    world = anchored()
    report = world.verify(b"%PDF-1.7")
    assert report.verdict is Verdict.no_proof
    assert report.contract is None
    assert exit_code(report) == 1
    assert report.etsi == "TOTAL-FAILED, FORMAT_FAILURE"


def test_a_strangers_event_with_missing_links_harms_nothing() -> None:
    world = World(log=False).complete()
    world.take(envelope(person(77), Action.commented, contract=world.contract))
    report = world.verify()
    assert report.verdict is Verdict.verified
    assert len(report.void) == 1


def test_a_comment_may_be_left_out() -> None:
    world = World(log=False).complete()
    world.comment(ANNA)
    evidence = world.evidence()
    kept = tuple(one for one in evidence.envelopes if one.action is not Action.commented)
    assert world.verify(replace(evidence, envelopes=kept)).verdict is Verdict.verified


def test_a_stranger_who_says_to_be_a_party_of_a_text_that_is_not_held_comments_nothing() -> None:
    world = World().complete()
    created = world.envelopes[0]
    members = {"sequence": 0, "previous": created.digest, "document": created.document, "party": 0}
    one = envelope(person(77), Action.commented, contract=world.contract, **members)
    world.take(one)
    world.anchor()
    report = world.verify()
    assert report.verdict is Verdict.verified
    assert [(void.digest, void.check) for void in report.void] == [(one.digest, "KEY-PIN")]
    evidence = world.evidence()
    without = tuple(held for held in evidence.documents if held.ref.root != created.document.root)
    lacking = world.verify(replace(evidence, documents=without))
    assert (lacking.verdict, failing(lacking)) == (Verdict.incomplete, {"EVT-CHAIN"})


def test_an_unasked_ledger_of_ones_own_is_not_called_another_computers() -> None:
    world = anchored()
    nobody = replace(world.facts(), chains=())
    elsewhere = Trust((), (OwnLedger(CHAIN, H("another block 0")),))
    own = Trust((), (OwnLedger(CHAIN, GENESIS_BLOCK),))
    assert "local ledger of another computer" in world.verify(facts=nobody, trust=elsewhere).headline
    said = world.verify(facts=nobody, trust=own).headline
    assert "Anchor not checked." in said
    assert "another computer" not in said


def test_an_event_is_not_before_what_the_newest_of_its_past_had_seen() -> None:
    """The witness names one signature, which names two approvals: fewer names are not an earlier event."""
    parties = (
        party(ANNA, "Anna", Role.approver),
        party(CARLA, "Carla", Role.approver),
        party(BORIS, "Boris", step=2),
        party(DORA, "Dora", Role.witness, 2, witness_of=2),
    )
    world = World(parties)
    world.propose(seen=world.seen())
    for signer in (ANNA, CARLA):
        world.decide(signer, Action.approved)
    signed = world.decide(BORIS, seen=world.seen())
    witnessed = world.decide(DORA, Action.witnessed)
    world.anchor()
    early = {row.digest: row.not_before for row in world.verify().events}
    assert early[witnessed.digest] == early[signed.digest]
    assert early[signed.digest] == world.blocks[signed.seen.block.number if signed.seen.block else 0]


def test_a_move_that_no_log_holds_makes_nothing_unlogged_that_was_agreed_without_one() -> None:
    world = World(log=False).complete()
    log = Log(LogKey(bytes([202]) * 32, "log.example/two"), person(203))
    world.state_ledger(log)
    body = compose.compose_moved(
        world.state, ANNA.did, occurred_at=world.tick(), log=log.details, checkpoint=None
    )
    world.logs.append(log)
    world.add(body, ANNA, logged=False)
    report = world.verify()
    assert (report.verdict, report.state) == (Verdict.verified, Status.in_force)
    assert report.tail is Tail.not_known
    assert OpenItem.not_logged not in report.open_items
    assert report.void == ()


def test_the_five_questions_are_answered() -> None:
    report = anchored().verify(head=True)
    assert [one.id for one in report.questions] == ["text", "who", "order", "when", "since"]
    assert {one.state.value for one in report.questions} == {"passed"}


def test_paths_lead_from_the_leaf_to_the_root() -> None:
    report = anchored().verify()
    assert len(report.paths) == 4
    for path in report.paths:
        assert path.reached
        assert (path.steps[-1].computed if path.steps else path.leaf) == path.root


def test_rows_under_one_checkpoint_are_bracketed() -> None:
    world = World()
    world.propose()
    first = world.anchor()
    world.decide(BORIS)
    world.decide(ANNA)
    second = world.anchor()
    report = world.verify()
    assert [(one.first, one.last, one.checkpoint, one.block) for one in report.brackets] == [
        (0, 1, first.size, first.block),
        (2, 3, second.size, second.block),
    ]
    assert [row.not_after for row in report.events] == [first.time] * 2 + [second.time] * 2


def test_the_report_survives_its_json_and_fits_its_schema() -> None:
    world = anchored()
    world.comment(BORIS)
    for report in (world.verify(head=True, tail=True), world.verify(b"nothing")):
        raw = report.to_json()
        jsonschema.validate(raw, json.loads((SCHEMAS / "report.schema.json").read_text()))
        assert Report.from_json(json.loads(json.dumps(raw))) == report


def test_facts_and_trust_survive_their_json_and_fit_their_schemas() -> None:
    world = anchored()
    facts = world.facts(tail=True, blocks=(BlockFact(7, GENESIS_BLOCK, world.now),))
    jsonschema.validate(facts.to_json(), json.loads((SCHEMAS / "ledger-facts.schema.json").read_text()))
    assert LedgerFacts.from_json(facts.to_json()) == facts
    trust = Trust((TrustedChain(CHAIN, GENESIS_BLOCK),), (OwnLedger(CHAIN, GENESIS_BLOCK),))
    jsonschema.validate(trust.to_json(), json.loads((SCHEMAS / "trust.schema.json").read_text()))
    assert Trust.from_json(trust.to_json()) == trust


@pytest.mark.parametrize("now", ["2026-05-01T10:06:00.000Z", "2036-05-01T10:06:00.000Z"])
def test_the_same_input_gives_the_same_report(now: str) -> None:
    world = anchored()
    data = world.evidence().to_bytes()
    reports = [verify_evidence(data, world.facts(), world.trust, Time(now)) for _ in range(2)]
    assert reports[0] == reports[1]
