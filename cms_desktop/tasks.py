"""The one helper that starts background work: it keeps the task, reports its failure, cancels it at the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal

from cms_backend.core.errors import CmsError
from cms_desktop.messages import Fault

P = ParamSpec("P")
T = TypeVar("T")
Failed = Callable[[CmsError], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """Something that runs."""

    name: str
    since: datetime


class TaskSignals(QObject):
    """What the runner says."""

    changed = Signal()
    """What runs is other than before."""
    failed = Signal(object)
    """A CmsError that nobody else takes."""


class TaskRunner:
    """Lives as long as the window. Needs a running asyncio loop when something is started."""

    def __init__(self) -> None:
        self.signals = TaskSignals()
        self._running: dict[asyncio.Task[None], Work] = {}
        self._closing = False

    def start(
        self,
        work: Coroutine[Any, Any, object],
        *,
        name: str,
        failed: Failed | None = None,
        replace: bool = False,
    ) -> asyncio.Task[None] | None:
        """Run `work`. `replace` cancels what runs under the same name. None once the window is closing."""
        if self._closing:
            work.close()
            return None
        if replace:
            self.cancel(name)
        task = asyncio.get_running_loop().create_task(self._guarded(work, name, failed), name=name)
        self._running[task] = Work(name, datetime.now(UTC))
        # A task that is cancelled before its first step never awaits the work.
        task.add_done_callback(lambda _: work.close())
        task.add_done_callback(self._ended)
        self.signals.changed.emit()
        return task

    def thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """Run blocking work without Qt in the executor."""
        return asyncio.to_thread(function, *args, **kwargs)

    def running(self) -> tuple[Work, ...]:
        """What runs now, oldest first."""
        return tuple(self._running.values())

    def cancel(self, name: str) -> None:
        """Cancel all work of that name; it ends at its next pause."""
        for task, work in self._running.items():
            if work.name == name:
                task.cancel()

    async def close(self) -> None:
        """Start nothing more, cancel everything, and wait for its end."""
        self._closing = True
        tasks = list(self._running)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _guarded(self, work: Coroutine[Any, Any, object], name: str, failed: Failed | None) -> None:
        try:
            await work
        except CmsError as error:
            self._report(error, failed)
        except Exception as error:
            log.exception("work %s broke", name)
            self._report(Fault(name, error), failed)

    def _report(self, error: CmsError, failed: Failed | None) -> None:
        if self._closing:
            return
        if failed is not None:
            failed(error)
        else:
            self.signals.failed.emit(error)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        if not self._closing:
            self.signals.changed.emit()
