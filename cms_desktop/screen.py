"""Whether there is a screen to draw on. Asked before Qt, which aborts without one."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Final

NO_SCREEN: Final = (
    "There is no screen here for the window (neither DISPLAY nor WAYLAND_DISPLAY is set). "
    "To see the main job without one, run: make demo"
)
SHAPELESS: Final = frozenset({"offscreen", "minimal", "vnc", "eglfs", "linuxfb"})


def has_screen(environment: Mapping[str, str] | None = None, platform: str | None = None) -> bool:
    """Only Linux and the BSDs can run without one."""
    values = os.environ if environment is None else environment
    if (platform or sys.platform) in {"win32", "darwin"}:
        return True
    if values.get("QT_QPA_PLATFORM", "").partition(":")[0] in SHAPELESS:
        return True
    return bool(values.get("DISPLAY") or values.get("WAYLAND_DISPLAY"))
