"""Login by DID: a CAIP-122 / ERC-4361 text that the DID's key signs, once.

An open challenge is kept nowhere: the text carries a code over all that was asked (HMAC-SHA-256, RFC 2104), so whoever
asks for a million of them costs no memory and shuts nobody out. Only a text that was answered is remembered, until it
has expired.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from cms_backend.core.canonical import encode
from cms_backend.core.did import did_from_outside, key_of_did
from cms_backend.core.errors import LoginError
from cms_backend.core.ids import Time
from cms_backend.core.keys import address_of, checksum_address, parse_key
from cms_backend.core.login import LoginMessage, instant
from cms_backend.core.signatures import verify_login

_SENTENCE: Final = "I log in to this contract backend. This is no signature of a contract."
_LABEL: Final = "cms-challenge-v1"
_DRAWN: Final = 32
"""Hexadecimal digits of a nonce that are random; the 64 after them are the code."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A login that was asked for: by whom, the text to sign, until when."""

    did: str
    text: str
    expires: datetime


class AnsweredStore(Protocol):
    """The challenges that were answered, until they expire."""

    async def use(self, nonce: str, issued: str, expires: datetime, now: datetime) -> bool:
        """Remember that a challenge was answered; False when it was before, or is too old to be told."""
        ...


class MemoryAnsweredStore:
    """For one process. When it is full the older half is forgotten, and challenges of that age are refused from then
    on: asked for anew, they are good at once, and none is ever good twice.
    """

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._used: dict[str, tuple[str, datetime]] = {}
        self._refused_until = ""

    async def use(self, nonce: str, issued: str, expires: datetime, now: datetime) -> bool:
        """See AnsweredStore. ``issued`` is a Time, whose order is that of its text."""
        if nonce in self._used or issued <= self._refused_until:
            return False
        if len(self._used) >= self._limit:
            self._used = {key: value for key, value in self._used.items() if value[1] > now}
        if len(self._used) >= self._limit:
            ages = sorted(value[0] for value in self._used.values())
            self._refused_until = ages[len(ages) // 2]
            self._used = {key: value for key, value in self._used.items() if value[0] > self._refused_until}
            if issued <= self._refused_until:
                return False
        self._used[nonce] = (issued, expires)
        return True


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Challenges:
    """Asks and checks. ``origin`` is the log's: a client sees which backend it logs in to. ``key`` (32 bytes) is this
    process's own; a challenge of another one is none here.
    """

    def __init__(
        self,
        answered: AnsweredStore,
        origin: str,
        lifetime: timedelta,
        now: Callable[[], datetime] = _utc_now,
        *,
        key: bytes | None = None,
    ) -> None:
        self._answered = answered
        self._domain = origin.partition("/")[0]
        self._uri = f"https://{origin}"
        self._lifetime = lifetime
        self._now = now
        self._key = key or secrets.token_bytes(32)

    async def ask(self, did: str) -> Challenge:
        """A new text for a DID to sign. Raises DidError, LoginError."""
        now = self._now()
        issued, expires = Time.from_datetime(now), Time.from_datetime(now + self._lifetime)
        return self._challenge(did, secrets.token_hex(_DRAWN // 2), issued, expires)

    async def check(self, did: str, text: str, signature: str) -> str:
        """The DID, if it has signed the very text that it was asked to, in time, once.

        Raises DidError, LoginError, SignatureError.
        """
        now = self._now()
        message = LoginMessage.parse(text)
        asked = self._challenge(did, message.nonce[:_DRAWN], message.issued_at, message.expiration_time or "")
        if not hmac.compare_digest(asked.text.encode(), text.encode()) or now >= asked.expires:
            raise _not_asked_for()
        signed = verify_login(text, signature, asked.did)
        signed.check(domain=self._domain, nonce=message.nonce, now=now, uri=self._uri)
        if not await self._answered.use(message.nonce, message.issued_at, asked.expires, now):
            raise _not_asked_for()
        return asked.did

    def _challenge(self, did: str, drawn: str, issued: str, expires: str) -> Challenge:
        """The one text of these parts."""
        parsed = did_from_outside(did)
        text_key = key_of_did(parsed)
        if text_key is None:
            raise LoginError(
                f"A DID of the method {parsed.method} cannot log in here: its key is not in it.",
                remedy="Log in with a did:key or a did:pkh.",
            )
        key = parse_key(text_key)
        account = key.kind == "account"
        code = hmac.digest(self._key, encode([_LABEL, parsed, drawn, issued, expires]), "sha256").hex()
        message = LoginMessage(
            domain=self._domain,
            address=checksum_address(address_of(key)) if account else parsed,
            statement=_SENTENCE,
            uri=self._uri,
            chain_id=int((key.chain or "").partition(":")[2]) if account else None,
            nonce=drawn + code,
            issued_at=issued,
            expiration_time=expires,
        )
        return Challenge(parsed, message.text, instant(expires))


def _not_asked_for() -> LoginError:
    return LoginError(
        "This login was not asked for, has been used, or has expired.", remedy="Ask for a new login."
    )
