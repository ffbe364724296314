"""The read-only JSON-RPC 2.0 that a backend serves of its ledger, so that verifiers ask any ledger alike."""

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
_MAX_BATCH: Final = 100
_INTERNAL: Final = -32603


def check_method(method: str) -> None:
    """Raise MethodNotAllowed unless the method only reads."""
    if method not in READ_METHODS:
        raise MethodNotAllowed(method)


async def answer(ledger: Ledger, body: Json) -> Json:
    """The response to a parsed request or batch (JSON-RPC 2.0, sections 5 and 6); None: nothing to answer.

    Never raises CmsError: errors are in the response.
    """
    if not isinstance(body, list):
        return await _one(ledger, body)
    if not 0 < len(body) <= _MAX_BATCH:
        return _error(None, RpcError(f"A batch has 1 to {_MAX_BATCH} requests.", -32600))
    answers = [await _one(ledger, one) for one in body]
    return [one for one in answers if one is not None] or None


async def _one(ledger: Ledger, request: Json) -> Json:
    if not isinstance(request, dict) or request.get("jsonrpc") != "2.0":
        return _error(None, RpcError("This is no JSON-RPC 2.0 request.", -32600))
    number, method, params = request.get("id"), request.get("method"), request.get("params", [])
    if not isinstance(method, str) or isinstance(number, (dict, list, bool)):
        return _error(None, RpcError("This is no JSON-RPC 2.0 request.", -32600))
    try:
        if not isinstance(params, list):
            raise RpcError("Parameters are given by position.", -32602)
        check_method(method)
        result = await ledger.rpc(method, params)
    except LedgerError as error:
        return None if "id" not in request else _error(number, error)
    return None if "id" not in request else {"jsonrpc": "2.0", "id": number, "result": result}


def _error(number: Json, error: LedgerError) -> Json:
    problem: dict[str, Json] = {
        "code": error.number if isinstance(error, RpcError) else _INTERNAL,
        "message": error.detail,
    }
    if isinstance(error, RpcError) and error.data is not None:
        problem["data"] = error.data
    return {"jsonrpc": "2.0", "id": number, "error": problem}
