"""EIP-191, EIP-712 and EIP-55."""

from __future__ import annotations

from collections.abc import Iterator

import coincurve

from cms_backend.core.eip712 import encode_data, typed_data_digest
from cms_backend.core.errors import SignatureError
from cms_backend.core.keys import address_of, checksum_address, parse_address, secp256k1_key
from cms_backend.core.login import personal_digest
from cms_backend.core.suites import recover_address, secp256k1_sign
from tests.conformance.model import Result, Vectors, case_id, each, equal, failed, verdict


def _hex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _secret(text: str) -> coincurve.PrivateKey:
    return coincurve.PrivateKey(_hex(text))


def _personal(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        digest = personal_digest(_hex(case["messageHex"]))
        signature = secp256k1_sign(digest, _secret(case["privateKey"]))
        found = (digest, signature, recover_address(digest, signature))
        yield equal(
            case_id(case), found, (_hex(case["digest"]), _hex(case["signature"]), case["address"].lower())
        )


def _personal_invalid(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        yield verdict(case_id(case), False, _by_address, case)


def _by_address(case: Vectors) -> None:
    digest = personal_digest(_hex(case["messageHex"]))
    if recover_address(digest, _hex(case["signature"])) != parse_address(case["address"]):
        raise SignatureError("Another address.", reason="signature")


def _addresses(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        name = case_id(case)
        if not case["valid"]:
            yield verdict(name, False, parse_address, case["input"])
            continue
        expected = case["checksumAddress"]
        if "privateKey" in case:
            key = secp256k1_key(_secret(case["privateKey"]).public_key.format())
            if checksum_address(address_of(key)) != expected:
                yield failed(name, "the key has another address")
                continue
        if parse_address(expected) != case["address"].lower():
            yield failed(name, "the address is refused")
        else:
            yield equal(name, checksum_address(case["address"]), expected)


def _typed_data(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        data = case["typedData"]
        digest = typed_data_digest(data)
        if digest != _hex(case["digest"]):
            yield failed(case_id(case), f"another digest {digest.hex()}")
        elif "encodedData" in case:
            made = encode_data(data["primaryType"], data["message"], data["types"])
            yield equal(case_id(case), made, _hex(case["encodedData"]))
        else:
            signature = secp256k1_sign(digest, _secret(case["privateKey"]))
            yield equal(case_id(case), signature, _hex(case["signature"]))


FILES = {
    "ethereum/eip191-personal-sign.json": _personal,
    "ethereum/eip191-invalid.json": _personal_invalid,
    "ethereum/eip55-addresses.json": _addresses,
    "ethereum/eip712-signed.json": _typed_data,
    "ethereum/eip712-ethers.json": _typed_data,
}
