"""How many signed events a second a backend acknowledges, each after its fsync, over HTTP on SQLite."""

import asyncio
import itertools
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from tests.support.backend_contracts import Story
from tests.support.backend_process import BackendProcess

CLIENTS = 16
STORIES_PER_CLIENT = 30
BATCH_STORIES = 500
BATCHES = 4


def _log(backend: BackendProcess) -> dict[str, str]:
    info = backend.get("/log/info")
    return {"vkey": info["vkey"], "operator": info["operator"]}


def _requests(log: dict[str, str], stories: int) -> Iterator[list[tuple[str, bytes]]]:
    """For each contract its four events (created, proposed, signed twice) as path and body."""
    for _ in range(stories):
        story = Story(log=log).signed_by_both()
        yield [
            (
                "/api/v1/contracts" if at == 0 else f"/api/v1/contracts/{story.contract}/events",
                orjson.dumps(sent.body),
            )
            for at, sent in enumerate(story.sent)
        ]


class Connection:
    """The least of an HTTP client, so that the measurement is of the server."""

    def __init__(self, backend: BackendProcess) -> None:
        self._port = backend.run["port"]
        headers = {
            "Host": f"127.0.0.1:{self._port}",
            "Content-Type": "application/json",
            **backend.headers,
        }
        self._head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**26)

    async def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        head = f"POST {path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return int(answer[9:12]), await self._reader.readexactly(length)

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


async def _client(
    backend: BackendProcess, work: list[list[tuple[str, bytes]]], latencies: list[float]
) -> None:
    connection = Connection(backend)
    await connection.open()
    for path, body in itertools.chain.from_iterable(work):
        started = time.perf_counter()
        status, answer = await connection.post(path, body)
        latencies.append(time.perf_counter() - started)
        assert status == 201, answer
    await connection.close()


async def _concurrently(backend: BackendProcess) -> tuple[float, list[float]]:
    stories = list(_requests(_log(backend), CLIENTS * STORIES_PER_CLIENT))
    latencies: list[float] = []
    started = time.perf_counter()
    await asyncio.gather(*(_client(backend, stories[at::CLIENTS], latencies) for at in range(CLIENTS)))
    return time.perf_counter() - started, sorted(latencies)


async def _in_batches(backend: BackendProcess) -> float:
    batches: list[bytes] = []
    for _ in range(BATCHES):
        events: list[Any] = []
        for requests in _requests(_log(backend), BATCH_STORIES):
            events += [orjson.Fragment(body) for _, body in requests]
        batches.append(orjson.dumps({"events": events}))
    connection = Connection(backend)
    await connection.open()
    started = time.perf_counter()
    for body in batches:
        status, answer = await connection.post("/api/v1/events/batch", body)
        assert status == 200, answer
        assert b"urn:cms:problem" not in answer, answer[:2000]
    took = time.perf_counter() - started
    await connection.close()
    return took


def run() -> dict[str, float]:
    """The figures of this benchmark."""
    with tempfile.TemporaryDirectory() as folder, BackendProcess(Path(folder) / "home") as backend:
        took, latencies = asyncio.run(_concurrently(backend))
        batch = asyncio.run(_in_batches(backend))
        return {
            "accept_16_clients_per_s": len(latencies) / took,
            "accept_median_ms": latencies[len(latencies) // 2] * 1000,
            "accept_p99_ms": latencies[len(latencies) * 99 // 100] * 1000,
            "accept_batch_per_s": BATCHES * BATCH_STORIES * 4 / batch,
        }


if __name__ == "__main__":
    print(run())
