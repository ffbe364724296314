"""A world for tests of evidence: people, a log, a ledger and a clock, all from fixed keys.

Events are composed by the kernel's own builders on the replayed state, logged and anchored as a backend would
do it; `evidence` and `facts` are what a verifier is then given.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cms_backend.core import compose
from cms_backend.core.checkpoint import LogKey, b64encode, tlog_proof
from cms_backend.core.document import Document, Party, SealedDocument
from cms_backend.core.events import Action, CheckpointRef, Envelope, Kind, Seen
from cms_backend.core.evidence import AnchorRef, Consistency, Evidence, LogSection
from cms_backend.core.hashing import H
from cms_backend.core.ids import ContractId, Did, Digest, Time
from cms_backend.core.lifecycle import ContractState, Entry, LoggedKeyEnd, replay
from cms_backend.core.merkle import consistency_path, inclusion_path
from cms_backend.core.parties import Role
from cms_backend.core.references import NOTHING_SEEN, BlockRef
from cms_backend.core.report_model import Report
from cms_backend.core.signatures import Ed25519Signer, Signer, secure
from cms_backend.core.slots import key_slot, log_slot, slot_of, spine_slot
from cms_backend.core.statements import (
    HeadStatement,
    KeyEnd,
    LedgerRef,
    LogStatement,
    Receipt,
    Resolution,
    head_statement,
    key_end,
    log_statement,
    receipt,
    resolution,
)
from cms_backend.core.verify import (
    AnchoredFact,
    BlockFact,
    ChainFacts,
    CodeFact,
    LedgerFacts,
    LogFacts,
    Trust,
    TrustedChain,
    verify_evidence,
)
from tests.support.world_log import OPERATOR, Log

START = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
CHAIN = "eip155:1"
GENESIS_BLOCK = H("block 0")
LEDGER = "0x" + "1e" * 20
CODE = H("code of the ledger")
CONTRACT = ContractId("6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12")


def person(number: int) -> Ed25519Signer:
    """One of 255 people with fixed keys."""
    return Ed25519Signer(bytes([number]) * 32)


ANNA, BORIS, CARLA, DORA = person(1), person(2), person(3), person(4)


def party(signer: Signer, name: str, role: Role = Role.signer, step: int | None = 1, **members: Any) -> Party:
    """A party with the signer's own DID and key."""
    return replace(Party(signer.did, signer.key, None, name, role, step, None, None), **members)


TWO = (party(ANNA, "Anna", step=2), party(BORIS, "Boris"))
"""Anna countersigns, so that the same parties do without a log."""


class World:
    """One contract in the making."""

    def __init__(
        self, parties: tuple[Party, ...] = TWO, *, log: bool = True, owner: Signer = ANNA, **created: Any
    ) -> None:
        self.owner = owner
        self.contract = CONTRACT
        self.moment = START
        self.block = 1000
        self.blocks: dict[int, Time] = {}
        self.logs = [Log(LogKey(bytes([201]) * 32, "log.example/one"))] if log else []
        self.parties = parties
        self.documents: list[SealedDocument] = []
        self.envelopes: list[Envelope] = []
        self.held: list[Envelope] = []
        self.key_ends: list[KeyEnd] = []
        self.resolutions: list[Resolution] = []
        self.receipts: list[Receipt] = []
        self.attachments: dict[Digest, bytes] = {}
        if log:
            self.logs[0].fill(3)
            self.state_ledger(self.logs[0])
        sealed = self.seal(0, None)
        details = self.logs[0].details if log else None
        behalf = created.pop("on_behalf_of", None)
        self.add(
            compose.compose_created(
                sealed, owner.did, occurred_at=self.tick(), log=details, on_behalf_of=behalf, **created
            ),
            owner,
        )

    # --- time and text ------------------------------------------------------------------------------------

    def tick(self, minutes: int = 1) -> Time:
        """The clock goes on."""
        self.moment += timedelta(minutes=minutes)
        return Time.from_datetime(self.moment)

    @property
    def now(self) -> Time:
        """The time of the clock."""
        return Time.from_datetime(self.moment)

    def seal(self, revision: int, supersedes: Digest | None, **members: Any) -> SealedDocument:
        """A document of this contract; also kept."""
        values: dict[str, Any] = {
            "contract": self.contract,
            "revision": revision,
            "supersedes": supersedes,
            "title": "Maintenance of the lift",
            "description": "",
            "valid_from": None,
            "valid_until": None,
            "parties": self.parties,
            "terms": ("The lift is serviced twice a year.", f"The price is {1000 + revision} euros."),
            "attachments": (),
            "variables": (),
        }
        seed = H(f"seed {revision} {len(self.documents)}")
        sealed = SealedDocument.seal(Document(**{**values, **members}), seed)
        self.documents.append(sealed)
        return sealed

    @property
    def texts(self) -> dict[Digest, Document]:
        """The documents by root."""
        return {one.ref.root: one.document for one in self.documents}

    # --- events -------------------------------------------------------------------------------------------

    @property
    def state(self) -> ContractState:
        """The replayed state of all that was accepted."""
        entries = []
        for one in self.envelopes:
            at = next((n for n, log in enumerate(self.logs) if one.digest in log.index), None)
            opens = next((log.index[one.digest] for log in self.logs[1:] if one.digest in log.index), None)
            entries.append(Entry(one, at, None if at is None else self.logs[at].index[one.digest], opens))
        ends = []
        for end in self.key_ends:
            at = next((n for n, log in enumerate(self.logs) if end.digest in log.index), None)
            ends.append(LoggedKeyEnd(end, at, None if at is None else self.logs[at].index[end.digest]))
        return replay(entries, self.texts, now=self.now, key_ends=ends, genesis=self.genesis)

    @property
    def genesis(self) -> Digest:
        """H of the statement of `created`."""
        return self.envelopes[0].statement_digest

    def sign(self, statement: dict[str, Any], signer: Signer) -> Envelope:
        """The signed event, not taken in."""
        return Envelope.from_json(secure(statement, signer))

    def add(self, statement: dict[str, Any], signer: Signer, *, logged: bool = True) -> Envelope:
        """Sign an event, keep it, and log it."""
        return self.take(self.sign(statement, signer), logged=logged)

    def take(self, envelope: Envelope, *, logged: bool = True) -> Envelope:
        """Keep an event and log it, allowed or not: a careless server."""
        self.envelopes.append(envelope)
        if self.logs and logged:
            slot = slot_of(envelope, self.genesis)
            assert slot is not None
            self.logs[-1].append(slot, envelope.digest)
        return envelope

    def propose(self, signer: Signer | None = None, **members: Any) -> Envelope:
        """The next revision; `members` are the document's, and reply_by, note, seen of the event."""
        state = self.state
        event = {name: members.pop(name) for name in ("reply_by", "note", "seen") if name in members}
        sealed = self.seal(state.highest.revision + 1, state.highest.root, **members)
        who = signer or self.owner
        return self.add(
            compose.compose_proposed(state, sealed, who.did, occurred_at=self.tick(), **event), who
        )

    def decide(self, signer: Signer, action: Action = Action.signed, **members: Any) -> Envelope:
        """A decision on the pending proposal."""
        return self.add(
            compose.compose_decision(self.state, action, signer.did, occurred_at=self.tick(), **members),
            signer,
        )

    def comment(self, signer: Signer, text: str = "Is this net?", **members: Any) -> Envelope:
        """A note."""
        return self.add(
            compose.compose_commented(self.state, signer.did, text, occurred_at=self.tick(), **members),
            signer,
        )

    def terminate(self, signer: Signer, **members: Any) -> Envelope:
        """Notice."""
        return self.add(
            compose.compose_terminated(self.state, signer.did, occurred_at=self.tick(), **members), signer
        )

    def withdraw(self, signer: Signer | None = None) -> Envelope:
        """The pending proposal is withdrawn."""
        who = signer or self.owner
        return self.add(compose.compose_withdrawn(self.state, who.did, occurred_at=self.tick()), who)

    def complete(self) -> World:
        """Boris signs, then Anna; in force."""
        self.propose()
        self.decide(BORIS)
        self.decide(ANNA)
        return self

    def end_key(
        self, signer: Signer, *, key: str | None = None, successor: str | None = None, logged: bool = True
    ) -> KeyEnd:
        """A KeyEnd by a key, its own end unless another key is named."""
        body = key_end(
            actor=signer.did, key=key or signer.key, successor=successor, reason="", occurred_at=self.tick()
        )
        end = KeyEnd.from_json(secure(body, signer))
        self.key_ends.append(end)
        if self.logs and logged:
            self.logs[-1].append(key_slot(end.key), end.digest)
        return end

    def resolve(self, did: Did, key: str, operator: Signer = OPERATOR) -> None:
        """The operator's word on a DID."""
        body = resolution(
            actor=operator.did, did=did, key=key, document_sha256=H("did document"), resolved_at=self.tick()
        )
        self.resolutions.append(Resolution.from_json(secure(body, operator)))

    def move(self, signer: Signer | None = None) -> Log:
        """To a second log: the event has its leaf in the log that is left, and in the one that is entered."""
        who, old = signer or self.owner, self.logs[-1]
        new = Log(LogKey(bytes([202]) * 32, "log.example/two"), person(203))
        new.fill(2)
        checkpoint = CheckpointRef(old.key.origin, len(old.leaves), Digest.of(old.root()))
        body = compose.compose_moved(
            self.state, who.did, occurred_at=self.tick(), log=new.details, checkpoint=checkpoint
        )
        self.state_ledger(new)
        moved = self.add(body, who)
        self.logs.append(new)
        new.append(spine_slot(self.genesis, moved.sequence), moved.digest)
        return new

    def open_log(self, signer: Signer | None = None) -> Envelope:
        """A record without a log comes into its first one."""
        who, new = signer or self.owner, Log(LogKey(bytes([201]) * 32, "log.example/one"))
        new.fill(2)
        self.state_ledger(new)
        body = compose.compose_moved(
            self.state, who.did, occurred_at=self.tick(), log=new.details, checkpoint=None
        )
        moved = self.sign(body, who)
        self.logs.append(new)
        return self.take(moved)

    # --- log and ledger -----------------------------------------------------------------------------------

    def state_ledger(self, log: Log, number: int = 0) -> None:
        """The operator names the ledger that the log is anchored on."""
        ledger = LedgerRef(CHAIN, GENESIS_BLOCK, LEDGER, CODE, log.log_id)
        body = log_statement(
            actor=log.operator.did,
            vkey=log.key.vkey.text,
            number=number,
            ledgers=[ledger],
            successor=None,
            occurred_at=self.now,
        )
        statement = LogStatement.from_json(secure(body, log.operator))
        log.statements.append(statement)
        log.append(log_slot(number), statement.digest)

    def seen(self) -> Seen:
        """The newest block, as a signer sees it."""
        self.block += 1
        self.blocks[self.block] = Time.from_datetime(self.moment.replace(microsecond=0))
        return Seen(None, BlockRef(CHAIN, self.block, self.block_hash(self.block)))

    @staticmethod
    def block_hash(number: int) -> Digest:
        """The hash of a block."""
        return H(f"block {number}")

    def anchor(self, log: Log | None = None) -> AnchorRef:
        """The newest checkpoint gets into a block."""
        log = log or self.logs[-1]
        self.tick(2)
        self.block += 1
        time = Time.from_datetime(self.moment.replace(microsecond=0))
        self.blocks[self.block] = time
        size = len(log.leaves)
        ref = AnchorRef(
            CHAIN,
            LEDGER,
            log.log_id,
            size,
            Digest.of(log.root(size)),
            H(f"tx {size}"),
            self.block,
            self.block_hash(self.block),
            time,
        )
        log.anchors.append(ref)
        return ref

    def head(self, log: Log, size: int) -> HeadStatement:
        """The operator states that nothing came later."""
        events = [one for one in self.envelopes if one.action is not Action.commented]
        here = [one for one in events if log.index.get(one.digest, size) < size]
        digests = [one.digest for one in here]
        digests += [
            one.digest for one in (*self.key_ends, *log.statements) if log.index.get(one.digest, size) < size
        ]
        body = head_statement(
            actor=log.operator.did,
            vkey=log.key.vkey.text,
            contract=self.contract,
            genesis=self.genesis,
            sequence=max(one.sequence for one in here if one.kind is Kind.spine),
            digests=digests,
            size=size,
            root=Digest.of(log.root(size)),
            occurred_at=self.now,
        )
        return HeadStatement.from_json(secure(body, log.operator))

    def accept(self, envelope: Envelope) -> Receipt:
        """The operator's receipt of an event that is not logged yet."""
        slot = slot_of(envelope, self.genesis)
        assert slot is not None
        body = receipt(
            actor=OPERATOR.did,
            envelope=envelope.digest,
            slot=slot,
            origin=self.logs[-1].key.origin,
            received_at=self.now,
            log_by=Time.from_datetime(self.moment + timedelta(seconds=60)),
        )
        self.receipts.append(Receipt.from_json(secure(body, OPERATOR)))
        return self.receipts[-1]

    # --- what a verifier gets -----------------------------------------------------------------------------

    def section(self, log: Log, *, head: bool, size: int | None = None) -> LogSection:
        """The log's part of the file: proofs to the newest anchor, else to the newest checkpoint."""
        if size is None:
            size = log.anchors[-1].size if log.anchors else len(log.leaves)
        hashes, note = log.hashes(size), log.note(size)
        own = [one.digest for one in (*self.envelopes, *self.key_ends, *log.statements)]
        return LogSection(
            vkey=log.key.vkey.text,
            statements=tuple(log.statements),
            proofs={
                digest: tlog_proof(log.index[digest], inclusion_path(hashes, log.index[digest]), note)
                for digest in own
                if digest in log.index and log.index[digest] < size
            },
            receipts=tuple(self.receipts) if log is self.logs[-1] else (),
            consistency=tuple(
                Consistency(log.note(one.size), tuple(map(b64encode, consistency_path(hashes, one.size))))
                for one in log.anchors
                if one.size < size
            ),
            head=self.head(log, size) if head else None,
        )

    def evidence(self, *, head: bool = False, size: int | None = None) -> Evidence:
        """The evidence file's content."""
        return Evidence(
            contract=self.contract,
            genesis=self.genesis,
            documents=tuple(self.documents),
            envelopes=tuple(self.envelopes),
            key_ends=tuple(self.key_ends),
            resolutions=tuple(self.resolutions),
            logs=tuple(self.section(log, head=head, size=size) for log in self.logs),
            anchors=tuple(one for log in self.logs for one in log.anchors),
            attachments=self.attachments,
        )

    def facts(self, *, tail: bool = False, **changes: Any) -> LedgerFacts:
        """What the verifier's own nodes say; with `tail` all leaves of the logs too."""
        chain = ChainFacts(
            chain=CHAIN,
            genesis_block=GENESIS_BLOCK,
            head=self.block + 40,
            finalized=self.block + 20,
            blocks=tuple(
                BlockFact(number, self.block_hash(number), time) for number, time in self.blocks.items()
            ),
            code=(CodeFact(LEDGER, CODE),),
            anchored=tuple(
                AnchoredFact(LEDGER, one.log_id, one.size, one.root, one.block, one.time)
                for log in self.logs
                for one in log.anchors
            ),
        )
        logs = [LogFacts(log.note(), tuple(map(b64encode, log.leaves))) for log in self.logs] if tail else []
        return LedgerFacts((replace(chain, **changes),), tuple(logs))

    @property
    def trust(self) -> Trust:
        """The ledger's chain is public."""
        return Trust((TrustedChain(CHAIN, GENESIS_BLOCK, 12),))

    def verify(
        self, evidence: Evidence | bytes | None = None, facts: LedgerFacts | None = None, **options: Any
    ) -> Report:
        """Verify the file of this world, or another one, with this world's facts."""
        if evidence is None:
            evidence = self.evidence(head=options.pop("head", False))
        data = evidence if isinstance(evidence, bytes) else evidence.to_bytes()
        known = self.facts(tail=options.pop("tail", False)) if facts is None else facts
        return verify_evidence(data, known, options.pop("trust", self.trust), options.pop("now", self.now))


def states(report: Report, check: str) -> set[str]:
    """The states of all checks of one id."""
    return {one.state.value for one in report.checks if one.id == check}


def failing(report: Report) -> set[str]:
    """The ids of failed checks that count."""
    return {one.id for one in report.checks if one.state.value == "failed" and one.counts_as is not None}


__all__ = [
    "ANNA",
    "BORIS",
    "CARLA",
    "CHAIN",
    "CODE",
    "CONTRACT",
    "DORA",
    "GENESIS_BLOCK",
    "LEDGER",
    "NOTHING_SEEN",
    "OPERATOR",
    "TWO",
    "Log",
    "World",
    "failing",
    "party",
    "person",
    "states",
]
