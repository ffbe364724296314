"""What every page stands on: the backend at hand, the wallet, background work, the way to other pages.

The shell fills it; view-models read it and ask through it. It decides nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from cms_backend.core.ids import Did
from cms_backend.report.letters import one_line
from cms_desktop.wallet.errors import WalletLocked

if TYPE_CHECKING:
    from cms_backend.core.errors import CmsError
    from cms_desktop.api.client import Client
    from cms_desktop.wallet.model import Wallet
    from cms_desktop.wallet.records import Identity
    from cms_desktop.wallet.service import WalletService
    from cms_desktop.workflow.drafts import DraftStore
    from cms_desktop.workflow.workspace import Workspace

P = ParamSpec("P")
T = TypeVar("T")


class Tasks(Protocol):
    """The one helper that starts background work (`cms_desktop.tasks.TaskRunner`)."""

    def start(
        self,
        work: Coroutine[Any, Any, object],
        *,
        name: str,
        failed: Callable[[CmsError], None] | None = None,
        replace: bool = False,
    ) -> object:
        """Run `work`; keep it; report its failure. `replace` cancels what runs under the same name."""

    def thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """Run blocking work without Qt in the executor."""


class Session(QObject):
    """One per window. Attributes are plain; signals say when they changed."""

    backendChanged = Signal()
    walletChanged = Signal()
    changed = Signal(object)
    """Each `cms_desktop.api.stream.Change` of the backend."""
    wanted = Signal(str, dict)
    """A page and its parameters."""
    told = Signal(str, str, object)
    """A toast: its sentence, the label of its button or "", what the button calls or None."""

    def __init__(self, home: Path, drafts: DraftStore, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.home = home
        self.drafts = drafts
        self.tasks = tasks
        self.workspace: Workspace | None = None
        self.client: Client | None = None
        self.wallet: Wallet | None = None
        self.identity: Identity | None = None
        self.wallets: WalletService | None = None
        """The wallet's own service: unlocking, locking, checking a passphrase."""
        self.wallets_came = asyncio.Event()
        """Set with `wallets`, shortly after the first frame."""
        self.rpc: tuple[str, ...] = ()
        self._present: dict[str, Did] = {}
        self._names: dict[str, str] = {}

    def set_wallets(self, wallets: WalletService) -> None:
        """The wallet's service is there."""
        self.wallets = wallets
        self.wallets_came.set()

    def set_backend(self, workspace: Workspace | None, client: Client | None) -> None:
        """The backend came (both), or went away (None)."""
        self.workspace, self.client = workspace, client
        self.backendChanged.emit()

    def set_wallet(self, wallet: Wallet | None, identity: Identity | None) -> None:
        """The wallet was unlocked, changed, or locked (None). What is public stays known while locked."""
        self.wallet, self.identity = wallet, identity
        if wallet is not None:
            self._present = {str(one.did): one.did for one in wallet.identities}
            # A contract goes on naming the DID that it was made with; the key that succeeded it acts there.
            self._present |= {str(old.did): one.did for one in wallet.identities for old in one.earlier}
            self._names = {str(one.did): one.name for one in wallet.contacts if one.name}
            self._names |= {str(one.did): one.name for one in wallet.identities if one.name}
        self.walletChanged.emit()

    def dids(self) -> frozenset[str]:
        """The DIDs of this wallet, those of ended keys included."""
        return frozenset(self._present)

    def me(self, did: str) -> bool:
        """Whether this wallet acts for `did`: by its key, or by the one that succeeded it."""
        return did in self._present

    def present(self, did: str) -> Did:
        """The DID that acts for `did` today: itself, unless its key was rotated in this wallet."""
        return self._present.get(did) or Did(did)

    def petname(self, did: str, fallback: str = "") -> str:
        """The name that this person gave to a DID; else what the contract calls it."""
        return one_line(self._names.get(did) or fallback)

    async def check_passphrase(self, passphrase: str) -> None:
        """Raise the wallet's error unless it is the passphrase of the wallet. Takes as long as unlocking does."""
        if self.wallets is None:
            raise WalletLocked("The wallet is locked.", remedy="Unlock it, then sign.")
        await self.wallets.check_passphrase(passphrase)

    def go(self, page: str, **params: object) -> None:
        """Ask the shell to show a page."""
        self.wanted.emit(page, dict(params))

    def tell(self, sentence: str, label: str = "", action: Callable[[], None] | None = None) -> None:
        """Ask the shell for a toast, with something that can be undone if `action` is given."""
        self.told.emit(one_line(sentence), label, action)
