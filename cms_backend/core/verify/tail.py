"""Step 10: whether anything came later. Absent to a size, stated by the operator, or not known."""

from __future__ import annotations

from dataclasses import dataclass

from cms_backend.core.checkpoint import Checkpoint, b64decode, open_note, parse_vkey
from cms_backend.core.errors import LogError
from cms_backend.core.ids import Digest
from cms_backend.core.lifecycle_state import ContractState
from cms_backend.core.merkle import Frontier, leaf_hash
from cms_backend.core.report_model import Source, Tail
from cms_backend.core.slots import key_slot, party_slot, spine_slot
from cms_backend.core.statements import HeadStatement
from cms_backend.core.verify.facts import LogFacts
from cms_backend.core.verify.findings import FAILED, NOT_APPLICABLE, NOT_CHECKED, PASSED, Findings
from cms_backend.core.verify.words import moment


@dataclass(frozen=True, slots=True)
class _Scan:
    """All leaves of a log, recomputed to its signed root: the digests in each slot."""

    checkpoint: Checkpoint
    leaves: dict[Digest, list[Digest]]


def check_tail(findings: Findings) -> None:
    """TAIL; fills `tail`. Both the present log and earlier ones are asked, as far as the facts reach."""
    state = findings.state
    if not findings.has_log:
        findings.tail = Tail.not_applicable
        findings.add("TAIL", NOT_APPLICABLE, found="The contract has no log that could tell.")
        return
    if state is None or not findings.logs:
        findings.tail = Tail.not_known
        findings.add("TAIL", NOT_CHECKED, found="Nothing to start from.")
        return
    scans = [_scan(findings, ordinal) for ordinal in range(len(findings.logs))]
    later = _later_in_scans(findings, state, [scan for scan in scans if scan is not None])
    statement = _statement(findings, state)
    if later is None and statement is not None:
        later = next((one for one in statement.digests if one not in _held(findings)), None)
    if later is not None:
        findings.tail = Tail.later
        findings.add("TAIL", FAILED, expected="nothing later", found=later)
    elif all(scan is not None for scan in scans) and scans[-1] is not None:
        size = scans[-1].checkpoint.size
        findings.tail = Tail.absent
        findings.add("TAIL", PASSED, found=f"Nothing later among all {size:,} entries of the log.")
    elif statement is not None and _names_the_last(findings, state, statement):
        findings.tail, findings.tail_time = Tail.stated, statement.occurred_at
        words = f"The operator states that nothing came later, as of {moment(statement.occurred_at)}."
        findings.add("TAIL", PASSED, found=words, source=Source.operator)
    else:
        findings.add("TAIL", NOT_CHECKED, found="The log was not asked, and its operator states nothing.")


def _held(findings: Findings) -> set[Digest]:
    evidence = findings.evidence
    return (
        {one.digest for one in evidence.envelopes}
        | {one.digest for one in evidence.key_ends}
        | findings.broken
    )


def _scan(findings: Findings, ordinal: int) -> _Scan | None:
    """The facts about one log, if they hold and reach as far as the file's checkpoint."""
    view = findings.logs[ordinal]
    for facts in findings.facts.logs:
        try:
            checkpoint = open_note(facts.note, parse_vkey(view.vkey))
            scan = _recompute(facts, checkpoint, view.sizes, findings)
        except LogError:
            continue
        if scan is not None and (view.checkpoint is None or checkpoint.size >= view.checkpoint.size):
            return scan
    return None


def _recompute(
    facts: LogFacts, checkpoint: Checkpoint, sizes: dict[int, Digest], findings: Findings
) -> _Scan | None:
    frontier = Frontier()
    leaves: dict[Digest, list[Digest]] = {}
    for text in facts.leaves[: checkpoint.size]:
        data = b64decode(text)
        if len(data) != 64:
            raise LogError("A leaf has 64 bytes.")
        frontier.append(leaf_hash(data))
        leaves.setdefault(Digest.of(data[:32]), []).append(Digest.of(data[32:]))
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
    # All of the spine: after a move an old log may hold something in a slot that the new one has filled (B5).
    slots = [spine_slot(genesis, sequence) for sequence in range(state.head.sequence + 2)]
    if state.pending is not None:
        sequence = state.pending.envelope.sequence
        slots += [party_slot(genesis, sequence, one.party) for one in state.awaited]
    keys = {party.key for text in findings.texts.values() for party in text.parties}
    return slots + [key_slot(key) for key in sorted(keys)]


def _later_in_scans(findings: Findings, state: ContractState, scans: list[_Scan]) -> Digest | None:
    held = _held(findings)
    for slot in _slots(findings, state):
        for scan in scans:
            for digest in scan.leaves.get(slot, ()):
                if digest not in held:
                    return digest
    return None


def _statement(findings: Findings, state: ContractState) -> HeadStatement | None:
    """The operator's HeadStatement in the contract's last log, when it is not older than the state in the file."""
    head, view = findings.evidence.logs[-1].head, findings.logs[-1]
    if head is None or head.actor != view.operator or head.digest in findings.unsigned:
        return None
    if (head.contract, head.genesis) != (state.contract, state.genesis):
        return None
    known = view.sizes.get(head.size)
    if head.sequence < state.head.sequence or (known is not None and known != head.root):
        return None
    return head


def _names_the_last(findings: Findings, state: ContractState, head: HeadStatement) -> bool:
    """At the same sequence it names the file's last spine event, unless that lies behind what it speaks of."""
    if head.sequence > state.head.sequence:
        return True
    named, place = set(head.digests), findings.places.get(state.head.digest)
    twins = {
        one.digest
        for one in findings.evidence.envelopes
        if one.statement_digest == state.head.statement_digest
    }
    return bool(named & twins) or place is None or place.index >= head.size
