"""The EVM of the embedded ledger (py-evm) on its store. One transaction makes one block.

py-evm is archived upstream: nothing outside of this module knows it, but for the key-value base class of
the store.
"""

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

import rlp
from eth.abc import BlockHeaderAPI, ComputationAPI, ReceiptAPI, SignedTransactionAPI
from eth.chains.base import MiningChain
from eth.db.atomic import AtomicDB
from eth.exceptions import InsufficientFunds, OutOfGas, Revert, VMError
from eth.typing import AccountState
from eth.vm.forks.paris import ParisVM
from eth.vm.spoof import SpoofTransaction
from eth_typing import Address, BlockNumber
from eth_utils.exceptions import ValidationError
from rlp.exceptions import RLPException

from cms_backend.ledger.errors import LedgerError, RpcError
from cms_backend.ledger.local_chain import shapes
from cms_backend.ledger.local_chain.store import Store

#: "CMS" as three bytes, the number that the wallet's key paths use too. Large and odd, so that no
#: public chain is likely to have it.
CHAIN_ID: Final = 0x434D53
GAS_LIMIT: Final = 30_000_000
#: A call of the backend's own may use this much; for those from outside see ``calls``.
CALL_GAS: Final = 2_000_000
_FUNDS: Final = 10**27
_WEI: Final = 10**9


class LocalVM(ParisVM):
    """Paris, but blocks of one second may share its time: a block never claims a later time than now."""

    @classmethod
    def validate_header(cls, header: BlockHeaderAPI, parent_header: BlockHeaderAPI) -> None:
        if header.timestamp < parent_header.timestamp:
            raise ValidationError("A block's time is before its parent's.")
        later = header.copy(timestamp=max(header.timestamp, parent_header.timestamp + 1))
        super().validate_header(later, parent_header)


class _Chain(MiningChain):
    chain_id = CHAIN_ID
    vm_configuration = ((BlockNumber(0), LocalVM),)


def _now() -> int:
    return int(time.time())


class EvmChain:
    """One chain in one file, with one pre-funded account (20 bytes). Not thread-safe: one thread uses it."""

    chain_id = CHAIN_ID
    chain_class: type[MiningChain] = _Chain
    call_gas = CALL_GAS

    def __init__(self, path: Path, account: bytes, clock: Callable[[], int] = _now) -> None:
        self._clock = clock
        self.store = Store(path)
        if self.store.head() is None:
            self._begin(account)
        self._chain = self._open()

    def close(self) -> None:
        """Close the file."""
        self.store.close()

    def _begin(self, account: bytes) -> None:
        """The genesis block: its extra data is random, so that no two homes share a chain."""
        funds = {"balance": _FUNDS, "nonce": 0, "code": b"", "storage": {}}
        parameters = {
            "difficulty": 0,
            "gas_limit": GAS_LIMIT,
            "timestamp": self._clock(),
            "extra_data": secrets.token_bytes(32),
        }
        with self.store.transaction():
            state = cast("AccountState", {account: funds})
            chain = _Chain.from_genesis(AtomicDB(self.store), cast("Any", parameters), state)
            header = chain.get_canonical_head()
            self.store.add_block(0, header.hash, shapes.block(header, len(rlp.encode(header)), None))

    def _open(self) -> MiningChain:
        return self.chain_class(AtomicDB(self.store))

    # --- writing ------------------------------------------------------------------------------------------

    def apply(self, raw: bytes) -> bytes:
        """Run a signed transaction and keep its block; its hash once it is on the disk.

        Raises RpcError (as nodes word it) when the transaction is not allowed; one that is allowed but
        fails is in the block with status 0.
        """
        try:
            transaction = LocalVM.get_transaction_builder().decode(raw)
            transaction.validate()
            sender = transaction.sender
        except (RLPException, ValidationError, ValueError, TypeError) as error:
            raise RpcError("The transaction cannot be read.", -32602) from error
        if self.store.transaction_of(transaction.hash) is not None:
            raise RpcError("already known", -32000)
        self._admit(transaction, sender)
        try:
            with self.store.transaction():
                self._mine(transaction)
        except (ValidationError, InsufficientFunds) as error:
            raise RpcError(str(error), -32000) from error
        finally:
            # After a failure the chain object holds a header that never came to be.
            self._chain = self._open()
        return bytes(transaction.hash)

    def _admit(self, transaction: SignedTransactionAPI, sender: Address) -> None:
        state = self._chain.get_vm().state
        expected = state.get_nonce(sender)
        if transaction.nonce < expected:
            raise RpcError("nonce too low", -32000)
        if transaction.nonce > expected:
            raise RpcError("nonce too high", -32000)
        if state.get_balance(sender) < transaction.value + transaction.gas * transaction.max_fee_per_gas:
            raise RpcError("insufficient funds for gas * price + value", -32000)

    def _mine(self, transaction: SignedTransactionAPI) -> None:
        parent = self._chain.get_canonical_head()
        self._chain.set_header_timestamp(max(self._clock(), parent.timestamp))
        _block, receipt, computation = self._chain.apply_transaction(transaction)
        block = self._chain.mine_block(gas_limit=GAS_LIMIT)
        self._keep(block.header, len(rlp.encode(block)), transaction, receipt, computation)

    def _keep(
        self,
        header: BlockHeaderAPI,
        size: int,
        transaction: SignedTransactionAPI,
        receipt: ReceiptAPI,
        computation: ComputationAPI,
    ) -> None:
        created = computation.msg.storage_address if transaction.to == b"" else None
        body = shapes.transaction(transaction, header, CHAIN_ID)
        self.store.add_block(header.block_number, header.hash, shapes.block(header, size, transaction.hash))
        self.store.add_transaction(
            transaction.hash,
            header.block_number,
            body,
            shapes.receipt(receipt, transaction, header, created, computation.is_success),
        )

    # --- reading ------------------------------------------------------------------------------------------

    @property
    def head(self) -> int:
        """The number of the newest block."""
        number = self.store.head()
        if number is None:
            raise LedgerError("The embedded ledger has no genesis block.")
        return number

    def base_fee(self) -> int:
        """What the next block costs at least, in wei a gas."""
        return shapes.base_fee(self._chain.header)

    def _vm(self, number: int) -> Any:
        return self._chain.get_vm(self._chain.get_canonical_block_header_by_number(BlockNumber(number)))

    def nonce(self, account: bytes, number: int) -> int:
        """How many transactions an account has sent, as of a block."""
        return int(self._vm(number).state.get_nonce(account))

    def balance(self, account: bytes, number: int) -> int:
        """What an account has, in wei, as of a block."""
        return int(self._vm(number).state.get_balance(account))

    def code(self, account: bytes, number: int) -> bytes:
        """The code of a contract, as of a block."""
        return bytes(self._vm(number).state.get_code(account))

    def call(self, sender: bytes, to: bytes, data: bytes, gas: int, number: int) -> bytes:
        """The answer of a call on the state after a block. Raises RpcError 3 with the data of a revert."""
        transaction = self._unsigned(sender, to, data, gas, number)
        try:
            with self._vm(number).in_costless_state() as state:
                computation = state.costless_execute_transaction(transaction)
        except ValidationError as error:
            raise RpcError(str(error), -32000) from error
        if computation.is_error:
            raise failure(computation.error)
        return bytes(computation.output)

    def estimate(self, sender: bytes, to: bytes, data: bytes) -> int:
        """The gas that a transaction needs now, up to a thousand more. Raises RpcError as ``call`` does."""
        header = self._chain.get_canonical_head()
        transaction = self._unsigned(sender, to, data, GAS_LIMIT, header.block_number)
        try:
            return self._chain.estimate_gas(transaction, header)
        except VMError as error:
            raise failure(error) from error

    def _unsigned(self, sender: bytes, to: bytes, data: bytes, gas: int, number: int) -> SignedTransactionAPI:
        # py-evm checks the nonce of a costless call too, against the state that the call is made on.
        vm = self._vm(number)
        plain = vm.create_unsigned_transaction(
            nonce=vm.state.get_nonce(sender),
            gas_price=0,
            gas=gas,
            to=Address(to),
            value=0,
            data=data,
        )
        return cast("SignedTransactionAPI", SpoofTransaction(plain, from_=sender))


def failure(error: Exception) -> RpcError:
    """What a failed computation is to who asked for it: 3 with the data of a revert, else -32000."""
    if isinstance(error, Revert):
        data = error.args[0] if error.args and isinstance(error.args[0], bytes) else b""
        return RpcError("execution reverted", 3, data="0x" + data.hex())
    if isinstance(error, OutOfGas):
        return RpcError("out of gas", -32000)
    return RpcError(f"execution failed: {type(error).__name__}", -32000)
