"""Calls from outside on the embedded chain: what they may use, how long they last, and that anchoring does not wait."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cms_backend.core.hashing import H
from cms_backend.ledger.adapter import Ledger
from cms_backend.ledger.errors import LedgerUnreachable, RpcError
from cms_backend.ledger.evm import EvmLedger
from cms_backend.ledger.local_chain.budget import CALL_SECONDS
from cms_backend.ledger.local_chain.calls import CALL_GAS
from cms_backend.ledger.rpc import ALL_SECONDS, answer
from tests.support.ledger_worlds import KEY, embedded

#: JUMPDEST, PUSH1 0, JUMP.
ENDLESS = bytes.fromhex("5b600056")
#: BALANCE of ever new accounts: each a look into the file.
READING = bytes.fromhex("60005b600101803150600256")
#: e = 2**2048 - 1 over numbers of 4 KB: within two million gas, and seconds of one big power.
POWER = b"".join(n.to_bytes(32, "big") for n in (4096, 256, 4096)) + b"\xff" * 8448
BLAKE = (0xFFFFFFFF).to_bytes(4, "big") + bytes(208) + b"\x01"


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[EvmLedger]:
    made = embedded(tmp_path)
    await made.start()
    await made.open_log(KEY)
    yield made
    await made.close()


async def deployed(ledger: EvmLedger, code: bytes) -> str:
    """A contract of this code; only the backend's own account can make one on its chain."""
    creating = bytes([0x60, len(code), 0x60, 0x0C, 0x60, 0, 0x39, 0x60, len(code), 0x60, 0, 0xF3]) + code
    made = await ledger._sign(None, creating)
    await ledger.send(made.raw)
    receipt: Any = await ledger.rpc("eth_getTransactionReceipt", ["0x" + made.tx])
    return str(receipt["contractAddress"])


def asking(precompile: int) -> bytes:
    """A contract that hands its input to a precompile, and answers whether that went well."""
    return bytes.fromhex(
        f"36600060003760006000366000 60{precompile:02x}5afa60005260206000f3".replace(" ", "")
    )


async def call(ledger: Ledger, to: str, data: bytes = b"") -> Any:
    """The answer of a call."""
    return await ledger.rpc("eth_call", [{"to": to, "data": "0x" + data.hex()}, "latest"])


async def took(ledger: Ledger, to: str, data: bytes = b"") -> float:
    """How long a call lasts that is refused."""
    began = time.perf_counter()
    with pytest.raises(RpcError):
        await call(ledger, to, data)
    return time.perf_counter() - began


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6, 7, 8, 9, 0x100])
async def test_a_precompile_is_no_target(ledger: EvmLedger, number: int) -> None:
    for data in (b"", POWER, BLAKE):
        with pytest.raises(RpcError, match="no precompile") as caught:
            await call(ledger, f"0x{number:040x}", data)
        assert caught.value.number == -32602


@pytest.mark.parametrize(("number", "data"), [(5, POWER), (6, b""), (7, b""), (8, bytes(192)), (9, BLAKE)])
async def test_a_slow_precompile_is_not_reached_through_a_contract_either(
    ledger: EvmLedger, number: int, data: bytes
) -> None:
    contract = await deployed(ledger, asking(number))
    with pytest.raises(RpcError, match="may not use the precompile") as caught:
        await call(ledger, contract, data)
    # No revert: a reader of ERC-1271 would take that for the account's own "no".
    assert caught.value.number == -32005


@pytest.mark.parametrize("number", [1, 2, 3, 4])
async def test_a_quick_precompile_is_served(ledger: EvmLedger, number: int) -> None:
    contract = await deployed(ledger, asking(number))
    assert int(await call(ledger, contract, bytes(128)), 16) == 1


@pytest.mark.parametrize("code", [ENDLESS, READING], ids=["counting", "reading"])
async def test_a_call_without_an_end_is_ended(ledger: EvmLedger, code: bytes) -> None:
    contract = await deployed(ledger, code)
    lasted = await took(ledger, contract)
    assert lasted < CALL_SECONDS + 0.2
    with pytest.raises(RpcError):
        await ledger.rpc("eth_call", [{"to": contract, "gas": hex(100 * CALL_GAS)}, "latest"])


async def test_where_there_is_no_code_the_answer_is_empty(ledger: EvmLedger) -> None:
    assert await call(ledger, "0x" + "ab" * 20, POWER) == "0x"


@pytest.mark.parametrize(
    "params",
    [
        [],
        [None],
        [{}],
        [{"to": None}],
        [{"to": "0x"}],
        [{"data": "0x00"}],
        [{"to": "0x" + "ab" * 20, "value": "0x1"}],
        [{"to": "0x" + "ab" * 20}, "latest", {"0x" + "ab" * 20: {"code": "0x5b600056"}}],
    ],
)
async def test_a_call_names_a_contract_and_brings_no_code_of_its_own(
    ledger: EvmLedger, params: list[Any]
) -> None:
    with pytest.raises(RpcError) as caught:
        await ledger.rpc("eth_call", params)
    assert caught.value.number == -32602


async def test_anchoring_does_not_wait_for_calls(ledger: EvmLedger) -> None:
    contract = await deployed(ledger, ENDLESS)
    calls = [asyncio.create_task(took(ledger, contract)) for _ in range(12)]
    await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
    made = await ledger.prepare_anchor(0, 1, H("root"))
    await ledger.send(made.raw)
    found = await ledger.anchored(1)
    assert found is not None
    assert not calls[-1].done()
    await asyncio.gather(*calls)


async def test_a_call_that_nobody_waits_for_any_more_ends(ledger: EvmLedger) -> None:
    contract = await deployed(ledger, ENDLESS)
    calls = [asyncio.create_task(call(ledger, contract)) for _ in range(40)]
    await asyncio.wait(calls, timeout=0)
    for task in calls:
        task.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    began = time.perf_counter()
    await ledger.rpc("eth_chainId", [])
    assert time.perf_counter() - began < 2 * CALL_SECONDS


async def test_the_end_of_the_backend_does_not_wait_for_calls(ledger: EvmLedger) -> None:
    contract = await deployed(ledger, ENDLESS)
    calls = [asyncio.create_task(call(ledger, contract)) for _ in range(40)]
    await asyncio.wait(calls, timeout=0)
    began = time.perf_counter()
    await ledger.close()
    assert time.perf_counter() - began < 2 * CALL_SECONDS
    ended = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(one, RpcError | LedgerUnreachable) for one in ended)


async def test_a_batch_has_an_end(ledger: EvmLedger) -> None:
    contract = await deployed(ledger, ENDLESS)
    request = {"jsonrpc": "2.0", "id": 1, "method": "eth_call", "params": [{"to": contract}, "latest"]}
    began = time.perf_counter()
    found: Any = await answer(ledger, [request] * 20)
    assert time.perf_counter() - began < ALL_SECONDS + 2 * CALL_SECONDS
    assert len(found) == 20
    assert {one["error"]["code"] for one in found} <= {-32005, -32000}
