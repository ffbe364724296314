"""A page alone in a window: the real engine and components, clicks and keys, and every complaint collected."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, QSizeF, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQml import QQmlComponent, QQmlContext
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

from cms_desktop.fonts import load_fonts
from cms_desktop.paths import shipped
from cms_desktop.qml import Engine, choose_style


@dataclass(slots=True)
class PageWindow:
    """The window, its page, and what the engine complained about."""

    engine: Engine
    window: QQuickWindow
    item: QQuickItem
    keep: list[object] = field(default_factory=list)

    def settle(self, milliseconds: int = 30) -> None:
        """Let bindings, layouts and short timers run."""
        QTest.qWait(milliseconds)

    def find(self, name: str) -> QQuickItem:
        """The visible item of that objectName; AssertionError when there is none."""
        found = [one for one in _items(self.window.contentItem()) if one.objectName() == name]
        shown = [one for one in found if one.isVisible()] or found
        assert shown, f"no item {name}"
        return shown[0]

    def click(self, item: QQuickItem | str) -> None:
        """With the left button, in its middle."""
        target = self.find(item) if isinstance(item, str) else item
        spot = target.mapToScene(QPointF(target.width() / 2, target.height() / 2)).toPoint()
        QTest.mouseClick(self.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
        self.settle()

    def hold(self, item: QQuickItem | str, milliseconds: int) -> None:
        """Press the button down for that long, then let go."""
        target = self.find(item) if isinstance(item, str) else item
        spot: QPoint = target.mapToScene(QPointF(target.width() / 2, target.height() / 2)).toPoint()
        QTest.mousePress(self.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
        QTest.qWait(milliseconds)
        QTest.mouseRelease(self.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
        self.settle()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key of the keyboard."""
        QTest.keyClick(self.window, key, modifiers)
        self.settle()

    def type(self, text: str) -> None:
        """Letters."""
        for letter in text:
            QTest.keyClick(self.window, letter)
        self.settle()

    def picture(self) -> QImage:
        """What is to be seen."""
        return self.window.grabWindow()


def _items(root: QQuickItem) -> Iterator[QQuickItem]:
    yield root
    for child in root.childItems():
        yield from _items(child)


_HEAD = b"""import QtQuick
import QtQuick.Window
import Cms.Theme
Window { visible: true; color: Theme.surface; property bool dark: false; onDarkChanged: Theme.dark = dark }
"""


@contextmanager
def shown(
    page: str, vm: QObject, *, dark: bool = False, width: int = 1232, height: int = 900
) -> Iterator[PageWindow]:
    """`page` of ui/pages with its view-model. Every complaint of the engine while it is shown is an error."""
    assert isinstance(QGuiApplication.instance(), QGuiApplication)
    choose_style()
    load_fonts()
    engine = Engine()
    maker = QQmlComponent(engine)
    maker.setData(_HEAD, QUrl.fromLocalFile(str(shipped("ui") / "pages" / "Alone.qml")))
    window = maker.create()
    assert isinstance(window, QQuickWindow), maker.errorString()
    window.resize(width, height)
    window.setProperty("dark", dark)
    content = QQmlComponent(engine, QUrl.fromLocalFile(str(shipped("ui") / "pages" / f"{page}.qml")))
    item = content.createWithInitialProperties({"vm": vm}, QQmlContext(engine.rootContext()))
    assert isinstance(item, QQuickItem), content.errorString()
    item.setParentItem(window.contentItem())
    item.setSize(QSizeF(width, height))
    item.forceActiveFocus()
    shown_page = PageWindow(engine, window, item, [maker, content])
    shown_page.settle(60)
    try:
        yield shown_page
        assert engine.complaints == []
    finally:
        item.setParentItem(None)
        window.close()
        item.deleteLater()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        engine.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
