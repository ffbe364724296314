"""Merging files: a union that does not depend on the side, the order or the number of times."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_backend.core.disclosure import disclose
from cms_backend.core.document import Attachment
from cms_backend.core.errors import EvidenceError
from cms_backend.core.evidence import Evidence
from cms_backend.core.ids import ContractId, Digest
from cms_backend.core.merge import merge, restrict
from tests.support.verify_world import ANNA, BORIS, CARLA, OPERATOR, World


@cache
def whole() -> Evidence:
    """A complete contract without a log, with comments."""
    world = World(log=False).complete()
    world.comment(BORIS)
    world.comment(ANNA)
    world.terminate(BORIS)
    return world.evidence()


@st.composite
def parts(draw: st.DrawFn) -> Evidence:
    """The file with some of its events only; what opens the record stays."""
    evidence = whole()
    kept = draw(st.sets(st.sampled_from(evidence.envelopes)))
    kept |= {one for one in evidence.envelopes if one.sequence < 2 and one.kind == "spine"}
    return replace(evidence, envelopes=tuple(sorted(kept, key=lambda one: one.digest)))


@settings(max_examples=60, deadline=None)
@given(parts(), parts(), parts())
def test_merging_is_the_same_from_any_side_and_in_any_grouping(a: Evidence, b: Evidence, c: Evidence) -> None:
    assert merge(a, b) == merge(b, a)
    assert merge(a, a) == a
    assert merge(merge(a, b), c) == merge(a, merge(b, c))
    assert set(merge(a, b).envelopes) == set(a.envelopes) | set(b.envelopes)


def test_two_halves_make_the_whole_file() -> None:
    evidence = whole()
    half = replace(evidence, envelopes=evidence.envelopes[::2])
    other = replace(evidence, envelopes=evidence.envelopes[1::2])
    assert merge(half, other).to_bytes() == evidence.to_bytes()


def test_the_newest_checkpoint_wins() -> None:
    world = World().complete()
    world.anchor()
    old = world.evidence()
    world.comment(BORIS)
    world.anchor()
    new = world.evidence(head=True)
    assert merge(old, new) == merge(new, old)
    assert merge(old, new).to_bytes() == new.to_bytes()


def test_a_newer_checkpoint_with_fewer_proofs_takes_none_away() -> None:
    world = World().complete()
    whole_file = world.evidence()
    world.logs[0].fill(3)
    later = world.evidence()
    (section,) = later.logs
    first = world.envelopes[0].digest
    cut = replace(later, logs=(replace(section, proofs={first: section.proofs[first]}),))
    assert merge(whole_file, cut) == merge(cut, whole_file)
    assert merge(whole_file, cut).logs[0].proofs.keys() == whole_file.logs[0].proofs.keys()
    assert merge(whole_file, later).logs[0].proofs == section.proofs


def test_comments_do_not_outweigh_what_the_state_is_made_of() -> None:
    world = World().complete()
    old = world.evidence()
    notes = {world.comment(BORIS).digest for _ in range(9)}
    new = world.evidence()
    (section,) = new.logs
    kept = {digest: text for digest, text in section.proofs.items() if digest in notes}
    cut = replace(new, logs=(replace(section, proofs=kept),))
    assert merge(old, cut).logs[0].proofs == old.logs[0].proofs


def test_only_the_operator_of_a_log_is_heard_about_it() -> None:
    world = World().complete()
    world.anchor()
    genuine = world.evidence(head=True)
    log = world.logs[0]
    operator, log.operator = log.operator, CARLA
    world.state_ledger(log, number=7)
    stranger = log.statements.pop()
    head = world.head(log, 10**6)
    log.operator = operator
    (section,) = genuine.logs
    statements = tuple(sorted((*section.statements, stranger), key=lambda one: (one.number, one.digest)))
    hostile = replace(genuine, logs=(replace(section, statements=statements, head=head),))
    roots = {one.ref.root for one in world.documents}
    operators = {section.vkey: OPERATOR.did}
    kept = restrict(merge(genuine, hostile), (genuine, hostile), operators, roots)
    assert kept.to_bytes() == genuine.to_bytes()
    nowhere = restrict(merge(genuine, hostile), (genuine, hostile), {}, roots)
    assert (nowhere.logs, nowhere.anchors) == ((), ())


def test_attachments_stay_when_a_text_that_stays_names_them() -> None:
    plan = b"the plan of the lift"
    digest = Digest(sha256(plan).hexdigest())
    world = World(log=False)
    world.propose(attachments=(Attachment("plan.pdf", "application/pdf", len(plan), digest),))
    plain = world.evidence()
    file = replace(plain, attachments={digest: plan, Digest("ab" * 32): plan})
    assert merge(plain, file).attachments == {digest: plan}
    assert restrict(merge(plain, file), (plain, file), {}, {world.documents[0].ref.root}).attachments == {}


def test_receipts_fill_the_gaps_and_go_when_the_proof_is_there() -> None:
    world = World().complete()
    world.anchor()
    late = world.comment(BORIS)
    world.accept(late)
    before = world.evidence()
    assert [one.envelope for one in merge(before, before).logs[0].receipts] == [late.digest]
    world.anchor()
    after = world.evidence()
    assert merge(before, after).logs[0].receipts == ()


def test_a_whole_document_beats_a_disclosure() -> None:
    world = World(log=False).complete()
    evidence = world.evidence()
    hidden = replace(evidence, documents=(evidence.documents[0], disclose(world.documents[1], ["/title"])))
    assert merge(hidden, evidence).documents == evidence.documents
    assert merge(hidden, hidden).documents == hidden.documents


def test_files_of_two_contracts_do_not_merge() -> None:
    evidence = whole()
    other = replace(evidence, contract=ContractId("6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f13"))
    with pytest.raises(EvidenceError):
        merge(evidence, other)


def test_two_signed_checkpoints_of_one_size_are_both_kept() -> None:
    world = World().complete()
    good = world.evidence()
    log = world.logs[0]
    log.leaves[0] = log.leaves[1]
    other = world.evidence()
    merged = merge(good, other)
    assert merged == merge(other, good)
    assert world.verify(merged).verdict == "incomplete"
