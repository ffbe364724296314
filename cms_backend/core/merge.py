"""Merging two files of one contract: the union of what is good in both, from either side (section 8).

Events and statements stay when their form and signature hold; what is broken in one file harms nothing of the
other. Which rival counts is the matter of replay, which does not depend on order. `merge` needs no state; who has
replayed the union knows which logs the record has been in and whose documents matter, and leaves out the rest with
`restrict`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from cms_backend.core.canonical import encode
from cms_backend.core.document import DocumentRef, SealedDocument
from cms_backend.core.errors import (
    DocumentError,
    EvidenceError,
    FormError,
    SignatureError,
    UndecidedSignature,
)
from cms_backend.core.events import Action, Envelope, Kind
from cms_backend.core.evidence import MOST_ELEMENTS, Evidence, HeldDocument, elements_of, revision_of
from cms_backend.core.evidence_parts import AnchorRef, LogSection
from cms_backend.core.ids import Did, Digest
from cms_backend.core.keys import parse_key
from cms_backend.core.lifecycle_state import signer_of
from cms_backend.core.merge_logs import hear, known_sizes, merge_logs, named_ledgers, statement_holds
from cms_backend.core.merkle import leaf_hash
from cms_backend.core.parties import Attachment
from cms_backend.core.signatures import verify_envelope
from cms_backend.core.slots import key_slot, leaf_data, slot_of
from cms_backend.core.statements import KeyEnd

Operators = Mapping[str, Did]
"""The operator of each log that a record has been in, by vkey, in the order of the logs."""


def merge(a: Evidence, b: Evidence) -> Evidence:
    """The union of two files of one contract: `merge(a, b) == merge(b, a)`; again, it changes nothing.

    EvidenceError when they are of two contracts.
    """
    if (a.contract, a.genesis) != (b.contract, b.genesis):
        raise EvidenceError("The two files are of different contracts.", check="FILE-PARSE")
    both = (a, b)
    envelopes = _union(
        one for part in both for one in part.envelopes if one.contract == a.contract and event_holds(one)
    )
    key_ends = _union(one for part in both for one in part.key_ends if statement_holds(one))
    leaves = {one.digest: leaf for one in (*envelopes, *key_ends) if (leaf := _leaf(one, a.genesis))}
    notes = frozenset(one.digest for one in envelopes if one.kind is Kind.note)
    logs = merge_logs(a.logs, b.logs, leaves, notes, _named_logs(envelopes, a.genesis))
    documents = _documents((document for part in both for document in part.documents), envelopes)
    return Evidence(
        contract=a.contract,
        genesis=a.genesis,
        documents=documents,
        envelopes=envelopes,
        key_ends=key_ends,
        resolutions=_union(one for part in both for one in part.resolutions if statement_holds(one)),
        logs=logs,
        anchors=_anchors((one for part in both for one in part.anchors), logs, None),
        attachments=_attachments((item for part in both for item in part.attachments.items()), documents),
    )


def _named_logs(envelopes: Collection[Envelope], genesis: Digest) -> Operators:
    """Logs and who runs them, by the event that opens the record and by the `moved` events of who signed it."""
    openers = {signer_of(one) for one in envelopes if one.statement_digest == genesis}
    return {
        one.details["log"]["vkey"]: Did(one.details["log"]["operator"])
        for one in sorted(envelopes, key=lambda one: (one.sequence, one.digest))
        if one.action in (Action.created, Action.moved)
        and one.details["log"] is not None
        and signer_of(one) in openers
    }


def restrict(
    merged: Evidence, parts: Collection[Evidence], operators: Operators, roots: Collection[Digest]
) -> Evidence:
    """A merged file without what has no say in it.

    Kept are the sections of the logs in `operators`; of them only the statements, receipts and head of the log's own
    operator (of the heads in `parts`, the files that were merged, the newest); the operators' resolutions; anchors
    on a ledger that a proven statement of the operator names; documents with these roots, and their attachments.
    """
    sections = {one.vkey: one for one in merged.logs}
    logs = tuple(
        hear(sections[vkey], operator, _heads(parts, vkey, merged))
        for vkey, operator in operators.items()
        if vkey in sections
    )
    given = roots_of(merged.documents, merged.envelopes)
    documents = tuple(one for one, root in zip(merged.documents, given, strict=True) if root in roots)
    known = set(operators.values())
    return replace(
        merged,
        documents=documents,
        resolutions=tuple(one for one in merged.resolutions if one.actor in known),
        logs=logs,
        anchors=_anchors((one for part in parts for one in part.anchors), logs, named_ledgers(logs)),
        attachments=_attachments(merged.attachments.items(), documents),
    )


def event_holds(envelope: Envelope) -> bool:
    """The signature passes, or only the account's contract could tell."""
    try:
        verify_envelope(envelope, parse_key(signer_of(envelope).key or ""))
    except UndecidedSignature:
        return True
    except (SignatureError, FormError):
        return False
    return True


def _leaf(one: Envelope | KeyEnd, genesis: Digest) -> bytes | None:
    """The leaf hash of an object, when it has a place in a log."""
    slot = slot_of(one, genesis) if isinstance(one, Envelope) else key_slot(one.key)
    return None if slot is None else leaf_hash(leaf_data(slot, one.digest))


def _heads(parts: Collection[Evidence], vkey: str, merged: Evidence) -> Iterable[Any]:
    """What the files have as the last word on this record in one log."""
    for part in parts:
        for section in part.logs:
            head = section.head
            if (
                section.vkey == vkey
                and head is not None
                and (head.vkey, head.contract, head.genesis) == (vkey, merged.contract, merged.genesis)
            ):
                yield head


def _anchors(
    anchors: Iterable[AnchorRef],
    logs: Iterable[LogSection],
    ledgers: Collection[tuple[str, str, Digest]] | None,
) -> tuple[AnchorRef, ...]:
    """Those whose checkpoint the logs hold, on these ledgers (None: on any); one for each size of a log there."""
    sizes = known_sizes(logs)
    unique = {
        one.order: one
        for one in sorted(anchors, key=lambda one: encode(one.to_json()))
        if (one.size, one.root) in sizes
        and (ledgers is None or (one.chain, one.ledger, one.log_id) in ledgers)
    }
    return tuple(unique[order] for order in sorted(unique))


def _union(items: Iterable[Any]) -> tuple[Any, ...]:
    unique = {one.digest: one for one in items}
    return tuple(unique[digest] for digest in sorted(unique))


# --- documents and attachments ------------------------------------------------------------------------------


def _documents(documents: Iterable[HeldDocument], envelopes: Iterable[Envelope]) -> tuple[HeldDocument, ...]:
    """One for each root that an event names: the whole document, else the disclosure that shows most."""
    refs = {
        one.document: one.contract for one in envelopes if one.action in (Action.created, Action.proposed)
    }
    best: dict[Digest, HeldDocument] = {}
    for document in documents:
        root = _fitting(document, refs)
        if root is not None and (root not in best or _is_better(document, best[root])):
            best[root] = document
    return within_bounds(sorted(best.values(), key=_Order))


def within_bounds(documents: Iterable[HeldDocument]) -> tuple[HeldDocument, ...]:
    """Of these documents, in their order, as many as a file may have (section 8)."""
    found: list[HeldDocument] = []
    room = MOST_ELEMENTS
    for document in documents:
        room -= elements_of(document)
        if room < 0:
            break
        found.append(document)
    return tuple(found)


def _is_better(document: HeldDocument, other: HeldDocument) -> bool:
    """A whole document before a disclosure, then what shows more, then the greater bytes."""
    rank, known = _shown(document), _shown(other)
    if rank != known or isinstance(document, SealedDocument):
        return rank > known  # two whole documents of one root are one
    return _text(document) > _text(other)


def _shown(document: HeldDocument) -> tuple[bool, int]:
    return (True, 0) if isinstance(document, SealedDocument) else (False, len(document.disclosed))


def _text(document: HeldDocument) -> bytes:
    return encode(document.to_json())


class _Order:
    """Sorts documents by revision, then by their bytes, which are written only where revisions are equal."""

    __slots__ = ("_document", "_revision")

    def __init__(self, document: HeldDocument) -> None:
        self._document, self._revision = document, revision_of(document)

    def __lt__(self, other: _Order) -> bool:
        if self._revision != other._revision:
            return self._revision < other._revision
        return _text(self._document) < _text(other._document)


def _fitting(document: HeldDocument, refs: Mapping[DocumentRef, str]) -> Digest | None:
    """The root that a document gives, when it is one of these references."""
    ref = document.ref if isinstance(document, SealedDocument) else document.ref()
    contract = None if ref is None else refs.get(ref)
    if ref is None or contract is None:
        return None
    if isinstance(document, SealedDocument):
        return ref.root if document.document.contract == contract else None
    try:
        return ref.root if document.check(ref).contract == contract else None
    except DocumentError:
        return None


def roots_of(documents: Iterable[HeldDocument], envelopes: Iterable[Envelope]) -> list[Digest | None]:
    """The root that each document gives, of those that events name."""
    refs = {one.document: one.contract for one in envelopes}
    return [one.ref.root if isinstance(one, SealedDocument) else _fitting(one, refs) for one in documents]


def _attachments(
    attachments: Iterable[tuple[Digest, bytes]], documents: Iterable[HeldDocument]
) -> dict[Digest, bytes]:
    """Those that a text shows, with the bytes of which it gives digest and size."""
    named = {(one.sha256, one.size) for document in documents for one in shown_attachments(document)}
    fitting = (
        (digest, data)
        for digest, data in attachments
        if (digest, len(data)) in named and sha256(data).hexdigest() == digest
    )
    return dict(sorted(fitting))


def shown_attachments(document: HeldDocument) -> list[Attachment]:
    """The attachments that a document shows; a disclosure is to have been checked against its root."""
    if isinstance(document, SealedDocument):
        return list(document.document.attachments)
    shown = [leaf.value for leaf in document.disclosed if leaf.path.startswith("/attachments/")]
    return [Attachment.from_json(value) for value in shown]
