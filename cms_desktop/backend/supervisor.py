"""Keeps one backend at hand for a data folder: attaches to a running one, else starts and restarts its own.

Window and command line use the same class. It needs a running asyncio loop and nothing else; no call
blocks that loop. The state is assigned in one place (`_move`), through a table.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from cms_desktop.backend.errors import BackendError, BackendStartFailed, BackendUnavailable
from cms_desktop.backend.launch import (
    EXIT_LASTING,
    EXIT_LOCKED,
    BackendProcess,
    Endpoint,
    ask_health,
    backend_command,
    find_running,
    process_alive,
    read_run_file,
)


class BackendState(StrEnum):
    """Where the backend of this data folder stands."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"
    FAILED = "failed"


_MOVES: Mapping[BackendState, frozenset[BackendState]] = {
    BackendState.STOPPED: frozenset({BackendState.STARTING}),
    BackendState.STARTING: frozenset(BackendState) - {BackendState.STOPPED},
    BackendState.READY: frozenset({BackendState.STARTING, BackendState.STOPPING, BackendState.READY}),
    BackendState.STOPPING: frozenset({BackendState.STOPPED}),
    BackendState.FAILED: frozenset({BackendState.STARTING, BackendState.STOPPING}),
}


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """How patient the supervisor is. Times in seconds."""

    tries: int = 6
    first_pause: float = 0.25
    longest_pause: float = 15.0
    ready_timeout: float = 30.0
    lock_wait: float = 2.0  # for the holder of the lock to answer, before a start is tried again
    steady_after: float = 30.0  # a backend that lived this long starts with a clean record
    watch_every: float = 1.0
    unanswered: int = 5  # so many silent health checks in a row, and an attached backend counts as gone
    stop_grace: float = 10.0

    def pause(self, failures: int) -> float:
        """Exponential back-off with full jitter, so that window and command line do not march in step."""
        ceiling = min(self.longest_pause, self.first_pause * 2.0 ** max(0, failures - 1))
        return ceiling * (0.5 + secrets.randbelow(1000) / 2000)


@dataclass(frozen=True, slots=True)
class Status:
    """A moment of the supervisor, as handed to callbacks. `reason` is in words for a person."""

    state: BackendState
    endpoint: Endpoint | None
    reason: str | None
    attempt: int
    since: datetime


StatusCallback = Callable[[Status], None]


class Supervisor:
    """Holds a backend for one data folder, until it is told to stop."""

    def __init__(
        self,
        home: Path,
        *,
        policy: RestartPolicy | None = None,
        command: Sequence[str] | None = None,
    ) -> None:
        self._home = home
        self._policy = policy or RestartPolicy()
        self._command = tuple(command) if command else backend_command(home)
        self._status = Status(BackendState.STOPPED, None, None, 0, datetime.now(UTC))
        self._callbacks: list[StatusCallback] = []
        self._task: asyncio.Task[None] | None = None
        self._process: BackendProcess | None = None
        self._changed = asyncio.Event()

    @property
    def home(self) -> Path:
        """The data folder that is served."""
        return self._home

    @property
    def status(self) -> Status:
        """The present moment."""
        return self._status

    @property
    def state(self) -> BackendState:
        """The present state."""
        return self._status.state

    @property
    def endpoint(self) -> Endpoint | None:
        """The backend to talk to, while READY."""
        return self._status.endpoint

    def subscribe(self, callback: StatusCallback) -> Callable[[], None]:
        """Call `callback` now and at each change, on the event loop. Returns what ends the subscription."""
        self._callbacks.append(callback)
        callback(self._status)

        def unsubscribe() -> None:
            with suppress(ValueError):
                self._callbacks.remove(callback)

        return unsubscribe

    def launch(self) -> None:
        """Start working in the background and return at once. Does nothing when already at work."""
        if self._task is None or self._task.done():
            self._move(BackendState.STARTING, attempt=1)
            self._task = asyncio.get_running_loop().create_task(self._run(), name="backend supervisor")

    async def start(self) -> Endpoint:
        """Launch and wait until a backend is ready. Raises BackendUnavailable."""
        self.launch()
        return await self.ready(timeout=None)

    async def ready(self, timeout: float | None = 30.0) -> Endpoint:
        """Wait until a backend is ready. Raises BackendUnavailable when it failed, was stopped or takes too long."""
        try:
            async with asyncio.timeout(timeout):
                while True:
                    status = self._status
                    if status.endpoint is not None:
                        return status.endpoint
                    if status.state in (BackendState.FAILED, BackendState.STOPPED, BackendState.STOPPING):
                        raise self._unavailable(status.reason or "The backend is not running.")
                    await self._changed.wait()
        except TimeoutError:
            raise self._unavailable("The backend is still starting.") from None

    async def retry(self) -> None:
        """Try again after FAILED, with a clean record."""
        if self.state is BackendState.FAILED:
            if self._task is not None:
                await self._task
            self.launch()

    async def stop(self) -> None:
        """End a backend that this supervisor started; let go of one that it merely attached to."""
        if self.state is BackendState.STOPPED:
            return
        if self.state is not BackendState.STOPPING:
            self._move(BackendState.STOPPING, attempt=0)
            task, self._task = self._task, None
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await self._end_process()
            self._move(BackendState.STOPPED, attempt=0)
            return
        while self.state is BackendState.STOPPING:
            await self._changed.wait()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    # -- the loop ----------------------------------------------------------------------------------

    async def _run(self) -> None:
        """Attach or start, watch until it ends, and again; give up after too many failures in a row."""
        failures = 0
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                reason = await self._attach() or await self._serve()
            except BackendError as problem:
                reason = problem.detail
                if isinstance(problem, BackendStartFailed) and problem.exit_code in EXIT_LASTING:
                    # Trying again would only keep the person waiting for the same words.
                    self._move(BackendState.FAILED, reason=reason, attempt=failures + 1)
                    return
            if loop.time() - began >= self._policy.steady_after:
                failures = 0
            failures += 1
            if failures > self._policy.tries:
                self._move(
                    BackendState.FAILED,
                    reason=f"The backend failed {failures} times in a row. {reason}",
                    attempt=failures,
                )
                return
            self._move(BackendState.STARTING, reason=reason, attempt=failures + 1)
            await asyncio.sleep(self._policy.pause(failures))

    async def _attach(self) -> str | None:
        """Use a backend that somebody else runs on this folder; returns why it ended, None if there is none."""
        endpoint = await find_running(self._home)
        if endpoint is None:
            return None
        self._move(BackendState.READY, endpoint=endpoint, attempt=0)
        silent = 0
        while silent < self._policy.unanswered:
            await asyncio.sleep(self._policy.watch_every)
            if not process_alive(endpoint.pid):
                return "The backend that another program ran has ended."
            run = await asyncio.to_thread(read_run_file, self._home)
            answer = await ask_health(run, owned=False) if run is not None else None
            silent = 0 if answer is not None and answer.instance == endpoint.instance else silent + 1
        return "The backend that another program runs does not answer."

    async def _serve(self) -> str:
        """Start a backend of our own and stay with it until it ends; returns why it did."""
        process = await BackendProcess.spawn(self._home, self._command)
        self._process = process
        try:
            endpoint = await process.wait_ready(self._policy.ready_timeout)
        except BackendStartFailed as problem:
            await self._end_process()
            if problem.exit_code == EXIT_LOCKED:
                return await self._someone_else_starts(problem)
            raise
        self._move(BackendState.READY, endpoint=endpoint, attempt=0)
        code = await process.wait()
        self._process = None
        return process.reason(code)

    async def _someone_else_starts(self, problem: BackendStartFailed) -> str:
        """Another backend holds the lock: attach once it is ready, or soon try again, for it may be ending."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._policy.lock_wait
        while loop.time() < until:
            reason = await self._attach()
            if reason is not None:
                return reason
            run = await asyncio.to_thread(read_run_file, self._home)
            if run is not None and not process_alive(run.pid):
                break
            await asyncio.sleep(min(0.2, self._policy.watch_every))
        return problem.detail

    async def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            await process.stop(self._policy.stop_grace)

    # -- the state ---------------------------------------------------------------------------------

    def _move(
        self,
        state: BackendState,
        *,
        endpoint: Endpoint | None = None,
        reason: str | None = None,
        attempt: int,
    ) -> None:
        present = self._status
        if state is not present.state and state not in _MOVES[present.state]:
            raise AssertionError(f"the backend cannot go from {present.state} to {state}")
        since = present.since if state is present.state else datetime.now(UTC)
        self._status = Status(state, endpoint, reason, attempt, since)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        for callback in tuple(self._callbacks):
            callback(self._status)

    def _unavailable(self, reason: str) -> BackendUnavailable:
        return BackendUnavailable(
            reason,
            remedy=f"Details are in {self._home / 'logs' / 'backend.log'}. Contracts and drafts are not affected.",
        )


def without_endpoint(status: Status) -> Status:
    """Return the status without the launch secret, for logs and diagnostics."""
    return replace(status, endpoint=None)
