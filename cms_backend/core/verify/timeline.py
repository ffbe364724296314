"""Rows, brackets, paths, parties and logs of the report."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final

from cms_backend.core.checkpoint import parse_tlog_proof
from cms_backend.core.events import Action, Envelope, Kind
from cms_backend.core.ids import Did, Digest
from cms_backend.core.lifecycle_state import ContractState, Proposal, Text
from cms_backend.core.merkle import leaf_hash
from cms_backend.core.report_model import (
    AnchorRow,
    Bracket,
    Check,
    CheckState,
    LogPath,
    LogRow,
    PartyRow,
    PathStep,
    TimelineRow,
    VoidEvent,
)
from cms_backend.core.slots import leaf_data, slot_of
from cms_backend.core.verify.binding import binding
from cms_backend.core.verify.findings import (
    FAILED,
    NOT_APPLICABLE,
    PASSED,
    PENDING,
    UNDECIDED,
    Findings,
    Place,
)
from cms_backend.core.verify.order import NO_EFFECT, name_of
from cms_backend.core.verify.waiting import counting_texts

_TITLE: Final = {
    Action.created: "Created",
    Action.proposed: "Proposed",
    Action.withdrawn: "Withdrawn",
    Action.terminated: "Notice of termination",
    Action.moved: "Moved to another log",
    Action.approved: "Approved",
    Action.signed: "Signed",
    Action.witnessed: "Witnessed",
    Action.declined: "Declined",
    Action.commented: "Commented",
}
_MOST_PATHS: Final = 500
_RANK: Final = {Kind.spine: 0, Kind.decision: 1, Kind.note: 2}


def in_order(findings: Findings, events: Iterable[Envelope]) -> list[Envelope]:
    """Events as they happened: logged ones by their leaves, then the others by sequence and claimed time."""
    places = findings.places
    logged: list[Envelope] = []
    others: list[Envelope] = []
    for one in events:
        (logged if one.digest in places else others).append(one)
    logged.sort(key=lambda one: places[one.digest].log << 53 | places[one.digest].index)
    others.sort(key=lambda one: (one.sequence, _RANK[one.kind], one.occurred_at, one.digest))
    return logged + others


def rows(findings: Findings) -> list[TimelineRow]:
    """One row for each event."""
    bad = {check.event for check in findings.checks if check.state is FAILED and check.counts_as is not None}
    open_ones = {check.event for check in findings.checks if check.state is UNDECIDED}
    void = {} if findings.state is None else {one.envelope.event_digest: one for one in findings.state.void}
    names: dict[Did, str] = {}
    anchored, places, early = findings.first_anchor, findings.places, findings.not_before
    sizes = [sorted(view.sizes) for view in findings.logs]
    unanchored = PENDING in findings.anchor_states
    found = []
    for one in in_order(findings, findings.evidence.envelopes):
        name = names.get(one.actor)
        if name is None:
            name = names.setdefault(one.actor, name_of(findings, one.actor))
        place, anchor = places.get(one.digest), anchored.get(one.digest)
        behalf = one.details.get("on_behalf_of")
        broken = void.get(one.event_digest)
        idle = findings.has_log and place is None and one.event_digest not in findings.counted
        waits = one.digest in findings.unlogged or (place is not None and anchor is None and unanchored)
        aside = None if broken is None else broken.reason
        if broken is None and idle and not waits:
            aside = NO_EFFECT
        found.append(
            TimelineRow(  # by place: by name it takes twice as long, and there may be very many
                one.digest,
                one.sequence,
                one.json["action"],
                _title(one),
                one.actor,
                name,
                FAILED
                if one.digest in bad
                else NOT_APPLICABLE
                if aside is not None
                else UNDECIDED
                if one.digest in open_ones
                else PENDING
                if waits
                else PASSED,
                one.occurred_at,
                early.get(one.digest),
                None if anchor is None else anchor.time,
                None if place is None else place.log,
                None if place is None else place.index,
                anchor.ref.size if anchor is not None else _checkpoint(sizes, place),
                None if anchor is None else anchor.ref.chain,
                None if anchor is None else anchor.block,
                None if behalf is None else Did(behalf),
                aside,
                one.document.revision,
            )
        )
    return found


def _title(one: Envelope) -> str:
    if one.action is Action.commented:
        return "Commented"
    if one.action is Action.proposed and one.document.revision > 1:
        return f"Proposed revision {one.document.revision}"
    return _TITLE[one.action]


def _checkpoint(sizes: Sequence[Sequence[int]], place: Place | None) -> int | None:
    """The smallest verified checkpoint above a leaf. `sizes`: those of each log, ascending."""
    if place is None:
        return None
    at = bisect_right(sizes[place.log], place.index)
    return sizes[place.log][at] if at < len(sizes[place.log]) else None


def brackets(found: list[TimelineRow]) -> tuple[Bracket, ...]:
    """Neighbouring rows under one checkpoint."""
    result: list[Bracket] = []
    first, key = 0, None
    for at, row in enumerate([*found, None]):
        here = None if row is None or row.checkpoint is None else (row.log, row.checkpoint)
        if here == key and at:
            continue
        if key is not None:
            result.append(_bracket(found, first, at - 1))
        first, key = at, here
    return tuple(result)


def _bracket(found: list[TimelineRow], first: int, last: int) -> Bracket:
    row = found[first]
    state = PASSED if row.block is not None else PENDING if row.state is PENDING else CheckState.not_checked
    return Bracket(first, last, row.log or 0, row.checkpoint or 0, row.chain, row.block, state)


def paths(findings: Findings) -> tuple[LogPath, ...]:
    """The ways to the root, of all events; of spine events and decisions only when there are very many."""
    events = findings.evidence.envelopes
    if len(events) > _MOST_PATHS:
        few = (one for one in events if one.action is not Action.commented)
        chosen = in_order(findings, few)[:_MOST_PATHS]
    else:
        chosen = in_order(findings, events)
    return tuple(path for path in (_path(findings, one) for one in chosen) if path is not None)


def _path(findings: Findings, one: Envelope) -> LogPath | None:
    place, slot = findings.places.get(one.digest), slot_of(one, findings.evidence.genesis)
    if place is None or slot is None:
        return None
    checkpoint = findings.logs[place.log].checkpoint
    if checkpoint is None:
        return None
    hashed = leaf = leaf_hash(leaf_data(slot, one.digest))
    at, last, steps = place.index, checkpoint.size - 1, []
    for sibling in parse_tlog_proof(findings.logs[place.log].section.proofs[one.digest]).path:
        while not at & 1 and at == last:
            at, last = at >> 1, last >> 1
        left = bool(at & 1)
        hashed = sha256(b"\x01" + (sibling + hashed if left else hashed + sibling)).digest()
        steps.append(PathStep(Digest.of(sibling), left, Digest.of(hashed)))
        at, last = at >> 1, last >> 1
    root = checkpoint.root
    return LogPath(
        one.digest, place.index, checkpoint.size, Digest.of(leaf), root, hashed == root.raw, tuple(steps)
    )


def void_events(findings: Findings) -> tuple[VoidEvent, ...]:
    """Events without effect, by sequence."""
    if findings.state is None:
        return ()
    return tuple(
        VoidEvent(
            one.envelope.digest,
            one.envelope.sequence,
            one.envelope.action.value,
            one.envelope.actor,
            name_of(findings, one.envelope.actor),
            one.check,
            one.reason,
        )
        for one in sorted(findings.state.void, key=lambda one: (one.envelope.sequence, one.envelope.digest))
    )


def shown(findings: Findings, state: ContractState | None) -> tuple[Text | None, Proposal | None]:
    """The text that the report is about, and its proposal: in force, else pending, else the last one."""
    if state is None:
        return next(iter(counting_texts(findings, None)), None), None
    proposals = [one for one in (state.in_force, state.pending) if one is not None]
    if not proposals and state.proposals:
        proposals = [state.proposals[-1]]
    if proposals:
        return proposals[0].document, proposals[0]
    return findings.text_of(state.highest), None


def parties(findings: Findings, text: Text | None, proposal: Proposal | None) -> tuple[PartyRow, ...]:
    """The parties of the shown text."""
    if text is None:
        return ()
    decisions = {} if proposal is None else proposal.decisions
    awaited = set() if proposal is None else {one.party for one in proposal.awaited}
    return tuple(
        PartyRow(
            index=at,
            did=one.did,
            key=one.key,
            name=one.name,
            role=one.role.value,
            step=one.step,
            capacity=one.capacity,
            witness_of=one.witness_of,
            decision=decisions[at].action.value if at in decisions else None,
            decided_at=decisions[at].occurred_at if at in decisions else None,
            awaited=at in awaited,
            bound=binding(findings, one.did, one.key)[0],
        )
        for at, one in enumerate(text.parties)
    )


def log_rows(findings: Findings) -> tuple[LogRow, ...]:
    """The contract's logs."""
    events = Counter(place.log for place in findings.places.values())
    anchored: dict[int, int] = {}
    for anchor in findings.anchors:
        anchored[anchor.log] = max(anchor.ref.size, anchored.get(anchor.log, 0))
    return tuple(
        LogRow(
            origin=view.vkey.split("+", 1)[0],
            vkey=view.vkey,
            operator=view.operator,
            size=None if view.checkpoint is None else view.checkpoint.size,
            root=None if view.checkpoint is None else view.checkpoint.root,
            events=events[at],
            anchored=anchored.get(at),
        )
        for at, view in enumerate(findings.logs)
    )


def anchor_rows(findings: Findings) -> tuple[AnchorRow, ...]:
    """The anchors that a ledger confirmed."""
    return tuple(
        AnchorRow(
            one.log,
            one.ref.size,
            one.ref.root,
            one.ref.chain,
            one.ref.ledger,
            one.ref.tx,
            one.block,
            one.time,
            one.final,
            not one.public,
        )
        for one in findings.anchors
    )


def hold_back(
    found: list[TimelineRow], checks: list[Check], bad: Digest
) -> tuple[list[TimelineRow], list[Check], set[Digest]]:
    """Behind the first bad event nothing is judged: later events are "not checked", neither passed nor void.

    Gives the rows, the checks, and the digests of the later events.
    """
    at = next(place for place, row in enumerate(found) if row.digest == bad)
    later = {row.digest for row in found[at + 1 :]}
    held = CheckState.not_checked
    rows_after = [
        row._replace(state=held, void_reason=None) if row.digest in later and row.state is not FAILED else row
        for row in found
    ]
    checks_after = [
        replace(one, state=held)
        if one.event in later and (one.state is PASSED or (one.state is FAILED and one.counts_as is None))
        else one
        for one in checks
    ]
    return rows_after, checks_after, later
