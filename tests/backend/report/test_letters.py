"""A24: what cannot be seen is written out; a field of one line stays one line."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.report.letters import (
    BLANK,
    DEFAULT_IGNORABLE,
    OVERLAY,
    as_written,
    one_line,
    pieces,
    unseen,
    visible,
)

SHOWN = (visible, one_line, as_written)
TABLE = [code for first, last in (*DEFAULT_IGNORABLE, *BLANK) for code in range(first, last + 1)]
# Named in the reports of attacks on names and titles.
TRICKS = (
    "\u115f\u1160\u3164\uffa0\u2800\u034f\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0f\ufe00\u180e\u17b4\u061c"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\U000e0041\U000e0100\U000e007f"
    "\u2028\u2029\ufffc\U0001d159\ue000\x1b\x7f\x9b\r\x0b"
)
SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"


def test_what_a_reader_cannot_see_is_written_out() -> None:
    assert visible("pay\u202e001 EUR") == "pay[U+202E]001 EUR"
    assert visible("zero\u200bwidth\u2028line") == "zero[U+200B]width[U+2028]line"
    assert visible("thin\u2009space") == "thin space"
    assert visible("Zoë, 日本, 5\N{NO-BREAK SPACE}€") == "Zoë, 日本, 5\N{NO-BREAK SPACE}€"


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("letter", TRICKS, ids=lambda letter: f"{ord(letter):04X}")
def test_no_trick_is_left_in_any_text(shown: Callable[[str], str], letter: str) -> None:
    assert shown(f"a{letter}b") == f"a[U+{ord(letter):04X}]b"


def test_the_table_is_the_property_of_unicode() -> None:
    """Derived as DerivedCoreProperties.txt says, from what unicodedata knows and the list of PropList.txt."""
    other = {
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0, 0xE0000),
        *range(0xFFF0, 0xFFF9),
        *range(0xE0002, 0xE0020),
        *range(0xE0080, 0xE0100),
        *range(0xE01F0, 0xE1000),
    }
    selectors = {*range(0x180B, 0x180E), 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
    # Interlinear annotation, Egyptian format controls, and the signs that are written before numbers have glyphs.
    seen = {*range(0xFFF9, 0xFFFC), *range(0x13430, 0x13440), *range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890}
    seen |= {0x0891, 0x08E2, 0x110BD, 0x110CD}
    formats = {code for code in range(0x110000) if unicodedata.category(chr(code)) == "Cf"}
    expected = (other | selectors | formats) - seen
    assert {code for first, last in DEFAULT_IGNORABLE for code in range(first, last + 1)} == expected


@pytest.mark.parametrize("shown", SHOWN)
def test_every_character_of_the_tables_is_written_out(shown: Callable[[str], str]) -> None:
    for code in TABLE:
        assert shown(f"a{chr(code)}") == f"a[U+{code:04X}]"


@pytest.mark.parametrize("letter", ["\n", "\t", *SPACES], ids=lambda letter: f"{ord(letter):04X}")
def test_a_field_of_one_line_shows_breaks_and_unusual_spaces(letter: str) -> None:
    assert one_line(f"Anna{letter}Berg") == f"Anna[U+{ord(letter):04X}]Berg"
    kept = letter if letter == "\n" else f"[U+{ord(letter):04X}]"
    assert as_written(f"Anna{letter}Berg") == f"Anna{kept}Berg"


def test_prose_keeps_its_lines() -> None:
    assert visible("one\n\ttwo") == "one\n\ttwo"


def test_marks_that_strike_or_cover_are_written_out() -> None:
    assert visible("paid\u0336") == "paid[U+0336]"
    assert one_line("a\u20dd") == "a[U+20DD]"
    for first, last in OVERLAY:
        for code in range(first, last + 1):
            assert unicodedata.category(chr(code)) in ("Mn", "Me")


def test_a_pile_of_marks_covers_no_other_line() -> None:
    shown = visible("a" + "\u0301" * 40)
    assert shown.count("\u0301") == 6
    assert shown.count("[U+0301]") == 34
    assert visible("ज़र्रे, ก็, e\u0301\u0323") == "ज़र्रे, ก็, e\u0301\u0323"


def test_a_mark_with_nothing_before_it_does_not_join_our_words() -> None:
    assert one_line("\u0301x") == "[U+0301]x"


@given(st.text())
def test_no_direction_mark_is_left(text: str) -> None:
    assert not set(visible(text)) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
    )


@given(st.text())
def test_a_field_stays_one_line_and_is_stable(text: str) -> None:
    shown = one_line(text)
    assert len(shown.splitlines()) <= 1
    assert one_line(shown) == shown
    assert "".join(words for words, _ in pieces(text, one_line)) == shown


@given(st.text(st.characters(exclude_characters="["), max_size=12), st.text(max_size=12))
def test_two_texts_that_differ_look_different(left: str, right: str) -> None:
    if left != right and "[" not in right:
        assert one_line(left) != one_line(right)


def test_a_text_that_reads_like_a_character_written_out_is_told_apart() -> None:
    assert [words for words, mark in pieces("a[U+200B]b\u200bc", visible) if mark] == ["[U+200B]"]
    assert list(pieces("[U+200B]", visible)) == [("", False), ("[U+200B]", False), ("", False)]


def test_what_a_field_must_not_hold_is_named() -> None:
    assert unseen("Anna Berg, Zoë, 日本") == ()
    assert unseen("[U+200B] as letters") == ()
    assert unseen("A\u200bB\u00a0C\u200bD\n") == (
        "U+200B ZERO WIDTH SPACE",
        "U+00A0 NO-BREAK SPACE",
        "U+000A LINE FEED",
    )
