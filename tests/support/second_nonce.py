"""A second valid signature of one statement: Ed25519 leaves the choice of the nonce to the signer."""

from __future__ import annotations

from hashlib import sha512
from typing import Any

from nacl.bindings import (
    crypto_core_ed25519_scalar_add,
    crypto_core_ed25519_scalar_mul,
    crypto_core_ed25519_scalar_reduce,
    crypto_scalarmult_ed25519_base_noclamp,
)

from cms_backend.core.base58 import b58encode
from cms_backend.core.signatures import Ed25519Signer, Statement


class SecondNonce:
    """An Ed25519 key that signs with another nonce: the same statement, another envelope."""

    def __init__(self, seed: bytes) -> None:
        self._seed, plain = seed, Ed25519Signer(seed)
        self.did, self.key, self.public = plain.did, plain.key, plain.public

    def sign(self, statement: Statement) -> str:
        """64 bytes that libsodium accepts."""
        head = bytearray(sha512(self._seed).digest()[:32])
        head[0] &= 248
        head[31] = (head[31] & 127) | 64
        nonce = crypto_core_ed25519_scalar_reduce(sha512(b"another" + statement.hash_data).digest())
        point = crypto_scalarmult_ed25519_base_noclamp(nonce)
        challenge = crypto_core_ed25519_scalar_reduce(
            sha512(point + self.public.raw + statement.hash_data).digest()
        )
        product = crypto_core_ed25519_scalar_mul(challenge, bytes(head))
        return "z" + b58encode(point + crypto_core_ed25519_scalar_add(nonce, product))

    def sign_login(self, message: Any) -> str:
        """Not needed."""
        raise NotImplementedError
