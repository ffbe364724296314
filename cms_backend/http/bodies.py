"""Request bodies, read by the protocol's strict parser, and JSON answers."""

from collections.abc import Mapping
from typing import Any, cast

import orjson
from fastapi import Request
from starlette.responses import Response

from cms_backend.core.canonical import parse
from cms_backend.core.errors import FormError

JSON = "application/json"


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer; ``orjson.Fragment`` members go out as they are stored."""
    return Response(orjson.dumps(value), status, media_type=JSON, headers=headers)


async def read_json(request: Request, limit: int) -> Any:
    """The body as protocol JSON. Raises FormError."""
    return parse(await request.body(), limit=limit)


async def read_members(request: Request, limit: int, members: frozenset[str]) -> dict[str, Any]:
    """The body as an object of exactly these members. Raises FormError."""
    value = await read_json(request, limit)
    if not isinstance(value, dict) or value.keys() != members:
        raise FormError(f"The request's body must be an object with exactly: {', '.join(sorted(members))}.")
    return cast("dict[str, Any]", value)


def body_of(schema: str, media_type: str = JSON) -> dict[str, Any]:
    """The OpenAPI entry of a body that an endpoint reads by itself."""
    return {
        "requestBody": {
            "required": True,
            "content": {media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
        }
    }
