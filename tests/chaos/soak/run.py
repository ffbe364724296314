"""The whole of a soak: homes, people, troubles, and the judgement."""

from __future__ import annotations

import random
import signal
import threading
from pathlib import Path

from tests.chaos.soak.deeds import Person, Tale
from tests.chaos.soak.faults import Hardware, clock_library
from tests.chaos.soak.home import Home, Tally
from tests.chaos.soak.judge import judge
from tests.chaos.soak.trouble import Trouble

_JOIN_SECONDS = 90.0
_PEOPLE = 2
"""Threads of each home, so that a kill meets requests side by side."""
COUNTED = ("acknowledged", "lost", "doubled", "forked")
"""What a soak is run for; printed even when it is 0."""


def soak(folder: Path, *, seconds: float, homes: int = 3, seed: int = 0) -> Tally:
    """Run it, and tell what was counted and found."""
    chance = random.Random(seed)
    tally, stop = Tally(), threading.Event()
    library = clock_library(folder)
    world = [
        Home(number, folder, Hardware(folder / f"hardware-{number}", library), tally, stop)
        for number in range(homes)
    ]
    tales: list[Tale] = []
    try:
        for home in world:
            if not home.start():
                raise AssertionError(f"home {home.number} does not start: {tally.findings}")
        people = [
            Person(
                home, [other for other in world if other is not home], tales, random.Random(chance.random())
            )
            for home in world
            for _ in range(_PEOPLE)
        ]
        troubles = [Trouble(home, random.Random(chance.random())) for home in world]
        for thread in (*people, *troubles):
            thread.start()
        stop.wait(seconds)
        stop.set()
        for thread in (*people, *troubles):
            thread.join(_JOIN_SECONDS)
            if thread.is_alive():
                tally.find(f"{thread.name} did not come to an end")
        _quiet(world)
        judge(world, tales)
    finally:
        for home in world:
            if home.backend is not None and home.backend.process.poll() is None:
                home.end(signal.SIGTERM)
    return tally


def _quiet(world: list[Home]) -> None:
    """Sound disks, true clocks, running backends."""
    for home in world:
        home.stop = threading.Event()
        home.hardware.at_start = None
        home.hardware.clock(0)
        if home.up.is_set():
            home.end(signal.SIGTERM)
        if not home.start():
            raise AssertionError(f"home {home.number} does not start again: {home.tally.findings}")


def figures(tally: Tally) -> str:
    """The counts in one line, those first that must be 0."""
    first = [f"{name} {tally.counts[name]:,}" for name in COUNTED]
    rest = [f"{name} {count:,}" for name, count in sorted(tally.counts.items()) if name not in COUNTED]
    return ", ".join((*first, *rest))
