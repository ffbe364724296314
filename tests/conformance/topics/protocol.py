"""The protocol's own examples."""

from __future__ import annotations

from collections.abc import Iterator

from cms_backend.core.did import key_of_did
from cms_backend.core.eip712 import typed_data_digest
from cms_backend.core.events import Envelope
from cms_backend.core.keys import parse_key
from cms_backend.core.signatures import Statement, decode_proof_value, verify_envelope, verify_secured
from cms_backend.core.suites import recover_address
from tests.conformance.model import Result, Vectors, equal, verdict


def _event(vectors: Vectors) -> Iterator[Result]:
    envelope = Envelope.from_json(dict(vectors))
    key = parse_key(key_of_did(envelope.actor) or "")
    yield verdict("form and signature", True, verify_envelope, envelope, key)
    yield verdict("signature", True, verify_secured, vectors, key)
    body = {name: member for name, member in vectors.items() if name != "proof"}
    made = Statement.of(body, key)
    if key.kind == "account":
        signature = decode_proof_value(vectors["proof"]["proofValue"])
        yield equal("digest", recover_address(made.eip712_digest, signature), "0x" + key.raw.hex())


def _typed_data(vectors: Vectors) -> Iterator[Result]:
    digest = typed_data_digest(vectors["td"])
    yield equal("digest", "0x" + digest.hex(), vectors["digest"])
    signature = bytes.fromhex(vectors["sig"][2:])
    yield equal("address", recover_address(digest, signature), vectors["address"].lower())


FILES = {
    "protocol-examples/example-ed25519.json": _event,
    "protocol-examples/example-eip712.json": _event,
    "protocol-examples/example-eip712-typed-data.json": _typed_data,
}
