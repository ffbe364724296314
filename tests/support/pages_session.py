"""What view-models stand on in tests: background work that can be waited for, and a workspace over a known world."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from cms_backend.core.errors import CmsError
from cms_backend.core.report_model import Report
from cms_backend.core.verify import verify_evidence
from tests.support.verify_world import World

P = ParamSpec("P")
T = TypeVar("T")


class WaitedTasks:
    """Runs work on the test's own loop; `idle` waits until nothing runs. A fault of ours fails the test."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[None]] = {}
        self.faults: list[BaseException] = []
        self.refusals: list[CmsError] = []
        self._closed = False

    def start(
        self,
        work: Coroutine[Any, Any, object],
        *,
        name: str,
        failed: Callable[[CmsError], None] | None = None,
        replace: bool = False,
    ) -> object:
        """As the window's runner does it: once closed, nothing starts any more."""
        if self._closed:
            work.close()
            return None
        if replace and name in self._running:
            self._running[name].cancel()
        task = asyncio.get_running_loop().create_task(self._run(work, failed))
        # A task that is cancelled before its first step never awaits the work.
        task.add_done_callback(lambda _: work.close())
        self._running[f"{name}" if replace else f"{name}:{len(self._running)}"] = task
        return task

    async def _run(
        self, work: Coroutine[Any, Any, object], failed: Callable[[CmsError], None] | None
    ) -> None:
        try:
            await work
        except CmsError as error:
            self.refusals.append(error)
            if failed is not None:
                failed(error)
        except Exception as error:  # noqa: BLE001 - kept, and raised by idle
            self.faults.append(error)

    def thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """In the executor, as in the window."""
        return asyncio.to_thread(function, *args, **kwargs)

    async def close(self) -> None:
        """Wait for what runs; timers of view-models that fire later start nothing."""
        self._closed = True
        await self.idle()

    async def idle(self) -> None:
        """Until all work is done."""
        while pending := [task for task in self._running.values() if not task.done()]:
            await asyncio.wait(pending)
        if self.faults:
            raise self.faults[0]


class KnownWorkspace:
    """Verifies with the facts of a `World`, and exports its evidence: the real verifier, a known ledger."""

    def __init__(self, world: World, *, head: bool = True, tail: bool = True) -> None:
        self._world, self._tail = world, tail
        self.evidence = world.evidence(head=head).to_bytes()

    async def verify(self, data: bytes, *, rpc: tuple[str, ...] = ()) -> Report:
        """As `Workspace.verify`."""
        world = self._world
        return await asyncio.to_thread(
            verify_evidence, data, world.facts(tail=self._tail), world.trust, world.now
        )

    async def export_evidence(self, _contract: str) -> bytes:
        """As `Workspace.export_evidence`."""
        return self.evidence


def signed_world() -> World:
    """In force, every event anchored."""
    world = World()
    world.propose()
    world.anchor()
    world.complete()
    world.anchor()
    return world


def pending_world() -> World:
    """Signed by both, the last anchor still to come."""
    world = World()
    world.propose()
    world.anchor()
    world.complete()
    return world


def save(path: Path, data: bytes) -> Path:
    """Write and return the path."""
    path.write_bytes(data)
    return path
