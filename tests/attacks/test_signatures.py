"""Attacks on what a key signs, and on the other writings of a signature. Each test names what stops the attack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import coincurve
import pytest
from coincurve._libsecp256k1 import ffi
from eth_account import Account
from eth_account.messages import encode_typed_data

from cms_backend.core import compose
from cms_backend.core.base58 import b58decode, b58encode
from cms_backend.core.canonical import encode
from cms_backend.core.errors import FormError, LoginError, SignatureError
from cms_backend.core.events import Action, Envelope
from cms_backend.core.hashing import H, sha256
from cms_backend.core.ids import Did
from cms_backend.core.login import LoginMessage, personal_digest
from cms_backend.core.signatures import (
    Ed25519Signer,
    Secp256k1Signer,
    Statement,
    secure,
    sign_login,
    verify_envelope,
    verify_secured,
)
from cms_backend.core.suites import SECP256K1_N, secp256k1_sign
from cms_desktop.wallet.signer import WalletSigner
from tests.support.core_samples import account, event, secp256k1, statement
from tests.support.verify_world import ANNA, BORIS, World, party


def raw_ed25519(signer: Ed25519Signer, message: bytes) -> str:
    """What the seed's wallet did: sign any bytes with the key."""
    from nacl.bindings import crypto_sign

    return "z" + b58encode(crypto_sign(message, signer._secret)[:64])


def with_signature(body: dict[str, Any], raw: bytes) -> dict[str, Any]:
    """The same event with another signature."""
    return {**body, "proof": {**body["proof"], "proofValue": "z" + b58encode(raw)}}


def reason(body: dict[str, Any], signer: Secp256k1Signer | Ed25519Signer) -> str | None:
    """Why the proof is refused under the signer's pinned key; None when it holds."""
    try:
        verify_secured(body, signer.public)
    except SignatureError as error:
        return error.reason
    return None


# --- A2: a login must not be a contract signature -----------------------------------------------------------


def test_a02_the_hash_of_an_event_is_no_challenge_that_a_key_signs() -> None:
    body = statement(BORIS)
    bytes_of_event = Statement.of(body, BORIS.public).hash_data
    # The attack works on a key that signs any bytes: that is what must never be asked of it.
    stolen = {
        **event(BORIS),
        "proof": {**event(BORIS)["proof"], "proofValue": raw_ed25519(BORIS, bytes_of_event)},
    }
    assert reason(stolen, BORIS) is None
    for challenge in (bytes_of_event.decode("latin-1"), bytes_of_event.hex(), "0x" + bytes_of_event.hex()):
        with pytest.raises(LoginError):
            sign_login(challenge, BORIS)


def test_a02_a_wallet_makes_the_statement_anew_and_signs_no_hash_of_others() -> None:
    wallet = WalletSigner(BORIS.did, BORIS.key, lambda: BORIS)
    harmless = Statement.of(statement(BORIS, Action.commented), BORIS.public)
    wanted = Statement.of(statement(BORIS, Action.signed), BORIS.public)
    signed = wallet.sign(replace(harmless, hash_data=wanted.hash_data))
    assert signed == BORIS.sign(harmless)
    assert (
        reason({**event(BORIS), "proof": {**event(BORIS)["proof"], "proofValue": signed}}, BORIS)
        == "signature"
    )


def test_a02_every_login_text_is_longer_than_the_64_bytes_of_an_event() -> None:
    shortest = LoginMessage("a", Did("did:a:b"), "a:", "12345678", "2026-01-01T00:00:00Z").text
    assert len(shortest.encode()) > len(Statement.of(statement(BORIS), BORIS.public).hash_data)


# --- A5: one signature, one envelope ------------------------------------------------------------------------


def test_a05_the_high_s_twin_and_v_of_0_and_1_are_refused() -> None:
    for signer in (secp256k1(7), account(7)):
        body = event(signer)
        raw = b58decode(body["proof"]["proofValue"][1:])
        s, v = int.from_bytes(raw[32:64], "big"), raw[64]
        twin = raw[:32] + (SECP256K1_N - s).to_bytes(32, "big") + bytes([55 - v])
        assert reason(body, signer) is None
        assert reason(with_signature(body, twin), signer) == "high-s"
        assert reason(with_signature(body, raw[:64] + bytes([v - 27])), signer) == "v"


def test_a05_another_nonce_makes_another_envelope_of_the_same_event_and_no_fork() -> None:
    other = secp256k1(7)
    world = World((party(ANNA, "Anna", step=2), party(other, "Boris")), log=False)
    world.propose()
    body = compose.compose_decision(world.state, Action.signed, other.did, occurred_at=world.tick())
    first = world.add(body, other)
    digest = Statement.of(body, other.public).eip712_digest
    own = coincurve.PrivateKey(bytes([7]) * 32)
    fresh = own.sign_recoverable(
        digest, hasher=None, custom_nonce=(ffi.NULL, ffi.new("char[32]", b"\x09" * 32))
    )
    second = Envelope.from_json(with_signature(dict(first.json), fresh[:64] + bytes([27 + fresh[64]])))
    verify_envelope(second, other.public)
    assert second.digest != first.digest
    assert second.statement_digest == first.statement_digest
    world.take(second)
    world.decide(ANNA)
    report = world.verify()
    assert report.state == "in_force"
    assert (report.forks, report.void) == ((), ())


# --- A16: accounts that are contracts -----------------------------------------------------------------------


def test_a16_a_signature_that_brings_code_to_run_is_refused_and_never_asked() -> None:
    owner = account(21)
    body = event(owner)
    wrapped = b"\x01" * 96 + bytes.fromhex("6492" * 16)
    with pytest.raises(SignatureError, match="ERC-6492") as caught:
        verify_secured(with_signature(body, wrapped), owner.public)
    assert caught.value.reason == "encoding"


# --- A17: typed data covers everything, and outlives chain and ledger ----------------------------------------


def _changed(name: str, change: Callable[[Any], Any]) -> Callable[[dict[str, Any]], None]:
    def apply(body: dict[str, Any]) -> None:
        *path, last = name.split(".")
        for part in path:
            body = body[part]
        body[last] = change(body[last])

    return apply


LEFT_OUT_OF_THE_STRUCT = {
    "after": lambda _: [H("a decision")],
    "party": lambda _: 1,
    "document.leaves": lambda leaves: leaves + 1,
    "seen": lambda _: {"checkpoint": None, "block": {"chain": "eip155:1", "number": 1, "hash": H("b")}},
    "details": lambda _: {"reason": "Another reason."},
}
IN_THE_STRUCT = {
    "contract": lambda _: "8f14e45f-ceea-467f-a9f2-6f2c1a3e5b7d",
    "sequence": lambda number: number + 1,
    "previous": lambda _: H("another"),
    "occurred_at": lambda _: "2026-03-05T10:20:30.457Z",
    "document.revision": lambda number: number + 1,
    "document.root": lambda _: H("another"),
}


@pytest.mark.parametrize("name", [*LEFT_OUT_OF_THE_STRUCT, *IN_THE_STRUCT])
def test_a17_a_member_that_the_struct_leaves_out_is_covered_by_its_digest(name: str) -> None:
    for signer in (secp256k1(7), account(7)):
        body = event(signer, Action.declined)
        copied = {**body, "document": dict(body["document"])}
        _changed(name, {**LEFT_OUT_OF_THE_STRUCT, **IN_THE_STRUCT}[name])(copied)
        Envelope.from_json(copied)
        assert reason(body, signer) is None
        # To an account the changed event is a signature by another key, which only its contract could explain.
        assert reason(copied, signer) == ("undecided" if signer.public.kind == "account" else "signature")


@pytest.mark.parametrize(
    ("member", "value"),
    [("proofPurpose", "authentication"), ("created", "2026-01-01T00:00:00Z"), ("domain", "x")],
)
def test_a17_no_option_of_the_proof_can_be_changed_or_added(member: str, value: str) -> None:
    signer = secp256k1(7)
    body = event(signer)
    changed = {**body, "proof": {**body["proof"], member: value}}
    with pytest.raises(FormError):
        Envelope.from_json(changed)
    assert reason(changed, signer) == "encoding"


def test_a17_the_digest_of_the_struct_is_the_hash_that_ed25519_signs() -> None:
    signer = account(7)
    asked = Statement.of(statement(signer), signer.public)
    options = {name: one for name, one in event(signer)["proof"].items() if name != "proofValue"}
    hash_data = sha256(encode(options)) + sha256(encode(asked.body))
    assert asked.hash_data == hash_data
    shown = asked.typed_data
    assert list(shown["message"])[-1] == "digest"
    assert shown["message"]["digest"] == "0x" + sha256(hash_data).hex()


def test_a17_the_domain_names_no_chain_and_no_contract_so_that_any_wallet_signs_on_any_chain() -> None:
    secret = bytes([7]) * 32
    for chain in (1, 5, 31337):
        signer = account(7, chain)
        asked = Statement.of(statement(signer), signer.public)
        shown = asked.typed_data
        assert shown["domain"] == {"name": "Contract Management System", "version": "1"}
        foreign = Account.sign_message(encode_typed_data(full_message=shown), secret).signature
        assert reason(with_signature(event(signer), bytes(foreign)), signer) is None


def test_a17_a_signature_for_one_chains_account_is_none_for_the_same_address_on_another() -> None:
    here, there = account(7, 1), account(7, 5)
    moved = {**event(here), "actor": there.did}
    moved["proof"] = {**moved["proof"], "verificationMethod": event(there)["proof"]["verificationMethod"]}
    assert reason(moved, there) == "undecided"


# --- A18: one key, one suite --------------------------------------------------------------------------------


def test_a18_a_personal_signature_or_a_plain_one_is_no_proof() -> None:
    signer = secp256k1(7)
    body, key = event(signer), coincurve.PrivateKey(bytes([7]) * 32)
    asked = Statement.of(statement(signer), signer.public)
    for digest in (personal_digest(asked.hash_data), personal_digest(asked.covering), asked.covering):
        assert reason(with_signature(body, secp256k1_sign(digest, key)), signer) == "signature"


def test_a18_a_second_suite_on_either_kind_of_key_is_refused() -> None:
    for signer, suite in ((secp256k1(7), "eddsa-jcs-2022"), (BORIS, "cms-eip712-v1")):
        body = event(signer)
        body["proof"] = {**body["proof"], "cryptosuite": suite}
        assert reason(body, signer) == "suite"


def test_a18_a_key_is_asked_only_for_statements_of_its_own() -> None:
    asked = Statement.of(statement(BORIS), BORIS.public)
    with pytest.raises(FormError):
        ANNA.sign(asked)
    with pytest.raises(FormError):
        secure(statement(BORIS), ANNA)
