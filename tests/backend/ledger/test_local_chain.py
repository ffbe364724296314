"""The embedded chain: its JSON-RPC, and that it outlives its process."""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_backend.core.hashing import H, keccak256
from cms_backend.core.ids import Digest
from cms_backend.ledger import abi, names
from cms_backend.ledger.account import account_of
from cms_backend.ledger.errors import LedgerUnreachable, RpcError
from cms_backend.ledger.evm import EvmLedger
from cms_backend.ledger.local_chain.chain import CHAIN_ID
from cms_backend.ledger.local_chain.node import LocalNode
from cms_backend.ledger.provider import LocalProvider
from cms_backend.ledger.rpc import READ_METHODS
from tests.support.ledger_worlds import KEY, SECRET, embedded

ROUNDS = 5


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[EvmLedger]:
    made = embedded(tmp_path)
    await made.start()
    await made.open_log(KEY)
    yield made
    await made.close()


async def _anchor(ledger: EvmLedger, size: int) -> Digest:
    made = await ledger.prepare_anchor(size - 1, size, H(f"root {size}"))
    await ledger.send(made.raw)
    return made.tx


async def test_the_chain_is_the_same_after_closing_and_opening(ledger: EvmLedger, tmp_path: Path) -> None:
    await _anchor(ledger, 1)
    before, block = await ledger.identity(), await ledger.latest_block()
    await ledger.close()
    again = embedded(tmp_path)
    await again.start()
    await again.open_log(KEY)
    assert await again.identity() == before
    assert await again.latest_block() == block
    assert (await again.head()).root == H("root 1")
    await again.close()


async def test_two_homes_never_share_a_genesis_block(tmp_path: Path) -> None:
    genesis = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        one = embedded(tmp_path / name)
        await one.start()
        genesis.add((await one.identity()).genesis_block)
        await one.close()
    assert len(genesis) == 2


async def test_every_block_is_final_and_carries_one_transaction(ledger: EvmLedger) -> None:
    tx = await _anchor(ledger, 1)
    block = await ledger.latest_block()
    assert await ledger.finalized() == block
    shown: Any = await ledger.rpc("eth_getBlockByNumber", ["latest", True])
    assert [one["hash"] for one in shown["transactions"]] == ["0x" + tx]
    assert shown["hash"] == "0x" + block.hash
    assert await ledger.rpc("eth_getBlockByHash", [shown["hash"], True]) == shown
    parent: Any = await ledger.rpc("eth_getBlockByNumber", [hex(block.number - 1), False])
    assert shown["parentHash"] == parent["hash"]


async def test_a_block_that_is_not_there_is_null(ledger: EvmLedger) -> None:
    assert await ledger.rpc("eth_getBlockByNumber", ["0xffff", False]) is None
    assert await ledger.rpc("eth_getBlockByHash", ["0x" + "00" * 32, False]) is None
    assert await ledger.rpc("eth_getTransactionReceipt", ["0x" + "00" * 32]) is None
    assert await ledger.rpc("eth_getTransactionByHash", ["0x" + "00" * 32]) is None


async def test_logs_are_found_by_contract_topic_and_block(ledger: EvmLedger) -> None:
    for size in range(1, 6):
        await _anchor(ledger, size)
    identity = await ledger.identity()
    assert identity.log_id is not None
    kind = "0x" + names.ANCHORED_EVENT.hex()
    head = (await ledger.latest_block()).number

    async def sizes(**query: Any) -> list[int]:
        found: Any = await ledger.rpc("eth_getLogs", [{"fromBlock": "0x0", **query}])
        return [int(one["topics"][2], 16) for one in found if one["topics"][0] == kind]

    assert await sizes(address=identity.ledger, topics=[kind, "0x" + identity.log_id]) == [1, 2, 3, 4, 5]
    assert await sizes(topics=[[kind], None, ["0x" + "00" * 31 + "02", "0x" + "00" * 31 + "04"]]) == [2, 4]
    assert await sizes(topics=[kind], fromBlock=hex(head - 1), toBlock=hex(head)) == [4, 5]
    assert await sizes(topics=[kind], fromBlock="latest") == [5]
    assert await sizes(address="0x" + "00" * 20) == []
    block: Any = await ledger.rpc("eth_getBlockByNumber", [hex(head), False])
    found: Any = await ledger.rpc("eth_getLogs", [{"blockHash": block["hash"]}])
    assert [one["blockNumber"] for one in found] == [hex(head)]


async def test_a_call_sees_the_state_of_the_block_that_it_names(ledger: EvmLedger) -> None:
    for size in (1, 2):
        await _anchor(ledger, size)
    identity = await ledger.identity()
    assert identity.log_id is not None
    call = {"to": identity.ledger, "data": "0x" + abi.head_call(identity.log_id).hex()}
    head = (await ledger.latest_block()).number
    sizes = []
    for block in (hex(head), hex(head - 1), {"blockNumber": hex(head - 1)}):
        answer: Any = await ledger.rpc("eth_call", [call, block])
        found = abi.head_answer(bytes.fromhex(answer[2:]))
        assert found is not None
        sizes.append(found.size)
    assert sizes == [2, 1, 1]


async def test_a_revert_comes_with_its_data(ledger: EvmLedger) -> None:
    identity = await ledger.identity()
    assert identity.log_id is not None
    data = abi.anchor_call(identity.log_id, 7, 9, H("x")).hex()
    call = {"from": identity.account, "to": identity.ledger, "data": "0x" + data}
    with pytest.raises(RpcError) as caught:
        await ledger.rpc("eth_call", [call, "latest"])
    assert caught.value.number == 3
    assert caught.value.data is not None
    assert caught.value.data.startswith("0x" + abi.selector("LedgerStaleHead(bytes32,uint64,uint64)").hex())


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("eth_getCode", ["0x12", "latest"]),
        ("eth_getCode", [5, "latest"]),
        ("eth_getBlockByNumber", ["0x01", False]),
        ("eth_getBlockByNumber", [7, False]),
        ("eth_getBlockByNumber", [{"a": 1, "b": 2}, False]),
        ("eth_getBlockByHash", ["0xabc", False]),
        ("eth_call", ["0x", "latest"]),
        ("eth_call", [{"to": "me"}, "latest"]),
        ("eth_getLogs", []),
        ("eth_getLogs", [{"topics": [[], [], [], [], []]}]),
        ("eth_getLogs", [{"topics": ["0x12"]}]),
        ("eth_getTransactionReceipt", []),
    ],
)
async def test_parameters_of_another_form_are_refused(
    ledger: EvmLedger, method: str, params: list[Any]
) -> None:
    with pytest.raises(RpcError) as caught:
        await ledger.rpc(method, params)
    assert caught.value.number == -32602


_TEXTS = ["0x", "0x0", "0x00", "0x1", "latest", "finalized", "earliest", "", "0xzz", "0x5b600056", "\u0660"]
_HEXES = st.sampled_from([*_TEXTS, "0x" + "00" * 20, "0x" + "ff" * 20, "0x" + "11" * 32, "0x" + "f" * 70])
_CALL = ["to", "from", "data", "input", "gas", "x"]
_NAMES = st.sampled_from(
    [*_CALL, "address", "topics", "fromBlock", "toBlock", "blockHash", "blockNumber", "requireCanonical"]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**60) | _HEXES,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(_NAMES, inner, max_size=5),
    max_leaves=8,
)


def test_any_parameters_give_an_answer_or_a_json_rpc_error(tmp_path: Path) -> None:
    async def ask_all(requests: list[tuple[str, list[Any]]], ledger: EvmLedger) -> None:
        for method, params in requests:
            with contextlib.suppress(RpcError):
                await ledger.rpc(method, params)

    requests = st.lists(
        st.tuples(st.sampled_from(sorted(READ_METHODS)), st.lists(_JSON, max_size=3)), max_size=5
    )
    with asyncio.Runner() as runner:
        ledger = embedded(tmp_path)
        runner.run(ledger.start())

        @settings(max_examples=150, deadline=None)
        @given(requests)
        def check(made: list[tuple[str, list[Any]]]) -> None:
            runner.run(ask_all(made, ledger))

        check()
        runner.run(ledger.close())


async def test_transactions_that_are_not_allowed_leave_no_trace(tmp_path: Path) -> None:
    node = LocalNode(tmp_path / "ledger.sqlite3", account_of(SECRET))
    for raw in ("0x", "0x02c0", "0x" + "ff" * 40):
        with pytest.raises(RpcError):
            await node.request("eth_sendRawTransaction", [raw])
    assert await node.request("eth_blockNumber", []) == "0x0"
    await node.close()


async def test_the_loop_is_free_while_the_evm_computes(ledger: EvmLedger) -> None:
    made = [await ledger.prepare_anchor(0, 1, H("root 1"))]
    longest, last = 0.0, time.perf_counter()
    work = asyncio.gather(ledger.send(made[0].raw), *(ledger.head() for _ in range(100)))
    while not work.done():
        await asyncio.sleep(0)
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
    await work
    assert longest < 0.25


async def test_a_full_disk_refuses_a_block_whole_and_takes_it_once_there_is_space(tmp_path: Path) -> None:
    node = LocalNode(tmp_path / "ledger.sqlite3", account_of(SECRET))
    ledger = EvmLedger(LocalProvider(node), SECRET, kind="embedded")
    await ledger.start()
    await ledger.open_log(KEY)
    made = await ledger.prepare_anchor(0, 1, H("root 1"))
    before = await ledger.latest_block()

    def pages(limit: int) -> None:
        # SQLite answers a file that may not grow as it answers a full disk: SQLITE_FULL.
        assert node._chain is not None
        node._chain.store._connection.execute(f"PRAGMA max_page_count={limit}")

    node._thread.submit(pages, 1).result()
    with pytest.raises(LedgerUnreachable, match="full"):
        await ledger.send(made.raw)
    assert await ledger.latest_block() == before
    assert (await ledger.anchor_status(made.tx, made.nonce)).state == "lost"
    node._thread.submit(pages, 1_000_000).result()
    await ledger.send(made.raw)
    assert (await ledger.head()).size == 1
    await ledger.close()


async def test_a_file_that_is_no_database_is_refused_and_left_untouched(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(b"not a database, but long enough to look at" * 100)
    before = path.read_bytes()
    ledger = embedded(tmp_path)
    with pytest.raises(LedgerUnreachable):
        await ledger.start()
    await ledger.close()
    assert path.read_bytes() == before


def test_the_chain_id_spells_the_product_and_the_shipped_code_is_not_empty() -> None:
    assert int.from_bytes(b"CMS", "big") == CHAIN_ID
    assert len(abi.artifact().code) == 64
    assert keccak256(b"")[:4].hex() != abi.artifact().code[:8]


_CHILD = """
import asyncio, sys
from pathlib import Path
from cms_backend.core.hashing import H
from cms_backend.ledger.rpc import READ_METHODS
from tests.support.ledger_worlds import KEY, embedded

async def main():
    ledger = embedded(Path(sys.argv[1]))
    await ledger.start()
    await ledger.open_log(KEY)
    size = (await ledger.head()).size
    while True:
        made = await ledger.prepare_anchor(size, size + 1, H(f"root {size + 1}"))
        await ledger.send(made.raw)
        size += 1
        sys.stdout.write(f"{size} {made.tx}\\n")
        sys.stdout.flush()

asyncio.run(main())
"""


def _lines_until_killed(home: Path, seconds: float) -> list[str]:
    """The whole lines that a writing child put out before it was killed, so many seconds after its first."""
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(home)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
        cwd=root,
    ) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        killer = threading.Timer(seconds, child.kill)
        killer.start()
        lines = [first, *child.stdout]
        killer.join()
    assert child.returncode == -signal.SIGKILL
    return [line for line in lines if line.endswith("\n")]


@pytest.mark.slow
async def test_no_acknowledged_transaction_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    acknowledged: dict[int, str] = {}
    chance = random.Random(20_260)
    for _ in range(ROUNDS):
        for line in await asyncio.to_thread(_lines_until_killed, tmp_path, chance.uniform(0.0, 0.5)):
            number, tx = line.split()
            acknowledged[int(number)] = tx
    ledger = embedded(tmp_path)
    await ledger.start()
    await ledger.open_log(KEY)
    head = await ledger.head()
    assert len(acknowledged) >= ROUNDS
    # What was on the disk but not said yet may be there too.
    assert head.size - max(acknowledged) in (0, 1)
    for size, known in acknowledged.items():
        found = await ledger.anchored(size)
        assert found is not None
        assert found.root == H(f"root {size}")
        assert (await ledger.anchor_status(Digest(known))).state == "confirmed"
    await _anchor(ledger, head.size + 1)
    await ledger.close()
