"""The same ledger on three grounds: memory, the embedded chain, and a real node; with what tests do to it."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from cms_backend.ledger.account import account_of
from cms_backend.ledger.adapter import Ledger
from cms_backend.ledger.client import http_provider
from cms_backend.ledger.evm import EvmLedger
from cms_backend.ledger.local_chain.node import LocalNode
from cms_backend.ledger.memory import MemoryLedger
from cms_backend.ledger.provider import LocalProvider, ReadingProvider
from tests.support import ledger_anvil
from tests.support.ledger_anvil import Anvil

KEY = bytes(range(32))
SECRET = b"\x07" * 32
#: Ledgers of these kinds run every shared test.
GROUNDS = ("memory", "embedded", "anvil")


class Settle(Protocol):
    """Make what was mined so far final."""

    def __call__(self) -> None: ...


def embedded(folder: Path, secret: bytes = SECRET) -> EvmLedger:
    """A ledger on the embedded chain of a folder; several may follow one another on it."""
    node = LocalNode(folder / "ledger.sqlite3", account_of(secret))
    return EvmLedger(LocalProvider(node), secret, kind="embedded", reading=ReadingProvider(node))


def remote(node: Anvil, address: str | None = None, secret: bytes = ledger_anvil.SECRET) -> EvmLedger:
    """A ledger on a node."""
    return EvmLedger(
        http_provider(node.url, 3.0),
        secret,
        kind="rpc",
        address=address,
        chain_id=ledger_anvil.CHAIN_ID,
        gas_limit=2_000_000,
    )


async def deploy(node: Anvil) -> str:
    """A new contract on a node; its address."""
    ledger = remote(node)
    made = await ledger.deploy()
    await ledger.close()
    return made.address


@contextlib.asynccontextmanager
async def opened(ground: str, folder: Path) -> AsyncIterator[tuple[Ledger, Settle]]:
    """A started ledger with an open log, and how its blocks become final."""
    async with contextlib.AsyncExitStack() as stack:
        ledger: Ledger
        settle: Settle = _nothing
        if ground == "anvil":
            node = stack.enter_context(ledger_anvil.running_anvil())
            ledger = remote(node, await deploy(node))

            def settle() -> None:
                node.mine(3)

        elif ground == "embedded":
            ledger = embedded(folder)
        else:
            ledger = MemoryLedger()
        stack.push_async_callback(ledger.close)
        await ledger.start()
        await ledger.open_log(KEY)
        yield ledger, settle


def _nothing() -> None: ...
