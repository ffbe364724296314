"""The evidence file of a contract (protocol, section 8), put together from what is stored.

Every proof of this backend's log runs to one checkpoint: the newest anchored one that covers all of the
contract's leaves, else the newest. The first anchor above each leaf comes along with a consistency proof,
because it is what bounds the event's time from above.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.anchoring import repository as anchors
from cms_backend.contract import homes, repository
from cms_backend.core.canonical import Json, encode
from cms_backend.core.events import Envelope, Kind
from cms_backend.core.hashing import sha256
from cms_backend.core.ids import Time
from cms_backend.core.signatures import secure
from cms_backend.core.statements import head_statement
from cms_backend.identity.repository import resolutions_for
from cms_backend.log.service import OwnLog

Object = dict[str, Any]


@dataclass(slots=True)
class Held:
    """What the store holds of one contract, parsed."""

    row: RowMapping
    events: Sequence[RowMapping]
    envelopes: list[Envelope]
    documents: list[Object]
    key_ends: list[RowMapping]
    resolutions: list[Object]
    foreign: Sequence[RowMapping]
    attachments: dict[str, bytes]
    foreign_places: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)


async def read(connection: AsyncConnection, row: RowMapping) -> Held:
    """Everything that is stored of a contract."""
    n = row["n"]
    events = await repository.events_of(connection, n)
    documents = [orjson.loads(one["body"]) for one in await repository.documents_of(connection, n)]
    parties = [party for document in documents for party in parties_of(document)]
    dids = sorted({party["did"] for party in parties})
    return Held(
        row=row,
        events=events,
        envelopes=[Envelope.from_json(orjson.loads(event["envelope"])) for event in events],
        documents=documents,
        key_ends=await key_ends_of(connection, {party["key"] for party in parties}),
        resolutions=[orjson.loads(body) for body in await resolutions_for(connection, dids)],
        foreign=await repository.foreign_logs_of(connection, n),
        attachments=await repository.attachments_of(connection, n),
        foreign_places=await repository.foreign_key_end_places(connection, n),
    )


def parties_of(document: Mapping[str, Any]) -> list[Object]:
    """The parties of a document, sealed or disclosed (they are never hidden)."""
    if "content" in document:
        return list(document["content"]["parties"])
    leaves = (entry["leaf"] for entry in document["disclosed"])
    return [value for _, path, value in leaves if path.startswith("/parties/")]


async def key_ends_of(connection: AsyncConnection, keys: set[str]) -> list[RowMapping]:
    """The KeyEnds of keys and of those that succeeded them."""
    found: dict[str, RowMapping] = {}
    open_keys = set(keys)
    seen: set[str] = set()
    while open_keys:
        seen |= open_keys
        for row in await repository.key_ends_for(connection, sorted(open_keys)):
            found[row["digest"]] = row
        successors = {orjson.loads(row["body"])["successor"] for row in found.values()}
        open_keys = {key for key in successors if key is not None} - seen
    return [found[digest] for digest in sorted(found)]


class EvidenceBuilder:
    """Builds evidence with this backend's log and operator."""

    def __init__(self, log: OwnLog) -> None:
        self._log = log

    async def build(self, connection: AsyncConnection, row: RowMapping) -> bytes:
        """The bytes of a contract's evidence file."""
        held = await read(connection, row)
        spine = [one for one in held.envelopes if one.kind is Kind.spine]
        logs: list[Object] = []
        anchored: list[Object] = []
        foreign = {one["vkey"]: one for one in held.foreign}
        for ordinal, vkey in enumerate(homes.log_keys(spine)):
            if vkey == self._log.vkey and ordinal == row["own_log"]:
                section, its_anchors = await self._own_section(connection, held, ordinal)
                logs.append(section)
                anchored += its_anchors
            elif vkey in foreign:
                logs.append(orjson.loads(foreign[vkey]["body"]))
                anchored += orjson.loads(foreign[vkey]["anchors"])
            else:
                logs.append(_empty_section(vkey))
        return file_bytes(
            {
                "format": "cmsproof/1",
                "contract": row["id"],
                "genesis": row["genesis"],
                "documents": sorted(held.documents, key=revision_of),
                "envelopes": [one.json for one in sorted(held.envelopes, key=lambda one: one.digest)],
                "key_ends": [orjson.loads(one["body"]) for one in held.key_ends],
                "resolutions": held.resolutions,
                "logs": logs,
                "anchors": sorted(anchored, key=_anchor_order),
                "attachments": {
                    digest: base64.b64encode(data).decode() for digest, data in held.attachments.items()
                },
            }
        )

    async def _own_section(
        self, connection: AsyncConnection, held: Held, ordinal: int
    ) -> tuple[Object, list[Object]]:
        log = self._log
        placed = {
            event["digest"]: event["idx"]
            for event in held.events
            if event["log"] == ordinal and event["idx"] is not None
        }
        ends = {end["digest"]: end["idx"] for end in held.key_ends if end["idx"] is not None}
        statements = [orjson.loads(body) for body in await log.statements(connection)]
        digests = [*placed, *ends, *(sha256(encode(one)).hex() for one in statements)]
        its_anchors = await anchors.anchors_for_evidence(connection, log.id)
        size = _checkpoint_size(
            max(placed.values(), default=-1) + 1,
            [one.size for one in its_anchors],
            await log.size_in(connection),
        )
        proofs = await log.inclusion(connection, [bytes.fromhex(one) for one in digests], size)
        listed = _bounding(its_anchors, placed.values(), size)
        consistency = [
            {
                "note": log.note(one.size, bytes.fromhex(one.root)),
                "proof": await log.consistency_in(connection, min(one.size, size), max(one.size, size)),
            }
            for one in listed
            if one.size != size
        ]
        proven = {digest.hex() for digest in proofs}
        said = [digest for one in statements if (digest := sha256(encode(one)).hex()) in proven]
        section = {
            "vkey": log.vkey,
            "statements": [one for one in statements if sha256(encode(one)).hex() in said],
            "proofs": {digest.hex(): proof.text for digest, proof in proofs.items()},
            "receipts": sorted(
                (
                    orjson.loads(event["receipt"])
                    for event in held.events
                    if event["receipt"] is not None and event["digest"] not in proven
                ),
                key=lambda one: str(one["envelope"]),
            ),
            "consistency": consistency,
            "head": await self._head(held, placed, ends, said, size) if held.row["home"] == "here" else None,
        }
        return section, [one.to_json() for one in listed]

    async def _head(
        self,
        held: Held,
        placed: Mapping[str, int],
        ends: Mapping[str, int],
        stated: Sequence[str],
        size: int,
    ) -> Object | None:
        """The last word up to `size`. `stated`: the digests of the log's own statements below it."""
        logged = [one for one in held.envelopes if placed.get(one.digest, size) < size]
        spine = [one for one in logged if one.kind is Kind.spine]
        if not spine:
            return None
        last = max(spine, key=lambda one: one.sequence)
        digests: list[str] = [one.digest for one in logged if one.kind is not Kind.note]
        digests += [digest for digest, index in ends.items() if index < size]
        digests += stated
        body = head_statement(
            actor=self._log.operator.did,
            vkey=self._log.vkey,
            contract=held.row["id"],
            genesis=held.row["genesis"],
            sequence=last.sequence,
            digests=digests,
            size=size,
            root=(await self._log.root_at(size)).hex(),
            occurred_at=Time.from_datetime(datetime.now(UTC)),
        )
        return secure(body, self._log.operator)


def _anchor_order(anchor: Object) -> tuple[str, str, str, int]:
    return anchor["chain"], anchor["ledger"], anchor["log_id"], anchor["size"]


def _empty_section(vkey: str) -> Object:
    return {"vkey": vkey, "statements": [], "proofs": {}, "receipts": [], "consistency": [], "head": None}


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
        wanted.update(sizes[(at := _first_above(sizes, index)) : at + 1])
    return sorted((one for one in its_anchors if one.size in wanted), key=lambda one: one.size)


def _first_above(sizes: Sequence[int], index: int) -> int:
    from bisect import bisect_right

    return bisect_right(sizes, index)


def revision_of(document: Mapping[str, Any]) -> int:
    """The revision of a sealed or disclosed document."""
    return int(document["content"]["revision"] if "content" in document else document["revision"])


def file_bytes(members: dict[str, Json]) -> bytes:
    """J of the members with the digest over them."""
    return encode({**members, "digest": sha256(encode(members)).hex()})
