"""A Markdown text as blocks that show every character of it, or as source: what is signed is what is seen.

CommonMark can hide text: definitions of links, titles, what follows a fence, cells too many, nesting too deep. So a
block is rendered only when its source can be written again from what is shown, plus the formatting marks of this list:

- the asterisks and underscores of emphasis, when no letter or digit touches them from outside;
- the hashes before a heading, the fence around code, a line of dashes, the line under a table's head, and the bars at
  the ends of its rows;
- the brackets and parentheses of a link (its destination stands in parentheses behind its text);
- white space: how much of it there is, and where a paragraph's lines break.

Bullets, numbers and backquotes stand as they are written. Whatever else there is makes the block source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

MOST_CHARACTERS: Final = 8_000
"""Of one paragraph, or of one piece of source. A longer paragraph is shown as source, in pieces that come into view one
by one.
"""
MOST_OF_TEXT: Final = 60_000
"""Of one clause or description. More is shown as source and never parsed: that can take time with its square."""
MOST_MARKS: Final = 6_000
MOST_OF_LINES: Final = 3_000
"""Of one clause or description: letters that Markdown may take for marks, and lines. What has more is made to cost
time, and is source as well: the window's thread waits for the parser."""
MOST_LINES: Final = 16
"""Of one piece of code or source."""
MOST_DEPTH: Final = 6
"""Of lists: deeper ones would leave no room for their words."""

_MARKS: Final = "*_`[]|&\\<>#~"
_SPACE: Final = re.compile(r"[ \t\n]+")
_LINE: Final = re.compile(r"-{3,}|\*{3,}|_{3,}")
_UNDER_HEAD: Final = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One block: what is shown (`marker`, then `runs`), and how.

    `kind`: text, heading, item, cells, code, line, source. `depth`: of lists. Runs of code and source hold line breaks.
    """

    kind: str
    runs: tuple[Run, ...] = ()
    marker: str = ""
    depth: int = 0

    @property
    def text(self) -> str:
        """All words of the block."""
        return "".join(run.text for run in self.runs)


class _Unshown(Exception):
    """The rendering would not show all of the source."""


@dataclass(frozen=True, slots=True)
class _Atom:
    """A piece of inline source. `shown` is what stands for it; `edge` is 1 before emphasis, -1 after it."""

    written: str
    shown: str
    bold: bool = False
    italic: bool = False
    edge: int = 0


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # Raw HTML is text here. Struck words would read as removed ones, so ~~ is text as well.
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def shown(text: str) -> tuple[Shown, ...]:
    """The blocks of a text, in its order; every character but the marks of the module's list stands in one of them."""
    if len(text) > MOST_OF_TEXT or _costs_time(text):
        return tuple(_source(text))
    lines = text.split("\n")
    blocks: list[Shown] = []
    at = 0
    for node in SyntaxTreeNode(_parser().parse(text)).children:
        first, end = node.map or (-1, -1)
        if not at <= first < end <= len(lines):
            return tuple(_source(text))
        blocks += _source("\n".join(lines[at:first]))
        blocks += _block(node, lines[first:end])
        at = end
    return (*blocks, *_source("\n".join(lines[at:])))


def _costs_time(text: str) -> bool:
    return text.count("\n") > MOST_OF_LINES or sum(map(text.count, _MARKS)) > MOST_MARKS


def _block(node: SyntaxTreeNode, lines: Sequence[str]) -> list[Shown]:
    source = "\n".join(lines)
    try:
        written, blocks = _Writer(lines).block(node)
    except _Unshown:
        return list(_source(source))
    if _plain(written) == _plain(source):
        return blocks
    return list(_source(source))


def _plain(text: str) -> str:
    """The text with each run of white space as one space: ASCII's only, all other characters count."""
    return _SPACE.sub(" ", text).strip(" ")


def _source(text: str) -> Iterator[Shown]:
    lines = text.split("\n")
    while lines and not lines[0].strip(" \t"):
        del lines[0]
    while lines and not lines[-1].strip(" \t"):
        del lines[-1]
    return _in_pieces("source", lines)


def _in_pieces(kind: str, lines: Sequence[str], depth: int = 0) -> Iterator[Shown]:
    pieces: list[str] = []
    for line in lines:
        pieces += [line[at : at + MOST_CHARACTERS] for at in range(0, len(line), MOST_CHARACTERS)] or [""]
    size = 0
    piece: list[str] = []
    for line in pieces:
        if piece and (len(piece) == MOST_LINES or size + len(line) > MOST_CHARACTERS):
            yield Shown(kind, (Run("\n".join(piece)),), depth=depth)
            piece, size = [], 0
        piece.append(line)
        size += len(line)
    if piece:
        yield Shown(kind, (Run("\n".join(piece)),), depth=depth)


class _Writer:
    """Turns one block into what is shown, and writes its source again from that. _Unshown where it knows no way."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def block(self, node: SyntaxTreeNode) -> tuple[str, list[Shown]]:
        """(the source again, but for white space; what is shown)."""
        if node.type == "paragraph":
            written, runs = _inline(node.children)
            return written, [Shown("text", runs)]
        if node.type == "heading" and node.markup.startswith("#"):
            written, runs = _inline(node.children)
            if not runs:
                raise _Unshown
            return f"{node.markup} {written}", [
                Shown("heading", tuple(replace(run, bold=True) for run in runs))
            ]
        if node.type in ("bullet_list", "ordered_list"):
            return self._list(node, 1)
        if node.type == "table":
            return self._table(node)
        if node.type == "fence" and not node.info:
            return f"{node.markup}\n{node.content}{node.markup}", self._code(node)
        if node.type == "code_block":
            return node.content, self._code(node)
        if node.type == "hr" and _LINE.fullmatch(self._lines[0].strip(" \t")):
            return self._lines[0], [Shown("line")]
        raise _Unshown

    def _code(self, node: SyntaxTreeNode) -> list[Shown]:
        return list(_in_pieces("code", node.content.rstrip("\n").split("\n")))

    def _list(self, node: SyntaxTreeNode, depth: int) -> tuple[str, list[Shown]]:
        written: list[str] = []
        blocks: list[Shown] = []
        for item in node.children:
            # `info` is the number as it is written: what a reader is referred to, whatever the others are.
            marker = item.info + item.markup
            if depth > MOST_DEPTH or not item.children or item.children[0].type != "paragraph":
                raise _Unshown
            for child in item.children:
                if child.type == "paragraph":
                    line, runs = _inline(child.children)
                    written.append(f"{marker} {line}")
                    blocks.append(Shown("item", runs, marker, depth))
                elif child.type in ("bullet_list", "ordered_list"):
                    lines, within = self._list(child, depth + 1)
                    written.append(lines)
                    blocks += within
                else:
                    raise _Unshown
                marker = ""
        return "\n".join(written), blocks

    def _table(self, node: SyntaxTreeNode) -> tuple[str, list[Shown]]:
        written: list[str] = []
        blocks: list[Shown] = []
        offset = (node.map or (0, 0))[0]
        for part in node.children:
            for row in part.children:
                line = self._lines[(row.map or (0, 0))[0] - offset]
                cells = [_inline(cell.children) for cell in row.children]
                if _plain(" | ".join(cell for cell, _ in cells)) != _within_bars(line):
                    raise _Unshown
                written.append(line)
                runs = [run for at, (_, runs) in enumerate(cells) for run in (*_bar(at), *runs)]
                if part.type == "thead":
                    runs = [replace(run, bold=True) for run in runs]
                    under = self._lines[1]
                    if not _UNDER_HEAD.fullmatch(under):
                        raise _Unshown
                    written.append(under)
                blocks.append(Shown("cells", tuple(runs)))
        return "\n".join(written), blocks


def _bar(at: int) -> tuple[Run, ...]:
    return (Run(" | "),) if at else ()


def _within_bars(line: str) -> str:
    """A table's row without the bars at its ends, the others with a space on either side."""
    inner = line.strip(" \t").removeprefix("|").removesuffix("|")
    return _plain(" | ".join(cell.strip(" \t") for cell in inner.split("|")))


def _inline(nodes: Sequence[SyntaxTreeNode]) -> tuple[str, tuple[Run, ...]]:
    """(the source again, what is shown) of the children of a paragraph, heading or cell."""
    atoms = [atom for node in nodes for child in node.children for atom in _atoms(child, False, False)]
    _check_edges(atoms)
    runs: list[Run] = []
    for atom in atoms:
        if runs and (runs[-1].bold, runs[-1].italic) == (atom.bold, atom.italic):
            runs[-1] = replace(runs[-1], text=runs[-1].text + atom.shown)
        elif atom.shown:
            runs.append(Run(atom.shown, atom.bold, atom.italic))
    text = "".join(run.text for run in runs)
    if len(text) > MOST_CHARACTERS or (not text.strip(" \t\n") and nodes and nodes[0].children):
        raise _Unshown
    return "".join(atom.written for atom in atoms), tuple(runs)


def _atoms(node: SyntaxTreeNode, bold: bool, italic: bool) -> Iterator[_Atom]:
    if node.type == "text":
        yield _Atom(node.content, node.content, bold, italic)
    elif node.type == "code_inline":
        quoted = f"{node.markup}{node.content}{node.markup}"
        yield _Atom(quoted, quoted, bold, italic)
    elif node.type == "softbreak":
        yield _Atom("\n", " ", bold, italic)
    elif node.type == "hardbreak":
        yield _Atom("\n", "\n", bold, italic)
    elif (node.type == "strong" and not bold) or (node.type == "em" and not italic):
        bold, italic = bold or node.type == "strong", italic or node.type == "em"
        within = [atom for child in node.children for atom in _atoms(child, bold, italic)]
        if node.type == "em" and not any(letter.isalpha() for atom in within for letter in atom.shown):
            raise _Unshown  # 2 *3* 4
        yield _Atom(node.markup, "", edge=1)
        yield from within
        yield _Atom(node.markup, "", edge=-1)
    elif node.type == "link" and set(node.attrs) == {"href"} and not node.markup:
        address = str(node.attrs["href"])
        yield _Atom("[", "")
        for child in node.children:
            yield from _atoms(child, bold, italic)
        yield _Atom(f"]({address})", f" ({address})", bold, italic)
    else:
        raise _Unshown


def _check_edges(atoms: Sequence[_Atom]) -> None:
    """No emphasis may begin or end within a word or a number: 2**3**4 must not read as 234."""
    for order, edge, end in ((atoms, 1, -1), (atoms[::-1], -1, 0)):
        outside = " "
        for atom in order:
            if atom.edge == edge and outside[end].isalnum():
                raise _Unshown
            if not atom.edge and atom.written:
                outside = atom.written
