"""A contract's text as a document, and the salted Merkle root that the parties sign (section 2).

The root is RFC 6962 over leaf data J([salt, path, value]) in byte order of the paths. Salts come from a seed
that is fresh for every revision: an opened clause tells nothing about another one or another revision.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from cms_backend.core.canonical import Json, check_value, encode
from cms_backend.core.did import key_of_did
from cms_backend.core.errors import DocumentError, FormError
from cms_backend.core.ids import ContractId, Did, Digest, Time
from cms_backend.core.merkle import leaf_hash, tree_head
from cms_backend.core.parties import (
    Attachment,
    Party,
    Role,
    Variable,
    VariableType,
    members,
    parsed,
    text,
    whole,
)
from cms_backend.core.party_index import PartyIndex

__all__ = [
    "FIXED_LEAVES",
    "LISTS",
    "MAX_LIST",
    "Attachment",
    "Document",
    "DocumentRef",
    "Leaf",
    "Party",
    "Role",
    "SealedDocument",
    "Variable",
    "VariableType",
    "check_leaf_path",
    "leaf_index",
    "leaf_path",
    "leaf_paths",
    "leaves",
    "rule_violations",
]

FIXED_LEAVES: Final = ("", "/description", "/title", "/valid_from", "/valid_until")
LISTS: Final = ("attachments", "parties", "terms", "variables")
_LEAF_ORDER: Final = (
    *("", "attachments", "/description", "parties", "terms"),
    *("/title", "/valid_from", "/valid_until", "variables"),
)
MAX_LIST: Final = 100_000
"""Five digits name an element, so a list has at most this many."""

_DOCUMENT: Final = frozenset(
    {
        "contract",
        "revision",
        "supersedes",
        "title",
        "description",
        "valid_from",
        "valid_until",
        "parties",
        "terms",
        "attachments",
        "variables",
    }
)
_REF: Final = frozenset({"revision", "root", "leaves"})
_SEALED: Final = frozenset({"content", "seed"})
# No HTML, no image, no open placeholder: what a renderer might treat in its own way, or load from outside.
_TERM_REFUSED: Final = re.compile(r"<[A-Za-z/!?]|!\[|\{\{")
_LEAF_PATH: Final = re.compile(
    r"(?:|/title|/description|/valid_from|/valid_until|/(?:parties|terms|attachments|variables)/[0-9]{5})"
)


def leaf_path(part: str, index: int) -> str:
    """`/terms/00002`: the path of one element. No user string is ever part of a path."""
    return f"/{part}/{index:05d}"


def leaf_paths(counts: Mapping[str, int]) -> list[str]:
    """All paths of a document with these list lengths, in byte order."""
    paths = list(FIXED_LEAVES)
    for part in LISTS:
        paths.extend(leaf_path(part, index) for index in range(counts[part]))
    return sorted(paths)


def leaf_index(path: str, counts: Mapping[str, int]) -> int | None:
    """The place of a path among all paths of a document with these list lengths; None when it has no such leaf.

    In byte order stand "", /attachments/..., /description, /parties/..., /terms/..., /title, /valid_from,
    /valid_until, /variables/...: a document may have 400,000 leaves, so they are not listed for that.
    """
    before = 0
    for part in _LEAF_ORDER:
        length = counts.get(part)
        if length is None:
            if path == part:
                return before
            before += 1
            continue
        if path.startswith(f"/{part}/") and _LEAF_PATH.fullmatch(path):
            index = int(path[-5:])
            return before + index if index < length else None
        before += length
    return None


def check_leaf_path(path: Json) -> str:
    """`path` when it has the form of a leaf path; FormError otherwise."""
    if isinstance(path, str) and _LEAF_PATH.fullmatch(path):
        return path
    raise FormError(f"{str(path)[:80]!r} is no leaf path.")


def check_term(term: Json, what: str = "A term") -> str:
    """`term` when it is Markdown without HTML, images and placeholders; DocumentError otherwise."""
    found = _TERM_REFUSED.search(text(term, what))
    if found:
        raise DocumentError(
            f"{what} holds {found.group()!r}.",
            remedy="Terms are Markdown without HTML, without images and without {{placeholders}}.",
        )
    return str(term)


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """What an event signs of a document: revision, root, number of leaves (5 and the four list lengths)."""

    revision: int
    root: Digest
    leaves: int

    @classmethod
    def from_json(cls, value: Json) -> DocumentRef:
        """Check members and types; DocumentError otherwise."""
        raw = members(value, _REF, "A document reference")
        return cls(
            whole(raw["revision"], "document.revision"),
            parsed(Digest.parse, raw["root"], "document.root"),
            whole(raw["leaves"], "document.leaves", len(FIXED_LEAVES)),
        )

    def to_json(self) -> dict[str, Json]:
        """All members."""
        return {"revision": self.revision, "root": str(self.root), "leaves": self.leaves}


@dataclass(frozen=True)
class Document:
    """One revision of a contract. `from_json` is strict; one built in code is checked when it is sealed."""

    contract: ContractId
    revision: int
    supersedes: Digest | None
    title: str
    description: str
    valid_from: Time | None
    valid_until: Time | None
    parties: tuple[Party, ...]
    terms: tuple[str, ...]
    attachments: tuple[Attachment, ...] = ()
    variables: tuple[Variable, ...] = ()

    @classmethod
    def from_json(cls, value: Json) -> Document:
        """Check every member of the table in section 2; DocumentError otherwise."""
        raw = members(value, _DOCUMENT, "The document")
        for part in LISTS:
            if not isinstance(raw[part], list) or len(raw[part]) > MAX_LIST:
                raise DocumentError(f"{part} is not a list of at most {MAX_LIST}.")
        return cls(
            **head_from_json(raw),
            title=text(raw["title"], "title"),
            description=text(raw["description"], "description"),
            **dates_from_json(raw["valid_from"], raw["valid_until"]),
            parties=parties_from_json(raw["parties"]),
            terms=tuple(check_term(term, f"Term {at + 1}") for at, term in enumerate(raw["terms"])),
            attachments=tuple(Attachment.from_json(item) for item in raw["attachments"]),
            variables=tuple(Variable.from_json(item) for item in raw["variables"]),
        )

    def to_json(self) -> dict[str, Json]:
        """All members, absent ones null."""
        return {
            "contract": str(self.contract),
            "revision": self.revision,
            "supersedes": None if self.supersedes is None else str(self.supersedes),
            "title": self.title,
            "description": self.description,
            "valid_from": None if self.valid_from is None else str(self.valid_from),
            "valid_until": None if self.valid_until is None else str(self.valid_until),
            "parties": [party.to_json() for party in self.parties],
            "terms": list(self.terms),
            "attachments": [attachment.to_json() for attachment in self.attachments],
            "variables": [variable.to_json() for variable in self.variables],
        }

    @property
    def counts(self) -> dict[str, int]:
        """The four list lengths, as they stand in the leaf `""`."""
        return {part: len(getattr(self, part)) for part in LISTS}

    @property
    def leaf_count(self) -> int:
        """The number of leaves: the fixed ones and one for each element."""
        lists = len(self.parties) + len(self.terms) + len(self.attachments) + len(self.variables)
        return len(FIXED_LEAVES) + lists

    @cached_property
    def index(self) -> PartyIndex:
        """The parties by DID, key and step."""
        return PartyIndex.of(self.parties)

    def party_of(self, did: str) -> int | None:
        """The index of the party with this DID, or None."""
        return self.index.by_did.get(Did(did))


def head_from_json(raw: Mapping[str, Json]) -> dict[str, Json]:
    """contract, revision and supersedes, checked against each other; DocumentError otherwise."""
    revision = whole(raw["revision"], "revision")
    supersedes = None if raw["supersedes"] is None else parsed(Digest.parse, raw["supersedes"], "supersedes")
    if (supersedes is None) != (revision == 0):
        raise DocumentError("supersedes is null for revision 0 and only for it.")
    contract = parsed(ContractId.parse, raw["contract"], "contract")
    return {"contract": contract, "revision": revision, "supersedes": supersedes}


def dates_from_json(valid_from: Json, valid_until: Json) -> dict[str, Json]:
    """The two dates, each a Time or None; DocumentError otherwise."""
    return {
        "valid_from": None if valid_from is None else parsed(Time.parse, valid_from, "valid_from"),
        "valid_until": None if valid_until is None else parsed(Time.parse, valid_until, "valid_until"),
    }


def parties_from_json(values: list[Json]) -> tuple[Party, ...]:
    """The parties, checked one by one and against each other; DocumentError otherwise."""
    parties = tuple(Party.from_json(value, f"Party {at + 1}") for at, value in enumerate(values))
    if len({party.did for party in parties}) < len(parties):
        raise DocumentError("A DID stands twice among the parties.")
    if len({party.key for party in parties}) < len(parties):
        raise DocumentError("A key stands twice among the parties.")
    for at, party in enumerate(parties):
        watched = party.witness_of
        if watched is not None and (watched >= len(parties) or parties[watched].role is not Role.signer):
            raise DocumentError(f"Party {at + 1}: witness_of is not the index of a signer.")
    return parties


class Leaf(NamedTuple):
    """One leaf: its path, its salt (32 hex), its value, and the bytes that are hashed into the root."""

    path: str
    salt: str
    value: Json
    data: bytes


def leaf_data(salt: str, path: str, value: Json) -> bytes:
    """J([salt, path, value])."""
    return encode([salt, path, value])


def leaves(document: Document, seed: str) -> Iterator[Leaf]:
    """All leaves in byte order of their paths. `seed` is 64 lower-case hex."""
    raw = document.to_json()
    head: dict[str, Json] = {name: raw[name] for name in ("contract", "revision", "supersedes")}
    key = Digest.parse(seed).raw
    # J of ["cms-salt-v1", contract, revision, path] up to the path, which holds nothing that is escaped.
    before = encode(["cms-salt-v1", raw["contract"], raw["revision"]])[:-1] + b',"'
    for path, value in _values(raw, {**head, "counts": document.counts}):
        written = path.encode()
        salt = hmac.digest(key, before + written + b'"]', "sha256").hex()[:32]
        yield Leaf(path, salt, value, b'["%b","%b",%b]' % (salt.encode(), written, encode(value)))


def _values(raw: Mapping[str, Json], head: Json) -> Iterator[tuple[str, Json]]:
    for part in _LEAF_ORDER:
        if part in LISTS:
            yield from ((leaf_path(part, index), value) for index, value in enumerate(raw[part]))
        else:
            yield part, raw[part[1:]] if part else head


@dataclass(frozen=True)
class SealedDocument:
    """A document and the seed of its salts: who holds both can compute the root, and show single leaves."""

    document: Document
    seed: str = field(repr=False)

    @classmethod
    def seal(cls, document: Document, seed: str | None = None) -> SealedDocument:
        """Check the document as if it came from outside, and give it a fresh seed.

        Raises DocumentError or FormError. `seed` is for vectors; a seed is never used for two revisions.
        """
        raw = document.to_json()
        check_value(raw)
        return cls(
            Document.from_json(raw), secrets.token_hex(32) if seed is None else str(Digest.parse(seed))
        )

    @classmethod
    def from_json(cls, value: Json) -> SealedDocument:
        """`{content, seed}`; DocumentError otherwise."""
        raw = members(value, _SEALED, "A sealed document")
        return cls(Document.from_json(raw["content"]), str(parsed(Digest.parse, raw["seed"], "seed")))

    def to_json(self) -> dict[str, Json]:
        """`{content, seed}`."""
        return {"content": self.document.to_json(), "seed": self.seed}

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """All leaves in byte order of their paths."""
        return tuple(leaves(self.document, self.seed))

    @cached_property
    def ref(self) -> DocumentRef:
        """What an event signs of this document."""
        # The leaves are not kept: they take several times what the text does.
        root = tree_head(leaf_hash(leaf.data) for leaf in leaves(self.document, self.seed))
        return DocumentRef(self.document.revision, Digest.of(root), self.document.leaf_count)


def rule_violations(document: Document, *, logless_proposer: Did | None = None) -> list[str]:
    """What a proposed revision breaks (DOC-RULES), in words; empty when nothing. Revision 0 is exempt.

    `logless_proposer`: the DID that proposes, when the contract has no log; it must sign alone and last.
    """
    if document.revision == 0:
        return []
    parties = document.parties
    found = [
        f"{party.name or party.did}: the pinned key is not the one that {party.did} names."
        for party in parties
        if key_of_did(party.did) not in (None, party.key)
    ]
    signing = [party.step for party in parties if party.role is Role.signer and party.step is not None]
    if not signing:
        return [*found, "There is no signer."]
    approving = [party.step for party in parties if party.role is Role.approver and party.step is not None]
    if approving and max(approving) >= min(signing):
        found.append("An approver's step is not below all signers' steps.")
    found += [
        f"{party.name or party.did} witnesses in another step than its signer."
        for party in parties
        if party.witness_of is not None and party.step != parties[party.witness_of].step
    ]
    if logless_proposer is not None:
        found += _countersigning_violations(parties, logless_proposer)
    return found


def _countersigning_violations(parties: tuple[Party, ...], proposer: Did) -> list[str]:
    at = next((index for index, party in enumerate(parties) if party.did == proposer), None)
    if at is None or parties[at].role is not Role.signer:
        return ["Without a log the proposer must be a signer."]
    others = [party.step for index, party in enumerate(parties) if index != at and party.step is not None]
    found = []
    if others and max(others) >= (parties[at].step or 0):
        found.append("Without a log the proposer must sign alone in the highest step.")
    if any(party.witness_of == at for party in parties):
        found.append("Without a log the proposer's signature cannot have a witness.")
    return found
