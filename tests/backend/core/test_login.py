from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.core.errors import LoginError
from cms_backend.core.login import LoginMessage, instant, login_text, personal_digest
from tests.support.core_samples import ed25519

ADDRESS = "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F"
FULL = LoginMessage(
    scheme="https",
    domain="cms.example.com:8443",
    address=ADDRESS,
    statement="I sign in to my contracts.",
    uri="https://cms.example.com/api/v1",
    chain_id=1,
    nonce="a1b2c3d4e5",
    issued_at="2026-03-05T10:20:30.456Z",
    expiration_time="2026-03-05T10:25:30Z",
    not_before="2026-03-05T10:20:00+00:00",
    request_id="r-1",
    resources=("https://example.com/a", "ipfs://bafy/b"),
)
BARE = LoginMessage(
    domain="127.0.0.1:4711",
    address=str(ed25519(1).did),
    uri="http://127.0.0.1:4711",
    nonce="00000000",
    issued_at="2026-03-05T10:20:30.456Z",
)
NOW = datetime(2026, 3, 5, 10, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "message",
    [FULL, BARE, replace(FULL, statement=None), replace(FULL, resources=()), replace(BARE, request_id="")],
)
def test_a_message_comes_back_from_its_text(message: LoginMessage) -> None:
    assert LoginMessage.parse(message.text) == message


def test_the_text_is_the_one_of_erc_4361() -> None:
    assert FULL.text == (
        "https://cms.example.com:8443 wants you to sign in with your Ethereum account:\n"
        f"{ADDRESS}\n\nI sign in to my contracts.\n\n"
        "URI: https://cms.example.com/api/v1\nVersion: 1\nChain ID: 1\n"
        "Nonce: a1b2c3d4e5\nIssued At: 2026-03-05T10:20:30.456Z\nExpiration Time: 2026-03-05T10:25:30Z\n"
        "Not Before: 2026-03-05T10:20:00+00:00\nRequest ID: r-1\nResources:\n- https://example.com/a\n- ipfs://bafy/b"
    )
    assert BARE.text.split("\n")[0] == "127.0.0.1:4711 wants you to sign in with your DID account:"
    assert "Chain ID" not in BARE.text


@pytest.mark.parametrize(
    "members",
    [
        {"domain": "a b"},
        {"domain": ""},
        {"domain": "cms.example.com\nURI: https://evil.example"},
        {"address": ADDRESS.lower()},
        {"address": "0x12"},
        {"address": "did:key:z6Mk"},
        {"statement": "two\nlines"},
        {"statement": "Pay € 5"},
        {"uri": "no uri"},
        {"uri": "https://a\nNonce: 12345678"},
        {"version": "2"},
        {"chain_id": None},
        {"chain_id": -1},
        {"nonce": "short"},
        {"nonce": "with space 12"},
        {"issued_at": "yesterday"},
        {"issued_at": "2026-02-30T00:00:00Z"},
        {"expiration_time": ""},
        {"not_before": "2026"},
        {"request_id": "a b"},
        {"resources": ("not a uri",)},
        {"resources": ("https://a\n- https://b",)},
        {"scheme": "1http"},
    ],
)
def test_a_part_that_could_pass_for_another_line_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(LoginError):
        assert replace(FULL, **members).text


@pytest.mark.parametrize("at", range(len(FULL.text.split("\n")) - 2))
def test_a_lost_a_doubled_and_a_strange_line_are_refused(at: int) -> None:
    lines = FULL.text.split("\n")
    required = lines[at] and not lines[at].startswith(
        ("Expiration", "Not Before", "Request", "I sign", "Resources")
    )
    for changed in ([*lines[:at], lines[at], *lines[at:]], [*lines[:at], "Strange: 1", *lines[at:]]):
        with pytest.raises(LoginError):
            LoginMessage.parse("\n".join(changed))
    if required:
        with pytest.raises(LoginError):
            LoginMessage.parse("\n".join([*lines[:at], *lines[at + 1 :]]))


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_refused_with_a_login_error(text: str) -> None:
    with pytest.raises(LoginError):
        LoginMessage.parse(text)


def test_control_characters_decomposed_and_endless_texts_are_refused() -> None:
    for text in (FULL.text + "\r", FULL.text.replace("\n", "\r\n"), FULL.text + "\n", FULL.text + "x" * 9000):
        with pytest.raises(LoginError):
            LoginMessage.parse(text)


def test_the_answer_to_this_request_in_its_time_is_accepted() -> None:
    FULL.check(
        domain="cms.example.com:8443", nonce="a1b2c3d4e5", now=NOW, chain_id=1, scheme="https", uri=FULL.uri
    )
    BARE.check(domain="127.0.0.1:4711", nonce="00000000", now=NOW)


@pytest.mark.parametrize(
    "wanted",
    [
        {"domain": "evil.example.com"},
        {"nonce": "99999999"},
        {"uri": "https://evil.example.com"},
        {"chain_id": 5},
        {"scheme": "http"},
        {"now": datetime(2026, 3, 5, 10, 25, 30, tzinfo=UTC)},
        {"now": datetime(2026, 3, 5, 10, 19, 59, tzinfo=UTC)},
    ],
)
def test_an_answer_to_another_request_or_out_of_time_is_refused(wanted: dict[str, Any]) -> None:
    request: dict[str, Any] = {"domain": FULL.domain, "nonce": FULL.nonce, "now": NOW}
    with pytest.raises(LoginError) as caught:
        FULL.check(**{**request, **wanted})
    assert caught.value.remedy


def test_moments_are_read_with_any_zone_and_fraction() -> None:
    moment = datetime(2026, 3, 5, 10, 20, 30, tzinfo=UTC)
    for text in ("2026-03-05T10:20:30Z", "2026-03-05t10:20:30z", "2026-03-05T12:20:30.000000000+02:00"):
        assert instant(text) == moment
    for bad in ("", "2026-03-05", "2026-03-05T10:20:30", "2026-13-05T10:20:30Z", "0001-01-01T00:00:00+05:00"):
        with pytest.raises(LoginError):
            instant(bad)


def test_a_personal_message_is_prefixed_with_its_length_in_bytes() -> None:
    expected = "50b2c43fd39106bafbba0da34fc430e1f91e3c96ea2acee2bc34119f92b37750"
    assert personal_digest(b"hello").hex() == expected


def test_a_request_from_outside_becomes_a_text_or_is_refused() -> None:
    fields = {"domain": "a.example", "address": ADDRESS, "uri": "https://a.example", "nonce": "12345678"}
    assert login_text({**fields, "chain_id": 1, "issued_at": "2026-01-01T00:00:00Z"}).startswith(
        "a.example wants"
    )
    with pytest.raises(LoginError):
        login_text(fields)
    with pytest.raises(LoginError):
        login_text({**fields, "issued_at": "2026-01-01T00:00:00Z", "colour": "red"})
