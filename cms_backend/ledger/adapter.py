"""What the rest of the backend knows of a ledger: a small Protocol and its values.

Digests are 64 lower-case hex, addresses 0x and 40 lower-case hex, chains CAIP-2 (protocol, sections 1 and
7). Every method of a ledger may raise LedgerError.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from cms_backend.core.canonical import Json
from cms_backend.core.ids import Digest, Time

#: How a transaction stands. ``lost``: in no block and in no pool (or its call failed): send it again, or
#: another one.
State = Literal["submitted", "mined", "confirmed", "lost"]


@dataclass(frozen=True, slots=True)
class LedgerIdentity:
    """Which ledger this is: what a LogStatement says of it (protocol, section 7)."""

    chain: str
    genesis_block: Digest
    ledger: str
    code: Digest
    #: None until ``open_log``.
    log_id: Digest | None
    #: The account that anchors.
    account: str


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the canonical chain."""

    number: int
    hash: Digest
    time: Time


@dataclass(frozen=True, slots=True)
class SignedTransaction:
    """A signed transaction, not yet sent. Keep it first, then send ``raw``: it can be sent any number of
    times and is one transaction.
    """

    tx: Digest
    nonce: int
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnchorStatus:
    """How a transaction stands; ``block`` only when it is mined or confirmed. ``final`` with ``lost``: the
    same bytes can never be mined (its call failed in a block, or its nonce was used by another).
    """

    state: State
    block: Block | None = None
    final: bool = False


@dataclass(frozen=True, slots=True)
class AnchoredRoot:
    """The root that the ledger holds for a size, and when it was put there."""

    root: Digest
    block: int
    time: Time


@dataclass(frozen=True, slots=True)
class LogHead:
    """The newest anchor of the log; size 0 and root None before the first."""

    owner: str
    size: int
    root: Digest | None


class Ledger(Protocol):
    """One ledger. ``start`` comes first, then ``open_log``; all else may follow in any order."""

    @property
    def kind(self) -> Literal["embedded", "rpc", "memory"]:
        """Embedded ledgers belong to this computer alone and give no independent time."""
        ...

    async def start(self) -> None:
        """Connect, and find (or, on an embedded chain, deploy) the contract. May be called again after an
        error. Raises LedgerUnreachable, WrongChain, WrongCode, NoContract.
        """
        ...

    async def check(self) -> None:
        """Is it still the same chain, with the same contract? Raises as ``start`` does."""
        ...

    async def identity(self) -> LedgerIdentity:
        """Chain, genesis block, contract, code and log id."""
        ...

    async def open_log(self, key: bytes) -> Digest:
        """The id of the log of this key (32 bytes), opened if it was not. Raises LedgerRefused."""
        ...

    async def published(self, key: bytes, others: Sequence[Digest]) -> list[LogHead]:
        """The heads that the ledger holds of the log of this key (32 bytes), under its own id and under the
        others'. Only reads; ``start`` comes first.
        """
        ...

    async def prepare_anchor(
        self, prev_size: int, size: int, root: Digest, *, replacing: bytes | None = None
    ) -> SignedTransaction:
        """Sign the anchor of a checkpoint; nothing is sent. ``replacing`` (the bytes of a transaction that is
        stuck) keeps its nonce and pays at least an eighth more. Raises StaleHead, LedgerRefused, NoFunds.
        """
        ...

    async def send(self, raw: bytes) -> None:
        """Send a signed transaction; one that is known already is fine. Raises NonceUsed, NoFunds,
        LedgerRefused.
        """
        ...

    async def anchor_status(self, tx: Digest, nonce: int | None = None) -> AnchorStatus:
        """How a transaction stands; with its nonce, also whether it still can be mined."""
        ...

    async def anchored(self, size: int) -> AnchoredRoot | None:
        """What the ledger holds for exactly this size."""
        ...

    async def head(self) -> LogHead:
        """The newest anchor."""
        ...

    async def latest_block(self) -> Block:
        """The newest block."""
        ...

    async def finalized(self) -> Block:
        """The newest block that will not be reorganised away: the node's ``finalized`` tag or, where it
        has none, the one that has the configured number of confirmations.
        """
        ...

    async def rpc(self, method: str, params: list[Json]) -> Json:
        """The result of a read-only JSON-RPC method. Raises MethodNotAllowed, RpcError."""
        ...

    async def close(self) -> None:
        """Let go of files and connections."""
        ...
