"""The supervisor on real backend processes: ready, killed, attached to, taken over, given up."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cms_desktop.backend.errors import BackendUnavailable
from cms_desktop.backend.launch import BACKEND_NICENESS, find_running, process_alive, read_run_file
from cms_desktop.backend.supervisor import BackendState, RestartPolicy, Status, Supervisor

QUICK = RestartPolicy(tries=2, first_pause=0.01, longest_pause=0.02, watch_every=0.05, ready_timeout=30.0)


async def until(supervisor: Supervisor, holds: Callable[[Status], bool]) -> Status:
    """Wait for a status that `holds`, told by the supervisor's own callbacks."""
    found: asyncio.Future[Status] = asyncio.get_running_loop().create_future()

    def look(status: Status) -> None:
        if not found.done() and holds(status):
            found.set_result(status)

    unsubscribe = supervisor.subscribe(look)
    try:
        async with asyncio.timeout(40):
            return await found
    finally:
        unsubscribe()


async def gone(pid: int) -> None:
    async with asyncio.timeout(20):
        while process_alive(pid):
            await asyncio.sleep(0.02)


async def test_a_killed_backend_is_started_again_and_a_stopped_one_stays_stopped(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, policy=QUICK)
    states: list[BackendState] = []
    supervisor.subscribe(lambda status: states.append(status.state))
    first = await supervisor.start()
    assert first.owned
    assert first.launch_secret not in repr(supervisor.status)

    os.kill(first.pid, signal.SIGKILL)
    again = await until(
        supervisor, lambda status: status.endpoint is not None and status.endpoint.pid != first.pid
    )
    assert again.endpoint is not None
    assert again.endpoint.owned

    await supervisor.stop()
    assert supervisor.state is BackendState.STOPPED
    await gone(again.endpoint.pid)
    assert await find_running(tmp_path) is None
    assert states[0] is BackendState.STOPPED
    assert states[-2:] == [BackendState.STOPPING, BackendState.STOPPED]


async def test_a_second_supervisor_attaches_and_takes_over_when_the_first_ends(tmp_path: Path) -> None:
    first, second = Supervisor(tmp_path, policy=QUICK), Supervisor(tmp_path, policy=QUICK)
    try:
        mine = await first.start()
        theirs = await second.start()
        assert (theirs.pid, theirs.owned) == (mine.pid, False)
        await first.stop()
        taken = await until(second, lambda status: status.endpoint is not None and status.endpoint.owned)
        assert taken.endpoint is not None
        assert taken.endpoint.pid != mine.pid
    finally:
        await second.stop()
        await first.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="niceness is POSIX")
async def test_the_backend_lets_the_window_go_first(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, policy=QUICK)
    endpoint = await supervisor.start()
    assert os.getpriority(os.PRIO_PROCESS, endpoint.pid) == max(
        BACKEND_NICENESS, os.getpriority(os.PRIO_PROCESS, 0)
    )
    await supervisor.stop()


async def test_letting_go_of_an_attached_backend_leaves_it_running(tmp_path: Path) -> None:
    first, second = Supervisor(tmp_path, policy=QUICK), Supervisor(tmp_path, policy=QUICK)
    try:
        mine = await first.start()
        await second.start()
        await second.stop()
        running = await find_running(tmp_path)
        assert running is not None
        assert running.pid == mine.pid
    finally:
        await first.stop()


async def test_a_stale_run_file_is_not_attached_to(tmp_path: Path) -> None:
    dead = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await dead.wait()
    stale = {"pid": dead.pid, "port": 9, "launch_secret": "s", "version": "0", "started_at": ""}
    (tmp_path / "run.json").write_text(json.dumps(stale))
    async with Supervisor(tmp_path, policy=QUICK) as supervisor:
        assert supervisor.endpoint is not None
        assert supervisor.endpoint.owned
        assert supervisor.endpoint.pid != dead.pid


async def test_a_run_file_of_a_living_stranger_is_not_attached_to(tmp_path: Path) -> None:
    stranger = {"pid": os.getpid(), "port": 9, "launch_secret": "s", "version": "0", "started_at": ""}
    (tmp_path / "run.json").write_text(json.dumps(stranger))
    assert await find_running(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x"}', '{"pid": 1, "port": 2}'])
def test_a_run_file_that_is_half_written_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    assert read_run_file(tmp_path) is None


async def test_it_gives_up_with_the_last_words_of_the_backend_and_can_be_asked_again(tmp_path: Path) -> None:
    dying = (sys.executable, "-c", "import sys; sys.exit('the database is of a newer version')")
    supervisor = Supervisor(tmp_path, policy=QUICK, command=dying)
    with pytest.raises(BackendUnavailable) as caught:
        await supervisor.start()
    assert supervisor.state is BackendState.FAILED
    assert "3 times in a row" in caught.value.detail
    assert "the database is of a newer version" in caught.value.detail
    assert caught.value.remedy is not None
    await supervisor.retry()
    assert supervisor.state is BackendState.STARTING
    await supervisor.stop()
    assert supervisor.state is BackendState.STOPPED


async def test_a_program_that_cannot_be_run_is_said_in_words(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, policy=QUICK, command=(str(tmp_path / "nowhere"),))
    with pytest.raises(BackendUnavailable, match="could not be started"):
        await supervisor.start()
    await supervisor.stop()


async def test_the_backend_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    program = (
        "import asyncio, pathlib, sys\n"
        "from cms_desktop.backend.supervisor import Supervisor\n"
        "async def main():\n"
        "    endpoint = await Supervisor(pathlib.Path(sys.argv[1])).start()\n"
        "    print(endpoint.pid, flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    child = int(await asyncio.wait_for(parent.stdout.readline(), 40))
    assert process_alive(child)
    parent.kill()
    await parent.wait()
    await gone(child)
    assert await find_running(tmp_path) is None


@pytest.mark.parametrize("kind", ["a folder", "a pipe"])
async def test_a_fault_that_stays_is_told_at_once_with_its_remedy(tmp_path: Path, kind: str) -> None:
    (tmp_path / "run.json").mkdir() if kind == "a folder" else os.mkfifo(tmp_path / "run.json")
    supervisor = Supervisor(tmp_path, policy=RestartPolicy(first_pause=60.0))
    with pytest.raises(BackendUnavailable, match=f"run.json is {kind}.*Move it away"):
        await supervisor.start()
    assert supervisor.status.state is BackendState.FAILED
    assert supervisor.status.attempt == 1
    await supervisor.stop()
