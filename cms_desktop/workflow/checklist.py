"""From a draft to a document: what is still missing, variables filled in, parties checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from cms_backend.core.did import key_of_did
from cms_backend.core.document import Document, Party, Role, Variable, rule_violations
from cms_backend.core.errors import CmsError
from cms_backend.core.ids import ContractId, Did, Digest, KeyText
from cms_backend.report.letters import unseen
from cms_desktop.workflow.drafts import Draft, DraftError, DraftParty

_NAME: Final = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
# What a proposed text may not hold (protocol, section 2): raw HTML, images, unfilled variables.
_REFUSED: Final = re.compile(r"<[A-Za-z/!?]|!\[")


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to do before Propose: `action` labels the button, `place` is the leaf path it is about."""

    code: str
    text: str
    action: str
    place: str


def fill(text: str, variables: Iterable[Variable]) -> str:
    """The text with {{names}} replaced where they have a value."""
    values = {one.name: one.value for one in variables if one.value.strip()}
    return _NAME.sub(lambda found: values.get(found[1], found[0]), text)


def unfilled(text: str, variables: Iterable[Variable]) -> tuple[str, ...]:
    """The names in a text that have no value yet, each once."""
    return tuple(dict.fromkeys(_NAME.findall(fill(text, variables))))


def one_line_field(text: str, what: str) -> str:
    """The same text. DraftError when it holds line breaks, or what a reader cannot see or tell from a space."""
    found = unseen(text)
    if found:
        raise DraftError(
            f"{what} holds a character that cannot be seen: {', '.join(found)}.",
            remedy="Take it out, or write a plain space instead.",
        )
    return text


def checklist(draft: Draft) -> tuple[Missing, ...]:
    """What is missing before Propose is possible, in the order of the page; empty when nothing is."""
    found = [*_text(draft), *_parties(draft), *_letters(draft)]
    if not found:
        found += _rules(draft)
    return tuple(found)


def _text(draft: Draft) -> list[Missing]:
    found = []
    if not draft.title.strip():
        found.append(Missing("title", "The contract has no title", "Name it", "/title"))
    if not any(text.strip() for text in draft.clauses):
        found.append(Missing("clauses", "There is no clause yet", "Add clause", "/terms/00000"))
    for place, text in enumerate(draft.clauses):
        path = f"/terms/{place:05d}"
        if not text.strip() and len(draft.clauses) > 1:
            found.append(Missing("clauses", f"Clause {place + 1} is empty", "Write", path))
        if _REFUSED.search(text):
            found.append(Missing("clauses", f"Clause {place + 1} holds HTML or a picture", "Show", path))
    names = dict.fromkeys(name for text in draft.clauses for name in unfilled(text, draft.variables))
    if names:
        known = {one.name: place for place, one in enumerate(draft.variables)}
        first = known.get(next(iter(names)), len(draft.variables))
        words = "1 variable is empty" if len(names) == 1 else f"{len(names)} variables are empty"
        found.append(
            Missing("variables", f"{words}: {', '.join(names)}", "Fill in", f"/variables/{first:05d}")
        )
    if draft.valid_from and draft.valid_until and draft.valid_from >= draft.valid_until:
        found.append(Missing("dates", "It ends before it begins", "Change", "/valid_until"))
    return found


def _parties(draft: Draft) -> list[Missing]:
    found = []
    if not any(one.role is Role.signer for one in draft.parties):
        found.append(Missing("signer", "Nobody signs it yet", "Add signer", "/parties/00000"))
    seen: set[str] = set()
    for place, one in enumerate(draft.parties):
        path, name = f"/parties/{place:05d}", one.name.strip() or f"Party {place + 1}"
        if not one.name.strip():
            found.append(Missing("parties", f"Party {place + 1} has no name", "Name", path))
        if not one.did or _key(one) is None:
            found.append(Missing("did", f"{name} has no DID yet", "Add DID", path))
        elif one.did in seen:
            found.append(Missing("did", f"{name} stands in it twice", "Show", path))
        seen.add(one.did or "")
        if one.role is Role.witness and not _witnesses(draft, one):
            found.append(Missing("parties", f"{name} is a witness of nobody", "Choose", path))
    return found


def _fields(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """The fields of one line: (what it is, its text, leaf path)."""
    yield "The title", draft.title, "/title"
    for place, party in enumerate(draft.parties):
        path = f"/parties/{place:05d}"
        yield f"The name of party {place + 1}", party.name, path
        yield f"The capacity of party {place + 1}", party.capacity or "", path
    for place, file in enumerate(draft.attachments):
        yield f"The name of attachment {place + 1}", file.name, f"/attachments/{place:05d}"
        yield f"The type of attachment {place + 1}", file.media_type, f"/attachments/{place:05d}"
    for place, variable in enumerate(draft.variables):
        yield f"The name of variable {place + 1}", variable.name, f"/variables/{place:05d}"


def _letters(draft: Draft) -> Iterator[Missing]:
    for what, text, path in _fields(draft):
        found = unseen(text)
        if found:
            words = f"{what} holds a character that cannot be seen: {', '.join(found)}"
            yield Missing("letters", words, "Change", path)


def _witnesses(draft: Draft, one: DraftParty) -> bool:
    of = one.witness_of
    return of is not None and 0 <= of < len(draft.parties) and draft.parties[of].role is Role.signer


def _rules(draft: Draft) -> list[Missing]:
    try:
        document = to_document(
            draft, contract=draft.contract or ContractId.new(), revision=1, supersedes=Digest("0" * 64)
        )
    except CmsError as error:
        return [Missing("rules", error.detail, "Show", "/parties/00000")]
    return [Missing("steps", text, "Show", "/parties/00000") for text in rule_violations(document)]


def _key(party: DraftParty) -> KeyText | None:
    if party.key:
        return KeyText(party.key)
    try:
        return key_of_did(Did.parse(party.did)) if party.did else None
    except CmsError:
        return None


def to_document(draft: Draft, *, contract: ContractId, revision: int, supersedes: Digest | None) -> Document:
    """The document of a revision: NFC, variables filled, fields of one line that show all they hold.

    DraftError, DocumentError.
    """
    if revision > 0:
        empty = [name for text in draft.clauses for name in unfilled(text, draft.variables)]
        if empty:
            raise DraftError(
                f"These variables have no value: {', '.join(dict.fromkeys(empty))}.", remedy="Fill them in."
            )
    for what, text, _ in _fields(draft):
        one_line_field(text, what)
    body = {
        "contract": contract,
        "revision": revision,
        "supersedes": supersedes,
        "title": _nfc(draft.title),
        "description": _nfc(draft.description),
        "valid_from": draft.valid_from,
        "valid_until": draft.valid_until,
        "parties": [_party(place, one).to_json() for place, one in enumerate(draft.parties)],
        "terms": [_nfc(fill(text, draft.variables)) for text in draft.clauses if text.strip()],
        "attachments": [one.to_json() for one in draft.attachments],
        "variables": [one.to_json() for one in draft.variables],
    }
    return Document.from_json(body)


def _party(place: int, one: DraftParty) -> Party:
    key = _key(one)
    if not one.did or key is None:
        raise DraftError(
            f"{one.name or f'Party {place + 1}'} has no DID yet.", remedy="Add their contact card or DID."
        )
    witness = one.role is Role.witness
    return Party(
        did=Did.parse(one.did),
        key=KeyText.parse(key),
        next=None if one.next is None else Digest.parse(one.next),
        name=_nfc(one.name),
        role=one.role,
        step=None if one.role is Role.viewer else (one.step or 1),
        capacity=_nfc(one.capacity) if one.capacity else None,
        witness_of=one.witness_of if witness else None,
    )


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
