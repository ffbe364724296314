"""One backend process: its command, its ready line, its run file and its end.

The child holds the read end of a pipe as standard input. When this program goes away, however it goes
(kill -9 included), the system closes the write end and the child ends by itself.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from cms_desktop.attach import AttachedTransport, BackendNotProven
from cms_desktop.backend.errors import BackendStartFailed

RUN_FILE = "run.json"
EXIT_LOCKED = 75  # EX_TEMPFAIL: another backend holds this data folder
EXIT_LASTING = frozenset({64, 65, 74, 78})
"""What stays as it is until somebody does something about it: wrong usage, a newer database, a data folder that cannot
be used (a full disk too), settings or keys that do not fit."""
_READY_LINE_LIMIT = 64 * 1024
BACKEND_NICENESS = 5
"""Of 19; the window has 0."""
_STDERR_KEPT = 4 * 1024


@dataclass(frozen=True, slots=True)
class RunFile:
    """What a running backend writes about itself into its data folder."""

    pid: int
    port: int
    launch_secret: str = field(repr=False)
    version: str
    started_at: str

    @property
    def base_url(self) -> str:
        """Address of the backend; it only ever listens on loopback."""
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A backend that has proven itself: where it is, and the secret that both sides know."""

    base_url: str
    launch_secret: str = field(repr=False)
    pid: int
    version: str
    instance: str
    owned: bool


def read_run_file(home: Path) -> RunFile | None:
    """Return the run file of `home`, or None where there is none or it is half-written."""
    try:
        if not (home / RUN_FILE).is_file():  # a pipe would keep the reader waiting for ever
            return None
        raw = json.loads((home / RUN_FILE).read_bytes())
        return RunFile(
            pid=int(raw["pid"]),
            port=int(raw["port"]),
            launch_secret=str(raw["launch_secret"]),
            version=str(raw.get("version", "")),
            started_at=str(raw.get("started_at", "")),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def process_alive(pid: int) -> bool:
    """Say whether a process of this number exists (a zombie or another person's process counts)."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


async def ask_health(run: RunFile, *, owned: bool, timeout: float = 2.0) -> Endpoint | None:
    """Ask the backend of a run file for its health; None unless that very process answers.

    After a crash another program may have been given the same port: who does not prove that it knows the launch
    secret is asked nothing.
    """
    try:
        transport = AttachedTransport(run.launch_secret)
        async with (
            asyncio.timeout(timeout),
            httpx.AsyncClient(trust_env=False, transport=transport) as http,
        ):
            answer = await http.get(f"{run.base_url}/api/v1/health")
            body = answer.json()
        if answer.status_code != httpx.codes.OK or int(body["pid"]) != run.pid:
            return None
        return Endpoint(
            base_url=run.base_url,
            launch_secret=run.launch_secret,
            pid=run.pid,
            version=str(body.get("version", run.version)),
            instance=str(body.get("instance", "")),
            owned=owned,
        )
    except (BackendNotProven, httpx.HTTPError, OSError, ValueError, KeyError, TypeError):
        return None


async def find_running(home: Path) -> Endpoint | None:
    """Return the backend that already serves `home`; a stale run file (no process, no answer) is None."""
    run = await asyncio.to_thread(read_run_file, home)
    if run is None or not process_alive(run.pid):
        return None
    return await ask_health(run, owned=False)


def backend_command(home: Path) -> tuple[str, ...]:
    """Command that serves `home` as a child of this program."""
    return (sys.executable, "-m", "cms_backend", "serve", "--home", str(home), "--child")


def _let_the_window_go_first(pid: int) -> None:
    """Where processors are few, the start of the backend must not hold up what a person is doing in the window."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, BACKEND_NICENESS)


class BackendProcess:
    """A backend that this program started and owns."""

    def __init__(self, process: asyncio.subprocess.Process, home: Path) -> None:
        self._process = process
        self._home = home
        self._stderr = bytearray()
        self._drains = [asyncio.create_task(self._drain_errors())]

    @classmethod
    async def spawn(cls, home: Path, command: Sequence[str]) -> BackendProcess:
        """Start `command`; raises BackendStartFailed if it cannot be run at all."""
        try:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=_READY_LINE_LIMIT,
                env={**os.environ, "CMS_HOME": str(home), "PYTHONUNBUFFERED": "1"},
                start_new_session=True,  # Ctrl+C in a terminal reaches us, and we end the child in order
            )
        except OSError as problem:
            raise BackendStartFailed(
                f"The backend could not be started: {problem.strerror or problem}.",
                remedy=f"Check that {home} can be written to and that the installation is complete.",
            ) from problem
        _let_the_window_go_first(process.pid)
        return cls(process, home)

    @property
    def pid(self) -> int:
        """Process number of the child."""
        return self._process.pid

    async def wait_ready(self, timeout: float) -> Endpoint:
        """Wait for the ready line, then for a healthy answer. Raises BackendStartFailed."""
        try:
            async with asyncio.timeout(timeout):
                await self._read_ready_line()
                return await self._first_health()
        except TimeoutError:
            raise BackendStartFailed(
                f"The backend did not become ready within {timeout:.0f} seconds.", remedy=self._log_hint()
            ) from None

    async def _read_ready_line(self) -> None:
        stdout = self._process.stdout
        if stdout is None:
            raise BackendStartFailed("The backend was started without an output pipe.")
        while line := await _next_line(stdout):
            with suppress(ValueError):
                answer = json.loads(line)
                if isinstance(answer, dict) and answer.get("ready") is True:
                    self._drains.append(asyncio.create_task(_discard(stdout)))
                    return
        code = await self.wait()
        raise BackendStartFailed(self.reason(code), exit_code=code, remedy=self._log_hint())

    async def _first_health(self) -> Endpoint:
        while True:
            if self._process.returncode is not None:
                code = await self.wait()
                raise BackendStartFailed(self.reason(code), exit_code=code, remedy=self._log_hint())
            run = await asyncio.to_thread(read_run_file, self._home)
            if run is not None and run.pid == self.pid:
                endpoint = await ask_health(run, owned=True)
                if endpoint is not None:
                    return endpoint
            await asyncio.sleep(0.05)

    async def wait(self) -> int:
        """Wait until the child has ended; returns its exit code (negative: the signal)."""
        code = await self._process.wait()
        await asyncio.gather(*self._drains, return_exceptions=True)
        return code

    async def stop(self, grace: float = 10.0) -> int:
        """End the child: close its standard input, then SIGTERM, then SIGKILL, each after `grace` seconds."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        for signal_it in (self._process.terminate, self._process.kill):
            try:
                async with asyncio.timeout(grace):
                    return await self.wait()
            except TimeoutError:
                with suppress(ProcessLookupError):
                    signal_it()
        return await self.wait()

    def reason(self, code: int) -> str:
        """Say in words why the child ended, with the last line it wrote to its error output."""
        if code == EXIT_LOCKED:
            said = "Another backend already uses this data folder"
        elif code < 0:
            said = f"The backend was ended by signal {-code}"
        else:
            said = f"The backend ended with exit code {code}"
        lines = self._stderr.decode("utf-8", "replace").strip().splitlines()
        if code in EXIT_LASTING and lines:  # what is wrong, and the remedy
            return " ".join(line.strip() for line in lines[-2:])
        return f"{said}: {lines[-1].strip()}" if lines else f"{said}."

    def _log_hint(self) -> str:
        return f"Details are in {self._home / 'logs' / 'backend.log'}."

    async def _drain_errors(self) -> None:
        # An unread pipe fills up and then blocks the child; only the end of it is worth keeping.
        stream = self._process.stderr
        while stream is not None and (chunk := await stream.read(_STDERR_KEPT)):
            self._stderr += chunk
            del self._stderr[:-_STDERR_KEPT]


async def _next_line(stream: asyncio.StreamReader) -> bytes:
    """The next line; a mere line end for one that is too long to be kept, whatever it said. Empty at the end."""
    try:
        return await stream.readline()
    except ValueError:
        return b"\n"


async def _discard(stream: asyncio.StreamReader) -> None:
    while await stream.read(64 * 1024):
        pass
