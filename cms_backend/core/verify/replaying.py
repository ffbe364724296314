"""The state of the contract, as far as the file proves it: the replay of section 3 on verified places and times."""

from __future__ import annotations

from cms_backend.core.errors import LifecycleError
from cms_backend.core.events import Action, Envelope
from cms_backend.core.ids import Digest
from cms_backend.core.lifecycle import ContractState, Entry, LoggedKeyEnd, replay
from cms_backend.core.verify.findings import Findings


def settle_created(findings: Findings) -> None:
    """Choose the envelope that opens the record: the first logged one, else the one with the lowest digest."""
    places = findings.places
    findings.created = min(
        findings.openings(),
        key=lambda one: (one.digest not in places, places.get(one.digest, (0, 0)), one.digest),
        default=None,
    )


def held_state(findings: Findings) -> ContractState | None:
    """Replay what is proven so far; None without a `created` event that counts."""
    created = findings.created
    if created is None:
        return None
    if created.details["log"] is not None and created.digest not in findings.places:
        return None
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
            first_log=findings.logs[0].vkey if findings.logs else None,
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
        findings.doors.get(event.statement_digest),
    )


def settled_state(findings: Findings) -> ContractState | None:
    """As `held_state`, where leaves that a log took in after the record had left it are no places."""
    state = held_state(findings)
    if state is not None and forget_behind(findings, state):
        state = held_state(findings)
    return state


def forget_behind(findings: Findings, state: ContractState) -> bool:
    """Take away the places behind the closing leaves: who runs a log that was left could make them at any time."""
    ends = {at: closing_leaf(findings, state, at) for at in range(len(findings.logs))}
    gone = [
        digest
        for digest, place in findings.places.items()
        if (end := ends[place.log]) is not None and place.index > end
    ]
    for digest in gone:
        del findings.places[digest]
    return bool(gone)


def closing_leaf(findings: Findings, state: ContractState, ordinal: int) -> int | None:
    """The leaf behind which a log that the record has left says nothing of it any more; None for the present one."""
    if ordinal >= len(state.logs) - 1:
        return None
    vkey, proven = state.logs[ordinal + 1].vkey, findings.logs[ordinal].proven
    leaves = [one.index for one in findings.handovers if (one.log, one.vkey) == (ordinal, vkey)]
    leaves += [
        proven[one.digest]
        for one in state.spine
        if one.action is Action.moved and one.details["log"]["vkey"] == vkey and one.digest in proven
    ]
    return min(leaves, default=None)


def counted_events(state: ContractState) -> set[Digest]:
    """The statement digests of all events that count."""
    counted = {one.statement_digest for one in (*state.spine, *state.notes)}
    for proposal in state.proposals:
        counted |= {one.statement_digest for one in proposal.decisions.values()}
    return counted
