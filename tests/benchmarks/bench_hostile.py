"""Hostile files: time by size for each family, and how fast it grows. Each file is judged in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from math import log
from pathlib import Path
from typing import Any

from tests.benchmarks.hostile_families import FAMILIES
from tests.benchmarks.hostile_run import STAGES, file_of, kept_at

MEGABYTE = 1 << 20
SIZES = (2 * MEGABYTE, 8 * MEGABYTE)
_WIDTH = 40


def judged(name: str, size: int, stage: str) -> dict[str, Any]:
    """CPU seconds, seconds, bytes and peak of memory of one file."""
    file_of(name, size)
    command = [sys.executable, "-m", "tests.benchmarks.hostile_run", str(kept_at(name, size)), stage]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def growth(small: dict[str, Any], large: dict[str, Any]) -> float:
    """The power of the size with which the CPU time grows."""
    return log(max(large["cpu_s"], 1e-3) / max(small["cpu_s"], 1e-3)) / log(large["bytes"] / small["bytes"])


def run() -> dict[str, float]:
    """The slowest family at 8 MB, the steepest, and the most memory for each byte, of both stages."""
    figures: dict[str, float] = {}
    for stage in STAGES:
        slowest = steepest = heaviest = 0.0
        for name in FAMILIES:
            small, large = (judged(name, size, stage) for size in SIZES)
            seconds, power = large["cpu_s"], growth(small, large)
            used = (large["peak_mb"] - large["base_mb"]) * MEGABYTE / large["bytes"]
            bar = "#" * min(_WIDTH, round(seconds / 2 * _WIDTH))
            print(
                f"{stage:6} {name:22} {large['bytes'] / 1e6:5.1f} MB {seconds:6.2f} s CPU {large['wall_s']:6.2f} s "
                f"^{power:4.2f} {used:5.1f} x memory {bar}",
                file=sys.stderr,
            )
            slowest, heaviest = max(slowest, seconds), max(heaviest, used)
            steepest = max(steepest, power if seconds > 0.3 else 0.0)
        figures[f"hostile_{stage}_8mb_slowest_s"] = slowest
        figures[f"hostile_{stage}_steepest_power"] = steepest
        figures[f"hostile_{stage}_memory_by_size"] = heaviest
    for path in Path(kept_at("", 0)).parent.glob("cms-hostile-*"):
        path.unlink()
    return figures
