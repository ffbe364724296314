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
    refs: dict[DocumentRef, Digest] = {}
    for one in findings.evidence.envelopes:
        if one.action in _NAMES or one.document not in refs:
            refs[one.document] = one.digest
    for document in findings.evidence.documents:
        if isinstance(document, SealedDocument):
            _check_whole(findings, document, refs)
        else:
            _check_disclosed(findings, document, refs)
    _check_attachments(findings)
    hidden = [path for paths in findings.hidden.values() for path in paths]
    state = PASSED if hidden else NOT_APPLICABLE
    findings.harmless(
        "DOC-HIDDEN", None, state, f"Hidden: {', '.join(hidden)}" if hidden else "Nothing is hidden."
    )


def _of_revision(
    refs: dict[DocumentRef, Digest], document: HeldDocument
) -> tuple[DocumentRef, Digest] | None:
    revision = revision_of(document)
    return next(((ref, event) for ref, event in refs.items() if ref.revision == revision), None)


def _check_whole(findings: Findings, document: SealedDocument, refs: dict[DocumentRef, Digest]) -> None:
    ref = document.ref
    event = refs.get(ref)
    named = _of_revision(refs, document)
    if document.document.contract != findings.evidence.contract:
        findings.add("DOC-ROOT", FAILED, event, found="The document belongs to another contract.")
    elif event is not None:
        findings.add("DOC-ROOT", PASSED, event, expected=ref.root, found=ref.root)
        findings.texts[ref.root] = document.document
    elif any(one.root == ref.root for one in refs):
        at = next(event for one, event in refs.items() if one.root == ref.root)
        findings.add("DOC-LEAF", FAILED, at, found="The event names another revision or number of leaves.")
    else:
        expected = None if named is None else named[0].root
        findings.add(
            "DOC-ROOT", FAILED, None if named is None else named[1], expected=expected, found=ref.root
        )


def _check_disclosed(findings: Findings, document: Disclosure, refs: dict[DocumentRef, Digest]) -> None:
    reason = "No event names a document of this revision."
    event = None
    for ref, digest in refs.items():
        if ref.revision != document.revision:
            continue
        event = digest
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
        return
    findings.add("DOC-LEAF", FAILED, event, found=reason)


def attachments_of(text: Text) -> list[Attachment]:
    """The attachments that a text shows."""
    if hasattr(text, "attachments"):
        return list(text.attachments)
    shown = [value for path, value in text.values.items() if path.startswith("/attachments/")]
    return [Attachment.from_json(value) for value in shown]


def _check_attachments(findings: Findings) -> None:
    held = findings.evidence.attachments
    named = {one.sha256: one for text in findings.texts.values() for one in attachments_of(text)}
    for digest, data in held.items():
        found = sha256(data).hexdigest()
        size = named[digest].size if digest in named else len(data)
        fits = found == digest and size == len(data)
        findings.add("DOC-ATTACH", PASSED if fits else FAILED, expected=digest, found=found)
    for digest in sorted(named.keys() - held.keys()):
        findings.add(
            "DOC-ATTACH", NOT_CHECKED, expected=digest, found=f"{named[digest].name} is not in the file."
        )
    if not named and not held:
        findings.add("DOC-ATTACH", NOT_APPLICABLE, found="The contract has no attachments.")
