"""The bounds of section 8: what is at a bound is judged, what is beyond it is refused with words that name it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cms_backend.core.canonical import encode
from cms_backend.core.document import DocumentRef, SealedDocument
from cms_backend.core.errors import DocumentError
from cms_backend.core.events import Action
from cms_backend.core.evidence import MOST_BROKEN, MOST_ELEMENTS, Evidence, read
from cms_backend.core.evidence_parts import MOST_CONSISTENCY, MOST_SECTIONS, LogSection
from cms_backend.core.hashing import H, digest_of
from cms_backend.core.ids import Time
from cms_backend.core.lifecycle import Entry, admit_check, replay
from cms_backend.core.lifecycle_machine import MOST_LOGS
from cms_backend.core.merge import merge
from cms_backend.core.report_model import Report, Verdict
from cms_backend.core.slots import spine_slot
from cms_backend.core.verify import LedgerFacts, Trust, verify_evidence
from tests.benchmarks import hostile_families
from tests.support.hostile_record import OWNER, Record, new_log

NOW = Time("2027-01-01T00:00:00.000Z")


def judged(data: bytes) -> Report:
    """What a verifier without facts says."""
    return verify_evidence(data, LedgerFacts(), Trust(), NOW)


def changed(evidence: Evidence, **members: Any) -> bytes:
    """The file with other members, its digest made anew."""
    raw = {**evidence.to_json(), **members}
    body = {name: value for name, value in raw.items() if name != "digest"}
    return encode({**body, "digest": digest_of(body)})


def refusal(data: bytes) -> str:
    """Why a file cannot be read."""
    [problem] = [one for one in read(data).problems if one.check == "FILE-PARSE"]
    assert judged(data).verdict is Verdict.no_proof
    return problem.detail


@pytest.mark.parametrize("depth", [33, 254, 255, 300, 1000, 1023, 1024, 5000])
def test_no_depth_of_nesting_is_an_error_of_the_verifier(depth: int) -> None:
    data = b'{"anchors":' + b"[" * depth + b"]" * depth + b"}"
    assert judged(data).verdict is Verdict.no_proof


def test_forks_may_be_nested_as_deep_as_a_file_holds() -> None:
    report = judged(hostile_families.nested_forks(1200))
    assert report.verdict is Verdict.undecided
    assert len(report.forks) == 1


def test_a_file_has_as_many_elements_of_texts_as_the_bound_says() -> None:
    record = Record(log=False)
    terms = ("a",) * (MOST_ELEMENTS // 2 - len(record.parties))
    for number in range(2):
        record.seal(number + 1, record.created.document.root, terms=terms)
    created = record.documents.pop(0)
    assert read(record.data()).problems == ()
    record.documents.append(created)
    assert f"at most {MOST_ELEMENTS:,}" in refusal(record.data())


def test_a_server_admits_no_text_that_would_bring_a_record_beyond_the_bound() -> None:
    record = Record(log=False)
    [sealed] = record.documents
    assert isinstance(sealed, SealedDocument)
    room = MOST_ELEMENTS - len(record.parties)
    admit_check(None, record.created, replace(sealed.document, terms=("a",) * room), now=NOW)
    with pytest.raises(DocumentError, match=f"more than {MOST_ELEMENTS:,} elements"):
        admit_check(None, record.created, replace(sealed.document, terms=("a",) * (room + 1)), now=NOW)
    state = replay([Entry(record.created, None, None)], {sealed.ref.root: sealed.document}, now=NOW)
    text = replace(
        sealed.document, revision=1, supersedes=sealed.ref.root, terms=("a",) * (room - len(record.parties))
    )
    proposal = record.on(Action.proposed, OWNER, record.created, DocumentRef(1, H("text"), text.leaf_count))
    with pytest.raises(DocumentError, match=f"more than {MOST_ELEMENTS:,} elements"):
        admit_check(state, proposal, text, now=NOW)


def test_a_file_has_as_many_logs_as_the_bound_says() -> None:
    record = Record()
    evidence = record.evidence()
    sections = [LogSection(new_log(number).key.vkey.text).to_json() for number in range(2, MOST_SECTIONS + 2)]
    own = evidence.logs[0].to_json()
    assert judged(changed(evidence, logs=[own, *sections[:-1]])).verdict is Verdict.verified
    assert f"at most {MOST_SECTIONS}" in refusal(changed(evidence, logs=[own, *sections]))


def test_a_file_has_as_many_consistency_proofs_as_the_bound_says() -> None:
    evidence = Record().evidence()
    own = evidence.logs[0].to_json()
    proofs = [{"note": f"{at:05}", "proof": []} for at in range(MOST_CONSISTENCY + 1)]
    assert read(changed(evidence, logs=[{**own, "consistency": proofs[:-1]}])).problems == ()
    assert f"{MOST_CONSISTENCY:,}" in refusal(changed(evidence, logs=[{**own, "consistency": proofs}]))


def test_envelopes_of_broken_form_are_named_one_by_one_up_to_the_bound() -> None:
    few = read(hostile_families.broken_envelopes(MOST_BROKEN)).problems
    assert [one.check for one in few] == ["EVT-FORM"] * MOST_BROKEN
    assert f"{MOST_BROKEN:,}" in refusal(hostile_families.broken_envelopes(MOST_BROKEN + 1))


def moved(times: int) -> Report:
    """The report on a record that its owner moves from log to log."""
    record = Record()
    before = record.created
    for number in range(2, times + 2):
        log = new_log(number)
        details = {"log": log.details, "checkpoint": None}
        before = record.on(Action.moved, OWNER, before, before.document, details=details)
        record.logs.append(log)
        log.append(spine_slot(record.created.statement_digest, before.sequence), before.digest)
    evidence = record.evidence()
    return judged(changed(evidence, logs=[one.to_json() for one in evidence.logs[:MOST_SECTIONS]]))


def test_a_record_is_moved_as_often_as_the_bound_says_and_then_stays() -> None:
    report = moved(MOST_LOGS - 1)
    assert (report.verdict, len(report.logs), report.void) == (Verdict.verified, MOST_LOGS, ())
    report = moved(MOST_LOGS)
    assert (report.verdict, len(report.logs)) == (Verdict.verified, MOST_LOGS)
    assert [one.check for one in report.void] == ["LIFE-STATE"]


def test_sections_of_strangers_do_not_push_those_of_the_record_out_of_a_merged_file() -> None:
    evidence = Record().evidence()
    strangers = tuple(LogSection(new_log(number).key.vkey.text) for number in range(2, MOST_SECTIONS + 2))
    hostile = Evidence(evidence.contract, evidence.genesis, logs=strangers)
    for first, second in ((evidence, hostile), (hostile, evidence)):
        merged = merge(first, second)
        assert evidence.logs[0].vkey in {one.vkey for one in merged.logs}
        assert read(merged.to_bytes()).problems == ()
        assert judged(merged.to_bytes()).verdict is judged(evidence.to_bytes()).verdict
