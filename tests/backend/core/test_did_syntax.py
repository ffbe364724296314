import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.core.did_syntax import check_did, check_key, ethr_parts, multikey, split_did, web_parts
from cms_backend.core.errors import DidError, FormError
from tests.support.core_samples import account, ed25519, secp256k1


@given(st.text(max_size=80))
def test_any_text_is_a_did_or_refused_with_a_did_error(text: str) -> None:
    for attempt in (text, "did:key:" + text, "did:web:" + text, "did:ethr:" + text, "did:pkh:" + text):
        try:
            assert check_did(attempt) == attempt
        except DidError:
            continue


@given(st.text("123456789ABCabcz", max_size=90))
def test_any_text_is_a_key_or_refused_with_a_form_error(text: str) -> None:
    try:
        assert check_key(text) == text
    except FormError:
        return


def test_a_multikey_tells_its_kind() -> None:
    assert multikey(ed25519(1).key) == ("ed25519", ed25519(1).public.raw)
    assert multikey(secp256k1(1).key) == ("secp256k1", secp256k1(1).public.raw)
    assert check_key(account(1).key) == account(1).key


def test_a_did_of_another_method_is_a_did_all_the_same() -> None:
    assert split_did("did:example:a:b:%41") == ("example", "a:b:%41")
    assert check_did("did:ion:EiA") == "did:ion:EiA"


@pytest.mark.parametrize(
    "host", ["localhost", "10.0.0.1", "0x7f000001", "2130706433", "a.b.0x7f", "intranet", "a..b", "-a.com"]
)
def test_a_did_web_cannot_name_a_machine_nearby(host: str) -> None:
    with pytest.raises(DidError):
        web_parts(host)


def test_localhost_needs_a_port_and_is_for_development() -> None:
    assert web_parts("localhost%3A8443") == ("localhost", 8443, ())


def test_networks_of_did_ethr_are_names_or_hex_ids() -> None:
    address = "0x" + "ab" * 20
    assert ethr_parts(address) == (1, address)
    assert ethr_parts("0x89:" + address) == (137, address)
    with pytest.raises(DidError):
        ethr_parts("goerli-old:" + address)


def test_an_endless_text_is_refused_at_once() -> None:
    started = time.perf_counter()
    for text in (
        "did:x:" + ":" * 2000 + "!",
        "did:x:" + "a" * 2000 + "!",
        "did:web:" + "a." * 1000,
        "z" * 100_000,
    ):
        with pytest.raises(FormError):
            check_did(text)
    with pytest.raises(FormError):
        multikey("z" + "1" * 100_000)
    assert time.perf_counter() - started < 1
