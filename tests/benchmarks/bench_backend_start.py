"""How long a backend takes to be ready on a home that it knows, and what it holds at rest."""

import tempfile
import time
from pathlib import Path

from tests.support.backend_process import BackendProcess

_SETTLE_SECONDS = 10.0
_RUNS = 3


def _rss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("the process has gone")


def _start(home: Path, *, settle: float = 0.0) -> tuple[float, float]:
    started = time.perf_counter()
    with BackendProcess(home) as backend:
        ready = time.perf_counter() - started
        time.sleep(settle)
        return ready, _rss_mb(backend.process.pid)


def run() -> dict[str, float]:
    """The figures of this benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        first, resting = _start(home, settle=_SETTLE_SECONDS)
        later = sorted(_start(home)[0] for _ in range(_RUNS))
        return {
            "backend_first_ready_s": first,
            "backend_ready_s": later[_RUNS // 2],
            "backend_rss_mb": resting,
        }


if __name__ == "__main__":
    print(run())
