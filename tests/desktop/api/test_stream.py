"""A change out of the stream's data; what is no change is passed over, and ends nothing."""

import pytest

from cms_desktop.api.stream import Change, _change


def test_a_change_names_its_contract_and_event() -> None:
    contract, digest = "6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12", "a" * 64
    data = f'{{"contract":"{contract}","digest":"{digest}","what":"logged"}}'
    assert _change("contract", data) == Change("contract", contract, digest, "logged")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data", ["", "[]", "7", "null", "{", '{"contract":7}', '{"digest":"x"}', '{"contract":"../x"}']
)
def test_data_that_is_no_change_is_passed_over(data: str) -> None:
    assert _change("contract", data) is None


def test_an_event_of_another_name_is_passed_over() -> None:
    assert _change("weather", "{}") is None
