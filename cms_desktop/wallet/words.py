"""Short sentences for eyes and telephones: six words that stand for a digest or a DID, and which words to ask back."""

import hashlib
import secrets

from cms_desktop.wallet.derivation import _book


def fingerprint_words(text: str) -> tuple[str, ...]:
    """Six BIP-39 words for a text: 66 bits of its SHA-256. To compare by voice, never to derive from."""
    bits = int.from_bytes(hashlib.sha256(text.encode()).digest()[:9], "big") >> 6
    words = _book("english").wordlist
    return tuple(words[(bits >> (11 * (5 - place))) & 2047] for place in range(6))


def places_to_confirm(count: int = 12, ask: int = 3) -> tuple[int, ...]:
    """`ask` different places out of `count`, ascending from 0: the words that their owner writes back."""
    return tuple(sorted(secrets.SystemRandom().sample(range(count), ask)))


def passphrase_bits(passphrase: str) -> float:
    """An honest, coarse estimate of a passphrase's strength in bits: words chosen by people count little.

    Letters of one kind in a row of words count about 9 bits a word; single characters by their alphabet, with
    repeats and runs (abc, 123) counted once.
    """
    text = passphrase.strip()
    if not text:
        return 0.0
    words = text.split()
    if len(words) > 2 and all(word.isalpha() for word in words):
        return 9.0 * len({word.lower() for word in words})
    kinds = (str.islower, str.isupper, str.isdigit)
    alphabet = sum(size for kind, size in zip(kinds, (26, 26, 10), strict=True) if any(map(kind, text)))
    alphabet += 20 if any(not letter.isalnum() for letter in text) else 0
    fresh = [
        letter
        for place, letter in enumerate(text)
        if place == 0 or abs(ord(letter) - ord(text[place - 1])) > 1
    ]
    per_letter = max(1, alphabet).bit_length() - 1
    # People's choices are far from uniform: half of what a random string of this form would have.
    return 0.5 * per_letter * len(fresh)
