"""JSON-RPC 2.0 as a backend serves it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cms_backend.ledger.adapter import Ledger
from cms_backend.ledger.memory import MemoryLedger
from cms_backend.ledger.rpc import READ_METHODS, answer
from tests.support.ledger_worlds import KEY, embedded


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    made = embedded(tmp_path)
    await made.start()
    await made.open_log(KEY)
    yield made
    await made.close()


def _request(method: str, *params: Any, number: Any = 1) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}


async def _error(ledger: Ledger, body: Any) -> int:
    response: Any = await answer(ledger, body)
    assert "result" not in response
    return int(response["error"]["code"])


async def test_a_request_is_answered_under_its_id(ledger: Ledger) -> None:
    assert await answer(ledger, _request("eth_chainId", number="a")) == {
        "jsonrpc": "2.0",
        "id": "a",
        "result": "0x434d53",
    }


async def test_a_batch_is_answered_in_order_and_notifications_are_not(ledger: Ledger) -> None:
    silent = {"jsonrpc": "2.0", "method": "net_version"}
    response: Any = await answer(
        ledger, [_request("net_version"), silent, _request("eth_blockNumber", number=2)]
    )
    assert [one["id"] for one in response] == [1, 2]
    assert await answer(ledger, silent) is None
    assert await answer(ledger, [silent]) is None


async def test_every_method_of_the_list_is_there(ledger: Ledger) -> None:
    for method in READ_METHODS:
        response: Any = await answer(ledger, _request(method))
        assert response.get("error", {}).get("code") != -32601


@pytest.mark.parametrize(
    "method",
    ["eth_sendRawTransaction", "eth_sendTransaction", "eth_estimateGas", "personal_sign", "anvil_mine", "x"],
)
async def test_what_is_not_reading_does_not_exist(ledger: Ledger, method: str) -> None:
    assert await _error(ledger, _request(method, "0x00")) == -32601


@pytest.mark.parametrize(
    "body",
    [None, 5, "x", [], {}, {"jsonrpc": "1.0"}, {"jsonrpc": "2.0", "method": 5}, [{}] * 21],
)
async def test_what_is_no_request_is_refused(ledger: Ledger, body: Any) -> None:
    assert await _error(ledger, body) == -32600


async def test_parameters_by_name_are_refused(ledger: Ledger) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": {"a": 1}}
    assert await _error(ledger, request) == -32602


async def test_a_revert_carries_its_data(ledger: Ledger) -> None:
    to = (await ledger.identity()).ledger
    response: Any = await answer(ledger, _request("eth_call", {"to": to, "data": "0x12345678"}, "latest"))
    assert response["error"]["code"] == 3
    assert response["error"]["data"] == "0x"


async def test_a_ledger_that_is_away_is_an_internal_error() -> None:
    ledger = MemoryLedger()
    ledger.down = True
    assert await _error(ledger, _request("eth_chainId")) == -32603
