"""The state of the contract, as far as the file proves it: the replay of section 3 on verified places and times."""

from __future__ import annotations

from cms_backend.core.errors import LifecycleError
from cms_backend.core.events import Envelope
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
            genesis=findings.evidence.genesis,
            count_held=False,
        )
    except LifecycleError:
        return None


def _entry(findings: Findings, event: Envelope) -> Entry:
    place, anchor = findings.places.get(event.digest), findings.first_anchor.get(event.digest)
    return Entry(
        event,
        None if place is None else place.log,
        None if place is None else place.index,
        findings.doors.get(event.statement_digest),
        None if anchor is None else anchor.time,
    )


def counted_events(state: ContractState) -> set[Digest]:
    """The statement digests of all events that count."""
    counted = {one.statement_digest for one in (*state.spine, *state.notes)}
    for proposal in state.proposals:
        counted |= {one.statement_digest for one in proposal.decisions.values()}
    return counted
