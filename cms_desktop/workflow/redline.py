"""Two documents compared, word by word: what was taken away, what came, and where. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from cms_backend.core.document import Attachment, Document, Party

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


def heading(term: str, place: int) -> str:
    """The name of a clause: its heading or leading bold words, without the full stop."""
    found = _HEAD.match(term)
    if found is None:
        return "" if place == 0 else f"Clause {place + 1}"
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
    same = heading(left, 0)
    if same and same == heading(right, 0):
        return 1.0
    return SequenceMatcher(None, left.split(), right.split(), autojunk=False).ratio()


def _clause(a: int | None, c: int | None, old: Sequence[str], new: Sequence[str]) -> ClauseChange:
    before, after = "" if a is None else old[a], "" if c is None else new[c]
    kind = "added" if a is None else "removed" if c is None else "equal" if before == after else "changed"
    name = heading(after or before, (c if c is not None else a) or 0)
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
        if name.startswith("valid") and before[:10] != after[:10]:
            before, after = before[:10], after[:10]  # two hours of one day are shown whole
        if before != after:
            found.append(FieldChange(f"/{name}", label, before, after, segments_of(before, after)))
    return tuple(found)


def _parties(old: Sequence[Party], new: Sequence[Party]) -> tuple[PartyChange, ...]:
    places = {party.did: place for place, party in enumerate(old)}
    found = []
    for place, party in enumerate(new):
        before = places.pop(party.did, None)
        if before is None:
            found.append(PartyChange("added", None, place, party.name, ()))
            continue
        fields = _party_fields(old[before], party, place, old, new)
        found.append(PartyChange("changed" if fields else "equal", before, place, party.name, fields))
    found += [PartyChange("removed", place, None, old[place].name, ()) for place in places.values()]
    return tuple(found)


def _party_fields(
    old: Party, new: Party, place: int, olds: Sequence[Party], news: Sequence[Party]
) -> tuple[FieldChange, ...]:
    def texts(one: Party, every: Sequence[Party]) -> dict[str, str]:
        witness = "" if one.witness_of is None else every[one.witness_of].name
        return {
            "Name": one.name,
            "Key": one.key,
            "Next key": one.next or "",
            "Role": one.role.value,
            "Step": "" if one.step is None else str(one.step),
            "Capacity": one.capacity or "",
            "Witness of": witness,
        }

    before, after = texts(old, olds), texts(new, news)
    path = f"/parties/{place:05d}"
    return tuple(
        FieldChange(path, label, before[label], after[label], segments_of(before[label], after[label]))
        for label in after
        if before[label] != after[label]
    )


def _file(one: Attachment) -> tuple[str, str, str]:
    return one.name, one.sha256, f"{one.media_type}, {one.size} bytes"


def _named(
    old: Sequence[tuple[str, str, str]], new: Sequence[tuple[str, str, str]], path: str
) -> tuple[FieldChange, ...]:
    """Compare (name, text, kind) by name; a name that stands twice by its turn. Places are the new ones."""
    before, after = _by_turn(old), _by_turn(new)
    found = []
    for place, turn in enumerate(dict.fromkeys([*after, *before])):
        left, right = before.get(turn, ("", "")), after.get(turn, ("", ""))
        if left == right:
            continue
        # The kind is shown where it is the only difference: no change may go without a word.
        gone, come = (f"{text} ({kind})" if left[0] == right[0] else text for text, kind in (left, right))
        found.append(FieldChange(f"{path}/{place:05d}", turn[0], gone, come, segments_of(gone, come)))
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
            found.append(Place(f"/parties/{at or 0:05d}", f"{party.name}: {party.kind}"))
    return (*found, *(Place(one.path, f"{one.label} changed") for other in others for one in other))
