"""Login by DID: a CAIP-122 / ERC-4361 text with a single-use nonce, signed by the DID's key."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from cms_backend.core.did import did_from_outside, key_of_did
from cms_backend.core.errors import CmsError, LoginError
from cms_backend.core.ids import Time
from cms_backend.core.keys import address_of, checksum_address, parse_key
from cms_backend.core.login import LoginMessage
from cms_backend.core.signatures import verify_login

_SENTENCE = "I log in to this contract backend. This is no signature of a contract."


class TooManyChallenges(CmsError):
    """More logins are open than this backend keeps."""

    code = "auth.too-many"
    status = 429


@dataclass(frozen=True, slots=True)
class Challenge:
    """An open login: who asked, the text to sign, until when."""

    did: str
    text: str
    expires: datetime


class ChallengeStore(Protocol):
    """Open challenges by nonce; taking one removes it."""

    async def put(self, nonce: str, challenge: Challenge, now: datetime) -> None:
        """Keep a challenge until it expires. Raises TooManyChallenges."""
        ...

    async def take(self, nonce: str, now: datetime) -> Challenge | None:
        """The challenge, once; None if there is none or it has expired."""
        ...


class MemoryChallengeStore:
    """For one process: bounded, and free of what has expired whenever it fills."""

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._open: dict[str, Challenge] = {}

    async def put(self, nonce: str, challenge: Challenge, now: datetime) -> None:
        """See ChallengeStore."""
        if len(self._open) >= self._limit:
            self._open = {key: value for key, value in self._open.items() if value.expires > now}
        if len(self._open) >= self._limit:
            raise TooManyChallenges("Too many logins are open.", remedy="Try again in a few minutes.")
        self._open[nonce] = challenge

    async def take(self, nonce: str, now: datetime) -> Challenge | None:
        """See ChallengeStore."""
        challenge = self._open.pop(nonce, None)
        return challenge if challenge is not None and now < challenge.expires else None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Challenges:
    """Asks and checks. ``origin`` is the log's: a client sees which backend it logs in to."""

    def __init__(
        self,
        store: ChallengeStore,
        origin: str,
        lifetime: timedelta,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._store = store
        self._domain = origin.partition("/")[0]
        self._uri = f"https://{origin}"
        self._lifetime = lifetime
        self._now = now

    async def ask(self, did: str) -> Challenge:
        """A new text for a DID to sign. Raises DidError, LoginError, TooManyChallenges."""
        parsed = did_from_outside(did)
        text_key = key_of_did(parsed)
        if text_key is None:
            raise LoginError(
                f"A DID of the method {parsed.method} cannot log in here: its key is not in it.",
                remedy="Log in with a did:key or a did:pkh.",
            )
        key = parse_key(text_key)
        account = key.kind == "account"
        now = self._now()
        nonce = secrets.token_hex(16)
        message = LoginMessage(
            domain=self._domain,
            address=checksum_address(address_of(key)) if account else parsed,
            statement=_SENTENCE,
            uri=self._uri,
            chain_id=int((key.chain or "").partition(":")[2]) if account else None,
            nonce=nonce,
            issued_at=Time.from_datetime(now),
            expiration_time=Time.from_datetime(now + self._lifetime),
        )
        challenge = Challenge(parsed, message.text, now + self._lifetime)
        await self._store.put(nonce, challenge, now)
        return challenge

    async def check(self, did: str, text: str, signature: str) -> str:
        """The DID, if it has signed the very text that it was asked to, in time, once.

        Raises DidError, LoginError, SignatureError.
        """
        now = self._now()
        did = did_from_outside(did)
        message = LoginMessage.parse(text)
        challenge = await self._store.take(message.nonce, now)
        if challenge is None or challenge.did != did or challenge.text != text:
            raise LoginError(
                "This login was not asked for, has been used, or has expired.", remedy="Ask for a new login."
            )
        signed = verify_login(text, signature, did)
        signed.check(domain=self._domain, nonce=message.nonce, now=now, uri=self._uri)
        return challenge.did
