"""C2SP texts of section 6: verifier keys, checkpoints as signed notes, tlog-proofs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import nacl.exceptions
from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign_open

from .canonical import LARGEST, Refused, sha
from .texts import base64_decode

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_NAME_REFUSED = re.compile(r"[\s+\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class LogKey:
    """The name of a log and its Ed25519 key."""

    origin: str
    tag: bytes
    public: bytes


@dataclass(frozen=True)
class Checkpoint:
    """What a note says, and its text."""

    origin: str
    size: int
    root: bytes
    note: str


def is_origin(text: object) -> bool:
    """A key name."""
    return isinstance(text, str) and text != "" and not _NAME_REFUSED.search(text)


def number(text: str) -> int:
    """A decimal up to 2^53-1 in its one form."""
    if not _SIZE.fullmatch(text) or int(text) > LARGEST:
        raise Refused("not a size")
    return int(text)


def ledger_key(origin: str, public: bytes) -> bytes:
    """SHA-256(origin || 0x0A || 0x01 || public key); its first four bytes are the key hash."""
    return sha(origin.encode() + b"\n\x01" + public)


def parse_vkey(text: str) -> LogKey:
    """A C2SP verifier key of an Ed25519 log."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not is_origin(parts[0]) or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise Refused("not a verifier key")
    data = base64_decode(parts[2])
    if len(data) != 33 or data[0] != 1 or not crypto_core_ed25519_is_valid_point(data[1:]):
        raise Refused("not a valid Ed25519 verifier key")
    if ledger_key(parts[0], data[1:])[:4].hex() != parts[1]:
        raise Refused("another key hash")
    return LogKey(parts[0], bytes.fromhex(parts[1]), data[1:])


def is_vkey(text: object) -> bool:
    """A text that parse_vkey reads."""
    try:
        return isinstance(text, str) and parse_vkey(text) is not None
    except Refused:
        return False


def read_note(note: str) -> tuple[Checkpoint, list[tuple[str, bytes]]]:
    """Checkpoint and signature lines (name, key hash and signature) of a note; no signature is verified."""
    text, gap, tail = note.rpartition("\n\n")
    if not gap or len(note.encode()) > 65536 or not tail.endswith("\n"):
        raise Refused("not a note")
    lines = text.split("\n")
    signatures = tail[:-1].split("\n")
    if len(lines) != 3 or len(signatures) > 100 or not is_origin(lines[0]):
        raise Refused("not three lines, or too many signatures")
    root = base64_decode(lines[2])
    size = number(lines[1])
    if len(root) != 32:
        raise Refused("not a root")
    found = []
    for line in signatures:
        parts = line.split(" ")
        data = base64_decode(parts[2]) if len(parts) == 3 and parts[0] == "—" else b""
        if len(data) < 5 or not is_origin(parts[1]):
            raise Refused("not a signature line")
        found.append((parts[1], data))
    return Checkpoint(lines[0], size, root, note), found


def open_note(note: str, key: LogKey) -> Checkpoint:
    """The checkpoint of a note that this log has signed; Refused otherwise."""
    checkpoint, signatures = read_note(note)
    own = [data[4:] for name, data in signatures if name == key.origin and data[:4] == key.tag]
    if checkpoint.origin != key.origin or len(own) != 1 or len(own[0]) != 64:
        raise Refused("not signed once by the log")
    signed = note[: note.rindex("\n\n") + 1].encode()
    try:
        crypto_sign_open(own[0] + signed, key.public)
    except (nacl.exceptions.BadSignatureError, ValueError) as fault:
        raise Refused("the signature does not hold") from fault
    return checkpoint


@dataclass(frozen=True)
class Proof:
    """A tlog-proof without an extra line."""

    index: int
    path: Sequence[bytes]
    note: str


def split_proof(text: str) -> tuple[int, list[str], str]:
    """Index, lines of hashes and note of a C2SP tlog-proof text; only the index is read."""
    top, gap, note = text.partition("\n\n")
    lines = top.split("\n")
    if not gap or lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 2 or not lines[1].startswith("index "):
        raise Refused("not a tlog-proof")
    return number(lines[1][6:]), lines[2:], note


def parse_hashes(lines: Sequence[str]) -> list[bytes]:
    """The hashes of a tlog-proof."""
    path = [base64_decode(line) for line in lines]
    if any(len(step) != 32 for step in path):
        raise Refused("not a hash")
    return path


def parse_proof(text: str) -> Proof:
    """Read a C2SP tlog-proof text."""
    index, hashes, note = split_proof(text)
    return Proof(index, parse_hashes(hashes), note)
