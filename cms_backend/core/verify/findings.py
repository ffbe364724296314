"""What the steps of a verification share: the checks so far, and what each step has established."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cms_backend.core.checkpoint import Checkpoint
from cms_backend.core.did import key_of_did
from cms_backend.core.document import DocumentRef
from cms_backend.core.events import Action, Envelope
from cms_backend.core.evidence import Evidence
from cms_backend.core.evidence_parts import AnchorRef
from cms_backend.core.ids import Did, Digest, KeyText, Time
from cms_backend.core.lifecycle_state import ContractState, Text
from cms_backend.core.report_model import Check, CheckState, Source, Tail, Verdict
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
    """A log of the contract after its notes were verified."""

    vkey: str
    operator: Did | None
    checkpoint: Checkpoint | None = None
    """The checkpoint that the inclusion proofs run to."""
    sizes: dict[int, Digest] = field(default_factory=dict)
    """Sizes and roots of all verified checkpoints."""


@dataclass(slots=True)
class Findings:
    """Everything established so far. Each step reads what earlier steps wrote."""

    evidence: Evidence
    facts: LedgerFacts
    trust: Trust
    now: Time
    created: Envelope | None = None
    """The event that opens the record that the file is about."""
    has_log: bool = False
    """The contract has a log, or a logged event has moved it into one."""
    lean: frozenset[Digest | None] = frozenset()
    """Notes of a very long record: their checks are listed only when they did not pass."""
    checks: list[Check] = field(default_factory=list)
    broken: set[Digest] = field(default_factory=set)
    """Events whose form is broken: they stand in the file, and nothing of them is known."""
    texts: dict[Digest, Text] = field(default_factory=dict)
    hidden: dict[Digest, tuple[str, ...]] = field(default_factory=dict)
    unsigned: set[Digest] = field(default_factory=set)
    """Events, KeyEnds and other statements whose signature does not hold."""
    open_signatures: dict[Digest, tuple[str, bytes, bytes]] = field(default_factory=dict)
    """Events that only an account's contract can judge: account, EIP-712 hash, signature."""
    logs: list[LogView] = field(default_factory=list)
    places: dict[Digest, Place] = field(default_factory=dict)
    anchors: list[Anchored] = field(default_factory=list)
    anchor_states: list[CheckState] = field(default_factory=list)
    not_before: dict[Digest, Time] = field(default_factory=dict)
    first_anchor: dict[Digest, Anchored] = field(default_factory=dict)
    state: ContractState | None = None
    tail: Tail = Tail.not_known
    tail_time: Time | None = None

    def __post_init__(self) -> None:
        genesis = self.evidence.genesis
        for one in self.evidence.envelopes:
            if one.action is Action.created and one.statement_digest == genesis:
                self.created = one
                break
        if len(self.evidence.envelopes) > MANY_EVENTS:
            notes = (one.digest for one in self.evidence.envelopes if one.action is Action.commented)
            self.lean = frozenset(notes)
        logged = self.created is not None and self.created.details["log"] is not None
        self.has_log = bool(self.evidence.logs) or logged

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
        return {view.operator for view in self.logs if view.operator is not None}

    def text_of(self, ref: DocumentRef) -> Text | None:
        """The verified document of a reference."""
        return self.texts.get(ref.root)

    def pinned_key(self, envelope: Envelope) -> KeyText | None:
        """The key of an actor: its DID's own, else the pin of its event's document or of the highest one that
        names it, else what the proof names itself."""
        own = key_of_did(envelope.actor)
        if own is not None:
            return own
        texts = sorted(self.texts.values(), key=lambda one: one.revision, reverse=True)
        for text in (self.text_of(envelope.document), *texts):
            index = None if text is None else text.party_of(envelope.actor)
            if text is not None and index is not None:
                return text.parties[index].key
        _, mark, fragment = envelope.proof.verification_method.partition("#")
        return KeyText(fragment) if mark else None
