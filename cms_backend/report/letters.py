"""Texts of strangers made safe to show: what nobody can see, or what moves the words around it, is written out.

Window, command line and reports all show foreign text through this module. Two texts that differ must not look equal,
no text may reorder or cover the words around it, and a field of one line stays one line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Final

DEFAULT_IGNORABLE: Final = (
    (0x00AD, 0x00AD),  # soft hyphen
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x061C, 0x061C),  # Arabic letter mark
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180F),  # Mongolian variation selectors and vowel separator
    (0x200B, 0x200F),  # zero width space, joiners, direction marks
    (0x202A, 0x202E),  # bidi embeddings and overrides
    (0x2060, 0x206F),  # word joiner, invisible operators, bidi isolates
    (0x3164, 0x3164),  # Hangul filler
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFEFF, 0xFEFF),  # zero width no-break space
    (0xFFA0, 0xFFA0),  # halfwidth Hangul filler
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),  # shorthand format controls
    (0x1D173, 0x1D17A),  # musical symbol format controls
    (0xE0000, 0xE0FFF),  # tags, more variation selectors
)
"""Default_Ignorable_Code_Point: The Unicode Standard, section 5.21, and DerivedCoreProperties.txt (UAX #44).

Python's unicodedata does not have the property. It is the same in Unicode 14 to 16.
"""

BLANK: Final = (
    (0x2800, 0x2800),  # braille pattern blank
    (0xFFFC, 0xFFFC),  # object replacement character: rich text draws nothing for it
    (0x13441, 0x13442),  # Egyptian hieroglyph blanks
    (0x16FE4, 0x16FE4),  # Khitan small script filler
    (0x1D159, 0x1D159),  # musical symbol null notehead
)
"""Characters with a glyph that is empty, and without the property above."""

OVERLAY: Final = (
    (0x0334, 0x0338),
    (0x0488, 0x0489),
    (0x1ABE, 0x1ABE),
    (0x20D2, 0x20D3),
    (0x20D8, 0x20DA),
    (0x20DD, 0x20E0),
    (0x20E2, 0x20E6),
    (0x20EA, 0x20EB),
    (0xA670, 0xA672),
)
"""Combining characters that strike through, cover or enclose what stands before them (canonical class 1 of
common scripts, and general category Me)."""

_MOST_MARKS: Final = 6
"""Combining characters in a row that are shown. Living scripts need fewer; a pile of them covers the lines around."""

_WRITTEN_OUT: Final = re.compile(r"\[U\+[0-9A-F]{4,6}\]")
_PLAIN: Final = re.compile(r"[\x20-\x7e\n\t]*")
_PLAIN_LINE: Final = re.compile(r"[\x20-\x7e]*")


def _within(code: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def _unseen(letter: str) -> bool:
    """Whether nothing can be seen of a character, or it acts on others, wherever it stands."""
    code = ord(letter)
    return (
        unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        or _within(code, DEFAULT_IGNORABLE)
        or _within(code, BLANK)
        or _within(code, OVERLAY)
    )


class _Letters(dict[int, str]):
    """What each character is shown as, filled as characters are met: long texts are shown while somebody types."""

    def __init__(self, kept: str, *, any_space: bool) -> None:
        super().__init__((ord(letter), letter) for letter in kept)
        self._any_space = any_space

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if _unseen(letter) or (unicodedata.category(letter) == "Zs" and not self._any_space):
            shown = f"[U+{code:04X}]"
        else:
            shown = " " if unicodedata.category(letter) == "Zs" and letter != "\N{NO-BREAK SPACE}" else letter
        self[code] = shown
        return shown


_PROSE: Final = _Letters("\n\t", any_space=True)
_LINE: Final = _Letters(" ", any_space=False)
_SOURCE: Final = _Letters("\n ", any_space=False)


def visible(text: str) -> str:
    """Prose: line breaks and tabs stay, and the spaces of typography stay spaces."""
    return text if _PLAIN.fullmatch(text) else _pruned(text, _PROSE)


def one_line(text: str) -> str:
    """A field of one line, such as a title or a name: line breaks, tabs and unusual spaces are written out too."""
    return text if _PLAIN_LINE.fullmatch(text) else _pruned(text, _LINE)


def as_written(text: str) -> str:
    """A text character by character: line breaks stay, tabs and unusual spaces are written out."""
    return _pruned(text, _SOURCE)


def unseen(text: str) -> tuple[str, ...]:
    """The characters that a field of one line must not hold, each once, as `U+00A0 NO-BREAK SPACE`."""
    found = dict.fromkeys(_WRITTEN_OUT.findall(one_line(_WRITTEN_OUT.sub("", text))))
    return tuple(_called(chr(int(mark[3:-1], 16))) for mark in found)


def pieces(text: str, show: Callable[[str], str]) -> Iterator[tuple[str, bool]]:
    """What `show`, a function of this module, makes of a text, in pieces: (words, whether they write a character out).

    A stranger's text that merely reads like a character written out is none.
    """
    last = 0
    for literal in _WRITTEN_OUT.finditer(text):
        yield from _split(show(text[last : literal.start()]))
        yield literal.group(), False
        last = literal.end()
    yield from _split(show(text[last:]))


def _split(shown: str) -> Iterator[tuple[str, bool]]:
    last = 0
    for found in _WRITTEN_OUT.finditer(shown):
        yield shown[last : found.start()], False
        yield found.group(), True
        last = found.end()
    yield shown[last:], False


def _called(letter: str) -> str:
    name = unicodedata.name(letter, {"\n": "LINE FEED", "\t": "TAB", "\r": "CARRIAGE RETURN"}.get(letter, ""))
    return f"U+{ord(letter):04X} {name}".rstrip()


def _pruned(text: str, letters: _Letters) -> str:
    return "".join(_without_piles(text)).translate(letters) if not text.isascii() else text.translate(letters)


def _without_piles(text: str) -> Iterator[str]:
    """Combining characters with nothing before them, and those above a pile of them, are written out."""
    height = _MOST_MARKS
    for letter in text:
        if not unicodedata.category(letter).startswith("M"):
            height = _MOST_MARKS if letter in "\n\t " else 0
            yield letter
            continue
        height += 1
        yield letter if height <= _MOST_MARKS else f"[U+{ord(letter):04X}]"
