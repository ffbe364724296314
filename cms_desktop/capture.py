"""A window that shows a secret asks the system to leave it out of screenshots, recordings and shared screens.

Windows and macOS can; X11 and Wayland know no such wish, and then the page says so in words. No Qt here: a window is
the handle that its system knows it by (HWND; NSView*).
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Final

# SetWindowDisplayAffinity, winuser.h. The first needs Windows 10, version 2004; the second draws the window black.
WDA_NONE: Final = 0x00
WDA_MONITOR: Final = 0x01
WDA_EXCLUDEFROMCAPTURE: Final = 0x11
# NSWindow.SharingType, NSWindow.h.
SHARING_NONE: Final = 0
SHARING_READ_ONLY: Final = 1

Ask = Callable[[int, int], bool]
"""(handle, what) -> whether the system took it."""


class Way(StrEnum):
    """How a window is left out."""

    windows = "windows"
    macos = "macos"
    none = "none"


def way(system: str, platform: str) -> Way:
    """By `sys.platform` and the name of Qt's platform: an offscreen or X11 window has no handle that the call knows."""
    if system == "win32" and platform == "windows":
        return Way.windows
    if system == "darwin" and platform == "cocoa":
        return Way.macos
    return Way.none


def leave_out(by: Way, handle: int, on: bool, ask: Ask | None = None) -> bool:
    """Ask that the window is left out (or seen again); whether the system took it. `ask` is the system's own call."""
    if by is Way.windows:
        wishes = (WDA_EXCLUDEFROMCAPTURE, WDA_MONITOR) if on else (WDA_NONE,)
        return any((ask or _windows)(handle, wish) for wish in wishes)
    if by is Way.macos:
        return (ask or _macos)(handle, SHARING_NONE if on else SHARING_READ_ONLY)
    return False


def sentence(asked: bool) -> str:
    """What the page says beside the secret."""
    if asked:
        return "This window asks to be left out of screenshots."
    return "This system cannot leave a window out of screenshots. Share no screen."


def _windows(handle: int, affinity: int) -> bool:
    if sys.platform == "win32":
        call = ctypes.windll.user32.SetWindowDisplayAffinity
        call.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
        call.restype = ctypes.c_int
        return bool(call(handle, affinity))
    return False


def _macos(view: int, sharing: int) -> bool:
    name = ctypes.util.find_library("objc")
    if name is None or not view:
        return False
    objc = ctypes.CDLL(name)
    objc.sel_registerName.restype = ctypes.c_void_p
    objc.sel_registerName.argtypes = [ctypes.c_char_p]
    # objc_msgSend must be called with the types of the method that it sends.
    plain = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    numbered = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)
    send = ctypes.cast(objc.objc_msgSend, ctypes.c_void_p).value
    if send is None:
        return False
    window = plain(send)(view, objc.sel_registerName(b"window"))
    if not window:
        return False
    numbered(send)(window, objc.sel_registerName(b"setSharingType:"), sharing)
    return True
