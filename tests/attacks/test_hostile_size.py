"""Files that are made to cost time: others are answered while one is taken in, and its pages come all the same."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import process_time, thread_time

import pytest

from tests.benchmarks import hostile_families
from tests.support.backend_app import running_api

SIZE = 1 << 20
LONGEST_S = 0.1
"""Of the loop's own work between two turns of others."""


@pytest.mark.parametrize("name", ["nested_forks", "rival_proposals", "long_chain", "early_signers"])
async def test_others_are_answered_while_a_hostile_file_is_taken_in(name: str, tmp_path: Path) -> None:
    data = hostile_families.of_size(name, SIZE)
    async with running_api(tmp_path) as api:
        await api.get("/contracts")
        begun = process_time()
        taking = asyncio.create_task(api.post("/contracts/import", data))
        held: list[float] = []
        while not taking.done():
            before = thread_time()
            await api.get("/contracts")
            held.append(thread_time() - before)
        answer = await taking
        assert answer["added"] > 100
        print(
            f"{name}, {len(data) / 1e6:.1f} MB: taken in with {process_time() - begun:.2f} s of CPU; "
            f"{len(held)} requests of others were answered meanwhile, "
            f"the loop was held for {max(held) * 1000:.0f} ms at most"
        )
        assert len(held) > 3
        assert max(held) < LONGEST_S
        await api.get(f"/contracts/{answer['contract']}")
        await api.get(f"/contracts/{answer['contract']}/evidence")


async def test_chained_ends_of_keys_cost_no_more_than_they_can_mean(tmp_path: Path) -> None:
    data = hostile_families.of_size("chained_key_ends", SIZE)
    async with running_api(tmp_path) as api:
        begun = process_time()
        answer = await api.post("/contracts/import", data, 200)
        taken = process_time() - begun
        begun = process_time()
        shown = await api.get(f"/contracts/{answer['contract']}")
        page = process_time() - begun
        print(f"{len(data) / 1e6:.1f} MB of chained KeyEnds: import {taken:.2f} s, page {page:.2f} s of CPU")
        # The first key's end, and those of the 64 keys that can act in its place.
        assert len(shown["key_ends"]) == 65
