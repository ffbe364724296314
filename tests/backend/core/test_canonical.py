import json
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from cms_backend.core.canonical import (
    MAX_DEPTH,
    MAX_INT,
    canonicalize,
    check_value,
    encode,
    exact_members,
    parse,
    parse_canonical,
)
from cms_backend.core.errors import FormError
from cms_backend.core.ids import Digest
from tests.support.core_strategies import texts, values

LIMIT = 100_000


@given(values)
@example({"b": [1, -1, 0, MAX_INT, -MAX_INT], "a": None, "A": True, "": '\t\n"\\/é\u2028\U0001f600'})
def test_the_fast_encoder_writes_the_same_bytes_as_rfc_8785(value: Any) -> None:
    assert encode(value) == canonicalize(value) == rfc8785.dumps(value)


@given(values)
def test_what_is_encoded_is_parsed_back_whatever_its_spacing(value: Any) -> None:
    assert parse(encode(value), limit=LIMIT) == value
    assert parse_canonical(encode(value), limit=LIMIT) == value
    assert parse(json.dumps(value, indent=2).encode(), limit=LIMIT) == value


@given(st.binary(max_size=60))
@example(b'{"a":1e2}')
@example(b'"\\ud800"')
@example(b"[" * 2000)
def test_any_bytes_are_parsed_or_refused_with_a_form_error(data: bytes) -> None:
    try:
        value = parse(data, limit=LIMIT)
    except FormError:
        return
    assert parse(encode(value), limit=LIMIT) == value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":1}x',
        b'{"a":1}\x00',
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":1,"\\u0061":2}',
        b"[1.0]",
        b"[1e2]",
        b"[-0]",
        b"[-0.0]",
        b"[0.1]",
        b"[9007199254740992]",
        b"[-9007199254740992]",
        b"[18446744073709551616]",
        b"[NaN]",
        b"[Infinity]",
        b"[01]",
        b"[+1]",
        b"[1,]",
        b"{'a':1}",
        b"// no\n1",
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b'"\xc0\x80"',
        b'"\\u0000"',
        b'"\\u001f"',
        b'"\\r"',
        b'"\\b"',
        b'"\\f"',
        b'"\x7f"',
        b'"\\u007f"',
        b'"\xc2\x85"',
        b'"\\u0085"',
        b'"e\xcc\x81"',
        b'"\xe2\x84\xab"',
        b'"\\u212b"',
        b'{"e\xcc\x81":1}',
        b'{"\\u0001":1}',
        b'["\xe2\x80\x94 \xc2\x9f"]',
    ],
)
def test_what_section_1_refuses_is_refused(data: bytes) -> None:
    with pytest.raises(FormError):
        parse(data, limit=LIMIT)


@pytest.mark.parametrize(
    "data",
    [
        '"\\\\b \\\\f \\\\u0007 \\\\r"',
        '"a\\tb\\nc"',
        '"§ é — …"',
        '"é"',
        '{"a":1, "b":[true,false,null]}',
        '"\\u00e9"',
        '"\\n\u0303"',
        '"<\u200f>"',
        "9007199254740991",
    ],
)
def test_what_only_looks_like_a_refused_text_is_accepted(data: str) -> None:
    assert parse(data.encode(), limit=LIMIT) == json.loads(data)


def test_thirty_two_levels_are_accepted_and_one_more_is_refused() -> None:
    deepest = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert parse(deepest, limit=LIMIT)
    assert parse(b'{"a":' * (MAX_DEPTH - 1) + b"{}" + b"}" * (MAX_DEPTH - 1), limit=LIMIT)
    with pytest.raises(FormError, match="deeper than 32"):
        parse(b"[" + deepest + b"]", limit=LIMIT)


def test_more_bytes_than_the_limit_are_refused_before_they_are_read() -> None:
    assert parse(b"[1]", limit=3) == [1]
    with pytest.raises(FormError, match="at most 2"):
        parse(b"[1]", limit=2)


@pytest.mark.parametrize("data", [b'{"b":1,"a":2}', b'{"a": 1}', b'"\\u00e9"', b"1 ", b'{"a":"\\/"}'])
def test_bytes_that_are_valid_but_not_canonical_are_refused_where_canonical_ones_are_asked_for(
    data: bytes,
) -> None:
    parse(data, limit=LIMIT)
    with pytest.raises(FormError, match="canonical"):
        parse_canonical(data, limit=LIMIT)


def test_names_beyond_ascii_are_ordered_by_utf_16_where_canonical_bytes_are_asked_for() -> None:
    value = {"\U0001f600": 1, "\ufb33": 2}
    canonical = canonicalize(value)
    assert canonical.index("\U0001f600".encode()) < canonical.index("\ufb33".encode())
    with pytest.raises(FormError):
        parse_canonical(encode(value), limit=LIMIT)


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), float("inf"), 2**53, "\ud800", {1: 2}, {"a": object()}, b"bytes", {1, 2}]
)
def test_a_value_that_a_program_made_is_checked_like_a_parsed_one(value: object) -> None:
    with pytest.raises(FormError):
        check_value(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800", object()])
def test_the_reference_encoder_refuses_what_has_no_canonical_form(value: object) -> None:
    with pytest.raises(FormError):
        canonicalize(value)


def test_text_values_of_ours_are_written_as_names_and_values() -> None:
    digest = Digest("ab" * 32)
    assert encode({digest: [digest, None, 1, {digest: True}]}) == encode(
        {str(digest): [str(digest), None, 1, {str(digest): True}]}
    )
    with pytest.raises(FormError):
        encode({1: 2})
    with pytest.raises(FormError):
        encode({digest: object()})


@given(texts, texts)
def test_a_text_stays_the_same_through_bytes(name: str, value: str) -> None:
    assert parse(json.dumps({name: value}, ensure_ascii=False).encode(), limit=LIMIT) == {name: value}


def test_missing_and_unknown_members_are_named() -> None:
    assert exact_members({"a": 1}, frozenset({"a"}), "It") == {"a": 1}
    with pytest.raises(FormError, match="It lacks b and has unknown members c"):
        exact_members({"a": 1, "c": 1}, ["a", "b"], "It")
    with pytest.raises(FormError, match="not an object"):
        exact_members([1], ["a"], "It")
