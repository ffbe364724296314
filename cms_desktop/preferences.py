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


@dataclass(frozen=True, slots=True)
class Preferences:
    """`scale` is the size of text as a factor, 0.8 to 1.5. `rpc`: nodes that are asked beside the backend."""

    appearance: Appearance = "system"
    scale: float = 1.0
    less_motion: bool = False
    rpc: tuple[str, ...] = ()

    def with_(self, **choices: Any) -> Preferences:
        """The same with other choices."""
        return replace(self, **choices)


def read_preferences(home: Path) -> Preferences:
    """The person's choices. A file that is missing, cut or foreign gives the defaults: it holds nothing of worth."""
    try:
        raw = json.loads((home / FILE_NAME).read_text(encoding="utf-8"))
        scale = float(raw["scale"])
        return Preferences(
            appearance=raw["appearance"] if raw["appearance"] in APPEARANCES else "system",
            scale=min(LARGEST, max(SMALLEST, scale)),
            less_motion=bool(raw["less_motion"]),
            rpc=tuple(str(one) for one in raw["rpc"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Preferences()


def write_preferences(home: Path, preferences: Preferences) -> None:
    """Write beside, then rename: a cut write leaves the earlier choices. OSError."""
    home.mkdir(parents=True, exist_ok=True)
    beside = home / (FILE_NAME + ".new")
    beside.write_text(json.dumps(asdict(preferences), indent=1), encoding="utf-8")
    os.replace(beside, home / FILE_NAME)  # noqa: PTH105 - the rename is the point
