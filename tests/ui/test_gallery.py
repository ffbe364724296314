"""Every component stands in a gallery page, and every gallery page loads and draws without a complaint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QUrl
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickView
from PySide6.QtTest import QTest

from cms_desktop.app import prepare
from cms_desktop.paths import shipped
from cms_desktop.qml import Engine

PAGES = sorted(path.stem for path in (shipped("ui") / "gallery").glob("*Gallery.qml"))
OVER_A_PAGE = {
    "CmsDialog",
    "CmsMenu",
    "ToastHost",
    "Tip",
    "FocusRing",
    "FieldFrame",
    "FieldNote",
    "FollowFlick",
    "Pressable",
    "SegmentedPart",
}
"""Parts of others, and what lies over a page."""


@pytest.fixture
def engine() -> Iterator[Engine]:
    prepare([])
    made = Engine()
    yield made
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def draw(engine: Engine, page: str, *, dark: bool) -> QImage:
    """A picture of a gallery page."""
    view = QQuickView(engine, None)
    view.setSource(QUrl.fromLocalFile(str(shipped("ui") / "gallery" / f"{page}.qml")))
    assert view.errors() == []
    theme = engine.singletonInstance("Cms.Theme", "Theme")
    theme.setProperty("dark", dark)
    view.show()
    QTest.qWait(60)
    picture = view.grabWindow()
    theme.setProperty("dark", False)
    view.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return picture


@pytest.mark.parametrize("page", PAGES)
def test_a_gallery_page_draws_in_both_themes(page: str, engine: Engine, tmp_path: Path) -> None:
    light, dark = draw(engine, page, dark=False), draw(engine, page, dark=True)
    assert engine.complaints == []
    assert light.pixelColor(2, 2).name().upper() == "#FFFFFF"
    assert dark.pixelColor(2, 2).name().upper() == "#13171E"
    assert light.save(str(tmp_path / f"{page}.png"))


def test_every_component_stands_in_the_gallery() -> None:
    shown = "\n".join(path.read_text(encoding="utf-8") for path in (shipped("ui") / "gallery").glob("*.qml"))
    components = {path.stem for path in (shipped("ui") / "Cms" / "Components").glob("*.qml")}
    missing = {name for name in components - OVER_A_PAGE if not re.search(rf"\b{name} \{{", shown)}
    assert missing == set()
