"""The texts that a backend answers: those whose root a signed event names, and what was kept of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from cms_backend.core.canonical import encode, parse
from cms_backend.core.disclosure import Disclosure
from cms_backend.core.document import Document, DocumentRef, SealedDocument
from cms_backend.core.errors import CmsError
from cms_backend.core.events import Envelope
from cms_backend.core.ids import ContractId, Digest
from cms_backend.core.lifecycle import Text
from cms_desktop.api.memory import Known, Verified
from cms_desktop.api.values import ContractRecord
from cms_desktop.workflow.findings import Finding, FindingKind

Body = Callable[[Digest], bytes | None]
"""The kept bytes of an object that was verified before."""


@dataclass(slots=True)
class HeldTexts:
    """Texts by root, whole ones by root, and the objects that they came in."""

    texts: dict[Digest, Text] = field(default_factory=dict)
    whole: dict[Digest, Document] = field(default_factory=dict)
    raw: list[dict[str, Any]] = field(default_factory=list)

    def take(self, raw: dict[str, Any], held: Mapping[Digest, Text]) -> None:
        """One that holds; a whole text goes before a partly hidden one."""
        self.raw.append(raw)
        for root, text in held.items():
            self.texts.setdefault(root, text)
            if isinstance(text, Document):
                self.texts[root] = self.whole[root] = text


def held_texts(
    record: ContractRecord,
    envelopes: Sequence[Envelope],
    known: Known,
    body: Body,
    fresh: list[Verified],
    findings: list[Finding],
) -> HeldTexts:
    """The texts whose root a signed event names, and what was kept of those that the answer lacks."""
    named = {one.document for one in envelopes}
    found = HeldTexts()
    foreign: list[Mapping[str, Any]] = []
    for raw in record.documents:
        try:
            held = _held_text(raw, named, record.id)
        except (CmsError, TypeError, ValueError, KeyError, AttributeError):
            held = {}
        if not held:
            foreign.append(raw)
            continue
        found.take(raw, held)
        if "content" in raw:
            fresh += [Verified(root, "text", root, encode(raw)) for root in held if root not in known.objects]
    kept: list[int] = []
    for ref in sorted(named, key=lambda one: (one.revision, one.root)):
        seen = known.objects.get(ref.root)
        data = None if ref.root in found.whole or seen is None or seen.kind != "text" else body(ref.root)
        if data is not None:
            raw = parse(data, limit=len(data))
            found.take(raw, _held_text(raw, named, record.id))
            kept.append(ref.revision)
    findings += [_foreign_text(raw, kept) for raw in foreign]
    told = {_revision(raw) for raw in foreign}
    findings += [_missing_text(revision) for revision in kept if revision not in told]
    return found


def _held_text(raw: Mapping[str, Any], named: Set[DocumentRef], contract: ContractId) -> dict[Digest, Text]:
    """The text under the root that events name; empty when none does."""
    if "content" in raw:
        sealed = SealedDocument.from_json(dict(raw))
        fits = sealed.ref in named and sealed.document.contract == contract
        return {sealed.ref.root: sealed.document} if fits else {}
    hidden = Disclosure.from_json(dict(raw))
    ref = hidden.ref()
    if ref is None or ref not in named:
        return {}
    text = hidden.check(ref)
    return {ref.root: text} if text.contract == contract else {}


def _revision(raw: Mapping[str, Any]) -> object:
    content = raw.get("content")
    return content.get("revision") if isinstance(content, dict) else raw.get("revision")


def _foreign_text(raw: Mapping[str, Any], kept: Sequence[object]) -> Finding:
    revision = _revision(raw)
    subject = f"Text of revision {revision}" if isinstance(revision, int) else "A text"
    claimed = "The backend gave it as a text of this contract."
    instead = (
        "The text that was signed is shown from what was kept here."
        if revision in kept
        else "It is not shown."
    )
    found = f"It is not what was signed: no signed event names its digest. {instead}"
    return Finding(FindingKind.document, subject, claimed, found)


def _missing_text(revision: int) -> Finding:
    claimed = "The backend's answer does not have it."
    found = "This computer has seen it before. It is shown from what was kept here."
    return Finding(FindingKind.missing, f"Text of revision {revision}", claimed, found)
