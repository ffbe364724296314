"""Choices of a person about this window: one small JSON file in the home, read once, written at each change."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

Appearance = Literal["system", "light", "dark"]
APPEARANCES: Final[tuple[Appearance, ...]] = ("system", "light", "dark")
FILE_NAME: Final = "window.json"
SMALLEST: Final = 0.8
LARGEST: Final = 1.5
COLUMNS: Final = ("other", "ends", "proof", "changed")
MOST_VIEWS: Final = 50
LONGEST_NAME: Final = 60
LONGEST_SEARCH: Final = 500


@dataclass(frozen=True, slots=True)
class SavedView:
    """What the register shows: words searched for, the chip, the sort (`-` turns it). Names differ without case."""

    name: str = ""
    text: str = ""
    filter: str = "all"
    sort: str = "-updated"


@dataclass(frozen=True, slots=True)
class Preferences:
    """`scale` is the size of text as a factor, 0.8 to 1.5. `rpc`: nodes that are asked beside the backend.

    `views` and `hidden` (columns of `COLUMNS`) belong to the register.
    """

    appearance: Appearance = "system"
    scale: float = 1.0
    less_motion: bool = False
    rpc: tuple[str, ...] = ()
    views: tuple[SavedView, ...] = ()
    hidden: tuple[str, ...] = ()

    def with_(self, **choices: Any) -> Preferences:
        """The same with other choices."""
        return replace(self, **choices)


def read_preferences(home: Path) -> Preferences:
    """The person's choices. A file that is missing, cut or foreign gives the defaults: it holds nothing of worth.

    The members of the register came later: a file without them is read, and of broken ones only these are lost.
    """
    try:
        raw = json.loads((home / FILE_NAME).read_text(encoding="utf-8"))
        scale = float(raw["scale"])
        return Preferences(
            appearance=raw["appearance"] if raw["appearance"] in APPEARANCES else "system",
            scale=min(LARGEST, max(SMALLEST, scale)),
            less_motion=bool(raw["less_motion"]),
            rpc=tuple(str(one) for one in raw["rpc"]),
            views=_views(raw.get("views")),
            hidden=_hidden(raw.get("hidden")),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Preferences()


def _hidden(raw: object) -> tuple[str, ...]:
    return tuple(column for column in COLUMNS if column in raw) if isinstance(raw, list) else ()


def _views(raw: object) -> tuple[SavedView, ...]:
    read: dict[str, SavedView] = {}
    for one in raw if isinstance(raw, list) else ():
        view = _view(one)
        if view is not None and len(read) < MOST_VIEWS:
            read.setdefault(view.name.casefold(), view)
    return tuple(read.values())


def _view(raw: object) -> SavedView | None:
    """None for what no window could have written."""
    names = SavedView.__dataclass_fields__
    if not isinstance(raw, dict) or raw.keys() != names.keys():
        return None
    if not all(isinstance(value, str) and _is_text(value) for value in raw.values()):
        return None
    view = SavedView(**raw)
    named = view.name == view.name.strip() and 0 < len(view.name) <= LONGEST_NAME
    return view if named and len(view.text) <= LONGEST_SEARCH else None


def _is_text(value: str) -> bool:
    """JSON can spell half a character, which nothing can show or write again."""
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def write_preferences(home: Path, preferences: Preferences) -> None:
    """Write beside, then rename: a cut write leaves the earlier choices. OSError."""
    home.mkdir(parents=True, exist_ok=True)
    beside = home / (FILE_NAME + ".new")
    beside.write_text(json.dumps(asdict(preferences), indent=1), encoding="utf-8")
    os.replace(beside, home / FILE_NAME)  # noqa: PTH105 - the rename is the point
