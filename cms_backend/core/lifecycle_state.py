"""The state of a contract, as replay gives it (section 3): frozen values without behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from cms_backend.core.did import signing_key
from cms_backend.core.disclosure import DisclosedDocument
from cms_backend.core.document import Document, DocumentRef
from cms_backend.core.errors import LifecycleError, ProtocolError
from cms_backend.core.events import Action, Envelope
from cms_backend.core.ids import ContractId, Did, Digest, KeyText, Time
from cms_backend.core.lifecycle_keys import Successions
from cms_backend.core.parties import Role
from cms_backend.core.party_index import DECIDING
from cms_backend.core.statements import KeyEnd

__all__ = [
    "DECIDING",
    "Allowed",
    "Awaited",
    "ContractState",
    "EndedKey",
    "Entry",
    "Fork",
    "Handover",
    "LogRef",
    "LoggedKeyEnd",
    "Proposal",
    "ProposalStatus",
    "Refusal",
    "Signer",
    "Status",
    "Text",
    "Void",
    "signer_of",
    "text_of",
]

Text = Document | DisclosedDocument
"""A document as a file may show it: whole, or with hidden clauses. Parties and dates are always there."""


def text_of(texts: Mapping[Digest, Text], ref: DocumentRef) -> Text | None:
    """The held document of a reference, which names root, revision and number of leaves. `texts`: by root."""
    text = texts.get(ref.root)
    return (
        text if text is not None and (text.revision, text.leaf_count) == (ref.revision, ref.leaves) else None
    )


class Status(StrEnum):
    """The reported state, derived from the replayed one and the time; never an event."""

    draft = "draft"
    pending = "pending"
    lapsed = "lapsed"
    in_force = "in_force"
    notice_given = "notice_given"
    expired = "expired"
    terminated = "terminated"
    declined = "declined"
    withdrawn = "withdrawn"


class ProposalStatus(StrEnum):
    """What became of a proposal."""

    pending = "pending"
    in_force = "in_force"
    superseded = "superseded"
    declined = "declined"
    withdrawn = "withdrawn"
    replaced = "replaced"
    """A newer proposal took its place before it was complete."""
    ended = "ended"
    """The contract was terminated before it was complete."""


class Entry(NamedTuple):
    """An event and its place. `log` is the ordinal of the contract's log, `index` its leaf; both None for an
    event that is held and not yet logged. `opens`: the second leaf of a `moved`, in the log that it enters.
    `received_at` is the clock of a server that judges it now. `doubtful`: only an account's contract could judge
    the signature, so the event must not take the place of one whose signature passes."""

    envelope: Envelope
    log: int | None
    index: int | None  # type: ignore[assignment]  # hides tuple.index, which nobody asks of an entry
    opens: int | None = None
    received_at: Time | None = None
    doubtful: bool = False

    @property
    def time(self) -> Time:
        """The time that a reply_by is compared with: the signer's claim, or the clock of a server that admits it."""
        return self.received_at or self.envelope.occurred_at


class Signer(NamedTuple):
    """Who signed an event: the DID, and the key that the proof is made with (None: it names none)."""

    did: Did
    key: KeyText | None


def signer_of(envelope: Envelope) -> Signer:
    """The signer of an event, whose signature has been checked under that very key."""
    return Signer(envelope.actor, signing_key(envelope.actor, envelope.proof.verification_method))


@dataclass(frozen=True, slots=True)
class Handover:
    """A log's LogStatement that names a successor of its key: the record leaves `log` behind leaf `index`."""

    log: int
    index: int
    vkey: str


@dataclass(frozen=True, slots=True)
class LoggedKeyEnd:
    """A KeyEnd and its leaf in one of the contract's logs; both None when it is held and not yet logged."""

    key_end: KeyEnd
    log: int | None
    index: int | None


@dataclass(frozen=True, slots=True)
class Awaited:
    """A party whose decision is missing. `ready`: all that must come before it is there."""

    party: int
    role: Role
    step: int | None
    did: Did
    name: str
    ready: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed revision and the decisions on it, by index of the party."""

    envelope: Envelope
    ref: DocumentRef
    document: Text | None
    proposer: Did
    """Whose proposal it is: the account that the operator acted for, else the party or owner that signed."""
    decisions: Mapping[int, Envelope]
    status: ProposalStatus
    awaited: tuple[Awaited, ...]

    @property
    def reply_by(self) -> Time | None:
        """Until when decisions count."""
        value = self.envelope.details["reply_by"]
        return None if value is None else Time(value)


@dataclass(frozen=True, slots=True)
class Void:
    """An event without effect, the check that names the rule, and the reason in words."""

    envelope: Envelope
    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class Fork:
    """Rivals that stand on one spine event and of which none wins (LIFE-FORK)."""

    previous: Digest
    rivals: tuple[Envelope, ...]

    @property
    def signers(self) -> tuple[Did, ...]:
        """Who signed the rivals, each once."""
        return tuple(dict.fromkeys(one.actor for one in self.rivals))


@dataclass(frozen=True, slots=True)
class LogRef:
    """A log as `created` and `moved` name it; a successor of its key keeps the operator."""

    vkey: str
    operator: Did


@dataclass(frozen=True, slots=True)
class EndedKey:
    """A key that ended in this contract's log, and the key that acts in its place."""

    key: KeyText
    successor: KeyText | None
    digest: Digest
    logged: bool


@dataclass(frozen=True, slots=True)
class ContractState:
    """A contract after replay. `spine`, `notes` and the proposals hold only events that count."""

    contract: ContractId
    genesis: Digest
    owner: Did
    operator: Did | None
    status: Status
    in_force: Proposal | None
    pending: Proposal | None
    """The open proposal, lapsed or not."""
    proposals: tuple[Proposal, ...]
    spine: tuple[Envelope, ...]
    notes: tuple[Envelope, ...]
    void: tuple[Void, ...]
    forks: tuple[Fork, ...]
    termination: Envelope | None
    awaited: tuple[Awaited, ...]
    """Whose decisions the open proposal waits for."""
    head: Envelope
    """The last spine event that counts."""
    highest: DocumentRef
    """The document of the highest revision so far, whatever became of it."""
    logless: bool
    account_owned: bool
    """The operator opened the record on behalf of an account, and may act for it."""
    documents: Mapping[Digest, Text] = field(repr=False)
    """The documents that are held, by root."""
    refs: Mapping[Digest, DocumentRef] = field(repr=False)
    """The highest document at each spine event that counts, by statement digest."""
    known: Mapping[Digest, Envelope] = field(repr=False)
    """Spine events and decisions that were met, void ones included, by envelope digest."""
    ended: Mapping[KeyText, EndedKey] = field(repr=False)
    """Keys that ended, by their text; those not yet logged only bind what is admitted next."""
    commitments: Mapping[KeyText, Digest] = field(repr=False)
    """`next` of a key, from the first document that sets it and that an event of this very key names."""
    refused_ends: Mapping[Digest, str] = field(repr=False)
    """KeyEnds without effect, by digest, with the reason."""
    now: Time
    """The moment that `status` was derived for."""
    logs: tuple[LogRef, ...] = ()
    """The logs that the record has been in, by the events that count: the last one is where it goes on."""
    opened: int = -1
    """The leaf of the event that opened the record in its present log; only what lies behind it counts."""
    pins: Mapping[Did, KeyText] = field(default_factory=dict, repr=False)
    """The key of each DID that an event that counts has named: from the first document, or from `created`."""
    successions: Successions = field(default_factory=Successions, repr=False, compare=False)
    """Which key acts in the place of which. Nobody changes it: who goes on from a state makes a copy."""

    def title_document(self) -> Text | None:
        """The document that a reader is shown: pending, else in force, else the highest held."""
        for proposal in (self.pending, self.in_force):
            if proposal is not None and proposal.document is not None:
                return proposal.document
        return text_of(self.documents, self.highest)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The rule that an event breaks: its check, words, and the error that a server answers with."""

    check: str
    reason: str
    error: type[ProtocolError] = LifecycleError
    remedy: str | None = None

    def to_error(self) -> ProtocolError:
        """The error of a server."""
        error = self.error(self.reason, remedy=self.remedy)
        error.check = self.check
        return error


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a button may offer: an action of a party, or why it is not open to it now."""

    action: Action
    party: int | None
    reason_if_not: str | None
