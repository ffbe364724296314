"""A contract between people, anchored on a real node, one of whom signs through a contract account (ERC-1271)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from cms_backend.core.base58 import b58encode
from cms_backend.core.checkpoint import LogKey
from cms_backend.core.did import did_pkh
from cms_backend.core.evidence import AnchorRef
from cms_backend.core.ids import Did, Digest, KeyText
from cms_backend.core.keys import parse_key
from cms_backend.core.login import LoginMessage
from cms_backend.core.references import NOTHING_SEEN, BlockRef, Seen
from cms_backend.core.signatures import Statement, secure
from cms_backend.core.slots import log_slot
from cms_backend.core.statements import LedgerRef, LogStatement, log_statement
from cms_backend.ledger.evm import EvmLedger
from tests.support.ledger_anvil import CHAIN_ID, Anvil
from tests.support.ledger_worlds import deploy, remote
from tests.support.verify_world import ANNA, Log, World, party

CHAIN: Final = f"eip155:{CHAIN_ID}"
PATIENCE: Final = 20.0
RUNTIME: Final = bytes.fromhex(
    # A call without data turns the wallet off, and on again.
    "36600c57"  # if (calldatasize != 0) goto 0x0c
    "6000541560005500"  # storage[0] = !storage[0]; stop
    "5b"
    # isValidSignature(bytes32 digest, bytes signature): the signature must begin with the digest.
    "60043560643514"  # digest == the signature's first 32 bytes
    "602435604014" + "02"  # and the signature stands where the ABI puts it
    "60003560e01c631626ba7e14" + "02"  # and this is the function that is called
    "60005415" + "02"  # and the wallet is on
    "631626ba7e60e01b" + "02"  # then 0x1626ba7e, padded on its right; else zeros
    "60005260206000f3"
)
CREATION: Final = bytes.fromhex(f"60{len(RUNTIME):02x}80600b6000396000f3") + RUNTIME


@dataclass(frozen=True)
class ContractAccount:
    """Signs as an account whose key nobody has: only a contract there can tell."""

    address: str
    chain: str = CHAIN
    tail: bytes = b"8 bytes."

    @property
    def key(self) -> KeyText:
        """The account."""
        return KeyText(f"{self.chain}:{self.address}")

    @property
    def did(self) -> Did:
        """Its DID."""
        return did_pkh(parse_key(self.key))

    def sign(self, statement: Statement) -> str:
        """What the contract above takes."""
        return "z" + b58encode(statement.eip712_digest + self.tail)

    def sign_login(self, message: LoginMessage) -> str:
        """Contract accounts log in nowhere here."""
        raise AssertionError(message)


@dataclass(frozen=True)
class Wallet:
    """The contract above on a node."""

    node: Anvil
    account: ContractAccount

    @classmethod
    def deployed(cls, node: Anvil) -> Wallet:
        """A new wallet in a block of its own."""
        data = {"from": node.ask("eth_accounts")[1], "data": "0x" + CREATION.hex()}
        receipt = node.ask("eth_getTransactionReceipt", node.ask("eth_sendTransaction", data))
        return cls(node, ContractAccount(receipt["contractAddress"].lower()))

    def switch(self) -> None:
        """Off, or on again, in a block of its own second."""
        self.node.ask("evm_increaseTime", 10)
        sender = self.node.ask("eth_accounts")[1]
        self.node.ask("eth_sendTransaction", {"from": sender, "to": self.account.address})


class ChainWorld(World):
    """A world whose log is anchored on a node."""

    def __init__(self, ref: LedgerRef, ledger: EvmLedger, node: Anvil, signer: ContractAccount) -> None:
        self.ref, self.ledger, self.node, self.signer = ref, ledger, node, signer
        super().__init__((party(ANNA, "Anna", step=2), party(signer, "Boris")))

    @classmethod
    @contextlib.asynccontextmanager
    async def on(cls, node: Anvil, signer: ContractAccount) -> AsyncIterator[ChainWorld]:
        """Deploy a ledger and open the log there."""
        ledger = remote(node, await deploy(node))
        try:
            await ledger.start()
            log_id = await ledger.open_log(LogKey(bytes([201]) * 32, "log.example/one").vkey.ledger_key)
            who = await ledger.identity()
            ref = LedgerRef(who.chain, who.genesis_block, who.ledger, who.code, log_id)
            yield cls(ref, ledger, node, signer)
        finally:
            await ledger.close()

    def state_ledger(self, log: Log, number: int = 0) -> None:
        """The operator names the real ledger."""
        body = log_statement(
            actor=log.operator.did,
            vkey=log.key.vkey.text,
            number=number,
            ledgers=[self.ref],
            successor=None,
            occurred_at=self.now,
        )
        statement = LogStatement.from_json(secure(body, log.operator))
        log.statements.append(statement)
        log.append(log_slot(number), statement.digest)

    async def in_a_block(self) -> AnchorRef:
        """The newest checkpoint gets into a block of the node."""
        log = self.logs[-1]
        before = log.anchors[-1].size if log.anchors else 0
        size, root = len(log.leaves), Digest.of(log.root())
        self.node.ask("evm_increaseTime", 10)
        made = await self.ledger.prepare_anchor(before, size, root)
        await self.ledger.send(made.raw)
        async with asyncio.timeout(PATIENCE):
            while (block := (await self.ledger.anchor_status(made.tx, made.nonce)).block) is None:
                await asyncio.sleep(0.01)
        place = (made.tx, block.number, block.hash, block.time)
        log.anchors.append(AnchorRef(self.ref.chain, self.ref.ledger, self.ref.log_id, size, root, *place))
        return log.anchors[-1]

    def newest(self) -> Seen:
        """The node's newest block, as a signer sees it."""
        raw: dict[str, Any] = self.node.ask("eth_getBlockByNumber", "latest", False)
        return Seen(None, BlockRef(CHAIN, int(raw["number"], 16), Digest(raw["hash"][2:])))

    def both_sign(self, seen: Seen | None = None) -> ChainWorld:
        """The wallet signs, then Anna; in force."""
        self.propose()
        self.decide(self.signer, seen=seen or NOTHING_SEEN)
        self.decide(ANNA)
        return self


__all__ = ["ANNA", "CHAIN", "ChainWorld", "ContractAccount", "Wallet"]
