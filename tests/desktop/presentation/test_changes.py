"""A comparison shows every letter that went, came or stayed, and every change has a place."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given

from cms_backend.core.ids import Digest, Time
from cms_backend.core.parties import Attachment, Role, Variable, VariableType
from cms_desktop.cli.contract_text import redline_lines
from cms_desktop.presentation.changes import change_blocks, clause_marked, marked, review_blocks
from cms_desktop.workflow.redline import Change, redline, segments_of
from tests.support.core_samples import document, ed25519, party
from tests.support.markdown_strategies import documents

OLD = document(party(ed25519(1), name="Katrin"), party(ed25519(2), name="Katrin", step=2))
W = party(ed25519(3), Role.witness, 1, name="Miriam", witness_of=0)


def drawn(html: str) -> str:
    """What a renderer shows of it."""
    return unescape(re.sub(r"<[^>]*>", "", html.replace("<br>", "\n"))).replace("\N{NO-BREAK SPACE}", " ")


def letters(text: str) -> str:
    """All but white space."""
    return re.sub(r"\s|\N{THIN SPACE}", "", text)


@given(documents, documents)
def test_a_redline_shows_every_letter_of_both_texts(old: str, new: str) -> None:
    segments = segments_of(old, new)
    whole = "".join(segment.text if segment.text.strip(" \n") else "" for segment in segments)
    shown = re.sub(r"\[U\+0009\]|¶", "", drawn(marked(segments, lines=True)))
    assert letters(shown) == letters(re.sub(r"\[U\+0009\]", "", whole))


@given(documents)
def test_the_bold_words_at_the_beginning_lose_their_marks_and_nothing_else(text: str) -> None:
    segments = segments_of(f"**Fees.** {text}", f"**Fees.** {text} more")
    assert letters(drawn(clause_marked(segments))).replace("[U+0009]", "") == letters(
        "Fees." + drawn(marked(segments, lines=True))[len("**Fees.**") :]
    ).replace("[U+0009]", "")


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("2**3 EUR", "2**3 EUR!", "2**3"),
        ("**a**b is", "**a**b was", "**a**b"),
        ("x **bold** y", "x **bold** z", "**bold**"),
        ("[1]: # (doubles)\n\na", "[1]: # (doubles)\n\nb", "[1]: # (doubles)"),
        ("&copy; a", "&copy; b", "&copy;"),
    ],
)
def test_no_mark_is_taken_out_of_a_text_that_is_compared(old: str, new: str, kept: str) -> None:
    assert kept in drawn(clause_marked(segments_of(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("a b", "a\n\nb", "¶¶\n\nb"),
        ("a\n\nb", "a b", "¶¶"),
        ("a b", "a\tb", "[U+0009]"),
        ("a b", "a\u00a0b", "[U+00A0]"),
    ],
)
def test_a_change_of_white_space_can_be_seen(old: str, new: str, seen: str) -> None:
    assert seen in drawn(marked(segments_of(old, new), lines=True))


CHANGES = {
    "title": {"title": "Another"},
    "description": {"description": "[1]: # (hidden)"},
    "clause": {"terms": ("[1]: # (hidden)", *OLD.terms[1:])},
    "hour": {"valid_from": Time("2027-04-02T07:00:00.000Z")},
    "key": {"parties": (replace(OLD.parties[0], key=ed25519(9).key), OLD.parties[1])},
    "next key": {"parties": (replace(OLD.parties[0], next=Digest("cd" * 32)), OLD.parties[1])},
    "order of parties": {"parties": OLD.parties[::-1]},
    "a party more": {"parties": (*OLD.parties, party(ed25519(4), name="Lena", capacity="Clerk"))},
    "type of a value": {"variables": (replace(OLD.variables[0], type=VariableType.did), *OLD.variables[1:])},
    "type of a file": {
        "attachments": (replace(OLD.attachments[0], media_type="text/x-evil"), *OLD.attachments[1:])
    },
    "digest and type of a file": {
        "attachments": (replace(OLD.attachments[0], sha256=Digest("ef" * 32), media_type="text/x-evil"),)
    },
    "a file more": {"attachments": (*OLD.attachments, Attachment("b", "c/d", 1, Digest("ab" * 32)))},
    "a value more": {"variables": (*OLD.variables, Variable("x\ny", VariableType.text, "z"))},
}
SAID = {
    "title": "Another",
    "description": "(hidden)",
    "clause": "(hidden)",
    "hour": "02T07",
    "key": ed25519(9).key,
    "next key": "cd" * 32,
    "order of parties": "Place in the list",
    "a party more": ed25519(4).did,
    "type of a value": "did",
    "type of a file": "evil",
    "digest and type of a file": "evil",
    "a file more": "c/d",
    "a value more": "x[U+000A]y",
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changed_is_said_in_the_window_and_at_the_terminal_and_has_a_place(what: str) -> None:
    red = redline(OLD, replace(OLD, **CHANGES[what]))
    assert not red.same
    blocks = change_blocks(red)
    html = " ".join(drawn(str(one["html"])) for one in blocks)
    # The terminal writes marks inside a word that changed.
    lines = re.sub(r"\[-.*?-\]|\{\+|\+\}", "", "\n".join(redline_lines(red)).replace("\n", "\n "))
    for shown in (html, lines.replace("x\ny", "x[U+000A]y").replace("x\n y", "x[U+000A]y")):
        assert SAID[what] in shown.replace("\N{THIN SPACE}", "")
    assert [one for one in blocks if one["kind"] == "change" and not one["place"]] == []
    places = [one["place"] for one in review_blocks(red, OLD, OLD, "", "") if one["place"]]
    assert places
    assert len(places) == len(set(places))


def test_a_witness_who_moves_to_another_signer_of_the_same_name_is_a_change() -> None:
    old = replace(OLD, parties=(*OLD.parties, W))
    new = replace(OLD, parties=(*OLD.parties, replace(W, witness_of=1)))
    shown = " ".join(str(one["html"]) for one in change_blocks(redline(old, new)))
    assert OLD.parties[0].did[-20:] in shown.replace("\N{THIN SPACE}", "")
    assert not redline(old, new).same


def test_files_that_change_place_and_content_have_two_places_to_come_into_view() -> None:
    files = tuple(Attachment(name, "a/b", 1, Digest("ab" * 32)) for name in ("one", "two"))
    swapped = (replace(files[1], size=2), replace(files[0], size=3))
    red = redline(replace(OLD, attachments=files), replace(OLD, attachments=swapped))
    places = [one["place"] for one in change_blocks(red) if one["place"]]
    assert len(places) == len(set(places)) == 4


def test_a_text_cannot_forge_the_marks_of_the_terminal() -> None:
    old = replace(OLD, terms=("a {+gift+} [-free-] one",))
    new = replace(OLD, terms=("a {+gift+} [-free-] two",))
    text = "\n".join(redline_lines(redline(old, new)))
    assert "a {[U+002B]gift[U+002B]} [[U+002D]free[U+002D]] [-one-]{+two+}" in text


def test_segments_of_change_are_told_from_equal_ones() -> None:
    assert {segment.change for segment in segments_of("a b", "a c")} == set(Change)


def test_behind_the_changes_the_whole_text_stands_with_its_title() -> None:
    new = replace(OLD, terms=("Other.",))
    blocks = review_blocks(redline(OLD, new), OLD, new, "One change", "")
    at = next(place for place, one in enumerate(blocks) if one["key"] == "whole")
    assert (blocks[at + 1]["kind"], blocks[at + 1]["html"]) == ("title", OLD.title)


def test_without_an_earlier_text_every_block_but_ours_is_a_place() -> None:
    blocks = review_blocks(redline(None, OLD), None, OLD, "", "A note.")
    assert {one["kind"] for one in blocks if not one["place"]} == {"rule", "end"}
