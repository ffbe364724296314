"""How long the window takes to its first frame on a home that it knows, and what it holds at rest."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.wallet_home import wallet

_RUNS = 4
_SETTLE_SECONDS = 8.0
_ENVIRONMENT = {
    "QT_QPA_PLATFORM": "offscreen",
    "QT_QUICK_BACKEND": "software",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    "CMS_TRACE_STARTUP": "1",
}


def _rss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("the process has gone")


def _start(home: Path, settle: float = 0.0) -> tuple[float, float]:
    """(seconds from the start of the process to the first frame, MB after `settle` seconds)."""
    environment = {**os.environ, **_ENVIRONMENT, "CMS_HOME": str(home)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "cms_desktop"], env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("first frame"):
                break
        took = time.perf_counter() - began
        time.sleep(settle)
        return took, _rss_mb(process.pid)
    finally:
        process.terminate()
        process.communicate()


def run() -> dict[str, float]:
    """The figures of this benchmark. The first start fills the caches and does not count."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        wallet(home)[0].lock()
        frames = [_start(home)[0] for _ in range(_RUNS)][1:]
        return {
            "first_frame_s": sorted(frames)[len(frames) // 2],
            "window_rss_mb": _start(home, _SETTLE_SECONDS)[1],
        }


if __name__ == "__main__":
    print(run())
