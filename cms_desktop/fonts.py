"""Fonts and icon glyphs come from installed packages; nothing is vendored and nothing is fetched."""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import Property, QObject, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtQml import QmlElement, QmlSingleton

QML_IMPORT_NAME = "Cms.Glyphs"
QML_IMPORT_MAJOR_VERSION = 1

FAMILIES: Final = ("fontpkg_inter", "fontpkg_source_serif_4", "fontpkg_jetbrains_mono")
PHOSPHOR: Final = "phosphor-1.3.0.ttf"
PHOSPHOR_MAP: Final = "phosphor-charmap-1.3.0.json"
UNKNOWN: Final = "question"


class FontsMissing(RuntimeError):
    """A font package that the window needs is not installed."""


def _folder(package: str) -> Path:
    """Where a package lies; it is found, not imported."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise FontsMissing(f"The package {package} is missing. Install the app again.")
    return Path(spec.origin).parent


def font_files() -> list[Path]:
    """Every font file that the window uses."""
    found: list[Path] = []
    for package in FAMILIES:
        found += sorted((_folder(package) / "files").glob("*.ttf"))
    return [*found, _folder("qtawesome") / "fonts" / PHOSPHOR]


def load_fonts() -> None:
    """Make the families known to Qt. Needs a QGuiApplication; raises FontsMissing."""
    for path in font_files():
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FontsMissing(f"The font {path.name} can not be read. Install the app again.")


@cache
def glyphs() -> dict[str, str]:
    """The icons of Phosphor by name, each a text of one character."""
    charmap = json.loads((_folder("qtawesome") / "fonts" / PHOSPHOR_MAP).read_text(encoding="utf-8"))
    return {name: chr(int(code, 16)) for name, code in charmap.items()}


@QmlElement
@QmlSingleton
class Glyphs(QObject):
    """Icons for QML: `Glyphs.of("house")` in the family `Glyphs.family`."""

    @Property(str, constant=True)
    def family(self) -> str:
        """The family of the icon font."""
        return "Phosphor"

    @Slot(str, result=str)
    def of(self, name: str) -> str:
        """The character of an icon; a question mark in a circle where the name is unknown."""
        if not name:
            return ""
        known = glyphs()
        return known.get(name) or known[UNKNOWN]
