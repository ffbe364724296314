"""Step 2: the documents give the roots that the events sign."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Final

from cms_backend.core.disclosure import Disclosure
from cms_backend.core.document import DocumentRef, SealedDocument
from cms_backend.core.errors import DocumentError
from cms_backend.core.events import Action
from cms_backend.core.evidence import HeldDocument, revision_of
from cms_backend.core.ids import Digest
from cms_backend.core.lifecycle_state import Text
from cms_backend.core.parties import Attachment
from cms_backend.core.verify.findings import FAILED, NOT_APPLICABLE, NOT_CHECKED, PASSED, Findings

_NAMES: Final = (Action.created, Action.proposed)
_MOST_PATHS: Final = 1000


def check_documents(findings: Findings) -> None:
    """DOC-ROOT, DOC-LEAF, DOC-ATTACH, DOC-HIDDEN."""
    named: dict[DocumentRef, Digest] = {}
    other: dict[DocumentRef, Digest] = {}
    for one in findings.events:  # by digest
        (named if one.action in _NAMES else other).setdefault(one.document, one.digest)
    refs = _Named.of(other | named)
    broken = [
        (document, reason)
        for document in findings.evidence.documents
        if (reason := _check(findings, document, refs)) is not None
    ]
    if broken:
        bad = refs.worst(findings)
        for document, reason in broken:
            _fail(findings, document, reason, refs, bad.get(revision_of(document), (False, None, None)))
    _check_attachments(findings)
    _name_hidden(findings)


def _name_hidden(findings: Findings) -> None:
    """What is hidden, as many paths as a reader can look through."""
    count = sum(text.hidden_count for text in findings.hidden.values())
    texts = (path for text in findings.hidden.values() if text.hidden_count for path in text.hidden)
    words = f"Hidden: {', '.join(islice(texts, _MOST_PATHS))}" if count else "Nothing is hidden."
    if count > _MOST_PATHS:
        words += f" and {count - _MOST_PATHS:,} more"
    findings.harmless("DOC-HIDDEN", None, PASSED if count else NOT_APPLICABLE, words)


@dataclass(frozen=True, slots=True)
class _Named:
    """The references that events name, each with the event of the lowest digest, those that bring a text first."""

    events: dict[DocumentRef, Digest]
    by_root: dict[Digest, Digest]
    """The first event that names a root, whatever else it names with it."""

    @classmethod
    def of(cls, events: dict[DocumentRef, Digest]) -> _Named:
        by_root: dict[Digest, Digest] = {}
        for ref, event in events.items():
            by_root.setdefault(ref.root, event)
        return cls(events, by_root)

    def worst(self, findings: Findings) -> dict[int, _Blamed]:
        """With which event a text of each revision fails: one whose text nothing in the file gives, of several the
        lowest digest."""
        found: dict[int, _Blamed] = {}
        for ref, event in self.events.items():
            blamed = ref.root in findings.texts, event, ref.root
            found[ref.revision] = min(found.get(ref.revision, blamed), blamed)
        return found


_Blamed = tuple[bool, Digest | None, Digest | None]


def _check(findings: Findings, document: HeldDocument, refs: _Named) -> str | None:
    """Take a document over when an event names it; else why not."""
    if isinstance(document, SealedDocument):
        return _check_whole(findings, document, refs)
    return _check_disclosed(findings, document, refs)


def _fail(findings: Findings, document: HeldDocument, reason: str, refs: _Named, blamed: _Blamed) -> None:
    """A failure stands with the event that names the revision and whose text nothing else in the file gives."""
    _, event, root = blamed
    if isinstance(document, SealedDocument):
        known = refs.by_root.get(document.ref.root)
        if known is not None and document.document.contract == findings.evidence.contract:
            findings.add("DOC-LEAF", FAILED, known, found=reason)
            return
        foreign = document.document.contract != findings.evidence.contract
        found = reason if foreign else document.ref.root
        findings.add("DOC-ROOT", FAILED, event, expected=None if foreign else root, found=found)
        return
    findings.add("DOC-LEAF", FAILED, event, found=reason)


def _check_whole(findings: Findings, document: SealedDocument, refs: _Named) -> str | None:
    ref = document.ref
    if document.document.contract != findings.evidence.contract:
        return "The document belongs to another contract."
    event = refs.events.get(ref)
    if event is None:
        return "The event names another revision or number of leaves."
    findings.add("DOC-ROOT", PASSED, event, expected=ref.root, found=ref.root)
    findings.texts[ref.root] = document.document
    return None


def _check_disclosed(findings: Findings, document: Disclosure, refs: _Named) -> str | None:
    ref = document.ref()
    event = None if ref is None else refs.events.get(ref)
    if ref is None or event is None:
        return "No event names a document that it is a part of."
    try:
        shown = document.check(ref)
    except DocumentError as error:
        return error.detail
    if shown.contract != findings.evidence.contract:
        return "The document belongs to another contract."
    findings.texts[ref.root] = findings.hidden[ref.root] = shown
    findings.add("DOC-LEAF", PASSED, event, expected=ref.root, found=ref.root)
    return None


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
