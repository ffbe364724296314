"""What a real node can do to us, done on a real node."""

from collections.abc import AsyncIterator, Iterator

import pytest

from cms_backend.core.hashing import H
from cms_backend.ledger.errors import (
    LedgerRefused,
    LedgerUnreachable,
    NoContract,
    NoFunds,
    WrongChain,
    WrongCode,
)
from cms_backend.ledger.evm import EvmLedger
from tests.support.ledger_anvil import Anvil, running_anvil
from tests.support.ledger_worlds import KEY, deploy, remote


@pytest.fixture
def node() -> Iterator[Anvil]:
    with running_anvil() as running:
        yield running


@pytest.fixture
async def ledger(node: Anvil) -> AsyncIterator[EvmLedger]:
    made = remote(node, await deploy(node))
    await made.start()
    await made.open_log(KEY)
    yield made
    await made.close()


async def test_a_reorganisation_takes_an_anchor_away_and_the_same_bytes_bring_it_back(
    node: Anvil, ledger: EvmLedger
) -> None:
    made = await ledger.prepare_anchor(0, 5, H("root"))
    await ledger.send(made.raw)
    assert (await ledger.anchor_status(made.tx, made.nonce)).state == "mined"
    node.ask("anvil_reorg", 1, [])
    status = await ledger.anchor_status(made.tx, made.nonce)
    assert (status.state, status.final) == ("lost", False)
    assert (await ledger.head()).size == 0
    await ledger.send(made.raw)
    assert (await ledger.head()).size == 5


async def test_a_rolled_back_chain_is_the_same_ledger_with_an_older_head(
    node: Anvil, ledger: EvmLedger
) -> None:
    made = await ledger.prepare_anchor(0, 5, H("root"))
    await ledger.send(made.raw)
    node.ask("anvil_rollback", 1)
    await ledger.check()
    assert (await ledger.head()).size == 0
    assert (await ledger.anchor_status(made.tx, made.nonce)).state == "lost"


async def test_a_node_that_is_down_is_unreachable_and_a_frozen_one_too(
    node: Anvil, ledger: EvmLedger
) -> None:
    node.freeze()
    with pytest.raises(LedgerUnreachable):
        await ledger.head()
    node.thaw()
    await ledger.head()
    node.kill()
    with pytest.raises(LedgerUnreachable):
        await ledger.head()


async def test_a_stuck_transaction_waits_until_it_is_replaced(node: Anvil, ledger: EvmLedger) -> None:
    node.automine(False)
    made = await ledger.prepare_anchor(0, 5, H("root"))
    await ledger.send(made.raw)
    assert (await ledger.anchor_status(made.tx, made.nonce)).state == "submitted"
    other = await ledger.prepare_anchor(0, 5, H("root"), replacing=made.raw)
    await ledger.send(other.raw)
    node.mine()
    assert (await ledger.anchor_status(other.tx, other.nonce)).state == "mined"
    status = await ledger.anchor_status(made.tx, made.nonce)
    assert (status.state, status.final) == ("lost", True)


async def test_a_dropped_transaction_is_lost_and_can_be_sent_again(node: Anvil, ledger: EvmLedger) -> None:
    node.automine(False)
    made = await ledger.prepare_anchor(0, 5, H("root"))
    await ledger.send(made.raw)
    node.ask("anvil_dropTransaction", "0x" + made.tx)
    status = await ledger.anchor_status(made.tx, made.nonce)
    assert (status.state, status.final) == ("lost", False)
    await ledger.send(made.raw)
    node.mine()
    assert (await ledger.head()).size == 5


async def test_a_copy_too_many_reverts_and_is_lost_for_good(node: Anvil, ledger: EvmLedger) -> None:
    node.automine(False)
    first = await ledger.prepare_anchor(0, 5, H("root"))
    await ledger.send(first.raw)
    node.ask("anvil_setNonce", (await ledger.identity()).account, hex(first.nonce + 1))
    second = await ledger.prepare_anchor(0, 5, H("root"))
    node.ask("anvil_setNonce", (await ledger.identity()).account, hex(first.nonce))
    await ledger.send(second.raw)
    node.mine()
    assert (await ledger.anchor_status(first.tx, first.nonce)).state == "mined"
    status = await ledger.anchor_status(second.tx, second.nonce)
    assert (status.state, status.final) == ("lost", True)


async def test_a_chain_that_began_anew_is_not_taken_for_the_old_one(node: Anvil, ledger: EvmLedger) -> None:
    node.kill()
    node.start()
    with pytest.raises(WrongChain):
        await ledger.check()
    with pytest.raises(WrongCode):
        await ledger.head()
    await deploy(node)
    with pytest.raises(WrongChain):
        await ledger.start()


async def test_another_contract_at_the_address_is_refused(node: Anvil, ledger: EvmLedger) -> None:
    node.ask("anvil_setCode", (await ledger.identity()).ledger, "0x6001600055")
    with pytest.raises(WrongCode):
        await ledger.check()


async def test_settings_that_do_not_fit_the_node_are_refused(node: Anvil) -> None:
    address = await deploy(node)
    node.ask("anvil_setChainId", 5)
    wrong = remote(node, address)
    with pytest.raises(WrongChain):
        await wrong.start()
    await wrong.close()
    node.ask("anvil_setChainId", 31337)
    nowhere = remote(node)
    with pytest.raises(NoContract):
        await nowhere.start()
    await nowhere.close()


async def test_an_account_without_coin_cannot_open_a_log(node: Anvil) -> None:
    poor = remote(node, await deploy(node), secret=b"\x09" * 32)
    await poor.start()
    with pytest.raises((NoFunds, LedgerRefused)):
        await poor.open_log(KEY)
    await poor.close()


async def test_a_gas_limit_that_is_too_low_is_said_before_anything_is_sent(
    node: Anvil, ledger: EvmLedger
) -> None:
    ledger._gas_limit = 30_000
    with pytest.raises(LedgerRefused, match="gas"):
        await ledger.prepare_anchor(0, 5, H("root"))


async def test_reading_goes_through_to_the_node(node: Anvil, ledger: EvmLedger) -> None:
    made = await ledger.prepare_anchor(0, 5, H("root"))
    await ledger.send(made.raw)
    receipt = await ledger.rpc("eth_getTransactionReceipt", ["0x" + made.tx])
    assert isinstance(receipt, dict)
    assert receipt["status"] == "0x1"
