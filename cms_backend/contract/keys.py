"""Ended keys (protocol, section 5): kept, acknowledged, and put in line for the log."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract import repository
from cms_backend.contract.live import LiveContracts
from cms_backend.contract.loading import load
from cms_backend.contract.outcome import LOG_WITHIN, Outcome
from cms_backend.contract.receipts import ReceiptWriter
from cms_backend.core.canonical import Json, encode
from cms_backend.core.did import key_of_did
from cms_backend.core.errors import LifecycleError, ProtocolError
from cms_backend.core.hashing import H, digest_of
from cms_backend.core.ids import Time
from cms_backend.core.keys import parse_key
from cms_backend.core.signatures import verify_secured
from cms_backend.core.slots import key_slot
from cms_backend.core.statements import KeyEnd
from cms_backend.db.session import Database
from cms_backend.log import repository as log_repository
from cms_backend.log.repository import Leaf
from cms_backend.log.service import OwnLog


class KeyEndRefused(ProtocolError):
    """The signer may not end this key."""

    code = "key.end-refused"
    status = 403


class KeyEnds:
    """Takes KeyEnds for this backend's log."""

    def __init__(self, database: Database, log: OwnLog, live: LiveContracts) -> None:
        self._database = database
        self._log = log
        self._live = live
        self._receipts = ReceiptWriter(log.operator, log.origin)

    async def end(self, value: Json) -> Outcome:
        """Keep a KeyEnd. Raises FormError, SignatureError, KeyEndRefused, LogFrozen."""
        ended = KeyEnd.from_json(value)
        signer = key_of_did(ended.actor)
        if signer is None:
            raise KeyEndRefused("The actor's key is not in its DID.")
        verify_secured(ended.json, parse_key(signer))
        self._log.check_open()
        statement = digest_of(ended.statement)
        moment = datetime.now(UTC)
        now = Time.from_datetime(moment)
        async with self._database.write() as connection:
            held = next(iter(await repository.key_ends_by_statement(connection, statement)), None)
            if held is not None and held["receipt"] is not None:
                return Outcome("", held["digest"], held["receipt"], held=False, new=False)
            if signer != ended.key and not await self._is_committed(connection, ended, signer):
                raise KeyEndRefused(
                    "Only the key itself, or the successor that it was committed to, may end it.",
                    remedy="Sign with the ended key, or with the key that a contract names as its next.",
                )
            slot = key_slot(ended.key)
            receipt = self._receipts.write(
                envelope=ended.digest,
                slot=slot,
                received_at=now,
                log_by=Time.from_datetime(moment + LOG_WITHIN),
            )
            stored = await repository.key_end_by_digest(connection, ended.digest)
            if stored is not None:  # a file has brought it before
                await repository.promise_key_end(connection, stored["id"], receipt)
            else:
                await repository.add_key_end(
                    connection,
                    {
                        "digest": ended.digest,
                        "statement": statement,
                        "key": ended.key,
                        "body": encode(ended.json),
                        "accepted_at": now,
                        "receipt": receipt,
                    },
                )
            leaf = Leaf(slot.raw, ended.digest.raw, single=False)
            await log_repository.enqueue(connection, self._log.id, [leaf], now)
            self._live.forget_all()
        return Outcome("", ended.digest, receipt, held=False, new=True)

    async def _is_committed(self, connection: AsyncConnection, ended: KeyEnd, signer: str) -> bool:
        """Has the ended key itself committed to the signer's key as its successor, in a contract that is held?"""
        commitment = H(signer)
        for n in await repository.contracts_pinning(connection, ended.key):
            row = await repository.contract_by_number(connection, n)
            try:
                live = await load(connection, row, self._log)
            except LifecycleError:
                continue
            if live.settled is not None and live.settled.commitments.get(ended.key) == commitment:
                return True
        return False
