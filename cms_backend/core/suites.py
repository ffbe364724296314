"""The two signature primitives: Ed25519 by libsodium, secp256k1 by libsecp256k1 (section 4). Raw bytes only.

Both sides of every comparison use the same library, so that every component gives the same verdict on edge
cases. Neither function knows what the bytes mean; `signatures` and `login` do.
"""

from __future__ import annotations

from typing import Final

import coincurve
from nacl.bindings import crypto_sign, crypto_sign_open
from nacl.exceptions import BadSignatureError, CryptoError

from cms_backend.core.errors import SignatureError
from cms_backend.core.keys import address_of_point

SECP256K1_N: Final = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_HALF_N: Final = SECP256K1_N // 2


def ed25519_sign(message: bytes, secret: bytes) -> bytes:
    """64 bytes of signature. `secret` is libsodium's 64 bytes, seed and public key."""
    signed: bytes = crypto_sign(message, secret)
    return signed[:64]


def ed25519_verify(signature: bytes, message: bytes, public: bytes) -> None:
    """Raise SignatureError unless libsodium's verification holds (S < L, SB = R + kA without cofactor)."""
    if len(signature) != 64:
        raise SignatureError("An Ed25519 signature has 64 bytes.", reason="encoding")
    try:
        crypto_sign_open(signature + message, public)
    except (BadSignatureError, CryptoError, ValueError) as error:
        raise SignatureError("The signature does not fit key and text.", reason="signature") from error


def secp256k1_sign(digest: bytes, secret: coincurve.PrivateKey) -> bytes:
    """65 bytes r || s || v over a 32-byte hash: RFC 6979, low s, v 27 or 28."""
    signature: bytes = secret.sign_recoverable(digest, hasher=None)
    return signature[:64] + bytes([27 + signature[64]])


def recover_address(digest: bytes, signature: bytes) -> str:
    """The address that signed a 32-byte hash, 0x and 40 lower-case hex.

    Raises SignatureError: `encoding` (not 65 bytes), `v` (not 27 or 28), `high-s`, `signature` (no point).
    """
    if len(signature) != 65:
        raise SignatureError("A secp256k1 signature has 65 bytes: r, s and v.", reason="encoding")
    if signature[64] not in (27, 28):
        raise SignatureError("v of the signature is neither 27 nor 28.", reason="v")
    if int.from_bytes(signature[32:64], "big") > _HALF_N:
        raise SignatureError("s of the signature is in the upper half.", reason="high-s")
    return _recover(digest, signature[:64], signature[64] - 27)


def _recover(digest: bytes, r_s: bytes, bit: int) -> str:
    try:
        point = coincurve.PublicKey.from_signature_and_message(r_s + bytes([bit]), digest, hasher=None)
    except Exception as error:
        raise SignatureError("No key can have made this signature.", reason="signature") from error
    return address_of_point(point)


def twin_reason(digest: bytes, signature: bytes, address: str) -> SignatureError | None:
    """The refusal of a signature that is another writing of one by `address`: high s, or v as 0 and 1.

    Without this a contract account could be asked about it, and one signature would have several texts.
    """
    if len(signature) != 65:
        return None
    s = int.from_bytes(signature[32:64], "big")
    v = signature[64] - 27 if signature[64] >= 27 else signature[64]
    if v not in (0, 1):
        return None
    high = s > _HALF_N
    if high:
        if s >= SECP256K1_N:
            return None
        s, v = SECP256K1_N - s, v ^ 1
    try:
        if _recover(digest, signature[:32] + s.to_bytes(32, "big"), v) != address:
            return None
    except SignatureError:
        return None
    if high:
        return SignatureError("s of the signature is in the upper half.", reason="high-s")
    return SignatureError("v of the signature is neither 27 nor 28.", reason="v")
