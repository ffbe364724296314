"""SHA-256 as the protocol writes it, and keccak-256 for Ethereum (sections 1 and 4)."""

from __future__ import annotations

import hashlib

from eth_hash.auto import keccak

from cms_backend.core.canonical import Json, encode
from cms_backend.core.ids import Digest


def sha256(data: bytes) -> bytes:
    """SHA-256 (FIPS 180-4) of bytes: 32 raw bytes."""
    return hashlib.sha256(data).digest()


def H(data: bytes | str) -> Digest:
    """SHA-256 of bytes, or of a string's UTF-8, as 64 lower-case hex."""
    raw = data.encode() if isinstance(data, str) else data
    return Digest(hashlib.sha256(raw).hexdigest())


def keccak256(data: bytes) -> bytes:
    """keccak-256 as Ethereum uses it (not the SHA-3 of FIPS 202): 32 raw bytes."""
    return keccak(data)


def digest_of(value: Json) -> Digest:
    """H(J(value)) of an already validated protocol value."""
    return Digest(hashlib.sha256(encode(value)).hexdigest())
