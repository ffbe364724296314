"""Ethereum keystore V3 and the key derivation functions that the wallet uses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from cms_desktop.wallet.kdf import argon2id
from cms_desktop.wallet.keystore_v3 import decrypt
from tests.conformance.model import Result, Vectors, case_id, each, equal, not_applicable, verdict, whole_file


def _valid(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        # A secret shorter than 32 bytes is an Ethereum key with zeros in front.
        secret = bytes.fromhex(case["privateKey"].removeprefix("0x")).rjust(32, b"\0")
        found = decrypt(case["keystore"], case["password"]).rjust(32, b"\0")
        yield equal(case_id(case), found.hex(), secret.hex())


def _invalid(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        yield verdict(case_id(case), case["valid"], decrypt, case["keystore"], case["password"])


def _scrypt(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        if 128 * case["n"] * case["r"] > 256 * 2**20:
            yield not_applicable(case_id(case), "needs more memory than a wallet may take for scrypt")
            continue
        made = hashlib.scrypt(
            case["password"].encode(),
            salt=case["salt"].encode(),
            n=case["n"],
            r=case["r"],
            p=case["p"],
            maxmem=2**29,
            dklen=64,
        )
        yield equal(case_id(case), made.hex(), case["dkHex"])


def _pbkdf2(vectors: Vectors) -> Iterator[Result]:
    for test in each(vectors):
        made = hashlib.pbkdf2_hmac(
            "sha256",
            bytes.fromhex(test["password"]),
            bytes.fromhex(test["salt"]),
            test["iterationCount"],
            test["dkLen"],
        )
        yield equal(case_id(test), made.hex(), test["dk"])


def _argon2id(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        salt = bytes.fromhex(case["saltHex"])
        if case["p"] != 1 or len(salt) != 16 or case.get("secretHex") or case.get("adHex"):
            yield not_applicable(case_id(case), "libsodium: one lane, 16 bytes of salt, no secret, no data")
            continue
        password = bytes.fromhex(case["passwordHex"]) if "passwordHex" in case else case["password"].encode()
        tag = argon2id(password, salt, t=case["t"], m_kib=case["m"], length=case["length"])
        yield equal(case_id(case), tag.hex(), case["tagHex"])


FILES = {
    "keystore/argon2id.json": _argon2id,
    "keystore/ethereum-v3.json": _valid,
    "keystore/ethereum-v3-invalid.json": _invalid,
    "keystore/scrypt.json": _scrypt,
    "keystore/wycheproof/pbkdf2_hmacsha256_test.json": _pbkdf2,
    "keystore/argon2id-phc-invalid.json": whole_file("the wallet file has a form of its own, no PHC string"),
    "keystore/erc2335-v4.json": whole_file("validator keystores (BLS) are not imported"),
}
