"""One source for every colour and size: the QML tokens are made from the JSON file."""

import re
from pathlib import Path

import pytest

from cms_desktop.paths import shipped
from cms_desktop.theme import read_tokens, tokens_qml

LITERAL = re.compile(r'"#[0-9A-Fa-f]{6,8}"|Qt\.rgba|pixelSize: \d')


def test_the_qml_tokens_are_those_of_the_file() -> None:
    written = (shipped("ui") / "Cms" / "Theme" / "Tokens.qml").read_text(encoding="utf-8")
    assert written == tokens_qml(read_tokens())


def test_both_themes_have_the_same_colours() -> None:
    colours = read_tokens()["colour"]
    assert colours["light"].keys() == colours["dark"].keys()


@pytest.mark.parametrize("path", sorted(shipped("ui").rglob("*.qml")), ids=lambda path: path.stem)
def test_no_page_and_no_component_has_a_colour_or_a_size_of_its_own(path: Path) -> None:
    if path.name != "Tokens.qml":
        assert LITERAL.findall(path.read_text(encoding="utf-8")) == []


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "surface"), ("inkSecondary", "ground"), ("inkTertiary", "hover"), ("inkDisabled", "sunken"),
        ("accentText", "accentTint"), ("onAccent", "accent"), ("onFailed", "failed"), ("pending", "pendingTint"),
        ("failed", "failedTint"), ("onToastAccent", "toast"), ("insert", "insertTint"), ("remove", "removeTint"),
    ],
)  # fmt: skip
def test_words_can_be_read(theme: str, ink: str, ground: str) -> None:
    colours = read_tokens()["colour"][theme]
    light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
