"""Frozen dataclasses and named tuples of the kernel to plain JSON and back, by their annotations."""

from __future__ import annotations

import types
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from cms_backend.core.canonical import Json, exact_members
from cms_backend.core.errors import FormError

_T = TypeVar("_T")
_Read = Callable[[Json], Any]


def to_plain(value: Any) -> dict[str, Json]:
    """The members of a dataclass as plain JSON; tuples become lists."""
    return {name: _plain(getattr(value, name)) for name in _names(cast(Hashable, type(value)))}


def _plain(value: Any) -> Json:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return [_plain(item) for item in value]
    return to_plain(value)


@lru_cache(maxsize=64)
def _names(kind: Hashable) -> tuple[str, ...]:
    named: tuple[str, ...] | None = getattr(kind, "_fields", None)
    return named if named is not None else tuple(field.name for field in fields(cast(Any, kind)))


def from_plain(kind: type[_T], value: Json) -> _T:
    """The dataclass out of plain JSON. FormError when members or types differ."""
    readers = _readers(cast(Hashable, kind))
    raw = exact_members(value, frozenset(readers), kind.__name__)
    return kind(**{name: read(raw[name]) for name, read in readers.items()})


@lru_cache(maxsize=64)
def _readers(kind: Hashable) -> dict[str, _Read]:
    hints = get_type_hints(cast(Any, kind))
    return {name: _reader(hints[name]) for name in _names(kind)}


def _reader(hint: Any) -> _Read:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = _reader(next(one for one in get_args(hint) if one is not types.NoneType))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        item = _reader(get_args(hint)[0])
        return lambda value: tuple(map(item, _typed(value, list)))
    if is_dataclass(hint) or hasattr(hint, "_fields"):
        return partial(from_plain, cast(Any, hint))
    if issubclass(hint, StrEnum):
        return lambda value: _member(hint, value)
    parse = getattr(hint, "parse", None)
    return parse if parse is not None else lambda value: _typed(value, hint)


def _member(kind: type[StrEnum], value: Json) -> StrEnum:
    try:
        return kind(value)
    except ValueError as error:
        raise FormError(f"{str(value)[:60]!r} is no {kind.__name__}.") from error


def _typed(value: Json, kind: type[_T]) -> _T:
    if type(value) is not kind:
        raise FormError(f"{str(value)[:60]!r} is no {kind.__name__}.")
    return value
