"""Merging two files of one contract: the union of what is good in both, from either side (section 3).

Events and statements stay when their form and signature hold; what is broken in one file harms nothing of the
other. Which rival counts is the matter of replay, which does not depend on order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cms_backend.core.canonical import encode
from cms_backend.core.did import signing_key
from cms_backend.core.document import DocumentRef, SealedDocument
from cms_backend.core.errors import (
    DocumentError,
    EvidenceError,
    FormError,
    SignatureError,
    UndecidedSignature,
)
from cms_backend.core.events import Action, Envelope
from cms_backend.core.evidence import Evidence, HeldDocument, revision_of
from cms_backend.core.evidence_parts import AnchorRef, LogSection
from cms_backend.core.ids import ContractId, Digest
from cms_backend.core.keys import parse_key
from cms_backend.core.merge_logs import known_sizes, merge_logs, statement_holds
from cms_backend.core.merkle import leaf_hash
from cms_backend.core.signatures import verify_envelope
from cms_backend.core.slots import key_slot, leaf_data, slot_of
from cms_backend.core.statements import KeyEnd


def merge(a: Evidence, b: Evidence) -> Evidence:
    """The union of two files of one contract: `merge(a, b) == merge(b, a)`; again, it changes nothing.

    EvidenceError when they are of two contracts.
    """
    if (a.contract, a.genesis) != (b.contract, b.genesis):
        raise EvidenceError("The two files are of different contracts.", check="FILE-PARSE")
    envelopes = _union(one for one in (*a.envelopes, *b.envelopes) if _event_holds(one, a.contract))
    documents = _documents((*a.documents, *b.documents), envelopes)
    key_ends = _union(filter(statement_holds, (*a.key_ends, *b.key_ends)))
    leaves = {one.digest: leaf for one in (*envelopes, *key_ends) if (leaf := _leaf(one, a.genesis))}
    logs = merge_logs(a.logs, b.logs, leaves)
    attachments = {**a.attachments, **b.attachments}
    return Evidence(
        contract=a.contract,
        genesis=a.genesis,
        documents=documents,
        envelopes=envelopes,
        key_ends=key_ends,
        resolutions=_union(filter(statement_holds, (*a.resolutions, *b.resolutions))),
        logs=logs,
        anchors=_anchors((*a.anchors, *b.anchors), logs),
        attachments={digest: attachments[digest] for digest in sorted(attachments)},
    )


def _leaf(one: Envelope | KeyEnd, genesis: Digest) -> bytes | None:
    """The leaf hash of an object, when it has a place in a log."""
    slot = slot_of(one, genesis) if isinstance(one, Envelope) else key_slot(one.key)
    return None if slot is None else leaf_hash(leaf_data(slot, one.digest))


def _anchors(anchors: Iterable[AnchorRef], logs: Iterable[LogSection]) -> tuple[AnchorRef, ...]:
    """Those whose checkpoint the merged logs still hold, one for each size of a log on a ledger."""
    sizes = known_sizes(logs)
    unique = {
        one.order: one
        for one in sorted(anchors, key=lambda one: encode(one.to_json()))
        if (one.size, one.root) in sizes
    }
    return tuple(unique[order] for order in sorted(unique))


def _union(items: Iterable[Any]) -> tuple[Any, ...]:
    unique = {one.digest: one for one in items}
    return tuple(unique[digest] for digest in sorted(unique))


def _event_holds(envelope: Envelope, contract: ContractId) -> bool:
    """The signature holds, or only the account's contract could tell."""
    if envelope.contract != contract:
        return False
    method = envelope.proof.verification_method
    try:
        verify_envelope(envelope, parse_key(signing_key(envelope.actor, method) or ""))
    except UndecidedSignature:
        return True
    except (SignatureError, FormError):
        return False
    return True


def _documents(documents: Iterable[HeldDocument], envelopes: Iterable[Envelope]) -> tuple[HeldDocument, ...]:
    """One for each root that an event names: the whole document, else the disclosure that shows most."""
    refs = {one.document for one in envelopes if one.action in (Action.created, Action.proposed)}
    best: dict[Digest, tuple[tuple[int, int, str], HeldDocument]] = {}
    for document in documents:
        for ref in refs:
            if ref.revision != revision_of(document) or not _fits(document, ref):
                continue
            whole = isinstance(document, SealedDocument)
            shown = 0 if isinstance(document, SealedDocument) else len(document.disclosed)
            rank = int(whole), shown, _text(document)
            if ref.root not in best or best[ref.root][0] < rank:
                best[ref.root] = rank, document
    chosen = [document for _, document in best.values()]
    return tuple(sorted(chosen, key=lambda one: (revision_of(one), _text(one))))


def _text(document: HeldDocument) -> str:
    return encode(document.to_json()).hex()


def _fits(document: HeldDocument, ref: DocumentRef) -> bool:
    if isinstance(document, SealedDocument):
        return document.ref == ref
    try:
        document.check(ref)
    except DocumentError:
        return False
    return True
