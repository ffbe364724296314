"""Read-only JSON-RPC of a ledger's node, and what its answers mean. Any node, or the backend's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import orjson

from cms_backend.core.errors import CmsError
from cms_backend.core.hashing import keccak256
from cms_backend.core.ids import Digest, Time
from cms_backend.core.verify import AnchoredFact, BlockFact

Call = Callable[[str, Sequence[Any]], Awaitable[Any]]
"""One call: a method and its parameters to the node's result. Raises NoAnswer or a CmsError."""

_ANCHORED: Final = keccak256(b"anchored(bytes32,uint64)")[:4].hex()
_HEAD: Final = keccak256(b"head(bytes32)")[:4].hex()


class NoAnswer(Exception):
    """The node cannot be reached, refuses, or answers what is no answer. Nothing follows from it."""


UNUSABLE: Final = (NoAnswer, CmsError, KeyError, TypeError, ValueError)
"""All that reading an answer may raise."""


def caller(http: httpx.AsyncClient, url: str) -> Call:
    """Calls at the node under `url`."""

    async def call(method: str, params: Sequence[Any]) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        try:
            answer = await http.post(
                url, content=orjson.dumps(body), headers={"Content-Type": "application/json"}
            )
            raw = orjson.loads(answer.content)
        except (httpx.HTTPError, httpx.InvalidURL, orjson.JSONDecodeError) as error:
            raise NoAnswer(str(error)) from error
        if not isinstance(raw, dict) or "result" not in raw:
            raise NoAnswer(method)
        return raw["result"]

    return call


async def block(call: Call, which: int | str) -> BlockFact:
    """A block by its number or tag. Raises UNUSABLE, for one that is not there too."""
    name = which if isinstance(which, str) else hex(which)
    raw = await call("eth_getBlockByNumber", [name, False])
    if not isinstance(raw, dict):
        raise NoAnswer("no such block")
    return BlockFact(as_number(raw["number"]), as_digest(raw["hash"]), as_time(as_number(raw["timestamp"])))


async def code(call: Call, address: str, which: int | str = "latest") -> bytes:
    """The run-time code at an address; empty where there is none. Raises UNUSABLE."""
    name = which if isinstance(which, str) else hex(which)
    return as_bytes(await call("eth_getCode", [address, name]))


async def anchored(call: Call, ledger: str, log_id: Digest, size: int) -> AnchoredFact:
    """`anchored(bytes32,uint64)` of a ContractLedger (section 7). Raises UNUSABLE."""
    data = "0x" + _ANCHORED + log_id + f"{size:064x}"
    answer = as_bytes(await call("eth_call", [{"to": ledger, "data": data}, "latest"]))
    if len(answer) != 96:
        raise NoAnswer("that is no ledger")
    number = int.from_bytes(answer[32:64], "big")
    if not number:
        return AnchoredFact(ledger, log_id, size, None, None, None)
    moment = as_time(int.from_bytes(answer[64:], "big"))
    return AnchoredFact(ledger, log_id, size, Digest.of(answer[:32]), number, moment)


async def anchored_head(call: Call, ledger: str, log_id: Digest) -> tuple[int, Digest]:
    """`head(bytes32)` of a ContractLedger: the newest anchored size (0: none) and its root. Raises UNUSABLE."""
    answer = as_bytes(await call("eth_call", [{"to": ledger, "data": "0x" + _HEAD + log_id}, "latest"]))
    if len(answer) != 96:
        raise NoAnswer("that is no ledger")
    return int.from_bytes(answer[32:64], "big"), Digest.of(answer[64:])


def as_number(value: Any) -> int:
    """A JSON-RPC quantity. TypeError, ValueError."""
    return int(value, 16)


def as_bytes(value: Any) -> bytes:
    """JSON-RPC data. ValueError."""
    return bytes.fromhex(str(value).removeprefix("0x"))


def as_digest(value: Any) -> Digest:
    """JSON-RPC data of 32 bytes. FormError, ValueError."""
    return Digest.of(as_bytes(value))


def as_time(seconds: int) -> Time:
    """Seconds since 1970. NoAnswer when no date has them."""
    try:
        return Time.from_datetime(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, OSError, ValueError) as error:
        raise NoAnswer("a time out of range") from error
