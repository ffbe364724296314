"""Step 10: whether anything came later. Absent to a size, stated by the operator, or not known."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Final

from cms_backend.core.checkpoint import Checkpoint, b64decode, open_note, parse_vkey
from cms_backend.core.errors import LogError
from cms_backend.core.events import Envelope
from cms_backend.core.ids import Digest
from cms_backend.core.lifecycle_state import DECIDING, ContractState
from cms_backend.core.merkle import Frontier, leaf_hash
from cms_backend.core.report_model import Source, Tail
from cms_backend.core.slots import key_slot, log_slot, party_slot, spine_slot
from cms_backend.core.statements import HeadStatement
from cms_backend.core.verify.facts import LogFacts
from cms_backend.core.verify.findings import FAILED, NOT_APPLICABLE, NOT_CHECKED, PASSED, Findings, LogView
from cms_backend.core.verify.replaying import closing_leaves
from cms_backend.core.verify.waiting import pinned_keys
from cms_backend.core.verify.words import moment

_ELSEWHERE: Final = "The record has been in another log, which is not in the file."


@dataclass(frozen=True, slots=True)
class _Scan:
    """All leaves of a log, recomputed to its signed root: index and digest of those in each slot."""

    checkpoint: Checkpoint
    leaves: dict[Digest, list[tuple[int, Digest]]]


def check_tail(findings: Findings) -> None:
    """TAIL; fills `tail`. Every log that the record was in has the last word on its own part."""
    state = findings.state
    if state is not None and not findings.has_log:
        findings.tail = Tail.not_applicable
        findings.add("TAIL", NOT_APPLICABLE, found="The contract has no log that could tell.")
        return
    if state is None:
        _without_state(findings)
        return
    if not findings.logs:
        findings.add("TAIL", NOT_CHECKED, found=_ELSEWHERE)
        return
    read = [_scans(findings, ordinal) for ordinal in range(len(findings.logs))]
    scans = [_reaching(view, found) for view, found in zip(findings.logs, read, strict=True)]
    heads = [_head(findings, view) for view in findings.logs]
    lacking = _lacking(findings, state, read, heads)
    if lacking is not None:
        findings.tail = Tail.later
        findings.add("TAIL", FAILED, expected="nothing later", found=lacking)
    else:
        _settle(findings, state, scans, heads)


def _without_state(findings: Findings) -> None:
    """Nothing counts; but what an operator has stated must be there all the same."""
    for view in findings.logs:
        head = _head(findings, view)
        lacking = () if head is None else (one for one in head.digests if one not in view.proven)
        for digest in lacking:
            findings.tail = Tail.later
            findings.add("TAIL", FAILED, expected="nothing later", found=digest)
            return
    findings.tail = Tail.not_known
    findings.add("TAIL", NOT_CHECKED, found="Nothing to start from.")


def _settle(
    findings: Findings, state: ContractState, scans: list[_Scan | None], heads: list[HeadStatement | None]
) -> None:
    """Nothing is known to be lacking: is it known that nothing is?"""
    ends = closing_leaves(findings, state)
    stated = [
        head is not None and _is_last_word(findings, state, ordinal, head)
        for ordinal, head in enumerate(heads)
    ]
    unread = next(
        (
            at
            for at, scan in enumerate(scans)
            if scan is not None and _says_more(findings.logs[at], scan, ends[at])
        ),
        None,
    )
    if unread is not None:
        # It may name a successor of the log's key, and then the record went on elsewhere.
        found = "The log holds a statement of its operator that the file lacks."
        findings.add("TAIL", NOT_CHECKED, found=found)
    elif findings.lost or len(state.logs) > len(findings.logs):
        findings.add("TAIL", NOT_CHECKED, found=_ELSEWHERE)
    elif all(scan is not None for scan in scans) and scans[-1] is not None:
        findings.scanned = {at: scan.checkpoint.size for at, scan in enumerate(scans) if scan is not None}
        findings.tail = Tail.absent
        size = scans[-1].checkpoint.size
        findings.add("TAIL", PASSED, found=f"Nothing later among all {size:,} entries of the log.")
    elif all(scan is not None or word for scan, word in zip(scans, stated, strict=True)):
        _state(findings, heads[-1] if stated[-1] else None, scans[-1])
    else:
        findings.add("TAIL", NOT_CHECKED, found="The log was not asked, and its operator states nothing.")


def _scans(findings: Findings, ordinal: int) -> list[_Scan]:
    """The facts about one log that hold."""
    view = findings.logs[ordinal]
    found = []
    for facts in findings.facts.logs:
        try:
            checkpoint = open_note(facts.note, parse_vkey(view.vkey))
            scan = _recompute(facts, checkpoint, view.sizes, findings)
        except LogError:
            continue
        if scan is not None:
            found.append(scan)
    return found


def _reaching(view: LogView, scans: list[_Scan]) -> _Scan | None:
    """One that reaches as far as the file's checkpoint."""
    size = 0 if view.checkpoint is None else view.checkpoint.size
    return next((scan for scan in scans if scan.checkpoint.size >= size), None)


def _recompute(
    facts: LogFacts, checkpoint: Checkpoint, sizes: dict[int, Digest], findings: Findings
) -> _Scan | None:
    frontier = Frontier()
    leaves: dict[Digest, list[tuple[int, Digest]]] = {}
    for text in facts.leaves[: checkpoint.size]:
        data = b64decode(text)
        if len(data) != 64:
            raise LogError("A leaf has 64 bytes.")
        frontier.append(leaf_hash(data))
        leaves.setdefault(Digest.of(data[:32]), []).append((frontier.size - 1, Digest.of(data[32:])))
        root = sizes.get(frontier.size)
        if root is not None and root.raw != frontier.root():
            findings.add(
                "LOG-CONSISTENT",
                FAILED,
                expected=root,
                found=f"The log shows another history at {frontier.size:,} entries: {frontier.root().hex()}",
            )
            return None
    if frontier.size != checkpoint.size or frontier.root() != checkpoint.root.raw:
        return None
    return _Scan(checkpoint, leaves)


def _slots(findings: Findings, state: ContractState) -> list[Digest]:
    genesis = state.genesis
    # All of the spine: after a move an old log may hold something in a slot that the new one has filled.
    slots = [spine_slot(genesis, sequence) for sequence in range(state.head.sequence + 2)]
    for proposal in state.proposals:
        parties = () if proposal.document is None else proposal.document.parties
        sequence = proposal.envelope.sequence
        slots += [party_slot(genesis, sequence, at) for at, one in enumerate(parties) if one.role in DECIDING]
    return slots + [key_slot(key) for key in sorted(pinned_keys(findings, state))]


def _lacking(
    findings: Findings, state: ContractState, read: list[list[_Scan]], heads: list[HeadStatement | None]
) -> Digest | None:
    """A digest that a log is known to hold of this contract, and of which the file does not prove the object.

    Holding the object is not enough: what is not proven does not count, so its proof may have been taken out.
    """
    slots, ends = _slots(findings, state), closing_leaves(findings, state)
    for ordinal, view in enumerate(findings.logs):
        end = ends[ordinal]
        head = heads[ordinal]
        for scan in read[ordinal]:
            for slot in slots:
                for index, digest in scan.leaves.get(slot, ()):
                    if (end is None or index <= end) and digest not in view.proven:
                        return digest
        if head is not None:
            for digest in head.digests:
                if digest not in view.proven:
                    return digest
    return None


def _state(findings: Findings, head: HeadStatement | None, scan: _Scan | None) -> None:
    """Only the word on the present log, or what was read of it, tells as of when: it is there that more may come."""
    findings.tail, words = Tail.stated, "The operator states that nothing came later."
    if head is not None:
        findings.tail_time = min(head.occurred_at, findings.now)
        words = f"The operator states that nothing came later, as of {moment(findings.tail_time)}."
    elif scan is not None:
        findings.scanned = {len(findings.logs) - 1: scan.checkpoint.size}
    findings.add("TAIL", PASSED, found=words, source=Source.operator)


def _says_more(view: LogView, scan: _Scan, end: int | None) -> bool:
    """The log holds a LogStatement that the file does not prove; they are numbered from 0. `end`: the closing leaf."""
    proven = view.proven
    for number in count():
        leaves = scan.leaves.get(log_slot(number))
        if leaves is None:
            return False
        if any(digest not in proven and (end is None or index <= end) for index, digest in leaves):
            return True
    return False


def _head(findings: Findings, view: LogView) -> HeadStatement | None:
    """The HeadStatement of a log, when it is heard: by its operator, about this log and this contract, its root
    not against a checkpoint."""
    head, evidence = view.section.head, findings.evidence
    if head is None or head.actor != view.operator or head.digest in findings.unsigned:
        return None
    if (head.vkey, head.contract, head.genesis) != (view.vkey, evidence.contract, evidence.genesis):
        return None
    known = view.sizes.get(head.size)
    return None if known is not None and known != head.root else head


def _is_last_word(findings: Findings, state: ContractState, ordinal: int, head: HeadStatement) -> bool:
    """It names the last spine event that the file holds of this log, at exactly its sequence, and speaks of all
    that the file proves there. For a log that the record has left, it was made after that.
    """
    view = findings.logs[ordinal]
    if view.checkpoint is None or head.size < view.checkpoint.size:
        return False
    end = closing_leaves(findings, state)[ordinal]
    if end is not None and head.size <= end:
        return False
    spine = [
        one
        for one in state.spine
        if any(twin.digest in view.proven for twin in findings.twins[one.event_digest])
    ]
    if not spine:
        # Entered by a successor of a log's key, and nothing has happened since.
        places = findings.places
        before = [one for one in state.spine if one.digest in places and places[one.digest].log < ordinal]
        return bool(before) and before[-1].sequence == head.sequence
    return spine[-1].sequence == head.sequence and bool(_twins(findings, spine[-1], head))


def _twins(findings: Findings, event: Envelope, head: HeadStatement) -> set[Digest]:
    """The envelopes of an event that the statement names."""
    same = {one.digest for one in findings.twins[event.event_digest]}
    return same.intersection(head.digests)
