"""A whole revision as it lies on the paper: title, text, and everything else that a signature covers."""

from __future__ import annotations

from cms_backend.core.document import Document
from cms_desktop.presentation import dates, words
from cms_desktop.presentation.paper import Block, block, clause_blocks, escape, field, intro_blocks
from cms_desktop.presentation.signed_parts import signed_parts


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


def terms_blocks(document: Document) -> list[Block]:
    """Description and clauses."""
    blocks = intro_blocks(document.description)
    for index, term in enumerate(document.terms):
        blocks.extend(clause_blocks(term, index))
    return blocks


def back_matter(document: Document) -> list[Block]:
    """Dates, parties with their keys, attachments, variables, the record: signed as well, so shown as well, whole."""
    blocks = [block("line", key="m.line")]
    for part in signed_parts(document):
        blocks.append(block("label", part.label, key=f"m.{part.key}"))
        if part.key == "runs":
            blocks.append(block("small", field(runs(document)), key="m.runs.here"))
        for index, item in enumerate(part.items):
            key = f"m.{part.key}.{index}"
            if item.name or item.rest:
                html = f"<b>{field(item.name)}</b>{field(item.rest)}"
                blocks.append(block("small", html, key=key, side=_side(document, part.key, index)))
            blocks += [
                block("fact", field(fact), key=f"{key}.{place}") for place, fact in enumerate(item.facts)
            ]
    return [*blocks, block("end", key="end")]


def _side(document: Document, key: str, index: int) -> str:
    return size(document.attachments[index].size) if key == "files" else ""


def revision_blocks(document: Document, note: str = "") -> list[Block]:
    """The paper of one revision."""
    head = [block("title", field(document.title or "Without a title"), key="title")]
    if note:
        head.append(block("note", escape(note), key="note"))
    return [*head, block("rule", key="rule"), *terms_blocks(document), *back_matter(document)]
