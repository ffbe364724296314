"""Section 1: which bytes are JSON of the protocol, their canonical form (RFC 8785) and digests."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import Any

Obj = dict[str, Any]

LARGEST = 2**53 - 1
DEEPEST = 32
# Control characters but tab and newline, DEL and C1, and surrogates that stand alone.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Refused(ValueError):
    """Bytes, a text or an object that the protocol does not know."""


def parse(data: bytes) -> Any:
    """The one JSON value of these bytes; Refused when a rule of section 1 is broken."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_pairs,
            parse_int=_integer,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError) as fault:
        raise Refused(str(fault)) from fault
    _walk(value, 1)
    return value


def _refuse(text: str) -> Any:
    raise Refused(f"not an integer: {text}")


def _integer(text: str) -> int:
    if text == "-0" or len(text) > 17 or abs(int(text)) > LARGEST:
        raise Refused(f"no such integer: {text}")
    return int(text)


def _pairs(pairs: list[tuple[str, Any]]) -> Obj:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("a member twice")
    return found


def _walk(value: Any, depth: int) -> None:
    if isinstance(value, str):
        if _REFUSED.search(value) or not unicodedata.is_normalized("NFC", value):
            raise Refused("a string that is not NFC, or holds a refused character")
    elif isinstance(value, dict | list):
        if depth > DEEPEST:
            raise Refused("nested too deep")
        if isinstance(value, dict):
            for name in value:
                _walk(name, depth)
        for part in value.values() if isinstance(value, dict) else value:
            _walk(part, depth + 1)


def canonical(value: Any) -> bytes:
    """J(x) of a value that the parser accepts."""
    quick = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # In ASCII the order of code points is that of UTF-16 code units.
    return (quick if quick.isascii() else _text(value)).encode("utf-8")


def _text(value: Any) -> str:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{_text(name)}:{_text(value[name])}" for name in names) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_text, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def sha(data: bytes) -> bytes:
    """SHA-256, raw."""
    return hashlib.sha256(data).digest()


def digest(value: Any) -> str:
    """H(J(value))."""
    return sha(canonical(value)).hex()
