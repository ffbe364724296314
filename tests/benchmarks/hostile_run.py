"""Judges one hostile file in a process of its own, and prints what it cost.

usage: python -m tests.benchmarks.hostile_run FILE STAGE
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from time import perf_counter, process_time
from typing import Any

from cms_backend.contract.judging import FileRefused, judge, unite
from cms_backend.core.ids import Time
from cms_backend.core.verify import LedgerFacts, Trust, verify_evidence
from tests.benchmarks import hostile_families

NOW = Time("2027-01-01T00:00:00.000Z")


def _verify(data: bytes) -> str:
    report = verify_evidence(data, LedgerFacts(), Trust(), NOW)
    return f"{report.verdict}: {report.headline[:60]}"


def _take(data: bytes) -> str:
    """What a register does with a file before it writes anything."""
    try:
        evidence, findings = judge(data, NOW)
        unite(None, evidence, findings, own_vkey="", now=NOW)
    except FileRefused as error:
        return f"refused: {error.detail[:60]}"
    return "taken"


STAGES = {"verify": _verify, "take": _take}


def kept_at(name: str, size: int) -> Path:
    """Where a file is kept, so that it is made once for all processes of a run of one source."""
    source = Path(hostile_families.__file__).read_bytes()
    return Path(gettempdir()) / f"cms-hostile-{name}-{size}-{sha256(source).hexdigest()[:12]}"


def file_of(name: str, size: int) -> bytes:
    """A file of a family, kept."""
    kept = kept_at(name, size)
    if not kept.exists():
        data = hostile_families.of_size(name, size)
        made = kept.with_suffix(".part")
        made.write_bytes(data)
        made.rename(kept)
    return kept.read_bytes()


def measure(data: bytes, stage: str) -> dict[str, Any]:
    """Seconds of this process and of the clock, and what was said."""
    before, clock = process_time(), perf_counter()
    said = STAGES[stage](data)
    return {"cpu_s": process_time() - before, "wall_s": perf_counter() - clock, "said": said}


def peak_mb() -> float:
    """The most memory that this process has had. The figure of getrusage begins with that of the parent."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    kept = Path(sys.argv[1])
    content = kept.read_bytes()
    empty = peak_mb()
    found = measure(content, sys.argv[2])
    print(json.dumps({**found, "bytes": len(content), "base_mb": empty, "peak_mb": peak_mb()}))
