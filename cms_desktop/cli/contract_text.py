"""The whole of a document at the terminal, and the marks of a comparison: every character as it is written.

Nothing is rendered here. What a document holds is indented under its label, so that none of it reads as a line of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from cms_backend.report.letters import as_written, one_line

if TYPE_CHECKING:
    from cms_backend.core.document import Document, DocumentRef
    from cms_desktop.workflow.redline import ClauseChange, FieldChange, Redline, Segment

_GUTTER: Final = 4
_OUR_MARKS: Final = re.compile(r"(?<=\{)\+|(?<=\[)-|\+(?=\})|-(?=\])")


def document_lines(document: Document) -> Iterator[str]:
    """Title, description, clauses by number, and everything else that a signature covers."""
    from cms_desktop.presentation.signed_parts import signed_parts

    yield f"Title: {document.title}"
    if document.description:
        yield "Description"
        yield from _indented(document.description)
    for number, term in enumerate(document.terms, 1):
        yield ""
        yield from _indented(term, f"{number:<{_GUTTER}}")
    for part in signed_parts(document):
        yield ""
        yield part.label
        for item in part.items:
            if item.name or item.rest:
                yield f"    {item.name}{item.rest}"
            yield from (f"      {fact}" for fact in item.facts)


def _indented(text: str, first: str = " " * _GUTTER) -> Iterator[str]:
    for place, line in enumerate(as_written(text).split("\n")):
        yield f"{' ' * _GUTTER if place else first}{line}"


def text_words(ref: DocumentRef) -> str:
    """Which text it is: `revision 2, root b256..., words copper kettle ...`."""
    from cms_desktop.wallet.words import fingerprint_words

    return f"revision {ref.revision}, root {ref.root}, words {' '.join(fingerprint_words(ref.root))}"


def redline_lines(red: Redline) -> Iterator[str]:
    """Every change, [-removed-] and {+added+}: fields, clauses, parties, variables, attachments."""
    for change in red.fields:
        lines = change.path == "/description"
        yield from _change(change.label, _marked(change.segments, lines=lines))
    for clause in red.clauses:
        if clause.kind != "equal":
            yield from _change(_clause(clause), _marked(clause.segments, lines=True))
    for party in red.parties:
        if party.kind != "equal":
            yield ""
            yield f"Party {party.name}: {party.kind}"
            yield from _fields(party.fields)
    for change in (*red.variables, *red.attachments):
        yield from _change(change.label, _marked(change.segments))


def _clause(change: ClauseChange) -> str:
    number = change.new if change.new is not None else change.old
    where = "Clause" if change.new is not None else "Former clause"
    return f"{where} {(number or 0) + 1}" + (f", {change.heading}" if change.heading else "")


def _change(label: str, text: str) -> Iterator[str]:
    yield ""
    yield label
    yield from _indented(text)


def _fields(changes: Iterable[FieldChange]) -> Iterator[str]:
    for change in changes:
        yield from _indented(f"{change.label}: {_marked(change.segments)}")


def _marked(segments: Iterable[Segment], *, lines: bool = False) -> str:
    marks = {"insert": ("{+", "+}"), "delete": ("[-", "-]")}
    parts = []
    for segment in segments:
        before, after = marks.get(segment.change.value, ("", ""))
        text = segment.text if lines else one_line(segment.text)
        parts.append(f"{before}{_safe(text)}{after}")
    return "".join(parts)


def _safe(text: str) -> str:
    """A text that holds none of our marks."""
    return _OUR_MARKS.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
