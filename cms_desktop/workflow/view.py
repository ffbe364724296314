"""A contract as it stands: what the backend holds, replayed on this computer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cms_backend.core.disclosure import Disclosure
from cms_backend.core.document import Document, DocumentRef, SealedDocument
from cms_backend.core.events import Action, Envelope, Seen
from cms_backend.core.ids import ContractId, Did, Digest, Time
from cms_backend.core.lifecycle import (
    Allowed,
    ContractState,
    Entry,
    LoggedKeyEnd,
    Text,
    allowed_actions,
    replay,
)
from cms_desktop.api.values import ContractRecord, EntryInfo, Row


@dataclass(frozen=True, slots=True)
class ContractView:
    """See the module. `documents` by root; `entries` by envelope digest; `envelopes` in the order of their places."""

    id: ContractId
    state: ContractState
    record: ContractRecord
    row: Row
    seen: Seen
    documents: Mapping[Digest, Document]
    entries: Mapping[Digest, EntryInfo]
    envelopes: tuple[Envelope, ...]

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


def view_of(record: ContractRecord, *, now: Time, seen: Seen) -> ContractView:
    """Replay a record. LifecycleError when it has no opening event."""
    entries = {one.digest: one for one in record.entries}
    texts, documents = _texts(record)
    state = replay(
        [
            _entry(one, entries.get(one.digest))
            for one in record.envelopes
            if record.home == "none" or not _is_open(entries.get(one.digest))
        ],
        texts,
        now=now,
        key_ends=[
            LoggedKeyEnd(one, *record.key_end_places.get(one.digest, (None, None))) for one in record.key_ends
        ],
        handovers=record.handovers,
        genesis=record.genesis,
    )
    return ContractView(
        id=record.id,
        state=state,
        record=record,
        row=record.row,
        seen=seen,
        documents=documents,
        entries=entries,
        envelopes=tuple(sorted(record.envelopes, key=lambda one: _place(one, entries.get(one.digest)))),
    )


def _entry(envelope: Envelope, info: EntryInfo | None) -> Entry:
    if info is None:
        return Entry(envelope, None, None)
    return Entry(envelope, info.log, info.index, info.opens)


def _is_open(info: EntryInfo | None) -> bool:
    """Only held, and nobody here could say whether the signature holds: in a record with a log it waits for that."""
    return info is not None and info.undecided and info.index is None


def _place(envelope: Envelope, info: EntryInfo | None) -> tuple[int, int, int, Any]:
    if info is None or info.index is None:
        return (2**31, 0, envelope.sequence, envelope.occurred_at)
    return (info.log or 0, info.index, envelope.sequence, envelope.occurred_at)


def _texts(record: ContractRecord) -> tuple[dict[Digest, Text], dict[Digest, Document]]:
    refs: dict[int, list[DocumentRef]] = {}
    for one in record.envelopes:
        refs.setdefault(one.document.revision, []).append(one.document)
    texts: dict[Digest, Text] = {}
    whole: dict[Digest, Document] = {}
    for raw in record.documents:
        if "content" in raw:
            sealed = SealedDocument.from_json(raw)
            texts[sealed.ref.root] = whole[sealed.ref.root] = sealed.document
            continue
        hidden = Disclosure.from_json(raw)
        for ref in refs.get(hidden.revision, []):
            texts.setdefault(ref.root, hidden.check(ref))
    return texts, whole
