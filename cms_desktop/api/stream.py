"""What changes at the backend, as it changes: its event stream, resumed by itself after a break."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import httpx
import orjson
from httpx_sse import EventSource, SSEError

from cms_backend.core.errors import FormError
from cms_backend.core.ids import ContractId, Digest
from cms_desktop.api.client import Client

Kind = Literal["contract", "log", "anchor", "backend", "connected", "lost"]
_KINDS: Final = frozenset({"contract", "log", "anchor", "backend"})
_LONGEST_PAUSE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `connected` also means: read again what you show, something may have been missed."""

    kind: Kind
    contract: ContractId | None
    digest: Digest | None
    what: str


async def changes(client: Client) -> AsyncIterator[Change]:
    """All changes from now on. Never ends by itself; cancel the task that reads it."""
    pause = 0.25
    while True:
        try:
            timeout = httpx.Timeout(10.0, read=60.0)
            request = client.http.stream("GET", "/api/v1/stream", timeout=timeout)
            async with request as answer:
                answer.raise_for_status()
                yield Change("connected", None, None, "")
                pause = 0.25
                async for event in EventSource(answer).aiter_sse():
                    change = _change(event.event, event.data)
                    if change is not None:
                        yield change
        except (httpx.HTTPError, SSEError):
            pass
        yield Change("lost", None, None, "")
        await asyncio.sleep(pause)
        pause = min(_LONGEST_PAUSE, pause * 2)


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
