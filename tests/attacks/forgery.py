"""What an attacker writes who holds a key and follows another reading of the standards than ours."""

from __future__ import annotations

from typing import Any

from cms_backend.core.base58 import b58encode
from cms_backend.core.canonical import encode
from cms_backend.core.eip712 import statement_digest
from cms_backend.core.evidence import Evidence
from cms_backend.core.hashing import digest_of, sha256
from cms_backend.core.ids import Digest
from cms_backend.core.signatures import Ed25519Signer, Secp256k1Signer
from cms_backend.core.suites import ed25519_sign, secp256k1_sign


def resigned(body: dict[str, Any], signer: Ed25519Signer | Secp256k1Signer, **options: Any) -> dict[str, Any]:
    """The event as it stands, signed after the standard's own formula with the key itself: a signature that fits.

    `options` replace members of the proof. Our own signers refuse whatever is off the protocol.
    """
    kept = {name: one for name, one in {**body["proof"], **options}.items() if name != "proofValue"}
    statement = {name: one for name, one in body.items() if name != "proof"}
    hash_data = sha256(encode(kept)) + sha256(encode(statement))
    if isinstance(signer, Ed25519Signer):
        raw = ed25519_sign(hash_data, signer._secret)
    else:
        raw = secp256k1_sign(statement_digest(statement, sha256(hash_data)), signer._secret)
    return {**statement, "proof": {**kept, "proofValue": "z" + b58encode(raw)}}


def file_with(evidence: Evidence, event: dict[str, Any], *, instead_of: Digest | None = None) -> bytes:
    """The file with one more event, or with it in the place of another; its own digest fits."""
    members = evidence.to_json()
    kept = [one for one in members["envelopes"] if digest_of(one) != instead_of]
    members["envelopes"] = sorted([*kept, event], key=digest_of)
    del members["digest"]
    return encode({**members, "digest": str(digest_of(members))})
