"""A wallet page without a window: the view-model on a real wallet, and what it told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cms_desktop.session import Session
from cms_desktop.viewmodels.wallet import WalletViewModel
from cms_desktop.wallet.model import Wallet
from cms_desktop.wallet.service import WalletService
from cms_desktop.workflow.drafts import DraftStore
from tests.support.pages_session import WaitedTasks
from tests.support.wallet_home import wallet


@dataclass(slots=True)
class WalletDeskTop:
    """The page, what it stands on, and what it said."""

    vm: WalletViewModel
    session: Session
    tasks: WaitedTasks
    service: WalletService
    wallet: Wallet
    told: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)


@asynccontextmanager
async def wallet_page(home: Path) -> AsyncIterator[WalletDeskTop]:
    """With one Ed25519 identity; the session follows the wallet as in the window."""
    service, made = wallet(home)
    tasks = WaitedTasks()
    session = Session(home, DraftStore(home / "drafts"), tasks)
    session.wallets = service
    service.subscribe(
        lambda: session.set_wallet(service.wallet, service.wallet.in_use if service.wallet else None)
    )
    session.set_wallet(made, made.in_use)
    vm = WalletViewModel(session)
    here = WalletDeskTop(vm, session, tasks, service, made)
    session.told.connect(lambda text, _label, _action: here.told.append(text))
    vm.done.connect(here.done.append)
    try:
        yield here
    finally:
        await tasks.close()
