from hashlib import sha256

from cms_backend.core.hashing import H, digest_of, keccak256
from cms_backend.core.hashing import sha256 as raw_sha256
from cms_backend.core.ids import Digest


def test_the_digest_of_abc_is_the_published_one() -> None:
    published = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert H(b"abc") == H("abc") == published
    assert raw_sha256(b"abc") == bytes.fromhex(published)
    assert isinstance(H("abc"), Digest)


def test_a_text_is_hashed_in_utf_8() -> None:
    assert H("é") == sha256("é".encode()).hexdigest()


def test_the_digest_of_a_value_does_not_depend_on_the_order_of_its_members() -> None:
    assert digest_of({"b": 1, "a": 2}) == digest_of({"a": 2, "b": 1}) == H(b'{"a":2,"b":1}')


def test_keccak_is_ethereums_and_not_sha_3() -> None:
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
