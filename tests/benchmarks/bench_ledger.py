"""What the embedded ledger costs: start, one anchor, and how many fit into a second."""

import asyncio
import tempfile
import time
from pathlib import Path

from cms_backend.core.hashing import H
from tests.support.ledger_worlds import KEY, embedded

_ANCHORS = 100


async def _measure(folder: Path) -> dict[str, float]:
    started = time.perf_counter()
    ledger = embedded(folder)
    await ledger.start()
    await ledger.open_log(KEY)
    ready = time.perf_counter() - started
    sending = 0.0
    started = time.perf_counter()
    for size in range(_ANCHORS):
        made = await ledger.prepare_anchor(size, size + 1, H(f"root {size}"))
        before = time.perf_counter()
        await ledger.send(made.raw)
        sending += time.perf_counter() - before
    spent = time.perf_counter() - started
    await ledger.close()
    return {
        "local_ledger_first_start_s": ready,
        "local_ledger_anchors_per_s": _ANCHORS / spent,
        "local_ledger_transactions_per_s": _ANCHORS / sending,
    }


def run() -> dict[str, float]:
    """The figures of this benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder)))


if __name__ == "__main__":
    print(run())
