"""The evidence of a contract (protocol, section 8), put together from what is stored.

Every proof of this backend's log runs to one checkpoint: the newest anchored one that covers all of the
contract's leaves, else the newest. The first anchor above each leaf comes along with a consistency proof,
because it is what bounds the event's time from above.
"""

from bisect import bisect_right
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.anchoring import repository as anchors
from cms_backend.contract import held, homes, repository
from cms_backend.contract.apart import apart
from cms_backend.contract.loading import States, replayed, texts_apart
from cms_backend.core.disclosure import Disclosure
from cms_backend.core.document import SealedDocument
from cms_backend.core.errors import LifecycleError
from cms_backend.core.events import Kind
from cms_backend.core.evidence import Evidence, HeldDocument
from cms_backend.core.evidence_parts import (
    MOST_CONSISTENCY,
    AnchorRef,
    Consistency,
    LogSection,
    receipt_order,
)
from cms_backend.core.ids import ContractId, Digest, Time
from cms_backend.core.lifecycle import ContractState, Text
from cms_backend.core.signatures import secure
from cms_backend.core.statements import HeadStatement, LogStatement, Receipt, Resolution, head_statement
from cms_backend.identity.repository import resolutions_for
from cms_backend.log.service import OwnLog


@dataclass(frozen=True, slots=True)
class Export:
    """The evidence of a contract, and what it was made from."""

    evidence: Evidence
    history: held.History
    states: States | None
    """None: no event opens the record, so that nothing is exported of its logs."""


class EvidenceBuilder:
    """Builds evidence with this backend's log and operator."""

    def __init__(self, log: OwnLog) -> None:
        self._log = log

    async def build(self, connection: AsyncConnection, row: held.Row) -> Export:
        """The evidence of a contract, as the connection's snapshot shows it."""
        history = await held.read(connection, row, self._log)
        envelopes = [entry.envelope for entry in history.entries if entry.envelope.contract == row["id"]]
        documents = await texts_apart(history)
        states = await apart(lambda: _states(history, documents), held.pieces(history))
        state = None if states is None else states.settled or states.projected
        logs, listed = await self._sections(connection, history, state)
        dids = sorted({party.did for text in documents.values() for party in text.parties})
        evidence = Evidence(
            contract=ContractId(row["id"]),
            genesis=Digest(row["genesis"]),
            documents=await apart(lambda: _documents_of(history, documents), held.pieces(history)),
            envelopes=tuple(sorted(envelopes, key=lambda one: one.digest)),
            key_ends=tuple(end.key_end for end in history.key_ends),
            resolutions=await _resolutions(connection, dids, state),
            logs=logs,
            anchors=listed,
            attachments={
                Digest(digest): data
                for digest, data in (await repository.attachments_of(connection, row["n"])).items()
            },
        )
        return Export(evidence, history, states)

    async def _sections(
        self, connection: AsyncConnection, history: held.History, state: ContractState | None
    ) -> tuple[tuple[LogSection, ...], tuple[AnchorRef, ...]]:
        stored = {one["vkey"]: one for one in await repository.foreign_logs_of(connection, history.row["n"])}
        logs: list[LogSection] = []
        listed: dict[tuple[str, str, str, int], AnchorRef] = {}
        for vkey in [] if state is None else homes.log_keys(state):
            if vkey == self._log.vkey:
                section, its_anchors = await self._own_section(connection, history, state)
            elif vkey in stored:
                body = stored[vkey]["body"]
                section = await apart(partial(_section_of, body), len(body) // held.TEXT)
                its_anchors = [AnchorRef.from_json(one) for one in orjson.loads(stored[vkey]["anchors"])]
            else:
                section, its_anchors = LogSection(vkey), []
            logs.append(section)
            listed.update((one.order, one) for one in its_anchors)
        return tuple(logs), tuple(listed[order] for order in sorted(listed))

    async def _own_section(
        self, connection: AsyncConnection, history: held.History, state: ContractState | None
    ) -> tuple[LogSection, list[AnchorRef]]:
        log = self._log
        placed = {digest: index for digest, index in history.own.items() if index < held.PROMISED}
        ends = [end.key_end.digest for end in history.key_ends]
        statements = [LogStatement.from_json(orjson.loads(body)) for body in await log.statements(connection)]
        its_anchors = await anchors.anchors_for_evidence(connection, log.id)
        size = _checkpoint_size(
            max(placed.values(), default=-1) + 1,
            [one.size for one in its_anchors],
            await log.size_in(connection),
        )
        digests = [digest.raw for digest in (*placed, *ends, *(one.digest for one in statements))]
        proofs = {
            Digest.of(digest): proof
            for digest, proof in (await log.inclusion(connection, digests, size)).items()
        }
        listed = _bounding(its_anchors, placed.values(), size)
        consistency = [
            Consistency(
                log.note(one.size, bytes.fromhex(one.root)),
                tuple(await log.consistency_in(connection, min(one.size, size), max(one.size, size))),
            )
            for one in listed
            if one.size != size
        ]
        receipts = [
            Receipt.from_json(orjson.loads(event["receipt"]))
            for event in history.rows
            if event["receipt"] is not None and event["digest"] not in proofs
        ]
        section = LogSection(
            vkey=log.vkey,
            statements=tuple(one for one in statements if one.digest in proofs),
            proofs={digest: proofs[digest].text for digest in sorted(proofs)},
            receipts=tuple(sorted(receipts, key=receipt_order)),
            consistency=tuple(consistency[:MOST_CONSISTENCY]),
            head=await self._head(history, state, set(proofs), size),
        )
        return section, [AnchorRef.from_json(one.to_json()) for one in listed]

    async def _head(
        self, history: held.History, state: ContractState | None, proven: set[Digest], size: int
    ) -> HeadStatement | None:
        """The operator's last word on what its log holds of the contract below a size, with its own statements."""
        logged = [entry.envelope for entry in history.entries if entry.envelope.digest in proven]
        own = {one.event_digest for one in logged}
        spine = [] if state is None else [one for one in state.spine if one.event_digest in own]
        # A frozen log may have gone on elsewhere: its operator has no last word to say of it.
        if not spine or self._log.causes:
            return None
        ends = [end.key_end.digest for end in history.key_ends if end.key_end.digest in proven]
        stated = proven - {entry.envelope.digest for entry in history.entries} - set(ends)
        body = head_statement(
            actor=self._log.operator.did,
            vkey=self._log.vkey,
            contract=history.row["id"],
            genesis=history.row["genesis"],
            sequence=spine[-1].sequence,
            digests=[*(one.digest for one in logged if one.kind is not Kind.note), *ends, *stated],
            size=size,
            root=(await self._log.root_at(size)).hex(),
            occurred_at=Time.from_datetime(datetime.now(UTC)),
        )
        return HeadStatement.from_json(secure(body, self._log.operator))


def _documents_of(history: held.History, named: Container[str]) -> tuple[HeldDocument, ...]:
    return tuple(document_of(orjson.loads(one["body"])) for one in history.documents if one["root"] in named)


def _section_of(body: bytes) -> LogSection:
    return LogSection.from_json(orjson.loads(body))


def _states(history: held.History, documents: Mapping[Digest, Text]) -> States | None:
    ends = [end.logged for end in history.key_ends]
    genesis = Digest(history.row["genesis"])
    try:
        return replayed(history.entries, documents, ends, history.handovers, genesis=genesis)
    except LifecycleError:
        return None


async def _resolutions(
    connection: AsyncConnection, dids: Sequence[str], state: ContractState | None
) -> tuple[Resolution, ...]:
    """What the operators of the contract's logs have said of its parties."""
    operators = set() if state is None else {log.operator for log in state.logs}
    found = [Resolution.from_json(orjson.loads(body)) for body in await resolutions_for(connection, dids)]
    return tuple(one for one in found if one.actor in operators)


def document_of(body: Mapping[str, Any]) -> HeldDocument:
    """A stored document in its type."""
    return SealedDocument.from_json(body) if "content" in body else Disclosure.from_json(body)


def _checkpoint_size(needed: int, anchored: Sequence[int], newest: int) -> int:
    """The newest anchored checkpoint that covers ``needed`` leaves, else the newest one."""
    covering = [size for size in anchored if size >= needed]
    return max(covering) if covering and needed else newest


def _bounding(
    its_anchors: Sequence[anchors.Anchor], indexes: Iterable[int], size: int
) -> list[anchors.Anchor]:
    """The anchor of the checkpoint, and the first one above each leaf, ascending by size."""
    wanted = {size}
    sizes = sorted(one.size for one in its_anchors)
    for index in indexes:
        wanted.update(sizes[(at := bisect_right(sizes, index)) : at + 1])
    return sorted((one for one in its_anchors if one.size in wanted), key=lambda one: one.size)
