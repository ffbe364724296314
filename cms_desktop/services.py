"""What comes after the first frame: the wallet, the pages, the backend; and how they reach the session."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QTimer

from cms_backend.core.errors import CmsError
from cms_backend.core.ids import Time
from cms_desktop.api.client import Client
from cms_desktop.api.memory import Memory
from cms_desktop.api.stream import changes
from cms_desktop.backend.supervisor import BackendState, Status, Supervisor
from cms_desktop.log_keeper import LogKeeper
from cms_desktop.presentation import dates, log_words
from cms_desktop.viewmodels.activity import ActivityViewModel
from cms_desktop.viewmodels.contract import ContractViewModel
from cms_desktop.viewmodels.contracts import ContractsViewModel
from cms_desktop.viewmodels.draft import DraftViewModel
from cms_desktop.viewmodels.home import HomeViewModel
from cms_desktop.viewmodels.settings import SettingsViewModel
from cms_desktop.viewmodels.sign import SignViewModel
from cms_desktop.viewmodels.verify import VerifyViewModel
from cms_desktop.viewmodels.wallet import WalletViewModel
from cms_desktop.wallet.service import WalletService
from cms_desktop.workflow.key_ends import send_key_ends
from cms_desktop.workflow.workspace import Workspace

if TYPE_CHECKING:
    from cms_desktop.app import Desktop

IDLE_CHECK_MS: Final = 15_000
LEDGER_LOOK_S: Final = 20.0
BY_A_PERSON: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)
LOG_MAY_HAVE_CHANGED: Final = frozenset({"connected", "log", "anchor"})
log = logging.getLogger(__name__)


class Watch(QObject):
    """Notes that a person is at the window: keys and the pointer put off the lock of the wallet."""

    def __init__(self, window: QObject, touch: Callable[[], None]) -> None:
        super().__init__(window)
        self._touch = touch
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look at every event, take none."""
        if event.type() in BY_A_PERSON:
            self._touch()
        return False


class Services(QObject):
    """Made once the window is seen."""

    def __init__(self, desktop: Desktop, *, supervise: bool = True) -> None:
        super().__init__(desktop)
        self._desktop = desktop
        self._session, self._shell = desktop.session, desktop.shell
        self.wallets = WalletService(desktop.home)
        self.supervisor = Supervisor(desktop.home)
        self.keeper = LogKeeper(desktop.home, self)
        self._memory = Memory(desktop.home)
        self._supervise = supervise
        self._ends: list[Callable[[], None]] = []
        self._client: Client | None = None
        self._address = ""
        self._idle = QTimer(self)
        self._idle.setInterval(IDLE_CHECK_MS)
        self._idle.timeout.connect(self.wallets.lock_if_idle)

    def begin(self) -> None:
        """Build the pages, open what can be opened, start the backend."""
        self._session.set_wallets(self.wallets)
        self._pages()
        self._ends.append(self.wallets.subscribe(self._wallet_changed))
        self._shell.lockWanted.connect(self.wallets.lock)
        if self._desktop.window is not None:
            Watch(self._desktop.window, self.wallets.touch)
        self._shell.retryWanted.connect(self._retry)
        self.keeper.changed.connect(lambda: self._shell.set_alarm(log_words.strip(self.keeper.found)))
        self._idle.start()
        if self.wallets.exists:
            self._session.tasks.start(self._open_by_keyring(), name="wallet.watch", failed=self._no_keyring)
        if self._supervise:
            self._ends.append(self.supervisor.subscribe(self._backend_moved))
            self.supervisor.launch()

    def _pages(self) -> None:
        session, shell = self._session, self._shell
        self.activity = ActivityViewModel(session, self._desktop.tasks, self.supervisor, self.keeper, self)
        shell.adopt("home", HomeViewModel(session, self.keeper, self))
        contracts = ContractsViewModel(session, shell.preferences, shell.prefer, self)
        shell.preferencesChanged.connect(lambda: contracts.take(shell.preferences))
        shell.adopt("contracts", contracts)
        shell.adopt("draft", DraftViewModel(session, self))
        shell.adopt("contract", ContractViewModel(session, self))
        shell.adopt("sign", SignViewModel(session, self))
        shell.adopt("verify", VerifyViewModel(session, self))
        shell.adopt("wallet", WalletViewModel(session, self))
        shell.adopt("activity", self.activity)
        settings = SettingsViewModel(session, shell.preferences, shell.prefer, self)
        shell.preferencesChanged.connect(lambda: settings.take(shell.preferences))
        shell.adopt("settings", settings)

    # -- wallet ---------------------------------------------------------------

    async def _open_by_keyring(self) -> None:
        """With the login of this computer, if its owner wished so. The keyring may take its time."""
        from cms_desktop.wallet import vault

        kept = await self._session.tasks.thread(vault.recall, self.wallets.path)
        if kept is not None and self.wallets.locked:
            await self.wallets.unlock(kept)

    def _no_keyring(self, error: CmsError) -> None:
        log.info("the keyring did not open the wallet: %s", error.code)

    def _wallet_changed(self) -> None:
        wallet = self.wallets.wallet
        identity = wallet.in_use if wallet is not None else None
        self._session.set_wallet(wallet, identity)
        self._send_key_ends()
        if wallet is None:
            self._shell.set_stage("locked")
        elif not wallet.identities and self._shell.property("stage") == "locked":
            self._desktop.first_run.name_only()
            self._shell.set_stage("firstRun")
        elif identity is not None and self._shell.property("stage") != "open":
            self._shell.set_stage("open")
            self._shell.go("home", {})

    # -- backend --------------------------------------------------------------

    def _backend_moved(self, status: Status) -> None:
        endpoint = status.endpoint
        if status.state is BackendState.READY and endpoint is not None:
            self._shell.set_outage("")
            if endpoint.base_url != self._address:
                self._address = endpoint.base_url
                self._session.tasks.start(
                    self._connect(endpoint.base_url, endpoint.launch_secret),
                    name="backend.follow",
                    replace=True,
                )
            return
        if status.state is BackendState.FAILED or (
            status.state is BackendState.STARTING and status.attempt > 1
        ):
            since = dates.clock(status.since)
            why = f" {status.reason}" if status.reason else ""
            self._shell.set_outage(
                f"The backend of this computer does not answer since {since}.{why} "
                "What you have is safe; signing waits until it is back."
            )
        self._address = ""
        self._desktop.tasks.cancel("backend.follow")
        self._session.set_backend(None, None)

    async def _connect(self, base_url: str, secret: str) -> None:
        """Talk to the backend as long as it is there, and hand its changes on."""
        client = Client(base_url, launch_secret=secret)
        self._client = client
        try:
            session = self._session
            workspace = Workspace(
                client,
                session.drafts,
                memory=self._memory,
                home=self._desktop.home,
                rpc=lambda: session.rpc,
            )
            session.set_backend(workspace, client)
            self._send_key_ends()
            self._session.tasks.start(
                self._watch_ledger(client), name="backend.watch", failed=self._quiet, replace=True
            )
            self._session.tasks.start(self.keeper.follow(client), name="backend.log", replace=True)
            async for change in changes(client):
                if change.kind in LOG_MAY_HAVE_CHANGED:
                    self.keeper.look_soon()
                self._session.changed.emit(change)
                if change.kind == "refused":
                    self._shell.set_outage(f"{change.what} What you have is safe; signing waits.")
            # Refused: what the supervisor says next is tried anew.
            self._address = ""
            self._session.set_backend(None, None)
        finally:
            self._desktop.tasks.cancel("backend.log")
            self._desktop.tasks.cancel("backend.watch")
            await client.aclose()

    async def _watch_ledger(self, client: Client) -> None:
        """Say when the ledger does not answer, and stop saying so when it does again."""
        while True:
            ledger = (await client.status()).ledger
            away = ledger is not None and ledger.state == "unavailable"
            since = f" since {dates.clock(Time.parse(ledger.since))}" if ledger and ledger.since else ""
            self._shell.set_outage(
                f"The ledger does not answer{since}. Signing works. New anchors wait, nothing is lost."
                if away
                else ""
            )
            await asyncio.sleep(LEDGER_LOOK_S)

    def _send_key_ends(self) -> None:
        """What an outage held back goes out once wallet and backend are both there."""
        wallet, client = self._session.wallet, self._session.client
        if wallet is not None and client is not None and wallet.unsent_key_ends():
            self._session.tasks.start(
                send_key_ends(wallet, client), name="wallet.key-ends", failed=self._kept, replace=True
            )

    def _kept(self, error: CmsError) -> None:
        log.warning("an ended key is not in the log yet: %s", error.code)

    def _quiet(self, error: CmsError) -> None:
        log.info("the ledger could not be asked for: %s", error.code)

    def _retry(self) -> None:
        self._session.tasks.start(self.supervisor.retry(), name="backend.retry", replace=True)

    async def close(self) -> None:
        """Lock the wallet, end or let go of the backend."""
        for end in self._ends:
            end()
        self._idle.stop()
        if not self.wallets.locked:
            self.wallets.lock()
        self._memory.close()
        if self._supervise:
            await self.supervisor.stop()
