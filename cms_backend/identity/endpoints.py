"""Resolutions that are kept: on whose word which key belongs to a DID that does not certify itself."""

from collections.abc import Callable
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from cms_backend.core.did import did_from_outside
from cms_backend.db.session import Database
from cms_backend.http.bodies import json_response
from cms_backend.identity.repository import resolutions_for

SCHEMAS: dict[str, Any] = {
    "Resolutions": {
        "type": "object",
        "required": ["items"],
        "properties": {"items": {"type": "array", "items": {"type": "object"}}},
    }
}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Done",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Resolutions"}}},
    }
}


def router(database: Database, guard: Callable[..., Any]) -> APIRouter:
    """The routes of this slice; ``guard`` is the dependency that lets callers in."""
    routes = APIRouter(tags=["identity"], dependencies=[Depends(guard)])

    @routes.get(
        "/resolutions",
        summary="Which key a DID named, on whose word, and when",
        response_class=Response,
        responses=_ANSWER,
    )
    async def resolutions(did: Annotated[str, Query(max_length=2048)]) -> Response:
        parsed = did_from_outside(did)
        async with database.read() as connection:
            found = await resolutions_for(connection, [parsed])
        return json_response({"items": [orjson.Fragment(body) for body in found]})

    return routes
