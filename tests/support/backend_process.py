"""A real backend process on a data folder, started as the desktop starts it."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from cms_backend.core import attach

START_SECONDS = 30.0


class BackendProcess:
    """``python -m cms_backend serve --child``; use as a context manager."""

    def __init__(
        self, home: Path, *options: str, child: bool = True, environment: Mapping[str, str] | None = None
    ) -> None:
        self.home = home
        arguments = [sys.executable, "-m", "cms_backend", "serve", "--home", str(home), *options]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CMS_")}
        inherited.pop("DBUS_SESSION_BUS_ADDRESS", None)
        self.process = subprocess.Popen(
            [*arguments, "--child"] if child else arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**inherited, **(environment or {})},
        )
        self.run: dict[str, Any] = {}

    def ready(self) -> "BackendProcess":
        """Wait for the ready line."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + START_SECONDS
        readable, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        line = self.process.stdout.readline() if readable else b""
        if not line or time.monotonic() > deadline:
            self.process.kill()
            _, errors = self.process.communicate()
            raise AssertionError(f"the backend did not start: {errors.decode()}")
        self.run = {**json.loads(line), **json.loads((self.home / "run.json").read_text())}
        return self

    def __enter__(self) -> "BackendProcess":
        return self.ready()

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=20)

    @property
    def url(self) -> str:
        """Where the API is."""
        return f"http://127.0.0.1:{self.run['port']}/api/v1"

    @property
    def headers(self) -> dict[str, str]:
        """Those of the person at this computer."""
        return {attach.HEADER: attach.credential(self.run["launch_secret"], "a" * 64, "b" * 64)}

    def get(self, path: str, **options: Any) -> Any:
        """The JSON of a GET with the launch secret."""
        return (
            httpx.get(f"{self.url}{path}", headers=self.headers, timeout=20, **options)
            .raise_for_status()
            .json()
        )

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """The JSON of a POST with the launch secret."""
        content = {} if body is None else {"json": body}
        response = httpx.post(f"{self.url}{path}", headers=self.headers, timeout=20, **content, **options)
        return response.raise_for_status().json()

    def wait(self) -> tuple[int, str]:
        """Exit code and standard error of a process that ends by itself."""
        _, errors = self.process.communicate(timeout=START_SECONDS)
        return self.process.returncode, errors.decode()
