"""One or two sentences about a contract, for the person who looks at it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from cms_backend.core.document import Document
from cms_backend.core.ids import Digest
from cms_backend.core.lifecycle_state import ContractState, Proposal, Text
from cms_desktop.presentation import dates, words
from cms_desktop.workflow.redline import Redline, redline

Name = Callable[[str, str], str]
"""(DID, what the document calls it) -> the name to show; `Session.petname`."""


def party_name(state: ContractState, document: Text | None, did: str, name: Name) -> str:
    """The petname of a DID, else its name in the document, else the shortened DID."""
    known = next((party.name for party in document.parties if party.did == did), "") if document else ""
    if not known and did == state.owner:
        known = "The owner"
    return name(did, known or words.short_did(did))


def changes(red: Redline) -> str:
    """`changed clauses 3 and 7 and the dates`; empty when nothing differs."""
    changed = [one.new + 1 for one in red.clauses if one.kind == "changed" and one.new is not None]
    added = [one.new + 1 for one in red.clauses if one.kind == "added" and one.new is not None]
    removed = sum(1 for one in red.clauses if one.kind == "removed")
    parts: list[str] = []
    if changed:
        parts.append(f"changed {words.clauses(changed)}")
    if added:
        parts.append(f"added {words.clauses(added)}")
    if removed:
        parts.append(f"removed {words.number(removed)} clause{'' if removed == 1 else 's'}")
    other: list[str] = []
    if any(one.kind != "equal" for one in red.parties):
        other.append("the parties")
    other += [field.label.lower() for field in red.fields]
    if red.attachments:
        other.append("the attachments")
    if other:
        parts.append(f"changed {words.listed(other)}")
    return words.listed(parts)


def proposal_line(
    proposal: Proposal,
    before: Document | None,
    state: ContractState,
    name: Name,
    me: Collection[str],
    now: datetime,
) -> str:
    """`Idris Calloway changed clauses 3 and 7 on 14 May.`, `You proposed it on 11 May.`"""
    envelope = proposal.envelope
    who = "You" if envelope.actor in me else party_name(state, proposal.document, envelope.actor, name)
    on = dates.short_day(envelope.occurred_at, now)
    document = proposal.document
    if before is None or not isinstance(document, Document) or before.revision == 0:
        return f"{who} proposed it on {on}."
    what = changes(redline(before, document))
    return f"{who} {what} on {on}." if what else f"{who} proposed it again on {on}, the text unchanged."


def previous_document(
    proposal: Proposal, state: ContractState, documents: Mapping[Digest, Document]
) -> Document | None:
    """The text of the proposal before this one, else the one in force."""
    earlier = [
        one
        for one in state.proposals
        if one.ref.revision < proposal.ref.revision and one.ref.root in documents
    ]
    if earlier:
        return documents[max(earlier, key=lambda one: one.ref.revision).ref.root]
    force = state.in_force if state.in_force is not proposal else None
    return documents.get(force.ref.root) if force else None
