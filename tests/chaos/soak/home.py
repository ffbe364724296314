"""One home: a data folder, its backend, what the backend has said, and the faults that meet it."""

from __future__ import annotations

import contextlib
import signal
import ssl
import subprocess
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from cms_backend.core.checkpoint import Checkpoint, open_note, parse_vkey
from cms_backend.core.signatures import Ed25519Signer
from tests.chaos.soak.faults import Hardware
from tests.support.backend_contracts import person
from tests.support.backend_process import BackendProcess

_PATIENCE = 120.0
"""Seconds after which a request that was never answered is a finding."""
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_TOO_BUSY = 429
_FAULT_AT_SERVER = 500


class Stopped(Exception):
    """The soak ends; the deed under way is left."""


@dataclass
class Tally:
    """What was done to the homes; shared by all threads."""

    counts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    findings: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str, by: int = 1) -> None:
        """One more of these."""
        with self._lock:
            self.counts[what] += by

    def find(self, what: str) -> None:
        """Something that must not happen."""
        with self._lock:
            self.findings.append(what)


class Home:
    """A person at a computer. Requests are repeated until they are answered; what was acknowledged is remembered."""

    def __init__(
        self, number: int, folder: Path, hardware: Hardware, tally: Tally, stop: threading.Event
    ) -> None:
        self.number = number
        self.person: Ed25519Signer = person(100 + number)
        self.path = folder / f"home-{number}"
        self.tally = tally
        self.stop = stop
        self.hardware = hardware
        self.backend: BackendProcess | None = None
        self.up = threading.Event()
        self.acknowledged: defaultdict[str, set[str]] = defaultdict(set)
        self.checkpoints: list[Checkpoint] = []
        self.log: dict[str, str] = {}
        self._seen_size = 0
        self._seen_lock = threading.Lock()

    # --- life ---------------------------------------------------------------------------------------------

    def start(self) -> bool:
        """Start the backend; False when it refused, which it may only while its disk fails."""
        self.hardware.tidy()
        backend = BackendProcess(self.path, environment=self.hardware.variables())
        try:
            backend.ready()
        except AssertionError as error:
            self.tally.count("starts refused")
            if "Traceback" in str(error):
                self.tally.find(f"home {self.number}: a traceback at the start: {error}")
            return False
        self.backend = backend
        self.tally.count("starts")
        self.up.set()
        return True

    def end(self, how: signal.Signals) -> None:
        """End the backend's process, and wait for it. One that does not end in time is a finding."""
        assert self.backend is not None
        self.up.clear()
        process = self.backend.process
        early = process.poll()
        if early is not None:
            self.tally.count("died by itself")
        else:
            process.send_signal(how)
        try:
            _, errors = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            _, errors = process.communicate()
            self.tally.find(f"home {self.number}: {how.name} did not end the backend within 30 s")
        if b"Traceback" in errors:
            self.tally.find(f"home {self.number}: a traceback on standard error: {errors.decode()[-2000:]}")

    # --- requests -----------------------------------------------------------------------------------------

    def ask(self, call: Callable[[httpx.Client], httpx.Response]) -> httpx.Response:
        """The answer to a request, which is sent again, byte for byte, while nobody answers or a fault is named."""
        waited = 0.0
        while not self.stop.is_set():
            if self.up.wait(0.5) and self.backend is not None:
                with contextlib.suppress(httpx.TransportError, OSError):
                    with self.client(self.backend) as client:
                        answer = call(client)
                    if answer.status_code < _FAULT_AT_SERVER and answer.status_code != _TOO_BUSY:
                        return answer
                    self.tally.count("answers that named a fault")
            self.stop.wait(0.1)
            waited += 0.1
            if waited > _PATIENCE:
                self.tally.find(f"home {self.number}: no answer for {_PATIENCE:.0f} s")
                waited = 0.0
        raise Stopped

    @staticmethod
    def client(backend: BackendProcess) -> httpx.Client:
        """A client of a backend; making a TLS context for each would cost more than most requests."""
        return httpx.Client(base_url=backend.url, headers=backend.headers, timeout=30, verify=_NO_TLS)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """The answer to a GET."""
        return self.ask(lambda client: client.get(path, **options))

    def post(self, path: str, **options: Any) -> httpx.Response:
        """The answer to a POST."""
        return self.ask(lambda client: client.post(path, **options))

    def know_the_log(self) -> None:
        """Ask for the log's name and operator, once."""
        with self._seen_lock:
            if self.log:
                return
            info = self.get("/log/info").json()
            self.log = {"vkey": info["vkey"], "operator": info["operator"]}

    def look(self) -> None:
        """Keep the newest checkpoint. One that is smaller than the last shows a log that went back."""
        with self._seen_lock:
            answer = self.get("/log/checkpoint")
            if answer.is_success:
                note = open_note(answer.text, parse_vkey(self.log["vkey"]))
                if note.size < self._seen_size:
                    self.tally.find(
                        f"home {self.number}: the log went back from {self._seen_size} to {note.size}"
                    )
                self._seen_size = max(self._seen_size, note.size)
                self.checkpoints.append(note)
                self.tally.count("checkpoints")
