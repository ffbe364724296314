"""Taking an evidence file in (protocol, sections 3, 6 and 8).

What is at home elsewhere is held: the union of all events whose signatures pass. What is at home here goes through
``admit`` like any other event, but for events that another log had placed before the contract moved here.
"""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract import foreign, homes, repository
from cms_backend.contract.admission import Admission, check_signature
from cms_backend.contract.append import refresh
from cms_backend.contract.evidence import parties_of
from cms_backend.contract.live import LiveContracts
from cms_backend.contract.loading import load
from cms_backend.core.canonical import encode
from cms_backend.core.did import key_of_did
from cms_backend.core.disclosure import Disclosure
from cms_backend.core.document import Document, SealedDocument
from cms_backend.core.errors import CmsError, SlotTaken
from cms_backend.core.events import Action, Envelope, Kind
from cms_backend.core.evidence import Evidence
from cms_backend.core.hashing import digest_of
from cms_backend.core.ids import Digest, Time
from cms_backend.core.keys import parse_key
from cms_backend.core.lifecycle import Entry, replay
from cms_backend.core.signatures import verify_envelope, verify_secured
from cms_backend.core.statements import KeyEnd, Resolution
from cms_backend.db.session import Database
from cms_backend.http.problems import problem
from cms_backend.identity import repository as identity_repository
from cms_backend.log.service import OwnLog

Object = dict[str, Any]
_KINDS = {Kind.spine: 0, Kind.decision: 1, Kind.note: 2}


@dataclass(slots=True)
class Checked:
    """What a file brings, as far as it holds."""

    raw: Object
    envelopes: list[Envelope] = field(default_factory=list)
    sealed: dict[str, SealedDocument] = field(default_factory=dict)
    disclosed: dict[str, Object] = field(default_factory=dict)
    key_ends: list[KeyEnd] = field(default_factory=list)
    resolutions: list[Resolution] = field(default_factory=list)
    sections: list[foreign.Section] = field(default_factory=list)
    refused: list[Object] = field(default_factory=list)

    def refuse(self, error: CmsError, digest: str | None) -> None:
        """Remember what was not taken, and why."""
        self.refused.append({**problem(error), "digest": digest})


def check(data: bytes, own_vkey: str) -> Checked:
    """Read a file and verify every signature and proof in it. Raises EvidenceError for a file that
    is none.
    """
    Evidence.from_bytes(data)
    raw = orjson.loads(data)
    checked = Checked(raw)
    envelopes = [Envelope.from_json(value) for value in raw["envelopes"]]
    _check_documents(checked, envelopes)
    pinned = _pinned_keys(checked)
    for envelope in envelopes:
        try:
            _check_signature(envelope, pinned)
        except CmsError as error:
            checked.refuse(error, envelope.digest)
        else:
            checked.envelopes.append(envelope)
    for value in raw["key_ends"]:
        _keep_verified(checked, KeyEnd.from_json(value), checked.key_ends)
    for value in raw["resolutions"]:
        _keep_verified(checked, Resolution.from_json(value), checked.resolutions)
    for ordinal, section in enumerate(raw["logs"]):
        if section["vkey"] == own_vkey:
            continue
        try:
            checked.sections.append(
                foreign.check_section(
                    ordinal,
                    section,
                    raw["anchors"],
                    genesis=raw["genesis"],
                    envelopes=checked.envelopes,
                    key_ends=checked.key_ends,
                )
            )
        except CmsError as error:
            checked.refuse(error, None)
    return checked


def _check_documents(checked: Checked, envelopes: Sequence[Envelope]) -> None:
    refs = {envelope.document.revision: envelope.document for envelope in envelopes}
    for value in checked.raw["documents"]:
        if "content" in value:
            sealed = SealedDocument.from_json(value)
            checked.sealed[sealed.ref.root] = sealed
            continue
        ref = refs.get(value["revision"])
        if ref is None:
            continue
        try:
            Disclosure.from_json(value).check(ref)
        except CmsError as error:
            checked.refuse(error, ref.root)
        else:
            checked.disclosed[ref.root] = value


def _pinned_keys(checked: Checked) -> dict[str, set[str]]:
    """DID -> the keys that the file's documents pin for it."""
    pinned: dict[str, set[str]] = {}
    for value in checked.raw["documents"]:
        for party in parties_of(value):
            pinned.setdefault(party["did"], set()).add(party["key"])
    return pinned


def _check_signature(envelope: Envelope, pinned: dict[str, set[str]]) -> None:
    """Raise unless the actor's own key has signed, or, for a DID that does not tell it, one that is
    pinned.
    """
    keys = pinned.get(envelope.actor, set())
    if key_of_did(envelope.actor) is not None or not keys:
        check_signature(envelope)
        return
    for at, key in enumerate(sorted(keys)):
        try:
            verify_envelope(envelope, parse_key(key))
        except CmsError:
            if at == len(keys) - 1:
                raise
        else:
            return


def _keep_verified(checked: Checked, statement: Any, kept: list[Any]) -> None:
    try:
        key = key_of_did(statement.actor)
        if key is not None:
            verify_secured(statement.json, parse_key(key))
            kept.append(statement)
    except CmsError as error:
        checked.refuse(error, statement.digest)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: how many events it added or had known, and which are to be admitted still."""

    added: int
    known: int
    to_admit: list[Admission]
    #: KeyEnds for this backend's own log.
    to_end: list[KeyEnd]


class Importer:
    """Takes files in."""

    def __init__(self, database: Database, log: OwnLog, live: LiveContracts) -> None:
        self._database = database
        self._log = log
        self._live = live

    async def read(self, data: bytes) -> Checked:
        """Read and verify a file, in a thread. Raises EvidenceError."""
        return await asyncio.to_thread(check, data, self._log.vkey)

    async def take(self, checked: Checked) -> Taken:
        """Write what is held; what is at home here and new is left for ``admit``, in order."""
        contract = checked.raw["contract"]
        async with self._database.write() as connection:
            row = await repository.contract_by_id(connection, contract)
            if row is not None and row["genesis"] != checked.raw["genesis"]:
                raise SlotTaken(
                    "Another contract with this id is held here.",
                    remedy="Compare how the two records began: one of them is not the agreed one.",
                )
            known = await repository.known_statements(
                connection, [one.statement_digest for one in checked.envelopes]
            )
            new = [one for one in checked.envelopes if one.statement_digest not in known]
            held, to_admit, here = await self._split(connection, checked, row, new)
            if row is not None or held:
                await self._write(connection, checked, row, held, here=here)
        return Taken(
            added=len(held),
            known=len(known),
            to_admit=[_admission(checked, one) for one in to_admit],
            to_end=checked.key_ends if here else [],
        )

    async def _split(
        self, connection: AsyncConnection, checked: Checked, row: RowMapping | None, new: list[Envelope]
    ) -> tuple[list[Envelope], list[Envelope], bool]:
        """The new events that are only held, those for this backend's log, and: is it at home here?"""
        entries = [] if row is None else (await load(connection, row, self._log.vkey)).entries
        envelopes = [*(entry.envelope for entry in entries), *new]
        if not any(one.action is Action.created for one in envelopes):
            raise SlotTaken(
                "The file does not hold the event that opened the contract.",
                remedy="Ask for the whole evidence file.",
            )
        everything = [*entries, *(Entry(one, None, None) for one in sorted(new, key=causal))]
        state = replay(everything, checked_documents(checked), now=_now())
        if homes.home_of(state.spine, self._log.vkey).name != "here":
            return new, [], False
        elsewhere = {digest for section in checked.sections for digest in section.places}
        held = [one for one in new if one.digest in elsewhere]
        return held, sorted((one for one in new if one.digest not in elsewhere), key=causal), True

    async def _write(
        self,
        connection: AsyncConnection,
        checked: Checked,
        row: RowMapping | None,
        held: list[Envelope],
        *,
        here: bool,
    ) -> None:
        n = await repository.next_number(connection) if row is None else row["n"]
        self._live.forget([checked.raw["contract"]])
        if row is None:
            await repository.add_shell(connection, n, checked.raw["contract"], checked.raw["genesis"], _now())
        await repository.keep_documents(connection, n, *_document_rows(checked))
        await repository.add_events(connection, n, sorted(held, key=causal), _now())
        await repository.keep_attachments(connection, n, _attachments(checked))
        await identity_repository.keep(connection, [_resolution_row(one) for one in checked.resolutions])
        if not here:
            await self._keep_key_ends(connection, n, checked)
        await foreign.keep(connection, n, checked.sections)
        await refresh(connection, n, self._log.vkey, _now() if held else None)

    async def _keep_key_ends(self, connection: AsyncConnection, n: int, checked: Checked) -> None:
        places = {
            digest: (section.ordinal, index)
            for section in checked.sections
            for digest, index in section.key_end_places.items()
        }
        for end in checked.key_ends:
            statement = digest_of(end.statement)
            row = await repository.key_end_by_statement(connection, statement)
            if row is None:
                number = await repository.add_key_end(
                    connection,
                    {
                        "digest": end.digest,
                        "statement": statement,
                        "key": end.key,
                        "body": encode(end.json),
                        "accepted_at": _now(),
                    },
                )
            else:
                number = row["id"]
            if end.digest in places:
                log, idx = places[end.digest]
                await repository.link_key_end(
                    connection, {"contract": n, "key_end": number, "log": log, "idx": idx}
                )


def _now() -> Time:
    return Time.from_datetime(datetime.now(UTC))


def causal(envelope: Envelope) -> tuple[int, int, int, str, str]:
    """A sort key: what an event builds on comes before it."""
    order = _KINDS[envelope.kind]
    return envelope.sequence, order, len(envelope.after), envelope.occurred_at, envelope.digest


def checked_documents(checked: Checked) -> dict[Digest, Document]:
    """The whole documents of a file by root."""
    return {Digest(root): sealed.document for root, sealed in checked.sealed.items()}


def _admission(checked: Checked, envelope: Envelope) -> Admission:
    brings = envelope.action in (Action.created, Action.proposed)
    return Admission(envelope, checked.sealed.get(envelope.document.root) if brings else None)


def _document_rows(checked: Checked) -> tuple[list[Object], list[Object]]:
    """The rows of whole documents, and of those with hidden parts."""
    sealed = [
        {"root": root, "revision": one.document.revision, "body": encode(one.to_json())}
        for root, one in checked.sealed.items()
    ]
    disclosed = [
        {"root": root, "revision": value["revision"], "body": encode(value)}
        for root, value in checked.disclosed.items()
    ]
    return sealed, disclosed


def _attachments(checked: Checked) -> dict[str, bytes]:
    return {digest: base64.b64decode(text) for digest, text in checked.raw["attachments"].items()}


def _resolution_row(one: Resolution) -> Object:
    return {
        "digest": one.digest,
        "did": one.did,
        "key": one.key,
        "body": encode(one.json),
        "resolved_at": one.resolved_at,
    }
