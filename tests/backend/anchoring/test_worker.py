"""Every checkpoint ends on the ledger, whatever ledger, process and network do in between."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cms_backend.anchoring import repository
from cms_backend.anchoring.repository import Anchor
from cms_backend.anchoring.worker import AnchoringWorker
from cms_backend.config import Settings
from cms_backend.core.checkpoint import Checkpoint, LogKey
from cms_backend.core.hashing import H
from cms_backend.db.migrate import migrate
from cms_backend.db.session import Database
from cms_backend.ledger.adapter import Ledger, LedgerIdentity
from cms_backend.ledger.errors import LedgerUnreachable
from cms_backend.ledger.memory import MemoryLedger
from cms_backend.log.service import OwnLog
from tests.support.backend_contracts import person
from tests.support.ledger_anvil import Anvil, running_anvil
from tests.support.ledger_worlds import deploy, embedded, remote

ORIGIN = "cms.local/test"


class GrowingLog:
    """A log whose size the test sets; its root follows from the size."""

    def __init__(self, row: int) -> None:
        self.id = row
        self.key = bytes(32)
        self.frozen: str | None = None
        self.size = 0

    async def latest_checkpoint(self) -> Checkpoint:
        return Checkpoint(ORIGIN, self.size, H(f"root {self.size}"))

    async def compare(self, size: int, root: bytes, source: str) -> None:
        if size > self.size or H(f"root {size}").raw != root:
            self.frozen = f"behind {source}"


class Setting:
    """A database, a log and a clock; workers come and go on them as processes do."""

    def __init__(self, home: Path) -> None:
        migrate(home / "cms.sqlite3")
        self.database = Database(Settings(home=home))
        self.now = datetime(2026, 5, 1, tzinfo=UTC)
        self.said: list[tuple[str, int | None]] = []
        self._heard: asyncio.Queue[str] = asyncio.Queue()
        self.found: list[LedgerIdentity] = []
        self.log = GrowingLog(0)

    async def open(self) -> "Setting":
        own = OwnLog(self.database, LogKey(bytes(range(32))), person(9), None)
        await own.open()
        self.log.id = own.id
        return self

    def worker(self, ledger: Ledger) -> AnchoringWorker:
        return AnchoringWorker(
            self.database,
            ledger,
            self.log,
            self._publish,
            lambda: self.now,
            interval=5.0,
            poll=0.01,
            bump_after=60.0,
            on_identity=self._identity,
        )

    def _publish(self, name: str, data: Mapping[str, Any]) -> None:
        assert name == "anchor"
        self.said.append((data["what"], data.get("size")))
        self._heard.put_nowait(data["what"])

    async def hear(self, what: str) -> None:
        """Wait until the worker says this."""
        async with asyncio.timeout(10):
            while await self._heard.get() != what:
                pass

    async def _identity(self, identity: LedgerIdentity) -> None:
        self.found.append(identity)

    def later(self, seconds: float = 10.0) -> None:
        self.now += timedelta(seconds=seconds)

    async def anchors(self) -> list[Anchor]:
        """Oldest first."""
        async with self.database.read() as connection:
            return list(reversed(await repository.anchors_of(connection, self.log.id)))

    async def states(self) -> list[tuple[int, str]]:
        return [(one.size, one.status) for one in await self.anchors()]


@pytest.fixture
async def setting(tmp_path: Path) -> AsyncIterator[Setting]:
    made = await Setting(tmp_path).open()
    yield made
    await made.database.close()


async def test_an_empty_log_is_not_anchored(setting: Setting) -> None:
    worker = setting.worker(MemoryLedger())
    await worker.step()
    assert await setting.anchors() == []
    assert worker.state.state == "ready"


async def test_the_newest_checkpoint_is_anchored_and_said(setting: Setting) -> None:
    ledger = MemoryLedger()
    setting.log.size = 7
    worker = setting.worker(ledger)
    await worker.step()
    (anchor,) = await setting.anchors()
    found = await ledger.anchored(7)
    assert found is not None
    assert (anchor.status, anchor.root, anchor.block, anchor.time) == (
        "confirmed",
        found.root,
        found.block,
        found.time,
    )
    assert setting.said == [("ready", None), ("submitted", 7), ("confirmed", 7)]
    assert worker.head == await ledger.latest_block()
    assert [one.log_id for one in setting.found] == [anchor.log_id]


async def test_one_anchor_covers_all_growth_since_the_last(setting: Setting) -> None:
    worker = setting.worker(MemoryLedger())
    for size in (3, 4, 90):
        setting.log.size = size
        await worker.step()
        setting.later(2)
    setting.later()
    await worker.step()
    await worker.step()
    assert await setting.states() == [(3, "confirmed"), (90, "confirmed")]


async def test_too_early_for_the_next_anchor_says_how_long(setting: Setting) -> None:
    worker = setting.worker(MemoryLedger())
    setting.log.size = 1
    await worker.step()
    setting.log.size = 2
    setting.later(2)
    assert await worker.step() == pytest.approx(3.0)


async def test_an_anchor_is_confirmed_once_blocks_stand_on_it(setting: Setting) -> None:
    ledger = MemoryLedger(depth=2)
    worker = setting.worker(ledger)
    setting.log.size = 1
    await worker.step()
    assert await setting.states() == [(1, "mined")]
    ledger.mine(2)
    await worker.step()
    assert await setting.states() == [(1, "confirmed")]


async def test_a_killed_worker_is_followed_by_one_that_sends_the_same_bytes(setting: Setting) -> None:
    ledger = MemoryLedger()

    class Cut(MemoryLedger):
        """The process ends after the row is kept and before anything is sent."""

        async def send(self, raw: bytes) -> None:
            raise KeyboardInterrupt

    cut = Cut()
    setting.log.size = 5
    with pytest.raises(KeyboardInterrupt):
        await setting.worker(cut).step()
    assert await setting.states() == [(5, "submitted")]
    (kept,) = await setting.anchors()
    await setting.worker(ledger).step()
    assert await setting.states() == [(5, "confirmed")]
    assert [one.tx for one in await setting.anchors()] == [kept.tx]


async def test_a_reorganisation_sends_an_anchor_back_and_the_same_bytes_forward(setting: Setting) -> None:
    ledger = MemoryLedger(depth=3)
    worker = setting.worker(ledger)
    setting.log.size = 5
    await worker.step()
    (before,) = await setting.anchors()
    ledger.hold = True
    ledger.reorganise(1)
    await worker.step()
    assert await setting.states() == [(5, "submitted")]
    (gone,) = await setting.anchors()
    assert (gone.block, gone.hash, gone.time) == (None, None, None)
    ledger.mine(4)
    await worker.step()
    (after,) = await setting.anchors()
    assert (after.status, after.tx) == ("confirmed", before.tx)
    assert after.hash != before.hash


async def test_several_anchors_lost_at_once_come_back_in_order(setting: Setting) -> None:
    ledger = MemoryLedger(depth=9)
    worker = setting.worker(ledger)
    for size in (2, 4, 6):
        setting.log.size = size
        await worker.step()
        setting.later()
    ledger.reorganise(3)
    await worker.step()
    ledger.mine(9)
    await worker.step()
    assert await setting.states() == [(2, "confirmed"), (4, "confirmed"), (6, "confirmed")]
    assert (await ledger.head()).size == 6


async def test_a_dropped_transaction_is_sent_again(setting: Setting) -> None:
    ledger = MemoryLedger()
    ledger.hold = True
    worker = setting.worker(ledger)
    setting.log.size = 5
    await worker.step()
    ledger.drop()
    await worker.step()
    ledger.mine()
    await worker.step()
    assert await setting.states() == [(5, "confirmed")]


async def test_a_stuck_transaction_is_replaced_by_one_that_pays_more(setting: Setting) -> None:
    ledger = MemoryLedger()
    ledger.hold = True
    worker = setting.worker(ledger)
    setting.log.size = 5
    await worker.step()
    setting.later(61)
    await worker.step()
    assert await setting.states() == [(5, "submitted"), (5, "submitted")]
    ledger.mine()
    await worker.step()
    assert await setting.states() == [(5, "lost"), (5, "confirmed")]


async def test_nothing_more_is_sent_while_one_is_under_way(setting: Setting) -> None:
    ledger = MemoryLedger()
    ledger.hold = True
    worker = setting.worker(ledger)
    for size in (5, 6, 7):
        setting.log.size = size
        setting.later()
        await worker.step()
    assert await setting.states() == [(5, "submitted")]


async def test_an_outage_loses_nothing(setting: Setting) -> None:
    ledger = MemoryLedger()
    worker = setting.worker(ledger)
    await worker.step()
    ledger.down = True
    setting.log.size = 5
    with pytest.raises(LedgerUnreachable):
        await worker.step()
    ledger.down = False
    await worker.step()
    assert await setting.states() == [(5, "confirmed")]


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_running_worker_says_that_the_ledger_is_away_and_back(setting: Setting) -> None:
    ledger = MemoryLedger()
    ledger.down = True
    worker = setting.worker(ledger)
    task = asyncio.create_task(worker.run())
    await setting.hear("unavailable")
    away = worker.state
    ledger.down = False
    setting.log.size = 3
    await setting.hear("confirmed")
    assert (away.state, worker.state.state) == ("unavailable", "ready")
    assert away.reason == "The ledger's node does not answer."
    assert await setting.states() == [(3, "confirmed")]
    await _end(task)


async def test_a_running_worker_is_woken_by_growth(setting: Setting) -> None:
    worker = setting.worker(MemoryLedger())
    task = asyncio.create_task(worker.run())
    await setting.hear("ready")
    setting.log.size = 3
    worker.wake()
    await setting.hear("confirmed")
    assert await setting.states() == [(3, "confirmed")]
    await _end(task)


@pytest.mark.parametrize("restored", [2, 0])
async def test_a_log_behind_the_ledger_is_frozen_and_not_anchored(setting: Setting, restored: int) -> None:
    ledger = MemoryLedger()
    setting.log.size = 5
    await setting.worker(ledger).step()
    setting.log.size = restored
    setting.later()
    await setting.worker(ledger).step()
    assert setting.log.frozen is not None
    assert (await ledger.head()).size == 5
    assert await setting.states() == [(5, "confirmed")]


async def test_the_embedded_chain_takes_anchors_of_one_worker_after_another(
    setting: Setting, tmp_path: Path
) -> None:
    for size in (4, 9):
        ledger = embedded(tmp_path)
        setting.log.size = size
        setting.later()
        await setting.worker(ledger).step()
        await ledger.close()
    assert await setting.states() == [(4, "confirmed"), (9, "confirmed")]


@pytest.fixture
async def node(setting: Setting) -> AsyncIterator[tuple[Anvil, Ledger]]:
    with running_anvil() as running:
        ledger = remote(running, await deploy(running))
        yield running, ledger
        await ledger.close()


async def test_on_a_real_node_a_reorganisation_is_survived(
    setting: Setting, node: tuple[Anvil, Ledger]
) -> None:
    anvil, ledger = node
    worker = setting.worker(ledger)
    setting.log.size = 5
    await worker.step()
    assert await setting.states() == [(5, "mined")]
    anvil.ask("anvil_reorg", 1, [])
    await worker.step()
    anvil.mine(3)
    await worker.step()
    assert await setting.states() == [(5, "confirmed")]
    assert (await ledger.head()).root == H("root 5")


async def test_on_a_real_node_a_stuck_anchor_is_replaced(
    setting: Setting, node: tuple[Anvil, Ledger]
) -> None:
    anvil, ledger = node
    worker = setting.worker(ledger)
    await worker.step()
    anvil.automine(False)
    setting.log.size = 5
    await worker.step()
    setting.later(61)
    await worker.step()
    anvil.mine(4)
    await worker.step()
    assert await setting.states() == [(5, "lost"), (5, "confirmed")]


async def test_on_a_real_node_that_was_down_work_goes_on(
    setting: Setting, node: tuple[Anvil, Ledger]
) -> None:
    anvil, ledger = node
    worker = setting.worker(ledger)
    await worker.step()
    anvil.freeze()
    setting.log.size = 5
    with pytest.raises(LedgerUnreachable):
        await worker.step()
    anvil.thaw()
    await worker.step()
    anvil.mine(3)
    await worker.step()
    assert await setting.states() == [(5, "confirmed")]
