"""What the steps of a verification share: the checks so far, and what each step has established."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from cms_backend.core.checkpoint import Checkpoint
from cms_backend.core.disclosure import DisclosedDocument
from cms_backend.core.document import DocumentRef
from cms_backend.core.events import Action, Envelope, Kind
from cms_backend.core.evidence import Evidence
from cms_backend.core.evidence_parts import AnchorRef, LogSection
from cms_backend.core.ids import Did, Digest, KeyText, Time
from cms_backend.core.lifecycle_state import ContractState, Handover, Signer, Text, text_of
from cms_backend.core.report_model import Check, CheckState, Source, Tail, Verdict
from cms_backend.core.statements import LogStatement
from cms_backend.core.verify.catalogue import CATALOGUE
from cms_backend.core.verify.facts import LedgerFacts, Trust

PASSED, FAILED = CheckState.passed, CheckState.failed
UNDECIDED, PENDING = CheckState.undecided, CheckState.pending
NOT_CHECKED, NOT_APPLICABLE = CheckState.not_checked, CheckState.not_applicable
MANY_EVENTS: Final = 1000
_QUIET: Final = frozenset({PASSED, NOT_APPLICABLE})


class Place(NamedTuple):
    """A verified place in one of the contract's logs: the ordinal of the log and the index of the leaf."""

    log: int
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody asks of a place


@dataclass(frozen=True, slots=True)
class Anchored:
    """An anchor that a ledger confirmed: block and time are the ledger's, `public` as the verifier trusts."""

    ref: AnchorRef
    log: int
    block: int
    time: Time
    final: bool
    public: bool


@dataclass(slots=True)
class LogView:
    """A log of the contract after its notes were verified, and its section of the file."""

    section: LogSection
    operator: Did
    checkpoint: Checkpoint | None = None
    """The checkpoint that the inclusion proofs run to."""
    proven: dict[Digest, int] = field(default_factory=dict)
    """The leaf of each object that has a passed inclusion proof in this log."""
    opened: int = -1
    """The leaf by which the record came into this log."""
    sizes: dict[int, Digest] = field(default_factory=dict)
    """Sizes and roots of all verified checkpoints."""

    @property
    def vkey(self) -> str:
        """The log's verifier key."""
        return self.section.vkey

    def heard(self, unsigned: Container[Digest]) -> list[LogStatement]:
        """The LogStatements that are heard: by the log's operator, about this very log, their signatures holding."""
        return [
            one
            for one in self.section.statements
            if one.actor == self.operator and one.vkey == self.vkey and one.digest not in unsigned
        ]


Resolved = tuple[dict[Did, dict[KeyText, None]], dict[Did, dict[KeyText, None]]]


@dataclass
class Findings:
    """Everything established so far. Each step reads what earlier steps wrote."""

    evidence: Evidence
    facts: LedgerFacts
    trust: Trust
    now: Time
    events: tuple[Envelope, ...] = ()
    """The events of this contract; the file may hold others, which are no part of anything."""
    created: Envelope | None = None
    """The event that opens the record that the file is about; none when no signature of it holds."""
    lean: frozenset[Digest | None] = frozenset()
    """Notes of a very long record: their checks are listed only when they did not pass."""
    checks: list[Check] = field(default_factory=list)
    broken: set[Digest] = field(default_factory=set)
    """Events whose form is broken: they stand in the file, and nothing of them is known."""
    texts: dict[Digest, Text] = field(default_factory=dict)
    hidden: dict[Digest, DisclosedDocument] = field(default_factory=dict)
    """The texts of which only a part is shown, by root."""
    unsigned: set[Digest] = field(default_factory=set)
    """Events whose signature fails, KeyEnds and other statements whose signature does not pass."""
    undecided_ends: set[Digest] = field(default_factory=set)
    """KeyEnds that only an account's contract could judge."""
    open_signatures: dict[Digest, tuple[str, bytes, bytes]] = field(default_factory=dict)
    """Events that only an account's contract can judge: account, EIP-712 hash, signature."""
    account_states: dict[Digest, CheckState] = field(default_factory=dict)
    """What became of these, by the answers of their chain."""
    logs: list[LogView] = field(default_factory=list)
    """The contract's logs in the order in which the record was in them."""
    lost: bool = False
    """The record began without a log, and a `moved` that counts says that it has been in one that is not shown."""
    places: dict[Digest, Place] = field(default_factory=dict)
    """The place of each object: its first one in the order of the logs."""
    doors: dict[Digest, int] = field(default_factory=dict)
    """The leaf of each `moved` in the log that it enters, by statement digest."""
    handovers: list[Handover] = field(default_factory=list)
    """Where a log's operator has named a successor of its key."""
    anchors: list[Anchored] = field(default_factory=list)
    anchor_states: list[CheckState] = field(default_factory=list)
    not_before: dict[Digest, Time] = field(default_factory=dict)
    first_anchor: dict[Digest, Anchored] = field(default_factory=dict)
    state: ContractState | None = None
    names: dict[Did, str] | None = None
    """What the texts of events that count call people; None until somebody asks."""
    counted: set[Digest] = field(default_factory=set)
    """The statement digests of the events that count."""
    replayed: list[tuple[tuple[object, ...], ContractState | None]] = field(default_factory=list)
    """The last replays and what they stood on."""
    resolved: Resolved | None = None
    """The keys of DIDs by the verifier's own resolutions and by the operators'; None until somebody asks."""
    participants: set[Signer] = field(default_factory=set)
    """Who could do something in this contract, by the events that count."""
    waiting: set[Digest] = field(default_factory=set)
    """Events and KeyEnds without a leaf that could change the state if the log holds them after all."""
    unlogged: set[Digest] = field(default_factory=set)
    """Those, and comments without a leaf."""
    tail: Tail = Tail.not_known
    tail_time: Time | None = None
    scanned: dict[int, int] = field(default_factory=dict)
    """The size to which the verifier has read each log itself, by ordinal."""

    def __post_init__(self) -> None:
        envelopes, contract = self.evidence.envelopes, self.evidence.contract
        if all(one.contract == contract for one in envelopes):
            self.events = envelopes
        else:
            self.events = tuple(one for one in envelopes if one.contract == contract)
        if len(envelopes) > MANY_EVENTS:
            self.lean = frozenset(one.digest for one in envelopes if one.action is Action.commented)

    @property
    def has_log(self) -> bool:
        """`created` names a log, or a `moved` that counts: also one whose log the file has no section of."""
        return self.began_logged or bool(self.logs) or self.lost

    @property
    def began_logged(self) -> bool:
        """`created` names a log."""
        return self.created is not None and self.created.details["log"] is not None

    @cached_property
    def twins(self) -> Mapping[Digest, Sequence[Envelope]]:
        """All envelopes of each event of the spine, by statement digest."""
        found: dict[Digest, list[Envelope]] = {}
        for one in self.events:
            if one.kind is Kind.spine:
                found.setdefault(one.event_digest, []).append(one)
        return found

    def openings(self) -> list[Envelope]:
        """The envelopes of the event that opens the record, as far as their signature does not fail."""
        return [
            one
            for one in self._created
            if one.statement_digest == self.evidence.genesis and one.digest not in self.unsigned
        ]

    @cached_property
    def _created(self) -> Sequence[Envelope]:
        return [one for one in self.events if one.action is Action.created]

    def add(
        self,
        check: str,
        state: CheckState,
        event: Digest | None = None,
        *,
        expected: str | None = None,
        found: str | None = None,
        source: Source | None = None,
        counts_as: Verdict | None = None,
    ) -> None:
        """Record one check. `counts_as` replaces the catalogue's verdict of a failure."""
        if state is PASSED and event in self.lean:
            return
        kind = CATALOGUE[check]
        self.checks.append(
            Check(
                check,
                kind.question,
                event,
                state,
                expected,
                found,
                kind.source if source is None else source,
                kind.section,
                None if state is PASSED else kind.remedy,
                kind.counts_as if counts_as is None else counts_as,
            )
        )

    def harmless(self, check: str, event: Digest | None, state: CheckState, found: str) -> None:
        """Record a check whose result harms no more than its own event."""
        if event in self.lean and state in _QUIET:
            return
        kind = CATALOGUE[check]
        self.checks.append(
            Check(check, kind.question, event, state, None, found, kind.source, kind.section, None, None)
        )

    def operators(self) -> set[Did]:
        """The operators of the contract's logs."""
        return {view.operator for view in self.logs}

    def text_of(self, ref: DocumentRef) -> Text | None:
        """The verified document of a reference."""
        return text_of(self.texts, ref)
