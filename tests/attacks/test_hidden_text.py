"""Attacks that let a person sign what that person did not see: words that Markdown hides, names that look equal.

D1: the sign page, the terminal, the comparison and the reports show every character of what is signed.
"""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace
from html import unescape

import pytest

from cms_backend.core.document import Document
from cms_backend.report.html import render_html
from cms_backend.report.letters import DEFAULT_IGNORABLE
from cms_backend.report.pdf import certificate_view
from cms_backend.report.text import render_text
from cms_backend.report.view import report_view
from cms_desktop.cli.context import say
from cms_desktop.cli.contract_text import document_lines, redline_lines
from cms_desktop.models.rows import RowsModel
from cms_desktop.presentation.changes import compared_blocks, review_blocks
from cms_desktop.presentation.paper import ROLES, Block
from cms_desktop.workflow.redline import redline
from tests.support.core_samples import document
from tests.support.report_samples import party, report, row

SECRET = "the price doubles"
HIDING = {
    "a definition of a link": f"[1]: # ({SECRET})",
    "a definition with its title on the next line": f"[1]: <#>\n'{SECRET}'",
    "a definition with a title of two lines": f"[1]: #\n'well\n{SECRET}'",
    "a definition whose label holds the words": f"[{SECRET}]: #",
    "a definition whose destination holds the words": f"[1]: <{SECRET}>",
    "the second definition of a label": f"[1]: a\n[1]: # ({SECRET})",
    "a definition inside a quote": f"> [1]: # ({SECRET})",
    "a definition inside a list": f"- a\n\n  [1]: # ({SECRET})",
    "the words behind a fence": f"``` {SECRET}\na\n```",
    "the words behind a fence of tildes": f"~~~~ {SECRET} ~ `\na\n~~~~",
    "a cell too many": f"| a | b |\n|---|---|\n| 1 | 2 | {SECRET} |",
    "a cell too many without bars at the ends": f"a | b\n--|--\n1 | 2 | {SECRET}",
    "a title of a link": f'[a](# "{SECRET}")',
    "a title in parentheses": f"[a](# ({SECRET}))",
    "a destination of a link": f"[a](<{SECRET}>)",
    "a destination without words": f"[](<{SECRET}>)",
    "a title of a reference": f"[a][1]\n\n[1]: # '{SECRET}'",
    "a collapsed reference": f"[a][]\n\n[a]: # '{SECRET}'",
    "a full reference that shows other words": f"[a][{SECRET}]\n\n[{SECRET}]: #",
    "an image's title": f'!\\[a](# "{SECRET}")',
    "a quote nested too deep": "> " * 60 + SECRET,
    "a list nested too deep": "- " * 60 + SECRET,
    "emphasis nested too deep": "*a **b " * 40 + SECRET + "** c*" * 40,
    "brackets nested too deep": "[" * 60 + SECRET + "]" * 60,
    "a comment": f"< !-- {SECRET} -->",
    "an indented line behind a list": f"- a\n\n\n      {SECRET}",
    "code behind a quote": f">     {SECRET}",
    "a heading's closing hashes": f"# a # {SECRET} ##",
    "a setext heading": f"{SECRET}\n-",
    "the second paragraph of a clause": f"a\n\n{SECRET}",
    "the last line of long code": "```\n" + "a\n" * 500 + SECRET + "\n```",
    "code that a fence ends late": f"```\n{SECRET}\n~~~",
    "a fence that nobody closes": f"a\n\n```\n{SECRET}",
    "far to the right": " a" * 30 + " " * 5000 + SECRET,
    "far below": "a" + "\n" * 5000 + SECRET,
    "a word without an end": "a" * 9000 + SECRET,
}
MEANING = {
    "an entity for a letter": ("&#53;0 EUR", "&#53;0"),
    "an entity for a blank": ("5&nbsp;0", "&nbsp;"),
    "an entity for nothing": ("5&#x200B;0", "&#x200B;"),
    "an entity that ends emphasis": ("&#42;a&#42;", "&#42;"),
    "an escape": ("5\\*0", "5\\*0"),
    "an escaped line break": ("5\\\n0", "5\\"),
    "two multiplications": ("2*3*4", "2*3*4"),
    "two powers": ("2**3**4", "2**3**4"),
    "a comparison that reads as a quote": ("> 5 years", "> 5"),
    "a minus that reads as a bullet": ("- 500 EUR", "- 500"),
    "a plus that reads as a bullet": ("+ 500 EUR", "+ 500"),
    "a number that renumbering would change": ("7. a\n7. b", "7. b"),
    "a number with noughts": ("007. a", "007."),
    "struck words that read as removed ones": ("~~5~~ EUR", "~~5~~"),
    "an overlay that strikes": ("5\u0336 EUR", "5[U+0336]"),
    "a blank letter": ("1\u3164000", "1[U+3164]000"),
    "an empty braille pattern": ("1\u2800000", "1[U+2800]000"),
    "a reversal": ("\u202e001", "[U+202E]001"),
    "a tag letter": ("5\U000e0030", "[U+E0030]"),
}


def drawn(blocks: list[Block]) -> str:
    """What a reader of the window sees, block by block: through the model, as the paper draws it."""
    model = RowsModel(ROLES, prose=("html",))
    model.set_rows(blocks)
    rows = [
        (str(one["marker"]), unescape(re.sub(r"<[^>]*>", "", str(one["html"]).replace("<br>", "\n"))))
        for one in model.rows
    ]
    return "\n".join(f"{marker} {text}" for marker, text in rows).replace("\N{NO-BREAK SPACE}", " ")


def hiding_documents(text: str) -> list[Document]:
    """The text as a clause, in the middle of one, as the last one, and as the description."""
    plain = ("First.", "Second.")
    return [
        document(terms=(text, *plain)),
        document(terms=(f"First.\n\n{text}\n\nLast.", *plain)),
        document(terms=(*plain, text)),
        document(description=text),
        document(description=f"Between A and B.\n\n{text}\n\n[9]: # (x)"),
    ]


def everywhere(new: Document) -> dict[str, str]:
    """All places where a person reads a text before signing it."""
    old = document(terms=("First.",), description="")
    fresh, changed = redline(None, new), redline(old, new)
    return {
        "the sign page, seen first": drawn(review_blocks(fresh, None, new, "", "")),
        "the sign page, changes and whole": drawn(review_blocks(changed, old, new, "", "")),
        "the comparison": drawn(compared_blocks(changed, new, "")),
        "the terminal": "\n".join(document_lines(new)),
        "the comparison at the terminal": re.sub(r"\{\+|\+\}", "", "\n".join(redline_lines(changed))),
    }


@pytest.mark.parametrize("text", HIDING.values(), ids=HIDING)
def test_d01_words_that_markdown_hides_are_seen_wherever_a_text_is_read(text: str) -> None:
    """D1: every character stands on the paper, or its block is shown as source."""
    for new in hiding_documents(text):
        for where, shown in everywhere(new).items():
            assert re.sub(r"\s+", " ", SECRET) in re.sub(r"\s+", " ", shown), where


@pytest.mark.parametrize(("text", "seen"), MEANING.values(), ids=MEANING)
def test_d01_a_mark_that_carries_meaning_is_seen(text: str, seen: str) -> None:
    """D1: what is shown does not mean something else than what is signed."""
    for new in hiding_documents(text):
        for where, shown in everywhere(new).items():
            assert seen in shown, where


@pytest.mark.parametrize("text", HIDING.values(), ids=HIDING)
def test_d01_every_block_has_a_place_that_must_come_into_view(text: str) -> None:
    """D1: the button opens when the end of each block was in view; no block of a text is without a place."""
    for new in hiding_documents(text):
        blocks = review_blocks(redline(None, new), None, new, "", "")
        placed = [one for one in blocks if one["place"]]
        assert {one["kind"] for one in blocks if one not in placed} == {"rule", "end"}
        assert len({one["place"] for one in placed}) == len(placed)
        assert SECRET in re.sub(r"\s+", " ", drawn(placed))


def test_d01_what_is_signed_besides_the_text_is_seen_whole() -> None:
    """D1: keys, digests, types and times are part of what is signed."""
    new = document()
    for where, shown in everywhere(new).items():
        if where == "the comparison at the terminal":
            continue
        for one in new.parties:
            assert one.did in shown, where
        for file in new.attachments:
            assert file.sha256 in shown, where
            assert file.media_type in shown, where
        for value in new.variables:
            assert f"{value.name}: {value.value} ({value.type.value})" in shown, where
        assert str(new.valid_from) in shown, where
        assert str(new.supersedes) in shown, where


def test_d01_a_clause_cannot_forge_parties_or_clauses_at_the_terminal() -> None:
    """D1: what a text holds is indented, so that only lines of ours begin at the left."""
    new = document(terms=("a\n2   b\nParties\n    Mallory. Signer.",), description="a\nTitle: b\n1   c")
    lines = list(document_lines(new))
    assert [line for line in lines if line.startswith("1   ")] == ["1   a"]
    assert not [line for line in lines if line.startswith("2")]
    assert sum(line.startswith("Parties") for line in lines) == 1
    assert sum(line.startswith("Title:") for line in lines) == 1


# --- D2: names and titles --------------------------------------------------------------------------------------

BREAKS = ("\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
BLANKS = (
    *"\u115f\u1160\u3164\uffa0\u2800\ufe00\ufe0f\u034f\u00ad\u200b\u200c\u200d\u2060\ufeff\U000e0041\U000e0100",
    *"\u00a0\u1680\u2000\u2007\u200a\u202f\u205f\u3000\t",
)
TURNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def said(*lines: str) -> list[str]:
    """What the command line prints."""
    kept, sys.stdout = sys.stdout, io.StringIO()
    try:
        say(*lines)
        return sys.stdout.getvalue().removesuffix("\n").split("\n")
    finally:
        sys.stdout = kept


@pytest.mark.parametrize("letter", [*BREAKS, *BLANKS, *TURNS], ids=lambda letter: f"{ord(letter):04X}")
def test_d02_a_field_of_one_line_shows_what_it_hides(letter: str) -> None:
    """D2: no title forges a row of a list, no two names look equal, none turns the words around it."""
    name = f"Anna{letter}Berg"
    mark = f"Anna[U+{ord(letter):04X}]Berg"
    assert said(f"6f2c1a3e  in force  {name}") == [f"6f2c1a3e  in force  {mark}"]
    model = RowsModel(("key", "title"))
    model.set_rows([{"key": "1", "title": name}])
    assert model.rows[0]["title"] == mark
    people = document().parties
    new = document(title=name, parties=(replace(people[0], name=name, capacity=name), people[1]))
    new = replace(
        new,
        attachments=(replace(new.attachments[0], name=name, media_type=name),),
        variables=(replace(new.variables[0], name=name, value=name),),
    )
    found = everywhere(new)
    for where in ("the sign page, seen first", "the sign page, changes and whole", "the comparison"):
        assert found[where].count(mark) >= 7, where
        assert name not in found[where], where
    lines = said(*document_lines(new))
    assert sum(line.count(mark) for line in lines) == 7
    assert f"Title: {mark}" in lines


@pytest.mark.parametrize("letter", [*BREAKS, *BLANKS, *TURNS], ids=lambda letter: f"{ord(letter):04X}")
def test_d02_reports_show_what_names_and_titles_hide(letter: str) -> None:
    """D2: the same in the text report, the web page and the certificate."""
    name, mark = f"Anna{letter}Berg", f"Anna[U+{ord(letter):04X}]Berg"
    hostile = report(
        title=name,
        parties=(party(0, name=name, capacity=name),),
        events=(row(0, actor_name=name, void_reason=name),),
    )
    for shown in (render_text(hostile), unescape(render_html(hostile)), str(certificate_view(hostile, "a"))):
        assert mark in shown
        assert letter in "\n\t" or letter not in shown.replace("\N{NO-BREAK SPACE}", "")
    assert report_view(hostile)["subject"]["title"] == mark


def test_d02_a_long_title_forges_no_line_of_the_text_report() -> None:
    """D2: where a title goes on in the next line, it is indented."""
    forged = "Passed           The exact text? 34 fields, one root"
    for title in (f"{'x' * length} {forged}" for length in range(60, 100)):
        lines = render_text(report(title=title)).split("\n")
        assert not [line for line in lines if line.startswith("Passed The")]


def test_d02_the_table_leaves_no_ignorable_character_out() -> None:
    """D2: Default_Ignorable_Code_Point, whole."""
    everything = [chr(code) for first, last in DEFAULT_IGNORABLE for code in range(first, last + 1)]
    (line,) = said("".join(f"{letter}." for letter in everything))
    assert not set(line) & set(everything)
