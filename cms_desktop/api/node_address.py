"""The address of a ledger's node, as a person gives it."""

from __future__ import annotations

from urllib.parse import urlsplit

from cms_backend.core.errors import CmsError


class NodeAddressError(CmsError):
    """What was given as a node's address is none."""

    code = "ledger.node-address"
    status = 400


def node_address(text: str) -> str:
    """The address, when it has the form of an HTTP URL with a host and, if any, a port from 1 to 65535.
    NodeAddressError otherwise; the words leave out what stands before an @, which may be a password.
    """
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or any(letter.isspace() or not letter.isprintable() for letter in text):
        raise NodeAddressError(
            f"{text.rpartition('@')[2]!r} is not the address of a node.",
            remedy="Give an address such as http://127.0.0.1:8545; ports go from 1 to 65535.",
        )
    return text
