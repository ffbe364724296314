"""Real backend processes for the client's tests: killed, started again, told stories to."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from cms_desktop.api.client import Client
from tests.support.backend_contracts import Story
from tests.support.backend_process import BackendProcess
from tests.support.ledger_anvil import free_port

PATIENCE = 20.0


class Backend:
    """One home on one port, whatever process serves it."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.process: BackendProcess | None = None

    @property
    def base_url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self, port: int | None = None) -> BackendProcess:
        """Start it on its port, or on another one."""
        made = BackendProcess(self.home, "--port", str(port or self.port))
        self.process = made
        await asyncio.to_thread(made.ready)
        return made

    async def kill(self) -> None:
        """No farewell."""
        if self.process is not None:
            self.process.process.kill()
            await asyncio.to_thread(self.process.process.communicate)
            self.process = None

    def local(self) -> Client:
        """A client of the person at this computer."""
        assert self.process is not None
        return Client(self.base_url, launch_secret=self.process.run["launch_secret"])


def story_of(process: BackendProcess, title: str = "Lift maintenance", **members: Any) -> Story:
    """A contract in the backend's own log."""
    info = process.get("/log/info")
    return Story({name: info[name] for name in ("vkey", "operator")}, title=title, **members)


async def logged(client: Client, size: int) -> None:
    """Wait for the log to have signed a checkpoint of that size: acceptance does not."""
    async with asyncio.timeout(PATIENCE):
        while (await client.status()).log_size < size:
            await asyncio.sleep(0.02)
