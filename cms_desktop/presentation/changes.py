"""Two revisions compared, as blocks for the paper: what changed, first; or the whole text with its marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cms_backend.core.document import Document
from cms_desktop.presentation import words
from cms_desktop.presentation.paper import (
    Block,
    block,
    clause_blocks,
    field,
    heading_of,
    intro_blocks,
    preformatted,
)
from cms_desktop.presentation.revision import back_matter, revision_blocks
from cms_desktop.workflow.redline import Change, ClauseChange, FieldChange, PartyChange, Redline, Segment

# No letter or digit behind it: the mark of emphasis that is left out stands where `markdown` leaves it out.
_RUN_IN: Final = re.compile(r"\*\*(?P<words>[^*\s](?:[^*\n]*[^*\s])?)\*\*(?![\w*])")
_INSERT: Final = (
    '<span style="color:@{insert};background-color:@{insertTint};text-decoration:underline;font-weight:600">',
    "</span>",
)
_BREAK: Final = '<font color="@{pending}">\N{PILCROW SIGN}</font>'
_OURS: Final = ("rule", "end")
_DELETE: Final = (
    '<span style="color:@{remove};background-color:@{removeTint};text-decoration:line-through">',
    "</span>",
)


def marked(segments: Sequence[Segment], *, lines: bool = False) -> str:
    """Segments as rich text, as they are written: a redline shows the source, so that no change of it is hidden.

    `lines`: of clauses and descriptions, which may have more than one.
    """
    out: list[str] = []
    last = Change.EQUAL
    for segment in segments:
        html = _changed(segment, lines)
        if segment.change is Change.INSERT:
            html = f"{_INSERT[0]}{html}{_INSERT[1]}"
        elif segment.change is Change.DELETE:
            html = f"{_DELETE[0]}{html}{_DELETE[1]}"
        if segment.change is Change.INSERT and last is Change.DELETE:
            out.append("&#8201;")  # a thin space, so that old and new do not read as one word
        last = segment.change
        out.append(html)
    return "".join(out)


def _changed(segment: Segment, lines: bool) -> str:
    if segment.change is Change.EQUAL or segment.text.strip(" \n"):
        return preformatted(segment.text, lines=lines)
    # White space alone: a colour behind nothing is easily missed.
    spelled = {" ": "&nbsp;"} | ({"\n": _BREAK} if lines else {})
    html = "".join(spelled.get(letter) or field(letter) for letter in segment.text)
    breaks = segment.text.count("\n") if lines and segment.change is Change.INSERT else 0
    return html + "<br>" * breaks


def clause_marked(segments: Sequence[Segment]) -> str:
    """As `marked`; the bold words that a clause begins with are bold when they did not change."""
    found = _RUN_IN.match(segments[0].text) if segments and segments[0].change is Change.EQUAL else None
    if found is None:
        return marked(segments, lines=True)
    rest = Segment(Change.EQUAL, segments[0].text[found.end() :])
    return f"<b>{preformatted(found['words'])}</b>{marked((rest, *segments[1:]), lines=True)}"


def places(segments: Sequence[Segment]) -> int:
    """How many runs of changed text: a removal with the insertion that takes its place is one."""
    count, within = 0, False
    for segment in segments:
        changed = segment.change is not Change.EQUAL
        if changed and not within:
            count += 1
        within = changed or (within and not segment.text.strip())
    return count


def _clause_head(change: ClauseChange) -> str:
    number = change.new if change.new is not None else change.old
    words_of = {"added": ", new", "removed": ", removed"}.get(change.kind, "")
    where = "Clause" if change.new is not None else "Former clause"
    heading = f", {change.heading}" if change.heading else ""
    return f"{where} {(number or 0) + 1}{heading}{words_of}"


def _place(change: ClauseChange) -> str:
    return f"/terms/{change.new:05d}" if change.new is not None else f"/removed/{change.old:05d}"


def _two(head: str, side: str, html: str, place: str) -> list[Block]:
    return [
        block("change-head", field(head), key=f"h:{place}", side=side),
        block("change", html, key=f"x:{place}", place=place),
        block("line", key=f"l:{place}"),
    ]


def _field(change: FieldChange) -> list[Block]:
    html = marked(change.segments, lines=change.path == "/description")
    return _two(change.label, "", html, change.path)


def _party(change: PartyChange) -> list[Block]:
    index = change.new if change.new is not None else change.old
    place = f"/parties/{index or 0:05d}{'' if change.new is not None else '/removed'}"
    html = "<br>".join(f"{field(one.label)}: {marked(one.segments)}" for one in change.fields)
    return _two(f"Party, {change.name}", "", html, place)


def change_blocks(red: Redline) -> list[Block]:
    """Every change, each with its place; `place` marks what has to come into view before a signature."""
    out: list[Block] = []
    for changed in red.fields:
        out.extend(_field(changed))
    for clause in red.clauses:
        if clause.kind != "equal":
            count = places(clause.segments)
            side = words.plural(count, "place") if clause.kind == "changed" else ""
            out.extend(_two(_clause_head(clause), side, clause_marked(clause.segments), _place(clause)))
    for party in red.parties:
        if party.kind != "equal":
            out.extend(_party(party))
    for changed in (*red.variables, *red.attachments):
        out.extend(_field(changed))
    return out


def compared_blocks(red: Redline, new: Document, note: str) -> list[Block]:
    """The whole text of the newer revision with every change marked in its place."""
    title = next((marked(one.segments) for one in red.fields if one.path == "/title"), field(new.title))
    out = [
        block("title", title, key="title"),
        block("note", field(note), key="note"),
        block("rule", key="rule"),
    ]
    for changed in red.fields:
        if changed.path != "/title":
            out.extend(_field(changed))
    if not any(one.path == "/description" for one in red.fields):
        out.extend(intro_blocks(new.description))
    for clause in red.clauses:
        if clause.kind == "equal" and clause.new is not None:
            out.extend(clause_blocks(new.terms[clause.new], clause.new))
            continue
        index = clause.new if clause.new is not None else clause.old or 0
        number = str(index + 1) if clause.new is not None else ""
        out.append(
            block(
                "marked",
                clause_marked(clause.segments),
                key=f"m:{_place(clause)}",
                number=number,
                clause=index,
            )
        )
    tail = [one for one in red.parties if one.kind != "equal"]
    for party in tail:
        out.extend(_party(party))
    for changed in (*red.variables, *red.attachments):
        out.extend(_field(changed))
    return [*out, *back_matter(new)]


def review_blocks(red: Redline, old: Document | None, new: Document, headline: str, note: str) -> list[Block]:
    """For a signature: the changes, then the whole. Without an earlier text, the whole is the change.

    Without one, every block is a place, so that the whole text is in view only when the end of each block was.
    """
    if old is None:
        whole = revision_blocks(new, note)
        return [one if one["kind"] in _OURS else one | {"place": one["key"]} for one in whole]
    head = [block("heading", field(headline), key="review"), block("note", field(note), key="review.note")]
    whole = [one | {"key": f"w.{one['key']}"} for one in revision_blocks(new)]
    return [*head, *change_blocks(red), block("heading", "The whole text", key="whole"), *whole]


def unchanged(red: Redline, new: Document) -> str:
    """`The other seven clauses, the parties and the dates are the same, letter for letter.`"""
    same = sum(1 for one in red.clauses if one.kind == "equal")
    parts: list[str] = []
    if same:
        other = "other " if same < len(new.terms) else ""
        parts.append(f"the {other}{words.number(same)} clause{'' if same == 1 else 's'}")
    if all(one.kind == "equal" for one in red.parties):
        parts.append("the parties")
    if not any(one.path.startswith("/valid") for one in red.fields):
        parts.append("the dates")
    if not parts:
        return ""
    verb = "is" if parts == ["the other one clause"] else "are"
    return f"{words.capital(words.listed(parts))} {verb} the same, letter for letter."


def headings(document: Document) -> dict[str, str]:
    """Leaf path -> heading, for comments."""
    return {f"/terms/{index:05d}": heading_of(term) for index, term in enumerate(document.terms)}
