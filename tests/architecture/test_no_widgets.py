"""The window is Qt Quick alone (docs/adr/0009): nothing imports Qt's widgets."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_WIDGETS = re.compile(r"\bQtWidgets\b|\bQApplication\b|\bQtQuickWidgets\b")


def test_nothing_imports_qt_widgets() -> None:
    sources = [path for top in ("cms_backend", "cms_desktop") for path in (ROOT / top).rglob("*.py")]
    assert len(sources) > 100
    assert [str(path) for path in sources if _WIDGETS.search(path.read_text("utf-8"))] == []
    pages = list((ROOT / "ui").rglob("*.qml"))
    assert pages
    assert [str(path) for path in pages if "QtWidgets" in path.read_text("utf-8")] == []
