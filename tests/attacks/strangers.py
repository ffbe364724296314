"""Strangers on the owner's computer, as a program: they know the port of a backend and nothing else.

    python -m tests.attacks.strangers WHAT PORT

It says ``ready`` once the attack is at its height, goes on until standard input ends, and then says a figure.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import sys
from collections.abc import Awaitable, Callable

IDLE = 1200
SLOW = 400
FLOOD = 50
HEAD = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n"
Count = list[int]


async def _hold(port: int, first: str, drip: bytes, count: Count) -> None:
    """A connection that says a beginning, then a byte now and then, and comes back when it is thrown out."""
    while True:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            count[0] += 1
            writer.write(first.encode())
            ended = asyncio.create_task(reader.read())
            while not ended.done():
                await asyncio.wait([ended], timeout=0.5)
                writer.write(drip)
            await asyncio.gather(ended, return_exceptions=True)
            writer.close()
        await asyncio.sleep(0.05)


async def idle(port: int, count: Count) -> None:
    """1,200 connections on which nothing is ever said."""
    await asyncio.gather(*(_hold(port, "", b"", count) for _ in range(IDLE)))


async def heads(port: int, count: Count) -> None:
    """400 heads that never end."""
    await asyncio.gather(*(_hold(port, "GET /x HTTP/1.1\r\nX: ", b"x", count) for _ in range(SLOW)))


async def bodies(port: int, count: Count) -> None:
    """400 bodies that never end, at the one address that takes a stranger's."""
    head = HEAD.format(path="/api/v1/attach", port=port, size=1000) + "\r\n"
    await asyncio.gather(*(_hold(port, head, b" ", count) for _ in range(SLOW)))


async def flood(port: int, count: Count) -> None:
    """Connects and hangs up as fast as it can."""

    async def one() -> None:
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
            count[0] += 1

    await asyncio.gather(*(one() for _ in range(FLOOD)))


async def proofs(port: int, count: Count) -> None:
    """Asks for proofs as fast as it can, on 50 connections."""
    body = '{"nonce": "' + "0" * 64 + '"}'
    await _ask(port, "/api/v1/attach", body, count)


async def _ask(port: int, path: str, body: str, count: Count) -> None:
    request = (HEAD.format(path=path, port=port, size=len(body)) + "\r\n" + body).encode()

    async def one() -> None:
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                while True:
                    writer.write(request)
                    head = await reader.readuntil(b"\r\n\r\n")
                    size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                    await reader.readexactly(size)
                    count[0] += 1

    await asyncio.gather(*(one() for _ in range(FLOOD)))


ATTACKS: dict[str, tuple[Callable[[int, Count], Awaitable[None]], int]] = {
    "idle": (idle, IDLE),
    "heads": (heads, SLOW),
    "bodies": (bodies, SLOW),
    "flood": (flood, 200),
    "proofs": (proofs, 100),
}


async def main(what: str, port: int) -> None:
    """Attack until standard input ends."""
    attack, enough = ATTACKS[what]
    count = [0]
    work = asyncio.ensure_future(attack(port, count))
    while count[0] < enough:
        await asyncio.sleep(0.01)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    work.cancel()
    print(count[0], flush=True)


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
