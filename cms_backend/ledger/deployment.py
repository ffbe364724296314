"""What it takes to put a ContractLedger on a chain, and what became of it. Amounts in wei."""

from dataclasses import asdict, dataclass
from typing import Any

from cms_backend.core.ids import Digest


@dataclass(frozen=True, slots=True)
class DeploymentCost:
    """Before: at most `gas` units and `fee` wei, out of `balance`."""

    chain: str
    account: str
    gas: int
    fee: int
    balance: int

    def to_json(self) -> dict[str, Any]:
        """Every member; wei as decimal texts, for they pass 2^53."""
        return {**asdict(self), "fee": str(self.fee), "balance": str(self.balance)}


@dataclass(frozen=True, slots=True)
class Deployment:
    """After: the contract's address and code, and the transaction that made it."""

    address: str
    chain: str
    genesis_block: Digest
    code: Digest
    account: str
    tx: Digest
    block: int
    gas_used: int

    def to_json(self) -> dict[str, Any]:
        """Every member."""
        return {name: value if isinstance(value, int) else str(value) for name, value in asdict(self).items()}
