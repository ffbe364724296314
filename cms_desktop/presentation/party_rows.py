"""Parties in their order, for the side of a contract and for the preview."""

from __future__ import annotations

from typing import Final

from cms_backend.core.events import Action
from cms_backend.core.ids import Did
from cms_backend.core.lifecycle_state import ContractState, Proposal, Text
from cms_backend.core.parties import Party, Role
from cms_desktop.presentation import words
from cms_desktop.presentation.summary import Name

ROLES: Final = (
    "key",
    "name",
    "person",
    "line",
    "did",
    "shortDid",
    "nextKey",
    "turn",
    "turnMine",
    "step",
    "stepNote",
    "you",
)

_DID: Final = {
    Action.signed: "signed",
    Action.approved: "approved",
    Action.witnessed: "witnessed",
    Action.declined: "declined",
}


def _turn(
    index: int, party: Party, state: ContractState, proposal: Proposal | None, me: bool
) -> tuple[str, bool]:
    """What the right edge says, and whether it is this person's turn now."""
    if proposal is not None and index in proposal.decisions:
        return _DID.get(proposal.decisions[index].action, ""), False
    awaited = next((one for one in state.awaited if one.party == index), None)
    if awaited is None or proposal is not state.pending:
        return ("reads along" if party.role is Role.viewer else ""), False
    if awaited.ready:
        return f"{words.TURN[party.role]} now", me
    return "later", False


def next_key(party: Party, state: ContractState, proposal: Proposal | None, name: Name) -> str:
    """Whose word it is which key comes after a party's: its own once it has signed it, until then the proposer's."""
    if party.next is None:
        return ""
    shown, committed = name(party.did, party.name), state.commitments.get(party.key)
    if committed == party.next:
        return f"Next key confirmed by {shown}"
    if committed is not None:
        return f"{shown} has confirmed another next key"
    proposer = state.owner if proposal is None else proposal.proposer
    return f"Next key on {name(proposer, _named(state, proposal, proposer))}'s word, until {shown} signs"


def _named(state: ContractState, proposal: Proposal | None, did: Did) -> str:
    """What the contract calls somebody."""
    text = state.title_document() if proposal is None or proposal.document is None else proposal.document
    index = None if text is None else text.party_of(did)
    return words.short_did(did) if text is None or index is None else text.parties[index].name


def party_rows(
    document: Text, state: ContractState, proposal: Proposal | None, name: Name, me: frozenset[str]
) -> list[dict[str, object]]:
    """One row a party, by step; `step` is set on the first of each step."""
    order = sorted(enumerate(document.parties), key=lambda pair: (pair[1].step or 10_000, pair[0]))
    of_step: dict[int | None, int] = {}
    for _, party in order:
        of_step[party.step] = of_step.get(party.step, 0) + 1
    rows: list[dict[str, object]] = []
    last: object = object()
    for index, party in order:
        first = party.step != last
        last = party.step
        you = party.did in me
        turn, mine = _turn(index, party, state, proposal, you)
        shown = name(party.did, party.name)
        role = words.ROLE[party.role]
        if party.witness_of is not None and party.witness_of < len(document.parties):
            witnessed = document.parties[party.witness_of]
            role = f"Witness of {name(witnessed.did, witnessed.name)}"
        rows.append(
            {
                "key": f"{index}:{party.did}",
                "name": f"{shown}, you" if you else shown,
                "person": shown,
                "line": f"{role}, {party.capacity}" if party.capacity else role,
                "did": str(party.did),
                "shortDid": words.short_did(party.did),
                "nextKey": next_key(party, state, proposal, name),
                "turn": turn,
                "turnMine": mine,
                "step": (f"Step {party.step}" if party.step else "Without a step") if first else "",
                "stepNote": ", at the same time" if first and party.step and of_step[party.step] > 1 else "",
                "you": you,
            }
        )
    return rows
