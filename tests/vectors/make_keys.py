"""Sections 1, 4 and 5: keys, DIDs, verification methods, logins."""

from __future__ import annotations

from typing import Any

from cms_backend.core.base58 import b58encode
from cms_backend.core.did import verification_method
from cms_backend.core.did_syntax import ED25519_PREFIX, SECP256K1_PREFIX
from cms_backend.core.keys import address_of, checksum_address
from cms_backend.core.login import LoginMessage, personal_digest
from cms_backend.core.signatures import sign_login, suite_of
from tests.support.core_samples import account, ed25519, secp256k1

SIGNERS = {"ed25519": ed25519(1), "secp256k1": secp256k1(2), "account": account(3, chain=1)}
SECRETS = {"ed25519": "01" * 32, "secp256k1": "02" * 32, "account": "03" * 32}
ADDRESS = address_of(account(3).public)

BARREN_KEYS = {
    "small-order": (
        "z" + b58encode(ED25519_PREFIX + bytes([1]) + bytes(31)),
        "an Ed25519 key of small order",
    ),
    "not-on-the-curve": ("z" + b58encode(SECP256K1_PREFIX + b"\x02" + b"\xff" * 32), "no point of secp256k1"),
}
REFUSED_KEYS = {
    "mixed-case-account": (f"eip155:1:{checksum_address(ADDRESS)}", "an account is written in lower case"),
    "leading-zero-chain": (f"eip155:01:{ADDRESS}", "a chain id has no leading zero"),
    "other-namespace": ("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:abc", "accounts are of eip155"),
    "x25519": ("z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc", "no other key types"),
    "p256": ("zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv", "no other key types"),
}
REFUSED_KEYS = {
    "base64url-multibase": ("u7QEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ", "base58btc only"),
    "hex": ("ed01" + "01" * 32, "a Multikey, not raw hex"),
}
REFUSED_DIDS = {
    "upper-method": ("did:KEY:" + str(SIGNERS["ed25519"].key), "methods are lower case"),
    "did-url": (f"{SIGNERS['ed25519'].did}#{SIGNERS['ed25519'].key}", "a DID, not a DID URL"),
    "pkh-mixed-case": (f"did:pkh:eip155:1:{checksum_address(ADDRESS)}", "did:pkh in lower case"),
    "pkh-other": ("did:pkh:bip122:000000000019d6689c085ae165831e93:128Lkh", "did:pkh of eip155 only"),
    "web-upper": ("did:web:Example.com", "did:web in lower case"),
    "web-ip": ("did:web:192.0.2.1", "did:web names no IP address"),
    "web-dots": ("did:web:example.com:..:x", "did:web has no dotted segment"),
    "ethr-chain-zero": (f"did:ethr:0x0:{ADDRESS}", "a chain id of did:ethr is at least 1"),
    "ethr-leading-zero": (f"did:ethr:0x01:{ADDRESS}", "a chain id of did:ethr has no leading zero"),
    "ethr-uncompressed-key": (f"did:ethr:0x04{'ab' * 64}", "did:ethr names a compressed key"),
    "ethr-unknown-network": (f"did:ethr:nowhere:{ADDRESS}", "did:ethr with a known network or a hex id"),
}


def _login(name: str) -> dict[str, Any]:
    signer = SIGNERS[name]
    is_account = name == "account"
    message = LoginMessage(
        domain="cms.example.com",
        address=checksum_address(ADDRESS) if is_account else str(signer.did),
        statement="I sign in to my contracts.",
        uri="https://cms.example.com/api/v1",
        chain_id=1 if is_account else None,
        nonce="a1b2c3d4e5f6",
        issued_at="2026-03-05T10:20:30.456Z",
        expiration_time="2026-03-05T10:25:30.456Z",
    )
    digest = None if name == "ed25519" else personal_digest(message.text.encode()).hex()
    return {
        "id": name,
        "did": str(signer.did),
        "text": message.text,
        "eip191_digest": digest,
        "signature": sign_login(message.text, signer),
    }


def build() -> dict[str, Any]:
    """`keys.json` and `logins.json`."""
    keys = [
        {
            "id": name,
            "secret": SECRETS[name],
            "raw": signer.public.raw.hex(),
            "key": str(signer.key),
            "did": str(signer.did),
            "suite": suite_of(signer.public),
            "verification_method": verification_method(signer.did, signer.key),
            "under_did_web": verification_method("did:web:example.com", signer.key),
            "address": None if name == "ed25519" else address_of(signer.public),
        }
        for name, signer in SIGNERS.items()
    ]
    return {
        "keys.json": {
            "section": "1, 4",
            "how": "barren keys have the form of keys and verify nothing; "
            "secret: RFC 8032 seed or secp256k1 scalar; raw: Ed25519, compressed point, or address",
            "keys": keys,
            "barren_keys": _refused(BARREN_KEYS),
            "refused_keys": _refused(REFUSED_KEYS),
            "refused_dids": _refused(REFUSED_DIDS),
        },
        "logins.json": {
            "section": "1",
            "how": "CAIP-122 / ERC-4361 text; Ed25519 signs its UTF-8, secp256k1 keys and accounts EIP-191",
            "logins": [_login(name) for name in SIGNERS],
        },
    }


def _refused(table: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
    return [{"id": name, "input": text, "rule": rule} for name, (text, rule) in table.items()]
