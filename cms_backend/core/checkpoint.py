"""Checkpoints, signed notes, verifier keys and inclusion proofs as text (C2SP signed-note, tlog-checkpoint,
tlog-proof).

One log key per origin, Ed25519 (signature type 0x01), no extension lines, no extra line. Signature lines of
other keys, such as witnesses', are kept and not judged here. LogError for everything that does not hold.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Final, NamedTuple

from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import BadSignatureError

from cms_backend.core.canonical import MAX_INT
from cms_backend.core.errors import KeyTextError, LogError
from cms_backend.core.ids import Digest
from cms_backend.core.keys import ed25519_key

ED25519_TYPE: Final = 1
_NAME: Final = re.compile(r"[^\s+]+")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_SIGNATURE_LINE: Final = re.compile(r"\N{EM DASH} ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f]")
MAX_NOTE: Final = 64 * 1024
_MAX_SIGNATURES: Final = 100
TLOG_PROOF_HEAD: Final = "c2sp.org/tlog-proof@v1\nindex "
_HASH_END: Final = frozenset("AEIMQUYcgkosw048")


def b64encode(data: bytes) -> str:
    """Standard padded base64 (RFC 4648, section 4)."""
    return base64.b64encode(data).decode()


def b64decode(text: str) -> bytes:
    """The bytes of standard padded base64 in its one form; LogError for every other, stray bits included."""
    try:
        raw = binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise LogError("The text is not standard base64.") from error
    if b64encode(raw) != text:
        raise LogError("The text is not base64 in its canonical form.")
    return raw


@lru_cache(maxsize=65536)
def hash_from_b64(text: str) -> bytes:
    """The 32 bytes of a hash in base64; cached. LogError otherwise."""
    # 32 bytes: 43 letters and one "=", the last letter with two zero bits. Upper nodes come in every proof.
    if len(text) != 44 or text[42] not in _HASH_END:
        raise LogError("A hash is written in 44 letters of base64.")
    try:
        raw = binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise LogError("A hash is not standard base64.") from error
    if len(raw) != 32:
        raise LogError("A hash has 32 bytes.")
    return raw


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A C2SP verifier key: name (= the log's origin), key hash (4 bytes), Ed25519 key (32 bytes)."""

    name: str
    key_hash: bytes
    public: bytes

    @classmethod
    def of(cls, name: str, public: bytes) -> VerifierKey:
        """The verifier key of a name and a raw Ed25519 key. LogError for a bad name or point."""
        _check_name(name)
        try:
            ed25519_key(public)
        except KeyTextError as error:
            raise LogError(error.detail) from error
        return cls(name, _key_hash(name, public), public)

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """`name+hash+base64(0x01 || key)`. LogError for other forms and other key types."""
        return parse_vkey(text)

    @property
    def text(self) -> str:
        """The same line again."""
        return f"{self.name}+{self.key_hash.hex()}+{b64encode(bytes([ED25519_TYPE]) + self.public)}"

    @property
    def ledger_key(self) -> bytes:
        """SHA-256(origin || 0x0A || 0x01 || public key): the `key` of this log on a ledger (section 7)."""
        return sha256(self.name.encode() + b"\n\x01" + self.public).digest()


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or _CONTROL.search(name):
        raise LogError(f"{name[:80]!r} is no key name: it must not be empty, nor hold spaces or a plus.")


def _key_hash(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([ED25519_TYPE]) + public).digest()[:4]


@lru_cache(maxsize=1024)
def parse_vkey(text: str) -> VerifierKey:
    """As `VerifierKey.parse`; cached."""
    parts = text.split("+", 2)
    if len(parts) != 3 or len(parts[1]) != 8:
        raise LogError("A verifier key has the form name+hash+base64.")
    name, key_hash, encoded = parts
    raw = b64decode(encoded)
    if len(raw) != 33 or raw[0] != ED25519_TYPE:
        raise LogError("The verifier key is no Ed25519 key of type 1.")
    key = VerifierKey.of(name, raw[1:])
    if key.key_hash.hex() != key_hash:
        raise LogError("The hash in the verifier key does not fit its name and key.")
    return key


def embedded_origin(public: bytes) -> str:
    """`cms.local/` and the first 32 hex of H(raw public key): the origin of a log without an address."""
    return "cms.local/" + sha256(public).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's tree head: how many leaves, and their root."""

    origin: str
    size: int
    root: Digest

    @property
    def text(self) -> str:
        """The signed lines."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root.raw)}\n"


class LogKey:
    """The signing key of a log. Its seed shows in no repr."""

    __slots__ = ("_secret", "vkey")

    def __init__(self, seed: bytes, origin: str | None = None) -> None:
        """32 bytes of seed; without an origin the embedded one is taken. LogError for a bad name."""
        public, self._secret = crypto_sign_seed_keypair(seed)
        self.vkey = VerifierKey.of(embedded_origin(public) if origin is None else origin, public)

    def __repr__(self) -> str:
        return f"LogKey({self.vkey.text})"

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.vkey.name

    def sign_checkpoint(self, size: int, root: bytes) -> str:
        """The signed note of a tree head."""
        text = Checkpoint(self.origin, size, Digest.of(root)).text
        signature: bytes = crypto_sign(text.encode(), self._secret)[:64]
        return f"{text}\n\N{EM DASH} {self.origin} {b64encode(self.vkey.key_hash + signature)}\n"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: name, key hash (4 bytes), signature bytes."""

    name: str
    key_hash: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A signed note in parts: the text with its final newline, and its signature lines. Not yet verified."""

    text: str
    signatures: tuple[NoteSignature, ...]

    @classmethod
    def parse(cls, note: str) -> Note:
        """Split a note (C2SP signed-note). LogError when it is malformed."""
        if len(note) > MAX_NOTE or _CONTROL.search(note):
            raise LogError("The note is too long or holds control characters.")
        head, gap, tail = note.rpartition("\n\n")
        if not gap or not tail.endswith("\n"):
            raise LogError("A note is a text, an empty line, and signature lines.")
        lines = tail[:-1].split("\n")
        if len(lines) > _MAX_SIGNATURES:
            raise LogError("The note has too many signatures.")
        return cls(head + "\n", tuple(map(_signature_line, lines)))

    def verify(self, vkey: VerifierKey) -> None:
        """Raise LogError unless this key has signed the note, once, and its signature holds."""
        own = [line for line in self.signatures if (line.name, line.key_hash) == (vkey.name, vkey.key_hash)]
        if not own:
            raise LogError(f"The note is not signed by {vkey.name}.")
        if len(own) > 1:
            raise LogError(f"The note has two signatures of {vkey.name}.")
        try:
            crypto_sign_open(own[0].signature + self.text.encode(), vkey.public)
        except (BadSignatureError, ValueError) as error:
            raise LogError(f"The signature of {vkey.name} on the note does not hold.") from error


def _signature_line(line: str) -> NoteSignature:
    match = _SIGNATURE_LINE.fullmatch(line)
    if match is None:
        raise LogError("A signature line of the note is malformed.")
    raw = b64decode(match[2])
    if len(raw) <= 4:
        raise LogError("A signature of the note is too short.")
    return NoteSignature(match[1], raw[:4], raw[4:])


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint in a note's text: three lines, no extension lines. LogError otherwise."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise LogError("A checkpoint has three lines: origin, size and root.")
    origin, size, root = lines[:3]
    _check_name(origin)
    if not _SIZE.fullmatch(size) or int(size) > MAX_INT:
        raise LogError("The size of the checkpoint is no number.")
    return Checkpoint(origin, int(size), Digest.of(hash_from_b64(root)))


@lru_cache(maxsize=256)
def open_note(note: str, vkey: VerifierKey) -> Checkpoint:
    """The checkpoint of a note that this log key has signed; cached. LogError otherwise."""
    parsed = Note.parse(note)
    parsed.verify(vkey)
    checkpoint = parse_checkpoint(parsed.text)
    if checkpoint.origin != vkey.name:
        raise LogError("The checkpoint names another origin than the key that signed it.")
    return checkpoint


class TlogProof(NamedTuple):
    """An inclusion proof as text holds it: the leaf's index, its audit path (leaf first), the note."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody asks of a proof
    path: tuple[bytes, ...]
    note: str


def tlog_proof(index: int, path: Sequence[bytes], note: str) -> str:
    """The C2SP tlog-proof text, without an extra line."""
    lines = "".join(b64encode(hashed) + "\n" for hashed in path)
    return f"{TLOG_PROOF_HEAD}{index}\n{lines}\n{note}"


class ProofText(NamedTuple):
    """An inclusion proof as its text stands: the lines of hashes, joined by newlines, lie at `start` to `end`.

    They are not yet looked at.
    """

    text: str
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody asks of a proof
    start: int
    end: int

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The audit path, the leaf's sibling first. LogError when a line is no hash, or there are too many."""
        if self.start == self.end:
            return ()
        lines = self.text[self.start : self.end].split("\n")
        if len(lines) > 64:
            raise LogError("The inclusion proof is too long.")
        return tuple(map(hash_from_b64, lines))

    @property
    def note(self) -> str:
        """The signed note under the proof."""
        return self.text[self.end + 2 :]

    def is_under(self, note: str) -> bool:
        """True when `note` is the note, letter for letter."""
        return len(self.text) == self.end + 2 + len(note) and self.text.endswith(note)


def locate_tlog_proof(text: str) -> ProofText:
    """Where the parts of a tlog-proof text lie; an extra line is refused. LogError when it is malformed."""
    end = text.find("\n\n")
    if end < 0 or not text.startswith(TLOG_PROOF_HEAD):
        raise LogError(
            "The text is no inclusion proof of the form c2sp.org/tlog-proof@v1 without an extra line."
        )
    start = text.find("\n", len(TLOG_PROOF_HEAD), end)
    index = text[len(TLOG_PROOF_HEAD) : end if start < 0 else start]
    if not _SIZE.fullmatch(index) or int(index) > MAX_INT:
        raise LogError("The index of the inclusion proof is no number.")
    return ProofText(text, int(index), end if start < 0 else start + 1, end)


def parse_tlog_proof(text: str) -> TlogProof:
    """The parts of a tlog-proof text; an extra line is refused. LogError when it is malformed."""
    found = locate_tlog_proof(text)
    return TlogProof(found.index, found.hashes, found.note)
