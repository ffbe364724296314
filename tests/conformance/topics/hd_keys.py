"""Recovery words and key derivation: BIP-39, SLIP-0010, BIP-32, BIP-44."""

from __future__ import annotations

from collections.abc import Iterator

from cms_backend.core.base58 import b58decode
from cms_backend.core.keys import address_of
from cms_backend.core.signatures import Secp256k1Signer
from cms_desktop.wallet.derivation import bip32_secp256k1, slip10_ed25519, words_to_seed
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
)


def _hex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _extended(text: str) -> tuple[bytes, bytes]:
    """(private key, chain code) of an xprv, whose last 4 bytes are a checksum."""
    raw = b58decode(text)
    return raw[46:78], raw[13:45]


def _words(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        seed = words_to_seed(case["mnemonic"], case["passphrase"])
        if seed != _hex(case["seed"]):
            yield failed(case_id(case), "another seed")
        else:
            yield equal(case_id(case), bip32_secp256k1(seed, "m"), _extended(case["bip32_xprv"]))


def _bad_words(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        if case["valid"] is False:
            yield verdict(case_id(case), False, words_to_seed, case["mnemonic"])
            continue
        # Not canonical: refused, or read as the canonical sentence; never fed to the key derivation as it is.
        canonical = words_to_seed(case["canonical"])
        result = verdict(case_id(case), False, words_to_seed, case["mnemonic"])
        same = result.outcome == "passed" or words_to_seed(case["mnemonic"]) == canonical
        yield expect(case_id(case), same, "another seed than the canonical sentence's")


def _bip32(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        if not case["valid"]:
            yield not_applicable(case_id(case), "extended keys are not imported")
        else:
            derived = bip32_secp256k1(_hex(case["seed"]), case["path"])
            yield equal(case_id(case), derived, _extended(case["xprv"]))


def _slip10(vectors: Vectors) -> Iterator[Result]:
    derive = {"ed25519": slip10_ed25519, "secp256k1": bip32_secp256k1}
    for case in each(vectors):
        function = derive.get(case["curve"])
        if function is None:
            yield not_applicable(case_id(case), f"the wallet has no {case['curve']} keys")
        else:
            published = (_hex(case["privateKey"]), _hex(case["chainCode"]))
            yield equal(case_id(case), function(_hex(case["seed"]), case["path"]), published)


def _bad_paths(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        yield verdict(case_id(case), False, slip10_ed25519, bytes(32), case["path"])


def _ethereum(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        seed = words_to_seed(case["mnemonic"], case["password"])
        wrong = [node["path"] for node in case["nodes"] if not _is_node(seed, node)]
        if seed != _hex(case["seed"]):
            yield failed(case_id(case), "another seed")
        else:
            yield expect(case_id(case), not wrong, f"other keys at {', '.join(wrong)}")


def _is_node(seed: bytes, node: Vectors) -> bool:
    secret, _ = bip32_secp256k1(seed, node["path"])
    address = address_of(Secp256k1Signer(secret).public)
    return (secret, address) == (_hex(node["privateKey"]), node["address"].lower())


FILES = {
    "hd-keys/bip39.json": _words,
    "hd-keys/bip39-japanese.json": _words,
    "hd-keys/bip39-invalid.json": _bad_words,
    "hd-keys/bip32.json": _bip32,
    "hd-keys/slip10.json": _slip10,
    "hd-keys/slip10-ed25519-invalid.json": _bad_paths,
    "hd-keys/bip44-ethereum.json": _ethereum,
}
