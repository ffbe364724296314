"""One behaviour on all three grounds: the twin in memory, the embedded chain, a real node."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cms_backend.core.hashing import H
from cms_backend.core.ids import Digest
from cms_backend.ledger.adapter import Ledger, SignedTransaction
from cms_backend.ledger.errors import LedgerRefused, MethodNotAllowed, NonceUsed, StaleHead
from tests.support.ledger_worlds import GROUNDS, KEY, Settle, opened

World = tuple[Ledger, Settle]


@pytest.fixture(params=GROUNDS)
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    async with opened(request.param, tmp_path) as made:
        yield made


async def _anchor(ledger: Ledger, prev: int, size: int) -> SignedTransaction:
    made = await ledger.prepare_anchor(prev, size, H(f"root {size}"))
    await ledger.send(made.raw)
    # A node answers before it has mined, under load much before.
    async with asyncio.timeout(10):
        while (await ledger.anchor_status(made.tx, made.nonce)).state == "submitted":
            await asyncio.sleep(0.01)
    return made


async def test_an_anchor_is_found_by_its_size_and_is_the_head(world: World) -> None:
    ledger, _ = world
    assert (await ledger.head()).size == 0
    assert await ledger.anchored(5) is None
    made = await _anchor(ledger, 0, 5)
    found = await ledger.anchored(5)
    status = await ledger.anchor_status(made.tx, made.nonce)
    assert found is not None
    assert status.block is not None
    assert (found.root, found.block, found.time) == (H("root 5"), status.block.number, status.block.time)
    head = await ledger.head()
    assert (head.size, head.root) == (5, H("root 5"))
    assert head.owner == (await ledger.identity()).account
    assert await ledger.anchored(4) is None


async def test_an_anchor_becomes_final(world: World) -> None:
    ledger, settle = world
    made = await _anchor(ledger, 0, 5)
    settle()
    status = await ledger.anchor_status(made.tx, made.nonce)
    assert status.state == "confirmed"
    assert status.block is not None
    assert status.block.number <= (await ledger.finalized()).number <= (await ledger.latest_block()).number


async def test_the_same_bytes_can_be_sent_again(world: World) -> None:
    ledger, _ = world
    made = await _anchor(ledger, 0, 5)
    await ledger.send(made.raw)
    assert (await ledger.anchor_status(made.tx, made.nonce)).state in ("mined", "confirmed")


async def test_a_transaction_that_was_never_sent_is_lost_but_can_be_sent(world: World) -> None:
    ledger, _ = world
    made = await ledger.prepare_anchor(0, 5, H("root 5"))
    status = await ledger.anchor_status(made.tx, made.nonce)
    assert (status.state, status.final) == ("lost", False)
    await ledger.send(made.raw)
    assert await ledger.anchored(5) is not None


async def test_a_transaction_whose_place_was_taken_is_lost_for_good(world: World) -> None:
    ledger, _ = world
    never_sent = await ledger.prepare_anchor(0, 5, H("root 5"))
    await _anchor(ledger, 0, 7)
    status = await ledger.anchor_status(never_sent.tx, never_sent.nonce)
    assert (status.state, status.final) == ("lost", True)
    with pytest.raises(NonceUsed):
        await ledger.send(never_sent.raw)


async def test_an_anchor_on_an_old_head_is_refused(world: World) -> None:
    ledger, _ = world
    await _anchor(ledger, 0, 5)
    with pytest.raises(StaleHead):
        await ledger.prepare_anchor(0, 9, H("root 9"))


async def test_an_anchor_that_does_not_grow_is_refused(world: World) -> None:
    ledger, _ = world
    await _anchor(ledger, 0, 5)
    with pytest.raises(LedgerRefused):
        await ledger.prepare_anchor(5, 5, H("other"))


async def test_a_replacement_keeps_the_place_and_has_other_bytes(world: World) -> None:
    ledger, _ = world
    made = await ledger.prepare_anchor(0, 5, H("root 5"))
    other = await ledger.prepare_anchor(0, 5, H("root 5"), replacing=made.raw)
    assert other.nonce == made.nonce
    assert other.tx != made.tx
    await ledger.send(other.raw)
    assert (await ledger.anchor_status(made.tx, made.nonce)).final
    assert await ledger.anchored(5) is not None


async def test_a_log_is_opened_once_and_has_the_same_id_each_time(world: World) -> None:
    ledger, _ = world
    identity = await ledger.identity()
    assert await ledger.open_log(KEY) == identity.log_id
    assert identity.chain.startswith("eip155:")
    assert Digest.parse(identity.genesis_block) == identity.genesis_block


async def test_starting_again_changes_nothing(world: World) -> None:
    ledger, _ = world
    before = await ledger.identity()
    await ledger.start()
    await ledger.check()
    assert await ledger.identity() == before


async def test_only_reading_methods_are_served(world: World) -> None:
    ledger, _ = world
    assert await ledger.rpc("eth_chainId", []) == hex(int((await ledger.identity()).chain.split(":")[1]))
    for method in ("eth_sendRawTransaction", "eth_accounts", "anvil_mine", "eth_estimateGas", ""):
        with pytest.raises(MethodNotAllowed):
            await ledger.rpc(method, [])


async def test_secrets_are_in_no_repr(world: World) -> None:
    ledger, _ = world
    made = await ledger.prepare_anchor(0, 5, H("root 5"))
    assert "raw" not in repr(made)
    assert "0707" not in repr(ledger)
