"""Two documents compared, word by word: what was taken away, what came, and where. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final, TypeVar

from cms_backend.core.document import Attachment, Document, Party

_T = TypeVar("_T")

_WORDS: Final = re.compile(r"\w+|\s+|[^\w\s]")
_HEAD: Final = re.compile(r"\s*(?:#{1,6}\s+(?P<heading>[^\n]+)|\*\*(?P<bold>[^*\n]+)\*\*)")
# Below this likeness two clauses are an old one gone and a new one come, not one changed.
_ALIKE: Final = 0.45


class Change(StrEnum):
    """What happened to a run of text."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text of one kind."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause: kind equal, changed, added or removed; its places in the old and new text."""

    kind: str
    old: int | None
    new: int | None
    heading: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of the document that differs."""

    path: str
    label: str
    old: str
    new: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class PartyChange:
    """A party: kind equal, changed, added or removed."""

    kind: str
    old: int | None
    new: int | None
    name: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the summary, and where it is."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Redline:
    """All differences. `inserted` and `deleted` count words."""

    clauses: tuple[ClauseChange, ...]
    fields: tuple[FieldChange, ...]
    parties: tuple[PartyChange, ...]
    variables: tuple[FieldChange, ...]
    attachments: tuple[FieldChange, ...]
    summary: tuple[Place, ...]
    inserted: int
    deleted: int

    @property
    def same(self) -> bool:
        """Whether the two say the same, letter for letter."""
        return not self.summary


def segments_of(old: str, new: str) -> tuple[Segment, ...]:
    """The runs that lead from `old` to `new`: words are never cut, and every letter of both is there."""
    if old == new:
        return (Segment(Change.EQUAL, new),) if new else ()
    left, right = _WORDS.findall(old), _WORDS.findall(new)
    found: list[Segment] = []
    for what, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if what == "equal":
            _add(found, Change.EQUAL, "".join(right[c:d]))
            continue
        _add(found, Change.DELETE, "".join(left[a:b]))
        _add(found, Change.INSERT, "".join(right[c:d]))
    return tuple(found)


def _add(found: list[Segment], change: Change, text: str) -> None:
    if not text:
        return
    if found and found[-1].change is change:
        found[-1] = Segment(change, found[-1].text + text)
    else:
        found.append(Segment(change, text))


def redline(old: Document | None, new: Document) -> Redline:
    """Compare two revisions; without an old one everything is new."""
    clauses = _clauses(() if old is None else old.terms, new.terms)
    fields = _fields(old, new)
    parties = _parties(() if old is None else old.parties, new.parties)
    variables = _named(
        () if old is None else [(one.name, one.value, one.type) for one in old.variables],
        [(one.name, one.value, one.type) for one in new.variables],
        "/variables",
    )
    attachments = _named(
        () if old is None else [_file(one) for one in old.attachments],
        [_file(one) for one in new.attachments],
        "/attachments",
    )
    runs = [one for clause in clauses for one in clause.segments] + [
        one for field in (*fields, *variables, *attachments) for one in field.segments
    ]
    return Redline(
        clauses=clauses,
        fields=fields,
        parties=parties,
        variables=variables,
        attachments=attachments,
        summary=_summary(clauses, fields, parties, variables, attachments),
        inserted=_count(runs, Change.INSERT),
        deleted=_count(runs, Change.DELETE),
    )


def _count(runs: Sequence[Segment], change: Change) -> int:
    return sum(len(one.text.split()) for one in runs if one.change is change)


def heading(term: str) -> str:
    """The name of a clause: its heading or leading bold words, without the full stop; empty when it has none."""
    found = _HEAD.match(term)
    if found is None:
        return ""
    return (found["heading"] or found["bold"] or "").strip().rstrip(".").strip()


def _clauses(old: Sequence[str], new: Sequence[str]) -> tuple[ClauseChange, ...]:
    found: list[ClauseChange] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found += [_clause(a + step, c + step, old, new) for step in range(b - a)]
        else:
            found += _rewritten(list(range(a, b)), list(range(c, d)), old, new)
    return tuple(found)


def _rewritten(
    left: list[int], right: list[int], old: Sequence[str], new: Sequence[str]
) -> list[ClauseChange]:
    """Clauses between two equal ones: those alike are one changed, the others went or came."""
    pairs: dict[int, int] = {}
    for place in right:
        free = [one for one in left if one not in pairs.values()]
        best = max(free, key=lambda one: _likeness(old[one], new[place]), default=None)
        if best is not None and _likeness(old[best], new[place]) >= _ALIKE:
            pairs[place] = best
    gone = [_clause(one, None, old, new) for one in left if one not in pairs.values()]
    return gone + [_clause(pairs.get(place), place, old, new) for place in right]


def _likeness(left: str, right: str) -> float:
    same = heading(left)
    if same and same == heading(right):
        return 1.0
    return SequenceMatcher(None, left.split(), right.split(), autojunk=False).ratio()


def _clause(a: int | None, c: int | None, old: Sequence[str], new: Sequence[str]) -> ClauseChange:
    before, after = "" if a is None else old[a], "" if c is None else new[c]
    kind = "added" if a is None else "removed" if c is None else "equal" if before == after else "changed"
    name = heading(after or before)
    return ClauseChange(kind, a, c, name, segments_of(before, after))


def _fields(old: Document | None, new: Document) -> tuple[FieldChange, ...]:
    labels = {
        "title": "Title",
        "description": "Description",
        "valid_from": "Valid from",
        "valid_until": "Valid until",
    }
    found = []
    for name, label in labels.items():
        before = "" if old is None else str(getattr(old, name) or "")
        after = str(getattr(new, name) or "")
        if before != after:
            found.append(_field(f"/{name}", label, before, after))
    return tuple(found)


def _parties(old: Sequence[Party], new: Sequence[Party]) -> tuple[PartyChange, ...]:
    places = {party.did: place for place, party in enumerate(old)}
    moved = _moved([one.did for one in old], [one.did for one in new])
    found = []
    for place, party in enumerate(new):
        before = places.pop(party.did, None)
        left = {} if before is None else _party_texts(old[before], old)
        fields = _party_fields(left, _party_texts(party, new), place)
        if party.did in moved and before is not None:
            fields = (
                *fields,
                _field(f"/parties/{place:05d}", "Place in the list", str(before + 1), str(place + 1)),
            )
        kind = "added" if before is None else "changed" if fields else "equal"
        found.append(PartyChange(kind, before, place, party.name, fields))
    for place in places.values():
        fields = _party_fields(_party_texts(old[place], old), {}, place)
        found.append(PartyChange("removed", place, None, old[place].name, fields))
    return tuple(found)


def _moved(old: Sequence[_T], new: Sequence[_T]) -> frozenset[_T]:
    """Those of both that stand in another order."""
    left, right = [one for one in old if one in new], [one for one in new if one in old]
    return frozenset(one for one, other in zip(right, left, strict=True) if one != other)


def _party_texts(party: Party, every: Sequence[Party]) -> dict[str, str]:
    of = None if party.witness_of is None else every[party.witness_of]
    return {
        "Name": party.name,
        "DID": party.did,
        "Key": party.key,
        "Next key": party.next or "",
        "Role": party.role.value,
        "Step": "" if party.step is None else str(party.step),
        "Capacity": party.capacity or "",
        # Two parties may have one name.
        "Witness of": "" if of is None else f"{of.name} ({of.did})",
    }


def _party_fields(old: dict[str, str], new: dict[str, str], place: int) -> tuple[FieldChange, ...]:
    path = f"/parties/{place:05d}"
    pairs = [(label, old.get(label, ""), new.get(label, "")) for label in (new or old)]
    return tuple(_field(path, label, left, right) for label, left, right in pairs if left != right)


def _field(path: str, label: str, old: str, new: str) -> FieldChange:
    return FieldChange(path, label, old, new, segments_of(old, new))


def _file(one: Attachment) -> tuple[str, str, str]:
    return one.name, one.sha256, f"{one.media_type}, {one.size} bytes"


def _named(
    old: Sequence[tuple[str, str, str]], new: Sequence[tuple[str, str, str]], path: str
) -> tuple[FieldChange, ...]:
    """Compare (name, text, kind) by name; a name that stands twice by its turn. Places are the new ones."""
    # No name of a variable or a file stands alone: it could read as that of another part.
    what = {"/variables": "Value", "/attachments": "Attachment"}[path]
    before, after = _by_turn(old), _by_turn(new)
    moved = _moved(list(before), list(after))
    found = []
    for place, turn in enumerate(dict.fromkeys([*after, *before])):
        left, right = before.get(turn), after.get(turn)
        if turn in moved:
            was = str(list(before).index(turn) + 1)
            label = f"{what} {turn[0]}, place in the list"
            found.append(_field(f"{path}/{place:05d}/place", label, was, str(place + 1)))
        if left == right:
            continue
        gone, come = (f"{pair[0]} ({pair[1]})" if pair is not None else "" for pair in (left, right))
        found.append(_field(f"{path}/{place:05d}", f"{what} {turn[0]}", gone, come))
    return tuple(found)


def _by_turn(parts: Sequence[tuple[str, str, str]]) -> dict[tuple[str, int], tuple[str, str]]:
    found: dict[tuple[str, int], tuple[str, str]] = {}
    counts: dict[str, int] = {}
    for name, text, kind in parts:
        turn = counts.get(name, 0)
        counts[name] = turn + 1
        found[name, turn] = text, kind
    return found


def _summary(
    clauses: Sequence[ClauseChange],
    fields: Sequence[FieldChange],
    parties: Sequence[PartyChange],
    *others: Sequence[FieldChange],
) -> tuple[Place, ...]:
    found = [Place(one.path, f"{one.label} changed") for one in fields]
    for clause in clauses:
        if clause.kind != "equal":
            at = clause.new if clause.new is not None else clause.old
            name = f"Clause {(at or 0) + 1}" + (f", {clause.heading}" if clause.heading else "")
            found.append(Place(f"/terms/{at or 0:05d}", f"{name}: {clause.kind}"))
    for party in parties:
        if party.kind != "equal":
            at = party.new if party.new is not None else party.old
            found.append(Place(f"/parties/{at or 0:05d}", f"Party {party.name}: {party.kind}"))
    return (*found, *(Place(one.path, f"{one.label} changed") for other in others for one in other))
