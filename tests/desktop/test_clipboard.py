"""A secret on the clipboard goes by itself, and takes nothing of somebody else along."""

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from cms_desktop.clipboard import HINT, KEPT_MS, SecretClipboard

pytestmark = pytest.mark.usefixtures("qapp")


def text() -> str:
    return QGuiApplication.clipboard().text()


def test_a_secret_goes_from_the_clipboard_when_its_time_is_over(qtbot: QtBot) -> None:
    clipboard = SecretClipboard()
    assert clipboard.timer.interval() == KEPT_MS == 30_000
    clipboard.timer.setInterval(1)
    with qtbot.waitSignal(clipboard.cleared):
        clipboard.put("the secret")
        assert text() == "the secret"
    assert text() == ""


def test_what_was_copied_after_it_stays(qtbot: QtBot) -> None:
    clipboard = SecretClipboard()
    clipboard.timer.setInterval(1)
    with qtbot.waitSignal(clipboard.cleared):
        clipboard.put("the secret")
        QGuiApplication.clipboard().setText("a shopping list")
    assert text() == "a shopping list"


def test_a_second_secret_has_its_whole_time() -> None:
    clipboard = SecretClipboard()
    clipboard.put("first")
    clipboard.timer.stop()
    clipboard.put("second")
    assert clipboard.timer.isActive()
    clipboard.clear()
    assert text() == ""


def test_clipboard_managers_are_asked_to_keep_no_history() -> None:
    clipboard = SecretClipboard()
    clipboard.put("the secret")
    assert QGuiApplication.clipboard().mimeData().data(HINT).data() == b"secret"
    clipboard.clear()


def test_a_window_that_closes_takes_its_secret_along(qapp: QGuiApplication) -> None:
    clipboard = SecretClipboard()
    clipboard.put("the secret")
    qapp.lastWindowClosed.emit()
    assert text() == ""
    assert not clipboard.timer.isActive()
