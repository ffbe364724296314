"""Overwriting secrets in memory once they are not needed.

Python frees memory without overwriting it, so a key that was dropped can be read there for hours. Secrets that are
held for long lie in a `bytearray`, which can be overwritten. What libraries hand over comes as `bytes` or `str`; on
CPython their letters are overwritten in place, after a look that they are where they are expected.

Only whoever made a value may erase it: everybody who still holds it sees it change.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_LEAST: Final = 8
"""Shorter values may be shared by the interpreter (single letters, small constants)."""
_CPYTHON: Final = sys.implementation.name == "cpython"
_BYTES_HEAD: Final = bytes(1).__sizeof__() - 2
_ASCII_HEAD: Final = "".join(("a", "b")).__sizeof__() - 3
_WIDE_HEAD: Final = "".join((chr(0x101), chr(0x102))).__sizeof__() - 6
_CODES: Final = {1: "latin-1", 2: "utf-16-le", 4: "utf-32-le"}
if sys.byteorder == "big":
    _CODES.update({2: "utf-16-be", 4: "utf-32-be"})


def erase(*values: bytearray | bytes | str | None) -> None:
    """Overwrite values with zeros. None and what cannot be overwritten is passed over; nothing is raised."""
    for value in values:
        if isinstance(value, bytearray):
            value[:] = bytes(len(value))
        elif isinstance(value, bytes):
            _overwrite(value, _BYTES_HEAD, value)
        elif isinstance(value, str):
            _erase_text(value)


def copy_of(secret: bytes | bytearray) -> bytes:
    """The same bytes in memory of their own: `bytes(secret)` of bytes is the very same object."""
    return bytes(bytearray(secret))


def _erase_text(text: str) -> None:
    if text.isascii():
        letters = text.encode("ascii")
        _overwrite(text, _ASCII_HEAD, letters)
    else:
        width = next(
            width for width, most in ((1, 0xFF), (2, 0xFFFF), (4, sys.maxunicode)) if ord(max(text)) <= most
        )
        letters = text.encode(_CODES[width], "surrogatepass")
        _overwrite(text, _WIDE_HEAD, letters)
    _overwrite(letters, _BYTES_HEAD, letters)


def _overwrite(value: bytes | str, head: int, expected: bytes) -> None:
    if not _CPYTHON or len(expected) < _LEAST:
        return
    place = id(value) + head
    # A value whose layout is another one is left alone.
    if value.__sizeof__() >= head + len(expected) and _same(place, expected):
        ctypes.memset(place, 0, len(expected))


def _same(place: int, expected: bytes) -> bool:
    """Whether these bytes lie there. Compared in place, for a copy would be one more secret to erase."""
    found = (ctypes.c_ubyte * len(expected)).from_address(place)
    return memoryview(found).cast("B") == memoryview(expected)
