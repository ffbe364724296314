"""A whole revision as it lies on the paper: title, text, and everything else that a signature covers."""

from __future__ import annotations

from collections.abc import Sequence

from cms_backend.core.document import Document
from cms_backend.core.parties import Attachment, Party, Role
from cms_desktop.presentation import dates, words
from cms_desktop.presentation.paper import Block, block, clause_blocks, escape, intro_blocks


def size(count: int) -> str:
    """`48 KB`."""
    if count < 1000:
        return words.plural(count, "byte")
    if count < 1_000_000:
        return f"{round(count / 1000)} KB"
    return f"{count / 1_000_000:.1f} MB"


def runs(document: Document) -> str:
    """`1 Jun 2026 to 31 May 2028`, as far as it is set."""
    start, end = dates.day(document.valid_from), dates.day(document.valid_until)
    if start and end:
        return f"{start} to {end}"
    if start:
        return f"from {start}, no end set"
    return f"until {end}" if end else "no dates set"


def role_line(party: Party, parties: Sequence[Party]) -> str:
    """`Signer, step 1`, `Witness of Idris Calloway, step 2`."""
    role = words.ROLE[party.role]
    if party.role is Role.witness and party.witness_of is not None and party.witness_of < len(parties):
        role = f"Witness of {parties[party.witness_of].name}"
    return role if party.step is None else f"{role}, step {party.step}"


def _party(party: Party, parties: Sequence[Party]) -> str:
    capacity = f", {escape(party.capacity)}" if party.capacity else ""
    return f"<b>{escape(party.name)}</b>{capacity}. {escape(role_line(party, parties))}."


def _attachment(attachment: Attachment) -> str:
    return f"<b>{escape(attachment.name)}</b>, {size(attachment.size)}"


def terms_blocks(document: Document) -> list[Block]:
    """Description and clauses."""
    blocks = intro_blocks(document.description)
    for index, term in enumerate(document.terms):
        blocks.extend(clause_blocks(term, index))
    return blocks


def back_matter(document: Document) -> list[Block]:
    """Dates, parties with their keys, attachments, variables: signed as well, so shown as well."""
    blocks = [
        block("line", key="m.line"),
        block("label", "Runs", key="m.runs"),
        block("small", escape(runs(document)), key="m.runs.0"),
        block("label", "Parties", key="m.parties"),
    ]
    for index, party in enumerate(document.parties):
        blocks.append(
            block(
                "small", _party(party, document.parties), key=f"m.p{index}", side=words.short_did(party.did)
            )
        )
    if document.attachments:
        blocks.append(block("label", "Attachments", key="m.files"))
    for index, file in enumerate(document.attachments):
        blocks.append(block("small", _attachment(file), key=f"m.a{index}", side=words.shortened(file.sha256)))
    if document.variables:
        blocks.append(block("label", "Values filled in", key="m.values"))
    for index, one in enumerate(document.variables):
        blocks.append(block("small", f"{escape(one.name)}: {escape(one.value)}", key=f"m.v{index}"))
    return [*blocks, block("end", key="end")]


def revision_blocks(document: Document, note: str = "") -> list[Block]:
    """The paper of one revision."""
    head = [block("title", escape(document.title or "Without a title"), key="title")]
    if note:
        head.append(block("note", escape(note), key="note"))
    return [*head, block("rule", key="rule"), *terms_blocks(document), *back_matter(document)]
