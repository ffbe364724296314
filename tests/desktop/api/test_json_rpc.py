"""What a node's answers mean, and what counts as none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from cms_desktop.api.errors import RpcRefused
from cms_desktop.api.json_rpc import NoAnswer, accepts, as_time, caller, each, result_of

MAGIC = "1626ba7e"


def saying(result: Any) -> Any:
    async def call(method: str, params: Sequence[Any]) -> Any:
        del method, params
        if isinstance(result, Exception):
            raise result
        return result

    return call


@pytest.mark.parametrize(
    ("result", "taken"),
    [
        (f"0x{MAGIC}{'00' * 28}", True),
        (f"0x{MAGIC}{'00' * 28}{'00' * 32}", True),
        (f"0x{MAGIC}", False),
        (f"0x{'00' * 28}{MAGIC}", False),
        (f"0x{MAGIC}{'00' * 27}01", False),
        ("0x" + "00" * 31 + "01", False),
        ("0x", False),
        (RpcRefused("execution reverted", 3), False),
    ],
)
async def test_only_the_padded_selector_accepts_a_signature(result: Any, *, taken: bool) -> None:
    assert await accepts(saying(result), "0x" + "ab" * 20, bytes(32), b"sig", 5) is taken


async def test_a_node_that_cannot_look_back_so_far_says_nothing_of_a_signature() -> None:
    with pytest.raises(RpcRefused):
        await accepts(saying(RpcRefused("missing trie node", -32000)), "0x" + "ab" * 20, bytes(32), b"sig", 5)


@pytest.mark.parametrize("raw", [None, [], 7, {}, {"error": None}, {"error": "no"}, {"error": {"code": "x"}}])
def test_what_is_no_response_is_refused_without_a_number(raw: Any) -> None:
    with pytest.raises(RpcRefused) as caught:
        result_of(raw)
    assert caught.value.number == 0


def test_a_result_may_be_null() -> None:
    assert result_of({"result": None}) is None


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 1
            yield b"0" * 1_000_000

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=endless()))
    async with httpx.AsyncClient(transport=transport) as http:
        with pytest.raises(NoAnswer, match="too long"):
            await caller(http, "http://127.0.0.1:1")("eth_chainId", [])
    assert sent < 20


@pytest.mark.parametrize("seconds", [2**63, 253402300800, -(2**63)])
def test_a_time_that_no_date_has_is_no_answer(seconds: int) -> None:
    with pytest.raises(NoAnswer):
        as_time(seconds)


async def test_things_of_which_nothing_can_be_told_are_left_out_of_their_order() -> None:
    async def work(thing: int) -> int:
        if thing % 3 == 0:
            raise NoAnswer
        return thing * 10

    assert await each(work, range(10), at_once=4) == (10, 20, 40, 50, 70, 80)
