from typing import Any

import pytest

from cms_backend.core.canonical import encode
from cms_backend.core.errors import DidError, FormError
from cms_backend.core.hashing import H
from cms_backend.core.ids import Digest
from cms_backend.core.signatures import Signer, secure, verify_secured
from cms_backend.core.statements import (
    ContactCard,
    HeadStatement,
    KeyEnd,
    LedgerRef,
    LogStatement,
    Receipt,
    Resolution,
    Secured,
    check_statement,
    contact_card,
    head_statement,
    key_end,
    log_statement,
    receipt,
    resolution,
)
from tests.support.core_logs import log_key
from tests.support.core_samples import CONTRACT, NOW, account, ed25519

D = [Digest(f"{number}" * 64) for number in range(10)]
LEDGER = LedgerRef("eip155:1", D[1], "0x" + "ab" * 20, D[2], D[3])
OPERATOR = ed25519(9)
VKEY = log_key(1).vkey.text
ALL: list[tuple[type[Secured], Signer, dict[str, Any]]] = [
    (
        KeyEnd,
        ed25519(1),
        key_end(
            actor=ed25519(1).did, key=ed25519(1).key, successor=ed25519(2).key, reason="lost", occurred_at=NOW
        ),
    ),
    (
        KeyEnd,
        account(1),
        key_end(actor=account(1).did, key=account(1).key, successor=None, reason="", occurred_at=NOW),
    ),
    (
        LogStatement,
        OPERATOR,
        log_statement(
            actor=OPERATOR.did,
            vkey=VKEY,
            number=0,
            ledgers=[LEDGER],
            successor=log_key(2).vkey.text,
            occurred_at=NOW,
        ),
    ),
    (
        Receipt,
        OPERATOR,
        receipt(
            actor=OPERATOR.did, envelope=D[4], slot=D[5], origin="cms.local/0", received_at=NOW, log_by=NOW
        ),
    ),
    (
        HeadStatement,
        OPERATOR,
        head_statement(
            actor=OPERATOR.did,
            vkey=VKEY,
            contract=CONTRACT,
            genesis=D[6],
            sequence=3,
            digests=[D[8], D[7], D[8]],
            size=40,
            root=D[9],
            occurred_at=NOW,
        ),
    ),
    (
        Resolution,
        OPERATOR,
        resolution(
            actor=OPERATOR.did,
            did="did:web:example.com",
            key=ed25519(3).key,
            document_sha256=D[0],
            resolved_at=NOW,
        ),
    ),
    (
        ContactCard,
        ed25519(1),
        contact_card(actor=ed25519(1).did, key=ed25519(1).key, next=D[1], name="Ada", organisation=None),
    ),
]
CASES = pytest.mark.parametrize(("kind", "signer", "body"), ALL, ids=[case[0].__name__ for case in ALL])


@CASES
def test_a_statement_is_signed_parsed_and_verified(
    kind: type[Secured], signer: Signer, body: dict[str, Any]
) -> None:
    secured = secure(body, signer)
    parsed = kind.from_json(secured)
    verify_secured(parsed.json, signer.public)  # type: ignore[attr-defined]
    assert parsed.statement == body
    assert parsed.digest == H(encode(secured))
    assert parsed.actor == signer.did
    assert kind.from_json(secured) == parsed


@CASES
def test_a_missing_an_extra_and_a_wrong_member_are_refused(
    kind: type[Secured], signer: Signer, body: dict[str, Any]
) -> None:
    secured = secure(body, signer)
    for name in secured:
        with pytest.raises(FormError):
            kind.from_json({key: member for key, member in secured.items() if key != name})
        with pytest.raises(FormError):
            kind.from_json({**secured, name: object()})
    with pytest.raises(FormError):
        kind.from_json({**secured, "extra": 1})
    with pytest.raises(FormError):
        kind.from_json({**secured, "type": "ContractEvent"})


@CASES
def test_the_members_are_values_of_their_types(
    kind: type[Secured], signer: Signer, body: dict[str, Any]
) -> None:
    parsed = kind.from_json(secure(body, signer))
    for name in kind.MEMBERS:
        value = getattr(parsed, name)
        if isinstance(value, tuple):
            value = [item.to_json() if isinstance(item, LedgerRef) else item for item in value]
        assert value == body[name]


def test_an_operators_statement_is_signed_by_a_did_key() -> None:
    with pytest.raises(DidError):
        receipt(actor=account(1).did, envelope=D[4], slot=D[5], origin="x", received_at=NOW, log_by=NOW)
    with pytest.raises(DidError):
        key_end(actor="did:web:example.com", key=ed25519(1).key, successor=None, reason="", occurred_at=NOW)
    assert contact_card(actor="did:web:example.com", key=ed25519(1).key, next=None, name="", organisation="x")


def test_digests_of_a_head_are_sorted_by_the_builder_and_demanded_so_from_others() -> None:
    body = ALL[4][2]
    assert body["digests"] == [D[7], D[8]]
    for bad in ([D[8], D[7]], [D[7], D[7]], "x", [1]):
        with pytest.raises(FormError):
            check_statement({**body, "digests": bad})


@pytest.mark.parametrize(
    "ledgers",
    [
        None,
        [None],
        [{**LEDGER.to_json(), "ledger": "0xAB"}],
        [{**LEDGER.to_json(), "chain": "eip155:0"}],
        [{**LEDGER.to_json(), "code": "0x"}],
    ],
)
def test_a_ledger_off_the_table_is_refused(ledgers: Any) -> None:
    with pytest.raises(FormError):
        check_statement({**ALL[2][2], "ledgers": ledgers})


def test_a_log_statement_needs_real_verifier_keys() -> None:
    with pytest.raises(FormError):
        check_statement({**ALL[2][2], "vkey": "name+00000000+AAAA"})


def test_anything_else_is_no_statement() -> None:
    for body in ({}, {"type": "Challenge"}, {"type": None}, {"type": ["KeyEnd"]}, {**ALL[0][2], "proof": {}}):
        with pytest.raises(FormError):
            check_statement(body)
