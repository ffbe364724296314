"""Calls from outside on the embedded chain: on a reader of its own, and bounded in gas, in time and in what they use.

Python computes big numbers in one step that nothing interrupts: a call of the precompile of EIP-198 within two
million gas lasts seconds. Only the precompiles that are quick here are served; a call that reaches another one is
refused as a whole, because an account's contract would take a failure inside of it for a "no".
"""

from collections.abc import Callable
from typing import Any, Final

from eth.abc import ComputationAPI, StateAPI
from eth.chains.base import MiningChain
from eth.vm.forks.paris.computation import ParisComputation
from eth.vm.forks.paris.state import ParisState
from eth.vm.gas_meter import GasMeter, allow_negative_refund_strategy
from eth_typing import Address, BlockNumber
from eth_utils.exceptions import ValidationError

from cms_backend.ledger.errors import RpcError
from cms_backend.ledger.local_chain.budget import Budget
from cms_backend.ledger.local_chain.chain import EvmChain, LocalVM, failure

#: verifyInclusion takes some 60,000; an account of several owners takes less than this.
CALL_GAS: Final = 500_000
_QUICK: Final = frozenset(range(1, 5))
"""ecrecover, SHA-256, RIPEMD-160 and identity."""


class _Meter(GasMeter):
    """Every instruction and every precompile pays gas: the place to look at the clock."""

    def __init__(self, gas: int, budget: Budget | None) -> None:
        super().__init__(gas, allow_negative_refund_strategy)
        self._budget = budget

    def consume_gas(self, amount: int, reason: str) -> None:
        if self._budget is not None:
            self._budget.step()
        super().consume_gas(amount, reason)


def _not_served(computation: ComputationAPI) -> ComputationAPI:
    raise RpcError(f"A call may not use the precompile {computation.msg.code_address.hex()} here.", -32005)


def _served() -> dict[Address, Callable[[ComputationAPI], ComputationAPI]]:
    return {
        address: run if int.from_bytes(address, "big") in _QUICK else _not_served
        for address, run in ParisComputation.get_precompiles().items()
    }


class _Computation(ParisComputation):
    _precompiles = _served()  # type: ignore[assignment]  # the base names its parameter

    def _configure_gas_meter(self) -> GasMeter:
        return _Meter(self.msg.gas, getattr(self.state, "budget", None))


class _State(ParisState):
    computation_class = _Computation
    budget: Budget | None = None


class _CallVM(LocalVM):
    _state_class = _State


class _CallChain(MiningChain):
    chain_id = EvmChain.chain_id
    vm_configuration = ((BlockNumber(0), _CallVM),)


class ReadingChain(EvmChain):
    """The chain as somebody from outside sees it. It has a connection of its own to the file, and writes nothing."""

    chain_class = _CallChain
    call_gas = CALL_GAS
    budget: Budget | None = None

    def call(self, sender: bytes, to: bytes, data: bytes, gas: int, number: int) -> bytes:
        """See EvmChain. Only contracts are called; where there is no code, the answer is empty, as the EVM has it."""
        vm = self._vm(number)
        if not vm.state.get_code(to):
            return b""
        transaction = self._unsigned(sender, to, data, min(gas, CALL_GAS), number)
        try:
            with vm.in_costless_state() as state:
                computation = self._run(state, transaction)
        except ValidationError as error:
            raise RpcError(str(error), -32000) from error
        if computation.is_error:
            raise failure(computation.error)
        return bytes(computation.output)

    def _run(self, state: StateAPI, transaction: Any) -> Any:
        state.budget = self.budget  # type: ignore[attr-defined]  # _State has it
        return state.costless_execute_transaction(transaction)
