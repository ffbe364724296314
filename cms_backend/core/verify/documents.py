"""Step 2: the documents give the roots that the events sign."""

from __future__ import annotations

from hashlib import sha256

from cms_backend.core.disclosure import Disclosure
from cms_backend.core.document import DocumentRef, SealedDocument
from cms_backend.core.errors import DocumentError
from cms_backend.core.events import Action
from cms_backend.core.evidence import HeldDocument, revision_of
from cms_backend.core.ids import Digest
from cms_backend.core.lifecycle_state import Text
from cms_backend.core.parties import Attachment
from cms_backend.core.verify.findings import FAILED, NOT_APPLICABLE, NOT_CHECKED, PASSED, Findings

_NAMES = (Action.created, Action.proposed)


def check_documents(findings: Findings) -> None:
    """DOC-ROOT, DOC-LEAF, DOC-ATTACH, DOC-HIDDEN."""
    named: dict[DocumentRef, Digest] = {}
    other: dict[DocumentRef, Digest] = {}
    for one in findings.events:  # by digest
        (named if one.action in _NAMES else other).setdefault(one.document, one.digest)
    refs = other | named
    broken = [
        (document, reason)
        for document in findings.evidence.documents
        if (reason := _check(findings, document, refs)) is not None
    ]
    for document, reason in broken:
        _fail(findings, document, reason, refs)
    _check_attachments(findings)
    hidden = [path for paths in findings.hidden.values() for path in paths]
    state = PASSED if hidden else NOT_APPLICABLE
    findings.harmless(
        "DOC-HIDDEN", None, state, f"Hidden: {', '.join(hidden)}" if hidden else "Nothing is hidden."
    )


def _check(findings: Findings, document: HeldDocument, refs: dict[DocumentRef, Digest]) -> str | None:
    """Take a document over when an event names it; else why not."""
    if isinstance(document, SealedDocument):
        return _check_whole(findings, document, refs)
    return _check_disclosed(findings, document, refs)


def _fail(findings: Findings, document: HeldDocument, reason: str, refs: dict[DocumentRef, Digest]) -> None:
    """A failure stands with the event that names the revision and whose text nothing else in the file gives."""
    named = sorted(
        (ref.root in findings.texts, event, ref.root)
        for ref, event in refs.items()
        if ref.revision == revision_of(document)
    )
    _, event, root = named[0] if named else (False, None, None)
    if isinstance(document, SealedDocument):
        known = next((one for ref, one in refs.items() if ref.root == document.ref.root), None)
        if known is not None and document.document.contract == findings.evidence.contract:
            findings.add("DOC-LEAF", FAILED, known, found=reason)
            return
        foreign = document.document.contract != findings.evidence.contract
        found = reason if foreign else document.ref.root
        findings.add("DOC-ROOT", FAILED, event, expected=None if foreign else root, found=found)
        return
    findings.add("DOC-LEAF", FAILED, event, found=reason)


def _check_whole(findings: Findings, document: SealedDocument, refs: dict[DocumentRef, Digest]) -> str | None:
    ref = document.ref
    if document.document.contract != findings.evidence.contract:
        return "The document belongs to another contract."
    event = refs.get(ref)
    if event is None:
        return "The event names another revision or number of leaves."
    findings.add("DOC-ROOT", PASSED, event, expected=ref.root, found=ref.root)
    findings.texts[ref.root] = document.document
    return None


def _check_disclosed(findings: Findings, document: Disclosure, refs: dict[DocumentRef, Digest]) -> str | None:
    reason = "No event names a document of this revision."
    for ref, digest in refs.items():
        if ref.revision != document.revision:
            continue
        try:
            shown = document.check(ref)
        except DocumentError as error:
            reason = error.detail
            continue
        if shown.contract != findings.evidence.contract:
            reason = "The document belongs to another contract."
            continue
        findings.texts[ref.root] = shown
        findings.hidden[ref.root] = shown.hidden
        findings.add("DOC-LEAF", PASSED, digest, expected=ref.root, found=ref.root)
        return None
    return reason


def attachments_of(text: Text) -> list[Attachment]:
    """The attachments that a text shows."""
    if hasattr(text, "attachments"):
        return list(text.attachments)
    shown = [value for path, value in text.values.items() if path.startswith("/attachments/")]
    return [Attachment.from_json(value) for value in shown]


def _check_attachments(findings: Findings) -> None:
    held = findings.evidence.attachments
    named = {one.sha256: one for text in findings.texts.values() for one in attachments_of(text)}
    sizes = {(one.sha256, one.size) for text in findings.texts.values() for one in attachments_of(text)}
    for digest, data in held.items():
        found = sha256(data).hexdigest()
        if digest not in named:
            findings.add("DOC-ATTACH", FAILED, expected=digest, found="No text of the file names it.")
            continue
        fits = found == digest and (digest, len(data)) in sizes
        findings.add("DOC-ATTACH", PASSED if fits else FAILED, expected=digest, found=found)
    for digest in sorted(named.keys() - held.keys()):
        findings.add(
            "DOC-ATTACH", NOT_CHECKED, expected=digest, found=f"{named[digest].name} is not in the file."
        )
    if not named and not held:
        findings.add("DOC-ATTACH", NOT_APPLICABLE, found="The contract has no attachments.")
