"""The look as values: `resources/theme/tokens.json` is the one source, the QML tokens are made from it.

`python -m cms_desktop.theme` writes `ui/Cms/Theme/Tokens.qml`; a test holds the two together.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cms_desktop.paths import resource, shipped

NOT_SCALED: Final = frozenset(
    {
        "windowDefault", "windowMinimum", "switchTrack", "sidebar", "rail", "inspector", "previewPane",
        "paperWidth", "paperMargin", "formWidth", "pagePadding", "pagePaddingCompact",
    }
)  # fmt: skip
"""Widths and paddings stay when the text grows; heights grow with the line."""
GROWS: Final = frozenset(
    {"sizeHomeRow", "sizePartyRow", "sizeIdentityCard", "sizeStepsBar", "sizeSectionHead", "sizeToast"}
)
HEAD: Final = """import QtQuick

// Made from resources/theme/tokens.json by `python -m cms_desktop.theme`; change it there.
QtObject {
    id: tokens

    property bool dark: false
    property real scale: 1
    property bool lessMotion: false

"""


def read_tokens() -> dict[str, Any]:
    """The tokens as they are in the file."""
    tokens: dict[str, Any] = json.loads(resource("theme", "tokens.json").read_text(encoding="utf-8"))
    return tokens


def tokens_qml(tokens: Mapping[str, Any]) -> str:
    """The text of `Tokens.qml`."""
    lines = [*_colours(tokens["colour"]), "", *_numbers(tokens), "", *_types(tokens["type"])]
    lines += ["", *_states(tokens["states"])]
    return HEAD + "".join(f"    {line}\n" if line else "\n" for line in lines) + "}\n"


def _colours(colours: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for name, light in colours["light"].items():
        dark = colours["dark"][name]
        yield f'readonly property color {_named(name)}: dark ? "{_hex(dark)}" : "{_hex(light)}"'
    yield 'readonly property color transparent: "transparent"'


def _named(token: str) -> str:
    """QML reads a name such as `onAccent` as a signal handler: it becomes `accentInk`."""
    return token[2].lower() + token[3:] + "Ink" if token.startswith("on") and token[2:3].isupper() else token


def _hex(colour: str) -> str:
    """`rgba(0,0,0,0.62)` as `#AARRGGBB`; a hex value as it is."""
    if not colour.startswith("rgba("):
        return colour
    red, green, blue, alpha = colour[5:-1].split(",")
    return f"#{round(float(alpha) * 255):02X}{int(red):02X}{int(green):02X}{int(blue):02X}"


def _numbers(tokens: Mapping[str, Any]) -> Iterator[str]:
    for name, value in tokens["radius"].items():
        yield f"readonly property real {_joined('radius', name)}: {value}"
    for name, value in tokens["line"].items():
        yield f"readonly property real {_joined('line', name)}: {value}"
    for name, value in tokens["size"].items():
        own = _joined("size", name)
        if own in tokens["layout"] or isinstance(value, list):
            continue
        yield f"readonly property real {own}: {value if name in NOT_SCALED else f'Math.round({value} * scale)'}"
    for name, value in tokens["layout"].items():
        if name != "about":
            yield f"readonly property real {name}: {f'Math.round({value} * scale)' if name in GROWS else value}"
    for name, value in tokens["duration"].items():
        still = name in {"hover", "fade", "move"}
        yield f"readonly property int {_joined('duration', name)}: {f'lessMotion ? 0 : {value}' if still else value}"


def _types(types: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield "readonly property var types: ({"
    for name, one in types.items():
        parts = (
            f'"family": "{one["family"]}", "size": {one["size"]}, "line": {one["lineHeight"]}, '
            f'"weight": {one["weight"]}, "spacing": {one["letterSpacing"]}'
        )
        yield f'    "{name}": {{{parts}}},'
    yield "})"


def _states(states: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for group in ("checks", "contracts"):
        yield f"readonly property var {group}: ({{"
        for name, one in states[group].items():
            icon = "seal-check-fill" if "svg" in one["icon"] else one["icon"]
            fill = one.get("fill") or one.get("tint") or "transparent"
            parts = (
                f'"word": qsTr("{one["word"]}"), "icon": "{icon}", "colour": "{_named(one["colour"])}", '
                f'"fill": "{fill}", "border": "{one.get("border") or "transparent"}"'
            )
            yield f'    "{name}": {{{parts}}},'
        yield "})"


def _joined(prefix: str, name: str) -> str:
    return prefix + name[0].upper() + name[1:]


def main() -> None:
    """Write the QML tokens."""
    (shipped("ui") / "Cms" / "Theme" / "Tokens.qml").write_text(tokens_qml(read_tokens()), encoding="utf-8")


if __name__ == "__main__":
    main()
