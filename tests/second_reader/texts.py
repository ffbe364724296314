"""Section 1: the forms of times, ids, digests, chains, keys, DIDs and base64."""

from __future__ import annotations

import base64
import datetime
import functools
import re
from dataclasses import dataclass
from typing import Any

import coincurve
from Crypto.Hash import keccak
from nacl.bindings import crypto_core_ed25519_is_valid_point

from .canonical import Refused

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})\.[0-9]{3}Z")
_CONTRACT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_CHAIN = re.compile(r"eip155:[1-9][0-9]{0,31}")
_ADDRESS = re.compile(r"0x[0-9a-f]{40}")
_LEAF_PATH = re.compile(
    r"(/(title|description|valid_from|valid_until)|/(parties|terms|attachments|variables)/[0-9]{5})?"
)
_DID = re.compile(
    r"did:([a-z0-9]+):((?:(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})*:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+)"
)
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:localhost(?=%3A)|(?:{_LABEL}\.)+{_LABEL})(?:%3A([1-9][0-9]{{0,4}}))?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_ETHR = re.compile(
    r"(?:(?:mainnet|sepolia|holesky|0x[1-9a-f][0-9a-f]*):)?(0x[0-9a-f]{40}|0x0[23][0-9a-f]{64})"
)


def keccak256(data: bytes) -> bytes:
    """Keccak-256 as Ethereum uses it."""
    return keccak.new(digest_bits=256, data=data).digest()


def base58_decode(text: str) -> bytes:
    """The bytes of a base58btc text without its multibase letter."""
    number = 0
    for letter in text:
        place = ALPHABET.find(letter)
        if place < 0:
            raise Refused("not base58btc")
        number = number * 58 + place
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base58_encode(data: bytes) -> str:
    """base58btc without a multibase letter."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = ALPHABET[rest] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def base64_decode(text: str) -> bytes:
    """Canonical padded base64, or Refused."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as fault:
        raise Refused("not base64") from fault
    if base64.b64encode(data).decode() != text:
        raise Refused("not canonical base64")
    return data


def is_time(text: Any) -> bool:
    """YYYY-MM-DDThh:mm:ss.mmmZ of a date that exists."""
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return False
    try:
        datetime.datetime.strptime(match[1] + "Z", "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return False
    return not match[1].endswith(("60", "61"))


def _matches(pattern: re.Pattern[str], text: Any) -> bool:
    return isinstance(text, str) and pattern.fullmatch(text) is not None


def is_contract(text: Any) -> bool:
    """A UUID of version 4 in lower case."""
    return _matches(_CONTRACT, text)


def is_digest(text: Any) -> bool:
    """64 lower-case hex."""
    return _matches(_DIGEST, text)


def is_chain(text: Any) -> bool:
    """CAIP-2 of eip155."""
    return _matches(_CHAIN, text)


def is_address(text: Any) -> bool:
    """0x and 40 lower-case hex."""
    return _matches(_ADDRESS, text)


def is_leaf_path(text: Any) -> bool:
    """A path that some document has."""
    return _matches(_LEAF_PATH, text)


@dataclass(frozen=True)
class Key:
    """A key or account; `raw` is 32 bytes (ed25519), a compressed point (secp256k1) or an address (account)."""

    text: str
    kind: str
    raw: bytes

    @property
    def valid(self) -> bool:
        """Whether the key is a point of its curve (Ed25519: of the prime-order subgroup); no matter of form."""
        if self.kind == "ed25519":
            return bool(crypto_core_ed25519_is_valid_point(self.raw))
        if self.kind == "secp256k1":
            try:
                coincurve.PublicKey(self.raw)
            except ValueError:
                return False
        return True

    @property
    def address(self) -> bytes:
        """The 20 bytes that a recovery must give, of a valid key."""
        if self.kind == "account":
            return self.raw
        return keccak256(coincurve.PublicKey(self.raw).format(compressed=False)[1:])[-20:]


@functools.lru_cache(4096)
def parse_key(text: str) -> Key:
    """A Multikey or a CAIP-10 account; Refused otherwise."""
    if text.startswith("z"):
        data = base58_decode(text[1:])
        if data[:2] == b"\xed\x01" and len(data) == 34:
            return Key(text, "ed25519", data[2:])
        if data[:2] == b"\xe7\x01" and len(data) == 35 and data[2] in (2, 3):
            return Key(text, "secp256k1", data[2:])
        raise Refused("another type of key")
    chain, _, address = text.rpartition(":")
    if not is_chain(chain) or not is_address(address):
        raise Refused("neither a Multikey nor an account")
    return Key(text, "account", bytes.fromhex(address[2:]))


def is_key(text: Any) -> bool:
    """A key of section 1."""
    try:
        parse_key(text)
    except (Refused, AttributeError, TypeError):
        return False
    return True


def own_key(did: str) -> str | None:
    """The key that a did:key or did:pkh is; None for all other methods."""
    method, _, rest = did[4:].partition(":")
    return rest if method in ("key", "pkh") else None


@functools.lru_cache(4096)
def _did_holds(text: str) -> bool:
    match = _DID.fullmatch(text) if len(text) <= 2048 else None
    if match is None:
        return False
    method, rest = match[1], match[2]
    if method == "key":
        return is_key(rest) and rest.startswith("z")
    if method == "pkh":
        return is_key(rest) and rest.startswith("eip155:")
    if method == "web":
        host, *path = rest.split(":")
        match = _HOST.fullmatch(host)
        name = host.split("%3A")[0]
        number = _NUMBER.fullmatch(name.rsplit(".", 1)[-1])
        steps = all(step not in ("", ".", "..") and "%" not in step for step in path)
        return (
            match is not None
            and number is None
            and len(name) <= 253
            and int(match[1] or 1) <= 65535
            and steps
        )
    return method != "ethr" or _ETHR.fullmatch(rest) is not None


def is_did(text: Any) -> bool:
    """A DID that section 1 accepts."""
    return isinstance(text, str) and _did_holds(text)
