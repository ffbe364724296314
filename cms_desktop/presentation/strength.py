"""What a person is told about a passphrase as it is typed."""

from __future__ import annotations

from typing import Final

FEWEST: Final = 8
WEAK, FAIR, GOOD = 28.0, 40.0, 50.0
"""Bits below which a passphrase is called weak, fair and good."""


def strength(passphrase: str) -> dict[str, object]:
    """{bars 0 to 4, word, note, good}."""
    if not passphrase:
        return {"bars": 0, "word": "", "note": "", "good": False}
    if len(passphrase) < FEWEST:
        return {"bars": 1, "word": "Too short", "note": f"at least {FEWEST} characters", "good": False}
    from cms_desktop.wallet.words import passphrase_bits

    bits = passphrase_bits(passphrase)
    if bits < WEAK:
        return {"bars": 1, "word": "Weak", "note": "add a word or two", "good": False}
    if bits < FAIR:
        return {"bars": 2, "word": "Fair", "note": "one word more makes it much better", "good": True}
    if bits < GOOD:
        return {"bars": 3, "word": "Good", "note": "slow to guess even with many computers", "good": True}
    return {"bars": 4, "word": "Strong", "note": "nobody guesses this", "good": True}
