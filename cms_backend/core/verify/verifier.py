"""`verify_evidence`: the ten steps of section 9, in their order. Pure: bytes and facts in, a report out."""

from __future__ import annotations

import gc
from collections.abc import Sequence

from cms_backend.core.evidence import Evidence, Problem, Reading, read
from cms_backend.core.ids import ContractId, Digest, Time
from cms_backend.core.report_model import Report, Tail
from cms_backend.core.verify import outcome, timeline
from cms_backend.core.verify.anchors import check_anchors, check_times
from cms_backend.core.verify.answers import questions
from cms_backend.core.verify.chain import check_logs
from cms_backend.core.verify.documents import check_documents
from cms_backend.core.verify.facts import LedgerFacts, Trust
from cms_backend.core.verify.findings import FAILED, PASSED, Findings
from cms_backend.core.verify.order import check_order
from cms_backend.core.verify.signing import check_signatures, settle_accounts
from cms_backend.core.verify.tail import check_tail

_NOTHING = Evidence(ContractId("00000000-0000-4000-8000-000000000000"), Digest("0" * 64))
"""Stands in where nothing could be read."""


def verify_evidence(data: bytes, facts: LedgerFacts, trust: Trust, now: Time) -> Report:
    """Verify an evidence file. Never raises for what the file holds: the report says what is wrong."""
    paused = gc.isenabled()
    if paused:
        # Everything that is made here stays until the report is done: collecting in between finds nothing.
        gc.disable()
    try:
        return _verify(read(data), facts, trust, now)
    finally:
        if paused:
            gc.enable()


def established(evidence: Evidence, facts: LedgerFacts, trust: Trust, now: Time) -> Findings:
    """What steps 2 and 4 to 10 establish of a file that could be read: logs, places, state, and what waits.

    For whoever keeps contracts: register and verifier share one judgement. Pure.
    """
    findings = Findings(evidence, facts, trust, now)
    _establish(findings, ())
    return findings


def _verify(reading: Reading, facts: LedgerFacts, trust: Trust, now: Time) -> Report:
    findings = Findings(reading.evidence or _NOTHING, facts, trust, now)
    _check_file(findings, reading)  # step 1
    if reading.evidence is not None:
        _establish(findings, reading.problems)
    return _report(findings, reading)


def _establish(findings: Findings, problems: Sequence[Problem]) -> None:
    check_documents(findings)  # step 2
    _check_form(findings, problems)  # step 3
    check_signatures(findings)  # step 4
    check_logs(findings)  # step 7 comes before 5 and 6: only what has its place counts
    check_anchors(findings)  # step 8
    check_times(findings)  # step 9
    settle_accounts(findings)  # step 4 again: contract accounts are asked at the anchor's block
    check_order(findings)  # steps 5 and 6
    check_tail(findings)  # step 10


def _check_file(findings: Findings, reading: Reading) -> None:
    broken = [one for one in reading.problems if one.check == "FILE-PARSE"]
    for one in broken:
        findings.add("FILE-PARSE", FAILED, found=one.detail)
    if not broken:
        findings.add("FILE-PARSE", PASSED)
    if reading.evidence is None:
        return
    damaged = next((one for one in reading.problems if one.check == "FILE-DIGEST"), None)
    if damaged is None:
        findings.add("FILE-DIGEST", PASSED)
    else:
        findings.add("FILE-DIGEST", FAILED, expected=damaged.expected, found=damaged.found)


def _check_form(findings: Findings, problems: Sequence[Problem]) -> None:
    for one in problems:
        if one.check in ("EVT-FORM", "EVT-INTENT") and one.event is not None:
            findings.broken.add(one.event)
            findings.add(one.check, FAILED, one.event, found=one.detail)
    for envelope in findings.evidence.envelopes:
        if envelope.contract != findings.evidence.contract:
            findings.add("EVT-FORM", FAILED, envelope.digest, found="The event belongs to another contract.")
            continue
        if envelope.digest in findings.lean:
            continue
        findings.add("EVT-FORM", PASSED, envelope.digest)
        findings.add("EVT-INTENT", PASSED, envelope.digest)


def _report(findings: Findings, reading: Reading) -> Report:
    evidence, state = reading.evidence, findings.state
    rows, checks = timeline.rows(findings), findings.checks
    verdict = outcome.verdict_of(checks)
    bad = outcome.first_bad(checks, rows)
    sentence = outcome.headline(findings, verdict, rows, bad, checks)
    answers = questions(findings, checks, rows)
    void = timeline.void_events(findings)
    if bad is not None:
        rows, checks, later = timeline.hold_back(rows, checks, bad)
        void = tuple(one for one in void if one.digest not in later)
    text, proposal = timeline.shown(findings, state)
    refs = {one.document.root: one.document for one in findings.events}
    ref = next((refs[root] for root, held in findings.texts.items() if held is text and root in refs), None)
    return Report(
        verdict=verdict,
        headline=sentence,
        etsi=outcome.etsi_of(verdict, checks),
        checked_at=findings.now,
        contract=None if evidence is None else evidence.contract,
        genesis=None if evidence is None else evidence.genesis,
        title="" if text is None else text.title or "",
        revision=None if text is None else text.revision,
        root=None if ref is None else ref.root,
        leaves=None if ref is None else ref.leaves,
        valid_from=None if text is None else text.valid_from,
        valid_until=None if text is None else text.valid_until,
        state=None if state is None else state.status,
        as_of=outcome.as_of(findings),
        tail=findings.tail if evidence is not None else Tail.not_known,
        open_items=outcome.open_items(findings),
        questions=answers,
        events=tuple(rows),
        checks=tuple(checks),
        brackets=timeline.brackets(rows),
        paths=timeline.paths(findings),
        void=void,
        parties=timeline.parties(findings, text, proposal),
        logs=timeline.log_rows(findings),
        anchors=timeline.anchor_rows(findings),
        hidden=() if ref is None or ref.root not in findings.hidden else findings.hidden[ref.root].hidden,
        forks=() if state is None else tuple(str(one.previous) for one in state.forks),
        limits=outcome.LIMITS,
        first_bad=bad,
    )


def exit_code(report: Report, require: frozenset[str] = frozenset()) -> int:
    """The exit code of `cms verify`; `require`: of `in-force`, `anchor`, `tail` (section 9)."""
    return outcome.exit_code(report.verdict, report.open_items, require)
