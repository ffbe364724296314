"""Ed25519 and secp256k1."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import coincurve

from cms_backend.core.errors import SignatureError
from cms_backend.core.keys import address_of, ed25519_key, secp256k1_key
from cms_backend.core.suites import (
    ed25519_sign,
    ed25519_verify,
    recover_address,
    secp256k1_sign,
)
from tests.conformance.model import (
    Result,
    Vectors,
    case_id,
    each,
    equal,
    expect,
    failed,
    not_applicable,
    verdict,
    whole_file,
)


def _rfc8032(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        secret, public = bytes.fromhex(case["secretKey"]), bytes.fromhex(case["publicKey"])
        message, signature = bytes.fromhex(case["message"]), bytes.fromhex(case["signature"])
        if ed25519_sign(message, secret + public) != signature:
            yield failed(case_id(case), "another signature")
        else:
            yield verdict(case_id(case), True, _ed25519, signature, message, public)


def _ed25519(signature: bytes, message: bytes, public: bytes) -> None:
    ed25519_verify(signature, message, ed25519_key(public).raw)


def _speccheck(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        parts = tuple(bytes.fromhex(case[name]) for name in ("signature", "message", "publicKey"))
        yield verdict(case_id(case), case["accepted_by"]["libsodium"], _ed25519, *parts)


def _wycheproof_ed25519(vectors: Vectors) -> Iterator[Result]:
    for group in vectors["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for test in group["tests"]:
            parts = (bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]), public)
            yield verdict(case_id(test), test["result"] == "valid", _ed25519, *parts)


def _wycheproof_p1363(vectors: Vectors) -> Iterator[Result]:
    for group in vectors["testGroups"]:
        key = secp256k1_key(bytes.fromhex(group["publicKey"]["uncompressed"]))
        for test in group["tests"]:
            digest, signature = sha256(bytes.fromhex(test["msg"])).digest(), bytes.fromhex(test["sig"])
            yield _recovered(test, digest, signature, address_of(key))


def _recovered(test: Vectors, digest: bytes, signature: bytes, address: str) -> Result:
    reasons = set()
    for v in (27, 28):
        try:
            if recover_address(digest, signature + bytes([v])) == address:
                return expect(case_id(test), test["result"] == "valid", "accepted an invalid signature")
            reasons.add("signature")
        except SignatureError as error:
            reasons.add(error.reason)
    note = f"refused a valid signature: {', '.join(sorted(reasons))}"
    return expect(case_id(test), test["result"] != "valid", note)


def _rfc6979(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        if case["curve"] != "secp256k1":
            yield not_applicable(case_id(case), f"the protocol has no {case['curve']}")
            continue
        secret = coincurve.PrivateKey(bytes.fromhex(case["privateKeyHex"]))
        digest = sha256(case["message"].encode()).digest()
        signature = secp256k1_sign(digest, secret)
        key = secp256k1_key(bytes.fromhex(case["publicKeyCompressed"]))
        if recover_address(digest, signature) != address_of(key):
            yield failed(case_id(case), "another address is recovered")
        else:
            yield equal(case_id(case), signature[:64].hex(), case["signatureRS"])


_NO_DER = whole_file("the protocol has no DER signatures")
_NO_P256 = whole_file("the protocol has no P-256 keys")
_WYCHEPROOF = "signatures/wycheproof/"

FILES = {
    "signatures/ed25519-rfc8032.json": _rfc8032,
    "signatures/ed25519-edge-speccheck.json": _speccheck,
    "signatures/ecdsa-rfc6979.json": _rfc6979,
    _WYCHEPROOF + "ed25519_test.json": _wycheproof_ed25519,
    _WYCHEPROOF + "ecdsa_secp256k1_sha256_p1363_test.json": _wycheproof_p1363,
    _WYCHEPROOF + "ecdsa_secp256k1_sha256_bitcoin_test.json": _NO_DER,
    _WYCHEPROOF + "ecdsa_secp256k1_sha256_test.json": _NO_DER,
    _WYCHEPROOF + "ecdsa_secp256r1_sha256_p1363_test.json": _NO_P256,
    _WYCHEPROOF + "ecdsa_secp256r1_sha256_test.json": _NO_P256,
}
