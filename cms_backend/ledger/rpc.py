"""The read-only JSON-RPC 2.0 that a backend serves of its ledger, so that verifiers ask any ledger alike.

It is asked by programs that the backend knows, and still bounded: a call goes to a contract and to nothing that the
EVM computes by itself, and a batch is short and has an end.
"""

import asyncio
import re
from typing import Final

from cms_backend.core.canonical import Json
from cms_backend.ledger.adapter import Ledger
from cms_backend.ledger.errors import LedgerError, MethodNotAllowed, RpcError

READ_METHODS: Final = frozenset(
    {
        "eth_blockNumber",
        "eth_call",
        "eth_chainId",
        "eth_getBlockByHash",
        "eth_getBlockByNumber",
        "eth_getCode",
        "eth_getLogs",
        "eth_getTransactionByHash",
        "eth_getTransactionReceipt",
        "net_version",
        "web3_clientVersion",
    }
)
ALL_SECONDS: Final = 2.0
"""For a request or a whole batch."""
_MAX_BATCH: Final = 20
_MAX_PARAMS: Final = 2
"""A third one of ``eth_call`` would put code of the caller's choice in a contract's place."""
_CALL: Final = frozenset({"from", "to", "gas", "data", "input"})
_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")
_PRECOMPILES: Final = 0x10000
"""Below it are contracts that the EVM has built in, of every fork so far."""
_INTERNAL: Final = -32603
_TOO_LONG: Final = -32005


def check_request(method: str, params: list[Json]) -> None:
    """Raise MethodNotAllowed unless the method only reads, RpcError (-32602) unless it is asked in a bounded way."""
    if method not in READ_METHODS:
        raise MethodNotAllowed(method)
    if len(params) > _MAX_PARAMS:
        raise RpcError(f"At most {_MAX_PARAMS} parameters are taken.", -32602)
    if method == "eth_call":
        _check_call(params[0] if params else None)


def _check_call(call: Json) -> None:
    if not isinstance(call, dict) or not call.keys() <= _CALL:
        raise RpcError(f"A call is an object of {', '.join(sorted(_CALL))}.", -32602)
    to = call.get("to")
    if not isinstance(to, str) or _ADDRESS.fullmatch(to) is None:
        raise RpcError("A call names the contract that it asks.", -32602)
    if int(to, 16) < _PRECOMPILES:
        raise RpcError("A call asks a contract, no precompile.", -32602)


async def answer(ledger: Ledger, body: Json) -> Json:
    """The response to a parsed request or batch (JSON-RPC 2.0, sections 5 and 6); None: nothing to answer.

    Never raises CmsError: errors are in the response. What is not answered within ``ALL_SECONDS`` is an error too.
    """
    until = asyncio.get_running_loop().time() + ALL_SECONDS
    if not isinstance(body, list):
        return await _one(ledger, body, until)
    if not 0 < len(body) <= _MAX_BATCH:
        return _error(None, RpcError(f"A batch has 1 to {_MAX_BATCH} requests.", -32600))
    answers = [await _one(ledger, request, until) for request in body]
    return [response for response in answers if response is not None] or None


async def _one(ledger: Ledger, request: Json, until: float) -> Json:
    if not isinstance(request, dict) or request.get("jsonrpc") != "2.0":
        return _error(None, RpcError("This is no JSON-RPC 2.0 request.", -32600))
    number, method, params = request.get("id"), request.get("method"), request.get("params", [])
    if not isinstance(method, str) or isinstance(number, (dict, list, bool)):
        return _error(None, RpcError("This is no JSON-RPC 2.0 request.", -32600))
    try:
        if not isinstance(params, list):
            raise RpcError("Parameters are given by position.", -32602)
        check_request(method, params)
        result = await _within(until, ledger, method, params)
    except LedgerError as error:
        return None if "id" not in request else _error(number, error)
    return None if "id" not in request else {"jsonrpc": "2.0", "id": number, "result": result}


async def _within(until: float, ledger: Ledger, method: str, params: list[Json]) -> Json:
    try:
        async with asyncio.timeout_at(until):
            return await ledger.rpc(method, params)
    except TimeoutError:
        raise RpcError(f"No answer within {ALL_SECONDS:g} seconds.", _TOO_LONG) from None


def _error(number: Json, error: LedgerError) -> Json:
    problem: dict[str, Json] = {
        "code": error.number if isinstance(error, RpcError) else _INTERNAL,
        "message": error.detail,
    }
    if isinstance(error, RpcError) and error.data is not None:
        problem["data"] = error.data
    return {"jsonrpc": "2.0", "id": number, "error": problem}
