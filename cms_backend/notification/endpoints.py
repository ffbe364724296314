"""``GET /stream``: server-sent events (WHATWG HTML, section 9.2)."""

import asyncio
from collections.abc import AsyncIterator

import orjson
from fastapi import APIRouter, Depends
from starlette.responses import Response, StreamingResponse

from cms_backend.auth.dependencies import caller
from cms_backend.auth.gate import Caller
from cms_backend.notification.bus import Bus

_KEEP_ALIVE_SECONDS = 15.0


def router(bus: Bus) -> APIRouter:
    """The routes of this slice."""
    routes = APIRouter(tags=["stream"])

    async def lines(did: str | None) -> AsyncIterator[bytes]:
        async with bus.subscribe(did) as subscription:
            yield b"retry: 1000\n: connected\n\n"
            while True:
                try:
                    message = await asyncio.wait_for(subscription.queue.get(), _KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if message is None:
                    return
                yield b"event: %s\ndata: %s\n\n" % (message.name.encode(), orjson.dumps(message.data))

    @routes.get(
        "/stream",
        summary="What changes, as it changes",
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
        response_class=Response,
    )
    async def stream(who: Caller = Depends(caller)) -> Response:
        return StreamingResponse(
            lines(None if who.local else who.did),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    return routes
