"""The whole of a log for the tail check, or nothing of it."""

from __future__ import annotations

import pytest

from cms_backend.core.checkpoint import b64encode
from cms_backend.core.report_model import Tail
from cms_backend.core.verify import LedgerFacts, LogFacts
from cms_desktop.api import log_facts
from cms_desktop.api.log_facts import read_log_facts
from tests.support.desktop_log import LogServer
from tests.support.verify_world import World


def serving(world: World) -> LogServer:
    """A backend that keeps the world's log."""
    return LogServer(key=world.logs[0].key, leaves=list(world.logs[0].leaves))


async def read(world: World, server: LogServer) -> tuple[LogFacts, ...]:
    client = server.client()
    try:
        return await read_log_facts(world.evidence(), client)
    finally:
        await client.aclose()


async def test_all_leaves_come_in_their_order_however_many_requests_it_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(log_facts, "_AT_ONCE", 3)
    world = World().complete()
    (found,) = await read(world, serving(world))
    assert found == LogFacts(world.logs[0].note(), tuple(map(b64encode, world.logs[0].leaves)))
    assert world.verify(facts=LedgerFacts(world.facts().chains, (found,))).tail is Tail.absent


async def test_the_log_of_somebody_else_is_not_read() -> None:
    assert await read(World().complete(), LogServer().grow(5)) == ()


async def test_a_silent_or_an_endless_log_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World().complete()
    server = serving(world)
    server.down = True
    assert await read(world, server) == ()
    server.down = False
    monkeypatch.setattr(log_facts, "MOST_LEAVES", len(server.leaves) - 1)
    assert await read(world, server) == ()
