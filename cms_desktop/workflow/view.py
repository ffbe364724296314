"""A contract as it stands: what the backend answered and what held of it, replayed on this computer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cms_backend.core.document import Document
from cms_backend.core.events import Action, Envelope, Seen
from cms_backend.core.ids import ContractId, Did, Digest, Time
from cms_backend.core.lifecycle import (
    Allowed,
    ContractState,
    Entry,
    LoggedKeyEnd,
    allowed_actions,
    replay,
)
from cms_backend.core.statements import Receipt
from cms_desktop.api.values import ContractRecord, EntryInfo, Row
from cms_desktop.workflow.checker import Checked
from cms_desktop.workflow.findings import Finding, FindingKind


@dataclass(frozen=True, slots=True)
class ContractView:
    """See the module. `documents` by root; `entries` by envelope digest; `envelopes` in the order of their places.

    `findings` name what the backend answered and what did not hold; nothing of it is in the rest. `receipts` are kept
    for events that are not proven to be logged.
    """

    id: ContractId
    state: ContractState
    record: ContractRecord
    row: Row
    seen: Seen
    documents: Mapping[Digest, Document]
    entries: Mapping[Digest, EntryInfo]
    envelopes: tuple[Envelope, ...]
    findings: tuple[Finding, ...] = ()
    receipts: tuple[Receipt, ...] = ()

    def document(self, revision: int) -> Document | None:
        """The text of a revision; None when it is not here."""
        # Anybody may have proposed a text of that number: shown is the one of the proposal that counts.
        for ref in (self.state.spine[0].document, *(one.ref for one in reversed(self.state.proposals))):
            if ref.revision == revision:
                return self.documents.get(ref.root)
        return None

    @property
    def current(self) -> Document | None:
        """The text that a reader is shown: pending, else in force, else the highest."""
        for proposal in (self.state.pending, self.state.in_force):
            if proposal is not None:
                return self.documents.get(proposal.ref.root)
        return self.documents.get(self.state.highest.root)

    def baseline(self, did: str) -> Document | None:
        """What this party last signed or proposed before the pending revision; None when it saw nothing yet."""
        pending = self.state.pending
        acts = (Action.signed, Action.approved, Action.witnessed, Action.proposed)
        for one in sorted(self.envelopes, key=lambda each: each.document.revision, reverse=True):
            older = pending is None or one.document.revision < pending.ref.revision
            if one.actor == did and one.action in acts and older and one.document.root in self.documents:
                return self.documents[one.document.root]
        return None

    def allowed(self, did: str) -> tuple[Allowed, ...]:
        """What a DID may do now, and why not what it may not."""
        return allowed_actions(self.state, Did(did))


def view_of(checked: Checked, *, now: Time, seen: Seen) -> ContractView:
    """Replay what held. LifecycleError when it has no opening event that counts."""
    record = checked.record
    entries = {one.digest: one for one in record.entries}
    state = replay(
        [_entry(one, entries.get(one.digest)) for one in record.envelopes],
        checked.texts,
        now=now,
        key_ends=[
            LoggedKeyEnd(one, *record.key_end_places.get(one.digest, (None, None))) for one in record.key_ends
        ],
        handovers=record.handovers,
        genesis=record.genesis,
    )
    view = ContractView(
        id=record.id,
        state=state,
        record=record,
        row=record.row,
        seen=seen,
        documents=checked.documents,
        entries=entries,
        envelopes=tuple(sorted(record.envelopes, key=lambda one: _place(one, entries.get(one.digest)))),
        findings=tuple(dict.fromkeys((*checked.findings, *_title_findings(checked)))),
        receipts=checked.kept,
    )
    return replace(view, row=_row(view))


def _row(view: ContractView) -> Row:
    """The row of the register, with what the replay says in place of what the backend said."""
    current = view.state.title_document()
    return replace(
        view.row,
        status=view.state.status.value,
        owner=str(view.state.owner),
        title="" if current is None else current.title or "",
        revision=view.row.revision if current is None else current.revision,
        events=len(view.record.envelopes),
        logged=sum(one.index is not None for one in view.record.entries),
        anchored=sum(_is_anchored(one) for one in view.record.entries),
    )


def _is_anchored(entry: EntryInfo) -> bool:
    anchor = entry.anchor
    return anchor is not None and anchor.status == "confirmed" and anchor.checked != "said"


def _title_findings(checked: Checked) -> tuple[Finding, ...]:
    """The register's title is in no text of the contract."""
    said, titles = checked.record.row.title, [one.title for one in checked.documents.values()]
    if not titles or said in titles:
        return ()
    claimed = f"The backend's list calls it “{said[:120]}”."
    found = f"No signed text has that title. It is called “{titles[-1][:120]}” here, as its text does."
    return (Finding(FindingKind.register, "Title", claimed, found),)


def _entry(envelope: Envelope, info: EntryInfo | None) -> Entry:
    if info is None:
        return Entry(envelope, None, None)
    return Entry(envelope, info.log, info.index, info.opens)


def _place(envelope: Envelope, info: EntryInfo | None) -> tuple[int, int, int, Any]:
    if info is None or info.index is None:
        return (2**31, 0, envelope.sequence, envelope.occurred_at)
    return (info.log or 0, info.index, envelope.sequence, envelope.occurred_at)
