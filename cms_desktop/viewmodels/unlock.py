"""The locked window: one passphrase, and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from cms_backend.core.errors import CmsError
from cms_desktop import messages
from cms_desktop.session import Session

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class UnlockViewModel(QObject):
    """One per window. Opening takes about a second on purpose."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._busy, self._error = False, ""

    def enter(self, params: dict[str, object]) -> None:
        """Shown by the stage."""

    def leave(self) -> None:
        """Nothing stays."""

    @Property(bool, notify=changed)
    def busy(self) -> bool:
        """Whether it is being opened."""
        return self._busy

    @Property(str, notify=changed)
    def error(self) -> str:
        """What is wrong, or empty."""
        return self._error

    @Slot(str)
    def unlock(self, passphrase: str) -> None:
        """Open the wallet; the shell hears of it from the wallet itself."""
        if self._busy or not passphrase:
            return
        self._set(True, "")
        self._session.tasks.start(self._open(passphrase), name="wallet.unlock", failed=self._failed)

    async def _open(self, passphrase: str) -> None:
        await self._session.wallets_came.wait()
        if self._session.wallets is not None:
            await self._session.wallets.unlock(passphrase)
        self._set(False, "")

    def _failed(self, error: CmsError) -> None:
        self._set(False, messages.sentence(error))

    def _set(self, busy: bool, error: str) -> None:
        self._busy, self._error = busy, error
        self.changed.emit()
