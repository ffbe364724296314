"""The log's own pages: what monitors, clients and verifiers compare. Hashes only; no login."""

import base64
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from cms_backend.core.errors import FormError
from cms_backend.core.ids import Digest
from cms_backend.db.session import Database
from cms_backend.http.bodies import json_response, read_members
from cms_backend.http.problems import BadRequest
from cms_backend.log.service import NotInLog, OwnLog

MAX_LEAVES = 10_000
MAX_PROOFS = 1_000
_PROOFS = frozenset({"digests"})
_PROOFS_BODY = 128 * 1024
_DIGESTS: dict[str, Any] = {
    "type": "array",
    "maxItems": MAX_PROOFS,
    "items": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}
_MAX_SIZE = 2**53 - 1
Size = Annotated[int, Query(ge=0, le=_MAX_SIZE)]

_TEXT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}


def router(log: OwnLog, database: Database) -> APIRouter:
    """The routes of this slice."""
    routes = APIRouter(prefix="/log", tags=["log"])

    @routes.get("/info", summary="Who keeps the log, and which ledgers anchor it", response_class=Response)
    async def info() -> Response:
        return json_response(
            {
                "origin": log.origin,
                "vkey": log.vkey,
                "operator": log.operator.did,
                "ledgers": log.ledgers,
                "size": log.size,
                "frozen": log.frozen,
                "remedy": log.remedy,
            }
        )

    @routes.get(
        "/checkpoint", summary="The newest signed checkpoint (C2SP)", response_class=Response, responses=_TEXT
    )
    async def checkpoint() -> Response:
        if log.size == 0:
            raise NotInLog("The log is empty: there is no checkpoint yet.")
        return Response(log.note(log.size, log.root), media_type="text/plain; charset=utf-8")

    _inclusion(routes, log, database)

    @routes.get(
        "/consistency", summary="That a smaller tree is a prefix of a larger", response_class=Response
    )
    async def consistency(old: Size, new: Size) -> Response:
        proof = await log.consistency(old, new)
        note = log.note(new, await log.root_at(new)) if await log.has_checkpoint(new) else None
        return json_response({"old": old, "new": new, "proof": proof, "note": note})

    @routes.get(
        "/leaves", summary="The leaves of a range (64 bytes each: slot, digest)", response_class=Response
    )
    async def leaves(start: Size, end: Size) -> Response:
        if end < start or end - start > MAX_LEAVES:
            raise BadRequest(f"Ask for at most {MAX_LEAVES} leaves, from start to end.")
        found = await log.leaves(start, end)
        encoded = [base64.b64encode(slot + digest).decode() for slot, digest in found]
        return json_response({"start": start, "end": start + len(encoded), "leaves": encoded})

    return routes


def _inclusion(routes: APIRouter, log: OwnLog, database: Database) -> None:
    @routes.get("/inclusion/{digest}", summary="The inclusion proof of a digest", response_class=Response)
    async def inclusion(digest: Annotated[str, Path(pattern="^[0-9a-f]{64}$")]) -> Response:
        wanted = Digest.parse(digest).raw
        async with database.read() as connection:
            proof = (await log.inclusion(connection, [wanted], log.size)).get(wanted) if log.size else None
        if proof is None:
            raise NotInLog("The log holds no leaf of this digest, or not yet.")
        return json_response(
            {
                "digest": digest,
                "index": proof.index,
                "size": proof.size,
                "root": proof.root.hex(),
                "proof": proof.text,
            }
        )

    @routes.post(
        "/inclusion",
        summary="The inclusion proofs of many digests, all to one checkpoint",
        response_class=Response,
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["digests"],
                            "properties": {"digests": _DIGESTS},
                            "additionalProperties": False,
                        }
                    }
                },
            }
        },
    )
    async def inclusions(request: Request) -> Response:
        listed = (await read_members(request, _PROOFS_BODY, _PROOFS))["digests"]
        if not isinstance(listed, list) or len(listed) > MAX_PROOFS:
            raise FormError(f"Ask for the proofs of a list of at most {MAX_PROOFS} digests.")
        wanted = [Digest.parse(one).raw for one in listed]
        size = log.size
        async with database.read() as connection:
            proofs = await log.inclusion(connection, wanted, size) if size and wanted else {}
        return json_response(
            {"size": size, "proofs": {digest.hex(): proof.text for digest, proof in proofs.items()}}
        )
