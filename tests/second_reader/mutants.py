"""Texts and bytes that are nearly right: what one reader takes for a key or a note the other must take too."""

from __future__ import annotations

from random import Random

from .canonical import digest
from .forge import Log, Person

DIDS = (
    "did:web:example.com", "did:web:localhost%3A8080:a:b", "did:web:a.b-c.example%3A65535", "did:web:1.2.3.example",
    "did:web:0x1f.0x2", "did:ethr:0x" + "ab" * 20, "did:ethr:mainnet:0x" + "ab" * 20, "did:plc:abc%20:x",
    "did:ethr:0x1:0x" + "ab" * 20, "did:ethr:0x5:0x02" + "ab" * 32, "did:ethr:0x03" + "ab" * 32, Person("a").did,
    Person("b", None, "secp256k1").did, Person("c", None, "account").did,
)  # fmt: skip
KEYS = (Person("a").key, Person("b", None, "secp256k1").key, Person("c", None, "account").key)
TIMES = ("2026-05-01T10:00:00.000Z", "2024-02-29T23:59:59.999Z", "0001-01-01T00:00:00.000Z")
VALUES = (
    b'{"a": [1, -2, "x\\u00e9"], "b": null}', b'[[["\xc3\xa9", 9007199254740991]]]', b'{"\\u0041":true}',
)  # fmt: skip
_LETTERS = "0123456789abcdefxzABCZ:.-_%# /@+=\n\t\u00a0\u0130\u0660\u00e9\u2003\u1680\u200b\u2014"
_PIECES = (
    "%3A", "..", "0x", "0", "1.2", "did:", "a" * 60, "%2F", ":.", "\n\n", "\nextra x\n", "\n\u2014 other abcd\n",
    "\n\u2014 log.example/one AAAAAAAA\n", "\nindex 0\n",
)  # fmt: skip
_BYTES = (
    b"0", b".0", b"e1", b"\\ud800", b"\\ud83d\\ude00", b"\xcc\x81", b"e\xcc\x81", b"\\n", b"\\r", b"\\u0085", b" ",
    b"\x0b", b"-0", b"00", b"\xef\xbb\xbf", b'"a":1,', b"NaN", b"[", b"]", b"\x7f", b"\xed\xa0\x80", b"\r", b"{",
)  # fmt: skip


def some_log() -> Log:
    """A log with a few leaves."""
    log = Log("one", Person("operator"))
    for at in range(9):
        log.stuff(b"%d" % at)
    return log


def log_texts() -> tuple[str, str, str]:
    """A verifier key, a note by it, and a tlog-proof."""
    log = some_log()
    return log.vkey, log.note(7), log.proof(digest(log.statements[0]), 7)


def change(text: str, random: Random) -> str:
    """A text with one to three small faults."""
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        at, to = sorted((random.randrange(len(text) + 1), random.randrange(len(text) + 1)))
        text = random.choice([
            text[:at] + random.choice(_LETTERS) + text[at:], text[:at] + text[at + 1 :],
            text[:at] + random.choice(_LETTERS) + text[at + 1 :], text[:at] + text[to:],
            text[:to] + text[at:to] + text[to:], text[:at] + random.choice(_PIECES) + text[at:],
        ]) or "x"  # fmt: skip
    return text


def change_bytes(data: bytes, random: Random) -> bytes:
    """Bytes with one or two small faults."""
    for _ in range(random.choice([1, 1, 2])):
        at = random.randrange(len(data) + 1)
        data = data[:at] + random.choice([b"", *_BYTES]) + data[at + random.choice([0, 0, 1]) :] or b"1"
    return data
