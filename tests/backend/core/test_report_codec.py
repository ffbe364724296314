"""Dataclasses to plain JSON and back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from cms_backend.core.errors import FormError
from cms_backend.core.ids import Digest
from cms_backend.core.report_codec import from_plain, to_plain
from cms_backend.core.report_model import CheckState


@dataclass(frozen=True)
class Inner:
    """A value in a value."""

    digest: Digest
    state: CheckState


@dataclass(frozen=True)
class Outer:
    """All shapes that the report uses."""

    name: str
    size: int | None
    good: bool
    items: tuple[Inner, ...]
    one: Inner | None


VALUE = Outer("x", 3, True, (Inner(Digest("1" * 64), CheckState.passed),), None)


def test_a_value_survives() -> None:
    assert from_plain(Outer, to_plain(VALUE)) == VALUE


@pytest.mark.parametrize(
    "change",
    [
        {"size": "3"},
        {"size": True},
        {"good": 1},
        {"items": {}},
        {"items": [{"digest": "1", "state": "passed"}]},
        {"items": [{"digest": "1" * 64, "state": "fine"}]},
        {"extra": 1},
    ],
)
def test_other_shapes_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(FormError):
        from_plain(Outer, {**to_plain(VALUE), **change})
