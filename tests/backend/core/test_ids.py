from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.core.errors import DidError, FormError, KeyTextError
from cms_backend.core.ids import ContractId, Did, Digest, KeyText, Time, cached_digest, is_ascending

HEX = "0123456789abcdef" * 4


def test_a_digest_is_64_lower_case_hex_and_nothing_else() -> None:
    digest = Digest.parse(HEX)
    assert digest == HEX
    assert Digest.of(digest.raw) == digest
    assert cached_digest(HEX) == digest
    for bad in [
        "",
        HEX[:-1],
        HEX + "0",
        HEX.upper(),
        "0x" + HEX[2:],
        HEX[:-1] + "g",
        HEX[:-1] + "\n",
        None,
        1,
        [HEX],
    ]:
        with pytest.raises(FormError):
            Digest.parse(bad)
        with pytest.raises(FormError):
            cached_digest(bad)
    with pytest.raises(FormError):
        Digest.of(b"short")


def test_a_contract_id_is_a_lower_case_uuid_of_version_4() -> None:
    for _ in range(50):
        assert ContractId.parse(str(ContractId.new()))
    assert ContractId.new() != ContractId.new()
    good = "6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12"
    assert ContractId.parse(good) == good
    tells_its_birth = "0190163d-8694-739b-aea5-966c26f8ad91"
    for bad in [
        tells_its_birth,
        good.upper(),
        good.replace("-", ""),
        good[:19] + "c" + good[20:],
        "",
        None,
        4,
    ]:
        with pytest.raises(FormError):
            ContractId.parse(bad)


@pytest.mark.parametrize(
    "bad",
    [
        "2026-02-30T00:00:00.000Z",
        "2026-01-01T00:00:60.000Z",
        "2026-01-01T24:00:00.000Z",
        "0000-01-01T00:00:00.000Z",
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.000000Z",
        "2026-01-01T00:00:00.000+00:00",
        "2026-01-01t00:00:00.000z",
        "2026-01-01 00:00:00.000Z",
        "２026-01-01T00:00:00.000Z",
        "2026-01-01T00:00:00.000Z\n",
        None,
        1767225600,
    ],
)
def test_a_time_has_one_form_and_must_exist(bad: object) -> None:
    with pytest.raises(FormError):
        Time.parse(bad)


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))])))
def test_a_moment_survives_as_text_to_the_millisecond(moment: datetime) -> None:
    try:
        in_utc = moment.astimezone(UTC)
    except OverflowError:
        return
    text = Time.from_datetime(moment)
    assert Time.parse(str(text)).datetime == in_utc.replace(microsecond=in_utc.microsecond // 1000 * 1000)


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_the_order_of_the_texts_is_the_order_of_the_moments(one: datetime, other: datetime) -> None:
    first, second = Time.from_datetime(one), Time.from_datetime(other)
    assert (first < second) == (first.datetime < second.datetime)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(FormError):
        Time.from_datetime(datetime(2026, 1, 1))  # noqa: DTZ001 - the case under test


def test_a_did_and_a_key_are_checked_by_their_own_rules() -> None:
    key = "z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"
    assert Did.parse("did:key:" + key).method == "key"
    assert KeyText.parse(key) == key
    assert Did.parse("did:example:123").method == "example"
    for bad in ["did:key:z6Mk", "did:key:" + key[:-1], "did:pkh:eip155:1:0xAB", "key", None, 7]:
        with pytest.raises(DidError):
            Did.parse(bad)
    for bad in ["z6Mk", key + "1", "eip155:01:0x" + "0" * 40, "eip155:1:0x" + "A" * 40, "", None, 7]:
        with pytest.raises(KeyTextError):
            KeyText.parse(bad)


def test_ascending_means_sorted_and_none_twice() -> None:
    assert is_ascending([])
    assert is_ascending(["a", "b"])
    assert not is_ascending(["b", "a"])
    assert not is_ascending(["a", "a"])
