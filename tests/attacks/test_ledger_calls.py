"""Calls of the ledger that are meant to hold the backend up, by a program that may ask it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from cms_backend.core.hashing import keccak256
from tests.support.backend_process import BackendProcess
from tests.support.desktop_api import story_of
from tests.support.latency import measured
from tests.support.ledger_worlds import KEY

PATIENCE = 30.0
HELD_UP = 0.1
PRECOMPILE_INPUT = "".join(f"{n:064x}" for n in (4096, 256, 4096)) + "ff" * 8448
"""A power of numbers of 4 KB by one of 256 bytes: seconds of Python, and within two million gas."""


@pytest.fixture
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    with BackendProcess(tmp_path_factory.mktemp("home")) as running:
        running.post("/contracts", story_of(running).create().body)
        deadline = time.monotonic() + PATIENCE
        while not running.get("/anchors")["items"]:
            assert time.monotonic() < deadline
        yield running


def request(to: str, data: str, number: int = 1) -> dict[str, Any]:
    """A call in JSON-RPC."""
    call = {"to": to, "data": "0x" + data}
    return {"jsonrpc": "2.0", "id": number, "method": "eth_call", "params": [call, "latest"]}


def heaviest(process: BackendProcess) -> dict[str, Any]:
    """verifyInclusion of the real ledger with a path of 128 steps, the longest of its kind."""
    ledger = process.get("/anchors")["items"][0]["ledger"]
    selector = keccak256(b"verifyInclusion(bytes32,uint64,bytes32,uint64,bytes32[])")[:4].hex()
    words = [KEY.hex(), f"{1:064x}", "00" * 32, f"{0:064x}", f"{160:064x}", f"{128:064x}", *["11" * 32] * 128]
    return request(ledger, selector + "".join(words))


def test_a_precompile_is_refused_at_once(process: BackendProcess) -> None:
    url = process.url.removesuffix("/api/v1") + "/ledger/rpc"
    for number in range(1, 18):
        began = time.perf_counter()
        body = request(f"0x{number:040x}", PRECOMPILE_INPUT)
        answer = httpx.post(url, json=body, headers=process.headers, timeout=60).json()
        took = time.perf_counter() - began
        assert answer["error"]["code"] == -32602
        assert took < 1.0
    sys.stdout.write(f"a call of the precompile of EIP-198: refused after {took * 1000:.1f} ms\n")
    assert httpx.post(url, json=request("0x" + "00" * 19 + "05", "")).status_code == 401


async def asking_and_leaving(
    process: BackendProcess, body: bytes, count: list[int], over: asyncio.Event
) -> None:
    """Sends a batch and hangs up, again and again."""
    headers = {
        "Host": f"127.0.0.1:{process.run['port']}",
        "Content-Type": "application/json",
        **process.headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    text = f"POST /ledger/rpc HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n"
    while not over.is_set():
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", process.run["port"])
            writer.write(text.encode() + body)
            with contextlib.suppress(TimeoutError):
                # The backend is at it by then.
                await asyncio.wait_for(over.wait(), 0.02)
            writer.close()
            await writer.wait_closed()
            count[0] += 1


async def test_batches_whose_client_leaves_hold_up_neither_the_owner_nor_the_end(
    process: BackendProcess,
) -> None:
    before = await measured(process)
    count, over = [0], asyncio.Event()
    body = orjson.dumps([heaviest(process)] * 6)
    work = [asyncio.create_task(asking_and_leaving(process, body, count, over)) for _ in range(4)]
    during = await measured(process)
    process.process.send_signal(signal.SIGTERM)
    began = time.perf_counter()
    await asyncio.to_thread(process.process.wait, 20)
    ended = time.perf_counter() - began
    over.set()
    await asyncio.gather(*work)
    for kind, calm, busy in zip(("open connection", "new connection"), before, during, strict=True):
        sys.stdout.write(f"{count[0]} batches left alone: owner, {kind}: {busy}; without: {calm}\n")
    sys.stdout.write(f"SIGTERM with calls under way: ended after {ended:.2f} s\n")
    for calm, busy in zip(before, during, strict=True):
        assert busy.median < HELD_UP + calm.median
    assert process.process.returncode == 0
    assert ended < 4.0  # alone it is less than two; other work may have most of the computer
