"""Logging in at a server with a DID: the text is parsed and checked before the wallet signs it (section 1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cms_backend.core.errors import LoginError
from cms_backend.core.login import LoginMessage
from cms_backend.core.signatures import sign_login
from cms_desktop.api.client import Client

if TYPE_CHECKING:
    from cms_backend.core.signatures import Signer


async def log_in(client: Client, signer: Signer, *, domain: str | None = None) -> tuple[str, str]:
    """(token, expires_at) for a DID. LoginError when the text is not one that a key may sign, or is for others.

    `domain`: the one that the text must name; by default the first part of the log's origin.
    """
    wanted = domain or str((await client.log_info())["origin"]).split("/", 1)[0]
    asked: Any = await client._post("/auth/challenge", _body({"did": signer.did}))
    text = str(asked["challenge"])
    message = LoginMessage.parse(text)
    if message.domain != wanted:
        raise LoginError(
            f"The server asks to log in to {message.domain[:80]!r}, not to {wanted!r}.",
            remedy="Check the server's address. Nothing was signed.",
        )
    message.check(domain=wanted, nonce=message.nonce, now=datetime.now(UTC))
    signature = sign_login(text, signer)
    answer: Any = await client._post(
        "/auth/verify", _body({"did": signer.did, "challenge": text, "signature": signature})
    )
    return str(answer["token"]), str(answer["expires_at"])


def _body(value: dict[str, str]) -> bytes:
    import orjson

    return orjson.dumps(value)
