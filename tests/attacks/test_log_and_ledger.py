"""Attacks by whoever runs the log, the ledger or the clock. Each test names what stops the attack."""

from __future__ import annotations

from dataclasses import replace

from cms_backend.core import compose
from cms_backend.core.checkpoint import LogKey, tlog_proof
from cms_backend.core.evidence import Evidence
from cms_backend.core.evidence_parts import Consistency, LogSection
from cms_backend.core.hashing import H
from cms_backend.core.ids import Digest, Time
from cms_backend.core.merge import merge
from cms_backend.core.merkle import inclusion_path
from cms_backend.core.references import BlockRef, CheckpointRef, Seen
from cms_backend.core.report_model import OpenItem, Tail, Verdict
from cms_backend.core.verify import LedgerFacts, Trust
from tests.support.verify_world import ANNA, BORIS, CHAIN, LEDGER, Log, World, failing, states


def with_log(evidence: Evidence, **changes: object) -> Evidence:
    """The file with another first log."""
    return replace(evidence, logs=(replace(evidence.logs[0], **changes), *evidence.logs[1:]))  # type: ignore[arg-type]


def forged_log(world: World, log: Log) -> LogSection:
    """The same events proven by another log."""
    note, hashes = log.note(), log.hashes()
    proofs = {
        digest: tlog_proof(log.index[digest], inclusion_path(hashes, log.index[digest]), note)
        for digest in (one.digest for one in world.envelopes)
    }
    return LogSection(vkey=log.key.vkey.text, proofs=proofs)


def test_a10_a_foreign_log_id_is_not_named_by_the_operator() -> None:
    world = World().complete()
    world.anchor()
    squatted = replace(world.logs[0].anchors[0], log_id=H("squatted"))
    report = world.verify(replace(world.evidence(), anchors=(squatted,)))
    assert report.verdict is Verdict.verified
    assert OpenItem.anchor in report.open_items
    assert states(report, "ANCHOR-MATCH") == {"not_checked"}


def test_a11_a_restored_log_with_another_history_is_seen_against_the_leaves() -> None:
    world = World().complete()
    world.anchor()
    evidence, facts = world.evidence(), world.facts()
    log = world.logs[0]
    log.leaves[1] = log.leaves[2]
    forked = world.facts(tail=True)
    report = world.verify(evidence, LedgerFacts(facts.chains, forked.logs))
    assert report.verdict is Verdict.incomplete
    assert failing(report) == {"LOG-CONSISTENT"}


def test_a11_two_events_in_one_slot_prove_a_broken_log() -> None:
    world = World().complete()
    state = world.state
    for reason in ("One.", "Two."):
        body = compose.compose_terminated(state, BORIS.did, occurred_at=world.tick(), reason=reason)
        world.add(body, BORIS)
    report = world.verify()
    assert report.verdict is Verdict.incomplete
    assert failing(report) == {"LOG-SLOT"}


def test_a11_two_signed_notes_of_one_size_are_kept_and_named() -> None:
    world = World().complete()
    good = world.evidence()
    log = world.logs[0]
    other = Consistency(log.key.sign_checkpoint(len(log.leaves), b"\x07" * 32), ())
    report = world.verify(with_log(good, consistency=(other,)))
    assert failing(report) == {"LOG-CONSISTENT"}
    kept = merge(with_log(good, consistency=(other,)), good)
    assert kept.logs[0].consistency == (other,)


def test_a12_a_false_block_harms_no_signature() -> None:
    world = World()
    world.propose(seen=Seen(None, BlockRef(CHAIN, 1, H("invented"))))
    world.decide(BORIS, seen=Seen(CheckpointRef("log.example/one", 4, H("invented")), None))
    world.decide(ANNA, seen=world.seen())
    world.anchor()
    report = world.verify()
    assert report.verdict is Verdict.verified
    facts = world.facts()
    lie = replace(
        facts.chains[0], blocks=tuple(replace(one, hash=H("reorganised")) for one in facts.chains[0].blocks)
    )
    report = world.verify(facts=LedgerFacts((lie,)))
    assert report.verdict is Verdict.verified
    assert "failed" in states(report, "TIME-SEEN")


def test_a12_a_post_dated_event_is_named() -> None:
    world = World()
    world.propose()
    world.decide(BORIS)
    world.moment = world.moment.replace(hour=23)
    world.decide(ANNA)
    world.moment = world.moment.replace(hour=11)
    world.anchor()
    report = world.verify(now=Time("2026-06-01T00:00:00.000Z"))
    assert "failed" in states(report, "TIME-WINDOW")
    assert report.verdict is Verdict.verified


def test_a12_the_window_begins_with_the_newest_block_in_the_past() -> None:
    world = World()
    world.propose(seen=world.seen())
    first = world.blocks[world.block]
    world.tick(5)
    signed = world.decide(BORIS)
    world.decide(ANNA)
    anchor = world.anchor()
    row = next(one for one in world.verify().events if one.digest == signed.digest)
    assert row.not_before == first
    assert row.not_after == anchor.time


def test_a19_the_same_chain_id_with_another_genesis_gives_no_time() -> None:
    world = World().complete()
    world.anchor()
    report = world.verify(facts=world.facts(genesis_block=H("another chain")))
    assert report.verdict is Verdict.verified
    assert OpenItem.anchor in report.open_items


def test_a19_other_code_at_the_ledgers_address_is_altered() -> None:
    world = World().complete()
    world.anchor()
    code = tuple(replace(one, code=H("proxy")) for one in world.facts().chains[0].code)
    report = world.verify(facts=world.facts(code=code))
    assert report.verdict is Verdict.altered
    assert failing(report) == {"ANCHOR-LEDGER"}


def test_a19_a_chain_that_nobody_trusts_gives_no_independent_time() -> None:
    world = World().complete()
    world.anchor()
    report = world.verify(trust=Trust())
    assert report.verdict is Verdict.verified
    assert "Local ledger: no independent time." in report.headline
    assert states(report, "TIME-WINDOW") == {"not_checked"}


def test_a22_another_root_on_the_ledger_is_altered() -> None:
    world = World().complete()
    world.anchor()
    fact = replace(world.facts().chains[0].anchored[0], root=H("another root"))
    report = world.verify(facts=world.facts(anchored=(fact,)))
    assert failing(report) == {"ANCHOR-MATCH"}
    assert report.etsi == "TOTAL-FAILED, HASH_FAILURE"


def test_a22_an_anchor_that_the_ledger_does_not_know_is_open_and_not_verified_with() -> None:
    world = World().complete()
    world.anchor()
    fact = replace(world.facts().chains[0].anchored[0], root=None, block=None, time=None)
    report = world.verify(facts=world.facts(anchored=(fact,)))
    assert report.verdict is Verdict.verified
    assert "Anchor pending." in report.headline
    assert report.as_of is None
    assert states(report, "ANCHOR-MATCH") == {"pending"}
    assert OpenItem.anchor in report.open_items


def test_a22_the_same_anchor_in_another_block_passes_with_a_note() -> None:
    world = World().complete()
    world.anchor()
    fact = world.facts().chains[0].anchored[0]
    moved = replace(fact, block=(fact.block or 0) + 1)
    report = world.verify(facts=world.facts(anchored=(moved,)))
    check = next(one for one in report.checks if one.id == "ANCHOR-MATCH")
    assert check.state == "passed"
    assert "not block" in (check.found or "")


def test_an_outage_gives_only_not_checked() -> None:
    world = World().complete()
    world.anchor()
    report = world.verify(facts=LedgerFacts(), trust=Trust())
    assert report.verdict is Verdict.verified
    assert report.headline.startswith("Verified.")
    assert "Anchor not checked: local ledger of another computer." in report.headline
    assert failing(report) == set()


def test_a_log_that_no_event_names_proves_nothing() -> None:
    world = World().complete()
    evidence = world.evidence()
    forged = Log(LogKey(bytes([250]) * 32, "log.example/forged"))
    forged.leaves, forged.index = list(world.logs[0].leaves), dict(world.logs[0].index)
    section = forged_log(world, forged)
    alone = world.verify(replace(evidence, logs=(section,)))
    assert (alone.state, alone.as_of, alone.tail) == (None, None, Tail.not_known)
    assert set(alone.open_items) >= {OpenItem.in_force, OpenItem.not_logged}
    beside = world.verify(replace(evidence, logs=(*evidence.logs, section)))
    assert replace(beside, checks=()) == replace(world.verify(evidence), checks=())
    assert states(beside, "LOG-NOTE") == {"passed", "not_applicable"}


def test_an_event_moved_to_another_leaf_is_not_under_the_checkpoint() -> None:
    world = World().complete()
    evidence = world.evidence()
    proofs = dict(evidence.logs[0].proofs)
    a, b = world.envelopes[1].digest, world.envelopes[2].digest
    proofs[a], proofs[b] = proofs[b], proofs[a]
    report = world.verify(with_log(evidence, proofs=proofs))
    assert report.verdict is Verdict.altered
    assert failing(report) >= {"LOG-INCLUSION"}


def test_an_event_without_a_leaf_does_not_count() -> None:
    world = World()
    world.propose()
    world.decide(BORIS)
    evidence = world.evidence()
    held = world.decide(ANNA)
    envelopes = tuple(sorted((*evidence.envelopes, held), key=lambda one: one.digest))
    report = world.verify(replace(evidence, envelopes=envelopes))
    assert report.state == "pending"
    assert OpenItem.not_logged in report.open_items


def test_b05_both_logs_are_asked_for_the_tail() -> None:
    """B5: TAIL; a move does not end the old log's say, and without its leaves the tail is not known."""
    world = World().complete()
    world.move()
    world.comment(BORIS)
    world.anchor()
    report = world.verify(tail=True)
    assert report.verdict is Verdict.verified
    assert report.tail is Tail.absent
    only_new = replace(world.facts(tail=True), logs=world.facts(tail=True).logs[1:])
    assert world.verify(facts=only_new).tail is Tail.not_known


def test_the_ledger_of_an_anchor_is_a_lower_case_address() -> None:
    assert LEDGER.lower() == LEDGER
    assert Digest.parse(World().logs[0].log_id)
