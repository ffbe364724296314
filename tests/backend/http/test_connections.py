"""Connections of strangers: how long they are borne, and that a new one always finds its place."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from cms_backend.http.connections import Connection, Patience, Strangers
from cms_backend.http.lobby import Lobby

QUICK = Patience(connections=4, head=0.15, body=0.15, answer=0.15, head_bytes=2000)
LONG = Patience(connections=4, head_bytes=2000)
SOON = 5.0


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Trusts who says so; ``/wait`` answers when the client is gone; else 200 once the body is there."""
    if (b"x-known", b"yes") in scope["headers"]:
        scope["cms.connection"].trust()
    while (message := await receive())["type"] == "http.request":
        if not message["more_body"] and scope["path"] != "/wait":
            break
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def serving(patience: Patience) -> AsyncIterator[tuple[int, Strangers]]:
    config = uvicorn.Config(
        app, http="httptools", ws="none", lifespan="off", log_config=None, access_log=False
    )
    config.load()
    strangers, state = Strangers(patience), ServerState()
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))

        def connection(first: bytes) -> Connection:
            return Connection(strangers, first, config=config, server_state=state, app_state={})

        lobby = Lobby(bound, connection, patience)
        yield bound.getsockname()[1], strangers
        lobby.close()
        assert len(lobby) == 0
        await lobby.wait_closed()
    for connection in tuple(state.connections):
        connection.transport.abort()
    async with asyncio.timeout(SOON):
        while state.connections or state.tasks:
            await asyncio.sleep(0)


class Line:
    """One connection of a client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> Line:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    def say(self, text: str) -> None:
        self._writer.write(text.encode())

    async def ask(self, path: str = "/", *headers: str) -> str:
        self.say("\r\n".join((f"GET {path} HTTP/1.1", "Host: x", *headers, "", "")))
        async with asyncio.timeout(SOON):
            head = await self._reader.readuntil(b"\r\n\r\n")
            assert await self._reader.readexactly(2) == b"ok"
        return head.decode()

    async def end(self) -> bytes:
        """Whatever comes until the other side ends it."""
        try:
            async with asyncio.timeout(SOON):
                return await self._reader.read()
        except ConnectionResetError:
            return b""
        finally:
            await self.close()

    async def close(self) -> None:
        self._writer.close()
        await asyncio.gather(self._writer.wait_closed(), return_exceptions=True)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "GET / HT",
        "GET / HTTP/1.1\r\nX: ",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
        "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["nothing", "half a line", "half a head", "half a body", "half of chunks", "no answer"],
)
async def test_a_stranger_who_does_not_come_to_an_end_is_let_go(said: str) -> None:
    async with serving(QUICK) as (port, strangers):
        line = await Line.open(port)
        line.say(said)
        assert await line.end() == b""
        assert len(strangers) == 0


async def test_a_stranger_who_asks_and_then_says_nothing_is_let_go_too() -> None:
    async with serving(QUICK) as (port, strangers):
        line = await Line.open(port)
        assert "200 OK" in await line.ask()
        assert await line.end() == b""
        assert len(strangers) == 0


async def test_who_is_known_is_not_hurried() -> None:
    async with serving(QUICK) as (port, strangers):
        line, stranger = await Line.open(port), await Line.open(port)
        await line.ask("/", "X-Known: yes")
        line.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n12")
        assert await stranger.end() == b""
        line.say("34")
        assert "200 OK" in await line.ask()
        assert len(strangers) == 0
        await line.close()


async def test_a_new_one_pushes_the_oldest_idle_one_out() -> None:
    async with serving(LONG) as (port, strangers):
        lines = []
        for number in range(4):
            lines.append(await Line.open(port))
            await lines[-1].ask()
            assert len(strangers) == number + 1
        lines[0].say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n12")
        await lines[2].ask()  # by now the first is at a body
        newest = await Line.open(port)
        await newest.ask()
        assert len(strangers) == 4
        assert await lines[1].end() == b""
        lines[0].say("34")
        for line in (lines[0], lines[2], lines[3]):
            await line.ask()
            await line.close()
        await newest.close()


async def test_where_all_are_at_work_the_oldest_goes() -> None:
    async with serving(LONG) as (port, _):
        lines = [await Line.open(port) for _ in range(4)]
        for line in lines:
            await line.ask()
            line.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n12")
        newest = await Line.open(port)
        await newest.ask()
        assert await lines[0].end() == b""
        for line in (*lines[1:], newest):
            await line.close()


async def test_a_known_one_takes_no_strangers_place() -> None:
    async with serving(LONG) as (port, strangers):
        own = []
        for _ in range(6):
            own.append(await Line.open(port))
            await own[-1].ask("/", "X-Known: yes")
        assert len(strangers) == 0
        others = [await Line.open(port) for _ in range(6)]
        for line in others[2:]:
            await line.ask()
        assert len(strangers) == 4
        for line in own:
            await line.ask()
        for line in (*own, *others):
            await line.close()


async def test_a_head_of_any_length_is_not_held() -> None:
    async with serving(LONG) as (port, _):
        line = await Line.open(port)
        line.say("GET / HTTP/1.1\r\nHost: x\r\n")
        for _ in range(30):
            line.say(f"X: {'x' * 100}\r\n")
        assert b"431 Request Header Fields Too Large" in await line.end()


async def test_hundreds_of_connections_at_once_are_all_answered() -> None:
    async with serving(Patience(connections=2000, lobby=2000)) as (port, strangers):
        lines = [await Line.open(port) for _ in range(300)]
        for line in lines:
            assert "200 OK" in await line.ask()
        assert len(strangers) == 300
        for line in lines:
            await line.close()


async def test_those_who_say_nothing_go_in_the_order_in_which_they_came() -> None:
    async with serving(Patience(lobby=3)) as (port, _):
        silent = [await Line.open(port) for _ in range(3)]
        silent[0].say("GET / HTTP/1.1\r\nX: ")
        other = await Line.open(port)
        other.say("GET / HT")
        assert await silent[0].end() == b""
        for line in (silent[1], silent[2]):
            await line.ask()
            await line.close()
        await other.close()


async def test_a_head_that_comes_in_pieces_and_with_its_body_is_understood() -> None:
    text = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n1234"
    async with serving(LONG) as (port, strangers):
        for at in range(0, len(text) + 1, 7):
            line = await Line.open(port)
            line.say(text[:at])
            between = await Line.open(port)
            await between.ask()  # by now the first piece was read
            await between.close()
            line.say(text[at:])
            assert "200 OK" in await line.ask()
            await line.close()
        assert len(strangers) <= 4
