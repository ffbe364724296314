"""The two codes by which backend and program prove that they know the launch secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.core import attach
from cms_backend.core.errors import FormError

NONCES = st.binary(min_size=32, max_size=32).map(bytes.hex)
SECRET, OTHER = "5" * 64, "6" * 64


@given(NONCES, NONCES)
def test_who_knows_the_secret_is_known_by_both_codes(client: str, server: str) -> None:
    assert attach.is_proof(attach.server_proof(SECRET, client, server), SECRET, client, server)
    assert attach.is_credential(attach.credential(SECRET, client, server), SECRET)


@given(NONCES, NONCES)
def test_who_knows_another_secret_is_not(client: str, server: str) -> None:
    assert not attach.is_proof(attach.server_proof(OTHER, client, server), SECRET, client, server)
    assert not attach.is_credential(attach.credential(OTHER, client, server), SECRET)


@given(NONCES, NONCES, NONCES)
def test_a_code_holds_for_its_own_nonces_alone(client: str, server: str, third: str) -> None:
    proof, code = attach.server_proof(SECRET, client, server), attach.credential(SECRET, client, server)[-64:]
    if third not in (client, server):
        assert not attach.is_proof(proof, SECRET, third, server)
        assert not attach.is_proof(proof, SECRET, client, third)
        assert not attach.is_credential(f"{third}.{server}.{code}", SECRET)
        assert not attach.is_credential(f"{client}.{third}.{code}", SECRET)
    if client != server:
        assert not attach.is_proof(proof, SECRET, server, client)


def test_neither_code_answers_for_the_other() -> None:
    client, server = "0" * 64, "1" * 64
    proof, code = attach.server_proof(SECRET, client, server), attach.credential(SECRET, client, server)[-64:]
    assert not attach.is_credential(f"{client}.{server}.{proof}", SECRET)
    assert not attach.is_proof(code, SECRET, client, server)


@pytest.mark.parametrize("text", ["", "x", ".." * 64, "0" * 64 + ".", "\u0660" * 64, SECRET])
def test_what_has_not_the_form_of_a_credential_is_none(text: str) -> None:
    assert not attach.is_credential(text, SECRET)


@pytest.mark.parametrize("value", [None, 1, "", "0" * 63, "0" * 65, "A" * 64, "0" * 63 + "\n", ["0" * 64]])
def test_what_has_not_the_form_of_a_nonce_is_refused(value: object) -> None:
    with pytest.raises(FormError):
        attach.check_nonce(value)
