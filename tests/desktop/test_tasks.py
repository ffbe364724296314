"""The one helper that starts background work."""

import asyncio

import pytest

from cms_backend.core.errors import CmsError, FormError
from cms_desktop.messages import Fault
from cms_desktop.tasks import TaskRunner

pytestmark = pytest.mark.usefixtures("qapp")


async def refused() -> None:
    raise FormError("The digest is too short.", remedy="Copy all of it")


async def broken() -> None:
    raise ZeroDivisionError


async def endless() -> None:
    await asyncio.Event().wait()


async def settled(runner: TaskRunner) -> None:
    over = asyncio.Event()
    runner.signals.changed.connect(lambda: runner.running() or over.set())
    await asyncio.wait_for(over.wait(), 5)


async def test_a_refusal_reaches_whoever_asked() -> None:
    runner, heard = TaskRunner(), list[CmsError]()
    runner.start(refused(), name="verify.run", failed=heard.append)
    await settled(runner)
    assert [error.detail for error in heard] == ["The digest is too short."]


async def test_a_refusal_that_nobody_takes_is_told_to_the_window() -> None:
    runner, heard = TaskRunner(), list[CmsError]()
    runner.signals.failed.connect(heard.append)
    runner.start(refused(), name="verify.run")
    await settled(runner)
    assert len(heard) == 1


async def test_a_fault_of_ours_is_told_as_one_and_names_the_work() -> None:
    runner, heard = TaskRunner(), list[CmsError]()
    runner.start(broken(), name="draft.save", failed=heard.append)
    await settled(runner)
    assert isinstance(heard[0], Fault)
    assert heard[0].detail.startswith("Saving the draft broke by a fault of this program (ZeroDivisionError)")


async def test_work_of_the_same_name_is_replaced_on_demand_only() -> None:
    runner = TaskRunner()
    first = runner.start(endless(), name="a")
    second = runner.start(endless(), name="a")
    await asyncio.sleep(0)
    assert len(runner.running()) == 2
    third = runner.start(endless(), name="a", replace=True)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert first is not None
    assert second is not None
    assert third is not None
    assert (first.cancelled(), second.cancelled(), third.done()) == (True, True, False)
    await runner.close()


async def test_closing_cancels_everything_and_starts_nothing_more() -> None:
    runner, heard = TaskRunner(), list[CmsError]()
    task = runner.start(endless(), name="a", failed=heard.append)
    runner.start(endless(), name="never begun")
    await runner.close()
    assert task is not None
    assert task.cancelled()
    assert runner.start(refused(), name="late", failed=heard.append) is None
    assert (runner.running(), heard) == ((), [])


async def test_blocking_work_runs_beside_the_loop() -> None:
    assert await TaskRunner().thread(sum, (1, 2, 3)) == 6
