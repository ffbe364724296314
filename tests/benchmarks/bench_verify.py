"""Verifying the evidence of 10,000 events, against bare PyNaCl on the same signatures, on one core."""

from __future__ import annotations

import gc
from hashlib import sha256
from time import thread_time

from nacl.signing import VerifyKey

from cms_backend.core import compose
from cms_backend.core.base58 import b58decode
from cms_backend.core.checkpoint import tlog_proof
from cms_backend.core.events import Envelope
from cms_backend.core.evidence import Evidence, LogSection
from cms_backend.core.keys import parse_key
from cms_backend.core.signatures import Statement
from cms_backend.core.verify import verify_evidence
from tests.support.verify_world import ANNA, BORIS, World

EVENTS = 10_000
TEXT = "Is the second clause meant to cover the spare parts of both lifts, or only of the newer one?"


def make(events: int = EVENTS) -> tuple[World, Evidence]:
    """One contract in force, with comments up to `events` events; logged and anchored."""
    world = World().complete()
    state = world.state
    for at in range(events - len(world.envelopes)):
        signer = (ANNA, BORIS)[at & 1]
        body = compose.compose_commented(state, signer.did, f"{at}: {TEXT}", occurred_at=world.tick())
        world.take(world.sign(body, signer))
    world.anchor()
    return world, _evidence(world)


def _evidence(world: World) -> Evidence:
    """`World.evidence` with the proofs of a large log made from stored nodes: its own way is quadratic."""
    log = world.logs[0]
    levels = [log.hashes()]
    while len(levels[-1]) > 1:
        nodes = levels[-1]
        pairs = [sha256(b"\x01" + nodes[at] + nodes[at + 1]).digest() for at in range(0, len(nodes) - 1, 2)]
        levels.append(pairs + ([nodes[-1]] if len(nodes) & 1 else []))
    note = log.note()

    def path(index: int) -> list[bytes]:
        found = []
        for nodes in levels[:-1]:
            if index ^ 1 < len(nodes):
                found.append(nodes[index ^ 1])
            index >>= 1
        return found

    own = [one.digest for one in (*world.envelopes, *log.statements)]
    proofs = {digest: tlog_proof(log.index[digest], path(log.index[digest]), note) for digest in own}
    section = LogSection(log.key.vkey.text, tuple(log.statements), proofs)
    return Evidence(
        contract=world.contract,
        genesis=world.genesis,
        documents=tuple(world.documents),
        envelopes=tuple(world.envelopes),
        logs=(section,),
        anchors=tuple(log.anchors),
    )


def prepare(envelopes: tuple[Envelope, ...]) -> list[tuple[VerifyKey, bytes, bytes]]:
    """Key, signed bytes and signature of each event: everything that bare PyNaCl needs."""
    work = []
    for one in envelopes:
        key = parse_key(one.proof.verification_method.partition("#")[2])
        body = {name: member for name, member in one.json.items() if name != "proof"}
        signature = b58decode(one.proof.value[1:])
        work.append((VerifyKey(key.raw), Statement.of(body, key).hash_data, signature))
    return work


def bare(work: list[tuple[VerifyKey, bytes, bytes]]) -> float:
    """Seconds of bare PyNaCl on the very signatures of these events."""
    start = thread_time()
    for verifier, message, signature in work:
        verifier.verify(message, signature)
    return thread_time() - start


def run() -> dict[str, float]:
    """Best of five, so that a busy machine does not count; a verifier holds the file and the facts only."""
    world, evidence = make()
    data, facts, trust, now = evidence.to_bytes(), world.facts(), world.trust, world.now
    work = prepare(evidence.envelopes)
    del world, evidence
    best = bare_best = float("inf")
    for _ in range(5):
        gc.collect()
        start = thread_time()
        report = verify_evidence(data, facts, trust, now)
        best = min(best, thread_time() - start)
        if report.verdict != "verified":
            raise AssertionError(report.headline)
        del report
        bare_best = min(bare_best, bare(work))
    return {
        "verify_10000_s": best,
        "verify_10000_bare_s": bare_best,
        "verify_10000_ratio": bare_best / best,
        "verify_10000_file_mb": len(data) / 1e6,
    }
