"""The stream of changes: what is no change is passed over, outages end, and a refusal is told and ends it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from cms_backend.core.errors import LoginError
from cms_desktop.api.auth import log_in
from cms_desktop.api.client import Client
from cms_desktop.api.errors import BackendSilent
from cms_desktop.api.stream import Change, LogIn, _change, changes
from tests.support.backend_contracts import BOB
from tests.support.desktop_api import PATIENCE, Backend, story_of
from tests.support.desktop_relay import Relay
from tests.support.ledger_anvil import free_port

# --- one change -----------------------------------------------------------------------------------------------


def test_a_change_names_its_contract_and_event() -> None:
    contract, digest = "6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12", "a" * 64
    data = f'{{"contract":"{contract}","digest":"{digest}","what":"logged"}}'
    assert _change("contract", data) == Change("contract", contract, digest, "logged")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data", ["", "[]", "7", "null", "{", '{"contract":7}', '{"digest":"x"}', '{"contract":"../x"}']
)
def test_data_that_is_no_change_is_passed_over(data: str) -> None:
    assert _change("contract", data) is None


def test_an_event_of_another_name_is_passed_over() -> None:
    assert _change("weather", "{}") is None


# --- a real backend that comes and goes -----------------------------------------------------------------------


BY_ITSELF = {"log", "anchor"}


class Listener:
    """Reads a stream in the background, as the window does."""

    def __init__(self, client: Client, token: LogIn | None = None) -> None:
        self._heard: asyncio.Queue[Change] = asyncio.Queue()
        self.task = asyncio.create_task(self._read(client, token))

    async def _read(self, client: Client, token: LogIn | None) -> None:
        async for change in changes(client, log_in=token):
            self._heard.put_nowait(change)

    async def hears(self, kind: str) -> Change:
        """The next change; it must be of this kind. A backend that starts logs and anchors by itself: not counted."""
        async with asyncio.timeout(PATIENCE):
            change = await self._heard.get()
            while change.kind in BY_ITSELF and change.kind != kind:
                change = await self._heard.get()
        assert change.kind == kind
        return change

    async def ended(self) -> None:
        """The stream ends by itself, with nothing more to say."""
        async with asyncio.timeout(PATIENCE):
            await self.task
        left = [self._heard.get_nowait() for _ in range(self._heard.qsize())]
        assert [change for change in left if change.kind not in BY_ITSELF] == []


@contextlib.asynccontextmanager
async def listening(client: Client, token: LogIn | None = None) -> AsyncIterator[Listener]:
    listener = Listener(client, token)
    try:
        yield listener
    finally:
        listener.task.cancel()
        await asyncio.gather(listener.task, return_exceptions=True)
        await client.aclose()


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[Backend]:
    made = Backend(tmp_path / "home")
    yield made
    await made.kill()


async def test_after_an_outage_the_stream_goes_on_and_says_to_look_again(backend: Backend) -> None:
    process, port = await backend.start(), free_port()
    client = Client(f"http://127.0.0.1:{port}", launch_secret=process.run["launch_secret"])
    story = story_of(process, "Missed")
    line = contextlib.AsyncExitStack()
    await line.enter_async_context(Relay(backend.port, listen=port))
    async with listening(client) as listener:
        await listener.hears("connected")
        await line.aclose()
        await listener.hears("lost")
        process.post("/contracts", story.create().body)
        async with Relay(backend.port, listen=port):
            await listener.hears("connected")
            assert [row.title for row in (await client.contracts()).items] == ["Missed"]
            process.post(f"/contracts/{story.contract}/events", story.propose().body)
            assert (await listener.hears("contract")).contract == story.contract


async def test_a_backend_that_is_not_there_is_told_once_until_it_comes(backend: Backend) -> None:
    async with listening(Client(backend.base_url)) as listener:
        await listener.hears("lost")
        await backend.start()
        # Without a login it is refused then; nothing was said in between.
        await listener.hears("refused")


async def test_a_launch_secret_of_the_process_before_is_refused_and_ends_the_stream(backend: Backend) -> None:
    await backend.start()
    async with listening(backend.local()) as listener:
        await listener.hears("connected")
        await backend.kill()
        await listener.hears("lost")
        await backend.start()
        refused = await listener.hears("refused")
        assert "launch secret" in refused.what
        await listener.ended()


async def test_a_token_that_holds_no_longer_is_replaced_once_by_a_new_login(backend: Backend) -> None:
    process = await backend.start()
    logins = 0

    async def again(client: Client) -> str:
        nonlocal logins
        logins += 1
        return (await log_in(client, BOB))[0]

    own = Client(backend.base_url, launch_secret=process.run["launch_secret"], token="expired")
    async with listening(own, again) as listener:
        await listener.hears("connected")
        assert logins == 1


# --- refusals -------------------------------------------------------------------------------------------------


def backend_of(answer: Callable[[httpx.Request], httpx.Response]) -> Client:
    return Client("http://127.0.0.1:1", token="old", transport=httpx.MockTransport(answer))


def refusing(status: int) -> Callable[[httpx.Request], httpx.Response]:
    problem = {"status": status, "code": "auth.token", "detail": "Not you.", "remedy": "Log in."}
    return lambda _: httpx.Response(status, json=problem)


@pytest.mark.parametrize("status", [401, 403])
async def test_who_is_refused_is_told_why_and_asks_no_more(status: int) -> None:
    async with listening(backend_of(refusing(status))) as listener:
        assert (await listener.hears("refused")).what == "Not you. Log in."
        await listener.ended()


async def test_a_new_token_that_is_refused_too_ends_it() -> None:
    tokens: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        tokens.append(request.headers["Authorization"])
        return refusing(401)(request)

    async def again(_: Client) -> str:
        return "new"

    async with listening(backend_of(answer), again) as listener:
        await listener.hears("refused")
        await listener.ended()
    assert tokens == ["Bearer old", "Bearer new"]


async def test_a_login_that_cannot_be_ends_it_with_its_own_words() -> None:
    async def again(_: Client) -> str:
        raise LoginError("The wallet is for somebody else.")

    async with listening(backend_of(refusing(401)), again) as listener:
        assert (await listener.hears("refused")).what == "The wallet is for somebody else."
        await listener.ended()


async def test_a_backend_that_goes_away_during_the_login_is_asked_again() -> None:
    said: list[Any] = []

    async def again(_: Client) -> str:
        said.append("login")
        if len(said) == 1:
            raise BackendSilent("The backend does not answer.")
        return "new"

    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers["Authorization"] != "Bearer new":
            return refusing(401)(request)
        return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=b": connected\n\n")

    async with listening(backend_of(answer), again) as listener:
        await listener.hears("lost")
        await listener.hears("connected")
    assert said == ["login", "login"]


async def test_an_answer_that_is_no_stream_is_an_outage() -> None:
    answers = iter(
        [
            httpx.Response(502, text="Bad Gateway"),
            httpx.Response(200, text="Sign in to the hotel's network."),
            httpx.Response(
                200, headers={"Content-Type": "text/event-stream"}, content=b"event: log\ndata: {}\n\n"
            ),
        ]
    )
    async with listening(backend_of(lambda _: next(answers))) as listener:
        await listener.hears("lost")
        await listener.hears("connected")
        await listener.hears("log")
