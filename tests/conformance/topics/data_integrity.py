"""W3C Data Integrity, eddsa-jcs-2022.

Foreign documents have other contexts and members than ours, so `verify_secured` refuses them all (that is the
protocol's strictness). Their hashes and signatures are checked with the very functions it is made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cms_backend.core.base58 import b58decode
from cms_backend.core.canonical import canonicalize
from cms_backend.core.did import key_of_did
from cms_backend.core.errors import CmsError, FormError, SignatureError
from cms_backend.core.hashing import sha256
from cms_backend.core.keys import PublicKey, parse_key
from cms_backend.core.signatures import Ed25519Signer, decode_proof_value, verify_secured
from cms_backend.core.suites import ed25519_sign, ed25519_verify
from tests.conformance.model import (
    Result,
    Vectors,
    case_id,
    each,
    equal,
    failed,
    not_applicable,
    passed,
    verdict,
    whole_file,
)

SUITE = "eddsa-jcs-2022"


def _hash_data(secured: Vectors) -> bytes:
    options = {name: member for name, member in secured["proof"].items() if name != "proofValue"}
    body = {name: member for name, member in secured.items() if name != "proof"}
    return sha256(canonicalize(options)) + sha256(canonicalize(body))


def _key(secured: Vectors) -> PublicKey:
    did, _, fragment = str(secured["proof"].get("verificationMethod", "")).partition("#")
    key = key_of_did(did)
    if key is None or key != fragment:
        raise FormError("No key is named.")
    return parse_key(key)


def _verify(secured: dict[str, Any]) -> None:
    proof = secured["proof"]
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != SUITE:
        raise SignatureError("Another suite.", reason="suite")
    context = secured.get("@context", [])
    if context[: len(proof.get("@context", context))] != proof.get("@context", context):
        raise FormError("The context of the proof is not the start of the document's.")
    ed25519_verify(decode_proof_value(proof.get("proofValue", "")), _hash_data(secured), _key(secured).raw)


def _valid(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        name = case_id(case)
        if case["cryptosuite"] != SUITE:
            yield not_applicable(name, f"the protocol has no {case['cryptosuite']}")
            continue
        secured = case["securedDocument"]
        signer = Ed25519Signer(b58decode(case["secretKeyMultibase"][1:])[2:])
        secret = b58decode(case["secretKeyMultibase"][1:])[2:] + signer.public.raw
        made = ed25519_sign(_hash_data(secured), secret)
        if signer.key != case["publicKeyMultibase"]:
            yield failed(name, "the secret gives another key")
        elif canonicalize(case["unsecuredDocument"]).decode() != case["canonicalDocument"]:
            yield failed(name, "another canonical document")
        else:
            _verify(secured)
            yield equal(name, made, decode_proof_value(secured["proof"]["proofValue"]))


def _invalid(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        name, secured = case_id(case), case["securedDocument"]
        if case["cryptosuite"] != SUITE:
            yield not_applicable(name, f"the protocol has no {case['cryptosuite']}")
            continue
        result = verdict(name, False, _verify, secured)
        yield result if result.outcome != "passed" else _refused_by_protocol(name, secured)


def _refused_by_protocol(name: str, secured: Vectors) -> Result:
    try:
        verify_secured(secured, parse_key(next(iter(_KEYS))))
    except CmsError:
        return passed(name)
    return failed(name, "verify_secured accepts it")


_KEYS = ("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",)

FILES = {
    "data-integrity/proofs.json": _valid,
    "data-integrity/proofs-invalid.json": _invalid,
    "data-integrity/proof-sets-chains.json": whole_file(
        "an envelope has one proof; sets and chains are refused"
    ),
}
