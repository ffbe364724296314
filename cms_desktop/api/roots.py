"""Facts straight from a ledger: plain JSON-RPC over HTTP, any node or the backend's own read-only one.

A node that cannot be reached, or answers nonsense, gives no fact: what is missing is "not checked", never "failed".
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import orjson

from cms_backend.core.errors import CmsError
from cms_backend.core.evidence import Evidence
from cms_backend.core.evidence_parts import AnchorRef
from cms_backend.core.hashing import keccak256
from cms_backend.core.ids import Digest, Time
from cms_backend.core.verify import AnchoredFact, BlockFact, ChainFacts, CodeFact, LedgerFacts
from cms_desktop.api.client import Client

Call = Callable[[str, Sequence[Any]], Awaitable[Any]]
_ANCHORED: Final = keccak256(b"anchored(bytes32,uint64)")[:4].hex()
_TIMEOUT: Final = 10.0


class _Nothing(Exception):
    """The node gave no usable answer."""


async def read_ledger_facts(
    evidence: Evidence, *, rpc: Sequence[str] = (), client: Client | None = None
) -> LedgerFacts:
    """What the given nodes (and the backend's ledger) say about the anchors and blocks that a file names."""
    found = []
    if client is not None:
        found.append(await _facts(evidence, client.rpc))
    if rpc:
        async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as http:
            found += await asyncio.gather(*(_facts(evidence, _caller(http, url)) for url in rpc))
    chains: dict[tuple[str, Digest], ChainFacts] = {}
    for one in found:
        if one is not None:
            chains.setdefault((one.chain, one.genesis_block), one)
    return LedgerFacts(chains=tuple(chains.values()))


def _caller(http: httpx.AsyncClient, url: str) -> Call:
    async def call(method: str, params: Sequence[Any]) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        try:
            answer = await http.post(
                url, content=orjson.dumps(body), headers={"Content-Type": "application/json"}
            )
            raw = orjson.loads(answer.content)
        except (httpx.HTTPError, httpx.InvalidURL, orjson.JSONDecodeError) as error:
            raise _Nothing(str(error)) from error
        if not isinstance(raw, dict) or "result" not in raw:
            raise _Nothing(method)
        return raw["result"]

    return call


async def _facts(evidence: Evidence, call: Call) -> ChainFacts | None:
    try:
        chain = f"eip155:{_number(await call('eth_chainId', []))}"
        genesis = _digest((await _block(call, 0))["hash"])
        head = _number(await call("eth_blockNumber", []))
    except (_Nothing, CmsError, KeyError, TypeError, ValueError):
        return None
    anchors = [one for one in evidence.anchors if one.chain == chain]
    return ChainFacts(
        chain=chain,
        genesis_block=genesis,
        head=head,
        finalized=await _finalized(call),
        blocks=await _blocks(call, _named_blocks(evidence, chain)),
        code=await _code(call, dict.fromkeys(one.ledger for one in anchors)),
        anchored=tuple([fact for one in anchors if (fact := await _anchored(call, one)) is not None]),
    )


def _named_blocks(evidence: Evidence, chain: str) -> Iterable[int]:
    numbers = {one.block for one in evidence.anchors if one.chain == chain}
    for envelope in evidence.envelopes:
        seen = envelope.seen.block
        if seen is not None and seen.chain == chain:
            numbers.add(seen.number)
    return sorted(numbers)


async def _block(call: Call, number: int | str) -> dict[str, Any]:
    which = number if isinstance(number, str) else hex(number)
    raw = await call("eth_getBlockByNumber", [which, False])
    if not isinstance(raw, dict):
        raise _Nothing("no such block")
    return raw


async def _finalized(call: Call) -> int | None:
    try:
        return _number((await _block(call, "finalized"))["number"])
    except (_Nothing, CmsError, KeyError, TypeError, ValueError):
        return None


async def _blocks(call: Call, numbers: Iterable[int]) -> tuple[BlockFact, ...]:
    found = []
    for number in numbers:
        try:
            raw = await _block(call, number)
            found.append(BlockFact(number, _digest(raw["hash"]), _time(_number(raw["timestamp"]))))
        except (_Nothing, CmsError, KeyError, TypeError, ValueError):
            continue
    return tuple(found)


async def _code(call: Call, addresses: Iterable[str]) -> tuple[CodeFact, ...]:
    found = []
    for address in addresses:
        try:
            code = _bytes(await call("eth_getCode", [address, "latest"]))
        except (_Nothing, CmsError, TypeError, ValueError):
            continue
        found.append(CodeFact(address, Digest.of(keccak256(code)) if code else None))
    return tuple(found)


async def _anchored(call: Call, anchor: AnchorRef) -> AnchoredFact | None:
    data = "0x" + _ANCHORED + anchor.log_id + f"{anchor.size:064x}"
    try:
        answer = _bytes(await call("eth_call", [{"to": anchor.ledger, "data": data}, "latest"]))
    except (_Nothing, CmsError, TypeError, ValueError):
        return None
    if len(answer) != 96:
        return None
    root, block, moment = (
        answer[:32],
        int.from_bytes(answer[32:64], "big"),
        int.from_bytes(answer[64:], "big"),
    )
    if not block:
        return AnchoredFact(anchor.ledger, anchor.log_id, anchor.size, None, None, None)
    try:
        time = _time(moment)
    except _Nothing:
        return None
    return AnchoredFact(anchor.ledger, anchor.log_id, anchor.size, Digest.of(root), block, time)


def _number(value: Any) -> int:
    return int(value, 16)


def _bytes(value: Any) -> bytes:
    return bytes.fromhex(str(value).removeprefix("0x"))


def _digest(value: Any) -> Digest:
    return Digest.of(_bytes(value))


def _time(seconds: int) -> Time:
    try:
        return Time.from_datetime(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, OSError, ValueError) as error:
        raise _Nothing("a time out of range") from error
