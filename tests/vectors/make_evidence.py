"""Vectors of sections 8 and 9: an evidence file, facts and trust in, verdict and checks out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cms_backend.core import compose
from cms_backend.core.checkpoint import tlog_proof
from cms_backend.core.disclosure import disclose
from cms_backend.core.events import Envelope
from cms_backend.core.evidence_parts import Consistency
from cms_backend.core.hashing import H
from cms_backend.core.ids import Did
from cms_backend.core.merkle import inclusion_path
from cms_backend.core.report_model import Report
from cms_backend.core.signatures import Ed25519Signer
from cms_backend.core.verify import LedgerFacts, Trust, verify_evidence
from tests.support.verify_world import ANNA, BORIS, World, party
from tests.vectors import make_lasting, make_unproven
from tests.vectors.evidence_cases import Case, case, cut


def expected(report: Report) -> dict[str, Any]:
    """What a second verifier must agree on."""
    counted = [one for one in report.checks if one.counts_as is not None]
    if any(one.id == "FILE-PARSE" and one.state == "failed" for one in counted):
        return {"verdict": report.verdict.value}  # the rest is not fixed
    return {
        "verdict": report.verdict.value,
        "headline": report.headline,
        "state": None if report.state is None else report.state.value,
        "as_of": None if report.as_of is None else str(report.as_of),
        "tail": report.tail.value,
        "open_items": [one.value for one in report.open_items],
        "failed": sorted({one.id for one in counted if one.state == "failed"}),
        "undecided": sorted({one.id for one in report.checks if one.state == "undecided"}),
        "void": sorted([str(one.digest), one.check] for one in report.void),
        "first_bad": None if report.first_bad is None else str(report.first_bad),
    }


def _anchored() -> World:
    world = World().complete()
    world.anchor()
    return world


def settled() -> Case:
    """In force, under a final anchor; the operator states the head."""
    return case(_anchored(), head=True)


def scanned() -> Case:
    """The same, all leaves recomputed."""
    return case(_anchored(), tail=True)


def pending_anchor() -> Case:
    """Logged, not anchored yet."""
    return case(World().complete(), head=True)


def other_computer() -> Case:
    """No facts, no trusted chain."""
    world = _anchored()
    return world.evidence(head=True), LedgerFacts(), Trust(), world


def local_ledger() -> Case:
    """The ledger answers, and is nobody's public chain."""
    world = _anchored()
    return world.evidence(head=True), world.facts(), Trust(), world


def no_log() -> Case:
    """Signed by exchanged files."""
    return case(World(log=False).complete())


def _noticed() -> tuple[World, Envelope]:
    world = World().complete()
    notice = world.terminate(BORIS)
    world.anchor()
    return world, notice


def terminated() -> Case:
    """With its notice."""
    return case(_noticed()[0], tail=True)


def cut_scanned() -> Case:
    """The notice is cut off; the leaves show it."""
    world, notice = _noticed()
    return case(world, cut(world.evidence(), notice.digest), tail=True)


def cut_stated() -> Case:
    """The notice is cut off; the operator's statement names it."""
    world, notice = _noticed()
    return case(world, cut(world.evidence(head=True), notice.digest))


def cut_unknown() -> Case:
    """The notice is cut off and nobody can tell: verified, with the tail open."""
    world, notice = _noticed()
    return case(world, cut(world.evidence(), notice.digest))


def proof_without_event() -> Case:
    """An event is missing, its proof is not."""
    world = _anchored()
    return case(world, cut(world.evidence(), world.envelopes[3].digest, proofs=False))


def missing_link() -> Case:
    """Without a log, a signature is missing that another one builds on."""
    world = World(log=False).complete()
    return case(world, cut(world.evidence(), world.envelopes[2].digest))


def changed_clause() -> Case:
    """Another text under the same signatures."""
    world = _anchored()
    evidence, last = world.evidence(), world.documents[-1]
    forged = replace(last, document=replace(last.document, terms=("The price is 1 euro.", "x")))
    return case(world, replace(evidence, documents=(*evidence.documents[:-1], forged)))


def changed_event() -> Case:
    """A signed event with another time; its proof in the log is for the true one."""
    world = _anchored()
    evidence, true = world.evidence(), world.envelopes[2]
    forged = Envelope.from_json({**true.json, "occurred_at": "2026-05-01T10:03:59.000Z"})
    kept = [one for one in evidence.envelopes if one != true]
    envelopes = tuple(sorted((*kept, forged), key=lambda one: one.digest))
    return case(world, replace(evidence, envelopes=envelopes))


def hidden_clause() -> Case:
    """A clause and the title are hidden."""
    world = _anchored()
    evidence = world.evidence(head=True)
    shown = disclose(world.documents[-1], ["/terms/00001", "/title"])
    return case(world, replace(evidence, documents=(*evidence.documents[:-1], shown)))


def dropped_signer() -> Case:
    """An amendment without Boris is void; what was in force stays."""
    world = World().complete()
    world.propose(ANNA, parties=(party(ANNA, "Anna"),))
    world.anchor()
    return case(world, head=True)


def fork() -> Case:
    """Two rival proposals without a log."""
    world = World(log=False)
    state = world.state
    for title in ("One", "Two"):
        sealed = world.seal(1, state.highest.root, title=title)
        world.add(compose.compose_proposed(state, sealed, ANNA.did, occurred_at=world.tick()), ANNA)
    return case(world)


def two_in_one_slot() -> Case:
    """The log holds two notices in one place."""
    world = World().complete()
    state = world.state
    for reason in ("One.", "Two."):
        body = compose.compose_terminated(state, BORIS.did, occurred_at=world.tick(), reason=reason)
        world.add(body, BORIS)
    world.anchor()
    return case(world)


def split_view() -> Case:
    """Two signed checkpoints of one size."""
    world = _anchored()
    evidence, log = world.evidence(), world.logs[0]
    other = Consistency(log.key.sign_checkpoint(len(log.leaves), b"\x07" * 32), ())
    return case(world, replace(evidence, logs=(replace(evidence.logs[0], consistency=(other,)),)))


def wrong_leaf() -> Case:
    """A proof of another leaf."""
    world = _anchored()
    evidence, log = world.evidence(), world.logs[0]
    hashes = log.hashes()
    wrong = {
        **evidence.logs[0].proofs,
        world.envelopes[1].digest: tlog_proof(1, inclusion_path(hashes, 1), log.note()),
    }
    return case(world, replace(evidence, logs=(replace(evidence.logs[0], proofs=wrong),)))


def other_root() -> Case:
    """The ledger holds another root."""
    world = _anchored()
    fact = replace(world.facts().chains[0].anchored[0], root=H("another root"))
    return case(world, anchored=(fact,))


def other_code() -> Case:
    """Other code stands at the ledger's address."""
    world = _anchored()
    code = tuple(replace(one, code=H("proxy")) for one in world.facts().chains[0].code)
    return case(world, code=code)


def no_code_yet() -> Case:
    """The node has not come so far that the ledger is there; what it says of the anchor is not heard."""
    world = _anchored()
    (chain,) = world.facts().chains
    code = tuple(replace(fact, code=None) for fact in chain.code)
    return case(world, code=code, anchored=tuple(replace(fact, root=H("another")) for fact in chain.anchored))


def unknown_anchor() -> Case:
    """The ledger does not know the anchor."""
    world = _anchored()
    fact = replace(world.facts().chains[0].anchored[0], root=None, block=None, time=None)
    return case(world, anchored=(fact,))


def _web(bound: bool) -> Case:
    boris = Ed25519Signer(bytes([66]) * 32, Did("did:web:boris.example"))
    world = World((party(ANNA, "Anna", step=2), party(boris, "Boris")))
    world.propose()
    world.decide(boris)
    world.decide(ANNA)
    if bound:
        world.resolve(boris.did, boris.key)
    world.anchor()
    return case(world, head=True)


def key_ended() -> Case:
    """A signature after the end of its key is void."""
    world = World()
    world.propose()
    world.end_key(BORIS)
    world.decide(BORIS)
    world.anchor()
    return case(world, head=True)


def not_logged() -> Case:
    """One comment has only a receipt."""
    world = _anchored()
    world.accept(world.comment(BORIS))
    return case(world)


def moved() -> Case:
    """The record was moved to a second log."""
    world = World().complete()
    world.move()
    world.comment(BORIS)
    for log in world.logs:
        world.anchor(log)
    return case(world, tail=True)


CASES: dict[str, Callable[[], Case]] = {
    "settled": settled,
    "scanned": scanned,
    "pending-anchor": pending_anchor,
    "other-computer": other_computer,
    "local-ledger": local_ledger,
    "no-log": no_log,
    "terminated": terminated,
    "cut-scanned": cut_scanned,
    "cut-stated": cut_stated,
    "cut-unknown": cut_unknown,
    "proof-without-event": proof_without_event,
    "missing-link": missing_link,
    "changed-clause": changed_clause,
    "changed-event": changed_event,
    "hidden-clause": hidden_clause,
    "dropped-signer": dropped_signer,
    "fork": fork,
    "two-in-one-slot": two_in_one_slot,
    "split-view": split_view,
    "wrong-leaf": wrong_leaf,
    "other-root": other_root,
    "other-code": other_code,
    "no-code-yet": no_code_yet,
    "unknown-anchor": unknown_anchor,
    "did-web-unbound": lambda: _web(False),
    "did-web-bound": lambda: _web(True),
    "key-ended": key_ended,
    "not-logged": not_logged,
    "moved": moved,
    **make_unproven.CASES,
    **make_lasting.CASES,
}


def build() -> dict[str, Any]:
    """evidence.json."""
    cases = []
    for name, make in CASES.items():
        evidence, facts, trust, world = make()
        report = verify_evidence(evidence.to_bytes(), facts, trust, world.now)
        cases.append(
            {
                "id": name,
                "file": evidence.to_json(),
                "facts": facts.to_json(),
                "trust": trust.to_json(),
                "now": str(world.now),
                "report": expected(report),
            }
        )
    how = "The bytes of a file are J(file). Verify it with these facts, trust and time."
    return {"evidence.json": {"section": "8, 9", "how": how, "cases": cases}}
