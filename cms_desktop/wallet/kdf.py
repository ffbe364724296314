"""From a passphrase to a key: Argon2id v1.3 (RFC 9106) through libsodium, one lane.

The memory is 256 MiB, or what the machine gives, never below 64 MiB. Parameters read from a file are bounded before
anything is allocated, so that a hostile file can neither weaken the next save nor exhaust the machine.
"""

import secrets
import unicodedata
from dataclasses import dataclass, replace
from typing import Final

from nacl import exceptions
from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13

from cms_desktop.wallet.erasing import erase
from cms_desktop.wallet.errors import PassphraseError, WalletDamaged, WeakMachine

MIB: Final = 2**20
SALT_BYTES: Final = 16
FLOOR: Final = 64 * MIB
WANTED: Final = 256 * MIB
CEILING: Final = 1024 * MIB
MAX_PASSES: Final = 16


@dataclass(frozen=True, slots=True)
class KdfParams:
    """Argon2id parameters: `memory` in bytes, `passes`, `salt` of 16 bytes."""

    memory: int
    passes: int
    salt: bytes

    @classmethod
    def fresh(cls, memory: int = WANTED, passes: int = 3) -> "KdfParams":
        """New parameters with a random salt."""
        return cls(memory, passes, secrets.token_bytes(SALT_BYTES))

    def check(self) -> None:
        """Raise WalletDamaged unless the parameters are within the bounds that this version writes and opens."""
        if not (
            FLOOR <= self.memory <= CEILING
            and 1 <= self.passes <= MAX_PASSES
            and len(self.salt) == SALT_BYTES
        ):
            raise WalletDamaged(
                "The wallet file asks for an impossible amount of work to open it, so it was not opened.",
                remedy="Use a backup of the wallet, or restore it from the recovery words.",
            )


def argon2id(password: bytes, salt: bytes, *, t: int, m_kib: int, length: int) -> bytes:
    """The Argon2id tag of `length` bytes (RFC 9106 with p = 1). WeakMachine when the memory cannot be had."""
    try:
        return crypto_pwhash_alg(length, password, salt, t, m_kib * 1024, crypto_pwhash_ALG_ARGON2ID13)
    except exceptions.RuntimeError:
        raise WeakMachine(
            f"There are no {m_kib // 1024} MiB of free memory to open the wallet.",
            remedy="Close some programs and try again.",
        ) from None


def derive(passphrase: str, params: KdfParams) -> bytes:
    """The 32-byte key of a passphrase. WalletDamaged for absurd parameters, PassphraseError, WeakMachine."""
    params.check()
    data = passphrase_bytes(passphrase)
    try:
        return argon2id(data, params.salt, t=params.passes, m_kib=params.memory // 1024, length=32)
    finally:
        erase(data)


def passphrase_bytes(passphrase: str) -> bytes:
    """A passphrase as it is hashed: NFKD, UTF-8. PassphraseError when it is no text: half a letter (a lone surrogate)
    has no UTF-8, and comes from broken input methods and from bytes that are not UTF-8.
    """
    try:
        return unicodedata.normalize("NFKD", passphrase).encode()
    except UnicodeEncodeError:
        raise PassphraseError(
            "The passphrase holds a character that is not a whole letter.",
            remedy="Type it again, or check that its file is a text in UTF-8.",
        ) from None


def derive_new(passphrase: str, wanted: KdfParams) -> tuple[bytes, KdfParams]:
    """Key and parameters for a new file: halves the memory until the machine gives it, never below 64 MiB."""
    params = wanted
    while True:
        try:
            return derive(passphrase, params), params
        except WeakMachine:
            if params.memory // 2 < FLOOR:
                raise
            params = replace(params, memory=params.memory // 2, passes=params.passes + 1)
