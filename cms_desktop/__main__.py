"""`python -m cms_desktop` and `cms-desktop`: open the window."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cms_desktop.memory_guard import forbid_core_dumps
from cms_desktop.screen import NO_SCREEN, has_screen


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 when the window was closed, 1 when it can not be opened."""
    forbid_core_dumps()
    if not has_screen():
        sys.stderr.write(NO_SCREEN + "\n")
        return 1
    from cms_desktop.app import run

    return run(list(sys.argv[1:] if arguments is None else arguments))


if __name__ == "__main__":
    raise SystemExit(main())
