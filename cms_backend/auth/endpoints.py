"""Attaching to an embedded backend; login: a challenge, then a token."""

import time
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from cms_backend.auth.challenge import Challenges
from cms_backend.auth.jwt import TokenIssuer
from cms_backend.core.errors import FormError
from cms_backend.core.ids import Time
from cms_backend.http.bodies import body_of, json_response, read_members
from cms_backend.http.problems import PROBLEM_RESPONSES

_LIMIT = 32 * 1024
_ASK = frozenset({"did"})
_ANSWER = frozenset({"did", "challenge", "signature"})

_TEXT = {"type": "string"}
_TIME = {"type": "string", "format": "date-time"}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


SCHEMAS: dict[str, Any] = {
    "AttachRequest": _object(nonce=_TEXT),
    "AttachProof": _object(nonce=_TEXT, proof=_TEXT),
    "LoginRequest": _object(did=_TEXT),
    "LoginChallenge": _object(challenge=_TEXT, expires_at=_TIME),
    "LoginAnswer": _object(did=_TEXT, challenge=_TEXT, signature=_TEXT),
    "LoginToken": _object(token=_TEXT, expires_at=_TIME),
}


def _strings(body: dict[str, Any]) -> dict[str, str]:
    for name, value in body.items():
        if not isinstance(value, str):
            raise FormError(f"{name} is not a string.")
    return body


def _result(schema: str) -> dict[int | str, dict[str, Any]]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {200: {"description": "Done", "content": content}}


#: ``POST /attach`` is answered by the gate, before any route.
ATTACH_PATH: dict[str, Any] = {
    "post": {
        "tags": ["login"],
        "summary": "Proof that this is the backend of run.json",
        "operationId": "attach",
        **body_of("AttachRequest"),
        "responses": {
            **{str(status): answer for status, answer in PROBLEM_RESPONSES.items()},
            **{str(status): answer for status, answer in _result("AttachProof").items()},
        },
    }
}


def router(challenges: Challenges, tokens: TokenIssuer) -> APIRouter:
    """The routes of this slice."""
    routes = APIRouter(prefix="/auth", tags=["login"])

    @routes.post(
        "/challenge",
        summary="A text for a DID to sign",
        response_class=Response,
        responses=_result("LoginChallenge"),
        openapi_extra=body_of("LoginRequest"),
    )
    async def challenge(request: Request) -> Response:
        body = _strings(await read_members(request, _LIMIT, _ASK))
        asked = await challenges.ask(body["did"])
        return json_response({"challenge": asked.text, "expires_at": Time.from_datetime(asked.expires)})

    @routes.post(
        "/verify",
        summary="A token for the signed text",
        response_class=Response,
        responses=_result("LoginToken"),
        openapi_extra=body_of("LoginAnswer"),
    )
    async def verify(request: Request) -> Response:
        body = _strings(await read_members(request, _LIMIT, _ANSWER))
        did = await challenges.check(body["did"], body["challenge"], body["signature"])
        token, expires = tokens.issue(did, time.time())
        expires_at = Time.from_datetime(datetime.fromtimestamp(expires, UTC))
        return json_response({"token": token, "expires_at": expires_at})

    return routes
