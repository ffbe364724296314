"""Two minutes of the soak: backends are killed, disks fail, clocks jump, and files go from home to home."""

from pathlib import Path

import pytest

from tests.chaos.soak.run import figures, soak

SECONDS = 120.0


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_doubled_or_forked_whatever_happens_to_the_homes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = soak(tmp_path, seconds=SECONDS, seed=6)
    with capsys.disabled():
        print(f"\nsoak: {figures(tally)}")
    assert tally.findings == []
    assert tally.counts["acknowledged"] > 50
    assert tally.counts["kills"] > 5
    assert tally.counts["disk faults"] > 2
    assert tally.counts["clock jumps"] > 2
    assert tally.counts["files carried"] > 20
    assert tally.counts["backups brought back"] > 0
