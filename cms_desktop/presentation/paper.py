"""A contract's text as blocks for the paper: Markdown made safe, and nothing in it can load anything.

Foreign text reaches the window only through `escape`; tags in a block are ours: b, i, u, s, br, font, span.
A picture is shown as its words, a link as its words and its address. Colours are names (`@{insert}`) that the
page replaces by the theme's, so one block serves both themes; an @ of the text itself is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape as escape_html
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cms_backend.report.words import visible

Block = dict[str, object]
ROLES: Final = ("key", "kind", "number", "html", "marker", "indent", "clause", "side", "place")
"""`kind`: title, rule, note, intro, clause, text, item, quote, code, cells, line, heading, label, small,
change-head, change, end."""

_PLACEHOLDER: Final = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}\}")
_HEADING: Final = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*(?:\n|$)")
_RUN_IN: Final = re.compile(r"^\*\*(.+?)\*\*")
_TAGS: Final = {
    "strong_open": "<b>",
    "strong_close": "</b>",
    "em_open": "<i>",
    "em_close": "</i>",
    "s_open": "<s>",
    "s_close": "</s>",
    "softbreak": " ",
    "hardbreak": "<br>",
}


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def escape(text: str) -> str:
    """Text that no renderer takes for anything but text, and that no colour name of ours is found in.

    Invisible and direction-changing characters are written out: two texts that differ must not look equal.
    """
    return escape_html(visible(text)).replace("@", "&#64;")


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


def _inline(tokens: Iterable[Token], values: Mapping[str, str] | None) -> str:
    out: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        if token.type in _TAGS:
            out.append(_TAGS[token.type])
        elif token.type == "link_open":
            links.append((str(token.attrGet("href") or ""), len(out)))
        elif token.type == "link_close":
            address, start = links.pop()
            shown = "".join(out[start:])
            if escape(address) != shown:
                out.append(f" ({escape(address)})")
        elif token.type == "image":
            out.append(escape(f"[picture: {token.content}]"))
        else:
            out.append(_with_values(token.content, values))
    return "".join(out)


class _Renderer:
    """Turns the tokens of one text into blocks; knows where in lists, quotes and tables it stands."""

    def __init__(self, values: Mapping[str, str] | None) -> None:
        self.blocks: list[Block] = []
        self._values = values
        self._ordinals: list[int | None] = []
        self._quotes = 0
        self._marker = ""
        self._cells: list[str] | None = None
        self._bold = False

    def take(self, token: Token) -> None:
        """One token."""
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            start = int(token.attrGet("start") or 1) if kind == "ordered_list_open" else None
            self._ordinals.append(start)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._ordinals.pop()
        elif kind == "list_item_open":
            self._item()
        elif kind in ("blockquote_open", "blockquote_close"):
            self._quotes += 1 if kind == "blockquote_open" else -1
        elif kind in ("heading_open", "heading_close"):
            self._bold = kind == "heading_open"
        elif kind in ("tr_open", "tr_close"):
            self._row(kind == "tr_open")
        else:
            self._content(token)

    def _item(self) -> None:
        ordinal = self._ordinals[-1]
        self._marker = "•" if ordinal is None else f"{ordinal}."
        if ordinal is not None:
            self._ordinals[-1] = ordinal + 1

    def _row(self, opens: bool) -> None:
        if self._cells is not None:
            self._add("cells", "  ·  ".join(self._cells))
        self._cells = [] if opens else None

    def _content(self, token: Token) -> None:
        if token.type in ("fence", "code_block"):
            self._add("code", escape(token.content.rstrip("\n")).replace("\n", "<br>"))
        elif token.type == "hr":
            self._add("line", "")
        elif token.type == "inline":
            html = _inline(token.children or (), self._values)
            if self._cells is not None:
                self._cells.append(html)
                return
            kind = "item" if self._ordinals else "quote" if self._quotes else "text"
            if self._bold:
                kind, html = "heading-text", f"<b>{html}</b>"
            self._add(kind, html)

    def _add(self, kind: str, html: str) -> None:
        self.blocks.append(block(kind, html, marker=self._marker, indent=len(self._ordinals)))
        self._marker = ""


def _render(text: str, values: Mapping[str, str] | None) -> list[Block]:
    renderer = _Renderer(values)
    for token in _parser().parse(text):
        renderer.take(token)
    return renderer.blocks


def clause_blocks(term: str, index: int, values: Mapping[str, str] | None = None) -> list[Block]:
    """One clause: the first block carries its number, a Markdown heading runs into the text behind it.

    `values`: of a draft, what stands for `{{name}}`; empty ones are marked. None for a revision: final text.
    """
    blocks = _render(term, values)
    if len(blocks) > 1 and blocks[0]["kind"] == "heading-text" and blocks[1]["kind"] == "text":
        title = str(blocks[0]["html"])
        stop = "" if title.rstrip("</b>").endswith((".", ":", "?")) else "."
        blocks[1]["html"] = f"{title[:-4]}{stop}</b> {blocks[1]['html']}"
        del blocks[0]
    if not blocks:
        blocks = [block("text", '<font color="@{pending}">No text yet</font>' if values is not None else "")]
    for place, one in enumerate(blocks):
        one["clause"] = index
        one["key"] = f"c{index}.{place}"
        if one["kind"] == "heading-text":
            one["kind"] = "text"
        if place == 0:
            one["number"] = str(index + 1)
            one["kind"] = "clause" if one["kind"] == "text" else one["kind"]
    return blocks


def intro_blocks(description: str, values: Mapping[str, str] | None = None) -> list[Block]:
    """The text before the first clause."""
    blocks = _render(description, values) if description.strip() else []
    for place, one in enumerate(blocks):
        one["kind"] = "intro" if one["kind"] in ("text", "heading-text") else one["kind"]
        one["key"] = f"d.{place}"
    return blocks
