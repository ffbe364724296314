"""What is kept of other backends' logs: their inclusion proofs, checked once, and handed on as they came."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract import repository
from cms_backend.core.checkpoint import Checkpoint, locate_tlog_proof, open_note, parse_vkey
from cms_backend.core.errors import LogError
from cms_backend.core.events import Envelope
from cms_backend.core.ids import Digest
from cms_backend.core.inclusion import InclusionVerifier
from cms_backend.core.merkle import leaf_hash
from cms_backend.core.slots import key_slot, leaf_data, log_slot, slot_of
from cms_backend.core.statements import KeyEnd, LogStatement

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """One log of a file whose proofs all hold, with the anchors of that file."""

    ordinal: int
    vkey: str
    size: int
    body: Object
    anchors: list[Object]
    #: Where the log holds events and KeyEnds, by digest.
    places: dict[str, int]
    key_end_places: dict[str, int]


def check_section(
    ordinal: int,
    body: Object,
    anchors: Sequence[Object],
    *,
    genesis: str,
    envelopes: Sequence[Envelope],
    key_ends: Sequence[KeyEnd],
) -> Section:
    """Verify every proof of a log section. Raises LogError, FormError."""
    vkey = parse_vkey(body["vkey"])
    leaves: dict[str, bytes] = {}
    for envelope in envelopes:
        slot = slot_of(envelope, genesis)
        if slot is not None:
            leaves[envelope.digest] = leaf_data(slot, envelope.digest)
    for end in key_ends:
        leaves[end.digest] = leaf_data(key_slot(end.key), end.digest)
    statements = [LogStatement.from_json(value) for value in body["statements"]]
    for statement in statements:
        leaves[statement.digest] = leaf_data(log_slot(statement.number), statement.digest)
    verifier: InclusionVerifier | None = None
    head: Checkpoint | None = None
    indexes: dict[str, int] = {}
    for digest, text in body["proofs"].items():
        if digest not in leaves:
            raise LogError(f"The file has an inclusion proof of {digest}, but not the object.")
        proof = locate_tlog_proof(text)
        checkpoint = open_note(proof.note, vkey)
        if head is None or verifier is None:
            head, verifier = checkpoint, InclusionVerifier(checkpoint.size, checkpoint.root.raw)
        if checkpoint != head:
            raise LogError("The proofs of one log run to different checkpoints.")
        verifier.verify(leaf_hash(leaves[digest]), proof)
        indexes[digest] = proof.index
    log_ids = {ledger.log_id for statement in statements for ledger in statement.ledgers}
    ends = {end.digest for end in key_ends}
    return Section(
        ordinal=ordinal,
        vkey=vkey.text,
        size=0 if head is None else head.size,
        body=body,
        anchors=[one for one in anchors if one["log_id"] in log_ids],
        places={
            envelope.digest: indexes[envelope.digest] for envelope in envelopes if envelope.digest in indexes
        },
        key_end_places={Digest(digest): index for digest, index in indexes.items() if digest in ends},
    )


async def keep(connection: AsyncConnection, n: int, sections: Sequence[Section]) -> None:
    """Keep the better of each log's sections, held and new, and note where the log holds the events.

    Better is the one that proves more; of equals, the one that runs to the newer checkpoint.
    """
    rows = {row["vkey"]: dict(row) for row in await repository.foreign_logs_of(connection, n)}
    placed: list[Object] = []
    for section in sections:
        placed += [
            {"of": digest, "ordinal": section.ordinal, "index": index}
            for digest, index in section.places.items()
        ]
        old = rows.get(section.vkey)
        if old is not None and _worth(orjson.loads(old["body"])) > (
            len(section.body["proofs"]),
            section.size,
        ):
            continue
        rows[section.vkey] = {
            "contract": n,
            "vkey": section.vkey,
            "ordinal": section.ordinal,
            "body": orjson.dumps(section.body),
            "anchors": orjson.dumps(section.anchors),
        }
    await repository.keep_foreign_logs(connection, n, list(rows.values()))
    await repository.place_foreign(connection, placed)


def _worth(body: Object) -> tuple[int, int]:
    proofs = body["proofs"]
    if not proofs:
        return 0, 0
    note = locate_tlog_proof(next(iter(proofs.values()))).note
    return len(proofs), open_note(note, parse_vkey(body["vkey"])).size
