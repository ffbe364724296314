"""Runs every benchmark, one after another, prints a table and writes JSON.

usage: python -m tests.benchmarks [--out FILE] [NAME ...]
"""

import argparse
import importlib
import json
import os
import platform
import sys
from pathlib import Path

FOLDER = Path(__file__).parent

# What the product must reach: (figure, bound, True when more is better).
BOUNDS: dict[str, tuple[float, bool]] = {
    "first_frame_s": (1.0, False),
    "backend_ready_s": (2.5, False),
    "longest_stall_ms": (50.0, False),
    "backend_rss_mb": (200.0, False),
    "window_rss_mb": (200.0, False),
    "verify_10000_ratio": (0.5, True),
    "hostile_verify_8mb_slowest_s": (2.0, False),
    "hostile_verify_steepest_power": (1.3, False),
    "hostile_take_steepest_power": (1.3, False),
    "accept_16_clients_per_s": (300.0, True),
    "accept_batch_per_s": (2000.0, True),
}


def _verdict(name: str, value: float) -> str:
    if name not in BOUNDS:
        return ""
    bound, more = BOUNDS[name]
    met = value >= bound if more else value <= bound
    return f"{'met' if met else 'MISSED'} ({'>=' if more else '<='} {bound:g})"


def main() -> int:
    """Run the chosen benchmarks; exit 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=None, help="write the JSON here too")
    parser.add_argument("names", nargs="*", help="topics, such as verify; all of them when left out")
    args = parser.parse_args()
    topics = sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))
    chosen = [topic for topic in topics if not args.names or topic in args.names]
    figures: dict[str, float] = {}
    for topic in chosen:
        print(f"{topic} ...", file=sys.stderr, flush=True)
        figures |= importlib.import_module(f"tests.benchmarks.bench_{topic}").run()
    for name, value in figures.items():
        print(f"{name:36} {value:12.3f}  {_verdict(name, value)}", file=sys.stderr)
    result = {"machine": {"cores": os.cpu_count(), "python": platform.python_version()}, "figures": figures}
    text = json.dumps(result, indent=1)
    print(text)
    if args.out:
        args.out.write_text(text + "\n", "utf-8")
    return int(any("MISSED" in _verdict(name, value) for name, value in figures.items()))


if __name__ == "__main__":
    sys.exit(main())
