"""Vectors of section 9: what somebody took out of a file, put into it, or said without being asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cms_backend.core import compose
from cms_backend.core.checkpoint import LogKey
from cms_backend.core.events import Action, Envelope
from cms_backend.core.hashing import H
from cms_backend.core.ids import Did, Time
from cms_backend.core.signatures import Ed25519Signer, secure
from cms_backend.core.slots import slot_of
from cms_backend.core.statements import (
    HeadStatement,
    head_statement,
)
from tests.support.contract_accounts import accounts_world
from tests.support.core_samples import account
from tests.support.second_nonce import SecondNonce
from tests.support.verify_world import ANNA, BORIS, CARLA, Log, World, party, person
from tests.vectors.evidence_cases import Case, case, cut, strip, with_events

STRANGER = person(99)
FAR = Time("2030-01-01T00:00:00.000Z")


def noticed() -> tuple[World, Envelope]:
    """In force, then notice by Boris, anchored."""
    world = World().complete()
    notice = world.terminate(BORIS)
    world.anchor()
    return world, notice


# --- taken out ------------------------------------------------------------------------------------------------


def stripped_proof() -> Case:
    """The notice is there, its inclusion proof is not: it waits."""
    world, notice = noticed()
    return case(world, strip(world.evidence(), notice.digest))


def stripped_stated() -> Case:
    """The same, and the operator's statement names the notice."""
    world, notice = noticed()
    return case(world, strip(world.evidence(head=True), notice.digest))


def stripped_scanned() -> Case:
    """The same, and the verifier's own look holds its leaf."""
    world, notice = noticed()
    return case(world, strip(world.evidence(), notice.digest), tail=True)


def stripped_withdrawal() -> Case:
    """Boris signs after the withdrawal, Anna before; its proof is taken out."""
    world = World((party(ANNA, "Anna"), party(BORIS, "Boris")))
    world.propose()
    world.decide(ANNA)
    late = compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.tick())
    withdrawn = world.withdraw()
    world.add(late, BORIS)
    world.anchor()
    return case(world, strip(world.evidence(), withdrawn.digest))


def stripped_key_end() -> Case:
    """The end of Boris's key is logged before his signature; its proof is taken out."""
    world = World()
    world.propose()
    end = world.end_key(BORIS)
    body = compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.tick())
    world.add(body, BORIS)
    last = {"after": [str(world.envelopes[-1].digest)], "actor": str(ANNA.did), "party": 0}
    world.add({**body, **last, "occurred_at": str(world.tick())}, ANNA)
    world.anchor()
    return case(world, strip(world.evidence(), end.digest))


def stripped_stale() -> Case:
    """A second signature of Boris without a leaf: his first one fills the slot, so it cannot count."""
    world = World()
    world.propose()
    body = compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.tick())
    world.add(body, BORIS)
    world.decide(ANNA)
    second = world.sign({**body, "occurred_at": str(world.tick())}, BORIS)
    world.anchor()
    return case(world, with_events(world.evidence(head=True), second))


def no_first_text() -> Case:
    """The document of `created` is not in the file."""
    world = World().complete()
    world.anchor()
    evidence = world.evidence(head=True)
    return case(world, replace(evidence, documents=evidence.documents[1:]))


# --- put in ---------------------------------------------------------------------------------------------------


def _strangers_log(world: World) -> tuple[Log, Envelope]:
    """A `moved` by nobody who may, into a log of the stranger's own that holds all but the last event."""
    log = Log(LogKey(bytes([250]) * 32, "log.example/stranger"), STRANGER)
    old = world.logs[0]
    body = compose.compose_moved(
        world.state, ANNA.did, occurred_at=world.tick(), log=log.details, checkpoint=None
    )
    before = world.envelopes[-2]
    members = {
        "actor": str(STRANGER.did),
        "party": None,
        "sequence": before.sequence + 1,
        "previous": str(before.digest),
    }
    moved = world.sign({**body, **members, "after": []}, STRANGER)
    log.leaves, log.index = list(old.leaves[:-1]), dict(old.index)
    log.index.pop(world.envelopes[-1].digest)
    slot = slot_of(moved, world.genesis)
    assert slot is not None
    log.append(slot, moved.digest)
    return log, moved


def stranger_moved() -> Case:
    """The stranger's log and word beside the true ones; the notice stays where it is logged."""
    world, _ = noticed()
    log, moved = _strangers_log(world)
    evidence = with_events(world.evidence(head=True), moved)
    section = replace(world.section(log, head=False), head=word(world, log, moved))
    return case(world, replace(evidence, logs=(*evidence.logs, section)))


def stranger_log_alone() -> Case:
    """The whole record logged anew by the stranger, without the true log and without the notice."""
    world, notice = noticed()
    log, moved = _strangers_log(world)
    evidence = cut(with_events(world.evidence(), moved), notice.digest)
    section = replace(world.section(log, head=False), head=word(world, log, moved))
    return case(world, replace(evidence, logs=(section,), anchors=()))


def word(world: World, log: Log, moved: Envelope) -> HeadStatement:
    """What a log's operator states behind a `moved`, as of far too late."""
    body = head_statement(
        actor=log.operator.did,
        vkey=log.key.vkey.text,
        contract=world.contract,
        genesis=world.genesis,
        sequence=moved.sequence,
        digests=[moved.digest],
        size=len(log.leaves),
        root=H(""),
        occurred_at=FAR,
    )
    return HeadStatement.from_json(secure(body, log.operator))


def stranger_resolves() -> Case:
    """A stranger's word on a did:web party binds nothing."""
    boris = Ed25519Signer(bytes([66]) * 32, Did("did:web:boris.example"))
    world = World((party(ANNA, "Anna", step=2), party(boris, "Boris")))
    world.propose()
    world.decide(boris)
    world.decide(ANNA)
    world.resolve(boris.did, boris.key, operator=STRANGER)
    world.anchor()
    return case(world, head=True)


def another_key_of_a_did() -> Case:
    """Somebody signs as did:web:boris.example with a key that the document does not pin: void, not altered."""
    boris = Ed25519Signer(bytes([66]) * 32, Did("did:web:boris.example"))
    thief = Ed25519Signer(bytes([67]) * 32, Did("did:web:boris.example"))
    world = World((party(ANNA, "Anna", step=2), party(boris, "Boris")))
    world.propose()
    body = compose.compose_decision(world.state, Action.declined, boris.did, occurred_at=world.tick())
    forged = world.sign(body, thief)
    world.decide(boris)
    world.decide(ANNA)
    world.resolve(boris.did, boris.key)
    comment = compose.compose_commented(world.state, boris.did, "Not mine.", occurred_at=world.tick())
    world.add(comment, thief)
    world.anchor()
    return case(world, with_events(world.evidence(head=True), forged))


def stranger_account() -> Case:
    """An event by a contract account that takes no part, not logged, and nobody can judge its signature."""
    world = World().complete()
    body = compose.compose_terminated(world.state, BORIS.did, occurred_at=world.tick())
    _, _, signed = accounts_world()
    actor = account(21).did
    event = {**body, "actor": str(actor), "party": None}
    method = f"{actor}#blockchainAccountId"
    proof = {**signed.json["proof"], "verificationMethod": method}
    world.anchor()
    return case(world, with_events(world.evidence(head=True), Envelope.from_json({**event, "proof": proof})))


def stray_attachment() -> Case:
    """Bytes that no text names."""
    world = World().complete()
    world.attachments = {H("stray"): b"stray"}
    return case(world)


def other_contract() -> Case:
    """An event of another contract gives no reference, no slot and no leaf."""
    world = World().complete()
    world.anchor()
    other = {**world.envelopes[1].json, "contract": "0d9a1f3e-5b7d-4c1f-9a0e-2d4b6c8e0f99"}
    event = Envelope.from_json(
        secure({name: value for name, value in other.items() if name != "proof"}, ANNA)
    )
    return case(world, with_events(world.evidence(head=True), event))


def twin_of_genesis() -> Case:
    """A second envelope of `created`, whose signature fails: altered, and the record stands all the same."""
    world = World().complete()
    world.anchor()
    proof = {**world.envelopes[0].json["proof"], "proofValue": world.envelopes[1].json["proof"]["proofValue"]}
    twin = Envelope.from_json({**world.envelopes[0].json, "proof": proof})
    return case(world, with_events(world.evidence(head=True), twin))


def named_twice() -> Case:
    """A notice that names one signature by two of its envelopes names it twice: void."""
    world = World(log=False).complete()
    signed = world.envelopes[-1]
    body = {name: value for name, value in signed.json.items() if name != "proof"}
    twin = Envelope.from_json(secure(body, SecondNonce(bytes([1]) * 32)))
    world.envelopes.append(twin)
    notice = {name: value for name, value in world.terminate(BORIS).json.items() if name != "proof"}
    others = [digest for digest in notice["after"] if digest not in (signed.digest, twin.digest)]
    notice["after"] = sorted([*others, str(signed.digest), str(twin.digest)])
    world.envelopes[-1] = Envelope.from_json(secure(notice, BORIS))
    evidence = world.evidence()
    return case(
        world, replace(evidence, envelopes=tuple(sorted(evidence.envelopes, key=lambda one: one.digest)))
    )


def created_as_another() -> Case:
    """`created` speaks as a party that its signer is not."""
    world = World(owner=CARLA)
    created = world.envelopes[0]
    body = {name: value for name, value in created.json.items() if name != "proof"}
    world.envelopes, world.logs[0].leaves, world.logs[0].index = [], [], {}
    world.logs[0].statements.clear()
    world.add({**body, "party": 1}, CARLA)
    return case(world)


# --- keys -----------------------------------------------------------------------------------------------------


def committed_by_another() -> Case:
    """The proposer writes a successor beside Boris's key, ends the key with it, and signs in his place."""
    heir = person(50)
    world = World((party(ANNA, "Anna", step=2), party(BORIS, "Boris", next=H(heir.key))))
    world.propose()
    body = compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.tick())
    world.end_key(heir, key=BORIS.key, successor=heir.key)
    forged = world.add({**body, "actor": str(heir.did)}, heir)
    anna = {**body, "actor": str(ANNA.did), "party": 0, "after": [str(forged.digest)]}
    world.add({**anna, "occurred_at": str(world.tick())}, ANNA)
    world.anchor()
    return case(world, head=True)


def committed_by_itself() -> Case:
    """Boris has signed a text with his `next`: a thief's KeyEnd is refused, his successor's holds."""
    heir, thief = person(50), person(51)
    world = World((party(ANNA, "Anna", step=2), party(BORIS, "Boris", next=H(heir.key)))).complete()
    world.end_key(BORIS, successor=thief.key)
    world.end_key(heir, key=BORIS.key, successor=heir.key)
    world.terminate(heir)
    world.anchor()
    return case(world, head=True)


CASES: dict[str, Callable[[], Case]] = {
    "stripped-proof": stripped_proof,
    "stripped-stated": stripped_stated,
    "stripped-scanned": stripped_scanned,
    "stripped-withdrawal": stripped_withdrawal,
    "stripped-key-end": stripped_key_end,
    "stripped-stale": stripped_stale,
    "no-first-text": no_first_text,
    "stranger-moved": stranger_moved,
    "stranger-log-alone": stranger_log_alone,
    "stranger-resolves": stranger_resolves,
    "another-key-of-a-did": another_key_of_a_did,
    "stranger-account": stranger_account,
    "stray-attachment": stray_attachment,
    "other-contract": other_contract,
    "twin-of-genesis": twin_of_genesis,
    "named-twice": named_twice,
    "created-as-another": created_as_another,
    "committed-by-another": committed_by_another,
    "committed-by-itself": committed_by_itself,
}
