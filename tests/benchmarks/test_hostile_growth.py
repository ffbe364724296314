"""The work of a hostile file grows with its size: four times the file costs four times as much, not sixteen times."""

from __future__ import annotations

from functools import lru_cache

import pytest

from tests.benchmarks import hostile_families
from tests.benchmarks.hostile_run import STAGES, measure

SMALL, LARGE = 192 * 1024, 768 * 1024
MOST_GROWTH = 6.0
"""At most for four times the size; with its square the work would be sixteen times as much."""
# What is no longer than this is not measured against anything: the clock and the collector say more than the work.
SHORT_S = 0.25


_file = lru_cache(maxsize=None)(hostile_families.of_size)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", hostile_families.FAMILIES)
def test_four_times_the_file_is_no_more_than_six_times_the_work(name: str, stage: str) -> None:
    small, large = _file(name, SMALL), _file(name, LARGE)
    growth = []
    for _ in range(3):
        before, after = measure(small, stage)["cpu_s"], measure(large, stage)["cpu_s"]
        growth.append(after / before * (len(small) * 4 / len(large)))
        if after <= SHORT_S or growth[-1] <= MOST_GROWTH:
            return
    raise AssertionError(f"{name}: {stage} grew to {min(growth):.1f} times")
