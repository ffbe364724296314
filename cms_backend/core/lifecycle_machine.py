"""The replaying machine: the state of one contract while its events are met one by one (section 3).

It holds what the rules ask and changes it in one place, `apply`; which events are allowed is the matter of
`lifecycle_rules`. Frozen states go in (`of`) and come out (`freeze`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cms_backend.core.canonical import MAX_INT
from cms_backend.core.did import key_of_did
from cms_backend.core.document import DocumentRef
from cms_backend.core.errors import LifecycleError
from cms_backend.core.events import Action, Envelope, Kind
from cms_backend.core.hashing import H
from cms_backend.core.ids import Did, Digest, KeyText, Time
from cms_backend.core.lifecycle_state import (
    DECIDING,
    Awaited,
    ContractState,
    EndedKey,
    Fork,
    LogRef,
    Proposal,
    ProposalStatus,
    Refusal,
    Signer,
    Status,
    Text,
    Void,
    signer_of,
    text_of,
)
from cms_backend.core.parties import Party, Role
from cms_backend.core.statements import KeyEnd


def did_of_key(key: str) -> Did:
    """The DID that certifies itself of a key or an account: did:key or did:pkh."""
    return Did(f"did:pkh:{key}" if key.startswith("eip155:") else f"did:key:{key}")


@dataclass(slots=True)
class Round:
    """A proposal while decisions come in."""

    envelope: Envelope
    ref: DocumentRef
    text: Text | None
    proposer: Did
    status: ProposalStatus = ProposalStatus.pending
    decisions: dict[int, Envelope] = field(default_factory=dict)

    def copy(self) -> Round:
        """An independent copy."""
        return Round(self.envelope, self.ref, self.text, self.proposer, self.status, dict(self.decisions))

    @property
    def parties(self) -> tuple[Party, ...]:
        """The parties of the proposed text; none when the text is not held."""
        return () if self.text is None else self.text.parties

    def is_positive(self, index: int) -> bool:
        """The party has approved, signed or witnessed."""
        decision = self.decisions.get(index)
        return decision is not None and decision.action is not Action.declined

    def before(self, index: int) -> list[int]:
        """The parties whose positive decisions the decision of this one builds on."""
        party = self.parties[index]
        if party.witness_of is not None:
            return [party.witness_of]
        step = party.step or 0
        return [at for at, one in enumerate(self.parties) if one.role in DECIDING and (one.step or 0) < step]

    def is_ready(self, index: int) -> bool:
        """All that comes before the decision of this party is there."""
        step = self.parties[index].step or 0
        lower = (at for at, one in enumerate(self.parties) if one.role in DECIDING and (one.step or 0) < step)
        return all(map(self.is_positive, (*lower, *self.before(index))))

    def is_complete(self) -> bool:
        """Everyone who decides has decided positively."""
        return self.text is not None and all(
            self.is_positive(at) for at, one in enumerate(self.parties) if one.role in DECIDING
        )

    def awaited(self) -> tuple[Awaited, ...]:
        """Whose decision is missing; empty unless the proposal is pending."""
        if self.status is not ProposalStatus.pending:
            return ()
        return tuple(
            Awaited(at, one.role, one.step, one.did, one.name, self.is_ready(at))
            for at, one in enumerate(self.parties)
            if one.role in DECIDING and at not in self.decisions
        )

    def freeze(self) -> Proposal:
        """The frozen proposal."""
        return Proposal(
            self.envelope,
            self.ref,
            self.text,
            self.proposer,
            dict(self.decisions),
            self.status,
            self.awaited(),
        )

    @classmethod
    def of(cls, one: Proposal) -> Round:
        """The round of a frozen proposal."""
        return cls(one.envelope, one.ref, one.document, one.proposer, one.status, dict(one.decisions))


class Machine:
    """One contract under replay. `created` must have been judged before."""

    def __init__(self, created: Envelope, documents: Mapping[Digest, Text], *, logless: bool) -> None:
        log, behalf = created.details["log"], created.details["on_behalf_of"]
        self.contract = created.contract
        self.genesis = created.statement_digest
        self.owner = created.actor if behalf is None else Did(behalf)
        self.account_owned = behalf is not None
        self.operator = None if log is None else Did(log["operator"])
        self.logs: list[LogRef] = [] if log is None else [LogRef(log["vkey"], Did(log["operator"]))]
        self.opened = -1
        self.pins: dict[Did, KeyText] = {}
        self.logless = logless
        self.documents = documents
        self.spine: list[Envelope] = []
        self.notes: list[Envelope] = []
        self.void: list[Void] = []
        self.forks: list[Fork] = []
        self.rounds: list[Round] = []
        self.pending: Round | None = None
        self.in_force: Round | None = None
        self.termination: Envelope | None = None
        self.highest = created.document
        self.refs: dict[Digest, DocumentRef] = {}
        self.known: dict[Digest, Envelope] = {}
        self.ended: dict[KeyText, EndedKey] = {}
        self.commitments: dict[KeyText, Digest] = {}
        self.refused_ends: dict[Digest, str] = {}
        self.judged_notes: dict[object, Refusal | None] = {}
        """Judgements of notes that hold until something else happens: long records are mostly notes."""

    # --- who ----------------------------------------------------------------------------------------------

    @property
    def head(self) -> Envelope:
        """The last spine event that counts."""
        return self.spine[-1]

    def text_of(self, ref: DocumentRef) -> Text | None:
        """The held document of a reference."""
        return text_of(self.documents, ref)

    def stands_for(self, who: Signer, did: Did, key: KeyText | None) -> bool:
        """`who` is `did` by that key, or the logged successor of the key (or that one's, and so on)."""
        if who.did == did and (key_of_did(did) is not None or (key is not None and who.key == key)):
            return True
        seen: set[KeyText] = set()
        while key is not None and key in self.ended and key not in seen:
            seen.add(key)
            ended = self.ended[key]
            key = ended.successor if ended.logged else None
            if key is not None and who.did == did_of_key(key):
                return True
        return False

    def is_owner(self, who: Signer) -> bool:
        """The owner, or who succeeded its key."""
        return self.stands_for(who, self.owner, self.key_of(self.owner))

    def key_of(self, did: Did) -> KeyText | None:
        """The key of a DID: its own, else the first that an event that counts has named for it."""
        return key_of_did(did) or self.pins.get(did)

    def party_in(self, text: Text | None, who: Signer) -> int | None:
        """The index of the signer, or of its predecessor, among the parties of a text."""
        if text is None:
            return None
        parties = text.parties
        exact = text.party_of(who.did)
        if exact is not None and self.stands_for(who, who.did, parties[exact].key):
            return exact
        if not self.ended:
            return None
        return next(
            (at for at, party in enumerate(parties) if self.stands_for(who, party.did, party.key)), None
        )

    def party_named(self, text: Text | None, did: Did) -> int | None:
        """As `party_in`, for an event that is yet to be signed: with the key that the text pins."""
        exact = None if text is None else text.party_of(did)
        if text is None or exact is not None:
            return exact
        return self.party_in(text, Signer(did, self.key_of(did)))

    def signer_in_force(self, who: Signer) -> int | None:
        """The index of a signer of the revision in force that this one is, or stands for."""
        if self.in_force is None:
            return None
        index = self.party_in(self.in_force.text, who)
        return index if index is not None and self.in_force.parties[index].role is Role.signer else None

    def principal(self, envelope: Envelope) -> Did:
        """For whom an event speaks: the account, the owner, the signer in force, else the actor itself."""
        behalf = envelope.details.get("on_behalf_of")
        if behalf is not None:
            return Did(behalf)
        who = signer_of(envelope)
        if self.is_owner(who):
            return self.owner
        index = self.signer_in_force(who)
        if index is not None and self.in_force is not None:
            return self.in_force.parties[index].did
        return envelope.actor

    def statement_of(self, digest: Digest) -> Digest | None:
        """The statement that an envelope digest refers to: any envelope of one statement is the event."""
        found = self.known.get(digest)
        return None if found is None else found.event_digest

    # --- change -------------------------------------------------------------------------------------------

    def know(self, envelopes: Iterable[Envelope]) -> None:
        """Make references resolve."""
        self.known.update((one.digest, one) for one in envelopes if one.action is not Action.commented)

    @property
    def log(self) -> int:
        """The ordinal of the log that the record is in; -1 before the first."""
        return len(self.logs) - 1

    def enter(self, log: LogRef, opened: int | None) -> None:
        """Go on in another log. `opened`: the leaf that opens the record there; None when it is not known."""
        self.logs.append(log)
        self.opened = MAX_INT if opened is None else opened
        self.logless = False

    def apply(self, envelope: Envelope) -> None:
        """Let an allowed event take effect: the only place where the state changes."""
        if envelope.action is Action.commented:
            self.notes.append(envelope)
            return
        self.judged_notes.clear()
        if envelope.kind is Kind.decision:
            self._decide(envelope)
            return
        match envelope.action:
            case Action.proposed:
                self._close(ProposalStatus.replaced)
                text = self.text_of(envelope.document)
                self.pending = Round(envelope, envelope.document, text, self.principal(envelope))
                self.rounds.append(self.pending)
                self.highest = envelope.document
            case Action.withdrawn:
                self._close(ProposalStatus.withdrawn)
            case Action.terminated:
                self._close(ProposalStatus.ended)
                self.termination = envelope
        self.spine.append(envelope)
        self.refs[envelope.event_digest] = self.highest
        if envelope.action in (Action.created, Action.proposed):
            self._pin(envelope)
            self._commit(envelope)

    def _pin(self, envelope: Envelope) -> None:
        """Documents of events that count name the keys of their parties; `created` that of its signer."""
        who, text = signer_of(envelope), self.text_of(envelope.document)
        if envelope.action is Action.created and who.key is not None:
            self.pins.setdefault(who.did, who.key)
        for party in () if text is None else text.parties:
            self.pins.setdefault(party.did, party.key)

    def _commit(self, envelope: Envelope) -> None:
        """A key commits to its successor by what it signs itself, never by another's word (section 5)."""
        who, text = signer_of(envelope), self.text_of(envelope.document)
        index = None if text is None else text.party_of(who.did)
        if text is None or index is None:
            return
        party = text.parties[index]
        if party.key == who.key and party.next is not None:
            self.commitments.setdefault(party.key, party.next)

    def _close(self, status: ProposalStatus) -> None:
        if self.pending is not None:
            self.pending.status = status
            self.pending = None

    def _decide(self, envelope: Envelope) -> None:
        current = self.pending
        if current is None or envelope.party is None:
            raise LifecycleError("A decision was applied that the rules do not allow.")
        current.decisions[envelope.party] = envelope
        if envelope.action is Action.declined:
            self._close(ProposalStatus.declined)
            return
        self._commit(envelope)
        if current.is_complete():
            if self.in_force is not None:
                self.in_force.status = ProposalStatus.superseded
            current.status = ProposalStatus.in_force
            self.in_force, self.pending = current, None

    def end_key(self, end: KeyEnd, *, logged: bool) -> None:
        """Let a KeyEnd take effect, if it is the first valid one of its key (section 5)."""
        self.judged_notes.clear()
        reason = self._refuse_end(end)
        if reason is None:
            self.ended[end.key] = EndedKey(end.key, end.successor, end.digest, logged)
        else:
            self.refused_ends[end.digest] = reason

    def _refuse_end(self, end: KeyEnd) -> str | None:
        earlier = self.ended.get(end.key)
        if earlier is not None and earlier.logged:
            return "Another end of this key was logged before."
        signer, commitment = key_of_did(end.actor), self.commitments.get(end.key)
        if signer != end.key and (commitment is None or signer is None or H(signer) != commitment):
            return "It is signed neither by the key nor by the successor that the key has committed to."
        if commitment is not None and end.successor is not None and H(end.successor) != commitment:
            return "Its successor is not the one that the key has committed to."
        return None

    # --- frozen states ------------------------------------------------------------------------------------

    def status(self, now: Time) -> Status:
        """The reported state, the first that fits (section 3)."""
        if self.termination is not None:
            effective = self.termination.details["effective_on"]
            return Status.terminated if effective is None or effective <= now else Status.notice_given
        if self.in_force is not None:
            until = None if self.in_force.text is None else self.in_force.text.valid_until
            return Status.expired if until is not None and until < now else Status.in_force
        if self.pending is not None:
            reply_by = self.pending.envelope.details["reply_by"]
            return Status.lapsed if reply_by is not None and reply_by < now else Status.pending
        last = self.rounds[-1].status if self.rounds else None
        if last is ProposalStatus.declined:
            return Status.declined
        return Status.withdrawn if last is ProposalStatus.withdrawn else Status.draft

    def freeze(self, now: Time) -> ContractState:
        """The frozen state at a moment."""
        frozen = {id(one): one.freeze() for one in self.rounds}
        pending = None if self.pending is None else frozen[id(self.pending)]
        return ContractState(
            contract=self.contract,
            genesis=self.genesis,
            owner=self.owner,
            operator=self.operator,
            status=self.status(now),
            in_force=None if self.in_force is None else frozen[id(self.in_force)],
            pending=pending,
            proposals=tuple(frozen.values()),
            spine=tuple(self.spine),
            notes=tuple(self.notes),
            void=tuple(self.void),
            forks=tuple(self.forks),
            termination=self.termination,
            awaited=() if pending is None else pending.awaited,
            head=self.head,
            highest=self.highest,
            logless=self.logless,
            account_owned=self.account_owned,
            documents=self.documents,
            refs=self.refs,
            known=self.known,
            ended=self.ended,
            commitments=self.commitments,
            refused_ends=self.refused_ends,
            now=now,
            logs=tuple(self.logs),
            opened=self.opened,
            pins=self.pins,
        )

    @classmethod
    def of(cls, state: ContractState, documents: Mapping[Digest, Text] | None = None) -> Machine:
        """A machine that goes on from a frozen state, which stays as it is."""
        machine = cls(
            state.spine[0], state.documents if documents is None else documents, logless=state.logless
        )
        machine.spine, machine.notes = list(state.spine), list(state.notes)
        machine.void, machine.forks = list(state.void), list(state.forks)
        machine.rounds = [Round.of(one) for one in state.proposals]
        by_digest = {one.envelope.digest: one for one in machine.rounds}
        machine.pending = None if state.pending is None else by_digest[state.pending.envelope.digest]
        machine.in_force = None if state.in_force is None else by_digest[state.in_force.envelope.digest]
        machine.termination, machine.highest = state.termination, state.highest
        machine.logs, machine.opened, machine.pins = list(state.logs), state.opened, dict(state.pins)
        machine.refs, machine.known = dict(state.refs), dict(state.known)
        machine.ended, machine.commitments = dict(state.ended), dict(state.commitments)
        machine.refused_ends = dict(state.refused_ends)
        return machine

    def copy(self) -> Machine:
        """An independent machine in the same state."""
        return Machine.of(self.freeze(Time("0001-01-01T00:00:00.000Z")))
