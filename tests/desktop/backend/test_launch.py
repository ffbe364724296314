"""One backend process: its first words, its last, and other programs that stand in its place."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from cms_desktop.backend.errors import BackendStartFailed
from cms_desktop.backend.launch import (
    EXIT_LOCKED,
    BackendProcess,
    RunFile,
    ask_health,
    process_alive,
)

READY = 'print(\'{"ready": true, "port": 1}\', flush=True)'


@asynccontextmanager
async def program(home: Path, code: str) -> AsyncIterator[BackendProcess]:
    """A program in the backend's place."""
    process = await BackendProcess.spawn(home, (sys.executable, "-c", code))
    try:
        yield process
    finally:
        await process.stop(0.05)


@asynccontextmanager
async def answering(body: str, status: str = "200 OK") -> AsyncIterator[RunFile]:
    """Something that answers on a port, and a run file that names it."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write((head + body).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield RunFile(os.getpid(), server.sockets[0].getsockname()[1], "5" * 64, "1", "")
    finally:
        server.close()
        await server.wait_closed()


# --- who answers ----------------------------------------------------------------------------------------------


async def test_the_process_of_the_run_file_is_believed_when_it_answers_itself() -> None:
    async with answering(f'{{"pid": {os.getpid()}, "version": "2", "instance": "home"}}') as run:
        found = await ask_health(run, owned=False)
    assert found is not None
    assert (found.pid, found.version, found.instance, found.owned) == (os.getpid(), "2", "home", False)
    assert "5" * 9 not in repr(found)
    assert "5" * 9 not in repr(run)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"pid": 1}', "200 OK"),
        ('{"pid": MINE}', "503 Service Unavailable"),
        ("{}", "200 OK"),
        ("[]", "200 OK"),
        ("<html>", "200 OK"),
        ('{"pid": null}', "200 OK"),
    ],
)
async def test_another_program_on_the_port_is_not_taken_for_the_backend(body: str, status: str) -> None:
    async with answering(body.replace("MINE", str(os.getpid())), status) as run:
        assert await ask_health(run, owned=False) is None


async def test_a_port_where_nobody_listens_is_no_backend() -> None:
    async with answering("{}") as run:
        pass
    assert await ask_health(run, owned=False) is None
    assert await ask_health(replace(run, port=0), owned=False) is None


def test_numbers_that_no_process_has_are_not_alive() -> None:
    assert process_alive(os.getpid())
    assert not any(process_alive(one) for one in (0, -1, 2**30))


# --- first words ----------------------------------------------------------------------------------------------


async def test_a_backend_that_says_nothing_is_given_up_in_time(tmp_path: Path) -> None:
    async with program(tmp_path, "import sys; sys.stdin.read()") as process:
        with pytest.raises(BackendStartFailed, match="did not become ready within") as caught:
            await process.wait_ready(0.2)
        assert str(tmp_path / "logs" / "backend.log") in (caught.value.remedy or "")


async def test_chatter_before_the_ready_line_is_passed_over_and_death_after_it_is_told(
    tmp_path: Path,
) -> None:
    chatter = "print('[]'); print('{'); print('{\"ready\": false}'); "
    async with program(tmp_path, f"{chatter}{READY}; import sys; sys.exit(3)") as process:
        with pytest.raises(BackendStartFailed, match="exit code 3") as caught:
            await process.wait_ready(20)
        assert caught.value.exit_code == 3


async def test_a_line_without_an_end_is_passed_over_too(tmp_path: Path) -> None:
    endless = "print('x' * 1_000_000); "
    async with program(tmp_path, f"{endless}{READY}; import sys; sys.exit(3)") as process:
        with pytest.raises(BackendStartFailed, match="exit code 3"):
            await process.wait_ready(20)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (f"import sys; sys.exit({EXIT_LOCKED})", "already uses this data folder"),
        ("import os; os.kill(os.getpid(), 9)", "ended by signal 9"),
        ("import sys; sys.exit('first line\\nthe disk is full')", "the disk is full"),
        ("import sys; sys.stderr.write('x' * 100_000 + '\\nlast words'); sys.exit(1)", "last words"),
    ],
)
async def test_the_end_is_told_in_words(tmp_path: Path, code: str, words: str) -> None:
    async with program(tmp_path, code) as process:
        with pytest.raises(BackendStartFailed, match=words):
            await process.wait_ready(20)


async def test_a_home_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BackendStartFailed, match="could not be started"):
        await BackendProcess.spawn(tmp_path / "file" / "home", (sys.executable, "-c", ""))


# --- last words -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "ends"),
    [
        ("import sys; sys.stdin.read()", lambda code: code == 0),
        (
            f"import time; {READY}; time.sleep(60)",
            lambda code: code == -15,
        ),
        (
            f"import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); {READY}; time.sleep(60)",
            lambda code: code == -9,
        ),
    ],
    ids=["when its input ends", "when it is asked to", "when nothing else helps"],
)
async def test_a_backend_is_ended(tmp_path: Path, code: str, ends: Callable[[int], bool]) -> None:
    process = await BackendProcess.spawn(tmp_path, (sys.executable, "-c", code))
    if READY in code:
        await process._read_ready_line()
    assert ends(await process.stop(0.5 if READY in code else 20))
    assert not process_alive(process.pid)
