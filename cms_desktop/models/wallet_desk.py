"""What the parts of the wallet page share: the open wallet, the one thing that runs, what went wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal

from cms_backend.core.errors import CmsError
from cms_desktop import messages
from cms_desktop.session import Session
from cms_desktop.wallet.errors import WalletLocked

if TYPE_CHECKING:
    from cms_desktop.wallet.model import Wallet
    from cms_desktop.wallet.service import WalletService

P = ParamSpec("P")
T = TypeVar("T")


class WalletDesk(QObject):
    """One per wallet page."""

    changed = Signal()
    """`busy` or `error` is other than before."""
    settled = Signal()
    """Something that ran came to its end, well or not."""
    done = Signal(str)
    """What a dialog asked for was done; the dialog of that name may close."""
    left = Signal()
    """The page or the dialog was left, or the wallet was locked: no secret may stay."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.busy, self.error = "", ""

    def wallet(self) -> Wallet:
        """The open wallet. WalletLocked."""
        if self.session.wallet is None:
            raise WalletLocked("The wallet is locked.", remedy="Unlock it.")
        return self.session.wallet

    def service(self) -> WalletService:
        """The wallet over time. WalletLocked in the first moments of the window."""
        if self.session.wallets is None:
            raise WalletLocked("The wallet is not there yet.", remedy="Wait a moment.")
        return self.session.wallets

    def do(self, name: str, change: Callable[[Wallet], object]) -> None:
        """A change that is quick: saved at once, or refused in words."""
        try:
            change(self.wallet())
        except CmsError as error:
            self.fail(messages.sentence(error))
            return
        self.error = ""
        self.changed.emit()
        self.done.emit(name)

    def run(self, work: Coroutine[Any, Any, object], words: str, *, aloud: bool = False) -> None:
        """Something slow; `words` say what runs. A refusal ends as `error` in the open dialog; `aloud`, where there is
        none, as a toast.
        """
        self.busy, self.error = words, ""
        self.changed.emit()
        failed = self._failed_aloud if aloud else self._failed
        self.session.tasks.start(self._until_done(work), name="wallet.change", failed=failed)

    def in_thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """Blocking work that saves nothing: whoever saves tells the window, and must do so in its own thread."""
        return self.session.tasks.thread(function, *args, **kwargs)

    def tell(self, sentence: str) -> None:
        """A toast."""
        self.session.tell(sentence)

    def fail(self, sentence: str) -> None:
        """Say what went wrong in the open dialog."""
        self.error = sentence
        self.changed.emit()

    def forget(self) -> None:
        """No secret and no error stays."""
        self.error = ""
        self.left.emit()
        self.changed.emit()

    async def _until_done(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        finally:
            work.close()
            self.busy = ""
            self.changed.emit()
            self.settled.emit()

    def _failed(self, error: CmsError) -> None:
        self.fail(messages.sentence(error))

    def _failed_aloud(self, error: CmsError) -> None:
        self.tell(messages.sentence(error))
