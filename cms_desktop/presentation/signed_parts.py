"""Everything that a signature covers besides title, description and clauses, as lines for paper and command line.

Each part of a document stands in one of them, whole: no DID, key or digest is shortened here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cms_backend.core.did import key_of_did
from cms_backend.core.document import Document
from cms_backend.core.parties import Attachment, Party, Role
from cms_desktop.presentation import words


@dataclass(frozen=True, slots=True)
class Item:
    """`name` stands out, `rest` follows it in the same line; `facts` are lines of their own, computed or to compare.

    All are fields of one line as the document has them: whoever shows them writes out what cannot be seen.
    """

    name: str = ""
    rest: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it. `key`: runs, parties, files, values, record."""

    key: str
    label: str
    items: tuple[Item, ...]


def signed_parts(document: Document) -> tuple[Part, ...]:
    """Dates, parties, attachments, variables, and the place of this revision in its record."""
    parts = (
        Part("runs", "Runs", (_dates(document),)),
        Part("parties", "Parties", tuple(_party(one, document.parties) for one in document.parties)),
        Part("files", "Attachments", tuple(map(_attachment, document.attachments))),
        Part(
            "values",
            "Values filled in",
            tuple(Item(one.name, f": {one.value} ({one.type.value})") for one in document.variables),
        ),
        Part("record", "Record", (_record(document),)),
    )
    return tuple(part for part in parts if part.items)


def role_line(party: Party, parties: Sequence[Party]) -> str:
    """`Signer, step 1`, `Witness of Idris Calloway, step 2`."""
    role = words.ROLE[party.role]
    if party.role is Role.witness and party.witness_of is not None and party.witness_of < len(parties):
        role = f"Witness of {parties[party.witness_of].name}"
    return role if party.step is None else f"{role}, step {party.step}"


def _dates(document: Document) -> Item:
    dates = [("from", document.valid_from), ("until", document.valid_until)]
    return Item(facts=tuple(f"{word} {time}" for word, time in dates if time is not None))


def _party(party: Party, parties: Sequence[Party]) -> Item:
    capacity = f", {party.capacity}" if party.capacity else ""
    facts: list[str] = [party.did]
    if key_of_did(party.did) != party.key:
        facts.append(f"key {party.key}")
    if party.next is not None:
        facts.append(f"next key {party.next}")
    return Item(party.name, f"{capacity}. {role_line(party, parties)}.", tuple(facts))


def _attachment(file: Attachment) -> Item:
    facts = (f"{file.media_type or 'no type'}, {words.plural(file.size, 'byte')}", f"sha256 {file.sha256}")
    return Item(file.name, "", facts)


def _record(document: Document) -> Item:
    facts = [f"contract {document.contract}", f"revision {document.revision}"]
    if document.supersedes is not None:
        facts.append(f"in the place of {document.supersedes}")
    return Item(facts=tuple(facts))
