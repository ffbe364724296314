"""Public keys: their one text, their raw bytes, and whether their points may verify anything (section 4).

Ed25519 keys must be canonical and in the prime-order subgroup (libsodium's `is_valid_point`), so that no key
accepts a signature for more than one message. secp256k1 keys are compressed points. An account is an address
on an EVM chain; it has no key of its own here, signatures are recovered.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import coincurve
from nacl.bindings import crypto_core_ed25519_is_valid_point

from cms_backend.core.base58 import b58encode
from cms_backend.core.did_syntax import ED25519_PREFIX, SECP256K1_PREFIX, KeyKind, check_account, multikey
from cms_backend.core.errors import KeyTextError
from cms_backend.core.hashing import keccak256
from cms_backend.core.ids import KeyText

_HEX: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A checked key. `raw`: 32 bytes Ed25519, 33 bytes compressed secp256k1, 20 bytes of an address."""

    text: KeyText
    kind: KeyKind
    raw: bytes

    @property
    def chain(self) -> str | None:
        """CAIP-2 chain of an account, None for keys."""
        return self.text.rpartition(":")[0] if self.kind == "account" else None


def parse_key(text: str) -> PublicKey:
    """The key of a Multikey or CAIP-10 text, its point fully checked; cached. KeyTextError otherwise."""
    return _parse_key(str(text))


@lru_cache(maxsize=16384)
def _parse_key(text: str) -> PublicKey:
    if text.startswith("eip155:"):
        return PublicKey(KeyText(check_account(text)), "account", bytes.fromhex(text[-40:]))
    kind, raw = multikey(text)
    if kind == "ed25519":
        _check_ed25519(raw)
    else:
        _check_secp256k1(raw)
    return PublicKey(KeyText(text), kind, raw)


def _check_ed25519(raw: bytes) -> None:
    if len(raw) != 32 or not crypto_core_ed25519_is_valid_point(raw):
        raise KeyTextError("The Ed25519 key is not a canonical point of the prime-order subgroup.")


def _check_secp256k1(raw: bytes) -> None:
    try:
        coincurve.PublicKey(raw)
    except ValueError as error:
        raise KeyTextError("The secp256k1 key is not a point of the curve.") from error


def ed25519_key(raw: bytes) -> PublicKey:
    """The key of 32 raw bytes. KeyTextError when the point may not be used."""
    _check_ed25519(raw)
    return PublicKey(KeyText("z" + b58encode(ED25519_PREFIX + raw)), "ed25519", raw)


def secp256k1_key(raw: bytes) -> PublicKey:
    """The key of a SEC1 point, 33 or 65 bytes. KeyTextError when it is not on the curve."""
    if len(raw) not in (33, 65):
        raise KeyTextError("A secp256k1 key has 33 or 65 bytes.")
    _check_secp256k1(raw)
    compressed = coincurve.PublicKey(raw).format(compressed=True)
    return PublicKey(KeyText("z" + b58encode(SECP256K1_PREFIX + compressed)), "secp256k1", compressed)


def account_key(chain: int, address: str) -> PublicKey:
    """The account of an address on chain `eip155:<chain>`. A mixed-case address must pass EIP-55."""
    return parse_key(f"eip155:{chain}:{parse_address(address)}")


def address_of(key: PublicKey) -> str:
    """0x and 40 lower-case hex: the address of a secp256k1 key or an account. KeyTextError for Ed25519."""
    if key.kind == "account":
        return "0x" + key.raw.hex()
    if key.kind == "secp256k1":
        return address_of_point(coincurve.PublicKey(key.raw))
    raise KeyTextError("An Ed25519 key has no Ethereum address.")


def address_of_point(point: coincurve.PublicKey) -> str:
    """0x and 40 lower-case hex: the last 20 bytes of keccak-256 over the uncompressed point."""
    return "0x" + keccak256(point.format(compressed=False)[1:])[12:].hex()


def checksum_address(address: str) -> str:
    """The EIP-55 mixed-case form of an address in any case. KeyTextError when it is no address."""
    digits = _hex_digits(address).lower()
    hashed = keccak256(digits.encode()).hex()
    return "0x" + "".join(
        letter.upper() if int(nibble, 16) >= 8 else letter
        for letter, nibble in zip(digits, hashed[:40], strict=True)
    )


def parse_address(text: str) -> str:
    """An address from outside, in lower case. KeyTextError when it is none, or fails EIP-55.

    Mixed case must carry the checksum; all lower or all upper case has none to check.
    """
    digits = _hex_digits(text)
    one_case = digits in (digits.lower(), digits.upper())
    if not one_case and checksum_address(text) != text:
        raise KeyTextError(
            f"The checksum of the address {text} does not fit (EIP-55).",
            remedy="Copy the address again: at least one character or its case is wrong.",
        )
    return "0x" + digits.lower()


def _hex_digits(text: str) -> str:
    digits = text[2:]
    if len(text) != 42 or not text.startswith("0x") or not _HEX.issuperset(digits.lower()):
        raise KeyTextError(f"{text[:80]!r} is no address of 0x and 40 hex digits.")
    return digits
