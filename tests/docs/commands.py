"""Reads the Markdown of the documents: the commands in their blocks, their inline code, and their links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = tuple(sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "contracts/README.md")))
SHELL = frozenset({"sh", "console"})
PROGRAMS = frozenset({"cms", "make", "python", "curl", "cp", "pip", "npm", "git", "sudo", "systemctl"})


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language ("" when none is named), its text, the line (from 1) that it begins on."""

    document: Path
    language: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a shell block, without the remark behind it; `remark` is the last comment line above it."""

    document: Path
    text: str
    line: int
    remark: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words as a shell splits them."""
        return tuple(shlex.split(self.text))


def name(path: Path) -> str:
    """A document as people call it."""
    return path.relative_to(ROOT).as_posix()


def blocks(document: Path) -> tuple[Block, ...]:
    """All fenced blocks, in order."""
    return tuple(
        Block(document, token.info.strip(), token.content, (token.map or [0])[0] + 1)
        for token in _tokens(document)
        if token.type == "fence"
    )


def commands(document: Path) -> tuple[Command, ...]:
    """The commands of the shell blocks, in the order of a reader; the lines of a `console` block begin with $."""
    return tuple(
        command for block in blocks(document) if block.language in SHELL for command in _commands(block)
    )


def is_typed(line: str) -> bool:
    """Whether a line looks like something that a person types at a shell."""
    first = line.removeprefix("$ ").split(" ")[0]
    return line.startswith("$ ") or first.startswith(".venv/bin/") or first in PROGRAMS


def _commands(block: Block) -> Iterator[Command]:
    remark = ""
    for number, raw in enumerate(block.text.splitlines(), block.line + 1):
        line = raw.strip()
        if block.language == "console":
            if not line.startswith("$ "):
                continue
            line = line[2:]
        if line.startswith("#"):
            remark = line.lstrip("# ")
        elif line:
            yield Command(block.document, _without_remark(line), number, remark)


def _without_remark(line: str) -> str:
    return re.sub(r"\s+#\s.*$", "", line)


def spans(document: Path) -> tuple[str, ...]:
    """The inline code, in order."""
    return tuple(one.content for one in _inline(document) if one.type == "code_inline")


def links(document: Path) -> tuple[str, ...]:
    """The targets of links and pictures, in order."""
    found = (one.attrGet("href") or one.attrGet("src") for one in _inline(document))
    return tuple(str(target) for target in found if target)


def anchors(document: Path) -> frozenset[str]:
    """The headings as GitHub names them in addresses."""
    tokens = _tokens(document)
    texts = (tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open")
    return frozenset(re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in texts)


def tables(document: Path) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Each table as its rows (the head first), each row as its cells' Markdown."""
    found: list[list[list[str]]] = []
    for token in _tokens(document):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "inline" and found and token.level >= 4 and found[-1] and token.map is not None:
            found[-1][-1].append(token.content)
    return tuple(tuple(tuple(row) for row in table) for table in found)


def _tokens(document: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(document.read_text("utf-8"))


def _inline(document: Path) -> Iterator[Token]:
    for token in _tokens(document):
        yield from token.children or ()
