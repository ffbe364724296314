"""Grammar of DIDs, Multikeys and accounts: form only, no curve arithmetic and no classes of ours.

Sources: DID Core 1.0 section 3.1, did:key (Multikey, W3C Controlled Identifiers 1.0 section 2.2.2), CAIP-2,
CAIP-10, did:pkh, did:web, did:ethr. Where the protocol knows one form only (section 1), others are refused.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

from cms_backend.core.base58 import b58decode
from cms_backend.core.errors import DidError, FormError, KeyTextError

KeyKind = Literal["ed25519", "secp256k1", "account"]

ED25519_PREFIX: Final = b"\xed\x01"
SECP256K1_PREFIX: Final = b"\xe7\x01"

_IDCHAR: Final = r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})"
_DID: Final = re.compile(rf"did:([a-z0-9]+):((?:{_IDCHAR}*:)*{_IDCHAR}+)")
_ACCOUNT: Final = re.compile(r"eip155:[1-9][0-9]{0,31}:0x[0-9a-f]{40}")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_WEB_HOST: Final = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_WEB_PORT: Final = re.compile(r"[1-9][0-9]{0,4}")
_ETHR: Final = re.compile(
    r"(?:([a-z][a-z0-9-]*(?::[a-z0-9-]+)*|0x[1-9a-f][0-9a-f]*):)?(0x[0-9a-f]{40}|0x0[23][0-9a-f]{64})"
)
MAX_DID: Final = 2048


def split_did(text: str) -> tuple[str, str]:
    """(method, method-specific id) of a DID. DidError when it is none (DID Core 3.1), or a DID URL."""
    if len(text) > MAX_DID:
        raise DidError(f"A DID has at most {MAX_DID} characters here.")
    match = _DID.fullmatch(text)
    if match is None:
        raise DidError(f"{text[:100]!r} is not a DID.", remedy="A DID looks like did:key:z6Mk...")
    return match.group(1), match.group(2)


@lru_cache(maxsize=16384)
def check_did(text: str) -> str:
    """The text, when it is a DID; did:key, did:pkh, did:web and did:ethr in the one form of section 1."""
    method, rest = split_did(text)
    try:
        if method == "key":
            multikey(rest)
        elif method == "pkh":
            check_account(rest)
        elif method == "web":
            web_parts(rest)
        elif method == "ethr":
            ethr_parts(rest)
    except DidError:
        raise
    except FormError as error:
        raise DidError(f"{text[:100]!r} is no did:{method}: {error.detail}", remedy=error.remedy) from error
    return text


@lru_cache(maxsize=16384)
def multikey(text: str) -> tuple[KeyKind, bytes]:
    """(kind, raw public key) of a Multikey: 32 bytes Ed25519 or 33 bytes compressed secp256k1. Form only."""
    if not text.startswith("z") or len(text) > 60:
        raise KeyTextError("A key is written as a Multikey: z and base58btc.")
    try:
        raw = b58decode(text[1:])
    except FormError as error:
        raise KeyTextError(f"The key is no Multikey: {error.detail}") from error
    if raw.startswith(ED25519_PREFIX) and len(raw) == 34:
        return "ed25519", raw[2:]
    if raw.startswith(SECP256K1_PREFIX) and len(raw) == 35 and raw[2] in (2, 3):
        return "secp256k1", raw[2:]
    raise KeyTextError("The key is neither an Ed25519 nor a compressed secp256k1 Multikey.")


def check_account(text: str) -> str:
    """The text, when it is a lower-case CAIP-10 account of eip155."""
    if _ACCOUNT.fullmatch(text) is None:
        raise KeyTextError(
            f"{text[:80]!r} is no account of the form eip155:N:0x and 40 lower-case hex digits.",
            remedy="Check a mixed-case address by its checksum first, then write it in lower case.",
        )
    return text


@lru_cache(maxsize=16384)
def check_key(text: str) -> str:
    """The text, when it is a Multikey or an account (section 1). KeyTextError otherwise."""
    if text.startswith("eip155:"):
        return check_account(text)
    multikey(text)
    return text


def web_parts(rest: str) -> tuple[str, int | None, tuple[str, ...]]:
    """(host, port, path segments) of did:web. Lower-case host names only, never an IP address."""
    head, *path = rest.split(":")
    host, percent, port = head.partition("%3A")
    if _WEB_HOST.fullmatch(host) is None or len(host) > 253:
        raise DidError(f"{host[:80]!r} is no lower-case host name.")
    # Resolvers read a host whose last label is a number, also in hex, as an IP address (WHATWG URL).
    # A name without a dot is a machine nearby; only localhost with a port is let through, for development.
    if _NUMBER.fullmatch(host.rpartition(".")[2]) or ("." not in host and not (host == "localhost" and port)):
        raise DidError("did:web takes a full host name, never an IP address.")
    if percent and (_WEB_PORT.fullmatch(port) is None or int(port) > 65535):
        raise DidError("The port of did:web is written %3A and a number up to 65535.")
    for segment in path:
        if not segment or segment in (".", "..") or "%" in segment:
            raise DidError("did:web has an empty, dotted or percent-encoded path segment.")
    return host, int(port) if percent else None, tuple(path)


ETHR_NETWORKS: Final = {"mainnet": 1, "sepolia": 11155111, "holesky": 17000}


def ethr_parts(rest: str) -> tuple[int, str]:
    """(chain id, address or compressed public key as 0x hex) of did:ethr. Networks by name or hex id."""
    match = _ETHR.fullmatch(rest)
    if match is None:
        raise DidError("did:ethr takes a network and 0x with 40 or 66 lower-case hex digits.")
    network, identifier = match.groups()
    if network is None:
        return 1, identifier
    if network.startswith("0x"):
        return int(network, 16), identifier
    if network not in ETHR_NETWORKS:
        raise DidError(f"The network {network!r} of did:ethr is not known here; use its chain id, as in 0x1.")
    return ETHR_NETWORKS[network], identifier
