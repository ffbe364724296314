"""A report about a small services agreement, as a verifier would make it, for tests of renderers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cms_backend.core.ids import ContractId, Digest, Time
from cms_backend.core.lifecycle_state import Status
from cms_backend.core.report_model import (
    Check,
    CheckState,
    LogRow,
    OpenItem,
    PartyRow,
    Question,
    Report,
    Source,
    Tail,
    TimelineRow,
    Verdict,
)
from tests.support.core_samples import CONTRACT, ed25519

ROOT = Digest("b256f5536dacd1e14b9b3247caab144ed8c276ac5471a405355524b68c6a7c1d")
_NAMES = ("Katrin Ostermann", "Idris Calloway", "Miriam Feld")
_EVENTS = (
    ("created", "Created", 0, 0, "2026-05-11T10:58:20.000Z"),
    ("proposed", "Proposed revision 1", 0, 1, "2026-05-11T11:02:55.000Z"),
    ("proposed", "Proposed revision 2", 1, 2, "2026-05-14T15:30:12.000Z"),
    ("signed", "Signed", 0, 2, "2026-05-18T10:26:41.000Z"),
    ("signed", "Signed", 1, 2, "2026-05-18T10:29:02.000Z"),
    ("witnessed", "Witnessed", 2, 2, "2026-05-18T10:33:50.000Z"),
)
_QUESTIONS = (
    ("text", "Is this the exact text?", "34 fields, one root"),
    ("who", "Who signed, with which key, and was it theirs?", "3 keys, theirs that day"),
    ("order", "Is everyone in order, and nothing missing?", "6 events, one chain"),
    ("when", "When?", "Within 5 min 48 s"),
    ("since", "Has anything happened since?", "Nothing until leaf 217"),
)


def row(number: int, **members: Any) -> TimelineRow:
    """One row of the timeline."""
    action, title, actor, sequence, time = _EVENTS[number]
    blank = TimelineRow(
        digest=Digest(f"{number}a" * 32),
        sequence=sequence,
        action=action,
        title=title,
        actor=ed25519(actor + 1).did,
        actor_name=_NAMES[actor],
        state=CheckState.passed,
        occurred_at=Time(time),
        not_before=Time(time[:17] + "01.000Z"),
        not_after=Time(time[:14] + "59:59.000Z"),
        log=0,
        index=200 + number,
        checkpoint=217,
        chain="eip155:1",
        block=25_131_901,
        on_behalf_of=None,
        void_reason=None,
        revision=min(sequence, 2),
    )
    return blank._replace(**members)


def check(name: str, state: CheckState, **members: Any) -> Check:
    """One check."""
    blank = Check(
        id=name,
        question=f"Does {name} hold?",
        event=None,
        state=state,
        expected=None,
        found=None,
        source=Source.computed,
        section="9",
        remedy=None,
    )
    return replace(blank, **members)


def party(number: int, **members: Any) -> PartyRow:
    """One party."""
    role, capacity = (("signer", "Ostermann Webwerk GmbH"), ("signer", None), ("witness", None))[number]
    blank = PartyRow(
        index=number,
        did=ed25519(number + 1).did,
        key=ed25519(number + 1).key,
        name=_NAMES[number],
        role=role,
        step=1,
        capacity=capacity,
        decision="witnessed" if role == "witness" else "signed",
        decided_at=Time("2026-05-18T10:26:41.000Z"),
        witness_of=0 if role == "witness" else None,
        awaited=False,
        bound=CheckState.passed,
    )
    return replace(blank, **members)


def report(**members: Any) -> Report:
    """A verified report; any member may be given otherwise."""
    blank = Report(
        verdict=Verdict.verified,
        headline="Verified. Everyone signed this exact text, in order.",
        etsi="TOTAL-PASSED",
        checked_at=Time("2026-05-18T14:02:11.000Z"),
        contract=ContractId(CONTRACT),
        genesis=Digest("33" * 32),
        title="Services agreement: online shop and hosting",
        revision=2,
        root=ROOT,
        leaves=34,
        valid_from=None,
        valid_until=None,
        state=Status.in_force,
        as_of=Time("2026-05-18T10:37:47.000Z"),
        tail=Tail.absent,
        open_items=(),
        questions=tuple(
            Question(name, title, answer, CheckState.passed, (Source.computed, Source.file))
            for name, title, answer in _QUESTIONS
        ),
        events=tuple(row(number) for number in range(len(_EVENTS))),
        checks=(
            check("FILE-PARSE", CheckState.passed),
            check("DOC-ROOT", CheckState.passed, expected=str(ROOT), found=str(ROOT)),
            check("KEY-END", CheckState.not_applicable),
        ),
        brackets=(),
        paths=(),
        void=(),
        parties=tuple(party(number) for number in range(3)),
        logs=(LogRow("cms.local/0a", "cms.local/0a+00000000+AQ==", None, 217, Digest("1b" * 32), 6, 217),),
        anchors=(),
        hidden=(),
        forks=(),
        limits="Who holds a key in real life, or that a person may act for a company.",
        first_bad=None,
    )
    return replace(blank, **members)


def altered() -> Report:
    """A report about a file of which a signature does not hold."""
    bad = row(4, state=CheckState.failed)
    return report(
        verdict=Verdict.altered,
        headline="Altered. The signature of Idris Calloway does not fit the text.",
        etsi="TOTAL-FAILED, SIG_CRYPTO_FAILURE",
        events=(row(0), row(1), row(2), row(3), bad, row(5, state=CheckState.not_checked)),
        checks=(
            check(
                "SIG-SUITE",
                CheckState.failed,
                event=bad.digest,
                expected="aa" * 32,
                found="bb" * 32,
                remedy="Ask for it.",
            ),
            check("FILE-PARSE", CheckState.passed),
        ),
        first_bad=bad.digest,
    )


def pending() -> Report:
    """A report about a contract that one party has yet to sign, not anchored."""
    return report(
        headline="Verified. Pending, as of 18 May 2026. Anchor pending.",
        state=Status.pending,
        open_items=(OpenItem.in_force, OpenItem.anchor, OpenItem.awaited),
        parties=(party(0), party(1, decision=None, decided_at=None, awaited=True), party(2)),
        checks=(check("ANCHOR-FINAL", CheckState.pending), check("FILE-PARSE", CheckState.passed)),
        events=(row(0), row(1), row(2, not_after=None), row(3, not_before=None, not_after=None)),
    )
