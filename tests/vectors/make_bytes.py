"""Section 1: bytes, canonical JSON, texts, times, ids."""

from __future__ import annotations

from typing import Any

from cms_backend.core.canonical import encode, parse
from cms_backend.core.hashing import H

LIMIT = 10**6

ACCEPTED = {
    "members-sorted": ('{"b":1,"a":2}', "members are sorted by name"),
    "white-space": ('{ "a" : [ 1 , 2 ] }\n', "white space outside of strings is read and not written"),
    "escaped-letter": ('"\\u00e9"', "a letter beyond ASCII is written as itself"),
    "escaped-slash": ('"\\/"', "a slash is not escaped"),
    "tab-and-newline": ('"a\\tb\\nc"', "tab and newline are the only control characters"),
    "quotation-mark": ('"\\"\\\\"', "quotation mark and backslash are escaped"),
    "line-separator": ('"\\u2028"', "U+2028 is written as itself"),
    "beyond-the-plane": ('"\\ud83d\\ude00"', "a surrogate pair is one letter"),
    "largest-integer": ("9007199254740991", "2^53-1 is the largest integer"),
    "smallest-integer": ("-9007199254740991", "-(2^53-1) is the smallest integer"),
    "depth-32": ("[" * 32 + "]" * 32, "32 levels; the outermost is the first"),
}
REFUSED = {
    "bom": (b'\xef\xbb\xbf{"a":1}', "no byte order mark"),
    "trailing-bytes": (b"{} x", "nothing after the value but white space"),
    "duplicate-member": (b'{"a":1,"a":1}', "no member twice, equal values or not"),
    "duplicate-escaped": (b'{"a":1,"\\u0061":1}', "names are compared after unescaping"),
    "float": (b"1.0", "no number with a fraction, not even zero"),
    "exponent": (b"1e2", "no number with an exponent"),
    "minus-zero": (b"-0", "no minus zero"),
    "beyond-2-53": (b"9007199254740992", "no integer beyond 2^53-1"),
    "depth-33": (b"[" * 33 + b"]" * 33, "no more than 32 levels"),
    "lone-surrogate": (b'"\\ud800"', "no lone surrogate, escaped"),
    "surrogate-bytes": (b'"\xed\xa0\x80"', "no surrogate in UTF-8"),
    "overlong-utf-8": (b'"\xc0\x80"', "no overlong UTF-8"),
    "not-nfc": (b'"e\xcc\x81"', "every string is NFC"),
    "not-nfc-singleton": (b'"\xe2\x84\xab"', "U+212B is U+00C5 in NFC"),
    "not-nfc-name": (b'{"e\xcc\x81":1}', "member names are strings too"),
    "control": (b'"\\u0007"', "no U+0000 to U+001F but tab and newline"),
    "carriage-return": (b'"\\r"', "no carriage return"),
    "delete": (b'"\x7f"', "no U+007F"),
    "c1": (b'"\xc2\x85"', "no U+0080 to U+009F"),
    "nan": (b"NaN", "no NaN"),
    "comment": (b"1 // one", "no comments"),
    "trailing-comma": (b"[1,]", "no trailing comma"),
    "empty": (b"", "a value is needed"),
}
TEXTS: dict[str, dict[str, list[str]]] = {
    "time": {
        "accepted": ["2026-02-28T23:59:59.999Z", "2024-02-29T00:00:00.000Z", "0001-01-01T00:00:00.000Z"],
        "refused": [
            "2026-02-29T00:00:00.000Z",
            "2026-01-01T00:00:60.000Z",
            "2026-01-01T24:00:00.000Z",
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00.000+00:00",
            "2026-01-01t00:00:00.000z",
            "2026-01-01T00:00:00.0000Z",
            "0000-01-01T00:00:00.000Z",
        ],
    },
    "contract": {
        "accepted": ["6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12"],
        "refused": [
            "6F2C1A3E-5B7D-4C1F-9A0E-2D4B6C8E0F12",
            "0190163d-8694-739b-aea5-966c26f8ad91",
            "6f2c1a3e-5b7d-4c1f-ca0e-2d4b6c8e0f12",
            "6f2c1a3e5b7d4c1f9a0e2d4b6c8e0f12",
            "urn:uuid:6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12",
        ],
    },
    "digest": {
        "accepted": ["0123456789abcdef" * 4],
        "refused": ["0x" + "0123456789abcdef" * 4, "0123456789ABCDEF" * 4, "0123456789abcdef" * 3, "g" * 64],
    },
    "chain": {
        "accepted": ["eip155:1", "eip155:11155111"],
        "refused": ["eip155:0", "eip155:01", "eip155:", "EIP155:1", "solana:1", "eip155:" + "1" * 33],
    },
    "leaf_path": {
        "accepted": ["", "/title", "/terms/00000", "/variables/99999"],
        "refused": ["/", "/terms", "/terms/0", "/terms/000000", "/seed", "/terms/00000/x"],
    },
}


def build() -> dict[str, Any]:
    """`bytes.json` and `texts.json`."""
    accepted = []
    for name, (text, rule) in ACCEPTED.items():
        canonical = encode(parse(text.encode(), limit=LIMIT))
        accepted.append(
            {
                "id": name,
                "rule": rule,
                "input_hex": text.encode().hex(),
                "canonical_hex": canonical.hex(),
                "digest": H(canonical),
            }
        )
    refused = [{"id": name, "rule": rule, "input_hex": data.hex()} for name, (data, rule) in REFUSED.items()]
    return {
        "bytes.json": {
            "section": "1",
            "how": "accepted: parse the input, write J of it, hash it. refused: the parser refuses it.",
            "accepted": accepted,
            "refused": refused,
        },
        "texts.json": {
            "section": "1",
            "how": "each text is accepted or refused as a value of its kind",
            "kinds": TEXTS,
        },
    }
