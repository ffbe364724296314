"""Keeps its window out of screenshots while it is active: for pages and dialogs that show a secret."""

from __future__ import annotations

import sys

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtQml import QmlElement

from cms_desktop import capture

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class ScreenshotGuard(QObject):
    """`window` is the window that shows the secret, `active` whether it is shown now."""

    windowChanged = Signal()
    activeChanged = Signal()
    askedChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._way = capture.way(sys.platform, QGuiApplication.platformName())
        self._window: QWindow | None = None
        self._active = self._asked = False

    def _get_window(self) -> QObject | None:
        return self._window

    def _set_window(self, window: QObject | None) -> None:
        if window is not self._window:
            self._tell(False)
            self._window = window if isinstance(window, QWindow) else None
            self._tell(self._active)
            self.windowChanged.emit()

    window = Property(QObject, _get_window, _set_window, notify=windowChanged)

    def _get_active(self) -> bool:
        return self._active

    def _set_active(self, active: bool) -> None:
        if active != self._active:
            self._active = active
            self._tell(active)
            self.activeChanged.emit()

    active = Property(bool, _get_active, _set_active, notify=activeChanged)

    @Property(bool, notify=askedChanged)
    def asked(self) -> bool:
        """Whether the system took the wish."""
        return self._asked

    @Property(str, notify=askedChanged)
    def sentence(self) -> str:
        """What the page says about it."""
        return capture.sentence(self._asked)

    def _tell(self, on: bool) -> None:
        if self._window is None or self._way is capture.Way.none or on == self._asked:
            return
        took = capture.leave_out(self._way, int(self._window.winId()), on)
        self._asked = on and took
        self.askedChanged.emit()
