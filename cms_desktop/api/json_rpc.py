"""Read-only JSON-RPC of a ledger's node, and what its answers mean. Any node, or the backend's own."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import httpx
import orjson

from cms_backend.core.errors import CmsError
from cms_backend.core.hashing import keccak256
from cms_backend.core.ids import Digest, Time
from cms_backend.core.verify import AnchoredFact, BlockFact
from cms_desktop.api.errors import RpcRefused

T = TypeVar("T")
R = TypeVar("R")
Call = Callable[[str, Sequence[Any]], Awaitable[Any]]
"""One call: a method and its parameters to the node's result. Raises NoAnswer or a CmsError."""

_ANCHORED: Final = keccak256(b"anchored(bytes32,uint64)")[:4].hex()
_IS_VALID: Final = keccak256(b"isValidSignature(bytes32,bytes)")[:4]
_QUANTITY: Final = re.compile(r"0x[0-9a-fA-F]{1,64}")
_MAX_ANSWER: Final = 8 * 1024 * 1024
_REVERT: Final = 3
_HEAD: Final = keccak256(b"head(bytes32)")[:4].hex()


class NoAnswer(Exception):
    """The node cannot be reached, refuses, or answers what is no answer. Nothing follows from it."""


UNUSABLE: Final = (NoAnswer, CmsError, KeyError, TypeError, ValueError)
"""All that reading an answer may raise."""


def caller(http: httpx.AsyncClient, url: str) -> Call:
    """Calls at the node under `url`."""

    async def call(method: str, params: Sequence[Any]) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        try:
            async with http.stream("POST", url, content=orjson.dumps(body), headers=headers) as answer:
                data = bytearray()
                async for part in answer.aiter_bytes():
                    data += part
                    if len(data) > _MAX_ANSWER:
                        raise NoAnswer("the answer is too long")
            raw = orjson.loads(data)
        # Beside what the client names: no socket takes a port above 65535 (OverflowError), nor a host that is no name.
        except (httpx.HTTPError, httpx.InvalidURL, OSError, OverflowError, TypeError, ValueError) as error:
            raise NoAnswer(str(error)) from error
        return result_of(raw)

    return call


def result_of(raw: Any) -> Any:
    """The result in a JSON-RPC response. RpcRefused with the node's own error, or because there is none."""
    if isinstance(raw, dict) and "result" in raw:
        return raw["result"]
    error = raw.get("error") if isinstance(raw, dict) else None
    said = error if isinstance(error, dict) else {}
    number = said.get("code")
    message = str(said.get("message", "The ledger gave no answer of JSON-RPC."))
    raise RpcRefused(message, number if isinstance(number, int) else 0)


def patient(call: Call, *, until: float, at_once: int = 8) -> Call:
    """The same calls, so many at once, and none that lasts beyond `until` (the event loop's time): NoAnswer then."""
    places = asyncio.Semaphore(at_once)

    async def limited(method: str, params: Sequence[Any]) -> Any:
        try:
            async with asyncio.timeout_at(until), places:
                if asyncio.get_running_loop().time() < until:
                    return await call(method, params)
        except TimeoutError:
            pass
        raise NoAnswer("the time is over")

    return limited


async def each(work: Callable[[T], Awaitable[R]], things: Iterable[T], *, at_once: int = 8) -> tuple[R, ...]:
    """What `work` finds of each thing, in their order, without those of which nothing can be told (UNUSABLE)."""
    waiting = iter(enumerate(things))
    found: dict[int, R] = {}

    async def go_on() -> None:
        for place, thing in waiting:
            with contextlib.suppress(*UNUSABLE):
                found[place] = await work(thing)

    await asyncio.gather(*(go_on() for _ in range(at_once)))
    return tuple(found[place] for place in sorted(found))


async def block(call: Call, which: int | str) -> BlockFact:
    """A block by its number or tag. Raises UNUSABLE, for one that is not there too."""
    name = which if isinstance(which, str) else hex(which)
    raw = await call("eth_getBlockByNumber", [name, False])
    if not isinstance(raw, dict):
        raise NoAnswer("no such block")
    number = as_number(raw["number"])
    if number != which and not isinstance(which, str):
        raise NoAnswer("that is another block")
    return BlockFact(number, as_digest(raw["hash"]), as_time(as_number(raw["timestamp"])))


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


async def accepts(call: Call, address: str, digest: bytes, signature: bytes, which: int) -> bool:
    """`isValidSignature(bytes32,bytes)` of the contract at `address` in a block (ERC-1271). Raises UNUSABLE.

    Only the 32 bytes of the function's own selector, padded, accept; a call that reverts does not.
    """
    padded = signature.ljust(-(-len(signature) // 32) * 32, b"\0")
    data = _IS_VALID + digest + (64).to_bytes(32, "big") + len(signature).to_bytes(32, "big") + padded
    try:
        answer = await call("eth_call", [{"to": address, "data": "0x" + data.hex()}, hex(which)])
    except RpcRefused as error:
        if error.number == _REVERT:
            return False
        raise
    return as_bytes(answer)[:32] == _IS_VALID.ljust(32, b"\0")


def as_number(value: Any) -> int:
    """A JSON-RPC quantity of at most 256 bits. NoAnswer."""
    if not isinstance(value, str) or not _QUANTITY.fullmatch(value):
        raise NoAnswer("that is not a number")
    return int(value, 16)


def as_bytes(value: Any) -> bytes:
    """JSON-RPC data. NoAnswer, ValueError."""
    if not isinstance(value, str):
        raise NoAnswer("that is not data")
    return bytes.fromhex(value.removeprefix("0x"))


def as_digest(value: Any) -> Digest:
    """JSON-RPC data of 32 bytes. FormError, ValueError."""
    return Digest.of(as_bytes(value))


def as_time(seconds: int) -> Time:
    """Seconds since 1970. NoAnswer when no date has them."""
    try:
        return Time.from_datetime(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, OSError, ValueError) as error:
        raise NoAnswer("a time out of range") from error
