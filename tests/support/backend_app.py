"""The whole backend in this process on a temporary home, spoken to over ASGI."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import structlog

from cms_backend.app import PREFIX, Backend, create_app
from cms_backend.config import Settings
from cms_backend.contract.endpoints import EVIDENCE_TYPE
from cms_backend.core import attach
from cms_backend.core.signatures import Signer, sign_login
from cms_backend.log.repository import queue_length
from tests.support.backend_contracts import Sent, Story

SECRET = "5" * 64
ATTACHED = {attach.HEADER: attach.credential(SECRET, "a" * 64, "b" * 64)}
"""The header of a program that knows the launch secret."""
NOBODY = {attach.HEADER: ""}


class Api:
    """A backend and a client of it that holds the launch secret."""

    def __init__(self, backend: Backend, client: httpx.AsyncClient) -> None:
        self.backend = backend
        self.client = client
        self.log = {"vkey": backend.log.vkey, "operator": str(backend.log.operator.did)}

    async def get(self, path: str, status: int = 200, **options: Any) -> Any:
        """The JSON of a GET that must answer with ``status``."""
        response = await self.client.get(f"{PREFIX}{path}", **options)
        assert response.status_code == status, response.text
        json_types = ("application/json", "application/problem+json")
        return response.json() if response.headers["content-type"] in json_types else response.content

    async def post(self, path: str, body: Any, status: int | None = None, **options: Any) -> Any:
        """The JSON of a POST; bytes go as they are, under the type that their address takes."""
        content: dict[str, Any] = {"json": body}
        if isinstance(body, bytes):
            kind = EVIDENCE_TYPE if path == "/contracts/import" else "application/json"
            options["headers"] = {"Content-Type": kind, **options.get("headers", {})}
            content = {"content": body}
        response = await self.client.post(f"{PREFIX}{path}", **content, **options)
        if status is not None:
            assert response.status_code == status, response.text
        return response.json()

    async def send(self, sent: Sent, status: int = 201) -> Any:
        """Post one event to where it belongs."""
        contract = sent.envelope["contract"]
        created = sent.envelope["action"] == "created"
        path = "/contracts" if created else f"/contracts/{contract}/events"
        return await self.post(path, sent.body, status)

    async def tell(self, story: Story) -> None:
        """Post a whole story."""
        for sent in story.sent:
            await self.send(sent)

    async def sequenced(self) -> int:
        """Sequence whatever stands in line for the log; its size."""
        while True:
            await self.backend.sequencer.sequence()
            log = self.backend.log
            async with self.backend.database.read() as connection:
                if not await queue_length(connection) and await log.size_in(connection) == log.size:
                    return log.size
            await asyncio.sleep(0.01)  # the backend's own sequencer holds a batch

    async def login(self, signer: Signer) -> dict[str, str]:
        """The headers of a logged-in person."""
        asked = await self.post("/auth/challenge", {"did": signer.did}, 200)
        signature = sign_login(asked["challenge"], signer)
        body = {"did": signer.did, "challenge": asked["challenge"], "signature": signature}
        token = (await self.post("/auth/verify", body, 200))["token"]
        return {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def running_api(
    home: Path, *, launch_secret: str | None = SECRET, **settings: Any
) -> AsyncIterator[Api]:
    """Start on a home as ``serve`` does, and stop at the end; again on the same home as often as wanted.

    ``launch_secret`` None: a server, where a login is what lets in.
    """
    # Without this every expected refusal would be rendered for a terminal.
    structlog.configure(
        processors=[structlog.processors.KeyValueRenderer()], logger_factory=structlog.ReturnLoggerFactory()
    )
    values = {"home": home, "keys": "file", "log": {"batch_interval_seconds": 0.01}, **settings}
    # Its LogStatements would take places in the log that these stories count; tests of anchoring ask for it.
    values.setdefault("blockchain", {"enabled": False})
    backend = Backend.open(Settings(**values), launch_secret=launch_secret, instance="0" * 32)
    transport = httpx.ASGITransport(create_app(backend), raise_app_exceptions=False)
    headers = ATTACHED if launch_secret else {}
    async with (
        backend.running(),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client,
    ):
        yield Api(backend, client)
