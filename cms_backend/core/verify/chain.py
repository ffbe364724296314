"""Step 7: which logs the contract has been in. Only events that count name one, so logs and replay go hand in hand.

The first log is named by `created`. From each log the record goes on to the next by a `moved` that counts and has
its leaf in both, or by the operator's LogStatement that names a successor of the log's key (section 6). A section
of the file that no such step leads to is not heard: nothing in it has any effect.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import Final

from cms_backend.core.canonical import MAX_INT
from cms_backend.core.events import Action, Envelope, Kind
from cms_backend.core.evidence_parts import LogSection
from cms_backend.core.ids import Did, Digest
from cms_backend.core.lifecycle import ContractState, Handover, LogRef, signer_of
from cms_backend.core.lifecycle_rules import judge_created
from cms_backend.core.report_model import Check
from cms_backend.core.verify.findings import NOT_APPLICABLE, Findings, LogView
from cms_backend.core.verify.logs import check_section, slots_of
from cms_backend.core.verify.replaying import held_state, settle_created, settle_places, settled_state
from cms_backend.core.verify.trail import Trail

MOST_DOORS: Final = 2
"""`moved` events by which a record without a log could come into one (section 6). Only its owner can make them."""


def check_logs(findings: Findings) -> None:
    """LOG-NOTE, LOG-INCLUSION, LOG-SLOT, LOG-CONSISTENT; fills `created`, `logs`, `places` and `doors`."""
    sections = _Sections(findings)
    settle_created(findings)
    if findings.created is not None and _keeps_the_rules(findings, findings.created):
        named = findings.created.details["log"]
        if named is None:
            _enter_first(findings, sections)
        elif named["vkey"] in sections.left:
            _take(findings, sections, LogRef(named["vkey"], Did(named["operator"])))
            settle_created(findings)  # of several envelopes of the event, the logged one opens the record
    state = held_state(findings) if findings.logs and sections.left else None
    if state is not None and len(state.logs) > 1:
        trail = Trail(findings, state)
        while sections.left and _enter_next(findings, sections, trail):
            trail.read()
    if any(one.action is Action.moved for one in findings.events) or findings.handovers:
        # Leaves behind closing ones are set aside before anchors are assigned.
        state = settled_state(findings)
        findings.lost = not findings.began_logged and state is not None and _passes_by(findings, state)
    for vkey in sections.left:
        words = "No event that counts leads the record into this log: nothing in it is heard."
        findings.add("LOG-NOTE", NOT_APPLICABLE, expected=vkey, found=words)


def _passes_by(findings: Findings, state: ContractState) -> bool:
    """A `moved` that counts, and that the file does not show in the log it names: the record has been there."""
    return any(
        one.action is Action.moved
        and one.digest not in findings.places
        and one.event_digest not in findings.doors
        for one in state.spine
    )


class _Sections:
    """The sections of the file, each read once, however many events name its log."""

    def __init__(self, findings: Findings) -> None:
        self.left: dict[str, LogSection] = {section.vkey: section for section in findings.evidence.logs}
        """Those that no step has led to."""
        self._findings = findings
        self._slots = slots_of(findings)
        self._read: dict[str, tuple[LogView, list[Check]]] = {}

    def read(self, log: LogRef) -> tuple[LogView, list[Check]]:
        """What the notes and proofs of a log's section show, and the checks that say so."""
        if log.vkey not in self._read:
            findings = self._findings
            view, known = LogView(self.left[log.vkey], log.operator), len(findings.checks)
            check_section(findings, view, self._slots)
            self._read[log.vkey] = view, findings.checks[known:]
            del findings.checks[known:]
        view, checks = self._read[log.vkey]
        return replace(view, operator=log.operator), checks


def _take(findings: Findings, sections: _Sections, log: LogRef, door: Envelope | None = None) -> None:
    """Add a log to those of the contract. `door`: the `moved` that leads into it."""
    view, checks = sections.read(log)
    del sections.left[log.vkey]
    findings.logs.append(view)
    findings.checks += checks
    if door is not None:
        leaves = [view.proven[one.digest] for one in _twins(findings, door) if one.digest in view.proven]
        if leaves:
            findings.doors[door.event_digest] = min(leaves)
        _open(findings, min(leaves, default=MAX_INT))
    else:
        created = findings.openings() if len(findings.logs) == 1 else []
        _open(
            findings,
            min((view.proven[one.digest] for one in created if one.digest in view.proven), default=-1),
        )


def _open(findings: Findings, leaf: int) -> None:
    """The record came into its newest log by this leaf."""
    ordinal = len(findings.logs) - 1
    findings.logs[ordinal].opened = leaf
    findings.handovers = [one for one in findings.handovers if one.log != ordinal]
    handover = _handover(findings, ordinal)
    if handover is not None:
        findings.handovers.append(handover)
    settle_places(findings, None)


def _keeps_the_rules(findings: Findings, created: Envelope) -> bool:
    return judge_created(created, findings.text_of(created.document)) is None


def _enter_next(findings: Findings, sections: _Sections, trail: Trail) -> bool:
    """Follow the record out of its last known log, if a section of the file is where it goes on."""
    here, log = len(findings.logs) - 1, trail.next_log()
    if log is None or log.vkey not in sections.left:
        return False
    if any(one.log == here and one.vkey == log.vkey for one in findings.handovers):
        _take(findings, sections, log)
        return True
    door = next(
        one
        for one in reversed(trail.machine.spine)
        if one.action is Action.moved and one.details["log"]["vkey"] == log.vkey
    )
    if not _names(findings, door, sections.left[log.vkey].proofs):
        return False
    _take(findings, sections, log, door)
    return True


def _enter_first(findings: Findings, sections: _Sections) -> None:
    """A record that began without a log: the `moved` that the walk comes to, logged where it leads to.

    Of several that would do the one that the others stand on is taken; if there is none such, they are rivals, which
    the walk names, and none is taken. The whole record is walked for each: of more than `MOST_DOORS` none is tried.
    """
    doors = {
        one.event_digest: one
        for one in findings.events
        if one.action is Action.moved
        and one.details["log"] is not None
        and one.details["log"]["vkey"] in sections.left
        and _is_owners(findings, one)
        and _names(findings, one, sections.read(_log_of(one))[0].proven)
    }
    tried = list(doors.values()) if len(doors) <= MOST_DOORS else []
    fitting = [door for door in tried if _leads_on(findings, door, sections)]
    known = {one.digest: one for one in findings.events if one.kind is Kind.spine}
    first = [door for door in fitting if not any(_stands_on(door, other, known) for other in fitting)]
    if len(first) == 1:
        _take(findings, sections, _log_of(first[0]), first[0])


def _log_of(moved: Envelope) -> LogRef:
    log = moved.details["log"]
    return LogRef(log["vkey"], Did(log["operator"]))


def _is_owners(findings: Findings, door: Envelope) -> bool:
    """Only the owner moves a record; without a log no key has a successor. Nobody else's events are tried."""
    created, who = findings.created, signer_of(door)
    if created is None:
        return False
    return who == signer_of(created) or who.did == created.details["on_behalf_of"]


def _stands_on(event: Envelope, other: Envelope, known: dict[Digest, Envelope]) -> bool:
    """`other` is on the chain of `previous` below the event. The sequence falls with each step, or the chain ends."""
    at = event
    while at.previous is not None and at.previous in known and known[at.previous].sequence < at.sequence:
        at = known[at.previous]
        if at.event_digest == other.event_digest:
            return True
    return False


def _leads_on(findings: Findings, door: Envelope, sections: _Sections) -> bool:
    """The walk without a log comes to this `moved`, when its log is taken for the contract's."""
    log, known, left = _log_of(door), len(findings.checks), dict(sections.left)
    _take(findings, sections, log, door)
    state = held_state(findings)
    del findings.checks[known:]
    findings.logs, findings.places, findings.doors, findings.handovers = [], {}, {}, []
    sections.left = left
    return state is not None and bool(state.logs) and state.logs[0].vkey == log.vkey


def _names(findings: Findings, door: Envelope, proofs: Container[Digest]) -> bool:
    """There is a proof of the `moved`, whose signature needs no account's contract to judge it."""
    twins = _twins(findings, door)
    return any(one.digest not in findings.open_signatures for one in twins) and any(
        one.digest in proofs for one in twins
    )


def _twins(findings: Findings, event: Envelope) -> list[Envelope]:
    """All envelopes of an event whose signature does not fail."""
    return [one for one in findings.twins[event.event_digest] if one.digest not in findings.unsigned]


def _handover(findings: Findings, ordinal: int) -> Handover | None:
    """The first statement in a log by which its operator names a successor of its key."""
    view = findings.logs[ordinal]
    found = [
        Handover(ordinal, view.proven[one.digest], one.successor)
        for one in view.heard(findings.unsigned)
        if one.successor is not None
        and one.successor not in {known.vkey for known in findings.logs}
        and view.proven.get(one.digest, -1) > view.opened
    ]
    return min(found, key=lambda one: one.index, default=None)
