"""One side of the demo: a home with a wallet and a real backend process of its own."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from cms_backend.core.errors import CmsError
from cms_backend.core.events import Action
from cms_backend.core.ids import ContractId
from cms_desktop.api.client import Client
from cms_desktop.api.memory import Memory
from cms_desktop.api.stream import changes
from cms_desktop.backend.supervisor import Supervisor
from cms_desktop.wallet.service import WalletService
from cms_desktop.workflow.drafts import DraftStore
from cms_desktop.workflow.workspace import Outcome, Workspace

if TYPE_CHECKING:
    from cms_desktop.wallet.model import Wallet
    from cms_desktop.wallet.records import Identity
    from cms_desktop.workflow.view import ContractView

_PATIENCE = 45.0


class DemoError(CmsError):
    """The demo did not come to the end it should have come to."""

    code = "demo.failed"


@dataclass(slots=True)
class Side:
    """A person at a computer."""

    name: str
    organisation: str
    home: Path
    _supervisor: Supervisor
    _memory: Memory
    _client: Client | None = None
    _space: Workspace | None = None
    _wallet: Wallet | None = None

    @classmethod
    def of(cls, name: str, organisation: str, home: Path) -> Self:
        """Not started yet."""
        return cls(name, organisation, home, Supervisor(home), Memory(home))

    async def __aenter__(self) -> Self:
        service = WalletService(self.home)
        # A passphrase that nobody needs to know: the home is thrown away at the end.
        self._wallet = await service.create(secrets.token_urlsafe(24))
        self._wallet.add_identity("ed25519", self.name, self.organisation)
        endpoint = await self._supervisor.start()
        self._client = Client(endpoint.base_url, launch_secret=endpoint.launch_secret)
        drafts = DraftStore(self.home / "drafts")
        self._space = Workspace(self._client, drafts, memory=self._memory, home=self.home)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._memory.close()
        if self._client is not None:
            await self._client.aclose()
        await self._supervisor.stop()

    @property
    def wallet(self) -> Wallet:
        """The open wallet."""
        if self._wallet is None:
            raise DemoError("The side has not begun.")
        return self._wallet

    @property
    def space(self) -> Workspace:
        """The contracts."""
        if self._space is None:
            raise DemoError("The side has not begun.")
        return self._space

    @property
    def identity(self) -> Identity:
        """Who signs here."""
        return self.wallet.identities[0]

    async def decide(self, contract: ContractId, action: Action) -> Outcome:
        """Decide on the pending revision."""
        view = await self.space.open(contract)
        return await self.space.decide(view, action, self.wallet.signer(self.identity.id))

    async def settled(self, contract: ContractId) -> ContractView:
        """Wait until every event of a contract is logged and its anchor is confirmed. DemoError after 45 s."""
        if self._client is None:
            raise DemoError("The side has not begun.")
        try:
            async with asyncio.timeout(_PATIENCE):
                stream = changes(self._client)
                # Each change is a reason to look again; the first comes when the stream is open.
                async for _ in stream:
                    view = await self.space.open(contract)
                    entries = view.entries.values()
                    if all(one.anchor is not None and one.anchor.status == "confirmed" for one in entries):
                        return view
        except TimeoutError:
            raise DemoError(
                f"The events of {self.name}'s log were not anchored within {_PATIENCE:.0f} s."
            ) from None
        raise DemoError("The event stream ended.")
