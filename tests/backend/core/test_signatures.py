import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_sign

from cms_backend.core.base58 import b58decode, b58encode
from cms_backend.core.canonical import encode
from cms_backend.core.errors import FormError, KeyTextError, LoginError, SignatureError, UndecidedSignature
from cms_backend.core.events import Action, Envelope
from cms_backend.core.hashing import sha256
from cms_backend.core.ids import Did
from cms_backend.core.keys import PublicKey, address_of, checksum_address
from cms_backend.core.login import LoginMessage, personal_digest
from cms_backend.core.signatures import (
    Ed25519Signer,
    Secp256k1Signer,
    Statement,
    decode_proof_value,
    secure,
    sign_login,
    verify_envelope,
    verify_login,
    verify_secured,
)
from cms_backend.core.suites import SECP256K1_N, secp256k1_sign
from tests.support.core_samples import account, ed25519, event, secp256k1, statement

SIGNERS = [ed25519(1), secp256k1(1), account(1)]


def refusal(obj: dict[str, Any], key: PublicKey) -> str:
    """The reason for which both ways of verifying refuse."""
    with pytest.raises(SignatureError) as first:
        verify_secured(obj, key)
    with pytest.raises(SignatureError) as second:
        verify_envelope(Envelope.from_json(obj), key)
    assert first.value.reason == second.value.reason
    return first.value.reason


def with_proof(obj: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {**obj, "proof": {**obj["proof"], **members}}


@pytest.mark.parametrize("signer", SIGNERS, ids=["ed25519", "secp256k1", "account"])
@pytest.mark.parametrize("action", list(Action))
def test_what_is_signed_verifies(signer: Ed25519Signer | Secp256k1Signer, action: Action) -> None:
    signed = event(signer, action)
    verify_secured(signed, signer.public)
    verify_envelope(Envelope.from_json(signed), signer.public)


def test_ed25519_signs_the_hash_data_of_the_standard() -> None:
    signed = event(ed25519(1))
    options = {name: member for name, member in signed["proof"].items() if name != "proofValue"}
    body = {name: member for name, member in signed.items() if name != "proof"}
    hash_data = sha256(encode(options)) + sha256(encode(body))
    expected = crypto_sign(hash_data, b"\1" * 32 + ed25519(1).public.raw)[:64]
    assert decode_proof_value(signed["proof"]["proofValue"]) == expected
    assert signed["proof"]["verificationMethod"] == f"{ed25519(1).did}#{ed25519(1).key}"


@pytest.mark.parametrize("signer", SIGNERS, ids=["ed25519", "secp256k1", "account"])
@pytest.mark.parametrize(
    "changes",
    [
        {"occurred_at": "2026-03-05T10:20:30.457Z"},
        {"sequence": 2},
        {"party": 1},
        {"after": ["33" * 32]},
        {"seen": {"checkpoint": {"origin": "x", "size": 1, "root": "1" * 64}, "block": None}},
        {"contract": "7f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12"},
        {"previous": "12" * 32},
        {"document": {"revision": 2, "root": "12" * 32, "leaves": 9}},
        {"document": {"revision": 1, "root": "12" * 32, "leaves": 9}},
    ],
)
def test_every_member_is_covered_by_the_signature(signer: Any, changes: dict[str, Any]) -> None:
    """A17: the typed data names ten fields, and its digest covers the whole event and the proof's options."""
    changed = {**event(signer), **changes}
    with pytest.raises(SignatureError) as caught:
        verify_secured(changed, signer.public)
    assert caught.value.reason in ("signature", "undecided")


@given(st.integers(0, 63), st.integers(1, 255))
@settings(max_examples=60)
def test_no_flipped_bits_of_a_signature_pass(at: int, flip: int) -> None:
    signed = event(ed25519(1))
    raw = bytearray(decode_proof_value(signed["proof"]["proofValue"]))
    raw[at] ^= flip
    assert (
        refusal(with_proof(signed, proofValue="z" + b58encode(bytes(raw))), ed25519(1).public) == "signature"
    )


def test_s_beyond_the_group_order_is_refused() -> None:
    """A5: S + L is the same signature to a lenient verifier, and another envelope."""
    order = 2**252 + 27742317777372353535851937790883648493
    signed = event(ed25519(1))
    raw = decode_proof_value(signed["proof"]["proofValue"])
    s = int.from_bytes(raw[32:], "little") + order
    twin = raw[:32] + s.to_bytes(32, "little")
    assert refusal(with_proof(signed, proofValue="z" + b58encode(twin)), ed25519(1).public) == "signature"


def _high_s(raw: bytes) -> bytes:
    s = SECP256K1_N - int.from_bytes(raw[32:64], "big")
    return raw[:32] + s.to_bytes(32, "big") + bytes([55 - raw[64]])


@pytest.mark.parametrize("signer", [secp256k1(1), account(1)], ids=["secp256k1", "account"])
def test_the_high_s_twin_is_refused_and_no_contract_is_asked_about_it(signer: Secp256k1Signer) -> None:
    """A5: eth-account accepts it."""
    signed = event(signer)
    raw = decode_proof_value(signed["proof"]["proofValue"])
    assert refusal(with_proof(signed, proofValue="z" + b58encode(_high_s(raw))), signer.public) == "high-s"


@pytest.mark.parametrize("signer", [secp256k1(1), account(1)], ids=["secp256k1", "account"])
def test_v_as_zero_or_one_is_refused(signer: Secp256k1Signer) -> None:
    """A5: eth-account accepts it."""
    signed = event(signer)
    raw = decode_proof_value(signed["proof"]["proofValue"])
    for v in (raw[64] - 27, raw[64] - 27 + 35):
        changed = with_proof(signed, proofValue="z" + b58encode(raw[:64] + bytes([v])))
        assert refusal(changed, signer.public) in ("v", "undecided")
    assert (
        refusal(
            with_proof(signed, proofValue="z" + b58encode(raw[:64] + bytes([raw[64] - 27]))), signer.public
        )
        == "v"
    )


@pytest.mark.parametrize(
    "value",
    [
        "",
        "z",
        "u" + "A" * 86,
        "z0OIl",
        "z" + b58encode(bytes(63)),
        "z" + b58encode(bytes(65)),
        "z" + "1" * 5700,
        "f" + "00" * 64,
    ],
)
def test_another_writing_of_a_signature_is_refused(value: str) -> None:
    """A5: base64url and other encodings pass elsewhere."""
    assert refusal(with_proof(event(ed25519(1)), proofValue=value), ed25519(1).public) == "encoding"


def test_the_pinned_key_fixes_the_suite() -> None:
    """A18: no negotiation, whatever the proof says."""
    ed, account_event = event(ed25519(1)), event(account(1))
    assert refusal(with_proof(ed, cryptosuite="cms-eip712-v1"), ed25519(1).public) == "suite"
    assert refusal(with_proof(ed, cryptosuite="eddsa-rdfc-2022"), ed25519(1).public) == "suite"
    assert refusal(with_proof(account_event, cryptosuite="eddsa-jcs-2022"), account(1).public) == "suite"
    assert refusal(ed, account(1).public) == "suite"


def test_personal_sign_is_no_suite_for_statements() -> None:
    """A18: an EIP-191 signature over the very same digest is refused."""
    signer = secp256k1(1)
    digest = Statement.of(statement(signer), signer.public).eip712_digest
    value = secp256k1_sign(personal_digest(digest), signer._secret)
    changed = with_proof(event(signer), proofValue="z" + b58encode(value))
    assert refusal(changed, signer.public) == "signature"


def test_the_method_is_the_actors_pinned_key_and_nothing_else() -> None:
    signed = event(ed25519(1))
    other = ed25519(2)
    for method in (f"{other.did}#{other.key}", f"{signed['actor']}#key-1", signed["actor"], ""):
        assert refusal(with_proof(signed, verificationMethod=method), ed25519(1).public) == "method"
    assert refusal(signed, other.public) == "signature"


def test_a_did_that_does_not_certify_itself_signs_with_its_pinned_key() -> None:
    signer = Ed25519Signer(b"\5" * 32, Did("did:web:example.com"))
    signed = event(signer)
    assert signed["proof"]["verificationMethod"] == f"did:web:example.com#{signer.key}"
    verify_secured(signed, signer.public)


def test_an_account_whose_recovery_fails_is_undecided_with_all_that_its_contract_must_be_asked() -> None:
    signed = event(account(1))
    contract_signature = b"\xab" * 200
    changed = with_proof(signed, proofValue="z" + b58encode(contract_signature))
    with pytest.raises(UndecidedSignature) as caught:
        verify_secured(changed, account(1).public)
    assert caught.value.reason == "undecided"
    assert caught.value.signature == contract_signature
    assert caught.value.account == account(1).key
    assert len(caught.value.digest) == 32


def test_a_key_is_never_undecided() -> None:
    changed = with_proof(event(secp256k1(1)), proofValue="z" + b58encode(b"\xab" * 200))
    assert refusal(changed, secp256k1(1).public) == "encoding"


def test_a_contract_signature_has_at_most_4096_bytes_and_no_erc_6492_wrapper() -> None:
    """A16: a wrapper would bring code that the verifier runs."""
    signed = event(account(1))
    too_long = with_proof(signed, proofValue="z" + b58encode(b"\xab" * 4097))
    assert refusal(too_long, account(1).public) == "encoding"
    longest = with_proof(signed, proofValue="z" + b58encode(b"\xab" * 4096))
    assert refusal(longest, account(1).public) == "undecided"
    wrapped = with_proof(signed, proofValue="z" + b58encode(b"\xab" * 64 + bytes.fromhex("6492" * 16)))
    assert refusal(wrapped, account(1).public) == "encoding"


def test_a_signature_of_another_account_is_asked_about_and_not_refused() -> None:
    """An owner of a contract account signs with his own key: only the contract knows whether he may."""
    foreign = event(account(2))["proof"]["proofValue"]
    assert refusal(with_proof(event(account(1)), proofValue=foreign), account(1).public) == "undecided"


@pytest.mark.parametrize("value", [None, [], {}, "proof"])
def test_an_object_without_a_proof_is_not_secured(value: Any) -> None:
    with pytest.raises(SignatureError) as caught:
        verify_secured({**event(ed25519(1)), "proof": value}, ed25519(1).public)
    assert caught.value.reason == "encoding"


def test_a_signer_is_given_complete_statements_and_never_bytes() -> None:
    """A2: 64 bytes that a server chose, signed as a challenge, would be a contract signature."""
    signer = ed25519(1)
    for body in (
        {"challenge": "00" * 32},
        {**statement(signer), "type": "Challenge"},
        {**statement(signer), "extra": 1},
        {name: member for name, member in statement(signer).items() if name != "contract"},
        {**statement(signer), "intent": "I log in."},
        {**statement(signer), "type": ["ContractEvent"]},
        event(signer),
    ):
        with pytest.raises(FormError):
            Statement.of(body, signer.public)


def test_the_64_bytes_of_a_statement_cannot_be_signed_as_a_login() -> None:
    """A2: what is signed for a login is a parsed text, longer than 64 bytes by its fixed sentence alone."""
    signer = ed25519(1)
    hash_data = Statement.of(statement(signer), signer.public).hash_data
    assert len(hash_data) == 64
    with pytest.raises(LoginError):
        sign_login(hash_data.decode("latin-1"), signer)
    shortest = LoginMessage(
        domain="a", address="did:a:b", uri="a:", nonce="00000000", issued_at="2026-01-01T00:00:00Z"
    )
    assert len(shortest.text.encode()) > 64


def test_the_signature_of_a_login_is_none_of_a_statement() -> None:
    """A2 the other way round."""
    signer = ed25519(1)
    login = sign_login(login_message(signer).text, signer)
    assert refusal(with_proof(event(signer), proofValue=login), signer.public) == "signature"


def test_a_signer_refuses_statements_of_other_actors_and_keys() -> None:
    with pytest.raises(FormError, match="another actor"):
        secure(statement(ed25519(2)), ed25519(1))
    foreign = Statement.of(statement(ed25519(2)), ed25519(2).public)
    with pytest.raises(FormError, match="another key"):
        ed25519(1).sign(foreign)
    with pytest.raises(FormError, match="another key"):
        secp256k1(1).sign(foreign)


@pytest.mark.parametrize("signer", SIGNERS, ids=["ed25519", "secp256k1", "account"])
def test_no_signer_shows_its_secret(signer: Any) -> None:
    shown = repr(signer) + str(signer)
    assert "01010101" not in shown
    assert str(signer.did) in shown
    assert not hasattr(signer, "__dict__")


def test_a_secret_that_is_no_key_is_refused_without_showing_it() -> None:
    for secret in (bytes(32), b"\xff" * 32, b"\1" * 31):
        with pytest.raises(KeyTextError) as caught:
            Secp256k1Signer(secret)
        assert secret.hex()[:8] not in str(caught.value)
    with pytest.raises(KeyTextError):
        Ed25519Signer(b"\1" * 31)
    with pytest.raises(KeyTextError, match="not the key of this account"):
        Secp256k1Signer(b"\2" * 32, account(1).did)
    assert Secp256k1Signer(b"\1" * 32, account(1).did).key == account(1).key


def login_message(signer: Any, **members: Any) -> LoginMessage:
    did = str(signer.did)
    values: dict[str, Any] = {
        "domain": "cms.example.com",
        "address": did,
        "uri": "https://cms.example.com/api/v1",
        "nonce": "a1b2c3d4e5f6",
        "issued_at": "2026-03-05T10:20:30.456Z",
    }
    if signer.public.kind == "account":
        values.update(address=checksum_address(address_of(signer.public)), chain_id=1)
    return LoginMessage(**{**values, **members})


@pytest.mark.parametrize("signer", SIGNERS, ids=["ed25519", "secp256k1", "account"])
def test_each_kind_of_key_logs_in(signer: Any) -> None:
    text = login_message(signer).text
    signature = sign_login(text, signer)
    assert verify_login(text, signature, signer.did) == login_message(signer)
    with pytest.raises(SignatureError):
        verify_login(login_message(signer, nonce="00000000").text, signature, signer.did)


def test_a_login_for_another_is_refused() -> None:
    text = login_message(ed25519(1)).text
    with pytest.raises(LoginError):
        sign_login(text, ed25519(2))
    with pytest.raises(LoginError):
        verify_login(text, sign_login(text, ed25519(1)), ed25519(2).did)
    for_account = login_message(account(1)).text
    with pytest.raises(LoginError):
        sign_login(for_account, secp256k1(1))
    with pytest.raises(LoginError):
        verify_login(for_account, sign_login(for_account, account(1)), account(1, chain=137).did)


def test_a_did_without_a_known_key_cannot_log_in_until_its_key_is_given() -> None:
    signer = Ed25519Signer(b"\5" * 32, Did("did:web:example.com"))
    text = login_message(signer).text
    signature = sign_login(text, signer)
    with pytest.raises(LoginError, match="not known"):
        verify_login(text, signature, signer.did)
    assert verify_login(text, signature, signer.did, signer.public)


@pytest.mark.parametrize(
    "signature", ["", "0x", "0x1", "1b" * 65, "0X" + "1b" * 65, "0x" + "1B" * 65, "z" + "1" * 64]
)
def test_a_login_of_an_account_is_signed_in_lower_case_hex(signature: str) -> None:
    text = login_message(account(1)).text
    with pytest.raises(SignatureError) as caught:
        verify_login(text, signature, account(1).did)
    assert caught.value.reason == "encoding"


def test_a_login_of_a_contract_account_is_left_to_its_contract() -> None:
    text = login_message(account(1)).text
    with pytest.raises(UndecidedSignature):
        verify_login(text, "0x" + "ab" * 100, account(1).did)


def test_the_typed_data_for_foreign_wallets_has_the_digest_that_we_sign() -> None:
    made = Statement.of(statement(account(1)), account(1).public)
    assert json.loads(json.dumps(made.typed_data))["message"]["digest"] == "0x" + made.covering.hex()
    assert len(b58decode(event(account(1))["proof"]["proofValue"][1:])) == 65
