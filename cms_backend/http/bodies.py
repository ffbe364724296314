"""Request bodies, bounded and read by the protocol's strict parser, and JSON answers."""

from typing import Any, cast

import orjson
from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from cms_backend.core.canonical import parse
from cms_backend.core.errors import CmsError, FormError

JSON = "application/json"


class TooLarge(CmsError):
    """The body is larger than its endpoint takes."""

    code = "http.too-large"
    status = 413


class Incomplete(CmsError):
    """The client went away in the middle of its body."""

    code = "http.incomplete"
    status = 400


def json_response(value: Any, status: int = 200) -> Response:
    """A JSON answer; ``orjson.Fragment`` members go out as they are stored."""
    return Response(orjson.dumps(value), status, media_type=JSON)


async def read_body(request: Request, limit: int) -> bytes:
    """The body, of at most ``limit`` bytes: a larger one is refused before it is held. Raises TooLarge."""
    announced = request.headers.get("content-length", "")
    size = int(announced) if announced.isascii() and announced.isdigit() else 0
    chunks = []
    try:
        if size <= limit:
            size = 0
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    break
                chunks.append(chunk)
    except ClientDisconnect as error:
        raise Incomplete("The request ended before its body did.") from error
    if size > limit:
        raise TooLarge(
            f"The request's body is larger than the {limit} bytes that this takes.",
            remedy="Send less at once. Attachments travel in evidence files, not in events.",
        )
    return b"".join(chunks)


async def read_json(request: Request, limit: int) -> Any:
    """The body as protocol JSON. Raises TooLarge, FormError."""
    return parse(await read_body(request, limit), limit=limit)


async def read_members(request: Request, limit: int, members: frozenset[str]) -> dict[str, Any]:
    """The body as an object of exactly these members. Raises TooLarge, FormError."""
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
