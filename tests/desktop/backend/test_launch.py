"""One backend process: its first words, its last, and other programs that stand in its place."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from cms_backend.core import attach
from cms_desktop.api.client import Client
from cms_desktop.attach import PATH, BackendNotProven
from cms_desktop.backend.errors import BackendStartFailed
from cms_desktop.backend.launch import (
    EXIT_LOCKED,
    BackendProcess,
    RunFile,
    ask_health,
    process_alive,
)

SECRET = "5" * 64
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
async def listening(
    handle: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[RunFile]:
    """A program on a port, and a run file that names it."""
    lines: dict[asyncio.Task[None] | None, asyncio.StreamWriter] = {}

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines[asyncio.current_task()] = writer
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await handle(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    heard.clear()
    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield RunFile(os.getpid(), server.sockets[0].getsockname()[1], SECRET, "1", "")
    finally:
        server.close()
        for writer in lines.values():
            writer.close()
        # Each handler ends by the end of its line.
        await asyncio.gather(*(line for line in lines if line is not None))


def answering(answers: Callable[[str, bytes], tuple[str, str]]) -> AbstractAsyncContextManager[RunFile]:
    """A program that answers HTTP: path and body to status and body."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"Content-Length: (\d+)", head)
            body = await reader.readexactly(int(length[1])) if length else b""
            heard.append(head + body)
            status, said = answers(head.split(b" ")[1].decode(), body)
            writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(said)}\r\n\r\n{said}".encode())
            await writer.drain()

    return listening(answer)


heard: list[bytes] = []


def knowing(health: str, status: str = "200 OK") -> Callable[[str, bytes], tuple[str, str]]:
    """Answers of a program that knows the launch secret."""

    def answer(path: str, body: bytes) -> tuple[str, str]:
        if path != PATH:
            return status, health
        asked, own = json.loads(body)["nonce"], "7" * 64
        return "200 OK", json.dumps({"nonce": own, "proof": attach.server_proof(SECRET, asked, own)})

    return answer


# --- who answers ----------------------------------------------------------------------------------------------


async def test_the_process_of_the_run_file_is_believed_when_it_answers_itself() -> None:
    health = f'{{"pid": {os.getpid()}, "version": "2", "instance": "home"}}'
    async with answering(knowing(health)) as run:
        found = await ask_health(run, owned=False)
    assert found is not None
    assert (found.pid, found.version, found.instance, found.owned) == (os.getpid(), "2", "home", False)
    assert "5" * 9 not in repr(found)
    assert "5" * 9 not in repr(run)
    assert SECRET.encode() not in b"".join(heard)


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
async def test_a_backend_that_answers_nonsense_is_none(body: str, status: str) -> None:
    async with answering(knowing(body.replace("MINE", str(os.getpid())), status)) as run:
        assert await ask_health(run, owned=False) is None


@pytest.mark.parametrize(
    "proof",
    [
        lambda asked: {"nonce": "7" * 64, "proof": attach.server_proof("6" * 64, asked, "7" * 64)},
        lambda asked: {"nonce": asked, "proof": asked},
        lambda asked: {"nonce": "7" * 64, "proof": ""},
        lambda asked: {"nonce": "7" * 64, "proof": None},
        lambda asked: {"nonce": "7" * 64, "proof": "\u00e9"},
        lambda asked: {"nonce": "7", "proof": attach.server_proof(SECRET, asked, "7")},
        lambda asked: {"nonce": "7" * 64},
        lambda asked: {"pid": os.getpid(), "version": "1", "instance": ""},
        lambda asked: [asked],
        lambda asked: "x" * 2000,
    ],
)
async def test_who_does_not_prove_itself_is_told_one_random_number_and_no_more(
    proof: Callable[[str], object],
) -> None:
    def impostor(path: str, body: bytes) -> tuple[str, str]:
        asked = json.loads(body)["nonce"] if path == PATH else ""
        return "200 OK", json.dumps(proof(asked))

    async with answering(impostor) as run:
        assert await ask_health(run, owned=False) is None
        client = Client(run.base_url, launch_secret=run.launch_secret)
        with pytest.raises(BackendNotProven):
            await client.contracts()
        await client.aclose()
    said = b"".join(heard)
    assert [one.split(b" ")[1].decode() for one in heard] == [PATH, PATH]
    assert attach.HEADER.lower().encode() not in said.lower()
    assert SECRET.encode() not in said


async def test_an_answer_of_another_kind_or_none_is_no_backend() -> None:
    for said in (
        "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
        "SSH-2.0-OpenSSH\r\n\r\n",
        "x" * 9000,
        "",
    ):

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter, said: str = said) -> None:
            writer.write(said.encode())

        async with listening(answer) as run:
            assert await ask_health(run, owned=False) is None


async def test_a_program_that_says_nothing_holds_nobody_up() -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listening(silent) as run:
        assert await ask_health(run, owned=False, timeout=0.2) is None


async def test_a_port_where_nobody_listens_is_no_backend() -> None:
    async with answering(knowing("{}")) as run:
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
