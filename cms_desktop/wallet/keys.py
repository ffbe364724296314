"""From recovery words (or an imported secret) to the signers of identities."""

from dataclasses import dataclass
from typing import Final

from cms_backend.core.did import did_from_outside
from cms_backend.core.errors import DidError
from cms_backend.core.hashing import H
from cms_backend.core.ids import Did, Digest, KeyText
from cms_backend.core.signatures import Ed25519Signer, Secp256k1Signer
from cms_desktop.wallet.derivation import (
    bip32_secp256k1,
    ed25519_path,
    secp256k1_path,
    slip10_ed25519,
)
from cms_desktop.wallet.records import KINDS, Identity, Kind

AnySigner = Ed25519Signer | Secp256k1Signer
MAX_NUMBERS: Final = 20
MAX_GENERATIONS: Final = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key lies under the recovery words: `generation` counts the rotations before it, from 0."""

    kind: Kind
    number: int = 0
    generation: int = 0


def signer_of_secret(secret: bytes, kind: Kind, did: Did | None = None) -> AnySigner:
    """A signer of a raw 32-byte secret; `ethereum` signs as an account of chain 1. KeyTextError."""
    if kind == "ed25519":
        return Ed25519Signer(secret, did)
    return Secp256k1Signer(secret, did, chain=1 if kind == "ethereum" and did is None else None)


def derived(seed: bytes | bytearray, kind: Kind, number: int, generation: int) -> bytes:
    """The 32-byte secret of an identity's generation."""
    if kind == "ed25519":
        return slip10_ed25519(seed, ed25519_path(number, generation))[0]
    return bip32_secp256k1(seed, secp256k1_path(number, generation))[0]


def next_of(seed: bytes | bytearray, kind: Kind, number: int, generation: int) -> Digest:
    """H(text of the key of the generation after), which documents pre-commit."""
    return H(key_text(seed, kind, number, generation + 1))


def key_text(seed: bytes | bytearray, kind: Kind, number: int, generation: int) -> KeyText:
    """The text of an identity's key of a generation."""
    return signer_of_secret(derived(seed, kind, number, generation), kind).key


def secret_of(identity: Identity, seed: bytes | bytearray) -> bytes:
    """The secret of an identity's present key. The caller sees that it is not a watched one."""
    if identity.secret is not None:
        return identity.secret
    if identity.number is None:
        raise ValueError("a watched identity has no secret")
    return derived(seed, identity.kind, identity.number, identity.generation)


def find_place(seed: bytes | bytearray, did: str) -> Place | None:
    """The place whose key has this DID, among the first 20 identities of a kind and the first 50 keys of each. None for
    what is no DID too.
    """
    try:
        wanted = did_from_outside(did)
    except DidError:
        return None
    for kind in KINDS:
        for number in range(MAX_NUMBERS):
            for generation in range(MAX_GENERATIONS):
                if signer_of_secret(derived(seed, kind, number, generation), kind).did == wanted:
                    return Place(kind, number, generation)
    return None
