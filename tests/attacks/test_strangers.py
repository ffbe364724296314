"""What a stranger on this computer does to the owner's requests: the owner is measured with and without it.

The figures are printed: ``pytest -s tests/attacks/test_strangers.py``.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from tests.support.backend_process import BackendProcess
from tests.support.desktop_api import story_of
from tests.support.latency import Latency, measured

HELD_UP = 0.1
ENDS_WITHIN = 4.0
"""Seconds, where other work has most of the computer; alone it is less than one."""
#: Fifty connections that ask without a pause: here the computer itself is what is used up.
HELD_UP_BY_A_FLOOD = 0.3
PATIENCE = 60.0


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    with BackendProcess(tmp_path_factory.mktemp("home")) as running:
        for number in range(20):
            running.post("/contracts", story_of(running, f"Contract {number}").create().body)
        yield running


@asynccontextmanager
async def attack(what: str, process: BackendProcess) -> AsyncIterator[list[int]]:
    """A stranger at work; at the end its figure stands in the list."""
    figure: list[int] = []
    stranger = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.attacks.strangers", what, str(process.run["port"])),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert stranger.stdin is not None
    assert stranger.stdout is not None
    async with asyncio.timeout(PATIENCE):
        assert await stranger.stdout.readline() == b"ready\n"
    try:
        yield figure
    finally:
        stranger.stdin.close()
        figure.append(int(await stranger.stdout.read()))
        await stranger.wait()


async def held_up(
    what: str,
    words: str,
    process: BackendProcess,
    measure: Callable[[], Awaitable[tuple[Latency, Latency]]],
    bound: float = HELD_UP,
) -> None:
    """Measure before and during, say both, and hold the difference to the promise."""
    before = await measure()
    async with attack(what, process) as figure:
        during = await measure()
    for kind, calm, busy in zip(("open connection", "new connection"), before, during, strict=True):
        sys.stdout.write(f"{figure[0]:,} {words}: owner, {kind}: {busy}; without: {calm}\n")
    for calm, busy in zip(before, during, strict=True):
        # The slowest tenth is printed alone: on a busy computer it tells of whatever else runs there.
        assert busy.median < bound + calm.median


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("idle", "idle connections"),
        ("heads", "heads without an end"),
        ("bodies", "bodies without an end"),
        ("flood", "connections as fast as can be"),
    ],
)
async def test_a_stranger_holds_the_owner_up_for_less_than_a_tenth_of_a_second(
    what: str, words: str, process: BackendProcess
) -> None:
    await held_up(what, words, process, lambda: measured(process))


async def test_a_flood_of_requests_leaves_the_owner_a_share(process: BackendProcess) -> None:
    await held_up("proofs", "proofs asked for", process, lambda: measured(process), HELD_UP_BY_A_FLOOD)


async def test_strangers_do_not_hold_up_the_end_either(process: BackendProcess) -> None:
    async with attack("bodies", process):
        began = time.perf_counter()
        process.process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.process.wait, 20)
        took = time.perf_counter() - began
    sys.stdout.write(f"SIGTERM with 400 bodies under way: ended after {took:.2f} s\n")
    assert process.process.returncode == 0
    assert took < ENDS_WITHIN
