"""A contract's text as blocks for the paper, and nothing in it can load anything.

What is shown of the Markdown is `markdown.shown`'s decision. Foreign text reaches the window only through `escape`,
`field` and `preformatted`; tags in a block are ours: b, i, u, br, font, span. Colours are names (`@{insert}`) that the
page replaces by the theme's, so one block serves both themes; an @ of the text itself is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape as escape_html
from typing import Final

from cms_backend.report.letters import as_written, one_line, pieces, visible
from cms_desktop.presentation.markdown import Run, Shown, shown

Block = dict[str, object]
ROLES: Final = ("key", "kind", "number", "html", "marker", "indent", "clause", "side", "place")
"""`kind`: title, rule, note, intro, clause, text, item, code, source, cells, line, heading, label, small, fact,
change-head, change, marked, end."""

_PLACEHOLDER: Final = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}\}")
_HEADING: Final = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*(?:\n|$)")
_RUN_IN: Final = re.compile(r"^\*\*(.+?)\*\*")
_RUNS_OF_SPACES: Final = re.compile(r"(?<=\n) | (?= )")
WRITTEN: Final = "shown as written"
"""Stands beside a block that is source: rendered, it would not show every character."""


def escape(text: str) -> str:
    """Prose that no renderer takes for anything but text, and that no colour name of ours is found in.

    Characters that cannot be seen are written out, in a colour that no text of a stranger has.
    """
    return _coloured(text, visible)


def field(text: str) -> str:
    """As `escape`, for a field of one line."""
    return _coloured(text, one_line)


def preformatted(text: str, *, lines: bool = True) -> str:
    """As `escape`, character by character: every space stays, and every line break where there may be `lines`."""
    html = _coloured(text, as_written if lines else one_line)
    return _RUNS_OF_SPACES.sub("&nbsp;", "\n" + html)[1:].replace("\n", "<br>")


def _coloured(text: str, show: Callable[[str], str]) -> str:
    return "".join(
        f'<font color="@{{pending}}">{words}</font>' if mark else escape_html(words).replace("@", "&#64;")
        for words, mark in pieces(text, show)
    )


def block(kind: str, html: str = "", **more: object) -> Block:
    """One block with every role."""
    plain: Block = {
        "key": "",
        "kind": kind,
        "number": "",
        "html": html,
        "marker": "",
        "indent": 0,
        "clause": -1,
        "side": "",
        "place": "",
    }
    return plain | more


def heading_of(term: str) -> str:
    """A clause's heading: its Markdown heading, the bold words it begins with, or its first words."""
    text = term.lstrip()
    found = _HEADING.match(text) or _RUN_IN.match(text)
    if found:
        return re.sub(r"[*_`]", "", found.group(1)).strip().rstrip(".:")
    words = text.split()
    return " ".join(words[:4]) + ("…" if len(words) > 4 else "")


def _with_values(text: str, values: Mapping[str, str] | None) -> str:
    if values is None:
        return escape(text)
    parts: list[str] = []
    last = 0
    for found in _PLACEHOLDER.finditer(text):
        parts.append(escape(text[last : found.start()]))
        value = values.get(found.group(1), "")
        if value:
            parts.append(f'<u><font color="@{{accentText}}">{escape(value)}</font></u>')
        else:
            parts.append(f'<u><font color="@{{pending}}">{escape(found.group(1))}</font></u>')
        last = found.end()
    return "".join(parts) + escape(text[last:])


def _html(part: Shown, values: Mapping[str, str] | None) -> str:
    if part.kind in ("code", "source"):
        return preformatted(part.text)
    return "".join(_run(run, values) for run in part.runs)


def _run(run: Run, values: Mapping[str, str] | None) -> str:
    html = _with_values(run.text, values).replace("\n", "<br>")
    html = f"<i>{html}</i>" if run.italic else html
    return f"<b>{html}</b>" if run.bold else html


def _render(text: str, values: Mapping[str, str] | None) -> list[Block]:
    blocks: list[Block] = []
    before = ""
    for part in shown(text):
        side = WRITTEN if part.kind == "source" != before else ""
        before = part.kind
        kind = "text" if part.kind == "heading" else part.kind
        blocks.append(block(kind, _html(part, values), marker=part.marker, indent=part.depth, side=side))
    return blocks


def clause_blocks(term: str, index: int, values: Mapping[str, str] | None = None) -> list[Block]:
    """One clause: the first block carries its number.

    `values`: of a draft, what stands for `{{name}}`; empty ones are marked. None for a revision: final text.
    """
    blocks = _render(term, values)
    if not blocks:
        blocks = [block("text", '<font color="@{pending}">No text yet</font>' if values is not None else "")]
    for place, one in enumerate(blocks):
        one["clause"] = index
        one["key"] = f"c{index}.{place}"
        if place == 0:
            one["number"] = str(index + 1)
            one["kind"] = "clause" if one["kind"] == "text" else one["kind"]
    return blocks


def intro_blocks(description: str, values: Mapping[str, str] | None = None) -> list[Block]:
    """The text before the first clause."""
    blocks = _render(description, values)
    for place, one in enumerate(blocks):
        one["kind"] = "intro" if one["kind"] == "text" else one["kind"]
        one["key"] = f"d.{place}"
    return blocks
