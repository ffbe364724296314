"""The whole window, as it is started, in a loop of its own; a story clicks and types in it.

Clicks run as callbacks, not inside the story's task: Qt handles events while it clicks, and a task can not enter
another one.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import qasync
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

from cms_desktop.app import Desktop, prepare

PATIENCE = 20.0
PLAIN = Qt.KeyboardModifier.NoModifier


class Hand:
    """A person at the window."""

    def __init__(self, desktop: Desktop, window: QQuickWindow) -> None:
        self.desktop, self.window = desktop, window

    def find(self, name: str) -> QQuickItem | None:
        """The visible item of that objectName."""
        for one in _items(self.window.contentItem()):
            if one.objectName() == name and one.isVisible():
                return one
        return None

    async def until(self, right: Callable[[], object], what: str = "it") -> None:
        """Wait until it is right; AssertionError after PATIENCE."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while not right():
            assert loop.time() < end, f"{what} did not come"
            await asyncio.sleep(0.02)

    async def see(self, name: str) -> QQuickItem:
        """Wait for an item."""
        await self.until(lambda: self.find(name), name)
        found = self.find(name)
        assert found is not None
        return found

    async def click(self, name: str) -> None:
        """In the middle of an item."""
        spot = await self._at_rest(name)
        await self._outside(lambda: QTest.mouseClick(self.window, Qt.MouseButton.LeftButton, PLAIN, spot))

    async def _at_rest(self, name: str) -> QPoint:
        """The middle of an item, once its place was laid out: two looks in a row find it at the same spot."""
        host = self.find("pageHost")
        if host is not None:
            # A page comes up over several frames; a click on half of it is lost, as a person's would not be.
            await self.until(lambda: not host.property("loading"), "the page")
        before = QPoint(-1, -1)
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while True:
            item = await self.see(name)
            spot = item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()
            if spot == before:
                return spot
            assert loop.time() < end, f"{name} does not come to rest"
            before = spot
            await asyncio.sleep(0.05)

    async def type(self, name: str, text: str) -> None:
        """Into a field, after a click on it."""
        await self.click(name)
        for letter in text:
            await self._outside(lambda one=letter: QTest.keyClick(self.window, one))  # type: ignore[misc]

    async def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        """A key of the keyboard."""
        await self._outside(lambda: QTest.keyClick(self.window, key, modifiers))

    async def let_go(self, name: str, file: Path) -> None:
        """Drag a file over an item, and let it go there."""
        spot = await self._at_rest(name)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file))])
        button, copy = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
        for event in (
            QDragEnterEvent(spot, copy, data, button, PLAIN),
            QDragMoveEvent(spot, copy, data, button, PLAIN),
            QDropEvent(QPointF(spot), copy, data, button, PLAIN),
        ):
            await self._outside(lambda one=event: QGuiApplication.sendEvent(self.window, one))  # type: ignore[misc]

    async def picture(self, settle: float = 0.3) -> QImage:
        """What is to be seen, once it is at rest."""
        await asyncio.sleep(settle)
        return self.window.grabWindow()

    async def _outside(self, act: Callable[[], object]) -> None:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def run() -> None:
            try:
                act()
            except RuntimeError as error:
                done.set_exception(error)
            else:
                done.set_result(None)

        loop.call_soon(run)
        await done


def _items(root: QQuickItem) -> Iterator[QQuickItem]:
    yield root
    for child in root.childItems():
        yield from _items(child)


def play(home: Path, story: Callable[[Hand], Awaitable[None]]) -> None:
    """Start the window on `home`, play the story, close. Every complaint of the engine is an error."""
    app = prepare([])
    home.mkdir(parents=True, exist_ok=True)

    async def whole() -> None:
        desktop = Desktop(home)
        window = desktop.show()
        hand = Hand(desktop, window)
        try:
            await hand.until(lambda: desktop.services is not None, "the services")
            window.requestActivate()
            await hand.until(window.isActive, "the active window")
            await story(hand)
            assert desktop.engine.complaints == []
        finally:
            await desktop.close()

    assert app is not None
    qasync.run(whole())
    gc.collect()
