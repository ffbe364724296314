"""A record that is made without asking the rules: signed, logged and proven in linear time, however large it is.

`verify_world.World` replays the record for each event that it composes; a file of eight megabytes is not made so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from cms_backend.core.checkpoint import LogKey, b64encode, tlog_proof
from cms_backend.core.disclosure import Disclosure
from cms_backend.core.document import Document, DocumentRef, Party, SealedDocument
from cms_backend.core.events import Action, Envelope, event_statement
from cms_backend.core.evidence import AnchorRef, Consistency, Evidence, LogSection
from cms_backend.core.hashing import H
from cms_backend.core.ids import ContractId, Digest, Time
from cms_backend.core.merkle import Frontier
from cms_backend.core.parties import Role
from cms_backend.core.references import NOTHING_SEEN, Seen
from cms_backend.core.signatures import Ed25519Signer, Signer, secure
from cms_backend.core.slots import key_slot, log_slot, slot_of
from cms_backend.core.statements import (
    KeyEnd,
    LedgerRef,
    LogStatement,
    Receipt,
    Resolution,
    key_end,
    log_statement,
    receipt,
    resolution,
)
from tests.support.world_log import OPERATOR, Log

CONTRACT = ContractId("6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12")
CHAIN = "eip155:1"
LEDGER = "0x" + "1e" * 20
_START = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
_NO_DETAILS: dict[Action, dict[str, Any]] = {
    Action.proposed: {"reply_by": None, "note": "", "on_behalf_of": None},
    Action.withdrawn: {"reason": ""},
    Action.terminated: {"reason": "", "effective_on": None},
    Action.declined: {"reason": ""},
    Action.commented: {"path": None, "text": "Is this net?", "on_behalf_of": None},
}


def person(number: int) -> Ed25519Signer:
    """One of as many people as a family needs, each with a fixed key."""
    return Ed25519Signer(sha256(b"person %d" % number).digest())


def party(signer: Signer, role: Role = Role.signer, step: int | None = 1, **members: Any) -> Party:
    """A party with the signer's own DID and key."""
    return replace(Party(signer.did, signer.key, None, "", role, step, None, None), **members)


OWNER, OTHER = person(0), person(1)
TWO = (party(OWNER, step=2), party(OTHER))
"""The owner countersigns, so that the same parties do without a log."""


class Record:
    """Events, KeyEnds and statements as they are added; whether the rules allow them is not asked."""

    def __init__(self, parties: tuple[Party, ...] = TWO, *, log: bool = True) -> None:
        self.parties = parties
        self.moments = 0
        self.logs = [new_log(1)] if log else []
        self.documents: list[SealedDocument | Disclosure] = []
        self.envelopes: list[Envelope] = []
        self.key_ends: list[KeyEnd] = []
        self.resolutions: list[Resolution] = []
        self.receipts: list[Receipt] = []
        self.anchors: list[AnchorRef] = []
        self.attachments: dict[Digest, bytes] = {}
        self.earlier_sizes: list[int] = []
        """Sizes of the first log for which the file gets a consistency proof."""
        details = {"log": self.logs[0].details if log else None, "on_behalf_of": None}
        self.created = self.event(
            Action.created, OWNER, 0, None, self.seal(0, None).ref, party_of(parties, OWNER), details=details
        )

    def time(self) -> Time:
        """A millisecond later."""
        self.moments += 1
        return Time.from_datetime(_START + timedelta(milliseconds=self.moments))

    def seal(self, revision: int, supersedes: Digest | None, **members: Any) -> SealedDocument:
        """A text of this contract, kept in the file."""
        values: dict[str, Any] = {
            "contract": CONTRACT,
            "revision": revision,
            "supersedes": supersedes,
            "title": "Maintenance of the lift",
            "description": "",
            "valid_from": None,
            "valid_until": None,
            "parties": self.parties,
            "terms": (f"The price is {1000 + len(self.documents)} euros.",),
        }
        document = Document(**{**values, **members})
        sealed = SealedDocument(document, H(f"seed {revision} {len(self.documents)}"))
        self.documents.append(sealed)
        return sealed

    def event(
        self,
        action: Action,
        signer: Signer,
        sequence: int,
        previous: Digest | None,
        document: DocumentRef,
        index: int | None,
        *,
        after: Iterable[Digest] = (),
        details: dict[str, Any] | None = None,
        seen: Seen = NOTHING_SEEN,
        logged: bool = True,
    ) -> Envelope:
        """Sign an event, keep it, and give it a leaf in the newest log. `index`: the party as which it speaks."""
        statement = event_statement(
            action=action,
            contract=CONTRACT,
            sequence=sequence,
            previous=previous,
            after=list(after),
            actor=signer.did,
            party=index,
            occurred_at=self.time(),
            document=document,
            seen=seen,
            details=_NO_DETAILS.get(action, {}) if details is None else details,
        )
        return self.take(Envelope.from_json(secure(statement, signer)), logged=logged)

    def take(self, envelope: Envelope, *, logged: bool = True) -> Envelope:
        """Keep an event that is signed already."""
        self.envelopes.append(envelope)
        if self.logs and logged:
            slot = slot_of(envelope, self.envelopes[0].statement_digest)
            assert slot is not None
            self.logs[-1].append(slot, envelope.digest)
        return envelope

    def on(
        self, action: Action, signer: Signer, before: Envelope, document: DocumentRef, **more: Any
    ) -> Envelope:
        """The next spine event, by a party of the record."""
        index = party_of(self.parties, signer)
        return self.event(action, signer, before.sequence + 1, before.digest, document, index, **more)

    def decide(self, action: Action, signer: Signer, proposal: Envelope, index: int, **more: Any) -> Envelope:
        """A decision on a proposal."""
        return self.event(
            action, signer, proposal.sequence, proposal.digest, proposal.document, index, **more
        )

    def comment(
        self, signer: Signer, on: Envelope, index: int | None, text: str = "Is this net?", **more: Any
    ) -> Envelope:
        """A note on a spine event."""
        details = {"path": None, "text": text, "on_behalf_of": None}
        return self.event(
            Action.commented, signer, on.sequence, on.digest, on.document, index, details=details, **more
        )

    def end_key(self, signer: Signer, successor: str | None, *, logged: bool = True) -> KeyEnd:
        """The end of a signer's own key."""
        body = key_end(
            actor=signer.did, key=signer.key, successor=successor, reason="", occurred_at=self.time()
        )
        end = KeyEnd.from_json(secure(body, signer))
        self.key_ends.append(end)
        if self.logs and logged:
            self.logs[-1].append(key_slot(end.key), end.digest)
        return end

    def resolve(self, did: str, key: str) -> None:
        """The operator's word on a DID."""
        body = resolution(
            actor=OPERATOR.did, did=did, key=key, document_sha256=H(did), resolved_at=self.time()
        )
        self.resolutions.append(Resolution.from_json(secure(body, OPERATOR)))

    def accept(self, envelope: Envelope) -> None:
        """The operator's receipt of an event."""
        slot = slot_of(envelope, self.created.statement_digest)
        assert slot is not None
        body = receipt(
            actor=OPERATOR.did,
            envelope=envelope.digest,
            slot=slot,
            origin=self.logs[-1].key.origin,
            received_at=self.time(),
            log_by=self.time(),
        )
        self.receipts.append(Receipt.from_json(secure(body, OPERATOR)))

    def state_ledger(self, log: Log, log_id: Digest, successor: str | None = None) -> LogStatement:
        """The operator names a ledger on which the log is anchored."""
        number = len(log.statements)
        ledger = LedgerRef(CHAIN, H("block 0"), LEDGER, H("code"), log_id)
        body = log_statement(
            actor=OPERATOR.did,
            vkey=log.key.vkey.text,
            number=number,
            ledgers=[ledger],
            successor=successor,
            occurred_at=self.time(),
        )
        statement = LogStatement.from_json(secure(body, OPERATOR))
        log.statements.append(statement)
        log.append(log_slot(number), statement.digest)
        return statement

    def data(self) -> bytes:
        """The file."""
        return self.evidence().to_bytes()

    def evidence(self) -> Evidence:
        """What the file holds."""
        return Evidence(
            contract=CONTRACT,
            genesis=self.created.statement_digest,
            documents=tuple(self.documents),
            envelopes=tuple(self.envelopes),
            key_ends=tuple(self.key_ends),
            resolutions=tuple(self.resolutions),
            logs=tuple(self._section(at, log) for at, log in enumerate(self.logs)),
            anchors=tuple(self.anchors),
            attachments=self.attachments,
        )

    def _section(self, at: int, log: Log) -> LogSection:
        levels = tree(log.hashes())
        note = log.key.sign_checkpoint(len(log.leaves), levels[-1][0])
        own = [one.digest for one in (*self.envelopes, *self.key_ends, *log.statements)]
        proofs = {
            digest: tlog_proof(log.index[digest], path(levels, log.index[digest]), note)
            for digest in own
            if digest in log.index
        }
        return LogSection(
            vkey=log.key.vkey.text,
            statements=tuple(log.statements),
            proofs=proofs,
            receipts=tuple(self.receipts) if at == 0 else (),
            consistency=tuple(_consistency(log, levels, self.earlier_sizes)) if at == 0 else (),
        )


def party_of(parties: tuple[Party, ...], signer: Signer) -> int | None:
    """The index of a signer among the parties."""
    return next((at for at, one in enumerate(parties) if one.did == signer.did), None)


def new_log(number: int) -> Log:
    """One of as many logs as a family needs; all have one operator."""
    return Log(LogKey(sha256(b"log %d" % number).digest(), f"log.example/{number}"))


def _consistency(log: Log, levels: list[list[bytes]], sizes: list[int]) -> Iterable[Consistency]:
    """The checkpoints of earlier sizes, with the proofs from each to the newest."""
    frontier, wanted = Frontier(), set(sizes)
    for hashed in levels[0]:
        frontier.append(hashed)
        if frontier.size in wanted:
            note = log.key.sign_checkpoint(frontier.size, frontier.root())
            nodes = consistency_nodes(frontier.size, len(levels[0]), levels)
            yield Consistency(note, tuple(map(b64encode, nodes)))


def consistency_nodes(old: int, size: int, levels: list[list[bytes]]) -> list[bytes]:
    """PROOF(old, D) of RFC 6962, section 2.1.2, from stored nodes; empty for the whole tree."""
    found: list[bytes] = []
    start, end, whole = 0, size, True

    def node(first: int, last: int) -> bytes:
        level = (last - first - 1).bit_length()
        return levels[level][first >> level]

    while old != end:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if old <= middle:
            found.append(node(middle, end))
            end = middle
        else:
            found.append(node(start, middle))
            start, whole = middle, False
    if not whole:
        found.append(node(start, end))
    return found[::-1]


def tree(hashes: list[bytes]) -> list[list[bytes]]:
    """All nodes of an RFC 6962 tree, leaves first."""
    levels = [hashes]
    while len(levels[-1]) > 1:
        nodes = levels[-1]
        pairs = [sha256(b"\x01" + nodes[at] + nodes[at + 1]).digest() for at in range(0, len(nodes) - 1, 2)]
        levels.append(pairs + ([nodes[-1]] if len(nodes) & 1 else []))
    return levels


def path(levels: list[list[bytes]], index: int) -> list[bytes]:
    """The audit path of a leaf."""
    found = []
    for nodes in levels[:-1]:
        if index ^ 1 < len(nodes):
            found.append(nodes[index ^ 1])
        index >>= 1
    return found
