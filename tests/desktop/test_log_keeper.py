"""The log is looked at after each change; what was found is told, and what is said of it is whole."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from cms_desktop.log_keeper import LogKeeper
from cms_desktop.presentation import log_words
from tests.support.desktop_log import LogServer

pytestmark = pytest.mark.usefixtures("qapp")
PATIENCE = 20.0


async def found(home: Path, *servers: LogServer) -> list[LogKeeper]:
    """A keeper for each server in turn, after its first look."""
    keepers = []
    for server in servers:
        keeper = LogKeeper(home)
        client = server.client()
        work = asyncio.ensure_future(keeper.follow(client))
        try:
            async with asyncio.timeout(PATIENCE):
                while keeper.found is None:
                    await asyncio.sleep(0.01)
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await client.aclose()
        keepers.append(keeper)
    return keepers


async def test_an_honest_log_shows_no_strip_and_says_what_was_compared(tmp_path: Path) -> None:
    server = LogServer().grow(3)
    server.anchor(2)
    (keeper,) = await found(tmp_path, server)
    row = log_words.alarm_row(keeper.found)
    assert log_words.strip(keeper.found) == ""
    assert (row["state"], str(row["text"]).startswith("None. ")) == ("passed", True)
    assert "The ledger holds the root of its beginning." in str(row["text"])


async def test_a_second_history_is_an_alarm_until_it_is_over_and_is_remembered_after(tmp_path: Path) -> None:
    honest = LogServer().grow(5)
    _, broken, taken_back = await found(tmp_path, honest, honest.fork(3).grow(4, "other"), honest)
    assert "another history" in log_words.strip(broken.found)
    assert log_words.alarm_row(broken.found)["state"] == "failed"
    assert broken.found is not None
    assert str(broken.found.look.kept) in log_words.second(broken.found)
    assert log_words.strip(taken_back.found) == ""
    assert "1 earlier alarm kept in" in str(log_words.alarm_row(taken_back.found)["text"])


async def test_an_outage_is_not_checked_and_no_alarm(tmp_path: Path) -> None:
    server = LogServer()
    server.down = True
    (keeper,) = await found(tmp_path, server)
    row = log_words.alarm_row(keeper.found)
    assert log_words.strip(keeper.found) == ""
    assert (row["state"], str(row["text"]).startswith("None known. ")) == ("notChecked", True)


async def test_before_the_first_look_nothing_is_claimed(tmp_path: Path) -> None:
    row = log_words.alarm_row(LogKeeper(tmp_path).found)
    assert row == {"state": "notChecked", "text": "The log was not looked at yet."}


async def test_it_is_looked_again_when_that_is_wanted(tmp_path: Path) -> None:
    server = LogServer().grow(2)
    keeper = LogKeeper(tmp_path)
    client = server.client()
    work = asyncio.ensure_future(keeper.follow(client))
    states: list[str] = []
    keeper.changed.connect(lambda: states.append("" if keeper.found is None else keeper.found.look.state))
    try:
        async with asyncio.timeout(PATIENCE):
            while not states:
                await asyncio.sleep(0.01)
            server.grow(1)
            keeper.look_soon()
            while len(states) < 2:
                await asyncio.sleep(0.01)
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await client.aclose()
    assert states == ["first", "grown"]
