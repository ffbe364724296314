"""The report of a verification: one object from which page, PDF, HTML, JSON and exit code are made.

It judges nothing by itself. `to_json` and `from_json` follow resources/schemas/report.schema.json; times are
UTC, sizes and indexes count leaves, hashes are 64 hex.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from cms_backend.core.canonical import Json, exact_members
from cms_backend.core.errors import FormError
from cms_backend.core.ids import ContractId, Did, Digest, KeyText, Time
from cms_backend.core.lifecycle_state import Status
from cms_backend.core.report_codec import from_plain, to_plain

FORMAT: Final = "cmsreport/1"


class Verdict(StrEnum):
    """What the whole of the evidence is worth (section 9), worst first."""

    no_proof = "no_proof"
    altered = "altered"
    incomplete = "incomplete"
    not_recognised = "not_recognised"
    undecided = "undecided"
    verified = "verified"


class CheckState(StrEnum):
    """The result of one check. `not_checked`: the facts are missing; never the same as failed."""

    passed = "passed"
    failed = "failed"
    undecided = "undecided"
    pending = "pending"
    not_checked = "not_checked"
    not_applicable = "not_applicable"


class Source(StrEnum):
    """Where an answer comes from."""

    computed = "computed here"
    file = "file"
    ledger = "ledger node"
    operator = "operator's word"


class Tail(StrEnum):
    """How well it is known that nothing came later (section 9)."""

    absent = "absent"
    stated = "stated"
    not_known = "not_known"
    later = "later"
    not_applicable = "not_applicable"


class OpenItem(StrEnum):
    """What is still open in evidence that holds. `--require` names the first three."""

    in_force = "in_force"
    anchor = "anchor"
    tail = "tail"
    awaited = "awaited"
    not_logged = "not_logged"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was expected, what was found, by which rule, and what to do when it fails."""

    id: str
    question: str
    event: Digest | None
    """The envelope digest of the event, None for a check of the whole file."""
    state: CheckState
    expected: str | None
    found: str | None
    source: Source
    section: str
    remedy: str | None
    counts_as: Verdict | None = None
    """The verdict that a failure of this check causes; None when it causes none."""


@dataclass(frozen=True, slots=True)
class Question:
    """One of the five questions, with its answer in words."""

    id: str
    title: str
    answer: str
    state: CheckState
    sources: tuple[Source, ...]


class TimelineRow(NamedTuple):
    """One event of the timeline. `checkpoint` is the size of the first anchor (else checkpoint) above it."""

    digest: Digest
    sequence: int
    action: str
    title: str
    actor: Did
    actor_name: str
    state: CheckState
    occurred_at: Time
    not_before: Time | None
    not_after: Time | None
    log: int | None
    index: int | None  # type: ignore[assignment]  # hides tuple.index, which nobody asks of a row
    checkpoint: int | None
    chain: str | None
    block: int | None
    on_behalf_of: Did | None
    void_reason: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class Bracket:
    """Neighbouring rows of the timeline that the same checkpoint anchored first (`first`, `last`: places)."""

    first: int
    last: int
    log: int
    checkpoint: int
    chain: str | None
    block: int | None
    state: CheckState


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step up: the sibling, on which side it stands, and the node that both give."""

    sibling: Digest
    left: bool
    computed: Digest


@dataclass(frozen=True, slots=True)
class LogPath:
    """The way from an event's leaf to the root of the checkpoint. `reached`: it does lead there."""

    digest: Digest
    index: int
    size: int
    leaf: Digest
    root: Digest
    reached: bool
    steps: tuple[PathStep, ...]


@dataclass(frozen=True, slots=True)
class VoidEvent:
    """An event without effect, its signer, and the rule that it breaks."""

    digest: Digest
    sequence: int
    action: str
    actor: Did
    actor_name: str
    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party of the revision that the report is about, and what it decided."""

    index: int
    did: Did
    key: KeyText
    name: str
    role: str
    step: int | None
    capacity: str | None
    witness_of: int | None
    decision: str | None
    decided_at: Time | None
    awaited: bool
    bound: CheckState
    """Whether the key is bound to the DID: by the DID itself, or by a resolution."""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One log of the contract, with the checkpoint that its proofs run to."""

    origin: str
    vkey: str
    operator: Did | None
    size: int | None
    root: Digest | None
    events: int
    anchored: int | None
    """The size of the largest anchor that was found on a ledger."""


@dataclass(frozen=True, slots=True)
class AnchorRow:
    """An anchor that a ledger confirmed; block and time are the ledger's. `local`: no independent time."""

    log: int
    size: int
    root: Digest
    chain: str
    ledger: str
    tx: Digest
    block: int
    time: Time
    final: bool
    local: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The result of `verify_evidence`."""

    verdict: Verdict
    headline: str
    etsi: str
    """`TOTAL-PASSED`, `TOTAL-FAILED, HASH_FAILURE` and so on (ETSI EN 319 102-1)."""
    checked_at: Time
    contract: ContractId | None
    genesis: Digest | None
    title: str
    revision: int | None
    root: Digest | None
    """The root of the shown revision."""
    leaves: int | None
    valid_from: Time | None
    valid_until: Time | None
    state: Status | None
    as_of: Time | None
    tail: Tail
    open_items: tuple[OpenItem, ...]
    questions: tuple[Question, ...]
    events: tuple[TimelineRow, ...]
    checks: tuple[Check, ...]
    brackets: tuple[Bracket, ...]
    paths: tuple[LogPath, ...]
    void: tuple[VoidEvent, ...]
    parties: tuple[PartyRow, ...]
    logs: tuple[LogRow, ...]
    anchors: tuple[AnchorRow, ...]
    hidden: tuple[str, ...]
    """Leaf paths of the shown revision that a disclosure hides."""
    forks: tuple[str, ...]
    limits: str
    first_bad: Digest | None

    def to_json(self) -> dict[str, Json]:
        """Plain JSON after report.schema.json."""
        return {"format": FORMAT, **to_plain(self)}

    @classmethod
    def from_json(cls, value: Json) -> Report:
        """The report out of its JSON; FormError when the shape is another."""
        names = frozenset({"format", *cls.__slots__})
        raw = exact_members(value, names, "The report")
        if raw["format"] != FORMAT:
            raise FormError("This is no report of the format cmsreport/1.")
        return from_plain(cls, {name: raw[name] for name in cls.__slots__})
