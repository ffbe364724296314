"""The tamper lab: a copy of an evidence file with one thing changed, and the words for what was changed.

`mended` does what a forger would do next: it puts the file in order again and recomputes its own digest, so
that only signatures, roots and proofs are left to catch the change.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

from cms_backend.core.canonical import Json, encode, parse
from cms_backend.core.hashing import digest_of

LIMIT = 256 * 1024 * 1024
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Target:
    """A value that can be changed: where it stands, what it is called, what it says now."""

    path: tuple[str | int, ...]
    label: str
    value: str

    def to_map(self, index: int) -> dict[str, object]:
        """For the list of the page."""
        shown = self.value if len(self.value) <= 60 else f"{self.value[:57]}…"
        return {"key": str(index), "label": self.label, "value": shown}


def targets(data: bytes) -> list[Target]:
    """What can be changed: titles and clauses, then each event's time, author and signature, then anchors."""
    file = parse(data, limit=LIMIT)
    if not isinstance(file, dict):
        return []
    found: list[Target] = []
    for place, document in enumerate(_list(file, "documents")):
        content = document.get("content") if isinstance(document, dict) else None
        if not isinstance(content, dict):
            continue
        revision = content.get("revision")
        found.append(
            _target(("documents", place, "content", "title"), f"Title of revision {revision}", content)
        )
        for index, _ in enumerate(_list(content, "terms")):
            term = ("documents", place, "content", "terms", index)
            found.append(Target(term, f"Clause {index + 1} of revision {revision}", str(_at(file, term))))
    for place, envelope in enumerate(_list(file, "envelopes")):
        if isinstance(envelope, dict):
            event = f"{envelope.get('action')}, event {envelope.get('sequence')}"
            found.append(_target(("envelopes", place, "occurred_at"), f"Time of {event}", envelope))
            found.append(_target(("envelopes", place, "actor"), f"Author of {event}", envelope))
            proof = ("envelopes", place, "proof", "proofValue")
            found.append(Target(proof, f"Signature of {event}", str(_at(file, proof))))
    for place, anchor in enumerate(_list(file, "anchors")):
        if isinstance(anchor, dict):
            found.append(_target(("anchors", place, "root"), f"Root of anchor {anchor.get('size')}", anchor))
    return found


def _list(value: dict[str, Json], name: str) -> list[Json]:
    found = value.get(name)
    return found if isinstance(found, list) else []


def _target(path: tuple[str | int, ...], label: str, holder: dict[str, Json]) -> Target:
    return Target(path, label, str(holder.get(str(path[-1]))))


def _at(value: Json, path: tuple[str | int, ...]) -> Json:
    for step in path:
        value = value[step]  # the path came from this very value
    return value


def other(text: str) -> str:
    """`text` with its last letter or digit exchanged, so that it keeps its form."""
    for place in range(len(text) - 1, -1, -1):
        letter = text[place]
        if letter.isdigit():
            return f"{text[:place]}{(int(letter) + 1) % 10}{text[place + 1 :]}"
        if letter in _BASE58:
            new = _BASE58[(_BASE58.index(letter) + 1) % len(_BASE58)]
            return f"{text[:place]}{new}{text[place + 1 :]}"
    return f"{text}."


def changed(data: bytes, target: Target, *, mended: bool) -> tuple[bytes, str]:
    """A copy with that value changed, and a sentence that says so."""
    file = copy.deepcopy(parse(data, limit=LIMIT))
    holder = _at(file, target.path[:-1])
    new = other(target.value)
    if target.path[-1] == "occurred_at":
        new = target.value.replace("T", "T", 1)[:-2] + f"{(int(target.value[-2]) + 1) % 10}Z"
    if target.path[-1] == "root":
        new = target.value[:-1] + ("0" if target.value[-1] != "0" else "1")
    holder[target.path[-1]] = new
    if mended and isinstance(file, dict):
        _list(file, "envelopes").sort(key=digest_of)  # they stand in the order of their digests
        file["digest"] = str(digest_of({name: value for name, value in file.items() if name != "digest"}))
    return encode(file), f"{target.label}: one character was changed."


def flipped(data: bytes, offset: int) -> tuple[bytes, str]:
    """A copy with the lowest bit of one byte flipped."""
    place = min(max(0, offset), len(data) - 1)
    copy_ = bytearray(data)
    copy_[place] ^= 1
    return bytes(copy_), f"Byte {place:,} was flipped from {data[place]:02x} to {copy_[place]:02x}."
