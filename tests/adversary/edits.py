"""Hostile copies of an evidence file: what each role can make of it with all that the formats allow.

`hostile_copies(evidence, world, rng)` is for anybody who reads evidence: an importer, a window, a verifier. Every
signature in a copy is by who it says, every inclusion proof leads to its root, lists are in order and the file's own
digest fits: what is wrong with a copy is only what it leaves out, puts elsewhere, or adds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from .additions import insiders, strangers
from .cast import Role
from .file_parts import File
from .removals import Change, removals
from .surroundings import Foreign, Surroundings
from .world import World, written

__all__ = ["Change", "Edit", "Foreign", "Role", "World", "changes", "hostile_copies"]


@dataclass(frozen=True)
class Edit:
    """A hostile copy of a file."""

    name: str
    role: Role
    bytes: bytes
    kind: str = "rewrite"
    """removal: something was only taken out; addition: strangers' objects were only put in; else rewrite."""


def changes(file: File, world: Surroundings) -> list[Change]:
    """Every edit of size one that could be made."""
    return [*removals(file, world), *strangers(file, world), *insiders(file, world)]


def hostile_copies(
    evidence: dict[str, Any], world: Surroundings, rng: Random, *, pairs: int = 0
) -> Iterator[Edit]:
    """Every edit of size one in a random order, then as many random pairs.

    `evidence`: the JSON of a file (its digest may be there or not). `world`: a made-up `World`, or `Foreign` with the
    keys that the test holds. An edit that leaves the file as it was is passed over.
    """
    base = {name: value for name, value in evidence.items() if name != "digest"}
    before = written(base)
    singles = changes(base, world)
    rng.shuffle(singles)
    for change in singles:
        data = written(change.apply(base))
        if data != before:
            yield Edit(change.name, change.role, data, change.kind)
    for _ in range(pairs):
        first = rng.choice(singles)
        between = first.apply(base)
        more = changes(between, world)
        if not more:
            continue
        second = rng.choice(more)
        after = second.apply(between)
        if len({section["vkey"] for section in after["logs"]}) < len(after["logs"]):
            continue  # a log stands once in a file
        data = written(after)
        if data != before:
            kind = first.kind if first.kind == second.kind else "rewrite"
            role = second.role if second.role is not Role.holder else first.role
            yield Edit(f"{first.name}; {second.name}", role, data, kind)
