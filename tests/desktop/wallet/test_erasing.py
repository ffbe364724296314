"""Secrets are overwritten where they lie, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.wallet.erasing import copy_of, erase

TEXTS = st.one_of(
    st.text(st.characters(max_codepoint=0x7F), min_size=8),
    st.text(st.characters(max_codepoint=0xFF), min_size=8),
    st.text(st.characters(max_codepoint=0xFFFF), min_size=8),
    st.text(min_size=8),
    st.text(st.characters(categories=["Cs"]), min_size=8),
)


@given(st.binary(min_size=8))
def test_bytes_are_overwritten_and_a_copy_is_not(secret: bytes) -> None:
    fresh, kept = copy_of(secret), copy_of(secret)
    erase(fresh)
    assert fresh == bytes(len(secret))
    assert kept == secret


@given(TEXTS)
def test_a_text_of_any_width_is_overwritten(text: str) -> None:
    fresh = "".join((text[:1], text[1:]))
    erase(fresh)
    assert [ord(letter) for letter in fresh] == [0] * len(text)


@given(st.binary())
def test_a_bytearray_is_overwritten_and_keeps_its_length(secret: bytes) -> None:
    held = bytearray(secret)
    erase(held)
    assert held == bytes(len(secret))


@pytest.mark.parametrize("value", [None, "", b"", b"a", "a", "1234567", b"1234567"])
def test_what_the_interpreter_may_share_is_left_alone(value: bytes | str | None) -> None:
    erase(value)
    assert value in (None, "", b"", b"a", "a", "1234567", b"1234567")
