import coincurve
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_sign_seed_keypair

from cms_backend.core.errors import SignatureError
from cms_backend.core.keys import address_of_point
from cms_backend.core.suites import (
    SECP256K1_N,
    ed25519_sign,
    ed25519_verify,
    recover_address,
    secp256k1_sign,
    twin_reason,
)

PUBLIC, SECRET = crypto_sign_seed_keypair(b"\7" * 32)
KEY = coincurve.PrivateKey(b"\7" * 32)
ADDRESS = address_of_point(KEY.public_key)


@given(st.binary(max_size=100))
def test_an_ed25519_signature_holds_for_its_message_only(message: bytes) -> None:
    signature = ed25519_sign(message, SECRET)
    ed25519_verify(signature, message, PUBLIC)
    with pytest.raises(SignatureError):
        ed25519_verify(signature, message + b"x", PUBLIC)


@pytest.mark.parametrize("length", [0, 63, 65])
def test_an_ed25519_signature_has_64_bytes(length: int) -> None:
    with pytest.raises(SignatureError) as caught:
        ed25519_verify(bytes(length), b"", PUBLIC)
    assert caught.value.reason == "encoding"


@given(st.binary(min_size=32, max_size=32))
def test_a_secp256k1_signature_is_low_s_and_recovers_its_address(digest: bytes) -> None:
    signature = secp256k1_sign(digest, KEY)
    assert signature[64] in (27, 28)
    assert int.from_bytes(signature[32:64], "big") <= SECP256K1_N // 2
    assert recover_address(digest, signature) == ADDRESS
    assert secp256k1_sign(digest, KEY) == signature


@pytest.mark.parametrize(
    ("signature", "reason"),
    [
        (b"", "encoding"),
        (b"\1" * 64, "encoding"),
        (b"\1" * 64 + b"\x1a", "v"),
        (b"\1" * 64 + b"\x1d", "v"),
        (b"\1" * 32 + b"\xff" * 32 + b"\x1b", "high-s"),
        (bytes(64) + b"\x1b", "signature"),
        (b"\xff" * 32 + b"\1" * 32 + b"\x1b", "signature"),
    ],
)
def test_what_is_no_signature_is_told_by_its_reason(signature: bytes, reason: str) -> None:
    with pytest.raises(SignatureError) as caught:
        recover_address(b"\2" * 32, signature)
    assert caught.value.reason == reason


def test_only_other_writings_of_ones_own_signature_are_twins() -> None:
    digest = b"\3" * 32
    good = secp256k1_sign(digest, KEY)
    s = SECP256K1_N - int.from_bytes(good[32:64], "big")
    high = good[:32] + s.to_bytes(32, "big") + bytes([55 - good[64]])
    low_v = good[:64] + bytes([good[64] - 27])
    assert [
        twin.reason
        for twin in (twin_reason(digest, high, ADDRESS), twin_reason(digest, low_v, ADDRESS))
        if twin
    ] == [
        "high-s",
        "v",
    ]
    other = "0x" + "00" * 20
    for foreign in (high, low_v, b"\xff" * 65, b"\1" * 64 + b"\x30", b"short", bytes(65)):
        assert twin_reason(digest, foreign, other) is None
    assert twin_reason(b"\4" * 32, low_v, ADDRESS) is None
