from typing import Any

import pytest
from hypothesis import given

from cms_backend.core.canonical import encode
from cms_backend.core.errors import FormError, IntentError
from cms_backend.core.events import (
    INTENT,
    Action,
    BlockRef,
    CheckpointRef,
    Envelope,
    Kind,
    Seen,
    event_statement,
    kind,
)
from cms_backend.core.hashing import H
from cms_backend.core.ids import Digest
from tests.support.core_logs import log_key
from tests.support.core_samples import DETAILS, ELSEWHERE, account, ed25519, envelope, event, statement
from tests.support.core_strategies import texts

SEEN = Seen(
    CheckpointRef("cms.local/0a", 7, Digest("44" * 32)), BlockRef("eip155:1", 19_000_000, Digest("55" * 32))
)


@pytest.mark.parametrize("action", list(Action))
def test_every_action_has_one_form_and_comes_back_from_it(action: Action) -> None:
    raw = event(ed25519(1), action, seen=SEEN, after=["66" * 32, "55" * 32])
    parsed = Envelope.from_json(raw)
    assert parsed.action is action
    assert parsed.intent == INTENT[action]
    assert dict(parsed.details) == DETAILS[action]
    assert parsed.seen == SEEN
    assert parsed.after == ("55" * 32, "66" * 32)
    assert parsed.json == raw
    assert parsed.kind is kind(action)


def test_spine_decisions_and_notes_are_told_apart() -> None:
    kinds = {action: kind(action) for action in Action}
    spine = {Action.created, Action.proposed, Action.withdrawn, Action.terminated, Action.moved}
    assert {action for action in Action if kinds[action] is Kind.spine} == spine
    assert [action for action in Action if kinds[action] is Kind.note] == [Action.commented]


def test_the_digest_covers_the_proof_and_the_statement_does_not() -> None:
    raw = event(ed25519(1))
    body = {name: member for name, member in raw.items() if name != "proof"}
    parsed = Envelope.from_json(raw)
    assert parsed.digest == H(encode(raw))
    assert parsed.statement_digest == H(encode(body))


def test_envelopes_are_equal_by_digest() -> None:
    assert envelope(ed25519(1)) == envelope(ed25519(1))
    assert len({envelope(ed25519(1)), envelope(ed25519(1)), envelope(ed25519(2))}) == 2
    assert envelope(ed25519(1)) != "other"


@pytest.mark.parametrize("action", list(Action))
def test_another_sentence_than_the_fixed_one_is_refused(action: Action) -> None:
    """A25: a wallet shows the sentence, so the signature means it."""
    raw = event(ed25519(1), action)
    with pytest.raises(IntentError) as caught:
        Envelope.from_json({**raw, "intent": "I agree to everything."})
    assert caught.value.code == "event.intent"


def _event(**members: Any) -> dict[str, Any]:
    return {**event(ed25519(1)), **members}


def _proof(**members: Any) -> dict[str, Any]:
    raw = event(ed25519(1))
    return {**raw, "proof": {**raw["proof"], **members}}


def _document(**members: Any) -> dict[str, Any]:
    raw = event(ed25519(1))
    return {**raw, "document": {**raw["document"], **members}}


CONTEXT = "https://w3id.org/security/data-integrity/v2"


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        _event(extra=1),
        {name: member for name, member in event(ed25519(1)).items() if name != "party"},
        _event(type="Event"),
        _event(format="cms/2"),
        _event(action="agreed"),
        _event(action=None),
        _event(action=["signed"]),
        _event(contract="6F2C1A3E-5b7d-4c1f-9a0e-2d4b6c8e0f12"),
        _event(contract=None),
        _event(sequence=-1),
        _event(sequence=True),
        _event(sequence="1"),
        _event(sequence=2**53),
        _event(previous=None),
        _event(previous="0x" + "1" * 64),
        _event(previous=["1" * 64]),
        _event(after=None),
        _event(after={}),
        _event(after=["2" * 64, "1" * 64]),
        _event(after=["1" * 64, "1" * 64]),
        _event(after=[1]),
        _event(after=[["1" * 64]]),
        _event(actor="alice"),
        _event(actor=None),
        _event(party=-1),
        _event(party="0"),
        _event(party=False),
        _event(occurred_at="2026-03-05T10:20:30Z"),
        _event(occurred_at=1772706030),
        _document(revision=-1),
        _document(revision=True),
        _document(root="A" * 64),
        _document(root={}),
        _document(leaves=4),
        _document(leaves=[]),
        _document(extra=1),
        _event(document=None),
        _event(seen=None),
        _event(seen={"checkpoint": None}),
        _event(seen={"checkpoint": {"origin": "a", "size": -1, "root": "1" * 64}, "block": None}),
        _event(seen={"checkpoint": None, "block": {"chain": "solana:1", "number": 1, "hash": "1" * 64}}),
        _event(seen={"checkpoint": None, "block": {"chain": ["eip155:1"], "number": 1, "hash": "1" * 64}}),
        _event(seen={"checkpoint": {"origin": 1, "size": 1, "root": "1" * 64}, "block": None}),
        _event(details=None),
        _event(details={"reason": ""}),
        _event(proof=None),
        _proof(type="Ed25519Signature2020"),
        _proof(proofPurpose="authentication"),
        _proof(created="2026-03-05T10:20:30Z"),
        _proof(cryptosuite=None),
        _proof(verificationMethod=1),
        _proof(proofValue=["z"]),
    ],
)
def test_an_event_off_the_table_is_refused(value: object) -> None:
    with pytest.raises(FormError):
        Envelope.from_json(value)


@pytest.mark.parametrize(
    "value",
    [
        _event(**{"@context": CONTEXT}),
        _event(**{"@context": [CONTEXT, "https://example.com/appended"]}),
        _event(**{"@context": [CONTEXT, {"@vocab": "https://example.com/#"}]}),
        _event(**{"@context": []}),
        _proof(**{"@context": [CONTEXT, "https://example.com/appended"]}),
        _event(proof=[event(ed25519(1))["proof"]]),
        _event(proof=[event(ed25519(1))["proof"], {"type": "junk"}]),
    ],
)
def test_one_signature_cannot_have_many_envelopes(value: object) -> None:
    """A5: an appended context, an array of proofs, a junk second proof; foreign verifiers accept them."""
    with pytest.raises(FormError):
        Envelope.from_json(value)


@pytest.mark.parametrize(
    ("action", "details"),
    [
        (Action.created, {"log": None}),
        (Action.created, {"log": {"vkey": "x", "operator": "y"}, "on_behalf_of": None}),
        (Action.created, {"log": None, "on_behalf_of": "alice"}),
        (Action.proposed, {"reply_by": "tomorrow", "note": "", "on_behalf_of": None}),
        (Action.proposed, {"reply_by": None, "note": None, "on_behalf_of": None}),
        (Action.withdrawn, {}),
        (Action.terminated, {"reason": "", "effective_on": 1}),
        (Action.moved, {"log": None, "checkpoint": {"origin": "a"}}),
        (Action.signed, {"extra": None}),
        (Action.witnessed, {"signature": None}),
        (Action.declined, {"reason": 1}),
        (Action.commented, {"path": "/terms/1", "text": "", "on_behalf_of": None}),
    ],
)
def test_details_off_the_row_of_the_action_are_refused(action: Action, details: dict[str, Any]) -> None:
    with pytest.raises(FormError):
        statement(ed25519(1), action, details=details)
    with pytest.raises(FormError):
        Envelope.from_json({**event(ed25519(1), action), "details": details})


def test_the_log_of_a_contract_is_named_by_vkey_and_an_operator_with_a_did_key() -> None:
    vkey = log_key(1).vkey.text
    good = {"log": {"vkey": vkey, "operator": str(ed25519(3).did)}, "on_behalf_of": None}
    assert envelope(ed25519(1), Action.created, details=good).details["log"]["vkey"] == vkey
    for bad in (
        {"vkey": vkey, "operator": str(account(3).did)},
        {"vkey": vkey + "A", "operator": str(ed25519(3).did)},
        {"vkey": None, "operator": str(ed25519(3).did)},
        {"vkey": vkey, "operator": str(ed25519(3).did), "more": 1},
    ):
        with pytest.raises(FormError):
            statement(ed25519(1), Action.created, details={"log": bad, "on_behalf_of": None})


def test_only_created_has_no_predecessor() -> None:
    created = event(ed25519(1), Action.created)
    for changes in ({"previous": str(ELSEWHERE)}, {"sequence": 1}):
        with pytest.raises(FormError):
            Envelope.from_json({**created, **changes})


def test_a_note_may_stand_on_the_created_event() -> None:
    note = envelope(ed25519(1), Action.commented, sequence=0)
    assert (note.sequence, note.previous) == (0, ELSEWHERE)


def test_true_is_never_taken_for_one_even_after_one_was_seen() -> None:
    raw = event(ed25519(1))
    Envelope.from_json(raw)
    for part in ("revision", "leaves"):
        with pytest.raises(FormError):
            Envelope.from_json({**raw, "document": {**raw["document"], part: True}})


def test_the_builder_sorts_and_fills_in_what_is_fixed() -> None:
    raw = event_statement(
        action=Action.signed,
        contract="6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12",
        sequence=1,
        previous=ELSEWHERE,
        after=[Digest("66" * 32), Digest("55" * 32), Digest("66" * 32)],
        actor=ed25519(1).did,
        party=0,
        occurred_at="2026-03-05T10:20:30.456Z",
        document=envelope(ed25519(1)).document,
        details={},
    )
    assert raw["after"] == ["55" * 32, "66" * 32]
    assert raw["seen"] == {"checkpoint": None, "block": None}
    assert all(type(member) is not Digest for member in raw.values())


@given(texts, texts)
def test_the_statement_is_the_event_without_its_proof_whatever_its_texts_say(text: str, origin: str) -> None:
    tricky = f'{text},"proof":{{"a":1}},"seen":{{'
    seen = Seen(CheckpointRef(origin + tricky, 1, Digest("44" * 32)), None)
    raw = event(ed25519(1), Action.declined, details={"reason": tricky}, seen=seen)
    parsed = Envelope.from_json(raw)
    body = {name: member for name, member in raw.items() if name != "proof"}
    assert parsed.statement_digest == H(encode(body))
