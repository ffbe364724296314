"""Facts from ledgers: what a node says, when it says it, and nothing when it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import pytest

from cms_backend.core.hashing import H, keccak256
from cms_backend.core.ids import Time
from cms_backend.core.references import BlockRef, Seen
from cms_backend.core.report_model import Report, Verdict
from cms_backend.core.verify import CodeFact, LedgerFacts, Trust, verify_evidence
from cms_desktop.api.client import Client
from cms_desktop.api.json_rpc import NoAnswer, caller
from cms_desktop.api.roots import _last_block, read_ledger_facts
from cms_desktop.exchange.judging import facts_and_trust
from tests.support.desktop_chain import CHAIN, ChainWorld, ContractAccount, Wallet
from tests.support.ledger_anvil import Anvil, running_anvil
from tests.support.verify_world import CODE, GENESIS_BLOCK, LEDGER, World, failing, states

PATIENCE = 20.0


@pytest.fixture(scope="module")
def node() -> Iterator[Anvil]:
    with running_anvil() as running:
        yield running


@pytest.fixture
def wallet(node: Anvil) -> Wallet:
    return Wallet.deployed(node)


@pytest.fixture
async def world(node: Anvil, wallet: Wallet) -> AsyncIterator[ChainWorld]:
    async with ChainWorld.on(node, wallet.account) as made:
        yield made


async def judged(world: ChainWorld, *rpc: str) -> Report:
    """What a person reads who has the file and these nodes."""
    data = world.evidence().to_bytes()
    facts, trust = await facts_and_trust(data, rpc=rpc)
    return verify_evidence(data, facts, trust, world.now)


# --- contract accounts ----------------------------------------------------------------------------------------


async def test_a_contract_account_is_undecided_without_a_node_and_passes_with_one(
    node: Anvil, world: ChainWorld
) -> None:
    world.both_sign(world.newest())
    await world.in_a_block()
    without, asked = await judged(world), await judged(world, node.url)
    assert (without.verdict, states(without, "SIG-ACTOR")) == (Verdict.undecided, {"passed", "undecided"})
    assert (asked.verdict, states(asked, "SIG-ACTOR")) == (Verdict.verified, {"passed"})


async def test_what_the_wallet_says_after_the_anchor_does_not_count(
    node: Anvil, world: ChainWorld, wallet: Wallet
) -> None:
    world.both_sign()
    await world.in_a_block()
    wallet.switch()
    node.mine(3)
    assert (await judged(world, node.url)).verdict is Verdict.verified


async def test_a_wallet_that_was_off_at_the_anchor_leaves_it_undecided(
    node: Anvil, world: ChainWorld, wallet: Wallet
) -> None:
    world.both_sign(world.newest())
    wallet.switch()
    await world.in_a_block()
    wallet.switch()
    facts = await read_ledger_facts(world.evidence(), rpc=[node.url])
    assert {one.valid for one in facts.chains[0].erc1271} == {True, False}
    assert (await judged(world, node.url)).verdict is Verdict.undecided


async def test_a_signature_that_the_wallet_does_not_take_is_undecided(node: Anvil, world: ChainWorld) -> None:
    class Other(ContractAccount):
        def sign(self, statement: Any) -> str:
            del statement
            return super().sign(type("Statement", (), {"eip712_digest": bytes(32)}))  # type: ignore[arg-type]

    world.signer = Other(world.signer.address)
    world.both_sign()
    await world.in_a_block()
    report = await judged(world, node.url)
    assert states(report, "SIG-ACTOR") == {"passed", "undecided"}


async def test_an_account_without_code_has_not_signed(node: Anvil) -> None:
    async with ChainWorld.on(node, ContractAccount("0x" + "ab" * 20)) as world:
        world.both_sign()
        await world.in_a_block()
        report = await judged(world, node.url)
    assert (report.verdict, failing(report)) == (Verdict.altered, {"SIG-ACTOR"})


async def test_a_wallet_that_was_not_there_yet_when_the_signer_looked_is_undecided(
    node: Anvil, world: ChainWorld
) -> None:
    raw = node.ask("eth_getBlockByNumber", "0x0", False)
    world.both_sign(Seen(None, BlockRef(CHAIN, 0, raw["hash"][2:])))
    await world.in_a_block()
    report = await judged(world, node.url)
    assert (report.verdict, failing(report)) == (Verdict.undecided, set())


async def test_an_event_under_no_anchor_is_asked_at_no_block_of_ours(node: Anvil, world: ChainWorld) -> None:
    world.both_sign()
    facts = await read_ledger_facts(world.evidence(), rpc=[node.url])
    assert facts.chains[0].erc1271 == ()


async def test_the_last_block_not_after_a_moment_is_found_among_many(node: Anvil) -> None:
    base = int(node.ask("eth_getBlockByNumber", "latest", False)["timestamp"], 16)
    first = int(node.ask("eth_blockNumber"), 16)
    for gap in (5, 6, 16, 40, 41):
        node.ask("evm_setNextBlockTimestamp", base + gap)
        node.mine()
    head = int(node.ask("eth_blockNumber"), 16)
    async with httpx.AsyncClient() as http:
        call = caller(http, node.url)

        async def at(seconds: int) -> int:
            moment = Time.from_datetime(datetime.fromtimestamp(base + seconds, UTC))
            return (await _last_block(call, head, moment)).number - first

        assert [await at(one) for one in (4, 5, 6, 7, 16, 39, 40, 41)] == [0, 1, 2, 2, 3, 3, 4, 5]
        for never in (42, -(base - 1)):
            with pytest.raises(NoAnswer):
                await at(never)


# --- a node that has not come so far --------------------------------------------------------------------------


@pytest.fixture
def behind(node: Anvil) -> Iterator[Anvil]:
    """Another node of the same chain, which has its first block only."""
    with running_anvil() as running:
        first = [one.ask("eth_getBlockByNumber", "0x0", False)["hash"] for one in (node, running)]
        assert first[0] == first[1]
        yield running


async def test_a_node_before_the_ledgers_deployment_leaves_the_anchor_unchecked_and_nothing_altered(
    node: Anvil, behind: Anvil, world: ChainWorld
) -> None:
    world.both_sign(world.newest())
    await world.in_a_block()
    facts = await read_ledger_facts(world.evidence(), rpc=[behind.url])
    assert [(fact.address, fact.code) for fact in facts.chains[0].code] == [(world.ref.ledger, None)]
    assert facts.chains[0].anchored == ()
    alone = await judged(world, behind.url)
    assert failing(alone) == set()
    assert states(alone, "ANCHOR-LEDGER") == states(alone, "ANCHOR-MATCH") == {"not_checked"}
    assert any(item.startswith("anchor") for item in alone.open_items), alone.open_items


@pytest.mark.parametrize("first", ["behind", "ahead"])
async def test_a_node_that_is_behind_hides_nothing_that_another_knows(
    node: Anvil, behind: Anvil, world: ChainWorld, first: str
) -> None:
    world.both_sign(world.newest())
    await world.in_a_block()
    nodes = [behind.url, node.url] if first == "behind" else [node.url, behind.url]
    report = await judged(world, *nodes)
    assert report.verdict is Verdict.verified
    assert states(report, "ANCHOR-LEDGER") == states(report, "ANCHOR-MATCH") == {"passed"}
    assert (await judged(world, node.url)).to_json() == report.to_json()


async def test_other_code_at_the_ledgers_address_is_still_altered(
    node: Anvil, behind: Anvil, world: ChainWorld
) -> None:
    world.both_sign(world.newest())
    await world.in_a_block()
    behind.ask("anvil_setCode", world.ref.ledger, "0x6001")
    assert failing(await judged(world, behind.url)) == {"ANCHOR-LEDGER"}


# --- anchors and blocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lie", ["0x" + "f" * 6000, "-0x1", "0x", "12", "0x1 ", 12, None, True, [], "\u0661", "0x1_0"]
)
@pytest.mark.parametrize("method", ["eth_blockNumber", "eth_chainId"])
async def test_a_number_that_is_none_is_no_answer(method: str, lie: Any) -> None:
    world = anchored_world()
    honest = answers_of(world)

    async def answer(asked: str, params: list[Any]) -> Any:
        return {"result": lie} if asked == method else await honest(asked, params)

    assert await read(world, answer) == LedgerFacts()


Answer = Callable[[str, list[Any]], Awaitable[Any]]


def node_of(answer: Answer) -> Client:
    """A backend whose ledger answers so."""

    async def handler(request: httpx.Request) -> httpx.Response:
        body = orjson.loads(request.content)
        found = await answer(body["method"], body["params"])
        return httpx.Response(200, json={"jsonrpc": "2.0", "id": body["id"], **found})

    return Client("http://127.0.0.1:1", transport=httpx.MockTransport(handler))


def answers_of(world: World, broken: frozenset[str] = frozenset()) -> Answer:
    """A node that knows the ledger of a world, and refuses some methods."""
    times = {number: int(one.datetime.timestamp()) for number, one in world.blocks.items()}

    async def answer(method: str, params: list[Any]) -> Any:
        if method in broken:
            return {"error": {"code": -32000, "message": "header not found"}}
        if method == "eth_getBlockByNumber" and params[0] != "finalized":
            number = int(params[0], 16)
            known = GENESIS_BLOCK if number == 0 else World.block_hash(number)
            moment = hex(times.get(number, 0))
            return {"result": {"number": hex(number), "hash": f"0x{known}", "timestamp": moment}}
        if method == "eth_call":
            size = int(params[0]["data"][-64:], 16)
            one = next(one for log in world.logs for one in log.anchors if one.size == size)
            words = (one.root.raw, one.block.to_bytes(32, "big"), times[one.block].to_bytes(32, "big"))
            return {"result": "0x" + b"".join(words).hex()}
        plain = {"eth_chainId": "0x1", "eth_blockNumber": hex(world.block + 40), "eth_getCode": "0x6001"}
        return {"result": plain.get(method)}

    return answer


def anchored_world() -> World:
    world = World()
    for _ in range(4):
        world.propose(seen=world.seen())
        world.anchor()
    return world


async def read(world: World, answer: Answer, **options: Any) -> LedgerFacts:
    client = node_of(answer)
    try:
        return await read_ledger_facts(world.evidence(), client=client, **options)
    finally:
        await client.aclose()


async def test_blocks_roots_and_code_are_read_as_the_world_has_them() -> None:
    world = anchored_world()
    (found,) = (await read(world, answers_of(world))).chains
    (known,) = world.facts().chains
    assert (found.blocks, found.anchored) == (known.blocks, known.anchored)
    assert [(one.address, one.code) for one in found.code] == [(LEDGER, keccak256(b"\x60\x01").hex())]
    assert (found.chain, found.genesis_block, found.finalized) == ("eip155:1", GENESIS_BLOCK, None)


async def test_blocks_are_asked_for_together_and_come_in_their_order() -> None:
    world, waiting = anchored_world(), asyncio.Barrier(4)
    plain = answers_of(world)

    async def answer(method: str, params: list[Any]) -> Any:
        if method == "eth_getBlockByNumber" and params[0] not in ("0x0", "finalized"):
            async with asyncio.timeout(PATIENCE):
                place = await waiting.wait()
            for _ in range(place):
                await asyncio.sleep(0)
        return await plain(method, params)

    assert len(world.blocks) == 8
    (found,) = (await read(world, answer)).chains
    assert [one.number for one in found.blocks] == sorted(world.blocks)


async def test_no_more_than_eight_questions_are_open_at_once() -> None:
    world, open_now, most = anchored_world(), 0, 0
    plain = answers_of(world)
    for _ in range(20):
        world.comment(world.owner, seen=world.seen())

    async def answer(method: str, params: list[Any]) -> Any:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0)
        open_now -= 1
        return await plain(method, params)

    await read(world, answer)
    assert 1 < most <= 8


@pytest.mark.parametrize("method", ["eth_getCode", "eth_call", "eth_getBlockByNumber", "eth_chainId"])
async def test_a_node_that_fails_at_something_makes_nothing_fail(method: str) -> None:
    world = anchored_world()
    chains = (await read(world, answers_of(world, frozenset({method})))).chains
    # No bytes are known that give the code's digest of this world.
    known = tuple(replace(one, code=(CodeFact(LEDGER, CODE),) if one.code else ()) for one in chains)
    facts = LedgerFacts(known)
    report = verify_evidence(world.evidence().to_bytes(), facts, world.trust, world.now)
    assert report.verdict is Verdict.verified
    assert not failing(report)
    assert "not_checked" in states(report, "ANCHOR-MATCH") | states(report, "ANCHOR-LEDGER")


@pytest.mark.parametrize(
    "result", [None, 7, "0x", "0xzz", [], {"number": "0x5", "hash": "0x1"}, "0x" + "00" * 95]
)
async def test_nonsense_is_no_fact(result: Any) -> None:
    world = anchored_world()
    plain = answers_of(world)

    async def answer(method: str, params: list[Any]) -> Any:
        asks = method in ("eth_call", "eth_getBlockByNumber") and params[0] != "0x0"
        return {"result": result} if asks else await plain(method, params)

    (found,) = (await read(world, answer)).chains
    assert (found.blocks, found.anchored) == ((), ())


async def test_a_node_that_answers_with_another_block_is_not_believed() -> None:
    world = anchored_world()
    plain = answers_of(world)

    async def answer(method: str, params: list[Any]) -> Any:
        found = await plain(method, params)
        if method == "eth_getBlockByNumber" and params[0] not in ("0x0", "finalized"):
            found["result"]["number"] = "0x1"
        return found

    (found,) = (await read(world, answer)).chains
    assert found.blocks == ()


async def test_a_node_that_goes_silent_keeps_what_it_said_and_ends_in_time() -> None:
    world = anchored_world()
    plain = answers_of(world)

    async def answer(method: str, params: list[Any]) -> Any:
        if method == "eth_getCode":
            await asyncio.Event().wait()
        return await plain(method, params)

    async with asyncio.timeout(PATIENCE):
        (found,) = (await read(world, answer, seconds=0.5)).chains
    assert len(found.anchored) == 4
    assert (found.code, found.blocks) == ((), ())


async def test_a_frozen_node_and_one_that_is_not_there_give_no_facts(node: Anvil) -> None:
    world = World()
    node.freeze()
    try:
        async with asyncio.timeout(PATIENCE):
            facts = await read_ledger_facts(
                world.evidence(), rpc=[node.url, "http://127.0.0.1:1", "no address"], seconds=0.5
            )
    finally:
        node.thaw()
    assert facts == LedgerFacts()


async def test_a_second_node_of_the_chain_fills_in_what_the_first_did_not_tell(
    node: Anvil, world: ChainWorld
) -> None:
    world.both_sign()
    await world.in_a_block()

    async def half(method: str, params: list[Any]) -> Any:
        if method != "eth_getCode":
            return {"result": node.ask(method, *params)}
        return {"error": {"code": -32000, "message": "missing trie node"}}

    client = node_of(half)
    alone = await read_ledger_facts(world.evidence(), client=client)
    both = await read_ledger_facts(world.evidence(), client=client, rpc=[node.url])
    await client.aclose()
    assert (len(alone.chains), alone.chains[0].erc1271, alone.chains[0].code) == (1, (), ())
    assert len(both.chains) == 1
    report = verify_evidence(world.evidence().to_bytes(), both, Trust(), world.now)
    assert report.verdict is Verdict.verified


async def test_the_node_that_somebody_chose_is_believed_before_the_backend(
    node: Anvil, world: ChainWorld
) -> None:
    world.both_sign()
    anchor = await world.in_a_block()

    async def lying(method: str, params: list[Any]) -> Any:
        found = node.ask(method, *params)
        return {"result": "0x" + "11" * 32 + found[66:] if method == "eth_call" else found}

    client = node_of(lying)
    alone = await read_ledger_facts(world.evidence(), client=client)
    both = await read_ledger_facts(world.evidence(), client=client, rpc=[node.url])
    await client.aclose()
    assert [one.root for one in alone.chains[0].anchored] == ["11" * 32]
    assert [one.root for one in both.chains[0].anchored] == [anchor.root]


async def test_a_file_that_names_a_block_to_come_is_asked_nothing_about_it() -> None:
    world = anchored_world()
    world.comment(world.owner, seen=Seen(None, BlockRef("eip155:1", 10**9, H("to come"))))
    (found,) = (await read(world, answers_of(world))).chains
    assert all(one.number < 10**9 for one in found.blocks)
