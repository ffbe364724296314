"""A secret on the clipboard: for half a minute, and only as long as nothing else was copied."""

from __future__ import annotations

import hashlib
from typing import Final

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

KEPT_MS: Final = 30_000
HINT: Final = "x-kde-passwordManagerHint"
"""Clipboard managers that know it keep no history of what carries it (KDE, KeePassXC)."""


class SecretClipboard(QObject):
    """One per page that copies secrets. The secret itself is not kept here, only its digest."""

    cleared = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._digest = b""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEPT_MS)
        self._timer.timeout.connect(self.clear)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.lastWindowClosed.connect(self.clear)

    @property
    def timer(self) -> QTimer:
        """Runs while a secret is on the clipboard."""
        return self._timer

    def put(self, secret: str) -> None:
        """Copy it, and begin to count."""
        data = QMimeData()
        data.setText(secret)
        data.setData(HINT, b"secret")
        QGuiApplication.clipboard().setMimeData(data)
        self._digest = _digest(secret)
        self._timer.start()

    def clear(self) -> None:
        """Empty the clipboard if the secret is still what it holds."""
        self._timer.stop()
        if not self._digest:
            return
        if _digest(QGuiApplication.clipboard().text()) == self._digest:
            QGuiApplication.clipboard().clear()
        self._digest = b""
        self.cleared.emit()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
