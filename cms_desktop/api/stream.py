"""What changes at the backend, as it changes: its event stream, resumed by itself after a break."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final, Literal

import httpx
import orjson
from httpx_sse import EventSource, SSEError

from cms_backend.core.errors import CmsError, FormError
from cms_backend.core.ids import ContractId, Digest
from cms_desktop.api.client import Client, problem_of
from cms_desktop.api.errors import BackendSilent

Kind = Literal["contract", "log", "anchor", "backend", "connected", "lost", "refused"]
LogIn = Callable[[Client], Awaitable[str]]
"""Logs in again, and gives the new token. CmsError when that cannot be."""

_KINDS: Final = frozenset({"contract", "log", "anchor", "backend"})
_REFUSED: Final = frozenset({401, 403})
_FIRST_PAUSE: Final = 0.25
_LONGEST_PAUSE: Final = 10.0
_STEADY: Final = 10.0


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `connected` also means: read again what you show, something may have been missed.

    `lost`: there is no connection; it comes once in an outage. `refused`: the backend does not let this program in, and
    `what` says why; it is the last one.
    """

    kind: Kind
    contract: ContractId | None
    digest: Digest | None
    what: str


async def changes(client: Client, *, log_in: LogIn | None = None) -> AsyncIterator[Change]:
    """All changes from now on, resumed after every outage. Ends only after `refused`.

    `log_in`: asked once whenever the backend does not take the client's token (any more).
    """
    pauses, told, asked = _Pauses(), False, False
    while True:
        since: float | None = None
        try:
            async with _connection(client) as answer:
                if answer.status_code not in _REFUSED:
                    _check_stream(answer)
                    yield Change("connected", None, None, "")
                    told = asked = False
                    since = asyncio.get_running_loop().time()
                    async for event in EventSource(answer).aiter_sse():
                        change = _change(event.event, event.data)
                        if change is not None:
                            yield change
                else:
                    await answer.aread()
                    if asked or log_in is None:
                        yield _refused(problem_of(answer).to_error())
                        return
                    client.use_token(await log_in(client))
                    asked = True
                    continue
        except (httpx.HTTPError, SSEError, BackendSilent):
            pass
        except CmsError as error:
            yield _refused(error)
            return
        if not told:
            yield Change("lost", None, None, "")
            told = True
        await pauses.pause(0.0 if since is None else asyncio.get_running_loop().time() - since)


def _check_stream(answer: httpx.Response) -> None:
    """Raise unless this is the backend's stream: what stands between may answer in its place."""
    answer.raise_for_status()
    if answer.headers.get("Content-Type", "").partition(";")[0].strip() != "text/event-stream":
        raise SSEError("the answer is no stream of events")


def _connection(client: Client) -> AbstractAsyncContextManager[httpx.Response]:
    # The backend says something every 15 seconds; one that is silent for four of them is gone.
    return client.http.stream("GET", "/api/v1/stream", timeout=httpx.Timeout(10.0, read=60.0))


class _Pauses:
    """Exponential back-off with jitter; only a connection that held for a while begins it anew."""

    def __init__(self) -> None:
        self._next = _FIRST_PAUSE

    async def pause(self, lasted: float) -> None:
        if lasted >= _STEADY:
            self._next = _FIRST_PAUSE
        await asyncio.sleep(self._next * (0.5 + secrets.randbelow(1000) / 2000))
        self._next = min(_LONGEST_PAUSE, self._next * 2)


def _refused(error: CmsError) -> Change:
    return Change("refused", None, None, " ".join(filter(None, (error.detail, error.remedy))))


def _change(name: str, data: str) -> Change | None:
    if name not in _KINDS:
        return None
    try:
        raw: Any = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(raw, dict):
        return None
    contract, digest = raw.get("contract"), raw.get("digest")
    try:
        return Change(
            name,  # type: ignore[arg-type]  # one of _KINDS
            None if contract is None else ContractId.parse(contract),
            None if digest is None else Digest.parse(digest),
            str(raw.get("what") or raw.get("status") or ""),
        )
    except FormError:
        return None
