"""Recovery words and the keys they give: BIP-39, SLIP-0010 (Ed25519), BIP-32 and BIP-44 (secp256k1).

Ed25519 keys lie at m/4410707'/identity'/generation' (4410707 stands for "CMS"); secp256k1 keys at
m/44'/60'/generation'/0/identity, so that an Ethereum wallet restores the same account from the same words.
"""

import hashlib
import hmac
import re
import unicodedata
from functools import lru_cache
from typing import Final

import coincurve
from mnemonic import Mnemonic

from cms_desktop.wallet.erasing import erase
from cms_desktop.wallet.errors import DerivationError, WordsError

_ORDER: Final = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
_HARDENED: Final = 2**31
_PATH: Final = re.compile(r"m(?:/[0-9]{1,10}'?)*")
PURPOSE: Final = 4410707


@lru_cache(maxsize=16)
def _book(language: str) -> Mnemonic:
    return Mnemonic(language)


def new_words(language: str = "english") -> str:
    """Twelve fresh words: 128 bits of the system's randomness."""
    return str(_book(language).generate(strength=128))


def normal_words(words: str) -> str:
    """The sentence in the form that is hashed: NFKD, single spaces, lower case. WordsError unless it is one."""
    text = " ".join(unicodedata.normalize("NFKD", words).split())
    for candidate in dict.fromkeys((text, text.lower())):
        for language in Mnemonic.list_languages():
            if _is_sentence(candidate, language):
                return candidate
    raise WordsError(
        "These are no recovery words: a word is misspelt, missing or in another place.",
        remedy="Compare each word and their order with your paper.",
    )


@lru_cache(maxsize=16)
def _places(language: str) -> dict[str, int]:
    # Some word lists are shipped composed (NFC); the sentence is hashed decomposed, and compared so.
    return {unicodedata.normalize("NFKD", word): place for place, word in enumerate(_book(language).wordlist)}


def _is_sentence(text: str, language: str) -> bool:
    """Whether all words are of the language and the checksum bits fit (BIP-39: 32 bits of entropy to 1)."""
    places = _places(language)
    words = text.split(" ")
    if len(words) not in (12, 15, 18, 21, 24) or any(word not in places for word in words):
        return False
    bits = "".join(f"{places[word]:011b}" for word in words)
    check = len(bits) // 33
    entropy = int(bits[:-check], 2).to_bytes(4 * check, "big")
    return f"{hashlib.sha256(entropy).digest()[0]:08b}"[:check] == bits[-check:]


def words_to_seed(words: str, passphrase: str = "") -> bytes:
    """The 64-byte seed of a sentence (BIP-39: PBKDF2-HMAC-SHA512, 2048 rounds). WordsError for a wrong checksum."""
    sentence = normal_words(words)
    salt = unicodedata.normalize("NFKD", "mnemonic" + passphrase).encode()
    secret = sentence.encode()
    try:
        return hashlib.pbkdf2_hmac("sha512", secret, salt, 2048, 64)
    finally:
        erase(sentence, secret)


def _steps(path: str) -> list[int]:
    if not _PATH.fullmatch(path):
        raise DerivationError(f"{path!r} is no derivation path.")
    steps = []
    for part in path.split("/")[1:]:
        number = int(part.rstrip("'"))
        if number >= _HARDENED:
            raise DerivationError(f"{path!r} has a step beyond 2^31 - 1.")
        steps.append(number + (_HARDENED if part.endswith("'") else 0))
    return steps


def _hmac(key: bytes, data: bytes | bytearray) -> tuple[bytes, bytes]:
    full = hmac.digest(key, data, "sha512")
    halves = full[:32], full[32:]
    erase(full)
    return halves


def slip10_ed25519(seed: bytes | bytearray, path: str) -> tuple[bytes, bytes]:
    """(private key, chain code) of 32 bytes each at a path of hardened steps (SLIP-0010). DerivationError."""
    key, chain = _hmac(b"ed25519 seed", seed)
    for step in _steps(path):
        if step < _HARDENED:
            raise DerivationError("Ed25519 keys derive by hardened steps only (SLIP-0010).")
        data = b"\0" + key + step.to_bytes(4, "big")
        before = key, chain, data
        key, chain = _hmac(chain, data)
        erase(*before)
    return key, chain


def bip32_secp256k1(seed: bytes | bytearray, path: str) -> tuple[bytes, bytes]:
    """(private key, chain code) of 32 bytes each at a path (BIP-32, with SLIP-0010's retry for the master)."""
    key, chain = _hmac(b"Bitcoin seed", seed)
    while not 0 < int.from_bytes(key, "big") < _ORDER:
        key, chain = _hmac(b"Bitcoin seed", key + chain)
    for step in _steps(path):
        before = key, chain
        key, chain = _child(key, chain, step)
        erase(*before)
    return key, chain


def _child(key: bytes, chain: bytes, step: int) -> tuple[bytes, bytes]:
    if step >= _HARDENED:
        data = b"\0" + key
    else:
        data = coincurve.PrivateKey(key).public_key.format(compressed=True)
    message = data + step.to_bytes(4, "big")
    left, right = _hmac(chain, message)
    erase(data, message)
    while True:
        tweak = int.from_bytes(left, "big")
        child = (tweak + int.from_bytes(key, "big")) % _ORDER
        if tweak < _ORDER and child:
            return child.to_bytes(32, "big"), right
        # One in 2^127: SLIP-0010 goes on with the right half.
        left, right = _hmac(chain, b"\1" + right + step.to_bytes(4, "big"))


def ed25519_path(identity: int, generation: int) -> str:
    """Where the Ed25519 key of an identity lies."""
    return f"m/{PURPOSE}'/{identity}'/{generation}'"


def secp256k1_path(identity: int, generation: int) -> str:
    """Where the secp256k1 key of an identity lies (BIP-44, coin 60)."""
    return f"m/44'/60'/{generation}'/0/{identity}"
