"""Section 4: both suites, and logins of section 1."""

from __future__ import annotations

import re
from typing import Any

import coincurve
import nacl.exceptions
from nacl.bindings import crypto_sign_open

from .canonical import Obj, Refused, canonical, digest, sha
from .texts import Key, base58_decode, keccak256, own_key, parse_key

_HALF = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141 // 2
_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_ERC6492 = bytes.fromhex("6492" * 16)
_EVENT = (
    "ContractEvent(string action,string intent,string contract,uint64 sequence,string actor,string occurredAt,"
    "uint64 revision,bytes32 documentRoot,bytes32 previous,bytes32 digest)"
)


class BadProof(Refused):
    """A proof that does not hold; `reason` is one of section 4."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Undecided(Exception):
    """An account's signature that only its contract can judge."""

    def __init__(self, message: bytes, signature: bytes) -> None:
        super().__init__("ask the account's contract")
        self.message, self.signature = message, signature


def method_of(did: str, key: str) -> str:
    """The verificationMethod of this DID with this key."""
    if did.startswith("did:key:"):
        return f"{did}#{own_key(did)}"
    return f"{did}#blockchainAccountId" if did.startswith("did:pkh:") else f"{did}#{key}"


def signing_key(secured: Obj) -> str:
    """The key that signed: the DID's own, else the one that the fragment of verificationMethod names."""
    own = own_key(secured["actor"])
    return own if own is not None else str(secured["proof"]["verificationMethod"].rpartition("#")[2])


def event_of(env: Obj) -> str:
    """What envelopes of one event have in common: the statement; for DIDs that any key may claim, with the key."""
    statement = digest({name: value for name, value in env.items() if name != "proof"})
    return statement if own_key(env["actor"]) is not None else f"{statement}#{signing_key(env)}"


def hash_data(secured: Obj) -> bytes:
    """The 64 bytes that everything else signs."""
    proof = {name: value for name, value in secured["proof"].items() if name != "proofValue"}
    bare = {name: value for name, value in secured.items() if name != "proof"}
    return sha(canonical(proof)) + sha(canonical(bare))


def _string(text: str) -> bytes:
    return keccak256(text.encode())


def eip712_digest(secured: Obj) -> bytes:
    """What a secp256k1 key or an account signs (EIP-712)."""
    domain = keccak256(
        _string("EIP712Domain(string name,string version)")
        + _string("Contract Management System")
        + _string("1")
    )
    last = sha(hash_data(secured))
    if secured["type"] == "ContractEvent":
        e = secured
        fields = [
            _string(_EVENT), _string(e["action"]), _string(e["intent"]), _string(e["contract"]),
            e["sequence"].to_bytes(32, "big"), _string(e["actor"]), _string(e["occurred_at"]),
            e["document"]["revision"].to_bytes(32, "big"), bytes.fromhex(e["document"]["root"]),
            bytes.fromhex(e["previous"] or "00" * 32), last,
        ]  # fmt: skip
    else:
        fields = [_string("Statement(string kind,bytes32 digest)"), _string(secured["type"]), last]
    return keccak256(b"\x19\x01" + domain + keccak256(b"".join(fields)))


def ed25519_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """libsodium's verification."""
    try:
        crypto_sign_open(signature + message, public)
    except (nacl.exceptions.BadSignatureError, ValueError):
        return False
    return True


def recovered(message: bytes, signature: bytes, *, bare_v: bool = False) -> bytes | None:
    """The address that r || s || v recovers to, None when there is none; BadProof for another writing."""
    v = signature[64]
    if v not in ((0, 1, 27, 28) if bare_v else (27, 28)):
        raise BadProof("v")
    if int.from_bytes(signature[32:64], "big") > _HALF:
        raise BadProof("high-s")
    try:
        point = coincurve.PublicKey.from_signature_and_message(
            signature[:64] + bytes([v - 27 if v >= 27 else v]), message, hasher=None
        )
    except Exception:  # noqa: BLE001  coincurve raises bare Exception where nothing is recovered
        return None
    return keccak256(point.format(compressed=False)[1:])[-20:]


def _other_writing(message: bytes, signature: bytes, address: bytes) -> bool:
    """Whether a 65-byte signature is the account's own with a high s, or with v of 0 or 1."""
    r, s, v = signature[:32], int.from_bytes(signature[32:64], "big"), signature[64]
    if v in (0, 1):
        v += 27
    if s > _HALF and s < _ORDER and v in (27, 28):
        s, v = _ORDER - s, 55 - v
    if v not in (27, 28) or s > _HALF:
        return False
    return recovered(message, r + s.to_bytes(32, "big") + bytes([v])) == address


def verify(secured: Obj, key_text: str) -> None:
    """Verify the proof under this key; BadProof (the first reason in the order of section 4) or Undecided otherwise."""
    proof = secured["proof"]
    try:
        key = parse_key(key_text)
    except Refused as fault:
        raise BadProof("method") from fault
    if not key.valid:
        raise BadProof("key")
    suite = "eddsa-jcs-2022" if key.kind == "ed25519" else "cms-eip712-v1"
    if proof["cryptosuite"] != suite:
        raise BadProof("suite")
    if proof["verificationMethod"] != method_of(secured["actor"], key_text):
        raise BadProof("method")
    if not proof["proofValue"].startswith("z"):
        raise BadProof("encoding")
    try:
        signature = base58_decode(proof["proofValue"][1:])
    except Refused as fault:
        raise BadProof("encoding") from fault
    if key.kind != "account" and len(signature) != (64 if key.kind == "ed25519" else 65):
        raise BadProof("encoding")
    if key.kind == "ed25519":
        if not ed25519_holds(key.raw, hash_data(secured), signature):
            raise BadProof("signature")
    elif key.kind == "secp256k1":
        if recovered(eip712_digest(secured), signature) != key.address:
            raise BadProof("signature")
    else:
        _verify_account(eip712_digest(secured), signature, key)


def _verify_account(message: bytes, signature: bytes, key: Key) -> None:
    if not signature or len(signature) > 4096 or signature.endswith(_ERC6492):
        raise BadProof("encoding")
    if len(signature) == 65:
        try:
            if recovered(message, signature) == key.raw:
                return
        except BadProof as fault:
            if _other_writing(message, signature, key.raw):
                raise BadProof(fault.reason) from fault
    raise Undecided(message, signature)


_LOGIN = re.compile(
    r"([^\s]+) wants you to sign in with your (DID|Ethereum) account:\n(\S+)\n\n(?:([^\n]+)\n)?\n"
    r"URI: (\S+)\nVersion: 1\n(?:Chain ID: ([1-9][0-9]*)\n)?Nonce: ([A-Za-z0-9]{8,})\nIssued At: (\S+)"
    r"(?:\nExpiration Time: (\S+))?(?:\nNot Before: (\S+))?(?:\nRequest ID: (\S*))?(?:\nResources:(?:\n- \S+)*)?"
)


def checksum(address: bytes) -> str:
    """An address in the mixed case of EIP-55."""
    plain = address.hex()
    marks = keccak256(plain.encode()).hex()
    return "0x" + "".join(
        c.upper() if int(mark, 16) > 7 else c for c, mark in zip(plain, marks, strict=False)
    )


def login_digest(text: str) -> bytes:
    """EIP-191, version 0x45."""
    data = text.encode()
    return keccak256(b"\x19Ethereum Signed Message:\n" + str(len(data)).encode() + data)


def verify_login(text: str, signature: str, did: str, key_text: str) -> None:
    """Verify a login text under a key; BadProof otherwise."""
    match, key = _LOGIN.fullmatch(text), parse_key(key_text)
    named: Any = match and (match[2], match[3], match[6])
    account = ("Ethereum", checksum(key.raw), key_text.split(":")[1]) if key.kind == "account" else None
    if match is None or named != (account or ("DID", did, None)):
        raise BadProof("encoding")
    if key.kind == "ed25519":
        if not signature.startswith("z") or not ed25519_holds(
            key.raw, text.encode(), base58_decode(signature[1:])
        ):
            raise BadProof("signature")
        return
    if not re.fullmatch("0x[0-9a-f]{130}", signature):
        raise BadProof("encoding")
    if recovered(login_digest(text), bytes.fromhex(signature[2:]), bare_v=True) != key.address:
        raise BadProof("signature")
