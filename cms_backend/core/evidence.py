"""Evidence files: strict reading and writing (section 8). One evidence has one file, byte for byte.

`read` gives what can be read together with everything that is wrong; `Evidence.from_bytes` raises the first
of it. Nothing here verifies a signature, a root or a proof: that is `verify`'s matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, TypeVar

from cms_backend.core.canonical import Json, encode, exact_members, parse_canonical, parse_shallow
from cms_backend.core.checkpoint import b64decode, b64encode
from cms_backend.core.disclosure import Disclosure
from cms_backend.core.document import FIXED_LEAVES, LISTS, SealedDocument
from cms_backend.core.errors import DocumentError, EvidenceError, FormError, IntentError, LogError
from cms_backend.core.events import Envelope
from cms_backend.core.evidence_parts import (
    MOST_CONSISTENCY,
    MOST_SECTIONS,
    AnchorRef,
    Consistency,
    LogSection,
    a_list,
    in_order,
)
from cms_backend.core.hashing import H, digest_of
from cms_backend.core.ids import ContractId, Digest
from cms_backend.core.statements import KeyEnd, Resolution

__all__ = [
    "FORMAT",
    "MAX_FILE",
    "AnchorRef",
    "Consistency",
    "Evidence",
    "HeldDocument",
    "LogSection",
    "Problem",
    "Reading",
    "read",
]

FORMAT: Final = "cmsproof/1"
MAX_FILE: Final = 256 * 1024 * 1024
"""Bytes; a file beyond it is refused before it is parsed."""

MOST_BROKEN: Final = 1000
"""Envelopes of broken form that are named one by one. The file is no proof anyway."""
MOST_ELEMENTS: Final = 200_000
"""Elements in the lists of all whole documents of a file together (section 8)."""
HeldDocument = SealedDocument | Disclosure
_T = TypeVar("_T")
_FILE: Final = frozenset(
    {
        "format",
        "contract",
        "genesis",
        "documents",
        "envelopes",
        "key_ends",
        "resolutions",
        "logs",
        "anchors",
        "attachments",
        "digest",
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the file that breaks a rule: the check that names it, words, and its event, if any."""

    check: str
    detail: str
    event: Digest | None = None
    expected: str | None = None
    found: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an evidence file holds, every member in its own type."""

    contract: ContractId
    genesis: Digest
    documents: tuple[HeldDocument, ...] = ()
    envelopes: tuple[Envelope, ...] = ()
    key_ends: tuple[KeyEnd, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    logs: tuple[LogSection, ...] = ()
    anchors: tuple[AnchorRef, ...] = ()
    attachments: Mapping[Digest, bytes] = field(default_factory=dict)

    @classmethod
    def from_bytes(cls, data: bytes) -> Evidence:
        """Read a file. EvidenceError, whose `check` is FILE-PARSE, FILE-DIGEST, EVT-FORM or EVT-INTENT."""
        reading = read(data)
        if reading.problems:
            first = reading.problems[0]
            raise EvidenceError(
                first.detail, check=first.check, remedy="Ask for the file again, or for another party's copy."
            )
        assert reading.evidence is not None  # noqa: S101 - no problem means that everything was read
        return reading.evidence

    def to_json(self) -> dict[str, Json]:
        """All members in their order, with the digest."""
        members: dict[str, Json] = {
            "format": FORMAT,
            "contract": str(self.contract),
            "genesis": str(self.genesis),
            "documents": [raw for _, _, raw in sorted(map(_document_order, self.documents))],
            "envelopes": _by_digest(self.envelopes),
            "key_ends": _by_digest(self.key_ends),
            "resolutions": _by_digest(self.resolutions),
            "logs": [section.to_json() for section in self.logs],
            "anchors": [one.to_json() for one in sorted(self.anchors, key=lambda one: one.order)],
            "attachments": {str(key): b64encode(self.attachments[key]) for key in sorted(self.attachments)},
        }
        return {**members, "digest": str(digest_of(members))}

    def to_bytes(self) -> bytes:
        """The file: J of `to_json`. Objects that stand twice are written once."""
        return encode(self.to_json())


def _by_digest(items: Iterable[Any]) -> list[Json]:
    unique = {one.digest: one.json for one in items}
    return [unique[digest] for digest in sorted(unique)]


def revision_of(document: HeldDocument) -> int:
    """The revision of a whole or a partly hidden document."""
    return document.revision if isinstance(document, Disclosure) else document.document.revision


def elements_of(document: HeldDocument) -> int:
    """How many elements a whole document has in its lists."""
    return document.document.leaf_count - len(FIXED_LEAVES) if isinstance(document, SealedDocument) else 0


def _document_order(document: HeldDocument) -> tuple[int, bytes, Json]:
    raw = document.to_json()
    return revision_of(document), encode(raw), raw


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of `read`: the evidence without what could not be read, and what is wrong, in file order."""

    evidence: Evidence | None
    problems: tuple[Problem, ...]


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.broken = 0

    def part(self, parse: Callable[[], _T], empty: _T) -> _T:
        try:
            return parse()
        except (FormError, DocumentError, LogError) as error:
            self.problems.append(Problem("FILE-PARSE", error.detail))
            return empty

    def envelopes(self, value: Json) -> tuple[Envelope, ...]:
        found: list[Envelope] = []
        before = ""
        for raw in a_list(value, "envelopes"):
            try:
                envelope = Envelope.from_json(raw)
            except FormError as error:
                self.broken += 1
                if self.broken > MOST_BROKEN:
                    raise FormError(f"More than {MOST_BROKEN:,} envelopes are no events.") from error
                check = "EVT-INTENT" if isinstance(error, IntentError) else "EVT-FORM"
                digest = digest_of(raw)
                self.problems.append(Problem(check, error.detail, digest))
            else:
                found.append(envelope)
                digest = envelope.digest
            if digest <= before:
                raise FormError("The envelopes are not in the order of their digests, each once.")
            before = digest
        return tuple(found)


def read(data: bytes) -> Reading:
    """Read bytes as an evidence file, as far as it goes. Raises nothing."""
    try:
        raw = parse_shallow(data, limit=MAX_FILE)
    except FormError as error:
        return Reading(None, (Problem("FILE-PARSE", error.detail),))
    reading = None if raw is None else _read(data, raw)
    if reading is not None and reading.problems == () and not _shows_parts(reading):
        return reading
    del raw, reading  # what was read once must not lie beside what is read now
    # Something does not fit, or is not typed throughout: now numbers, depth and texts are looked at first.
    try:
        return _read(data, parse_canonical(data, limit=MAX_FILE))
    except FormError as error:
        return Reading(None, (Problem("FILE-PARSE", error.detail),))


def _shows_parts(reading: Reading) -> bool:
    held = reading.evidence
    return held is not None and any(isinstance(one, Disclosure) for one in held.documents)


def _read(data: bytes, value: Json) -> Reading:
    reader = _Reader()
    try:
        raw = _head(value)
        stated = Digest.parse(raw["digest"])
        contract, genesis = ContractId.parse(raw["contract"]), Digest.parse(raw["genesis"])
    except FormError as error:
        return Reading(None, (Problem("FILE-PARSE", error.detail),))
    computed = _digest_of_rest(data, raw, stated)
    if computed != stated:
        reader.problems.append(
            Problem("FILE-DIGEST", "The file is not what it was when it was written.", None, stated, computed)
        )
    evidence = Evidence(
        contract=contract,
        genesis=genesis,
        documents=reader.part(lambda: _documents(raw["documents"]), ()),
        envelopes=reader.part(lambda: reader.envelopes(raw["envelopes"]), ()),
        key_ends=reader.part(lambda: _statements(KeyEnd, raw["key_ends"], "key_ends"), ()),
        resolutions=reader.part(lambda: _statements(Resolution, raw["resolutions"], "resolutions"), ()),
        logs=reader.part(lambda: _logs(raw["logs"]), ()),
        anchors=reader.part(lambda: _anchors(raw["anchors"]), ()),
        attachments=reader.part(lambda: _attachments(raw["attachments"]), {}),
    )
    return Reading(evidence, tuple(reader.problems))


def _digest_of_rest(data: bytes, raw: dict[str, Json], stated: Digest) -> Digest:
    """H(J(the rest)). The bytes are canonical, so the rest is the file with one member cut out."""
    member = f',"digest":"{stated}"'.encode()
    at = data.find(member + b',"documents":')
    if at >= 0:
        view = memoryview(data)
        cut = sha256(view[:at])
        cut.update(view[at + len(member) :])
        if cut.hexdigest() == stated:
            return stated
    return H(encode({name: value for name, value in raw.items() if name != "digest"}))


def _head(value: Json) -> dict[str, Json]:
    raw = exact_members(value, _FILE, "The evidence file")
    if raw["format"] != FORMAT:
        raise FormError("This is no evidence file of the format cmsproof/1.")
    return raw


def _documents(value: Json) -> tuple[HeldDocument, ...]:
    found: list[HeldDocument] = []
    elements = sum(map(_elements, a_list(value, "documents")))
    if elements > MOST_ELEMENTS:
        raise FormError(f"The texts have {elements:,} elements; at most {MOST_ELEMENTS:,} are accepted.")
    for raw in value:
        hidden = isinstance(raw, dict) and "disclosed" in raw
        found.append(Disclosure.from_json(raw) if hidden else SealedDocument.from_json(raw))
    _check_order(found, value)
    return tuple(found)


def _elements(raw: Json) -> int:
    """How many elements the lists of a whole document have; what is none has its form judged elsewhere."""
    content = raw.get("content") if isinstance(raw, dict) else None
    lists = (content.get(part) for part in LISTS) if isinstance(content, dict) else ()
    return sum(len(part) for part in lists if isinstance(part, list))


def _check_order(documents: list[HeldDocument], raw: list[Json]) -> None:
    """By revision, then by J. Only neighbours of one revision are written for that: texts may be long."""
    before, written = -1, b""
    for at, one in enumerate(documents):
        revision = revision_of(one)
        follows = at + 1 < len(documents) and revision_of(documents[at + 1]) == revision
        text = encode(raw[at]) if follows or revision == before else b""
        if revision < before or (revision == before and text <= written):
            raise FormError("documents are not in the order of section 8, each once.")
        before, written = revision, text


def _statements(kind: Any, value: Json, what: str) -> tuple[Any, ...]:
    found = tuple(map(kind.from_json, a_list(value, what)))
    in_order([(one.digest,) for one in found], f"The {what}")
    return found


def _logs(value: Json) -> tuple[LogSection, ...]:
    if len(a_list(value, "logs")) > MOST_SECTIONS:
        raise FormError(f"The file has {len(value)} logs; at most {MOST_SECTIONS} are accepted.")
    found = tuple(map(LogSection.from_json, value))
    if sum(len(section.consistency) for section in found) > MOST_CONSISTENCY:
        raise FormError(f"The file has more than {MOST_CONSISTENCY:,} consistency proofs.")
    if len({one.vkey for one in found}) < len(found):
        raise FormError("A log stands twice in the file.")
    return found


def _anchors(value: Json) -> tuple[AnchorRef, ...]:
    found = tuple(map(AnchorRef.from_json, a_list(value, "anchors")))
    in_order([one.order for one in found], "The anchors")
    return found


def _attachments(value: Json) -> dict[Digest, bytes]:
    if not isinstance(value, dict):
        raise FormError("attachments is not an object.")
    found: dict[Digest, bytes] = {}
    for key, text in value.items():
        if not isinstance(text, str):
            raise FormError("An attachment is not a text of base64.")
        found[Digest.parse(key)] = b64decode(text)
    return found
