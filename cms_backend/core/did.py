"""DIDs that the protocol knows: did:key and did:pkh certify themselves, did:web and did:ethr are only parsed.

Whoever needs the keys of a did:web or a did:ethr resolves them outside the kernel (section 5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from cms_backend.core import did_syntax
from cms_backend.core.errors import DidError, KeyTextError
from cms_backend.core.ids import Did, KeyText
from cms_backend.core.keys import PublicKey, parse_address, secp256k1_key

_URL_TAIL: Final = re.compile(
    r"(?P<did>[^/?#]*)"
    r"(?P<path>(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*)"
    r"(?:\?(?P<query>(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*))?"
    r"(?:#(?P<fragment>(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*))?"
)
_MIXED_ADDRESS: Final = re.compile(r"0x[0-9A-Fa-f]{40}")
KNOWN_METHODS: Final = ("key", "pkh", "web", "ethr")


@dataclass(frozen=True, slots=True)
class DidParts:
    """A parsed DID. Members that its method does not have are None (or empty)."""

    did: Did
    method: str
    id: str
    key: KeyText | None = None
    """did:key and did:pkh: the key or account that the DID itself names."""
    chain: int | None = None
    """did:pkh and did:ethr: the EIP-155 chain id."""
    address: str | None = None
    """did:pkh and did:ethr by address: 0x and 40 lower-case hex."""
    public_key: str | None = None
    """did:ethr by public key: 0x and 66 lower-case hex."""
    host: str | None = None
    port: int | None = None
    path: tuple[str, ...] = ()


def parse_did(text: str) -> DidParts:
    """The parts of a DID of a known method. DidError for bad form and for methods that are not known here."""
    method, rest = did_syntax.split_did(text)
    if method not in KNOWN_METHODS:
        raise DidError(
            f"The DID method {method!r} is not supported.",
            remedy="Use a DID of did:key, did:pkh, did:web or did:ethr.",
        )
    did = Did.parse(text)
    if method == "key":
        return DidParts(did, method, rest, key=KeyText(rest))
    if method == "pkh":
        chain, address = rest.split(":")[1:]
        return DidParts(did, method, rest, key=KeyText(rest), chain=int(chain), address=address)
    if method == "web":
        host, port, path = did_syntax.web_parts(rest)
        return DidParts(did, method, rest, host=host, port=port, path=path)
    number, identifier = did_syntax.ethr_parts(rest)
    by_address = len(identifier) == 42
    if not by_address:
        _check_point(identifier)
    return DidParts(
        did,
        method,
        rest,
        chain=number,
        address=identifier if by_address else None,
        public_key=None if by_address else identifier,
    )


def _check_point(identifier: str) -> None:
    try:
        secp256k1_key(bytes.fromhex(identifier[2:]))
    except KeyTextError as error:
        raise DidError(f"did:ethr names no key: {error.detail}") from error


def did_from_outside(text: str) -> Did:
    """A DID as a person or another wallet writes it, in the one form of section 1. DidError when it is none.

    The address of a did:pkh or did:ethr may have mixed case, which must then pass EIP-55, or upper case.
    """
    method, rest = did_syntax.split_did(text)
    before, colon, address = rest.rpartition(":")
    if method in ("pkh", "ethr") and _MIXED_ADDRESS.fullmatch(address):
        try:
            text = f"did:{method}:{before}{colon}{parse_address(address)}"
        except KeyTextError as error:
            raise DidError(error.detail, remedy=error.remedy) from error
    return Did.parse(text)


@lru_cache(maxsize=16384)
def key_of_did(did: str) -> KeyText | None:
    """The key that a did:key or did:pkh certifies by itself; None for every other method. Cached."""
    if did.startswith(("did:key:", "did:pkh:")):
        return KeyText.parse(did[8:])
    return None


@lru_cache(maxsize=16384)
def verification_method(did: str, key: str) -> str:
    """The one `verificationMethod` under which a DID signs with its pinned key (section 4). Cached."""
    if did.startswith("did:key:"):
        return f"{did}#{did[8:]}"
    if did.startswith("did:pkh:"):
        return f"{did}#blockchainAccountId"
    return f"{did}#{key}"


@lru_cache(maxsize=16384)
def signing_key(did: str, method: str) -> KeyText | None:
    """The key that a proof is made with: the DID's own, else what the fragment of its verificationMethod names.

    None when the fragment is no key (section 4). Whether that key may speak for the DID is the matter of the pins.
    """
    own = key_of_did(did)
    if own is not None:
        return own
    fragment = method.removeprefix(f"{did}#")
    try:
        return KeyText.parse(fragment)
    except KeyTextError:
        return None


def did_key(key: PublicKey) -> Did:
    """did:key of an Ed25519 or secp256k1 key. DidError for an account."""
    if key.kind == "account":
        raise DidError("An account has a did:pkh, not a did:key.")
    return Did(f"did:key:{key.text}")


def did_pkh(key: PublicKey) -> Did:
    """did:pkh of an account. DidError for other keys."""
    if key.kind != "account":
        raise DidError("Only an account has a did:pkh.")
    return Did(f"did:pkh:{key.text}")


def did_web_url(did: str) -> str:
    """The HTTPS address of a did:web's document (did:web, section 2.5.2). DidError for other DIDs."""
    parts = parse_did(did)
    if parts.method != "web" or parts.host is None:
        raise DidError("Only a did:web has a document address.")
    port = f":{parts.port}" if parts.port else ""
    path = "/".join(quote(segment, safe="-._~%") for segment in parts.path) or ".well-known"
    return f"https://{parts.host}{port}/{path}/did.json"


@dataclass(frozen=True, slots=True)
class DidUrl:
    """A DID URL in parts (DID Core 1.0, section 3.2); what is absent is None, the path is then empty."""

    did: str
    path: str
    query: str | None
    fragment: str | None


def parse_did_url(text: str) -> DidUrl:
    """Split a DID URL. DidError when it does not follow the grammar of DID Core 3.2 and RFC 3986."""
    match = _URL_TAIL.fullmatch(text)
    if match is None:
        raise DidError(f"{text[:100]!r} is no DID URL.")
    did_syntax.split_did(match["did"])
    return DidUrl(match["did"], match["path"], match["query"], match["fragment"])
