"""Writing what a file brought, inside one transaction: what was stored before and does not hold is put right too."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract import held, homes, repository
from cms_backend.contract.apart import apart
from cms_backend.contract.append import refresh
from cms_backend.contract.judging import United
from cms_backend.contract.outcome import LOG_WITHIN
from cms_backend.contract.receipts import ReceiptWriter
from cms_backend.core.canonical import encode
from cms_backend.core.document import SealedDocument
from cms_backend.core.errors import LifecycleError
from cms_backend.core.events import Action, Envelope
from cms_backend.core.hashing import digest_of
from cms_backend.core.ids import Digest, Time
from cms_backend.core.merge import roots_of
from cms_backend.core.merge_logs import named_ledgers
from cms_backend.core.slots import slot_of
from cms_backend.core.statements import Resolution
from cms_backend.identity import repository as identity_repository
from cms_backend.log import repository as log_repository
from cms_backend.log.repository import Leaf
from cms_backend.log.service import OwnLog

Object = dict[str, Any]


async def keep(
    connection: AsyncConnection,
    log: OwnLog,
    united: United,
    row: held.Row | None,
    new: Sequence[Envelope],
    now: Time,
) -> None:
    """Keep a united record; of its events those in ``new``, and those that are stored."""
    evidence = united.evidence
    if row is None:
        n = await repository.next_number(connection)
        await repository.add_shell(connection, n, evidence.contract, evidence.genesis, now)
    else:
        n = row["n"]
        await repository.set_genesis(connection, n, evidence.genesis)
    others = await repository.take_over(connection, n, [one.digest for one in evidence.envelopes])
    stored = await _events(connection, n, united, new, now)
    size = len(evidence.envelopes) + len(evidence.documents)
    await repository.replace_documents(connection, n, await apart(lambda: _documents(united, stored), size))
    await repository.replace_attachments(connection, n, evidence.attachments)
    await identity_repository.keep(connection, [_resolution(one) for one in evidence.resolutions])
    await _key_ends(connection, n, united, log.vkey, now)
    sections = await apart(lambda: _sections(united, n, log.vkey), size)
    await repository.keep_foreign_logs(connection, n, sections)
    ordinal = await _enter(connection, n, log, united, now)
    await _places(connection, n, log, united, ordinal)
    await refresh(connection, n, log, now if new else None)
    for other in others:
        try:
            await refresh(connection, other, log, None)
        except LifecycleError:
            continue  # nothing opens that record: its own file will


async def _events(
    connection: AsyncConnection, n: int, united: United, new: Sequence[Envelope], now: Time
) -> set[str]:
    """Keep the new events, drop what holds in no file; the digests of all that are stored now."""
    stored = {row["digest"]: row for row in await repository.places_of(connection, n)}
    good = {one.digest for one in united.evidence.envelopes}
    junk = [digest for digest, row in stored.items() if digest not in good and row["receipt"] is None]
    await repository.remove_events(connection, n, junk)
    missing = [one for one in new if one.digest not in stored]
    await repository.add_events(connection, n, missing, now, united.undecided)
    return stored.keys() - set(junk) | {one.digest for one in missing}


async def _enter(connection: AsyncConnection, n: int, log: OwnLog, united: United, now: Time) -> int | None:
    """Which of the record's logs is this backend's; a record that was moved here gets its opening leaf."""
    settled = None if united.states is None else united.states.settled
    keys = [] if settled is None else homes.log_keys(settled)
    if log.vkey not in keys:
        return await repository.own_log_of(connection, n)
    ordinal = keys.index(log.vkey)
    await repository.set_own_log(connection, n, ordinal)
    if settled is None or ordinal == 0 or ordinal < len(keys) - 1:
        return ordinal
    door = next(
        one for one in settled.spine if one.action is Action.moved and one.details["log"]["vkey"] == log.vkey
    )
    if not await held.places_in(connection, log, [door.digest]):
        await _open(connection, log, door, united.evidence.genesis, now)
    return ordinal


async def _open(connection: AsyncConnection, log: OwnLog, door: Envelope, genesis: Digest, now: Time) -> None:
    log.check_open()
    slot = slot_of(door, genesis)
    assert slot is not None  # noqa: S101  # a spine event has a slot
    by = Time.from_datetime(datetime.fromisoformat(now) + LOG_WITHIN)
    receipt = ReceiptWriter(log.operator, log.origin).write(
        envelope=door.digest, slot=slot, received_at=now, log_by=by
    )
    await repository.set_receipt(connection, door.digest, receipt)
    await log_repository.enqueue(connection, log.id, [Leaf(slot.raw, door.digest.raw)], now)


async def _places(
    connection: AsyncConnection, n: int, log: OwnLog, united: United, ordinal: int | None
) -> None:
    """Note where the logs hold the events: other logs as verified, this backend's as it is."""
    rows = await repository.places_of(connection, n)
    digests = [Digest(row["digest"]) for row in rows]
    own = await held.places_in(connection, log, digests)
    events = {one.digest: one.event_digest for one in united.evidence.envelopes if one.action is Action.moved}
    changed = []
    for row, digest in zip(rows, digests, strict=True):
        index = own.get(digest)
        here = None if index is None or index >= held.PROMISED or ordinal is None else (ordinal, index)
        place = _place(united, digest, events.get(digest), here)
        if place != (row["log"], row["idx"], row["opens"]):
            changed.append(dict(zip(("of", "log", "index", "opens"), (digest, *place), strict=True)))
    await repository.place_all(connection, changed)


def _place(
    united: United, digest: Digest, event: Digest | None, here: tuple[int, int] | None
) -> tuple[int | None, int | None, int | None]:
    """(log, index, opens) of an event: its place, and the second leaf of a `moved`. ``here``: in the own log."""
    place = united.findings.places.get(digest)
    if place is None:
        return (None, None, None) if here is None else (*here, None)
    opens = None if event is None else united.findings.doors.get(event)
    if here is not None and here[0] == place.log + 1:
        opens = here[1]
    return place.log, place.index, opens


def _documents(united: United, stored: Collection[str]) -> list[Object]:
    """The texts of stored events; an event that is to be admitted brings its own."""
    named = [one for one in united.evidence.envelopes if one.digest in stored]
    roots = {one.document.root for one in named}
    found = []
    given = roots_of(united.evidence.documents, named)
    for document, root in zip(united.evidence.documents, given, strict=True):
        if root not in roots:
            continue
        revision = document.document.revision if isinstance(document, SealedDocument) else document.revision
        found.append({"root": root, "revision": revision, "body": encode(document.to_json())})
    return found


def _sections(united: United, n: int, own_vkey: str) -> list[Object]:
    found, handovers = [], {one.log: one for one in united.findings.handovers}
    for ordinal, section in enumerate(united.evidence.logs):
        if section.vkey == own_vkey:
            continue
        ledgers = named_ledgers([section])
        listed = [
            one.to_json() for one in united.evidence.anchors if (one.chain, one.ledger, one.log_id) in ledgers
        ]
        found.append(
            {
                "contract": n,
                "vkey": section.vkey,
                "ordinal": ordinal,
                "body": orjson.dumps(section.to_json()),
                "anchors": orjson.dumps(listed),
                "successor": handovers[ordinal].vkey if ordinal in handovers else None,
                "successor_idx": handovers[ordinal].index if ordinal in handovers else None,
            }
        )
    return found


async def _key_ends(connection: AsyncConnection, n: int, united: United, own_vkey: str, now: Time) -> None:
    """Keep KeyEnds, which are no contract's own, and where this contract's logs hold them."""
    links = []
    for end in united.evidence.key_ends:
        row = await repository.key_end_by_digest(connection, end.digest)
        if row is None:
            number = await repository.add_key_end(
                connection,
                {
                    "digest": end.digest,
                    "statement": digest_of(end.statement),
                    "key": end.key,
                    "body": encode(end.json),
                    "accepted_at": now,
                    "undecided": end.digest in united.findings.unsigned,
                },
            )
        else:
            number = row["id"]
        place = united.findings.places.get(end.digest)
        if place is not None and united.findings.logs[place.log].vkey != own_vkey:
            links.append({"contract": n, "key_end": number, "log": place.log, "idx": place.index})
    await repository.replace_key_end_links(connection, n, links)


def _resolution(one: Resolution) -> Object:
    return {
        "digest": one.digest,
        "did": one.did,
        "key": one.key,
        "body": encode(one.json),
        "resolved_at": one.resolved_at,
    }
