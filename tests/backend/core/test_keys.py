import pytest
from nacl.bindings import crypto_core_ed25519_add, crypto_core_ed25519_is_valid_point

from cms_backend.core.errors import KeyTextError
from cms_backend.core.keys import (
    account_key,
    address_of,
    checksum_address,
    ed25519_key,
    parse_address,
    parse_key,
    secp256k1_key,
)
from tests.support.core_samples import account, ed25519, secp256k1

MIXED = "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F"


def test_a_key_comes_back_from_its_text() -> None:
    for signer in (ed25519(1), secp256k1(1), account(1)):
        assert parse_key(signer.key) == signer.public
        assert parse_key(signer.key).text == signer.key
    assert ed25519(1).key.startswith("z6Mk")
    assert secp256k1(1).key.startswith("zQ3s")
    assert account(1, chain=8453).public.chain == "eip155:8453"
    assert ed25519(1).public.chain is None


SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
]
NOT_CANONICAL = "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"


@pytest.mark.parametrize("raw", [*SMALL_ORDER, NOT_CANONICAL, "02" + "00" * 31])
def test_an_ed25519_key_outside_the_prime_order_subgroup_is_refused(raw: str) -> None:
    assert not crypto_core_ed25519_is_valid_point(bytes.fromhex(raw))
    with pytest.raises(KeyTextError):
        ed25519_key(bytes.fromhex(raw))


def test_a_key_of_mixed_order_is_refused_although_its_point_is_on_the_curve() -> None:
    of_order_eight = bytes.fromhex(SMALL_ORDER[3])
    mixed = crypto_core_ed25519_add(ed25519(1).public.raw, of_order_eight)
    assert crypto_core_ed25519_is_valid_point(ed25519(1).public.raw)
    with pytest.raises(KeyTextError):
        ed25519_key(mixed)


def test_a_secp256k1_key_must_be_a_point_and_is_compressed() -> None:
    public = secp256k1(3).public
    assert secp256k1_key(public.raw) == public
    with pytest.raises(KeyTextError):
        secp256k1_key(b"\x02" + b"\xff" * 32)
    with pytest.raises(KeyTextError):
        secp256k1_key(public.raw[1:])


def test_only_ethereum_keys_have_an_address() -> None:
    assert address_of(secp256k1(2).public) == address_of(account(2).public)
    with pytest.raises(KeyTextError):
        address_of(ed25519(2).public)


def test_a_mixed_case_address_must_pass_its_checksum_and_is_kept_in_lower_case() -> None:
    assert parse_address(MIXED) == MIXED.lower()
    assert checksum_address(MIXED.lower()) == MIXED
    assert account_key(1, MIXED).text == "eip155:1:" + MIXED.lower()
    assert parse_address("0x" + MIXED[2:].upper()) == MIXED.lower()
    for bad in [MIXED.replace("A", "a", 1), MIXED[2:], MIXED + "0", "0X" + MIXED[2:], "", MIXED[:-1] + "g"]:
        with pytest.raises(KeyTextError):
            parse_address(bad)


@pytest.mark.parametrize(
    "text", ["", "z", "zzzz", "f" + "00" * 34, "z" + "1" * 80, "eip155:1:" + MIXED, "z6LS" + "a" * 44]
)
def test_other_texts_are_no_keys(text: str) -> None:
    with pytest.raises(KeyTextError):
        parse_key(text)
