"""A whole installation for view-models: a backend process, a wallet with two people, drafts, and a session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from cms_desktop.api.client import Client
from cms_desktop.api.memory import Memory
from cms_desktop.preferences import read_preferences, write_preferences
from cms_desktop.session import Session
from cms_desktop.viewmodels.contracts import ContractsViewModel
from cms_desktop.wallet.model import Wallet
from cms_desktop.workflow.drafts import DraftStore
from cms_desktop.workflow.workspace import Workspace
from tests.support.backend_process import BackendProcess
from tests.support.pages_session import WaitedTasks
from tests.support.wallet_home import wallet

PATIENCE = 20.0


@dataclass(slots=True)
class Installation:
    """What a view-model is given, and what it asked the shell for."""

    home: Path
    session: Session
    tasks: WaitedTasks
    wallet: Wallet
    client: Client
    workspace: Workspace
    went: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    told: list[tuple[str, str, object]] = field(default_factory=list)

    def forget(self) -> None:
        """This computer has never checked anything before."""
        self.session.set_backend(Workspace(self.client, self.session.drafts), self.client)

    def use(self, number: int) -> None:
        """The person at the screen uses another identity."""
        self.session.set_wallet(self.wallet, self.wallet.identities[number])

    def register(self) -> ContractsViewModel:
        """The register, with the choices that the home keeps; it is not entered yet."""
        keep = partial(write_preferences, self.home)
        return ContractsViewModel(self.session, read_preferences(self.home), keep)

    async def until(self, right: Callable[[], bool], again: Callable[[], None]) -> None:
        """Ask `again` until it is `right`; AssertionError when that takes too long."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while not right():
            assert loop.time() < end, "it did not come to be"
            again()
            await self.tasks.idle()
            await asyncio.sleep(0.1)


@asynccontextmanager
async def installation(home: Path, *people: str) -> AsyncIterator[Installation]:
    """A fresh one in `home`; a wallet with these people (two by default)."""
    names = people or ("Katrin Ostermann", "Idris Calloway")
    await asyncio.to_thread(home.mkdir, parents=True, exist_ok=True)
    service, made = await asyncio.to_thread(wallet, home, names[0])
    for name in names[1:]:
        made.add_identity("ed25519", name, "")
    with BackendProcess(home) as process:
        client = Client(f"http://127.0.0.1:{process.run['port']}", launch_secret=process.run["launch_secret"])
        tasks = WaitedTasks()
        drafts = DraftStore(home / "drafts")
        memory = Memory(home)
        workspace = Workspace(client, drafts, memory=memory, home=home)
        session = Session(home, drafts, tasks)
        session.set_wallets(service)
        session.set_wallet(made, made.identities[0])
        session.set_backend(workspace, client)
        here = Installation(home, session, tasks, made, client, workspace)
        session.wanted.connect(lambda page, params: here.went.append((page, params)))
        session.told.connect(lambda text, label, action: here.told.append((text, label, action)))
        try:
            yield here
        finally:
            await tasks.close()
            await client.aclose()
            memory.close()
