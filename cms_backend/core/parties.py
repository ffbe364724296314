"""The members of a document: parties, attachments, variables (section 2).

Each has `from_json` (strict, DocumentError) and `to_json` (plain JSON, every member present).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from cms_backend.core.canonical import MAX_INT, Json, exact_members
from cms_backend.core.errors import DocumentError, FormError
from cms_backend.core.ids import Did, Digest, KeyText

MAX_STEP: Final = 9999
_PARTY: Final = frozenset({"did", "key", "next", "name", "role", "step", "capacity", "witness_of"})
_ATTACHMENT: Final = frozenset({"name", "media_type", "size", "sha256"})
_VARIABLE: Final = frozenset({"name", "type", "value"})
_T = TypeVar("_T")


class Role(StrEnum):
    """What a party does in a revision."""

    signer = "signer"
    approver = "approver"
    witness = "witness"
    viewer = "viewer"
    leaver = "leaver"


class VariableType(StrEnum):
    """The type of a variable; its value is a string all the same."""

    text = "text"
    number = "number"
    date = "date"
    money = "money"
    choice = "choice"
    did = "did"


def members(value: Json, names: frozenset[str], what: str) -> dict[str, Json]:
    """`exact_members` that raises DocumentError."""
    try:
        return exact_members(value, names, what)
    except FormError as error:
        raise DocumentError(error.detail) from error


def text(value: Json, what: str) -> str:
    """`value` as a string, else DocumentError."""
    if isinstance(value, str):
        return value
    raise DocumentError(f"{what} is not a string.")


def whole(value: Json, what: str, low: int = 0, high: int = MAX_INT) -> int:
    """`value` as an integer from low to high, else DocumentError."""
    if type(value) is int and low <= value <= high:
        return value
    raise DocumentError(f"{what} is not an integer from {low} to {high}.")


def parsed(parse: Callable[[object], _T], value: Json, what: str) -> _T:
    """`value` through one of the parsers of `ids`, with DocumentError for FormError."""
    try:
        return parse(value)
    except FormError as error:
        raise DocumentError(f"{what}: {error.detail}", remedy=error.remedy) from error


@dataclass(frozen=True, slots=True)
class Party:
    """One party of one revision, with the key that the document pins for it."""

    did: Did
    key: KeyText
    next: Digest | None
    """H of the text of the successor key, or None."""
    name: str
    role: Role
    step: int | None
    """1..9999; None for viewers and only for them."""
    capacity: str | None
    witness_of: int | None
    """Index of the signer whose signature is witnessed; None for all but witnesses."""

    @classmethod
    def from_json(cls, value: Json, what: str = "A party") -> Party:
        """Check members and types; DocumentError otherwise."""
        raw = members(value, _PARTY, what)
        try:
            role = Role(text(raw["role"], f"{what}: role"))
        except ValueError:
            raise DocumentError(f"{what}: {raw['role']!r} is no role.") from None
        step = None if raw["step"] is None else whole(raw["step"], f"{what}: step", 1, MAX_STEP)
        if (step is None) != (role is Role.viewer):
            raise DocumentError(f"{what}: a step is null for viewers and only for them.")
        witness_of = None if raw["witness_of"] is None else whole(raw["witness_of"], f"{what}: witness_of")
        if (witness_of is not None) != (role is Role.witness):
            raise DocumentError(f"{what}: witness_of is set for witnesses and only for them.")
        return cls(
            did=parsed(Did.parse, raw["did"], what),
            key=parsed(KeyText.parse, raw["key"], what),
            next=None if raw["next"] is None else parsed(Digest.parse, raw["next"], f"{what}: next"),
            name=text(raw["name"], f"{what}: name"),
            role=role,
            step=step,
            capacity=None if raw["capacity"] is None else text(raw["capacity"], f"{what}: capacity"),
            witness_of=witness_of,
        )

    def to_json(self) -> dict[str, Json]:
        """All members, absent ones null."""
        return {
            "did": str(self.did),
            "key": str(self.key),
            "next": None if self.next is None else str(self.next),
            "name": self.name,
            "role": self.role.value,
            "step": self.step,
            "capacity": self.capacity,
            "witness_of": self.witness_of,
        }


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to the text: named by its SHA-256, carried elsewhere."""

    name: str
    media_type: str
    size: int
    sha256: Digest

    @classmethod
    def from_json(cls, value: Json, what: str = "An attachment") -> Attachment:
        """Check members and types; DocumentError otherwise."""
        raw = members(value, _ATTACHMENT, what)
        return cls(
            name=text(raw["name"], f"{what}: name"),
            media_type=text(raw["media_type"], f"{what}: media_type"),
            size=whole(raw["size"], f"{what}: size"),
            sha256=parsed(Digest.parse, raw["sha256"], what),
        )

    def to_json(self) -> dict[str, Json]:
        """All members."""
        return {
            "name": self.name,
            "media_type": self.media_type,
            "size": self.size,
            "sha256": str(self.sha256),
        }


@dataclass(frozen=True, slots=True)
class Variable:
    """A filled-in value, kept as a record: the text of the terms holds it already."""

    name: str
    type: VariableType
    value: str

    @classmethod
    def from_json(cls, value: Json, what: str = "A variable") -> Variable:
        """Check members and types; DocumentError otherwise."""
        raw = members(value, _VARIABLE, what)
        try:
            kind = VariableType(text(raw["type"], f"{what}: type"))
        except ValueError:
            raise DocumentError(f"{what}: {raw['type']!r} is no type of a variable.") from None
        return cls(text(raw["name"], f"{what}: name"), kind, text(raw["value"], f"{what}: value"))

    def to_json(self) -> dict[str, Json]:
        """All members."""
        return {"name": self.name, "type": self.type.value, "value": self.value}
