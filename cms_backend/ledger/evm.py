"""The real ledger: ContractLedger on any EVM node, or on the embedded chain, through AsyncWeb3.

One anchor of an account is under way at a time (each names the head that it builds on), so the nonce is
the account's count in the newest block, and a transaction's bytes stay good until that nonce is used.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Final, Literal, TypeVar

from eth_account import Account
from eth_utils.address import to_checksum_address
from web3.providers.async_base import AsyncBaseProvider

from cms_backend.core.canonical import Json
from cms_backend.core.hashing import keccak256
from cms_backend.core.ids import Digest
from cms_backend.ledger import abi, fees
from cms_backend.ledger.adapter import (
    AnchoredRoot,
    AnchorStatus,
    Block,
    LedgerIdentity,
    LogHead,
    SignedTransaction,
)
from cms_backend.ledger.client import Client
from cms_backend.ledger.deployment import Deployment, DeploymentCost
from cms_backend.ledger.errors import (
    LedgerError,
    LedgerRefused,
    LedgerUnreachable,
    NoContract,
    NoFunds,
    NonceUsed,
    RpcError,
    Underpriced,
    WrongChain,
    WrongCode,
)
from cms_backend.ledger.names import contract_address, log_id_of
from cms_backend.ledger.rpc import check_request

_POLL_SECONDS: Final = 0.25
_OPEN_SECONDS: Final = 180.0
_T = TypeVar("_T")


class EvmLedger:
    """See ``adapter.Ledger``. ``account_secret`` is the secp256k1 key (32 bytes) of the ledger account.

    ``address`` None: an embedded chain, where the account's first transaction deploys the contract.
    """

    def __init__(
        self,
        provider: AsyncBaseProvider,
        account_secret: bytes,
        *,
        kind: Literal["embedded", "rpc"],
        address: str | None = None,
        chain_id: int | None = None,
        confirmations: int = 1,
        gas_limit: int = 2_000_000,
        reading: AsyncBaseProvider | None = None,
    ) -> None:
        self._client = Client(provider)
        #: Answers what is asked from outside.
        self._outside = self._client if reading is None else Client(reading)
        self._signer = Account.from_key(account_secret)
        self._account: str = self._signer.address.lower()
        self._kind: Literal["embedded", "rpc"] = kind
        self._address = address.lower() if address else None
        self._wanted_chain = chain_id
        self._confirmations = confirmations
        self._gas_limit = gas_limit
        self._identity: LedgerIdentity | None = None
        self._chain_id = 0

    @property
    def kind(self) -> Literal["embedded", "rpc"]:
        """See Ledger."""
        return self._kind

    # --- start --------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """See Ledger."""
        if self._identity is not None:
            await self.check()
            return
        await self._serving()
        genesis = await self._genesis()
        if self._address is None:
            self._address = await self._deployed()
        code = await self._code(self._address)
        self._identity = LedgerIdentity(
            f"eip155:{self._chain_id}", genesis, self._address, code, None, self._account
        )

    async def check(self) -> None:
        """See Ledger."""
        known = await self.identity()
        chain_id = await self._number("eth_chainId")
        if (chain_id, await self._genesis()) != (self._chain_id, known.genesis_block):
            raise WrongChain(
                "The node serves another chain than before.",
                remedy="Anchors made so far are on the old chain: connect the node that has it.",
            )
        await self._code(known.ledger)

    async def _genesis(self) -> Digest:
        return (await self._block("0x0")).hash

    async def _deployed(self) -> str:
        if self._kind != "embedded":
            raise NoContract(
                "The settings name a node, but no ledger contract on it.",
                remedy="Deploy it once (cms ledger deploy) and put its address into blockchain.contract_address.",
            )
        address = contract_address(self._account)
        if await self._client.ask("eth_getCode", address, "latest") == "0x":
            await self.deploy()
        return address

    async def deployment_cost(self) -> DeploymentCost:
        """What `deploy` would cost now, and what the account has. Raises WrongChain, LedgerRefused, NoFunds."""
        await self._serving()
        gas = await self._estimate(None, abi.artifact().bytecode, self._deployment_limit)
        offer = await self._fees()
        balance = await self._number("eth_getBalance", self._account, "latest")
        return DeploymentCost(f"eip155:{self._chain_id}", self._account, gas, gas * offer.max_fee, balance)

    async def deploy(self) -> Deployment:
        """Put a new ContractLedger on the chain, and wait until it is in a block and its code is the right one.

        Raises WrongChain, LedgerRefused, NoFunds, WrongCode; LedgerUnreachable, which names the transaction, when no
        block takes it in.
        """
        await self._serving()
        made = await self._sign(None, abi.artifact().bytecode, limit=self._deployment_limit)
        await self.send(made.raw)
        try:
            receipt = await self._receipt(made.tx)
        except LedgerUnreachable as error:
            raise LedgerUnreachable(
                f"The transaction 0x{made.tx} was sent, and it is not known whether a block has taken it in.",
                remedy="Look for it on the chain before you deploy again: a second contract costs as much.",
            ) from error
        if receipt["status"] != "0x1" or not receipt["contractAddress"]:
            raise LedgerRefused("The ledger contract could not be deployed.")
        address = str(receipt["contractAddress"]).lower()
        return Deployment(
            address=address,
            chain=f"eip155:{self._chain_id}",
            genesis_block=await self._genesis(),
            code=await self._code(address),
            account=self._account,
            tx=made.tx,
            block=int(receipt["blockNumber"], 16),
            gas_used=int(receipt["gasUsed"], 16),
        )

    @property
    def _deployment_limit(self) -> int:
        return max(self._gas_limit, 2_000_000)

    async def _serving(self) -> None:
        """Learn which chain the node serves. Raises WrongChain when the settings name another one."""
        chain_id = await self._number("eth_chainId")
        if self._wanted_chain not in (None, chain_id):
            raise WrongChain(
                f"The node serves chain {chain_id}, but the settings name {self._wanted_chain}.",
                remedy="Check blockchain.node_url and blockchain.chain_id.",
            )
        self._chain_id = chain_id

    async def _code(self, address: str) -> Digest:
        found = _raw(await self._client.ask("eth_getCode", address, "latest"))
        code = Digest.of(keccak256(found))
        if code != abi.artifact().code:
            raise WrongCode(
                f"There is {'another contract' if found else 'no contract'} at the ledger's address {address}.",
                remedy="Check blockchain.contract_address and that the node serves the right chain.",
            )
        return code

    async def identity(self) -> LedgerIdentity:
        """See Ledger."""
        if self._identity is None:
            raise LedgerUnreachable("The ledger is not connected yet.")
        return self._identity

    async def open_log(self, key: bytes) -> Digest:
        """See Ledger."""
        known = await self.identity()
        log_id = log_id_of(self._chain_id, known.ledger, self._account, key)
        if await self._head_of(log_id) is None:
            made = await self._sign(known.ledger, abi.open_log_call(key))
            # An earlier attempt, before a crash, may be under way in its place.
            with contextlib.suppress(Underpriced, NonceUsed):
                await self.send(made.raw)
            await _until(lambda: self._head_of(log_id))
        self._identity = replace(known, log_id=log_id)
        return log_id

    async def published(self, key: bytes, others: Sequence[Digest]) -> list[LogHead]:
        """See Ledger."""
        known = await self.identity()
        own = log_id_of(self._chain_id, known.ledger, self._account, key)
        found = [await self._head_of(log_id) for log_id in {own, *others}]
        return [head for head in found if head is not None]

    # --- anchors ------------------------------------------------------------------------------------------

    async def prepare_anchor(
        self, prev_size: int, size: int, root: Digest, *, replacing: bytes | None = None
    ) -> SignedTransaction:
        """See Ledger."""
        known = await self.identity()
        return await self._sign(
            known.ledger, abi.anchor_call(self._log_id(), prev_size, size, root), replacing=replacing
        )

    async def _sign(
        self,
        to: str | None,
        data: bytes,
        *,
        replacing: bytes | None = None,
        limit: int | None = None,
    ) -> SignedTransaction:
        gas = await self._estimate(to, data, limit or self._gas_limit)
        offer = await self._fees()
        if replacing is not None:
            nonce, max_fee, tip = fees.offered(replacing)
            offer = offer.above(max_fee, tip)
        else:
            nonce = await self._number("eth_getTransactionCount", self._account, "latest")
        body = {
            "chainId": self._chain_id,
            "nonce": nonce,
            "gas": gas,
            "value": 0,
            "data": data,
            **({"to": to_checksum_address(to)} if to else {}),
            **offer.members(),
        }
        signed = self._signer.sign_transaction(body)
        return SignedTransaction(Digest.of(bytes(signed.hash)), nonce, bytes(signed.raw_transaction))

    async def _estimate(self, to: str | None, data: bytes, limit: int) -> int:
        call = {"from": self._account, "data": "0x" + data.hex(), **({"to": to} if to else {})}
        try:
            # On the newest block, not on what waits: a replacement must not meet the one that it replaces.
            needed = await self._number("eth_estimateGas", call, "latest")
        except RpcError as error:
            raise _refused(error) from error
        if needed > limit:
            raise LedgerRefused(
                f"The transaction needs {needed} gas, more than the limit of {limit}.",
                remedy="Raise blockchain.gas_limit.",
            )
        return min(needed + needed // 4, limit)

    async def _fees(self) -> fees.Fees:
        block = await self._client.ask("eth_getBlockByNumber", "latest", False)
        if block.get("baseFeePerGas") is None:
            price = await self._number("eth_gasPrice")
            return fees.Fees(price, price, legacy=True)
        try:
            tip = await self._number("eth_maxPriorityFeePerGas")
        except RpcError:
            tip = fees.USUAL_TIP
        return fees.usual(int(block["baseFeePerGas"], 16), tip)

    async def send(self, raw: bytes) -> None:
        """See Ledger."""
        try:
            await self._client.ask("eth_sendRawTransaction", "0x" + raw.hex())
        except RpcError as error:
            refusal = _refused(error)
            if await self._known(Digest.of(keccak256(raw))):
                return
            raise refusal from error

    async def _known(self, tx: Digest) -> bool:
        return await self._client.ask("eth_getTransactionByHash", "0x" + tx) is not None

    async def _receipt(self, tx: Digest) -> Any:
        return await _until(lambda: self._client.ask("eth_getTransactionReceipt", "0x" + tx))

    async def anchor_status(self, tx: Digest, nonce: int | None = None) -> AnchorStatus:
        """See Ledger."""
        receipt = await self._client.ask("eth_getTransactionReceipt", "0x" + tx)
        if receipt is None:
            # The count is read first: a transaction mined in between is then still in the pool's answer.
            used = nonce is not None and nonce < await self._number(
                "eth_getTransactionCount", self._account, "latest"
            )
            if await self._known(tx):
                return AnchorStatus("submitted")
            return AnchorStatus("lost", final=used)
        block = await self._block(receipt["blockNumber"])
        if block.hash != _digest(receipt["blockHash"]):
            return AnchorStatus("submitted")  # a reorganisation is under way
        if receipt["status"] != "0x1":
            return AnchorStatus("lost", block, final=True)
        final = await self.finalized()
        return AnchorStatus("confirmed" if block.number <= final.number else "mined", block)

    # --- reading ------------------------------------------------------------------------------------------

    async def anchored(self, size: int) -> AnchoredRoot | None:
        """See Ledger."""
        return abi.anchored_answer(await self._call(abi.anchored_call(self._log_id(), size)))

    async def head(self) -> LogHead:
        """See Ledger."""
        head = await self._head_of(self._log_id())
        if head is None:
            raise WrongChain("The log is not open on this ledger any more.", remedy="Restart the backend.")
        return head

    async def _head_of(self, log_id: Digest) -> LogHead | None:
        return abi.head_answer(await self._call(abi.head_call(log_id)))

    async def _call(self, data: bytes) -> bytes:
        known = await self.identity()
        call = {"to": known.ledger, "data": "0x" + data.hex()}
        try:
            return _raw(await self._client.ask("eth_call", call, "latest"))
        except RpcError as error:
            raise _refused(error) from error

    async def latest_block(self) -> Block:
        """See Ledger."""
        return await self._block("latest")

    async def finalized(self) -> Block:
        """See Ledger."""
        try:
            return await self._block("finalized")
        except (RpcError, LedgerUnreachable) as error:
            if isinstance(error, LedgerUnreachable) and not isinstance(error, _NoSuchBlock):
                raise
        newest = await self._block("latest")
        return await self._block(hex(max(0, newest.number - self._confirmations + 1)))

    async def _block(self, which: str) -> Block:
        found = await self._client.ask("eth_getBlockByNumber", which, False)
        if found is None:
            raise _NoSuchBlock("The node does not have a block that it has named.")
        return Block(
            int(found["number"], 16), _digest(found["hash"]), abi.block_time(int(found["timestamp"], 16))
        )

    async def _number(self, method: str, *params: Any) -> int:
        return int(await self._client.ask(method, *params), 16)

    async def rpc(self, method: str, params: list[Json]) -> Json:
        """See Ledger."""
        check_request(method, params)
        result: Json = await self._outside.ask(method, *params)
        return result

    async def close(self) -> None:
        """See Ledger."""
        await self._client.close()

    def _log_id(self) -> Digest:
        if self._identity is None or self._identity.log_id is None:
            raise LedgerUnreachable("The log is not open on the ledger yet.")
        return self._identity.log_id


async def _until(ask: Callable[[], Awaitable[_T | None]]) -> _T:
    """What a node answers once a transaction that was just sent is in a block. Raises LedgerUnreachable."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _OPEN_SECONDS
    while True:
        found = await ask()
        if found is not None:
            return found
        if loop.time() > deadline:
            raise LedgerUnreachable(
                "The ledger takes no transactions in now.", remedy="It is tried again by itself."
            )
        await asyncio.sleep(_POLL_SECONDS)


class _NoSuchBlock(LedgerUnreachable):
    """A block that the node has no answer for (yet)."""


def _raw(text: Any) -> bytes:
    return bytes.fromhex(str(text)[2:])


def _digest(text: Any) -> Digest:
    return Digest.of(_raw(text))


def _refused(error: RpcError) -> LedgerError:
    """What a node means: its words are the only sign, and each program has its own."""
    if error.data and len(error.data) >= 10:
        return abi.refusal(bytes.fromhex(error.data[2:]))
    words = error.detail.lower()
    if "nonce too low" in words:
        return NonceUsed("The place of this transaction was taken by another one.")
    if "underpriced" in words:
        return Underpriced("Another transaction in its place offers as much or more.")
    if "insufficient funds" in words:
        return NoFunds(
            "The ledger account cannot pay for the transaction.", remedy="Send it some of the chain's coin."
        )
    return LedgerRefused(f"The node refused the transaction: {error.detail[:200]}")
