"""The replaying machine: the state of one contract while its events are met one by one (section 3).

It holds what the rules ask and changes it in one place, `apply`; which events are allowed is the matter of
`lifecycle_rules`. Frozen states go in (`of`) and come out (`freeze`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from cms_backend.core.canonical import MAX_INT
from cms_backend.core.did import key_of_did
from cms_backend.core.document import DocumentRef
from cms_backend.core.errors import LifecycleError
from cms_backend.core.events import Action, Envelope, Kind
from cms_backend.core.evidence_parts import MOST_SECTIONS
from cms_backend.core.hashing import H
from cms_backend.core.ids import Did, Digest, KeyText, Time
from cms_backend.core.lifecycle_keys import Successions
from cms_backend.core.lifecycle_people import People, Pins
from cms_backend.core.lifecycle_round import Round
from cms_backend.core.lifecycle_state import (
    ContractState,
    EndedKey,
    Fork,
    LogRef,
    ProposalStatus,
    Refusal,
    Signer,
    Status,
    Text,
    Void,
    signer_of,
    text_of,
)
from cms_backend.core.parties import Role
from cms_backend.core.statements import KeyEnd

MOST_LOGS: Final = MOST_SECTIONS
"""The logs that a record can have been in (section 6). Only its owner and the operators of its logs lead it on."""


def did_of_key(key: str) -> Did:
    """The DID that certifies itself of a key or an account: did:key or did:pkh."""
    return Did(f"did:pkh:{key}" if key.startswith("eip155:") else f"did:key:{key}")


class Mark(NamedTuple):
    """A point of a walk to which a machine can be taken back."""

    spine: int
    rounds: int
    completed: int
    pending: Round | None
    in_force: Round | None
    termination: Envelope | None
    highest: DocumentRef
    commitments: int


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
        self.standing: dict[Digest, Envelope] = {}
        """The spine by statement digest."""
        self.notes: list[Envelope] = []
        self.void: list[Void] = []
        self.forks: list[Fork] = []
        self.rounds: list[Round] = []
        self.round_of: dict[Digest, Round] = {}
        """The proposals that count, by statement digest."""
        self.completed = 0
        """How many proposals became complete."""
        self.pending: Round | None = None
        self.in_force: Round | None = None
        self.termination: Envelope | None = None
        self.highest = created.document
        self.refs: dict[Digest, DocumentRef] = {}
        self.known: dict[Digest, Envelope] = {}
        self.ended: dict[KeyText, EndedKey] = {}
        self.commitments: dict[KeyText, Digest] = {}
        self.successions = Successions()
        self._shares_successions = False
        self.refused_ends: dict[Digest, str] = {}
        self.judged_notes: dict[object, Refusal | None] = {}
        """Judgements of notes that hold until something else happens: long records are mostly notes."""
        self.judged_texts: dict[object, list[str]] = {}
        """What texts break: rivals may bring one text again and again."""
        self._pins = Pins(self.pins, 0)
        self._people = People()

    # --- who ----------------------------------------------------------------------------------------------

    @property
    def head(self) -> Envelope:
        """The last spine event that counts."""
        return self.spine[-1]

    def text_of(self, ref: DocumentRef) -> Text | None:
        """The held document of a reference."""
        return text_of(self.documents, ref)

    def stands_for(self, who: Signer, did: Did, key: KeyText | None) -> bool:
        """`who` is `did` by that key, or acts in the place of the key by KeyEnds that count."""
        if who.did == did and (key_of_did(did) is not None or (key is not None and who.key == key)):
            return True
        return key is not None and self.successions.succeeds(who.did, key)

    def is_owner(self, who: Signer) -> bool:
        """The owner, or who succeeded its key."""
        return self.stands_for(who, self.owner, self.key_of(self.owner))

    def key_of(self, did: Did) -> KeyText | None:
        """The key of a DID: its own, else the first that an event that counts has named for it."""
        own = key_of_did(did) or self.pins.get(did)
        if own is None:
            self._name()
            own = self.pins.get(did)
        return own

    def _name(self) -> None:
        self._pins.read(self.spine, self.text_of)

    def deals_with(self, who: Signer) -> bool:
        """The signer is, or stands for, a party of the held document of a spine event that counts."""
        self._people.read(self.spine, self.text_of)
        keys = self._people.keys_of(who.did)
        if keys and (key_of_did(who.did) is not None or who.key in keys):
            return True
        return self.successions.succeeds_any(who.did, self._people.keys)

    def party_in(self, text: Text | None, who: Signer) -> int | None:
        """The index of the signer, or of its predecessor, among the parties of a text."""
        if text is None:
            return None
        exact = text.index.by_did.get(who.did)
        if exact is not None and self.stands_for(who, who.did, text.parties[exact].key):
            return exact
        return self.successions.party_in(text.index, who.did)

    def party_named(self, text: Text | None, did: Did) -> int | None:
        """As `party_in`, for an event that is yet to be signed: with the key that the text pins."""
        exact = None if text is None else text.index.by_did.get(did)
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

    def may_enter(self, vkey: str) -> bool:
        """The record has not been in this log, and not in as many as it can have been in."""
        return len(self.logs) < MOST_LOGS and all(vkey != log.vkey for log in self.logs)

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
                self.round_of[envelope.event_digest] = self.pending
                self.highest = envelope.document
            case Action.withdrawn:
                self._close(ProposalStatus.withdrawn)
            case Action.terminated:
                self._close(ProposalStatus.ended)
                self.termination = envelope
        self.spine.append(envelope)
        self.standing[envelope.event_digest] = envelope
        self.refs[envelope.event_digest] = self.highest
        if envelope.action is Action.created:
            who = signer_of(envelope)
            if who.key is not None:
                self.pins[who.did] = who.key
        if envelope.action in (Action.created, Action.proposed):
            self._commit(envelope)

    def _commit(self, envelope: Envelope) -> None:
        """A key commits to its successor by what it signs itself, never by another's word (section 5)."""
        who, text = signer_of(envelope), self.text_of(envelope.document)
        index = None if text is None else text.index.by_did.get(who.did)
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
        current.decide(envelope.party, envelope)
        if envelope.action is Action.declined:
            self._close(ProposalStatus.declined)
            return
        self._commit(envelope)
        if current.is_complete():
            if self.in_force is not None:
                self.in_force.status = ProposalStatus.superseded
            current.status = ProposalStatus.in_force
            self.completed += 1
            self.in_force, self.pending = current, None

    def end_key(self, end: KeyEnd, *, logged: bool) -> None:
        """Let a KeyEnd take effect, if it is the first valid one of its key (section 5)."""
        self.judged_notes.clear()
        reason = self._refuse_end(end)
        if reason is None:
            self.ended[end.key] = EndedKey(end.key, end.successor, end.digest, logged)
            if logged and end.successor is not None:
                if self._shares_successions:
                    self.successions, self._shares_successions = self.successions.copy(), False
                self.successions.add(end.key, end.successor)
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

    # --- walks without a log ------------------------------------------------------------------------------

    def mark(self) -> Mark:
        """This point of a walk, on which no notes, KeyEnds or logs come."""
        return Mark(
            len(self.spine),
            len(self.rounds),
            self.completed,
            self.pending,
            self.in_force,
            self.termination,
            self.highest,
            len(self.commitments),
        )

    def back_to(self, mark: Mark) -> None:
        """Take back what was applied since: another rival is tried from here."""
        self.judged_notes.clear()
        while len(self.spine) > mark.spine:
            gone = self.spine.pop()
            del self.standing[gone.event_digest], self.refs[gone.event_digest]
        while len(self.rounds) > mark.rounds:
            del self.round_of[self.rounds.pop().envelope.event_digest]
        while len(self.commitments) > mark.commitments:
            self.commitments.popitem()
        self._pins.back_to(mark.spine)
        self._people = People()
        self.completed, self.pending, self.in_force = mark.completed, mark.pending, mark.in_force
        self.termination, self.highest = mark.termination, mark.highest
        if self.pending is not None:
            self.pending.status = ProposalStatus.pending
        if self.in_force is not None:
            self.in_force.status = ProposalStatus.in_force

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
        self._name()
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
            successions=self.successions,
        )

    @classmethod
    def of(cls, state: ContractState, documents: Mapping[Digest, Text] | None = None) -> Machine:
        """A machine that goes on from a frozen state, which stays as it is."""
        machine = cls(
            state.spine[0], state.documents if documents is None else documents, logless=state.logless
        )
        machine.spine, machine.notes = list(state.spine), list(state.notes)
        machine.void, machine.forks = list(state.void), list(state.forks)
        machine.standing = {one.event_digest: one for one in state.spine}
        machine.rounds = [Round.of(one) for one in state.proposals]
        machine.round_of = {one.envelope.event_digest: one for one in machine.rounds}
        done = (ProposalStatus.in_force, ProposalStatus.superseded)
        machine.completed = sum(one.status in done for one in machine.rounds)
        machine.successions, machine._shares_successions = state.successions, True
        by_digest = {one.envelope.digest: one for one in machine.rounds}
        machine.pending = None if state.pending is None else by_digest[state.pending.envelope.digest]
        machine.in_force = None if state.in_force is None else by_digest[state.in_force.envelope.digest]
        machine.termination, machine.highest = state.termination, state.highest
        machine.logs, machine.opened, machine.pins = list(state.logs), state.opened, dict(state.pins)
        machine._pins = Pins(machine.pins, len(state.spine))
        machine.refs, machine.known = dict(state.refs), dict(state.known)
        machine.ended, machine.commitments = dict(state.ended), dict(state.commitments)
        machine.refused_ends = dict(state.refused_ends)
        return machine

    def copy(self) -> Machine:
        """An independent machine in the same state."""
        return Machine.of(self.freeze(Time("0001-01-01T00:00:00.000Z")))
