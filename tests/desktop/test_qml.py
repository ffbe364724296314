"""The engine fetches nothing, whatever a text asks for; fonts and icons are there."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QUrl
from PySide6.QtNetwork import QNetworkReply, QNetworkRequest
from PySide6.QtQml import QQmlComponent

from cms_desktop.app import prepare
from cms_desktop.fonts import Glyphs, font_files
from cms_desktop.paths import shipped
from cms_desktop.qml import Engine, RefusingAccess

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def engine() -> Iterator[Engine]:
    prepare([])
    made = Engine()
    yield made
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize(
    "address", ["https://example.org/a.png", "file:///etc/hostname", "ftp://example.org"]
)
def test_every_request_is_refused(address: str, engine: Engine) -> None:
    access = RefusingAccess(engine)
    reply = access.get(QNetworkRequest(QUrl(address)))
    assert reply.error() == QNetworkReply.NetworkError.ContentAccessDenied
    assert reply.readAll().size() == 0
    assert access.refused == [address]


def test_text_of_others_is_plain_unless_said_otherwise(engine: Engine) -> None:
    component = QQmlComponent(engine)
    component.setData(
        b"import QtQuick; import Cms.Components\nT { readonly property bool plain: textFormat === Text.PlainText; "
        b'text: "<img src=https://example.org/x.png>" }',
        QUrl.fromLocalFile(str(shipped("ui") / "Alone.qml")),
    )
    text = component.create()
    assert text is not None, component.errorString()
    assert text.property("plain") is True
    assert all(one.refused == [] for one in engine.access.managers)
    text.deleteLater()


def test_the_fonts_are_installed_and_hold_the_icons(engine: Engine) -> None:
    assert all(path.is_file() for path in font_files())
    icons = Glyphs()
    assert len(icons.of("seal-check-fill")) == 1
    assert icons.of("no such icon") == icons.of("question")
    assert icons.of("") == ""
