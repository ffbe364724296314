from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from cms_backend.core.eip712 import encode_type, hash_struct, statement_digest, typed_data, typed_data_digest
from cms_backend.core.errors import FormError
from cms_backend.core.events import Action
from cms_backend.core.signatures import Statement, decode_proof_value, secure
from cms_backend.core.statements import key_end
from tests.support.core_samples import account, event, statement


@pytest.mark.parametrize("action", list(Action))
def test_the_hand_written_hash_of_an_event_is_that_of_its_typed_data(action: Action) -> None:
    made = Statement.of(statement(account(1), action), account(1).public)
    assert made.eip712_digest == typed_data_digest(made.typed_data)


@pytest.mark.parametrize("action", [Action.created, Action.signed])
def test_eth_account_makes_the_same_signature_from_the_typed_data(action: Action) -> None:
    made = Statement.of(statement(account(1), action), account(1).public)
    signable = encode_typed_data(full_message=made.typed_data)
    foreign = Account.sign_message(signable, b"\1" * 32).signature
    assert decode_proof_value(event(account(1), action)["proof"]["proofValue"]) == bytes(foreign)


def test_a_statement_beside_the_events_is_its_kind_and_its_digest() -> None:
    signer = account(1)
    body = key_end(
        actor=signer.did, key=signer.key, successor=None, reason="", occurred_at="2026-01-01T00:00:00.000Z"
    )
    made = Statement.of(body, signer.public)
    data = made.typed_data
    assert data["primaryType"] == "Statement"
    assert data["message"] == {"kind": "KeyEnd", "digest": "0x" + made.covering.hex()}
    assert made.eip712_digest == typed_data_digest(data) == statement_digest(body, made.covering)
    foreign = Account.sign_message(encode_typed_data(full_message=data), b"\1" * 32).signature
    assert decode_proof_value(secure(body, signer)["proof"]["proofValue"]) == bytes(foreign)


def test_the_domain_has_neither_chain_nor_contract() -> None:
    """A17: a signature must outlive chain and ledger, and hold without either."""
    data = typed_data(statement(account(1)), bytes(32))
    assert data["domain"] == {"name": "Contract Management System", "version": "1"}
    assert [member["name"] for member in data["types"]["EIP712Domain"]] == ["name", "version"]


def test_the_actor_is_in_the_struct_so_that_a_signature_serves_one_account_only() -> None:
    """A16: the ERC-7739 replay between accounts of one owner."""
    one = statement_digest({**statement(account(1)), "actor": "did:pkh:eip155:1:0xa"}, bytes(32))
    other = statement_digest({**statement(account(1)), "actor": "did:pkh:eip155:1:0xb"}, bytes(32))
    assert one != other


def test_types_that_are_referred_to_follow_in_alphabetical_order() -> None:
    types = {
        "Mail": [{"name": "from", "type": "Person[]"}, {"name": "at", "type": "Asset"}],
        "Person": [{"name": "name", "type": "string"}],
        "Asset": [{"name": "owner", "type": "Person"}],
    }
    assert encode_type("Mail", types) == "Mail(Person[] from,Asset at)Asset(Person owner)Person(string name)"
    with pytest.raises(FormError):
        encode_type("Nobody", types)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uint8", 256),
        ("uint8", -1),
        ("int8", 128),
        ("int8", -129),
        ("uint7", 1),
        ("uint264", 1),
        ("uint8", "x"),
        ("uint8", 1.0),
        ("uint8", True),
        ("bool", 1),
        ("bytes4", "0x0102030405"),
        ("bytes4", 7),
        ("bytes33", "0x"),
        ("bytes", "0x0"),
        ("bytes", "abc"),
        ("address", "0x12"),
        ("address", 1),
        ("string", 1),
        ("uint8[2]", [1]),
        ("uint8[]", "11"),
        ("float", 1),
        ("string", None),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(FormError):
        hash_struct("T", {"a": value}, {"T": [{"name": "a", "type": kind}]})


def test_a_type_that_holds_itself_does_not_hang() -> None:
    types = {"T": [{"name": "a", "type": "T"}]}
    value: dict[str, Any] = {}
    value["a"] = value
    with pytest.raises(FormError, match="deep"):
        hash_struct("T", value, types)
