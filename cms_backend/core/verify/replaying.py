"""The state of the contract, as far as the file proves it: the replay of section 3 on verified places and times."""

from __future__ import annotations

from copy import copy

from cms_backend.core.errors import LifecycleError
from cms_backend.core.events import Action, Envelope
from cms_backend.core.ids import Digest
from cms_backend.core.lifecycle import ContractState, Entry, LoggedKeyEnd, replay
from cms_backend.core.lifecycle_rules import judge_created
from cms_backend.core.report_model import CheckState
from cms_backend.core.verify.findings import Findings, Place


def settle_created(findings: Findings) -> None:
    """Choose the envelope that opens the record: one that keeps the rules, logged, with the lowest digest."""
    places = findings.places
    findings.created = min(
        findings.openings(),
        key=lambda one: (
            judge_created(one, findings.text_of(one.document)) is not None,
            one.digest not in places,
            places.get(one.digest, (0, 0)),
            one.digest,
        ),
        default=None,
    )


def held_state(findings: Findings) -> ContractState | None:
    """Replay what is proven so far; None without a `created` event that counts."""
    created = findings.created
    if created is None:
        return None
    if created.details["log"] is not None and created.digest not in findings.places:
        return None
    first = findings.logs[0].vkey if findings.logs else None
    asked = (
        created.digest,
        first,
        findings.places,
        findings.doors,
        findings.handovers,
        findings.unsigned,
        findings.account_states,
    )
    for known, state in findings.replayed:
        if known == asked:
            return state  # several steps ask on the very same grounds, and a long record takes its time
    state = _replayed(findings, first)
    findings.replayed = [(_kept(asked), state), *findings.replayed[:2]]
    return state


def _kept(asked: tuple[object, ...]) -> tuple[object, ...]:
    """The grounds of a replay, kept as they were."""
    return tuple(copy(part) for part in asked)


def _replayed(findings: Findings, first_log: str | None) -> ContractState | None:
    try:
        return replay(
            [_entry(findings, one) for one in findings.events if one.digest not in findings.unsigned],
            findings.texts,
            now=findings.now,
            key_ends=[
                LoggedKeyEnd(end, place.log, place.index)
                for end in findings.evidence.key_ends
                if end.digest not in findings.unsigned
                and (place := findings.places.get(end.digest)) is not None
            ],
            handovers=findings.handovers,
            first_log=first_log,
            genesis=findings.evidence.genesis,
            count_held=False,
        )
    except LifecycleError:
        return None


def _entry(findings: Findings, event: Envelope) -> Entry:
    place = findings.places.get(event.digest)
    return Entry(
        event,
        None if place is None else place.log,
        None if place is None else place.index,
        findings.doors.get(event.event_digest),
        doubtful=event.digest in findings.open_signatures
        and findings.account_states.get(event.digest) is not CheckState.passed,
    )


def settled_state(findings: Findings) -> ContractState | None:
    """As `held_state`, with the places that are the contract's by that state."""
    state = held_state(findings)
    if state is not None and settle_places(findings, state):
        state = held_state(findings)
    return state


def settle_places(findings: Findings, state: ContractState | None) -> bool:
    """The first leaf of each object, logs in their order. Leaves of events in front of the opening leaf and all
    leaves behind the closing one are set aside: who runs that log could make them, to let something count or not.

    True when that changes a place.
    """
    ends = [None] * len(findings.logs) if state is None else closing_leaves(findings, state)
    if state is not None and all(end is None for end in ends):
        return False  # nothing is behind a closing leaf, and the opening ones were known before
    events = {one.digest for one in findings.events}
    places: dict[Digest, Place] = {}
    for ordinal, (view, end) in enumerate(zip(findings.logs, ends, strict=True)):
        for digest, index in view.proven.items():
            if (end is None or index <= end) and (index >= view.opened or digest not in events):
                places.setdefault(digest, Place(ordinal, index))
    changed = places != findings.places
    findings.places = places
    return changed


def closing_leaves(findings: Findings, state: ContractState) -> list[int | None]:
    """For each log the leaf behind which it says nothing of the record any more; None for the present one."""
    moves = {one.details["log"]["vkey"]: one for one in state.spine if one.action is Action.moved}
    found: list[int | None] = []
    for ordinal, view in enumerate(findings.logs):
        vkey = state.logs[ordinal + 1].vkey if ordinal < len(state.logs) - 1 else None
        leaves = [one.index for one in findings.handovers if (one.log, one.vkey) == (ordinal, vkey)]
        moved = None if vkey is None else moves.get(vkey)
        if moved is not None and moved.digest in view.proven:
            leaves.append(view.proven[moved.digest])
        found.append(min(leaves, default=None))
    return found


def counted_events(state: ContractState) -> set[Digest]:
    """The statement digests of all events that count."""
    counted = {one.event_digest for one in (*state.spine, *state.notes)}
    for proposal in state.proposals:
        counted |= {one.event_digest for one in proposal.decisions.values()}
    return counted
