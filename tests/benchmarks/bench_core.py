"""What one event costs a verifier beside its signature, step by step, in microseconds of one thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from nacl.bindings import crypto_sign_open

from cms_backend.core.canonical import encode, parse_canonical
from cms_backend.core.checkpoint import LogKey, locate_tlog_proof, open_note, tlog_proof
from cms_backend.core.events import Action, Envelope
from cms_backend.core.inclusion import InclusionVerifier
from cms_backend.core.merkle import leaf_hash, node_hash
from cms_backend.core.signatures import decode_proof_value, verify_envelope
from cms_backend.core.slots import leaf_data, slot_of
from tests.support.core_samples import ELSEWHERE, ed25519, event

EVENTS = 4000
REPEATS = 5


def _per_event(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(REPEATS):
        started = time.thread_time()
        work()
        best = min(best, time.thread_time() - started)
    return best / EVENTS * 1e6


def _events() -> list[dict[str, Any]]:
    signer = ed25519(1)
    texts = (f"Comment {number}\nwith a second line" for number in range(EVENTS))
    return [
        event(signer, Action.commented, details={"path": None, "text": text, "on_behalf_of": None})
        for text in texts
    ]


def _slot_leaf(envelope: Envelope) -> bytes:
    slot = slot_of(envelope, ELSEWHERE)
    if slot is None:
        raise AssertionError("a note always has a slot")
    return leaf_hash(leaf_data(slot, envelope.digest))


def _levels(leaves: list[bytes]) -> list[list[bytes]]:
    levels = [leaves]
    while len(levels[-1]) > 1:
        row = levels[-1]
        pairs = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        levels.append(pairs + ([row[-1]] if len(row) % 2 else []))
    return levels


def _proofs(leaves: list[bytes]) -> tuple[list[str], LogKey]:
    levels = _levels(leaves)
    key = LogKey(b"\7" * 32)
    note = key.sign_checkpoint(len(leaves), levels[-1][0])
    found = []
    for index in range(len(leaves)):
        path = [
            level[(index >> height) ^ 1]
            for height, level in enumerate(levels[:-1])
            if (index >> height) ^ 1 < len(level)
        ]
        found.append(tlog_proof(index, path, note))
    return found, key


def run() -> dict[str, float]:
    """Figures per event; the sum leaves out the signature itself."""
    events = _events()
    envelopes = [Envelope.from_json(value) for value in events]
    leaves = [_slot_leaf(envelope) for envelope in envelopes]
    texts, log = _proofs(leaves)
    data = encode(
        {
            "envelopes": events,
            "proofs": {str(one.digest): text for one, text in zip(envelopes, texts, strict=True)},
        }
    )
    public = ed25519(1).public
    signed = [decode_proof_value(one.proof.value) + b"x" * 64 for one in envelopes]
    proofs = [locate_tlog_proof(text) for text in texts]
    checkpoint = open_note(proofs[0].note, log.vkey)

    def inclusion() -> None:
        verifier = InclusionVerifier(checkpoint.size, checkpoint.root.raw)
        for hashed, proof in zip(leaves, proofs, strict=True):
            verifier.verify(hashed, proof)

    def bare() -> None:
        for message in signed:
            try:
                crypto_sign_open(message, public.raw)
            except Exception:  # noqa: BLE001, S112 - the message is a dummy; refusing it takes the same work
                continue

    steps = {
        "parse_us": _per_event(lambda: parse_canonical(data, limit=len(data))),
        "envelope_us": _per_event(lambda: [Envelope.from_json(value) for value in events]),
        "proof_text_us": _per_event(lambda: [locate_tlog_proof(text) for text in texts]),
        "leaf_us": _per_event(lambda: [_slot_leaf(one) for one in envelopes]),
        "inclusion_us": _per_event(inclusion),
    }
    libsodium = _per_event(bare)
    verify = _per_event(lambda: [verify_envelope(one, public) for one in envelopes])
    steps["suite_us"] = max(0.0, verify - libsodium)
    return {**steps, "beside_the_signature_us": sum(steps.values()), "libsodium_us": libsodium}
