"""How long the requests of a backend's owner take, while others are at work or not."""

from __future__ import annotations

import time
from dataclasses import dataclass

from cms_desktop.api.client import Client
from tests.support.backend_process import BackendProcess

ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Latency:
    """Of the owner's requests, in seconds."""

    median: float
    most: float

    def __str__(self) -> str:
        return f"{self.median * 1000:.1f} ms (slowest tenth {self.most * 1000:.1f} ms)"


def latency(took: list[float]) -> Latency:
    """The median, and what nine of ten stay below: beyond it this computer's other work is measured."""
    took.sort()
    return Latency(took[len(took) // 2], took[len(took) * 9 // 10])


async def measured(process: BackendProcess) -> tuple[Latency, Latency]:
    """(a request on a connection that is open, a program that connects, attaches and asks once)."""
    base, secret = process.url.removesuffix("/api/v1"), process.run["launch_secret"]
    steady, anew = [], []
    client = Client(base, launch_secret=secret)
    await client.contracts()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await client.contracts()
        steady.append(time.perf_counter() - began)
        began = time.perf_counter()
        other = Client(base, launch_secret=secret)
        await other.health()
        anew.append(time.perf_counter() - began)
        await other.aclose()
    await client.aclose()
    return latency(steady), latency(anew)
