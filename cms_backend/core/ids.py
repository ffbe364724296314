"""The values that text carries: digests, contract ids, times, DIDs, keys (section 1).

Each is a `str` that was checked once, so it costs nothing to carry, compare, hash or write as JSON.
`parse` raises FormError (or its children DidError and KeyTextError); calling the class itself checks nothing
and is for texts that this program has just made.
"""

from __future__ import annotations

import re
import secrets
import uuid
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Final, Self

from cms_backend.core import did_syntax
from cms_backend.core.errors import DidError, FormError, KeyTextError

_HEX: Final = "0123456789abcdef"
_CONTRACT: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")


class Digest(str):
    """32 bytes as 64 lower-case hex: hashes, roots, transaction hashes, block hashes, log ids."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> Self:
        """Check the form; FormError otherwise."""
        if isinstance(text, str) and len(text) == 64 and not text.strip(_HEX):
            return cls(text)
        raise FormError(f"{str(text)[:80]!r} is no digest of 64 lower-case hex digits.")

    @classmethod
    def of(cls, raw: bytes) -> Self:
        """The text of 32 raw bytes."""
        if len(raw) != 32:
            raise FormError("A digest has 32 bytes.")
        return cls(raw.hex())

    @property
    def raw(self) -> bytes:
        """The 32 bytes."""
        return bytes.fromhex(self)


class ContractId(str):
    """A UUIDv4 in lower case. Version 7 would tell the time of its birth, so it is refused."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> Self:
        """Check the form; FormError otherwise."""
        if isinstance(text, str) and _CONTRACT.fullmatch(text):
            return cls(text)
        raise FormError(f"{str(text)[:80]!r} is no contract id (a lower-case UUID of version 4).")

    @classmethod
    def new(cls) -> Self:
        """A fresh id from the system's randomness."""
        return cls(uuid.UUID(bytes=secrets.token_bytes(16), version=4))


class Time(str):
    """`YYYY-MM-DDThh:mm:ss.mmmZ`, a real date of the years 0001 to 9999. Text order is time order."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> Self:
        """Check the form and that the date exists; no second 60. FormError otherwise."""
        if isinstance(text, str) and _TIME.fullmatch(text):
            try:
                datetime.fromisoformat(text)
            except ValueError:
                pass
            else:
                return cls(text)
        raise FormError(f"{str(text)[:80]!r} is no time of the form 2026-01-31T12:00:00.000Z.")

    @classmethod
    def from_datetime(cls, moment: datetime) -> Self:
        """The text of an aware datetime, cut to milliseconds. FormError when it has no time zone."""
        if moment.tzinfo is None:
            raise FormError("A time needs its zone.")
        return cls(moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z")

    @property
    def datetime(self) -> datetime:
        """The same moment as an aware datetime in UTC."""
        return datetime.fromisoformat(self)


class Did(str):
    """A DID (DID Core 1.0, section 3.1); did:key, did:pkh, did:web and did:ethr in their one form."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> Self:
        """Check the form; DidError otherwise. Curve points are the matter of `keys.parse_key`."""
        if not isinstance(text, str):
            raise DidError("A DID is a string.")
        return cls(did_syntax.check_did(text))

    @property
    def method(self) -> str:
        """`key`, `pkh`, `web`, `ethr` or another method's name."""
        return self.split(":", 2)[1]


class KeyText(str):
    """A Multikey (`z6Mk...` Ed25519, `zQ3s...` secp256k1) or a CAIP-10 account `eip155:N:0x...`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> Self:
        """Check the form; KeyTextError otherwise. The curve point is `keys.parse_key`'s matter."""
        if not isinstance(text, str):
            raise KeyTextError("A key is a string.")
        return cls(did_syntax.check_key(text))


def is_ascending(values: list[str]) -> bool:
    """True when each value is greater than the one before: sorted, none twice."""
    return all(before < after for before, after in pairwise(values))


def cached_digest(value: object) -> Digest:
    """`Digest.parse` for values that come back often, such as roots and predecessors. FormError."""
    if type(value) is str:
        return _cached_digest(value)
    return Digest.parse(value)


@lru_cache(maxsize=65536)
def _cached_digest(text: str) -> Digest:
    return Digest.parse(text)
