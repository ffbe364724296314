"""Files that are damaged rather than hostile: what merging with the genuine file must leave behind."""

from __future__ import annotations

import base64

from .additions import _with_head
from .cast import MALLORY, Role
from .file_parts import File, changed, digest, with_section
from .removals import Change


def damages(file: File) -> list[Change]:
    """Every way in which one thing is spoilt."""
    times = [
        _damage(f"another time in {one['action']}", lambda f, one=one: _other_time(f, digest(one)))
        for one in file["envelopes"]
    ]
    indices = [
        _damage(f"another index for {d[:6]} in {at}", lambda f, d=d, at=at: _other_index(f, d, at))
        for at, section in enumerate(file["logs"])
        for d in section["proofs"]
    ]
    # Whose word is heard is the matter of `restrict`, which knows the record's logs: merging keeps the newest.
    heads = [
        _damage(f"a stranger's head for that of {at}", lambda f, at=at: _with_head(f, at, MALLORY))
        for at, section in enumerate(file["logs"])
        if section["head"] is not None
    ]
    attachments = [
        _damage("another attachment", lambda f, name=name: _junk(f, name)) for name in file["attachments"]
    ]
    return [*times, *indices, *heads, *attachments]


def _damage(name: str, apply: object) -> Change:
    return Change(name, Role.holder, "damage", apply)  # type: ignore[arg-type]


def _other_time(file: File, d: str) -> File:
    spoilt = [
        {**one, "occurred_at": "2026-05-02T00:00:00.000Z"} if digest(one) == d else one
        for one in file["envelopes"]
    ]
    return changed(file, envelopes=spoilt)


def _other_index(file: File, d: str, at: int) -> File:
    proofs = file["logs"][at]["proofs"]
    return with_section(file, at, proofs={**proofs, d: proofs[d].replace("index ", "index 1", 1)})


def _junk(file: File, name: str) -> File:
    return changed(file, attachments={**file["attachments"], name: base64.b64encode(b"junk").decode()})
