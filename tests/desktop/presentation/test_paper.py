"""Markdown on the paper: safe, complete, and in the order of the text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.presentation.paper import (
    clause_blocks,
    escape,
    field,
    heading_of,
    intro_blocks,
    preformatted,
)

MARK = '<font color="@{{pending}}">[{}]</font>'
OURS = re.compile(r'</?(?:b|i|u|s)>|<br>|</?font(?: color="@\{\w+\}")?>')


def test_a_bold_heading_runs_into_the_text_behind_it() -> None:
    (block,) = clause_blocks("**Fees.** The Client pays.", 2)
    assert block["html"] == "<b>Fees.</b> The Client pays."
    assert (block["number"], block["kind"], block["clause"]) == ("3", "clause", 2)


def test_a_markdown_heading_stands_on_a_line_of_its_own_and_nothing_is_added_to_it() -> None:
    heading, text = clause_blocks("## Fees\n\nThe Client pays.", 0)
    assert (heading["html"], heading["kind"], heading["number"]) == ("<b>Fees</b>", "clause", "1")
    assert (text["html"], text["kind"], text["number"]) == ("The Client pays.", "text", "")


def test_html_in_a_clause_is_shown_as_text_and_never_as_html() -> None:
    (block,) = clause_blocks('<img src="http://evil/x.png"> & <b>bold</b>', 0)
    assert "<img" not in str(block["html"])
    assert "&lt;img" in str(block["html"])


def test_a_picture_is_shown_as_its_source_and_is_not_loaded() -> None:
    (block,) = clause_blocks("See ![the plan](http://evil/plan.png) here", 0)
    assert (block["kind"], block["side"]) == ("source", "shown as written")
    assert block["html"] == "See ![the plan](http://evil/plan.png) here"


def test_a_link_shows_where_it_leads_and_leads_nowhere() -> None:
    (block,) = clause_blocks("See [our terms](https://example.org/t).", 0)
    assert block["html"] == "See our terms (https://example.org/t)."


def test_lists_keep_their_numbers_and_their_depth() -> None:
    blocks = clause_blocks("**Pay.** In parts:\n\n3. one\n4. two\n   - a\n\nThen done.", 0)
    assert [(b["kind"], b["marker"], b["indent"]) for b in blocks] == [
        ("clause", "", 0),
        ("item", "3.", 1),
        ("item", "4.", 1),
        ("item", "-", 2),
        ("text", "", 0),
    ]


def test_a_table_row_becomes_one_line_of_cells() -> None:
    blocks = clause_blocks("| a | b |\n|---|---|\n| 1 | 2 |", 0)
    assert [b["html"] for b in blocks] == ["<b>a</b><b> | </b><b>b</b>", "1 | 2"]


def test_a_placeholder_shows_its_value_or_marks_that_it_is_empty() -> None:
    (block,) = clause_blocks("Pays {{ price }} in {{days}} days", 0, {"price": "<5>", "days": ""})
    assert '<font color="@{accentText}">&lt;5&gt;</font>' in str(block["html"])
    assert '<font color="@{pending}">days</font>' in str(block["html"])


def test_an_empty_clause_of_a_draft_says_that_it_is_empty() -> None:
    (block,) = clause_blocks("  ", 0, {})
    assert "No text yet" in str(block["html"])
    assert block["number"] == "1"


def test_the_heading_of_a_clause_is_found_in_each_of_its_forms() -> None:
    assert heading_of("**Fees.** The Client") == "Fees"
    assert heading_of("### Law and venue ###\n\nGerman law") == "Law and venue"
    assert heading_of("The parties agree on the following") == "The parties agree on…"
    assert heading_of("") == ""


def test_a_colour_name_in_the_text_is_not_taken_for_one_of_ours() -> None:
    (block,) = intro_blocks("mail me @{insert} today")
    assert "@{" not in str(block["html"])
    assert "&#64;{insert}" in str(block["html"])


@given(st.text(max_size=200))
def test_no_text_whatever_brings_a_tag_of_its_own(text: str) -> None:
    for block in clause_blocks(text, 0, {"a": text}):
        left = OURS.sub("", str(block["html"]))
        assert "<" not in left
        assert ">" not in left


@given(st.text(max_size=100))
def test_escaping_leaves_no_sign_that_a_renderer_could_take(text: str) -> None:
    for html in (escape(text), field(text), preformatted(text)):
        assert not set("<>@\"'") & set(OURS.sub("", html).replace("&#64;", ""))


def test_spaces_and_lines_of_source_stay() -> None:
    assert preformatted("a\n  b   c") == "a<br>&nbsp; b&nbsp;&nbsp; c"
    assert preformatted(" a\tb") == "&nbsp;a" + MARK.format("U+0009") + "b"


def test_a_character_written_out_has_a_colour_that_no_text_of_a_stranger_has() -> None:
    assert escape("a\u200bb") == "a" + MARK.format("U+200B") + "b"
    assert escape("a[U+200B]b") == "a[U+200B]b"


def test_the_first_block_of_source_says_that_it_is_shown_as_written() -> None:
    blocks = clause_blocks("\n".join(f"[{number}]: # (x)" for number in range(40)) + "\n\nDone.", 0)
    assert [block["side"] for block in blocks] == ["shown as written", "", "", ""]
    assert [block["kind"] for block in blocks] == ["source", "source", "source", "text"]
