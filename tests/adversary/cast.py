"""Who takes part in the made-up histories: fixed keys, so that every counterexample can be played again."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from cms_backend.core.canonical import encode
from cms_backend.core.hashing import H
from cms_backend.core.ids import Did
from cms_backend.core.signatures import Ed25519Signer, Signer, secure


class Role(StrEnum):
    """Who makes a move. A holder has the file and no key."""

    owner = "owner"
    party = "party"
    stranger = "stranger"
    operator = "operator"
    other_operator = "other operator"
    thief = "thief of one key"
    holder = "holder"


def actor(name: str, did: str | None = None) -> Ed25519Signer:
    """A signer with the fixed key of a name."""
    return Ed25519Signer(sha256(name.encode()).digest(), None if did is None else Did(did))


ANNA: Final = actor("Anna")
"""Owner and second signer."""
BORIS: Final = actor("Boris")
"""First signer."""
CARLA: Final = actor("Carla")
"""Approves before anybody signs, where there are three."""
HEIR: Final = actor("Boris, the next key")
"""Boris's own second key."""
PLANT: Final = actor("Boris, a next key that Anna made")
"""A key of Anna's, which she writes into a text as Boris's next."""
MALLORY: Final = actor("Mallory")
"""A stranger."""
THIEF: Final = actor("thief")
"""Who holds a copy of Boris's key puts this one in its place."""
OPERATOR: Final = actor("operator")
"""Runs the log that `created` names."""
SECOND: Final = actor("second operator")
"""Runs the log that the record may be moved to."""
RIVAL: Final = actor("rival operator")
"""Runs a log that has nothing to do with the contract."""

_signed: dict[tuple[bytes, str], dict[str, Any]] = {}


def sign(body: dict[str, Any], signer: Signer) -> dict[str, Any]:
    """The secured object. Each is signed once: histories share their beginnings."""
    at = encode(body), f"{signer.did} {signer.key}"
    if at not in _signed:
        if len(_signed) > 200_000:
            _signed.clear()
        _signed[at] = secure(body, signer)
    return _signed[at]


@lru_cache(maxsize=65536)
def h(text: str) -> str:
    """H of a text."""
    return str(H(text))
