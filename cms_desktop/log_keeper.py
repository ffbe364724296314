"""Looks at the backend's log after each of its changes, and keeps what was found for the pages (section 6)."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from cms_backend.core.errors import CmsError
from cms_desktop.api.log_watch import LogWatch

if TYPE_CHECKING:
    from cms_desktop.api.client import Client
    from cms_desktop.api.log_watch import LogLook

REST_S: Final = 1.0
"""Between two looks: a busy log is looked at once a second."""
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LogFinding:
    """The last look, and the files of all alarms of this home so far, those of earlier days included. `frozen`: why
    the log accepts nothing, and what can be done about it; both empty when it may grow.
    """

    look: LogLook
    kept: tuple[Path, ...] = ()
    frozen: str = ""
    remedy: str = ""


class LogKeeper(QObject):
    """One per window. `found` is None until the log was looked at."""

    changed = Signal()

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._wanted = asyncio.Event()
        self.found: LogFinding | None = None

    def look_soon(self) -> None:
        """The log has changed, or may have."""
        self._wanted.set()

    async def follow(self, client: Client) -> None:
        """Look whenever it is wanted, as long as this backend is there. Never ends by itself."""
        watch = LogWatch(self._home, client)
        self._wanted.set()
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            look = await watch.look()
            try:
                kept = await watch.alarms()
            except OSError:
                _logger.exception("the alarms of this home cannot be listed")
                kept = ()
            if look.alarm:
                _logger.error("the log has not kept its word (%s), kept: %s", look.state, look.kept)
            self.found = LogFinding(look, kept, *await _frozen(client))
            self.changed.emit()
            await asyncio.sleep(REST_S)


async def _frozen(client: Client) -> tuple[str, str]:
    try:
        status = await client.status()
    except CmsError:
        return "", ""  # the outage is told by its own strip
    return status.log_frozen or "", status.log_remedy or ""
