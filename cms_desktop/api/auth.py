"""Logging in at a server with a DID: the text is parsed and checked before the wallet signs it (section 1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from cms_backend.core.errors import LoginError
from cms_backend.core.ids import Time
from cms_backend.core.login import LoginMessage
from cms_backend.core.signatures import sign_login
from cms_desktop.api.client import Client

if TYPE_CHECKING:
    from cms_backend.core.signatures import Signer

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


async def log_in(client: Client, signer: Signer, *, domain: str | None = None) -> tuple[str, Time]:
    """(token, until when it holds) for a DID. LoginError when the text is none that a key may sign, or is for others.

    `domain`: the one that the text must name. By default the host that is asked, as ERC-4361 wants it: else a server
    could hand on the text of another one, and log in there with the signature. A backend of this computer has no
    name of its own; there it is the first part of its log's origin.
    """
    origin = str((await client.log_info())["origin"])
    host = urlsplit(client.base_url).hostname or ""
    wanted = domain or (origin.partition("/")[0] if host in _LOOPBACK else host)
    text = await client.challenge(signer.did)
    message = LoginMessage.parse(text)
    if message.domain != wanted:
        raise LoginError(
            f"The server asks to log in to {message.domain[:80]!r}, not to {wanted!r}.",
            remedy="Check the server's address. Nothing was signed.",
        )
    message.check(domain=wanted, nonce=message.nonce, now=datetime.now(UTC), uri=f"https://{origin}")
    return await client.answer_challenge(signer.did, text, sign_login(text, signer))
