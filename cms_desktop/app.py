"""The composition root of the window: the first frame at once, then the wallet, the pages, the backend."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from pathlib import Path
from typing import Final

import qasync
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtQuick import QQuickWindow

from cms_desktop import preferences, qml
from cms_desktop.fonts import load_fonts
from cms_desktop.paths import APP_NAME, default_home, resource
from cms_desktop.session import Session
from cms_desktop.single import OneWindow, raise_other
from cms_desktop.tasks import TaskRunner
from cms_desktop.viewmodels.first_run import FirstRunViewModel
from cms_desktop.viewmodels.shell import ShellViewModel
from cms_desktop.viewmodels.unlock import UnlockViewModel
from cms_desktop.workflow.drafts import DraftStore

WALLET_FILE: Final = "wallet.cms"
MAKING_LOOKS: Final = 100
TRACE: Final = "CMS_TRACE_STARTUP"
log = logging.getLogger(__name__)
_began = time.perf_counter()


class Desktop(QObject):
    """Everything that belongs to one window on one home."""

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.home = home
        self.tasks = TaskRunner()
        self.session = Session(home, DraftStore(home / "drafts"), self.tasks, self)
        chosen = preferences.read_preferences(home)
        self.session.rpc = chosen.rpc
        stage = "locked" if os.path.lexists(home / WALLET_FILE) else "firstRun"
        self.shell = ShellViewModel(self.session, chosen, stage=stage, parent=self)
        self.first_run = FirstRunViewModel(self.session, self)
        self.shell.adopt("firstRun", self.first_run)
        self.shell.adopt("locked", UnlockViewModel(self.session, self))
        self.tasks.signals.failed.connect(self.shell.report)
        self.engine = qml.Engine(self)
        self.window: QQuickWindow | None = None
        self.first_frame: float | None = None
        self.services: QObject | None = None
        self.closed = asyncio.Event()

    def show(self) -> QQuickWindow:
        """Load and show the window; the rest waits for its first frame."""
        window = self.engine.show("Main.qml", {"shell": self.shell})
        if not isinstance(window, QQuickWindow):
            raise TypeError("The window did not load: " + "; ".join(self.engine.complaints))
        self.window = window
        window.frameSwapped.connect(self._drawn, Qt.ConnectionType.QueuedConnection)
        return window

    def _drawn(self) -> None:
        if self.first_frame is not None or self.window is None:
            return
        self.first_frame = time.perf_counter() - _began
        self.window.frameSwapped.disconnect(self._drawn)
        if os.environ.get(TRACE):
            heavy = [name for name in ("web3", "httpx", "pydantic") if name in sys.modules]
            sys.stderr.write(
                f"first frame after {self.first_frame:.3f} s; loaded: {', '.join(heavy) or 'none'}\n"
            )
        QTimer.singleShot(0, self._begin)

    def _begin(self) -> None:
        self.tasks.start(self._serve(), name="app.load")

    async def _serve(self) -> None:
        from cms_desktop.loading import load_pages

        await load_pages(self.tasks)
        from cms_desktop.services import Services

        self.services = services = Services(self)
        services.begin()

    async def close(self) -> None:
        """Cancel the work, lock the wallet, let go of the backend, then window, engine, and the rest."""
        await self.tasks.close()
        if self.services is not None:
            await self.services.close()  # type: ignore[attr-defined]  # Services is imported after the first frame
        await self._page_made()
        self.shell.set_stage("closed")
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None
        self.engine.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    async def _page_made(self) -> None:
        """Wait for a page that is being made: its engine may not end in the middle of it."""
        for _ in range(MAKING_LOOKS):
            if self.window is None or not self.window.property("loading"):
                return
            await asyncio.sleep(0.02)


def prepare(arguments: list[str]) -> QGuiApplication:
    """The one application object, with fonts and icon."""
    qml.choose_style()
    app = QGuiApplication.instance() or QGuiApplication([APP_NAME, *arguments])
    if not isinstance(app, QGuiApplication):
        raise TypeError("There is a Qt application without a screen already.")
    app.setApplicationName(APP_NAME)
    app.setApplicationDisplayName(APP_NAME)
    app.setDesktopFileName("cms-desktop")
    app.setQuitOnLastWindowClosed(False)
    app.setWindowIcon(QIcon(str(resource("icons", "icon.svg"))))
    load_fonts()
    return app


def run(arguments: list[str]) -> int:
    """Open the window on the home of this person and stay until it is closed. Returns the exit code."""
    home = default_home()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    app = prepare(arguments)
    if raise_other(home):
        sys.stderr.write("The window is open already; it was brought to the front.\n")
        return 0
    return int(qasync.run(_live(app, home)))


async def _live(app: QGuiApplication, home: Path) -> int:
    desktop = Desktop(home)
    listener = OneWindow(home, desktop.shell.raised.emit, desktop)
    app.lastWindowClosed.connect(desktop.closed.set)
    desktop.show()
    await desktop.closed.wait()
    listener.close()
    await desktop.close()
    return 0
