"""The five questions, answered in words (section 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cms_backend.core.did import key_of_did
from cms_backend.core.report_model import Check, CheckState, Question, Source, Tail, TimelineRow
from cms_backend.core.verify.findings import (
    FAILED,
    NOT_APPLICABLE,
    NOT_CHECKED,
    PASSED,
    PENDING,
    UNDECIDED,
    Findings,
)
from cms_backend.core.verify.outcome import anchor_settled
from cms_backend.core.verify.words import day, moment

_TEXT: Final = ("FILE-", "DOC-ROOT", "DOC-LEAF", "DOC-ATTACH")
_WHO: Final = ("SIG-", "EVT-FORM", "EVT-INTENT", "KEY-BIND")
_ORDER: Final = ("EVT-CHAIN", "EVT-AFTER", "LIFE-FORK", "LOG-")
_TIME: Final = ("ANCHOR-LEDGER", "ANCHOR-MATCH")
_WORST: Final = (FAILED, UNDECIDED, PENDING, NOT_CHECKED, PASSED, NOT_APPLICABLE)


# What a failed check means to a reader; digests stand beside the check itself.
_SAID: Final = {
    "FILE-PARSE": "This is no evidence file.",
    "FILE-DIGEST": "The file was changed after it was written.",
    "DOC-ROOT": "The text is not the one that was signed.",
    "DOC-LEAF": "A part of the text is not the one that was signed.",
    "DOC-ATTACH": "An attachment is not the one that the text names.",
    "SIG-SUITE": "A signature is not of the kind that its key makes.",
    "SIG-ACTOR": "A signature does not fit the key that the contract names.",
    "LOG-NOTE": "The log's checkpoint is not signed by the log.",
    "LOG-INCLUSION": "An event is not under the checkpoint.",
    "ANCHOR-LEDGER": "Another program lies at the ledger's address.",
    "ANCHOR-MATCH": "The ledger holds another root.",
}


def questions(
    findings: Findings, checks: Sequence[Check], rows: Sequence[TimelineRow]
) -> tuple[Question, ...]:
    """Text, who, order, when, since."""
    return (
        _text(findings, checks),
        _who(findings, checks),
        _order(findings, checks, rows),
        _when(findings, checks, rows),
        _since(findings, checks),
    )


def _worst(checks: Sequence[Check], prefixes: tuple[str, ...]) -> tuple[CheckState, Check | None]:
    """The worst state that counts, and the check that has it."""
    counting = [one for one in checks if one.id.startswith(prefixes) and one.counts_as is not None]
    states = {one.state for one in counting}
    state = next((one for one in _WORST if one in states), NOT_CHECKED)
    worst = [one for one in counting if one.state is state]
    # A changed byte fails the file's own digest too; what it changed says more.
    return state, next((one for one in worst if one.id != "FILE-DIGEST"), next(iter(worst), None))


def _words(check: Check | None) -> str:
    if check is None:
        return "Nothing could be checked."
    said = _SAID.get(check.id) if check.state is FAILED else None
    if said is not None:
        return f"{said} ({check.id})"
    return f"{check.id}: {check.found}" if check.found else f"{check.id} failed."


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def _text(findings: Findings, checks: Sequence[Check]) -> Question:
    state, worst = _worst([one for one in checks if one.state is not NOT_CHECKED], _TEXT)
    hidden = sum(text.hidden_count for text in findings.hidden.values())
    if state is PASSED:
        leaves = {one.document.root: one.document.leaves for one in findings.evidence.envelopes}
        count = sum(leaves[root] for root in findings.texts if root in leaves)
        of = _plural(len(findings.texts), "revision")
        answer = f"All {_plural(count, 'field')} of {of} give the roots that were signed."
        if hidden:
            answer = (
                f"{count - hidden:,} fields are shown and belong to the signed text; {hidden:,} are hidden."
            )
    else:
        answer = _words(worst)
    return Question("text", "The exact text?", answer, state, (Source.computed,))


def _who(findings: Findings, checks: Sequence[Check]) -> Question:
    state, worst = _worst(checks, _WHO)
    actors = {one.actor for one in findings.evidence.envelopes}
    if state is PASSED:
        certified = all(key_of_did(one) is not None for one in actors)
        how = "each certified by its own DID" if certified else "each bound to its DID"
        answer = (
            f"{_plural(len(actors), 'signer')}, {_plural(len(actors), 'key')}, {how}. Every signature fits."
        )
    elif state is NOT_CHECKED:
        answer = "Nothing shows that a key belongs to its DID."
    else:
        answer = _words(worst)
    sources = (
        (Source.computed, Source.operator)
        if any(one.id == "KEY-BIND" and one.source is Source.operator for one in checks)
        else (Source.computed, Source.file)
    )
    return Question("who", "Who, with which key?", answer, state, sources)


def _order(findings: Findings, checks: Sequence[Check], rows: Sequence[TimelineRow]) -> Question:
    state, worst = _worst(checks, _ORDER)
    if state is PASSED:
        answer = f"{_plural(len(rows), 'event')}, one unbroken chain."
        void = 0 if findings.state is None else len(findings.state.void)
        if void:
            answer += f" {_plural(void, 'event')} without effect."
        waits = sum(row.digest in findings.unlogged for row in rows)
        if waits:
            answer += f" {_plural(waits, 'event')} not yet logged."
    else:
        answer = _words(worst)
    return Question("order", "In order, nothing missing?", answer, state, (Source.computed,))


def _when(findings: Findings, checks: Sequence[Check], rows: Sequence[TimelineRow]) -> Question:
    state, worst = _worst(checks, _TIME)
    claimed = max((row.occurred_at for row in rows), default=None)
    begin = "" if claimed is None else f"Last event claimed for {day(claimed)}. "
    source = Source.ledger
    if state is FAILED:
        answer = _words(worst)
    elif not findings.has_log:
        state, answer, source = NOT_CHECKED, begin + "Without a log no time is proven.", Source.computed
    elif anchor_settled(findings):
        newest = max(one.time for one in findings.anchors)
        if any(one.public for one in findings.anchors):
            state, answer = PASSED, f"{begin}Proven to be before {moment(newest)}."
        else:
            state, answer = NOT_CHECKED, f"{begin}Local ledger: no independent time."
    elif findings.anchors:
        state, answer = PENDING, f"{begin}Not after is still open for the newest events."
    elif NOT_CHECKED in findings.anchor_states:
        state, answer = NOT_CHECKED, f"{begin}The ledger was not asked."
    else:
        state, answer = PENDING, f"{begin}The checkpoint is not in a block yet."
    return Question("when", "When?", answer, state, (source,))


def _since(findings: Findings, checks: Sequence[Check]) -> Question:
    check = next((one for one in checks if one.id == "TAIL"), None)
    state = NOT_CHECKED if check is None else check.state
    answer = {
        Tail.absent: f"Nothing. {'' if check is None else check.found}",
        Tail.stated: "Nothing, on the operator's word." if check is None else str(check.found),
        Tail.later: "Yes: the log holds something that this file lacks.",
        Tail.not_known: "Not known. The log was not asked.",
        Tail.not_applicable: "Not known: without a log nobody can tell.",
    }[findings.tail]
    source = Source.operator if findings.tail is Tail.stated else Source.computed
    sources = () if findings.tail in (Tail.not_known, Tail.not_applicable) else (source,)
    return Question("since", "Anything since?", answer, state, sources)
