"""Canonical JSON: J(x) of RFC 8785, and the strict parser of the protocol (section 1).

Two roads to the same bytes: `canonicalize` is the reference for any JSON value, `encode` is the fast path
for protocol values, whose object keys are ASCII and whose numbers are integers. A property test holds them
equal. `parse` reads foreign bytes; what it returns needs no further check of strings, numbers or depth.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import orjson
import rfc8785

from cms_backend.core.errors import FormError

Json: TypeAlias = Any
"""A JSON value: None, bool, int, str, list or dict with str keys (floats only for `canonicalize`)."""

MAX_DEPTH: Final = 32
"""Nesting of arrays and objects; the outermost is 1 (section 1)."""

MAX_INT: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps exact (RFC 7493, section 2.2)."""

_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# How canonical JSON writes a refused ASCII character other than DEL. Some doubled backslashes look the same.
_REFUSED_ESCAPE: Final = re.compile(rb'\\[^nt"\\]')
_EM_DASH: Final = "\N{EM DASH}"
_ASCII: Final = bytes(range(128))


def canonicalize(value: Json) -> bytes:
    """J(x) of RFC 8785 for any I-JSON value, floats included.

    Raises FormError for what has no canonical form: NaN, infinities, integers beyond 2^53-1, lone surrogates,
    keys that are no strings, other types.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError, AttributeError) as error:
        raise FormError(f"The value has no canonical JSON form: {error}") from error


def encode(value: Json) -> bytes:
    """J(x) of a protocol value: keys ASCII, numbers integers, strings valid; there equal to `canonicalize`.

    orjson sorts keys by UTF-8 and RFC 8785 by UTF-16; for ASCII keys that is the same order.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # orjson takes subclasses of str (Digest, Did) as values, not as keys.
        return orjson.dumps(_with_plain_keys(value), option=orjson.OPT_SORT_KEYS)


def _with_plain_keys(value: Json) -> Json:
    if isinstance(value, Mapping):
        plain = {}
        for key, member in value.items():
            if not isinstance(key, str):
                raise FormError("Object keys are strings.")
            plain[str(key)] = _with_plain_keys(member)
        return plain
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return [_with_plain_keys(member) for member in value]
    if value is None or isinstance(value, int):
        return value
    raise FormError(f"{type(value).__name__} is no protocol value.")


def parse(data: bytes, *, limit: int) -> Json:
    """Read foreign bytes as one protocol value; at most `limit` bytes.

    Raises FormError for everything that section 1 refuses: a BOM, trailing bytes, bad UTF-8, duplicate
    members, floats (also 1.0, 1e2 and -0), integers beyond 2^53-1, depth over 32, text that is not NFC,
    control characters other than tab and newline, lone surrogates.
    """
    return _read(data, limit)[0]


def _read(data: bytes, limit: int) -> tuple[Json, bool]:
    """The value, and whether the bytes are J of it."""
    if len(data) > limit:
        raise FormError(
            f"The data has {len(data)} bytes; at most {limit} are accepted.",
            remedy="Send a smaller document, or raise the limit in the settings.",
        )
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise FormError(f"This is not valid JSON: {error}") from error
    texts, names = _walk(value)
    canonical = orjson.dumps(value, option=orjson.OPT_SORT_KEYS) == data
    if not canonical:
        _refuse_duplicates(data)
        check_texts(value)
    elif not _escapes_are_plain(data):
        check_texts(value)
    else:
        # Equal bytes hold no duplicate member and no -0, and write each character in one way: only the texts
        # beyond ASCII are left to check. Signed notes hold an em dash, and often nothing else.
        for text in (*texts, *names):
            if not text.replace(_EM_DASH, "").isascii():
                check_text(text)
    # UTF-16 orders names beyond ASCII in another way than UTF-8, by which the bytes were made here.
    return value, canonical and (not names or canonicalize(value) == data)


def _escapes_are_plain(data: bytes) -> bool:
    """True when canonical JSON holds no refused ASCII character; a false alarm is possible, a miss is not."""
    return _REFUSED_ESCAPE.search(data) is None and b"\x7f" not in data


def parse_canonical(data: bytes, *, limit: int) -> Json:
    """As `parse`, and the bytes must be exactly J of the value (FormError otherwise)."""
    value, canonical = _read(data, limit)
    if not canonical:
        raise FormError("The bytes are not the canonical JSON (RFC 8785) of their content.")
    return value


def parse_shallow(data: bytes, *, limit: int) -> Json | None:
    """The value of canonical bytes whose texts hold nothing to check: ASCII and em dashes; None for others.

    Numbers and depth are not looked at: for readers that check the type of every member afterwards, and call
    `parse_canonical` when one does not fit. Much faster on large files. FormError for what is no JSON.
    """
    beyond = data.translate(None, delete=_ASCII) if len(data) <= limit else b"\xff"
    if beyond != _EM_DASH.encode() * (len(beyond) // 3):
        return None
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise FormError(f"This is not valid JSON: {error}") from error
    try:
        same = orjson.dumps(value, option=orjson.OPT_SORT_KEYS) == data
    except orjson.JSONEncodeError:
        return None  # nested deeper than it can write, which is much deeper than any protocol value
    return value if same and _escapes_are_plain(data) else None


def check_value(value: Json) -> None:
    """Raise FormError unless `value`, made by a program and not parsed, is a protocol value."""
    check_texts(value)
    _walk(value)


def check_text(text: str, what: str = "A text") -> None:
    """Raise FormError unless `text` is NFC and free of refused characters (section 1)."""
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        raise FormError(f"{what} is not in Unicode normal form NFC.", remedy="Normalise the text to NFC.")
    found = _FORBIDDEN.search(text)
    if found:
        raise FormError(f"{what} holds the control character U+{ord(found.group()):04X}.")


def _walk(value: Json) -> tuple[list[str], list[str]]:
    """Check numbers, types and depth; return the texts, and the joined member names, that are not ASCII."""
    level: list[Json] = [value]
    foreign: list[str] = []
    foreign_names: list[str] = []
    depth = 0
    while level:
        deeper: list[Json] = []
        for member in level:
            kind = type(member)
            if kind is str:
                if not member.isascii():
                    foreign.append(member)
            elif kind is dict:
                names = "\n".join(member)
                if not names.isascii():
                    foreign_names.append(names)
                deeper.extend(member.values())
            elif kind is list:
                deeper.extend(member)
            elif kind is int:
                if not -MAX_INT <= member <= MAX_INT:
                    raise FormError(f"The integer {member} is beyond 2^53-1.")
            else:
                _check_other(member)
        if depth == MAX_DEPTH and any(type(member) in (dict, list) for member in level):
            raise FormError(f"The nesting is deeper than {MAX_DEPTH}.")
        level = deeper
        depth += 1
    return foreign, foreign_names


def _check_other(member: Json) -> None:
    if member is None or isinstance(member, bool | str):
        return
    if isinstance(member, float):
        raise FormError(f"{member} is no integer; the protocol has no other numbers.")
    raise FormError(f"{type(member).__name__} is no protocol value.")


def check_texts(value: Json) -> None:
    """Raise FormError unless every string and every member name is an acceptable text."""
    stack: list[Json] = [value]
    while stack:
        member = stack.pop()
        if isinstance(member, str):
            check_text(member)
        elif isinstance(member, dict):
            for name in member:
                if not isinstance(name, str):
                    raise FormError("Object keys are strings.")
                check_text(name, "A member name")
            stack.extend(member.values())
        elif isinstance(member, list):
            stack.extend(member)


def _refuse_duplicates(data: bytes) -> None:
    def members(pairs: list[tuple[str, Json]]) -> None:
        names: set[str] = set()
        for name, _ in pairs:
            if name in names:
                raise FormError(f"The member {name!r} stands twice in one object.")
            names.add(name)

    def integer(text: str) -> None:
        if text == "-0":
            raise FormError("-0 is no integer of the protocol; write 0.")

    json.loads(data.decode(), object_pairs_hook=members, parse_int=integer)


def exact_members(value: Json, names: Iterable[str], what: str) -> dict[str, Json]:
    """`value` as an object with exactly these members, else FormError naming what is missing or unknown."""
    wanted = names if isinstance(names, frozenset) else frozenset(names)
    if not isinstance(value, dict):
        raise FormError(f"{what} is not an object.")
    if value.keys() == wanted:
        return value
    missing = sorted(wanted - value.keys())
    unknown = sorted(str(name) for name in value.keys() - wanted)
    parts = [f"lacks {', '.join(missing)}"] if missing else []
    parts += [f"has unknown members {', '.join(unknown)[:200]}"] if unknown else []
    raise FormError(f"{what} {' and '.join(parts)}.")
