"""What a transaction offers to pay (EIP-1559), in wei a gas."""

from dataclasses import dataclass
from typing import Final

import rlp

#: Nodes want a tenth more before they take a replacement (geth's ``txpool.pricebump``); an eighth is safe.
_BUMP: Final = 8
#: When a node cannot say what is usual.
USUAL_TIP: Final = 10**9


@dataclass(frozen=True, slots=True)
class Fees:
    """At most ``max_fee`` a gas, of which ``tip`` goes to the block's maker; ``legacy``: one gas price."""

    max_fee: int
    tip: int
    legacy: bool = False

    def above(self, max_fee: int, tip: int) -> "Fees":
        """These fees, or more where a transaction that offered ``max_fee`` and ``tip`` is to be replaced."""
        return Fees(
            max(self.max_fee, max_fee + max_fee // _BUMP + 1),
            max(self.tip, tip + tip // _BUMP + 1),
            self.legacy,
        )

    def members(self) -> dict[str, int]:
        """The members of a transaction to sign."""
        if self.legacy:
            return {"gasPrice": self.max_fee}
        return {"maxFeePerGas": self.max_fee, "maxPriorityFeePerGas": self.tip, "type": 2}


def usual(base_fee: int, tip: int) -> Fees:
    """Twice the newest base fee: it holds through six full blocks (each raises it by an eighth)."""
    return Fees(2 * base_fee + tip, tip)


def offered(raw: bytes) -> tuple[int, int, int]:
    """Nonce, max_fee and tip of a signed transaction of ours (EIP-1559, or legacy with its one price)."""
    if raw[:1] == b"\x02":
        _chain, nonce, tip, max_fee = (int.from_bytes(one, "big") for one in rlp.decode(raw[1:])[:4])
        return nonce, max_fee, tip
    nonce, price = (int.from_bytes(one, "big") for one in rlp.decode(raw)[:2])
    return nonce, price, price
