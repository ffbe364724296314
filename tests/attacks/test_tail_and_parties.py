"""Attacks on what an evidence file leaves out, and on who stands in it. Each test names what stops the attack."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cms_backend.core import compose
from cms_backend.core.errors import FormError, LoginError, SignatureError
from cms_backend.core.events import Action, Envelope, event_statement
from cms_backend.core.evidence import Evidence
from cms_backend.core.evidence_parts import LogSection
from cms_backend.core.hashing import H
from cms_backend.core.ids import Did, Digest
from cms_backend.core.merge import merge
from cms_backend.core.parties import Party, Role
from cms_backend.core.report_model import OpenItem, Tail, Verdict
from cms_backend.core.signatures import Ed25519Signer, Statement, sign_login, verify_secured
from cms_backend.core.slots import spine_slot
from cms_backend.core.verify import exit_code
from tests.support.core_samples import account, event
from tests.support.verify_world import (
    ANNA,
    BORIS,
    CARLA,
    DORA,
    OPERATOR,
    TWO,
    World,
    failing,
    party,
    person,
    states,
)


def cut(evidence: Evidence, envelope: Envelope) -> Evidence:
    """The file without one event and its proof."""
    logs = tuple(
        replace(
            log, proofs={digest: text for digest, text in log.proofs.items() if digest != envelope.digest}
        )
        for log in evidence.logs
    )
    kept = tuple(one for one in evidence.envelopes if one != envelope)
    return replace(evidence, envelopes=kept, logs=logs)


def test_a01_a_cut_notice_is_found_by_scanning_the_log() -> None:
    world = World().complete()
    notice = world.terminate(BORIS)
    world.anchor()
    report = world.verify(cut(world.evidence(), notice), tail=True)
    assert report.verdict is Verdict.incomplete
    assert failing(report) == {"TAIL"}
    assert report.tail is Tail.later


def test_a01_a_cut_notice_is_found_by_the_operators_own_statement() -> None:
    world = World().complete()
    notice = world.terminate(BORIS)
    world.anchor()
    report = world.verify(cut(world.evidence(head=True), notice))
    assert failing(report) == {"TAIL"}


def test_a01_without_either_the_tail_is_said_to_be_open() -> None:
    world = World().complete()
    notice = world.terminate(BORIS)
    world.anchor()
    report = world.verify(cut(world.evidence(), notice))
    assert report.verdict is Verdict.verified
    assert OpenItem.tail in report.open_items
    assert "Not known whether anything came later." in report.headline
    assert exit_code(report, frozenset({"tail"})) == 2


def test_a01_a_cut_end_of_a_key_is_found_in_its_slot() -> None:
    world = World().complete()
    world.end_key(BORIS)
    world.anchor()
    evidence = world.evidence()
    bare = replace(evidence, key_ends=(), logs=(_without(evidence, world.key_ends[0].digest),))
    assert failing(world.verify(bare, tail=True)) == {"TAIL"}


def _without(evidence: Evidence, digest: Digest) -> LogSection:
    log = evidence.logs[0]
    return replace(log, proofs={key: text for key, text in log.proofs.items() if key != digest})


def test_a01_strangers_cannot_link_slots() -> None:
    assert spine_slot(H("genesis"), 3) != spine_slot(H("another"), 3)


def test_a02_a_key_signs_no_bytes_that_a_server_chose() -> None:
    signer = person(9)
    with pytest.raises(LoginError):
        sign_login("x" * 64, signer)
    assert not hasattr(signer, "sign_bytes")
    with pytest.raises(FormError, match="no statement"):
        Statement.of({"type": "Challenge", "actor": signer.did}, signer.public)


def test_a03_an_amendment_that_drops_a_signer_is_void() -> None:
    world = World().complete()
    world.propose(ANNA, parties=(party(ANNA, "Anna"),))
    world.anchor()
    report = world.verify()
    assert report.verdict is Verdict.verified
    assert [one.check for one in report.void] == ["DOC-RULES"]
    assert report.state == "in_force"


def test_a03_an_amendment_with_another_key_for_a_signer_is_void() -> None:
    world = World().complete()
    swapped = party(DORA, "Boris")
    world.propose(ANNA, parties=(TWO[0], swapped))
    assert [one.check for one in world.state.void] == ["DOC-RULES"]


def test_a03_an_amendment_with_another_key_under_a_signers_own_did_is_void() -> None:
    boris, mallory = web(66, "boris"), Ed25519Signer(bytes([67]) * 32, Did("did:web:boris.example"))
    world = World((party(ANNA, "Anna", step=2), party(boris, "Boris")))
    world.propose()
    world.decide(boris)
    world.decide(ANNA)
    world.propose(ANNA, parties=(TWO[0], party(mallory, "Boris")))
    assert [one.check for one in world.state.void] == ["DOC-RULES"]
    world.propose(ANNA, parties=(TWO[0], party(boris, "Boris")), terms=("The same two.",))
    assert world.state.pending is not None


def test_a03_who_leaves_signs_the_amendment_and_is_no_signer_afterwards() -> None:
    world = World().complete()
    world.propose(ANNA, parties=(party(ANNA, "Anna", step=2), party(BORIS, "Boris", Role.leaver)))
    world.decide(BORIS)
    world.decide(ANNA)
    state = world.state
    assert state.in_force is not None
    assert state.in_force.ref.revision == 2
    body = compose.compose_terminated(state, BORIS.did, occurred_at=world.tick())
    world.add(body, BORIS)
    assert [one.check for one in world.state.void] == ["LIFE-WHO"]


@pytest.mark.parametrize(
    "parties",
    [
        (party(ANNA, "Anna"), party(BORIS, "Boris", step=2)),
        (party(ANNA, "Anna"), party(BORIS, "Boris")),
        (party(BORIS, "Boris", step=2), party(ANNA, "Anna", Role.approver)),
    ],
    ids=["first", "beside", "no signer"],
)
def test_a04_without_a_log_only_a_proposer_who_signs_last_and_alone_can_propose(
    parties: tuple[Party, ...],
) -> None:
    world = World(log=False)
    world.propose(ANNA, parties=parties)
    assert [one.check for one in world.state.void] == ["DOC-RULES"]


def test_a04_no_later_event_changes_a_complete_contract_without_a_log() -> None:
    world = World(log=False).complete()
    before = world.state
    proposal = before.proposals[0]
    decline = event_statement(
        action=Action.declined,
        contract=world.contract,
        sequence=1,
        previous=proposal.envelope.digest,
        actor=BORIS.did,
        party=1,
        occurred_at=world.tick(),
        document=proposal.ref,
        details={"reason": "I never agreed."},
    )
    withdrawal = event_statement(
        action=Action.withdrawn,
        contract=world.contract,
        sequence=2,
        previous=proposal.envelope.digest,
        actor=ANNA.did,
        party=0,
        occurred_at=world.tick(),
        document=proposal.ref,
        details={"reason": "Withdrawn before."},
    )
    rival = {
        **withdrawal,
        "action": "proposed",
        "intent": "I propose this revision to the parties.",
        "sequence": 1,
        "previous": world.envelopes[0].digest,
        "document": world.seal(1, world.documents[0].ref.root, title="Another").ref.to_json(),
        "details": {"reply_by": None, "note": "", "on_behalf_of": None},
    }
    for body, signer in ((decline, BORIS), (withdrawal, ANNA), (rival, ANNA)):
        world.add(dict(body), signer)
    world.end_key(BORIS)
    report = world.verify()
    assert report.verdict is Verdict.verified
    assert report.state == "in_force"
    assert {one.check for one in report.void} == {"LIFE-STATE"}


def test_a04_two_rival_proposals_without_a_log_are_a_named_fork() -> None:
    world = World(log=False)
    first = world.envelopes[0]
    bodies = []
    for title in ("One", "Two"):
        sealed = world.seal(1, world.documents[0].ref.root, title=title)
        bodies.append(compose.compose_proposed(world.state, sealed, ANNA.did, occurred_at=world.tick()))
    for body in bodies:
        world.add(body, ANNA)
    report = world.verify()
    assert report.verdict is Verdict.undecided
    assert states(report, "LIFE-FORK") == {"undecided"}
    assert report.forks == (str(first.digest),)
    assert "Anna" in report.headline


def test_a05_another_writing_of_a_signed_event_is_no_event() -> None:
    world = World()
    event = world.envelopes[0].json
    variants = (
        {**event, "@context": [*event["@context"], "https://example.org/extra"]},
        {**event, "proof": [event["proof"]]},
        {**event, "proof": [event["proof"], {"type": "junk"}]},
        {**event, "proof": {**event["proof"], "created": "2026-01-01T00:00:00Z"}},
    )
    for variant in variants:
        with pytest.raises(FormError, match=r"context|proof|member"):
            Envelope.from_json(variant)


def test_a05_a_proof_value_in_another_base_is_refused() -> None:
    world = World()
    event = world.envelopes[0].json
    other = {**event, "proof": {**event["proof"], "proofValue": "u" + event["proof"]["proofValue"][1:]}}
    with pytest.raises(SignatureError) as caught:
        verify_secured(other, ANNA.public)
    assert caught.value.reason == "encoding"


def web(number: int, name: str) -> Ed25519Signer:
    """A person whose DID does not certify itself."""
    return Ed25519Signer(bytes([number]) * 32, Did(f"did:web:{name}.example"))


def test_a06_no_other_key_can_be_pinned_under_a_did_that_names_its_own() -> None:
    for signer in (BORIS, account(7)):
        world = World()
        world.propose(parties=(party(ANNA, "Anna"), party(signer, "Boris", key=DORA.key)))
        assert [one.check for one in world.state.void] == ["DOC-RULES"]
        assert world.state.pending is None


def test_a06_a_key_under_a_foreign_did_is_not_recognised_without_a_resolution() -> None:
    mallory = web(66, "victim")
    world = World((party(ANNA, "Anna", step=2), party(mallory, "Victim")))
    world.propose()
    world.decide(mallory)
    world.decide(ANNA)
    world.anchor()
    report = world.verify()
    assert report.verdict is Verdict.not_recognised
    assert "not_checked" in states(report, "KEY-BIND")
    assert exit_code(report) == 2


def test_a06_a_resolution_to_another_key_is_a_failure() -> None:
    mallory = web(66, "victim")
    world = World((party(ANNA, "Anna", step=2), party(mallory, "Victim")))
    world.propose()
    world.decide(mallory)
    world.resolve(mallory.did, person(67).key)
    report = world.verify()
    assert report.verdict is Verdict.not_recognised
    assert "failed" in states(report, "KEY-BIND")


def test_a06_the_operators_resolution_binds_the_pinned_key() -> None:
    boris = web(66, "boris")
    world = World((party(ANNA, "Anna", step=2), party(boris, "Boris")))
    world.propose()
    world.decide(boris)
    world.decide(ANNA)
    world.resolve(boris.did, boris.key)
    assert world.verify().verdict is Verdict.verified


def test_a06_a_strangers_resolution_binds_nothing() -> None:
    boris = web(66, "boris")
    world = World((party(ANNA, "Anna", step=2), party(boris, "Boris")))
    world.propose()
    world.decide(boris)
    world.resolve(boris.did, boris.key, operator=person(99))
    assert world.verify().verdict is Verdict.not_recognised


def test_a07_decisions_before_the_end_of_a_key_hold_and_later_ones_are_void() -> None:
    world = World((party(ANNA, "Anna", step=2), party(BORIS, "Boris"), party(CARLA, "Carla")))
    world.propose()
    world.decide(BORIS)
    world.end_key(BORIS)
    world.end_key(CARLA)
    world.decide(CARLA)
    report = world.verify()
    assert [one.check for one in report.void] == ["KEY-END"]
    assert [one.name for one in report.parties if one.decision] == ["Boris"]


def test_a07_a_thief_cannot_take_over_where_a_successor_is_committed() -> None:
    heir, thief = person(50), person(51)
    world = World((party(ANNA, "Anna", step=2), party(BORIS, "Boris", next=H(heir.key))))
    world.propose()
    world.decide(BORIS)
    world.end_key(BORIS, successor=thief.key)
    state = world.state
    assert world.key_ends[0].digest in state.refused_ends
    world.end_key(heir, key=BORIS.key, successor=heir.key)
    world.propose()
    world.decide(heir)
    world.decide(ANNA)
    assert world.state.status == "in_force"


def test_a07_what_others_write_beside_a_key_commits_it_to_nothing() -> None:
    """A7: KEY-END; the proposer names a successor of Boris's key, ends the key with it, and signs in his place."""
    heir = person(50)
    world = World((party(ANNA, "Anna", step=2), party(BORIS, "Boris", next=H(heir.key))))
    world.propose()
    world.end_key(heir, key=BORIS.key, successor=heir.key)
    assert world.key_ends[0].digest in world.state.refused_ends
    body = compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.tick())
    world.add({**body, "actor": str(heir.did)}, heir)
    assert [one.check for one in world.state.void] == ["KEY-PIN"]


def test_a08_the_operator_signs_nothing_for_an_account() -> None:
    account = Did("did:pkh:eip155:1:0x" + "ab" * 20)
    parties = (replace(party(BORIS, "Boris"), step=1), replace(party(ANNA, "Anna"), step=2))
    world = World(parties, owner=OPERATOR, on_behalf_of=account)
    sealed = world.seal(1, world.documents[0].ref.root)
    body = compose.compose_proposed(
        world.state, sealed, OPERATOR.did, occurred_at=world.tick(), on_behalf_of=account
    )
    world.add(body, OPERATOR)
    state = world.state
    assert state.owner == account
    assert state.pending is not None
    for action in (Action.signed, Action.declined):
        forged = event_statement(
            action=action,
            contract=world.contract,
            sequence=1,
            previous=state.head.digest,
            actor=OPERATOR.did,
            party=0,
            occurred_at=world.tick(),
            document=state.pending.ref,
            details={"reason": ""} if action is Action.declined else {},
        )
        world.take(world.sign(forged, OPERATOR), logged=False)
    assert {one.check for one in world.state.void} == {"KEY-PIN"}


@pytest.mark.parametrize("action", [Action.approved, Action.signed, Action.witnessed, Action.declined])
def test_a08_no_decision_can_be_made_on_behalf_of_another(action: Action) -> None:
    signer = person(9)
    for one in (event(signer, action), event(signer, Action.terminated)):
        spoken_for = {**one, "details": {**one["details"], "on_behalf_of": ANNA.did}}
        with pytest.raises(FormError):
            Envelope.from_json(spoken_for)


def test_a08_the_operator_ends_no_contract_of_an_account() -> None:
    account = Did("did:pkh:eip155:1:0x" + "ab" * 20)
    world = World(owner=OPERATOR, on_behalf_of=account)
    sealed = world.seal(1, world.documents[0].ref.root)
    body = compose.compose_proposed(
        world.state, sealed, OPERATOR.did, occurred_at=world.tick(), on_behalf_of=account
    )
    world.add(body, OPERATOR)
    world.decide(BORIS)
    world.decide(ANNA)
    world.terminate(OPERATOR)
    assert [one.check for one in world.state.void] == ["LIFE-WHO"]
    assert world.state.status == "in_force"


def test_a08_nobody_but_the_operator_speaks_on_behalf_of_another() -> None:
    world = World()
    sealed = world.seal(1, world.documents[0].ref.root)
    body = compose.compose_proposed(
        world.state, sealed, BORIS.did, occurred_at=world.tick(), on_behalf_of=ANNA.did
    )
    world.add(body, BORIS)
    assert [one.check for one in world.state.void] == ["LIFE-WHO"]


def test_a09_an_accepted_event_that_the_log_drops_is_proved_by_its_receipt() -> None:
    world = World().complete()
    dropped = world.sign(compose.compose_terminated(world.state, BORIS.did, occurred_at=world.tick()), BORIS)
    receipt = world.accept(dropped)
    world.tick(2)
    # After log_by anybody can see that the operator's own log holds nothing in the slot that it promised.
    assert world.now > receipt.log_by
    assert receipt.slot.raw not in {leaf[:32] for leaf in world.logs[0].leaves}
    verify_secured(receipt.json, OPERATOR.public)
    forged = {**receipt.json, "envelope": H("another"), "log_by": "2027-01-01T00:00:00.000Z"}
    with pytest.raises(SignatureError):
        verify_secured(forged, OPERATOR.public)


def test_a09_an_event_with_a_receipt_only_is_said_not_to_be_logged() -> None:
    world = World().complete()
    world.anchor()
    late = world.comment(BORIS)
    receipt = world.accept(late)
    report = world.verify()
    assert receipt.envelope == late.digest
    assert OpenItem.not_logged not in report.open_items  # a comment changes nothing
    assert "1 event not yet logged." in report.headline
    assert states(report, "LOG-INCLUSION") == {"passed", "pending"}


def test_merge_does_not_let_a_broken_event_in() -> None:
    world = World(log=False).complete()
    good = world.evidence()
    broken = Envelope.from_json({**world.envelopes[2].json, "occurred_at": "2026-05-02T00:00:00.000Z"})
    bad = replace(good, envelopes=tuple(sorted((*good.envelopes, broken), key=lambda one: one.digest)))
    assert merge(good, bad).to_bytes() == good.to_bytes()
