"""Keeping what this process holds out of files that the system writes when a process crashes."""

from __future__ import annotations

import contextlib
import sys
from typing import Final

_PR_SET_DUMPABLE: Final = 4
"""linux/prctl.h"""


def forbid_core_dumps() -> None:
    """No core dump of this process, and no debugger of the same user on it, where the system can do that.

    RLIMIT_CORE is known to every POSIX system and passed on to children; it does not bind a handler that takes dumps
    through a pipe (core_pattern), so on Linux the process is marked as not dumpable as well. Elsewhere nothing happens.
    """
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
