"""Taking an evidence file in (protocol, sections 3, 6 and 8).

The file is verified, united with what is held, and the union verified again (``judging``); what then holds is kept
(``keeping``). What is at home here goes through ``admit`` like any other event, but for events that another log had
placed before the record came here.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract import homes, keeping, repository
from cms_backend.contract.admission import Admission
from cms_backend.contract.evidence import EvidenceBuilder, Export
from cms_backend.contract.held import Row
from cms_backend.contract.judging import Refused, United, causal, judge, unite
from cms_backend.contract.live import LiveContracts
from cms_backend.contract.loading import created_of
from cms_backend.core.document import SealedDocument
from cms_backend.core.errors import CmsError, SlotTaken
from cms_backend.core.events import Action, Envelope
from cms_backend.core.evidence import Evidence
from cms_backend.core.ids import Did, Digest, Time
from cms_backend.core.merge import event_holds
from cms_backend.core.statements import KeyEnd
from cms_backend.core.verify.findings import Findings
from cms_backend.db.session import Database
from cms_backend.log.service import OwnLog

_ATTEMPTS: Final = 5


class ImportBusy(CmsError):
    """The contract changed each time that the file was about to be taken in."""

    code = "contract.busy"
    status = 503


@dataclass(slots=True)
class Taken:
    """What became of a file: the events that it added or that were known, and what is to be admitted still."""

    contract: str
    added: int
    known: int
    to_admit: list[Admission]
    #: KeyEnds for this backend's own log.
    to_end: list[KeyEnd]
    refused: list[Refused]
    undecided: list[Digest]
    #: Keeps what belongs to a record that does not exist before its first event is admitted.
    rest: United | None = None


@dataclass(slots=True)
class _Plan:
    """Which events are kept as they are, and which are for this backend's log."""

    here: bool
    held: list[Envelope]
    to_admit: list[Envelope] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


class Importer:
    """Takes files in."""

    def __init__(self, database: Database, log: OwnLog, live: LiveContracts) -> None:
        self._database = database
        self._log = log
        self._live = live
        self._evidence = EvidenceBuilder(log)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def judge(self, data: bytes) -> Findings:
        """What a verifier finds in a file by itself. Raises FileRefused."""
        return (await asyncio.to_thread(judge, data, _now()))[1]

    async def take(self, judged: Findings) -> Taken:
        """Keep what holds; what is at home here and new is left for ``admit``, in order.

        Raises FileRefused when nothing is taken, SlotTaken for another contract of the same id, ImportBusy.
        """
        theirs = judged.evidence
        # Two files of one contract follow each other, so that neither loses what the other brought.
        turn = self._turns.setdefault(theirs.contract, asyncio.Lock())
        async with turn:
            for _ in range(_ATTEMPTS):
                taken = await self._try(theirs, judged)
                if taken is not None:
                    return taken
        raise ImportBusy("The contract changes too fast just now.", remedy="Take the file in again.")

    async def _try(self, theirs: Evidence, judged: Findings) -> Taken | None:
        async with self._database.read() as connection:
            row, export = await self._held(connection, theirs)
            stamp = await repository.stamp(connection, theirs.contract)
        united = await asyncio.to_thread(
            unite,
            None if export is None else export.evidence,
            theirs,
            judged,
            own_vkey=self._log.vkey,
            now=_now(),
        )
        plan = _plan(united, export, self._log.vkey)
        async with self._database.write() as connection:
            if await repository.stamp(connection, theirs.contract) != stamp:
                return None  # somebody acted meanwhile: unite with what is held now
            keeps = row is not None or bool(plan.held)
            if keeps:
                self._live.forget_all()
                await keeping.keep(connection, self._log, united, row, plan.held, _now())
        stored = set() if export is None else {one.envelope.digest for one in export.history.entries}
        return Taken(
            contract=theirs.contract,
            added=len(plan.held),
            known=sum(one.digest in stored for one in theirs.envelopes),
            to_admit=_admissions(united, plan.to_admit),
            to_end=_for_own_log(united) if plan.here else [],
            refused=[*united.refused, *plan.refused],
            undecided=sorted(united.undecided),
            rest=None if keeps else united,
        )

    async def keep_rest(self, taken: Taken) -> None:
        """Keep what came with the first events of a record that was opened by them."""
        if taken.rest is None:
            return
        async with self._database.write() as connection:
            row = await repository.contract_by_id(connection, taken.contract)
            if row is not None:
                await keeping.keep(connection, self._log, taken.rest, row, [], _now())
                self._live.forget([taken.contract])

    async def _held(self, connection: AsyncConnection, theirs: Evidence) -> tuple[Row | None, Export | None]:
        """What is held of the contract. Raises SlotTaken when that is another contract of the same id."""
        row: Row | None = await repository.contract_by_id(connection, theirs.contract)
        if row is None:
            return None, None
        if row["genesis"] != theirs.genesis:
            if await self._is_open(connection, row):
                raise SlotTaken(
                    "Another contract with this id is held here.",
                    remedy="Compare how the two records began: one of them is not the agreed one.",
                )
            # Nothing opens the record under the name that it has here.
            row = {**row, "genesis": theirs.genesis}
        return row, await self._evidence.build(connection, row)

    async def _is_open(self, connection: AsyncConnection, row: Row) -> bool:
        """Is there the event that opens the record of a row?"""
        for envelope in await repository.envelopes_of_statement(connection, row["n"], row["genesis"]):
            opens = envelope.action is Action.created and envelope.contract == row["id"]
            if opens and event_holds(envelope):
                return True
        return False


def takes_part(judged: Findings) -> set[Did]:
    """Who takes part in the contract of a file, by what counts in it; successors of their keys too."""
    return {one.did for one in judged.participants}


def _for_own_log(united: United) -> list[KeyEnd]:
    """The KeyEnds whose signature has passed."""
    return [one for one in united.evidence.key_ends if one.digest not in united.findings.unsigned]


def _plan(united: United, export: Export | None, own_vkey: str) -> _Plan:
    """Sort the events that are new."""
    evidence = united.evidence
    stored = set() if export is None else {one.envelope.digest for one in export.history.entries}
    before = None if export is None else _home(export, own_vkey)
    new = [one for one in evidence.envelopes if one.digest not in stored]
    door = _door(united, own_vkey)
    if door is None and _home_after(united, own_vkey) != "here":
        return _Plan(False, sorted(new, key=causal))
    elsewhere = united.findings.places.keys()
    own = set() if export is None else set(export.history.own)
    known = {one.event_digest for one in evidence.envelopes if one.digest in own}
    candidates = new if before == "here" else [one for one in evidence.envelopes if one.digest not in own]
    plan = _Plan(True, [])
    for envelope in sorted(candidates, key=causal):
        agreed_before = door is not None and envelope is not door and envelope.sequence <= door.sequence
        if envelope.digest in elsewhere or agreed_before or envelope.event_digest in known:
            if envelope.digest not in stored:
                plan.held.append(envelope)
        elif envelope.digest in united.undecided:
            words = "Only the account's contract could judge the signature, and this log asks none."
            plan.refused.append(Refused("SIG-ACTOR", words, envelope.digest))
        else:
            plan.to_admit.append(envelope)
    return plan


def _home(export: Export, own_vkey: str) -> homes.HomeName:
    created = created_of(export.history.entries, export.history.row["genesis"])
    settled = None if export.states is None else export.states.settled
    return homes.home_of(settled, created, own_vkey)


def _home_after(united: United, own_vkey: str) -> homes.HomeName:
    created = next(
        (one for one in united.evidence.envelopes if one.statement_digest == united.evidence.genesis), None
    )
    settled = None if united.states is None else united.states.settled
    return homes.home_of(settled, created, own_vkey)


def _door(united: United, own_vkey: str) -> Envelope | None:
    """The `moved` by which a record without a log would come into this backend's."""
    states = united.states
    if states is None or states.settled is None or homes.log_keys(states.settled):
        return None
    moves = [one for one in states.projected.spine if one.action is Action.moved]
    return moves[0] if moves and moves[0].details["log"]["vkey"] == own_vkey else None


def _admissions(united: United, envelopes: Sequence[Envelope]) -> list[Admission]:
    """The events with the texts that they bring."""
    whole = {one.ref.root: one for one in united.evidence.documents if isinstance(one, SealedDocument)}
    brings = (Action.created, Action.proposed)
    return [
        Admission(one, whole.get(one.document.root) if one.action in brings else None) for one in envelopes
    ]


def _now() -> Time:
    return Time.from_datetime(datetime.now(UTC))
