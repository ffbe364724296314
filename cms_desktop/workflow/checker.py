"""Asks a backend for a contract and for the proofs of what it answers, and keeps what held (section 6).

What was verified once is remembered in `Memory`, so that a contract costs no signature check the second time; long
first checks run in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import orjson

from cms_backend.core.canonical import encode
from cms_backend.core.checkpoint import Checkpoint, hash_from_b64, open_note, parse_vkey
from cms_backend.core.continuity import Continuity, compare
from cms_backend.core.document import Document, SealedDocument
from cms_backend.core.errors import CmsError
from cms_backend.core.events import Envelope
from cms_backend.core.ids import ContractId, Digest, Time
from cms_backend.core.lifecycle import Text
from cms_backend.core.statements import Receipt
from cms_desktop.api.client import Client
from cms_desktop.api.errors import BackendSilent
from cms_desktop.api.logs_seen import LogsSeen
from cms_desktop.api.memory import Known, Memory, MemoryUnusable, Verified
from cms_desktop.api.values import Accepted, AnchorInfo, ContractRecord, EntryInfo
from cms_desktop.workflow import receipts
from cms_desktop.workflow.anchor_looks import AnchorLooks
from cms_desktop.workflow.checking import Objects, check_objects, log_names
from cms_desktop.workflow.findings import Finding, FindingKind
from cms_desktop.workflow.places import (
    Places,
    claimed_places,
    open_logs,
    refuse_log,
    section_proofs,
    settle_logs,
    take_proofs,
)

MOST_NOTES: Final = 64


@dataclass(frozen=True, slots=True)
class Checked:
    """A contract as far as it held: `record` has nothing in it that did not. `findings` name the rest."""

    record: ContractRecord
    texts: Mapping[Digest, Text]
    documents: Mapping[Digest, Document]
    findings: tuple[Finding, ...] = ()
    kept: tuple[Receipt, ...] = ()
    """The receipts of events that are not proven to be in the log yet."""


class Checker:
    """One per backend. `home`: whose watch of the log is compared with, if there is one; `rpc`: chosen nodes."""

    def __init__(
        self,
        client: Client,
        memory: Memory,
        *,
        home: Path | None = None,
        rpc: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._client = client
        self._memory = memory
        self._seen = None if home is None else LogsSeen(home)
        self._own: str | None = None
        self._forgot: str | None = None
        self._anchors = AnchorLooks(client, memory, rpc)

    async def check(self, contract: ContractId, *, now: Time) -> Checked:
        """A contract as the backend answers it now. AnswerFalse when that is another contract."""
        try:
            checked = await self._check(contract, now)
        except MemoryUnusable as error:
            # A full disk must not keep anybody from a contract; what was known before is missed, and that is said.
            self._forgot = error.detail
            self._memory = Memory()
            self._anchors.use(self._memory)
            checked = await self._check(contract, now)
        if self._forgot is None:
            return checked
        claimed = "What the backend left out that was seen before cannot be missed."
        lost = Finding(FindingKind.memory, "This computer", claimed, self._forgot)
        return replace(checked, findings=(*checked.findings, lost))

    async def _check(self, contract: ContractId, now: Time) -> Checked:
        # What was known before the question: what another program of this home learns meanwhile is no contradiction.
        known = await asyncio.to_thread(self._memory.recall, contract)
        record = await self._client.contract(contract)

        def told() -> tuple[Objects, Places]:
            found = check_objects(record, contract, known, lambda one: self._memory.body(contract, one))
            return found, claimed_places(record, found, known)

        found, places = await asyncio.to_thread(told)
        await self._prove(contract, found, places)
        own = await self.own_vkey()

        def kept() -> Checked:
            receipts_left = self._keep(contract, known, found, places)
            settle_logs(places, found, now)
            judged = receipts.judge(found, places, receipts_left, own=own, now=now)
            findings = (*found.findings, *places.findings, *judged)
            clean = _clean(record, found, places)
            return Checked(clean, found.texts, found.whole, findings, receipts_left)

        # In threads: what a long record takes, the loop of a window must not wait for.
        return await self._check_anchors(await asyncio.to_thread(kept), found, own)

    async def own_vkey(self) -> str | None:
        """The key of the backend's own log; None when it does not say."""
        if self._own is None:
            info = await self._client.log_info()
            self._own = str(info["vkey"]) if "vkey" in info else None
        return self._own

    async def take(
        self,
        accepted: Accepted,
        envelope: Envelope,
        genesis: Digest,
        known: Iterable[Envelope],
        text: SealedDocument | None,
    ) -> tuple[Receipt | None, tuple[Finding, ...]]:
        """The receipt of an event that was handed in, if it holds, and what did not. Both are kept from now on.

        `known`: the contract's events so far, which name its logs. `text`: what a proposal brought.
        """
        logs = log_names(known)
        own = await self.own_vkey()
        receipt, findings = receipts.check_accepted(accepted, envelope, genesis, logs, own)
        event = Verified(envelope.digest, "event", envelope.event_digest, encode(envelope.json))
        verified = [event]
        if receipt is not None:
            verified.append(Verified(receipt.digest, "receipt", receipt.digest))
        if text is not None:
            verified.append(Verified(text.ref.root, "text", text.ref.root, encode(text.to_json())))
        await asyncio.to_thread(self._memory.remember, envelope.contract, genesis, verified)
        if receipt is not None:
            await asyncio.to_thread(self._memory.keep_receipts, envelope.contract, [receipt])
        return receipt, findings

    # -- proofs -------------------------------------------------------------------

    async def _prove(self, contract: ContractId, found: Objects, places: Places) -> None:
        wanted = open_logs(places)
        if not wanted:
            return
        own = await self.own_vkey()
        if own in wanted:
            size, proofs = await self._client.inclusions([one.digest for one in wanted.pop(own)])
            await asyncio.to_thread(take_proofs, places, found, own, proofs, size)
        if wanted:
            # Proofs of other logs are kept by the backend as files brought them.
            data = await self._client.evidence(contract)
            sections = await asyncio.to_thread(_sections, data, wanted)
            for vkey in wanted:
                proofs = sections.get(vkey, {})
                await asyncio.to_thread(take_proofs, places, found, vkey, proofs, None)
        for vkey, notes in list(places.notes.items()):
            if not await self._continue(vkey, notes, own=vkey == own):
                refuse_log(places, vkey, "That does not continue what the log has shown before.")

    async def _continue(self, vkey: str, notes: Iterable[str], *, own: bool) -> bool:
        """Do the checkpoints that proofs run to continue the last one that was seen of their log, and each other?

        Of a log that is another backend's only equal sizes are compared: its own keeper alone can prove the rest.
        """
        key = parse_vkey(vkey)
        last = await asyncio.to_thread(self._last_note, vkey)
        shown = {open_note(one, key): one for one in (*notes, *(() if last is None else (last,)))}
        ordered = sorted(shown, key=lambda one: one.size)
        if len(ordered) > MOST_NOTES:
            return False  # an honest backend proves all that it is asked for at once to one
        for before, after in pairwise(ordered):
            grown = 0 < before.size < after.size
            if grown and not own:
                continue
            proof = await self._consistency(before.size, after.size) if grown else ()
            if compare(before, after, proof) is Continuity.split_view:
                return False
        newest = shown[ordered[-1]]
        if newest != last:
            await asyncio.to_thread(self._memory.keep_head, vkey, newest)
        return True

    async def _consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        try:
            raw = (await self._client.consistency(old, new))["proof"]
            return tuple(hash_from_b64(str(one)) for one in raw)
        except BackendSilent:
            raise
        except (CmsError, KeyError, TypeError):
            return ()  # it gives no proof: that does not hold

    def _last_note(self, vkey: str) -> str | None:
        watched = None if self._seen is None else self._seen.note(parse_vkey(vkey))
        return watched or self._memory.head(vkey)

    # -- anchors ------------------------------------------------------------------

    async def _check_anchors(self, checked: Checked, found: Objects, own: str | None) -> Checked:
        """Only the backend's own log has anchors that it tells of; those of others are a file's matter."""
        entries = checked.record.entries
        ordinals = {at for at, log in enumerate(found.logs) if log.vkey == own}
        mine = [one for one in entries if one.log in ordinals and one.anchor is not None]
        anchors: dict[Digest, AnchorInfo] = {}
        findings: list[Finding] = []
        if own is not None and mine:

            async def continues(size: int, root: Digest) -> bool | None:
                return await self._continues(own, size, root)

            anchors, findings = await self._anchors.check(mine, own, continues)
        left = tuple(
            one if one.anchor is None else replace(one, anchor=anchors.get(one.digest)) for one in entries
        )
        record = replace(checked.record, entries=left)
        return replace(checked, record=record, findings=(*checked.findings, *findings))

    async def _continues(self, vkey: str, size: int, root: Digest) -> bool | None:
        last = await asyncio.to_thread(self._last_note, vkey)
        if last is None:
            return None
        head = open_note(last, parse_vkey(vkey))
        before, after = sorted((head, Checkpoint(head.origin, size, root)), key=lambda one: one.size)
        grown = 0 < before.size < after.size
        proof = await self._consistency(before.size, after.size) if grown else ()
        return compare(before, after, proof) in (Continuity.same, Continuity.grown)

    # -- keeping ------------------------------------------------------------------

    def _keep(
        self, contract: ContractId, known: Known, found: Objects, places: Places
    ) -> tuple[Receipt, ...]:
        """Remember what was verified now; the receipts that are still needed."""
        fresh = {one.digest: one for one in found.fresh}
        for digest, leaf in places.fresh.items():
            before = fresh.get(digest) or known.objects[digest]
            fresh[digest] = replace(before, leaf=leaf)
        if fresh:
            self._memory.remember(contract, found.genesis, fresh.values())
        kept = {one.envelope: one for one in self._memory.receipts(contract)}
        served = [digest for digest in kept if digest in places.proven]
        new = [
            one
            for digest, one in found.receipts.items()
            if digest not in kept and digest not in places.proven
        ]
        if served:
            self._memory.drop_receipts(served)
        if new:
            self._memory.keep_receipts(contract, new)
        left = (*(one for digest, one in kept.items() if digest not in served), *new)
        return tuple(sorted(left, key=lambda one: one.envelope))


def _sections(data: bytes, wanted: Mapping[str, object]) -> dict[str, dict[Digest, str]]:
    try:
        return section_proofs(orjson.loads(data), wanted)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return {}


def _clean(record: ContractRecord, found: Objects, places: Places) -> ContractRecord:
    told = {one.digest: one for one in record.entries}
    entries = []
    for envelope in found.envelopes:
        place = places.proven.get(envelope.digest)
        info = told.get(envelope.digest)
        log, index = place or (None, None)
        accepted = envelope.occurred_at if info is None else info.accepted_at
        anchor = None if info is None or place is None else info.anchor
        opens = places.openings.get(envelope.digest)
        entries.append(EntryInfo(envelope.digest, accepted, log, index, anchor, opens))
    ends = {one.digest for one in found.key_ends}
    return replace(
        record,
        handovers=(),  # no proof comes with them, and whoever could make one up could hide what came before
        envelopes=found.envelopes,
        documents=found.documents,
        key_ends=found.key_ends,
        key_end_places={one: place for one, place in places.proven.items() if one in ends},
        receipts=tuple(found.receipts.values()),
        entries=tuple(entries),
    )
