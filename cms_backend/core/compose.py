"""Unsigned events from a state: sequence, links, `after`, document and party filled in (section 3).

What comes out is complete and ready for `signatures.secure`. Whether the rules allow it is judged where it is
admitted; NotAllowed is raised only where there is nothing that the event could stand on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cms_backend.core.canonical import Json
from cms_backend.core.document import DocumentRef, SealedDocument
from cms_backend.core.errors import NotAllowed
from cms_backend.core.events import Action, CheckpointRef, Seen, event_statement
from cms_backend.core.ids import Did, Digest, Time
from cms_backend.core.lifecycle_machine import Machine
from cms_backend.core.lifecycle_round import Round
from cms_backend.core.lifecycle_state import ContractState, Text
from cms_backend.core.references import NOTHING_SEEN

Statement = dict[str, Json]


def compose_created(
    document: SealedDocument,
    actor: Did,
    *,
    occurred_at: Time,
    log: Mapping[str, str] | None = None,
    on_behalf_of: Did | None = None,
    seen: Seen = NOTHING_SEEN,
) -> Statement:
    """Open the record with revision 0. `log`: `{vkey, operator}` of the contract's log, or None."""
    return event_statement(
        action=Action.created,
        contract=document.document.contract,
        sequence=0,
        previous=None,
        actor=actor,
        party=document.document.party_of(actor),
        occurred_at=occurred_at,
        document=document.ref,
        seen=seen,
        details={"log": None if log is None else dict(log), "on_behalf_of": on_behalf_of},
    )


def compose_proposed(
    state: ContractState,
    document: SealedDocument,
    actor: Did,
    *,
    occurred_at: Time,
    reply_by: Time | None = None,
    note: str = "",
    on_behalf_of: Did | None = None,
    seen: Seen = NOTHING_SEEN,
) -> Statement:
    """Propose a revision: `document.revision` is the highest before and 1, `supersedes` the root of that."""
    details = {"reply_by": reply_by, "note": note, "on_behalf_of": on_behalf_of}
    return _spine(state, Action.proposed, actor, occurred_at, document.ref, seen, details, document.document)


def compose_withdrawn(
    state: ContractState, actor: Did, *, occurred_at: Time, reason: str = "", seen: Seen = NOTHING_SEEN
) -> Statement:
    """Withdraw the pending proposal."""
    if state.pending is None:
        raise NotAllowed("No proposal is pending.")
    ref = state.pending.ref
    return _spine(state, Action.withdrawn, actor, occurred_at, ref, seen, {"reason": reason})


def compose_terminated(
    state: ContractState,
    actor: Did,
    *,
    occurred_at: Time,
    reason: str = "",
    effective_on: Time | None = None,
    seen: Seen = NOTHING_SEEN,
) -> Statement:
    """Give notice of termination."""
    if state.in_force is None:
        raise NotAllowed("Nothing is in force that could be terminated.")
    details = {"reason": reason, "effective_on": effective_on}
    return _spine(state, Action.terminated, actor, occurred_at, state.in_force.ref, seen, details)


def compose_moved(
    state: ContractState,
    actor: Did,
    *,
    occurred_at: Time,
    log: Mapping[str, str],
    checkpoint: CheckpointRef | None,
    seen: Seen = NOTHING_SEEN,
) -> Statement:
    """Move the record. `checkpoint`: the old log's last one, None when there was no log."""
    details = {"log": dict(log), "checkpoint": None if checkpoint is None else checkpoint.to_json()}
    return _spine(state, Action.moved, actor, occurred_at, state.highest, seen, details)


def compose_decision(
    state: ContractState,
    action: Action,
    actor: Did,
    *,
    occurred_at: Time,
    reason: str = "",
    seen: Seen = NOTHING_SEEN,
) -> Statement:
    """Approve, sign, witness or decline the pending proposal. `reason` is for declined only."""
    if state.pending is None:
        raise NotAllowed("No proposal is pending.")
    machine, on = Machine.of(state), Round.of(state.pending)
    party = machine.party_named(on.text, actor)
    if party is None:
        raise NotAllowed("The actor is no party of this revision.")
    after: list[Digest] = []
    details: dict[str, Json] = {}
    if action is Action.declined:
        after = [one.digest for one in on.decisions.values()]
        details = {"reason": reason}
    else:
        after = [on.decisions[at].digest for at in on.before(party) if at in on.decisions]
    if action is Action.witnessed:
        if not after:
            raise NotAllowed("The signature that is to be witnessed is not there yet.")
        details = {"signature": after[0]}
    return event_statement(
        action=action,
        contract=state.contract,
        sequence=on.envelope.sequence,
        previous=on.envelope.digest,
        after=_texts(after),
        actor=actor,
        party=party,
        occurred_at=occurred_at,
        document=on.ref,
        seen=seen,
        details=details,
    )


def compose_commented(
    state: ContractState,
    actor: Did,
    text: str,
    *,
    occurred_at: Time,
    path: str | None = None,
    on_behalf_of: Did | None = None,
    seen: Seen = NOTHING_SEEN,
) -> Statement:
    """Comment on the contract, on one of its leaves or on the whole."""
    return event_statement(
        action=Action.commented,
        contract=state.contract,
        sequence=state.head.sequence,
        previous=state.head.digest,
        actor=actor,
        party=_party(state, actor, state.highest, None),
        occurred_at=occurred_at,
        document=state.highest,
        seen=seen,
        details={"path": path, "text": text, "on_behalf_of": on_behalf_of},
    )


def _spine(
    state: ContractState,
    action: Action,
    actor: Did,
    occurred_at: Time,
    ref: DocumentRef,
    seen: Seen,
    details: Mapping[str, Json],
    text: Text | None = None,
) -> Statement:
    last = state.proposals[-1] if state.proposals else None
    held = () if last is None else (one.digest for one in last.decisions.values())
    return event_statement(
        action=action,
        contract=state.contract,
        sequence=state.head.sequence + 1,
        previous=state.head.digest,
        after=_texts(held),
        actor=actor,
        party=_party(state, actor, ref, text),
        occurred_at=occurred_at,
        document=ref,
        seen=seen,
        details=details,
    )


def _party(state: ContractState, actor: Did, ref: DocumentRef, text: Text | None) -> int | None:
    machine = Machine.of(state)
    return machine.party_named(text if text is not None else machine.text_of(ref), actor)


def _texts(digests: Iterable[Digest]) -> tuple[str, ...]:
    return tuple(map(str, digests))
