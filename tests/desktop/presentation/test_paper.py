"""Markdown on the paper: safe, complete, and in the order of the text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.presentation.paper import clause_blocks, escape, heading_of, intro_blocks

OURS = re.compile(r'</?(?:b|i|u|s)>|<br>|</?font(?: color="@\{\w+\}")?>')


def test_a_bold_heading_runs_into_the_text_behind_it() -> None:
    (block,) = clause_blocks("**Fees.** The Client pays.", 2)
    assert block["html"] == "<b>Fees.</b> The Client pays."
    assert (block["number"], block["kind"], block["clause"]) == ("3", "clause", 2)


def test_a_markdown_heading_becomes_the_same_run_in_heading() -> None:
    (block,) = clause_blocks("## Fees\n\nThe Client pays.", 0)
    assert block["html"] == "<b>Fees.</b> The Client pays."


def test_html_in_a_clause_is_shown_as_text_and_never_as_html() -> None:
    (block,) = clause_blocks('<img src="http://evil/x.png"> & <b>bold</b>', 0)
    assert "<img" not in str(block["html"])
    assert "&lt;img" in str(block["html"])


def test_a_picture_is_shown_as_its_words_and_its_address_is_not_kept() -> None:
    (block,) = clause_blocks("See ![the plan](http://evil/plan.png) here", 0)
    assert "evil" not in str(block["html"])
    assert "[picture: the plan]" in str(block["html"])


def test_a_link_shows_where_it_leads_and_leads_nowhere() -> None:
    (block,) = clause_blocks("See [our terms](https://example.org/t).", 0)
    assert block["html"] == "See our terms (https://example.org/t)."


def test_lists_keep_their_numbers_and_their_depth() -> None:
    blocks = clause_blocks("**Pay.** In parts:\n\n3. one\n4. two\n   - a\n\nThen done.", 0)
    assert [(b["kind"], b["marker"], b["indent"]) for b in blocks] == [
        ("clause", "", 0),
        ("item", "3.", 1),
        ("item", "4.", 1),
        ("item", "•", 2),
        ("text", "", 0),
    ]


def test_a_table_row_becomes_one_line_of_cells() -> None:
    blocks = clause_blocks("| a | b |\n|---|---|\n| 1 | 2 |", 0)
    assert [b["html"] for b in blocks] == ["a  ·  b", "1  ·  2"]


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
    assert not set("<>@\"'") & set(escape(text).replace("&#64;", ""))
