"""A real development node (anvil), and the faults that it can make."""

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

BINARY = (
    Path(__file__).parents[2] / "contracts/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"
).resolve()
#: The first account of the development phrase that every such node funds; worthless everywhere else.
SECRET = bytes.fromhex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
CHAIN_ID = 31337
_START_SECONDS = 20.0


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Anvil:
    """One node process. Blocks come with each transaction unless ``automine`` is off."""

    def __init__(self, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._genesis = 1_700_000_000

    def start(self) -> "Anvil":
        """Start it on its port, with a chain of its own, and wait until it answers."""
        self._genesis += 1
        arguments = ["--port", str(self.port), "--slots-in-an-epoch", "1", "--hardfork", "prague", "--quiet"]
        arguments += ["--timestamp", str(self._genesis)]
        # It keeps caches under HOME, which is not the tests' to write.
        environment = {"HOME": tempfile.gettempdir(), "PATH": os.environ.get("PATH", "")}
        self._process = subprocess.Popen([BINARY, *arguments], env=environment, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.TransportError):
                self.ask("eth_chainId")
                return self
            assert self._process.poll() is None, "anvil ended at once"
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.05)
        raise AssertionError("anvil did not answer")

    def kill(self) -> None:
        """The node is down; what it had is gone."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """The node takes connections, and does not answer."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It answers again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def ask(self, method: str, *params: Any) -> Any:
        """Any method of the node, for making faults."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        data = httpx.post(self.url, json=body, timeout=10).json()
        assert "error" not in data, data
        return data.get("result")

    def mine(self, count: int = 1) -> None:
        """Make blocks."""
        self.ask("anvil_mine", hex(count))

    def automine(self, on: bool) -> None:
        """Make blocks by itself, or hold all transactions back."""
        self.ask("evm_setAutomine", on)


@contextlib.contextmanager
def running_anvil() -> Iterator[Anvil]:
    """A node for the time of the block."""
    node = Anvil().start()
    try:
        yield node
    finally:
        node.kill()
