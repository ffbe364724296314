"""The JSON-RPC methods of the embedded chain (Ethereum execution API specification), run in two threads.

The EVM computes for milliseconds and waits for the disk: its thread keeps both away from the event loop,
and makes it the chain's only writer. py-evm is imported in that thread at the first request. What is asked
from outside is read in a second thread, so that anchoring waits for nobody's questions.
"""

import asyncio
import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cms_backend.ledger.errors import LedgerUnreachable, RpcError
from cms_backend.ledger.local_chain.budget import Budget

if TYPE_CHECKING:
    from cms_backend.ledger.local_chain.calls import ReadingChain
    from cms_backend.ledger.local_chain.chain import EvmChain

_ZERO: Final = bytes(20)
_QUANTITY: Final = re.compile(r"0x(0|[1-9a-fA-F][0-9a-fA-F]*)")
_HEX: Final = re.compile(r"0x([0-9a-fA-F]{2})*")
#: A chain of one writer: its newest block is final.
_NEWEST: Final = frozenset({"latest", "pending", "safe", "finalized"})


class LocalNode:
    """The embedded chain of a data folder, asked as a node is asked. ``account`` is its funded address."""

    def __init__(self, path: Path, account: str, clock: Callable[[], int] | None = None) -> None:
        self._path = path
        self._account = bytes.fromhex(account[2:])
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "ledger")
        self._chain: EvmChain | None = None
        self._reading_thread = ThreadPoolExecutor(1, "ledger-reading")
        self._reading: ReadingChain | None = None
        self._under_way: set[Budget] = set()
        self._closed = False
        self._methods: dict[str, Callable[[EvmChain, list[Any]], Any]] = {
            "eth_chainId": lambda chain, _: hex(_chain_id(chain)),
            "net_version": lambda chain, _: str(_chain_id(chain)),
            "web3_clientVersion": lambda _, __: "cms-embedded-ledger",
            "eth_blockNumber": lambda chain, _: hex(chain.head),
            "eth_gasPrice": lambda chain, _: hex(2 * chain.base_fee()),
            "eth_maxPriorityFeePerGas": lambda _, __: "0x0",
            "eth_getBalance": lambda chain, p: hex(chain.balance(_address(p, 0), _number(chain, p, 1))),
            "eth_getTransactionCount": lambda chain, p: hex(
                chain.nonce(_address(p, 0), _number(chain, p, 1))
            ),
            "eth_getCode": lambda chain, p: _data(chain.code(_address(p, 0), _number(chain, p, 1))),
            "eth_call": _call,
            "eth_estimateGas": _estimate,
            "eth_sendRawTransaction": lambda chain, p: _data(chain.apply(_bytes(p, 0))),
            "eth_getBlockByNumber": lambda chain, p: _block(chain, _find_number(chain, p, 0), p),
            "eth_getBlockByHash": _block_by_hash,
            "eth_getTransactionByHash": lambda chain, p: chain.store.transaction_of(_bytes(p, 0, 32)),
            "eth_getTransactionReceipt": lambda chain, p: chain.store.receipt_of(_bytes(p, 0, 32)),
            "eth_getLogs": _logs,
        }

    async def request(self, method: str, params: list[Any]) -> Any:
        """The result of a method. Raises RpcError (-32601, -32602, 3 for a revert, -32000)."""
        if self._closed:
            raise LedgerUnreachable("The embedded ledger is closed.")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._answer, method, params)

    async def read(self, method: str, params: list[Any]) -> Any:
        """The result of a method that only reads, for somebody outside: bounded in time, and ended when the task that
        asks is cancelled. Raises as ``request`` does, and RpcError (-32005) when it takes too long.
        """
        if self._reading is None:
            await self.request("eth_blockNumber", [])  # the file is there after it
        if self._closed:
            raise LedgerUnreachable("The embedded ledger is closed.")
        budget = Budget()
        self._under_way.add(budget)
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(
                self._reading_thread, self._answer_reading, budget, method, params
            )
        finally:
            budget.give_up()
            self._under_way.discard(budget)

    def _answer_reading(self, budget: Budget, method: str, params: list[Any]) -> Any:
        from cms_backend.ledger.local_chain.calls import ReadingChain

        if self._reading is None:
            self._reading = ReadingChain(self._path, self._account)
        budget.begin()
        budget.step()
        self._reading.budget = budget
        return self._run(method, params, lambda: self._reading)

    def _answer(self, method: str, params: list[Any]) -> Any:
        return self._run(method, params, self._open)

    def _run(self, method: str, params: list[Any], chain: Callable[[], Any]) -> Any:
        run = self._methods.get(method)
        if run is None:
            raise RpcError(f"The method {method[:64]!r} does not exist.", -32601)
        try:
            return run(chain(), params)
        except sqlite3.Error as error:
            raise LedgerUnreachable(
                f"The embedded ledger's file cannot be read or written: {error}.",
                remedy="Check that the data folder's disk is there, is writable and has space.",
            ) from error

    def _open(self) -> "EvmChain":
        if self._chain is None:
            # py-evm takes a tenth of a second and some megabytes to import: only who needs it pays.
            from cms_backend.ledger.local_chain.chain import EvmChain

            options = {} if self._clock is None else {"clock": self._clock}
            self._chain = EvmChain(self._path, self._account, **options)
        return self._chain

    async def close(self) -> None:
        """Close the file, after what is running; closing twice is fine."""
        if self._closed:
            return
        self._closed = True
        for budget in self._under_way:
            budget.give_up()
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._reading_thread, self._close_reading)
        await loop.run_in_executor(self._thread, self._close)
        self._reading_thread.shutdown(wait=False)
        self._thread.shutdown(wait=False)

    def _close_reading(self) -> None:
        if self._reading is not None:
            self._reading.close()
            self._reading = None

    def _close(self) -> None:
        if self._chain is not None:
            self._chain.close()
            self._chain = None


def _chain_id(chain: "EvmChain") -> int:
    return chain.chain_id


def _bad(what: str) -> RpcError:
    return RpcError(f"Invalid params: {what}.", -32602)


def _param(params: list[Any], place: int) -> Any:
    return params[place] if place < len(params) else None


def _hex_bytes(value: Any, size: int | None = None) -> bytes:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise _bad("bytes are 0x and an even number of hexadecimal digits")
    raw = bytes.fromhex(value[2:])
    if size is not None and len(raw) != size:
        raise _bad(f"{size} bytes are expected, not {len(raw)}")
    return raw


def _bytes(params: list[Any], place: int, size: int | None = None) -> bytes:
    return _hex_bytes(_param(params, place), size)


def _address(params: list[Any], place: int) -> bytes:
    return _bytes(params, place, 20)


def _data(raw: bytes) -> str:
    return "0x" + raw.hex()


def _integer(value: Any) -> int:
    if not isinstance(value, str) or not _QUANTITY.fullmatch(value) or len(value) > 18:
        raise _bad("a number is 0x and hexadecimal digits without leading zeros")
    return int(value, 16)


def _tag(chain: "EvmChain", value: Any) -> int | None:
    """The number that a block parameter names; None if there is no such block."""
    if value is None or (isinstance(value, str) and value in _NEWEST):
        return chain.head
    if value == "earliest":
        return 0
    if isinstance(value, dict) and set(value) <= {"blockHash", "requireCanonical"} and "blockHash" in value:
        found = chain.store.block_by_hash(_hex_bytes(value["blockHash"], 32))
        return None if found is None else int(found["number"], 16)
    number = _integer(value["blockNumber"] if isinstance(value, dict) and len(value) == 1 else value)
    return number if number <= chain.head else None


def _find_number(chain: "EvmChain", params: list[Any], place: int) -> int | None:
    try:
        return _tag(chain, _param(params, place))
    except (TypeError, KeyError) as error:
        raise _bad("a block is a number, a tag, or {blockHash}") from error


def _number(chain: "EvmChain", params: list[Any], place: int) -> int:
    number = _find_number(chain, params, place)
    if number is None:
        raise RpcError("header not found", -32000)
    return number


def _message(params: list[Any]) -> tuple[bytes, bytes, bytes, int | None]:
    call = _param(params, 0)
    if not isinstance(call, dict):
        raise _bad("a call is an object")
    sender = _hex_bytes(call["from"], 20) if call.get("from") else _ZERO
    to = _hex_bytes(call["to"], 20) if call.get("to") else b""
    payload = call.get("input") or call.get("data") or "0x"
    gas = None if call.get("gas") is None else _integer(call["gas"])
    return sender, to, _hex_bytes(payload), gas


def _call(chain: "EvmChain", params: list[Any]) -> str:
    sender, to, payload, gas = _message(params)
    limit = chain.call_gas if gas is None else min(gas, chain.call_gas)
    return _data(chain.call(sender, to, payload, limit, _number(chain, params, 1)))


def _estimate(chain: "EvmChain", params: list[Any]) -> str:
    sender, to, payload, _ = _message(params)
    return hex(chain.estimate(sender, to, payload))


def _block(chain: "EvmChain", number: int | None, params: list[Any]) -> dict[str, Any] | None:
    block = None if number is None else chain.store.block(number)
    if block is not None and _param(params, 1):
        found = [chain.store.transaction_of(_hex_bytes(tx)) for tx in block["transactions"]]
        block["transactions"] = found
    return block


def _block_by_hash(chain: "EvmChain", params: list[Any]) -> dict[str, Any] | None:
    found = chain.store.block_by_hash(_bytes(params, 0, 32))
    return None if found is None else _block(chain, int(found["number"], 16), params)


def _choices(value: Any, size: int) -> list[bytes]:
    return [_hex_bytes(one, size) for one in (value if isinstance(value, list) else [value])]


def _logs(chain: "EvmChain", params: list[Any]) -> list[dict[str, Any]]:
    query = _param(params, 0)
    if not isinstance(query, dict):
        raise _bad("a filter is an object")
    topics = query.get("topics") or []
    if not isinstance(topics, list) or len(topics) > 4:
        raise _bad("topics is a list of at most four")
    addresses = [] if query.get("address") is None else _choices(query["address"], 20)
    if query.get("blockHash") is not None:
        first = last = _find_number(chain, [{"blockHash": query["blockHash"]}], 0)
        if first is None:
            raise RpcError("unknown block", -32000)
    else:
        first = _find_number(chain, [query.get("fromBlock")], 0)
        last = _find_number(chain, [query.get("toBlock")], 0)
    start = chain.head + 1 if first is None else first
    end = chain.head if last is None else last
    return chain.store.logs(
        start, end, addresses, [_choices(one, 32) if one not in (None, []) else None for one in topics]
    )
