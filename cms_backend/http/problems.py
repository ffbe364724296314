"""Problem details (RFC 9457): every refusal has a type, a title, words to act on and a stable code."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from cms_backend.core.errors import CmsError

MEDIA_TYPE = "application/problem+json"
_log = structlog.get_logger("http")

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "remedy", "request"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:cms:problem:signature.invalid"]},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "remedy": {"type": ["string", "null"]},
        "request": {"type": ["string", "null"]},
    },
}

#: What each path may answer besides its own results.
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status in (400, 401, 403, 404, 405, 409, 411, 413, 415, 421, 422, 429, 503, 507)
}


class NotFound(CmsError):
    """There is no such thing, or the caller may not know of it."""

    code = "http.not-found"
    status = 404


class BadRequest(CmsError):
    """The request itself (query, header, body) is malformed."""

    code = "http.bad-request"
    status = 400


def problem(error: CmsError, request_id: str | None = None) -> dict[str, Any]:
    """The members of a problem for an error."""
    extra = getattr(error, "members", None)
    body = _members(error.status, error.code, error.detail, error.remedy, request_id)
    return {**body, **extra} if isinstance(extra, Mapping) else body


def _members(
    status: int, code: str, detail: str, remedy: str | None = None, request_id: str | None = None
) -> dict[str, Any]:
    return {
        "type": f"urn:cms:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "remedy": remedy,
        "request": request_id,
    }


def _response(members: dict[str, Any]) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if members["status"] == HTTPStatus.UNAUTHORIZED else None
    return Response(orjson.dumps(members), members["status"], media_type=MEDIA_TYPE, headers=headers)


def problem_response(error: CmsError, request_id: str | None = None) -> Response:
    """An error as a response."""
    return _response(problem(error, request_id))


_BY_STATUS = {
    400: ("http.bad-request", "The request is malformed.", None),
    404: ("http.not-found", "There is nothing at this address.", None),
    405: ("http.method", "This address does not take that method.", None),
    413: (
        "http.too-large",
        "The request is larger than this backend takes.",
        "Send less at once; the limits are listed in the API description.",
    ),
}


def install(app: FastAPI) -> None:
    """Let every error of an app leave as a problem."""

    @app.exception_handler(CmsError)
    async def refused(request: Request, error: CmsError) -> Response:
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.warning("request.failed", code=error.code, status=error.status)
        return problem_response(error, request.scope.get("request_id"))

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        status = error.status_code
        code, detail, remedy = _BY_STATUS.get(status, ("http.refused", str(error.detail), None))
        response = _response(_members(status, code, detail, remedy, request.scope.get("request_id")))
        for name, value in (error.headers or {}).items():
            response.headers[name] = value
        return response

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        detail = f"{where}: {first['msg']}."
        return _response(_members(422, "http.parameter", detail, None, request.scope.get("request_id")))

    @app.exception_handler(Exception)
    async def crashed(request: Request, error: Exception) -> Response:
        _log.error("request.crashed", error=type(error).__name__, exc_info=error)
        members = _members(
            500,
            "cms.error",
            "The backend met a fault of its own.",
            "The log file has the details under the request's id.",
            request.scope.get("request_id"),
        )
        return _response(members)
