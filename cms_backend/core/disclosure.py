"""Showing a part of a document: leaves with their inclusion proofs, the rest hidden (section 2).

The counts in the leaf `""` tell what is hidden: a disclosure hides a text, never that a text exists. The
tree's size comes from the signed event and the index from path and counts, because an RFC 6962 proof binds
neither.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cms_backend.core.canonical import Json
from cms_backend.core.document import (
    FIXED_LEAVES,
    LISTS,
    MAX_LIST,
    Attachment,
    DocumentRef,
    Party,
    SealedDocument,
    Variable,
    check_term,
    dates_from_json,
    head_from_json,
    leaf_data,
    leaf_index,
    leaf_path,
    leaf_paths,
    parties_from_json,
)
from cms_backend.core.errors import DocumentError, LogError
from cms_backend.core.ids import ContractId, Did, Digest, Time, is_ascending
from cms_backend.core.merkle import inclusion_path, leaf_hash, root_from_path, verify_inclusion
from cms_backend.core.parties import members, parsed, text, whole
from cms_backend.core.party_index import PartyIndex

_ALWAYS_SHOWN: Final = frozenset({"", "/valid_from", "/valid_until"})
_DISCLOSURE: Final = frozenset({"revision", "disclosed"})
_SHOWN: Final = frozenset({"leaf", "proof"})
_ROOT_LEAF: Final = frozenset({"contract", "revision", "supersedes", "counts"})
_COUNTS: Final = frozenset(LISTS)


@dataclass(frozen=True, slots=True)
class DisclosedLeaf:
    """A leaf that is shown, with its audit path (leaf first)."""

    salt: str
    path: str
    value: Json
    proof: tuple[Digest, ...]


@dataclass(frozen=True)
class DisclosedDocument:
    """What a checked disclosure shows. Hidden texts are None, or missing from `values`."""

    contract: ContractId
    revision: int
    supersedes: Digest | None
    title: str | None
    description: str | None
    valid_from: Time | None
    valid_until: Time | None
    parties: tuple[Party, ...]
    counts: Mapping[str, int]
    values: Mapping[str, Json]
    """Every shown leaf by path."""

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """The paths that are not shown, in byte order. There may be very many: listed when somebody asks."""
        return tuple(path for path in leaf_paths(self.counts) if path not in self.values)

    @property
    def hidden_count(self) -> int:
        """How many these are."""
        return self.leaf_count - len(self.values)

    @property
    def leaf_count(self) -> int:
        """The number of leaves of the whole document."""
        return len(FIXED_LEAVES) + sum(self.counts.values())

    @cached_property
    def index(self) -> PartyIndex:
        """The parties by DID, key and step."""
        return PartyIndex.of(self.parties)

    def party_of(self, did: str) -> int | None:
        """The index of the party with this DID, or None."""
        return self.index.by_did.get(Did(did))


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A partly hidden document, as it stands in an evidence file. Unchecked until `check`."""

    revision: int
    disclosed: tuple[DisclosedLeaf, ...]

    @classmethod
    def from_json(cls, value: Json) -> Disclosure:
        """`{revision, disclosed: [{leaf: [salt, path, value], proof}]}`; DocumentError otherwise."""
        raw = members(value, _DISCLOSURE, "A disclosure")
        if not isinstance(raw["disclosed"], list):
            raise DocumentError("disclosed is not a list.")
        disclosed = tuple(map(_shown_from_json, raw["disclosed"]))
        if not is_ascending([leaf.path for leaf in disclosed]):
            raise DocumentError("The disclosed leaves are not in byte order of their paths, each once.")
        return cls(whole(raw["revision"], "revision"), disclosed)

    def to_json(self) -> dict[str, Json]:
        """The same shape."""
        return {
            "revision": self.revision,
            "disclosed": [
                {"leaf": [leaf.salt, leaf.path, leaf.value], "proof": [str(step) for step in leaf.proof]}
                for leaf in self.disclosed
            ],
        }

    def ref(self) -> DocumentRef | None:
        """The one reference that this can belong to, as its leaf "" and the proof beside it give it. Of how many
        references a file may name only this one is to be checked. None when it has no such leaf."""
        first = next((leaf for leaf in self.disclosed[:1] if leaf.path == ""), None)
        counts = first.value.get("counts") if first is not None and isinstance(first.value, dict) else None
        if first is None or not isinstance(counts, dict) or counts.keys() != _COUNTS:
            return None
        if not all(type(count) is int and 0 <= count <= MAX_LIST for count in counts.values()):
            return None
        size = len(FIXED_LEAVES) + sum(counts.values())
        hashed = leaf_hash(leaf_data(first.salt, "", first.value))
        try:
            root = root_from_path(hashed, 0, size, [step.raw for step in first.proof])
        except LogError:
            return None
        return DocumentRef(self.revision, Digest.of(root), size)

    def check(self, ref: DocumentRef) -> DisclosedDocument:
        """Verify every leaf against a signed reference. DocumentError when anything does not fit."""
        shown = {leaf.path: leaf for leaf in self.disclosed}
        if not shown.keys() >= _ALWAYS_SHOWN:
            raise DocumentError("A disclosure must show the first leaf and both dates.")
        first = members(shown[""].value, _ROOT_LEAF, 'The leaf ""')
        counts = members(first["counts"], _COUNTS, "counts")
        for part in LISTS:
            whole(counts[part], f"counts.{part}", 0, MAX_LIST)
        if ref.leaves != len(FIXED_LEAVES) + sum(counts.values()):
            raise DocumentError("The counts do not add up to the number of leaves that was signed.")
        head = head_from_json(first)
        if not self.revision == head["revision"] == ref.revision:
            raise DocumentError("The disclosure is of another revision than the event's.")
        _verify_leaves(shown, counts, ref)
        values = {path: leaf.value for path, leaf in shown.items()}
        _check_values(values)
        parties = [leaf_path("parties", at) for at in range(counts["parties"])]
        if not values.keys() >= set(parties):
            raise DocumentError("A disclosure must show all parties.")
        return DisclosedDocument(
            **head,
            title=values.get("/title"),
            description=values.get("/description"),
            **dates_from_json(values["/valid_from"], values["/valid_until"]),
            parties=parties_from_json([values[path] for path in parties]),
            counts=counts,
            values=values,
        )


def _shown_from_json(value: Json) -> DisclosedLeaf:
    raw = members(value, _SHOWN, "A disclosed leaf")
    leaf, proof = raw["leaf"], raw["proof"]
    if not isinstance(leaf, list) or len(leaf) != 3 or not isinstance(proof, list):
        raise DocumentError("A disclosed leaf is {leaf: [salt, path, value], proof: [hashes]}.")
    salt, path = text(leaf[0], "salt"), text(leaf[1], "path")
    if len(salt) != 32 or salt.strip("0123456789abcdef"):
        raise DocumentError("A salt has 32 lower-case hex digits.")
    steps = tuple(parsed(Digest.parse, step, "An audit hash") for step in proof)
    return DisclosedLeaf(salt, path, leaf[2], steps)


def _verify_leaves(shown: Mapping[str, DisclosedLeaf], counts: Mapping[str, int], ref: DocumentRef) -> None:
    for path, leaf in shown.items():
        index = leaf_index(path, counts)
        if index is None:
            raise DocumentError(f"The document has no leaf {path[:80]!r}.")
        data = leaf_data(leaf.salt, path, leaf.value)
        steps = [step.raw for step in leaf.proof]
        try:
            verify_inclusion(leaf_hash(data), index, ref.leaves, steps, ref.root.raw)
        except LogError as error:
            raise DocumentError(f"The leaf {path!r} does not belong to the signed root.") from error


def _check_values(values: Mapping[str, Json]) -> None:
    for path, value in values.items():
        if path in ("/title", "/description"):
            text(value, path)
        elif path.startswith("/terms/"):
            check_term(value, path)
        elif path.startswith("/attachments/"):
            Attachment.from_json(value, path)
        elif path.startswith("/variables/"):
            Variable.from_json(value, path)


def disclose(sealed: SealedDocument, hide: Collection[str]) -> Disclosure:
    """The document without these leaves. DocumentError for a path that must be shown or is unknown."""
    known = {leaf.path for leaf in sealed.leaves}
    for path in hide:
        if path not in known:
            raise DocumentError(f"The document has no leaf {path!r}.")
        if path in _ALWAYS_SHOWN or path.startswith("/parties/"):
            raise DocumentError("The parties, the dates and the head of a document cannot be hidden.")
    hashes = [leaf_hash(leaf.data) for leaf in sealed.leaves]
    shown = tuple(
        DisclosedLeaf(leaf.salt, leaf.path, leaf.value, tuple(map(Digest.of, inclusion_path(hashes, index))))
        for index, leaf in enumerate(sealed.leaves)
        if leaf.path not in hide
    )
    return Disclosure(sealed.document.revision, shown)
