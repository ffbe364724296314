import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cms_backend.core.base58 import b58decode, b58encode
from cms_backend.core.errors import FormError


@given(st.binary(max_size=100))
@example(b"\0\0\0")
def test_every_byte_string_has_one_text_and_comes_back_from_it(data: bytes) -> None:
    assert b58decode(b58encode(data)) == data


@given(st.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", max_size=100))
def test_every_text_stands_for_other_bytes(text: str) -> None:
    assert b58encode(b58decode(text)) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (bytes.fromhex("0000287fb4cd"), "11233QC4"),
    ],
)
def test_the_examples_of_the_base58_draft_hold(data: bytes, text: str) -> None:
    assert b58encode(data) == text
    assert b58decode(text) == data


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "a b", "é", "2NEpo7TZRRrLZSi2U\n", "+abc"])
def test_a_letter_outside_the_alphabet_is_refused(text: str) -> None:
    with pytest.raises(FormError):
        b58decode(text)
