"""One window for one home: the second start asks the first window to come forward, and ends."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

PATIENCE_MS: Final = 400
log = logging.getLogger(__name__)


def socket_name(home: Path) -> str:
    """The name of the local socket that belongs to a home and this person."""
    return "cms-window-" + hashlib.sha256(str(home).encode()).hexdigest()[:24]


def raise_other(home: Path) -> bool:
    """Whether another window has this home; it was then asked to come forward."""
    socket = QLocalSocket()
    socket.connectToServer(socket_name(home))
    if not socket.waitForConnected(PATIENCE_MS):
        return False
    socket.write(b"raise\n")
    socket.waitForBytesWritten(PATIENCE_MS)
    socket.disconnectFromServer()
    return True


class OneWindow(QObject):
    """Listens as long as the window lives."""

    def __init__(self, home: Path, raised: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._raised = raised
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._came)
        # A socket file may be left by a window that was killed; nobody answered on it just now.
        QLocalServer.removeServer(socket_name(home))
        if not self._server.listen(socket_name(home)):
            log.warning("a second window will not find this one: %s", self._server.errorString())

    def _came(self) -> None:
        while self._server.hasPendingConnections():
            self._server.nextPendingConnection().deleteLater()
            self._raised()

    def close(self) -> None:
        """Stop listening."""
        self._server.close()
