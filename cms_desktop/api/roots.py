"""Facts straight from ledgers: plain JSON-RPC over HTTP, any node or the backend's own read-only one.

A node that cannot be reached, answers nonsense or is slow gives no fact: what is missing is "not checked", never
"failed". All that is asked of a file is bounded in time, so that a long file or a slow node holds nobody up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import httpx

from cms_backend.core.evidence import Evidence
from cms_backend.core.evidence_parts import AnchorRef
from cms_backend.core.hashing import H, keccak256
from cms_backend.core.ids import Digest, Time
from cms_backend.core.verify import (
    AnchoredFact,
    BlockFact,
    ChainFacts,
    CodeFact,
    Erc1271Fact,
    LedgerFacts,
)
from cms_backend.core.verify.accounts import AccountQuestion, account_questions
from cms_desktop.api import json_rpc
from cms_desktop.api.client import Client
from cms_desktop.api.json_rpc import UNUSABLE, Call, NoAnswer

Fact = TypeVar("Fact")
CALL_SECONDS: Final = 10.0
ALL_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class _Node:
    """A node that answered, and what it said so far."""

    call: Call
    facts: ChainFacts


async def read_ledger_facts(
    evidence: Evidence, *, rpc: Sequence[str] = (), client: Client | None = None, seconds: float = ALL_SECONDS
) -> LedgerFacts:
    """What the given nodes and the backend's ledger say of the anchors, blocks and contract accounts of a file.

    The nodes that somebody chose come first, in their order, then the backend's; where two speak of one chain, the
    first that knows something is believed. Lasts `seconds` at most; what was not answered by then is missing.
    """
    until = asyncio.get_running_loop().time() + seconds
    # Reading the certificates takes 20 ms, which a window would feel. Without nodes nobody is asked by TLS.
    checked = await asyncio.to_thread(httpx.create_ssl_context, trust_env=False) if rpc else False
    async with httpx.AsyncClient(timeout=CALL_SECONDS, trust_env=False, verify=checked) as http:
        calls: list[Call] = [json_rpc.caller(http, url) for url in rpc]
        if client is not None:
            calls.append(client.rpc)
        limited = [json_rpc.patient(call, until=until) for call in calls]
        found = await asyncio.gather(*(_anchors_and_blocks(evidence, call) for call in limited))
        nodes = [one for one in found if one is not None]
        facts = _together(one.facts for one in nodes)
        # Which block an account is asked at depends on the anchors, of whatever chain they are.
        questions = await asyncio.to_thread(account_questions, evidence, facts)
        if not questions:
            return facts
        return _together(await asyncio.gather(*(_accounts(one, questions) for one in nodes)))


async def chain_identity(call: Call) -> tuple[str, Digest]:
    """The CAIP-2 id of a node's chain, and the hash of its block 0. Raises UNUSABLE."""
    chain = f"eip155:{json_rpc.as_number(await call('eth_chainId', []))}"
    return chain, (await json_rpc.block(call, 0)).hash


def _together(chains: Iterable[ChainFacts]) -> LedgerFacts:
    """One of each chain; what its first node did not tell is taken from the next."""
    found: dict[tuple[str, Digest], ChainFacts] = {}
    for one in chains:
        key = (one.chain, one.genesis_block)
        first = found.get(key)
        found[key] = one if first is None else _filled(first, one)
    return LedgerFacts(chains=tuple(found.values()))


def _filled(first: ChainFacts, second: ChainFacts) -> ChainFacts:
    """What the first does not know is taken from the second: a node that is still syncing knows of no code yet, and of
    no anchor. How far the chain has come is the word of the one that has come further.
    """
    ahead = max(first, second, key=lambda facts: facts.head)
    blocks = {block.number: block for block in (*second.blocks, *first.blocks)}
    code = _known_first((*second.code, *first.code), lambda fact: fact.address, lambda fact: fact.code)
    anchored = _known_first(
        (*second.anchored, *first.anchored),
        lambda fact: (fact.ledger, fact.log_id, fact.size),
        lambda fact: fact.root,
    )
    answers = {
        (fact.account, fact.digest, fact.signature, fact.block): fact
        for fact in (*second.erc1271, *first.erc1271)
    }
    return replace(
        first,
        head=ahead.head,
        finalized=ahead.finalized,
        blocks=tuple(blocks[number] for number in sorted(blocks)),
        code=code,
        anchored=anchored,
        erc1271=tuple(answers.values()),
    )


def _known_first(
    facts: Iterable[Fact], name: Callable[[Fact], Hashable], said: Callable[[Fact], object | None]
) -> tuple[Fact, ...]:
    """One fact of each name: the last in the order, but one that says something before one that says nothing."""
    found: dict[Hashable, Fact] = {}
    for fact in facts:
        if name(fact) not in found or said(fact) is not None:
            found[name(fact)] = fact
    return tuple(found.values())


# --- anchors and blocks ---------------------------------------------------------------------------------------


async def _anchors_and_blocks(evidence: Evidence, call: Call) -> _Node | None:
    try:
        chain, genesis = await chain_identity(call)
        head = json_rpc.as_number(await call("eth_blockNumber", []))
    except UNUSABLE:
        return None

    async def code(address: str) -> CodeFact:
        found = await json_rpc.code(call, address)
        return CodeFact(address, Digest.of(keccak256(found)) if found else None)

    async def anchored(one: AnchorRef) -> AnchoredFact:
        return await json_rpc.anchored(call, one.ledger, one.log_id, one.size)

    async def block(number: int) -> BlockFact:
        return await json_rpc.block(call, number)

    anchors = [one for one in evidence.anchors if one.chain == chain]
    # Anchors first: if time runs out, they say most.
    roots = await json_rpc.each(anchored, anchors)
    codes = await json_rpc.each(code, dict.fromkeys(one.ledger for one in anchors))
    finalized = await json_rpc.each(lambda tag: json_rpc.block(call, tag), ["finalized"])
    named = {one.block for one in anchors} | _seen_blocks(evidence, chain)
    facts = ChainFacts(
        chain=chain,
        genesis_block=genesis,
        head=head,
        finalized=finalized[0].number if finalized else None,
        blocks=await json_rpc.each(block, sorted(number for number in named if number <= head)),
        code=codes,
        anchored=roots,
    )
    return _Node(call, facts)


def _seen_blocks(evidence: Evidence, chain: str) -> set[int]:
    seen = (envelope.seen.block for envelope in evidence.envelopes)
    return {block.number for block in seen if block is not None and block.chain == chain}


# --- contract accounts (ERC-1271) -----------------------------------------------------------------------------


async def _accounts(node: _Node, questions: Sequence[AccountQuestion]) -> ChainFacts:
    """The node's facts with the answers of the accounts on its chain, and the blocks that they were asked at."""
    facts, call = node.facts, node.call
    mine = [one for one in questions if one.chain == facts.chain]
    moments = sorted({one.not_after for one in mine if one.not_after is not None})

    async def last_block(moment: Time) -> tuple[Time, BlockFact]:
        return moment, await _last_block(call, facts.head, moment)

    last = dict(await json_rpc.each(last_block, moments))
    asked: dict[tuple[AccountQuestion, int], None] = {}
    for one in mine:
        if one.not_after in last:
            asked[one, last[one.not_after].number] = None
        if one.seen is not None and one.seen <= facts.head:
            asked[one, one.seen] = None

    async def answer(pair: tuple[AccountQuestion, int]) -> Erc1271Fact:
        return await _answer(call, *pair)

    answers = await json_rpc.each(answer, asked)
    blocks = {one.number: one for one in (*last.values(), *facts.blocks)}
    return replace(facts, blocks=tuple(blocks[number] for number in sorted(blocks)), erc1271=answers)


async def _last_block(call: Call, head: int, moment: Time) -> BlockFact:
    """The last block not after `moment`. NoAnswer if a later block may still come to be it, or none is."""
    low, high = await json_rpc.block(call, 0), await json_rpc.block(call, head)
    if high.time < moment or low.time > moment:
        raise NoAnswer("no block of that time")
    if high.time == moment:
        return high
    while high.number - low.number > 1:
        middle = await json_rpc.block(call, (low.number + high.number) // 2)
        if middle.time <= moment:
            low = middle
        else:
            high = middle
    return low


async def _answer(call: Call, question: AccountQuestion, block: int) -> Erc1271Fact:
    address = question.account.rpartition(":")[2]
    held = bool(await json_rpc.code(call, address, block))
    valid = held and await json_rpc.accepts(call, address, question.digest, question.signature, block)
    return Erc1271Fact(
        question.account, Digest.of(question.digest), H(question.signature), block, has_code=held, valid=valid
    )
