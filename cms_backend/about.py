"""Endpoints about the backend itself: health, status, anchors, the way to its ledger, and its end."""

import os
from collections.abc import Callable
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from cms_backend.anchoring import repository as anchors
from cms_backend.auth.dependencies import caller, local_caller
from cms_backend.core.canonical import Json
from cms_backend.core.errors import FormError
from cms_backend.db.session import Database
from cms_backend.http.bodies import body_of, json_response, read_json
from cms_backend.http.presence import while_there
from cms_backend.ledger.adapter import Ledger
from cms_backend.ledger.rpc import answer
from cms_backend.log.service import OwnLog

_RPC_LIMIT = 64 * 1024
_MAX_BATCH = 100

SCHEMAS: dict[str, Any] = {
    "Health": {
        "type": "object",
        "required": ["status", "version", "instance", "pid"],
        "properties": {
            "status": {"const": "ok"},
            "version": {"type": "string"},
            "instance": {"type": "string"},
            "pid": {"type": "integer"},
        },
    },
    "Status": {
        "type": "object",
        "required": ["log", "ledger", "anchors", "queue"],
        "properties": {
            "log": {"type": "object"},
            "ledger": {"type": "object"},
            "anchors": {"type": "object"},
            "queue": {"type": "integer"},
        },
    },
    "Anchors": {
        "type": "object",
        "required": ["items"],
        "properties": {"items": {"type": "array", "items": {"type": "object"}}},
    },
    "RpcRequest": {"type": ["object", "array"]},
}


class Reporting(Protocol):
    """What these routes need of the running backend."""

    version: str
    instance: str
    database: Database
    log: OwnLog
    ledger: Ledger | None
    on_stop_request: Callable[[], None]

    async def status(self) -> dict[str, Any]:
        """The answer of ``GET /status``."""
        ...


def _answer(schema: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {status: {"description": "Done", "content": content}}


def router(backend: "Reporting") -> APIRouter:
    """The routes under the API's prefix."""
    routes = APIRouter(tags=["backend"])

    @routes.get("/health", summary="Is it there?", response_class=Response, responses=_answer("Health"))
    async def health() -> Response:
        return json_response(
            {"status": "ok", "version": backend.version, "instance": backend.instance, "pid": os.getpid()}
        )

    @routes.get(
        "/status",
        summary="How log, ledger and queue stand",
        response_class=Response,
        responses=_answer("Status"),
        dependencies=[Depends(caller)],
    )
    async def status() -> Response:
        return json_response(await backend.status())

    @routes.get(
        "/anchors",
        summary="The newest anchors first",
        response_class=Response,
        responses=_answer("Anchors"),
        dependencies=[Depends(caller)],
    )
    async def newest(limit: Annotated[int, Query(ge=1, le=_MAX_BATCH)] = 50) -> Response:
        async with backend.database.read() as connection:
            found = await anchors.anchors_of(connection, backend.log.id, limit=limit)
        return json_response({"items": [{**one.to_json(), "status": one.status} for one in found]})

    @routes.post(
        "/backend/stop",
        status_code=202,
        summary="End the backend",
        response_class=Response,
        dependencies=[Depends(local_caller)],
    )
    async def stop() -> Response:
        backend.on_stop_request()
        return json_response({"stopping": True}, 202)

    return routes


def ledger_router(backend: "Reporting") -> APIRouter:
    """``POST /ledger/rpc``: the read-only way to the ledger, so that verifiers ask any ledger in one way."""
    routes = APIRouter(tags=["ledger"])

    @routes.post(
        "/ledger/rpc",
        summary="Read-only JSON-RPC of the ledger",
        response_class=Response,
        openapi_extra=body_of("RpcRequest"),
        dependencies=[Depends(caller)],
    )
    async def rpc(request: Request) -> Response:
        try:
            body = await read_json(request, _RPC_LIMIT)
        except FormError as error:
            return json_response(_rpc_error(-32700, error.detail))
        ledger = backend.ledger
        if ledger is None:
            return json_response(_rpc_error(-32603, "The ledger is still starting."))
        found = await while_there(request, answer(ledger, body))
        return Response(status_code=204) if found is None else json_response(found)

    return routes


def _rpc_error(code: int, message: str) -> Json:
    return {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": message}}
