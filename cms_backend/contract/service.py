"""Contracts: ``admit`` is the one road for everything that changes one.

1 verify the event, 2 the next state, 3 append, 4 enqueue for the log; one commit; then the answer with
the Receipt. The first step needs nobody and runs in the request; the others run in the group writer's
transaction.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.auth.gate import Caller
from cms_backend.contract import repository, search
from cms_backend.contract.admission import Admission, verify
from cms_backend.contract.append import Appender
from cms_backend.contract.evidence import EvidenceBuilder
from cms_backend.contract.importing import Importer, takes_part
from cms_backend.contract.judging import Refused
from cms_backend.contract.keys import KeyEnds
from cms_backend.contract.live import LiveContracts
from cms_backend.contract.outcome import Outcome
from cms_backend.contract.reading import Reading, unknown
from cms_backend.core.canonical import Json
from cms_backend.core.errors import (
    CmsError,
    FormError,
    LifecycleError,
    ProtocolError,
)
from cms_backend.core.ids import Time
from cms_backend.db.session import Database
from cms_backend.db.writer import GroupWriter
from cms_backend.http.problems import NotFound, problem
from cms_backend.log.sequencer import Sequenced
from cms_backend.log.service import OwnLog

Publish = Callable[[str, Mapping[str, Any], Collection[str] | None], None]
#: Documents above this many bytes are hashed in a thread, so that nobody else waits for it.
_HEAVY_TERMS = 200
_TURN = 64


def _now() -> Time:
    return Time.from_datetime(datetime.now(UTC))


class NotYours(CmsError):
    """A file of a contract in which the caller takes no part."""

    code = "contract.not-yours"
    status = 403


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer to one event; ``new`` is False when it was held already."""

    answer: dict[str, Any]
    new: bool


class ContractService:
    """What endpoints call. ``start`` comes first."""

    def __init__(self, database: Database, log: OwnLog, publish: Publish) -> None:
        self._database = database
        self._log = log
        self._publish = publish
        self._reading = Reading(database, log)
        self._evidence = EvidenceBuilder(log)
        self._live = LiveContracts()
        self._appender = Appender(log, self._live)
        self._importer = Importer(database, log, self._live)
        self._keys = KeyEnds(database, log, self._live)
        self._writer: GroupWriter[Admission, Outcome] = GroupWriter(
            database, self._appender.append, rolled_back=self._appender.forget
        )
        #: Called when events were accepted for the log.
        self.on_accepted: Callable[[], None] = lambda: None

    async def run(self) -> None:
        """The writer's loop."""
        await self._writer.run()

    def stop(self) -> None:
        """Take no more events; those that wait are still written."""
        self._writer.stop()

    # --- in -----------------------------------------------------------------------------------------------

    async def admit(
        self,
        envelope: Json,
        document: Json,
        who: Caller,
        *,
        contract: str | None = None,
        creating: bool = False,
    ) -> Accepted:
        """Admit one event. Raises the refusal: see ``admission.verify`` and the kernel's ``admit_check``; of a
        contract that the caller may not know of, what is said of one that is not here.
        """
        item = await _verified(envelope, document)
        if contract is not None and item.contract != contract:
            raise FormError("The event is of another contract than the address.")
        if creating and item.envelope.sequence != 0:
            raise FormError("A contract's record begins with its created event.")
        await self._check_known(item, who)
        outcome = await self._told(self._writer.submit(item), item, who)
        await self._tell([outcome])
        return Accepted(outcome.answer, outcome.new)

    async def admit_all(self, events: Sequence[tuple[Json, Json]], who: Caller) -> list[dict[str, Any]]:
        """Admit many events in their order; an answer or a problem for each."""
        waiting: list[Awaitable[Outcome] | CmsError] = []
        opened: set[str] = set()
        for at, (envelope, document) in enumerate(events):
            try:
                item = await _verified(envelope, document)
                if item.contract not in opened:
                    await self._check_known(item, who)
                waiting.append(self._told(self._writer.enqueue(item), item, who))
                if item.opens:
                    opened.add(item.contract)  # what follows in this very batch is of a record that it opens
            except CmsError as error:
                waiting.append(error)
            if at % _TURN == _TURN - 1:
                # Others get their turn, and the writer commits what is verified meanwhile.
                await asyncio.sleep(0)
        results: list[Outcome | CmsError] = []
        for one in waiting:
            try:
                results.append(one if isinstance(one, CmsError) else await one)
            except CmsError as error:
                results.append(error)
        await self._tell([one for one in results if isinstance(one, Outcome)])
        return [problem(one) if isinstance(one, CmsError) else one.answer for one in results]

    async def take_in(self, data: bytes, who: Caller) -> dict[str, Any]:
        """Take an evidence file in; lists what was left out of it, and why. A logged-in DID brings files of
        contracts in which it takes part: by the file alone, whatever is held here.

        Raises FileRefused for a file of which nothing is taken, NotYours, SlotTaken, ImportBusy.
        """
        judged = await self._importer.judge(data)
        if not (who.local or who.did in takes_part(judged)):
            raise NotYours(
                "You take no part in the contract of this file.",
                remedy="Log in as a party of it, or let a party take it in.",
            )
        try:
            taken = await self._importer.take(judged)
        except LifecycleError as error:
            raise await self._as_told(error, judged.evidence.contract, who, opening=True) from error
        refused = list(taken.refused)
        for end in taken.to_end:
            try:
                await self.end_key(end.json)
            except CmsError as error:
                refused.append(_refused("KEY-END", error, end.digest))
        waiting = [(item, self._writer.enqueue(item)) for item in taken.to_admit]
        outcomes: list[Outcome] = []
        for item, future in waiting:
            try:
                outcomes.append(await future)
            except CmsError as error:
                refused.append(_refused("LIFE-STATE", error, item.envelope.digest))
        await self._importer.keep_rest(taken)
        await self._tell(outcomes)
        async with self._database.read() as connection:
            row = await search.row_of(connection, taken.contract, _now())
            readers = set() if row is None else await repository.readers_of(connection, row["n"])
        if row is not None:
            what = {"contract": taken.contract, "digest": None, "what": "imported"}
            self._publish("contract", what, readers)
        return {
            "contract": taken.contract,
            "added": taken.added + sum(one.new for one in outcomes),
            "known": taken.known,
            "refused": [one.to_json() for one in refused],
            "undecided": list(taken.undecided),
            "state": "refused" if row is None else row["status"],
        }

    async def end_key(self, value: Json) -> Accepted:
        """Keep a KeyEnd and put it in line for the log. Raises FormError, SignatureError, KeyEndRefused."""
        outcome = await self._keys.end(value)
        if outcome.new:
            self.on_accepted()
            self._publish("contract", {"contract": None, "digest": outcome.digest, "what": "key-ended"}, None)
        return Accepted(outcome.answer, outcome.new)

    async def _check_known(self, item: Admission, who: Caller) -> None:
        """Raise NotFound for an event of a contract that the caller may not know of, before it is looked at."""
        if not item.opens and not await self._reading.may_read(item.contract, who):
            raise unknown(item.contract)

    async def _told(self, outcome: Awaitable[Outcome], item: Admission, who: Caller) -> Outcome:
        try:
            return await outcome
        except CmsError as error:
            raise await self._as_told(error, item.contract, who, opening=item.opens) from error

    async def _as_told(self, error: CmsError, contract: str, who: Caller, *, opening: bool) -> CmsError:
        """A refusal as the caller may hear it: what is held under an id is not told to who may not read it."""
        if not isinstance(error, LifecycleError | NotFound) or await self._reading.may_read(contract, who):
            return error
        if not opening:
            return unknown(contract)
        return LifecycleError(
            "A record cannot be opened with this event.",
            remedy="Draw a new id, and sign its created event as its owner.",
        )

    async def _tell(self, outcomes: Sequence[Outcome]) -> None:
        new = [one for one in outcomes if one.new]
        if any(not one.held for one in new):
            self.on_accepted()
        for one in new:
            live = self._live.get(one.contract)
            readers = None if live is None else set(live.people)
            data = {
                "contract": one.contract,
                "digest": one.digest,
                "what": "held" if one.held else "accepted",
            }
            self._publish("contract", data, readers or ())

    # --- out ----------------------------------------------------------------------------------------------

    async def page(self, query: search.Query) -> dict[str, Any]:
        """One page of the register."""
        return await self._reading.page(query)

    async def show(self, contract: str, who: Caller) -> dict[str, Any]:
        """Everything that is held of a contract. Raises NotFound."""
        return await self._reading.show(contract, who)

    async def evidence(self, contract: str, who: Caller) -> bytes:
        """The evidence file of a contract. Raises NotFound."""
        async with self._database.read() as connection:
            row = await self._reading.find(connection, contract, who)
            export = await self._evidence.build(connection, row)
        return await asyncio.to_thread(export.evidence.to_bytes)

    # --- hooks of the sequencer ---------------------------------------------------------------------------

    async def placed(self, connection: AsyncConnection, placed: Sequence[Sequenced]) -> None:
        """Inside the sequencing transaction: events and KeyEnds learn their index."""
        await repository.place(connection, [(one.digest.hex(), one.index) for one in placed])

    async def sequenced(self, placed: Sequence[Sequenced], listening: bool) -> None:
        """After it: tell those who listen."""
        if not listening:
            return
        async with self._database.read() as connection:
            rows = await repository.contracts_of_events(connection, [one.digest.hex() for one in placed])
            readers = {n: await repository.readers_of(connection, n) for n in {row["n"] for row in rows}}
        for row in rows:
            data = {"contract": row["id"], "digest": row["digest"], "what": "logged"}
            self._publish("contract", data, readers[row["n"]])


def _refused(check: str, error: CmsError, digest: str) -> Refused:
    """What was not taken, under the check that its error names."""
    named = error.check if isinstance(error, ProtocolError) else None
    return Refused(named or check, error.detail, digest)


async def _verified(envelope: Json, document: Json) -> Admission:
    content = document.get("content") if isinstance(document, dict) else None
    terms = content.get("terms") if isinstance(content, dict) else None
    if isinstance(terms, list) and len(terms) > _HEAVY_TERMS:
        return await asyncio.to_thread(verify, envelope, document)
    return verify(envelope, document)
