"""The in-memory twin of a ledger, with the same rules as ContractLedger and faults that can be made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal

import orjson

from cms_backend.core.canonical import Json
from cms_backend.core.hashing import H, keccak256
from cms_backend.core.ids import Digest, Time
from cms_backend.ledger import abi
from cms_backend.ledger.adapter import (
    AnchoredRoot,
    AnchorStatus,
    Block,
    LedgerIdentity,
    LogHead,
    SignedTransaction,
)
from cms_backend.ledger.errors import LedgerRefused, LedgerUnreachable, MethodNotAllowed, NonceUsed, StaleHead
from cms_backend.ledger.names import log_id_of

_CHAIN_ID: Final = 31337
_ADDRESS: Final = "0x" + "1e" * 20
_ACCOUNT: Final = "0x" + "ac" * 20


@dataclass(frozen=True, slots=True)
class _Sent:
    raw: bytes
    nonce: int
    prev_size: int
    size: int
    root: Digest

    @classmethod
    def parse(cls, raw: bytes) -> "_Sent":
        nonce, prev_size, size, root = orjson.loads(raw)[:4]
        return cls(raw, nonce, prev_size, size, Digest(root))


@dataclass(frozen=True, slots=True)
class _Mined:
    block: Block
    sent: _Sent
    ok: bool


class MemoryLedger:
    """See ``adapter.Ledger``. A transaction makes a block at once, unless ``hold``; ``depth`` blocks above
    make it final. ``down`` refuses everything as a node that is away does.
    """

    def __init__(self, *, depth: int = 0) -> None:
        self.down = False
        self.hold = False
        self.depth = depth
        self._blocks = [Block(0, H("genesis"), Time.from_datetime(datetime.now(UTC)))]
        self._mined: list[_Mined] = []
        self._pool: dict[str, _Sent] = {}
        self._log_id: Digest | None = None
        self._salt = 0
        self._started = False

    @property
    def kind(self) -> Literal["memory"]:
        """See Ledger."""
        return "memory"

    # --- faults -------------------------------------------------------------------------------------------

    def mine(self, count: int = 1) -> None:
        """Make blocks; the first takes what waits."""
        for _ in range(count):
            self._add_block()
            for tx in list(self._pool):
                self._include(self._pool.pop(tx))

    def drop(self) -> None:
        """Forget what waits, as a full pool does."""
        self._pool.clear()

    def reorganise(self, count: int) -> None:
        """Replace the newest blocks by empty ones; their transactions are gone from chain and pool."""
        del self._blocks[-count:]
        height = self._blocks[-1].number
        self._mined = [one for one in self._mined if one.block.number <= height]
        self._salt += 1
        for _ in range(count):
            self._add_block()

    def _add_block(self) -> None:
        last = self._blocks[-1]
        made = H(f"{last.hash} {self._salt}")
        self._blocks.append(Block(last.number + 1, made, Time.from_datetime(datetime.now(UTC))))

    def _include(self, sent: _Sent) -> None:
        ok = sent.prev_size == self._head().size < sent.size
        self._mined.append(_Mined(self._blocks[-1], sent, ok))

    # --- Ledger -------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """See Ledger."""
        self._answer()
        self._started = True

    async def check(self) -> None:
        """See Ledger."""
        self._answer()

    async def identity(self) -> LedgerIdentity:
        """See Ledger."""
        if not self._started:
            raise LedgerUnreachable("The ledger is not connected yet.")
        genesis, code = self._blocks[0].hash, abi.artifact().code
        return LedgerIdentity(f"eip155:{_CHAIN_ID}", genesis, _ADDRESS, code, self._log_id, _ACCOUNT)

    async def open_log(self, key: bytes) -> Digest:
        """See Ledger."""
        self._answer()
        self._log_id = log_id_of(_CHAIN_ID, _ADDRESS, _ACCOUNT, key)
        return self._log_id

    async def published(self, key: bytes, others: Sequence[Digest]) -> list[LogHead]:
        """See Ledger."""
        del others
        if log_id_of(_CHAIN_ID, _ADDRESS, _ACCOUNT, key) != self._log_id:
            return []
        return [await self.head()]

    async def prepare_anchor(
        self, prev_size: int, size: int, root: Digest, *, replacing: bytes | None = None
    ) -> SignedTransaction:
        """See Ledger."""
        self._answer()
        head = self._head().size
        if prev_size != head:
            raise StaleHead(f"The anchor builds on size {prev_size}, but the ledger's head is {head}.")
        if size <= head:
            raise LedgerRefused("The ledger already holds an anchor of this size or a larger one.")
        nonce, fee = len(self._mined), 8
        if replacing is not None:
            nonce, *_, offer = orjson.loads(replacing)
            fee = offer + offer // 8 + 1
        raw = orjson.dumps([nonce, prev_size, size, root, fee])
        return SignedTransaction(Digest.of(keccak256(raw)), nonce, raw)

    async def send(self, raw: bytes) -> None:
        """See Ledger."""
        self._answer()
        sent, tx = _Sent.parse(raw), keccak256(raw).hex()
        if any(one.sent.raw == raw for one in self._mined):
            return
        if sent.nonce < len(self._mined):
            raise NonceUsed("The place of this transaction was taken by another one.")
        self._pool = {key: one for key, one in self._pool.items() if one.nonce != sent.nonce}
        self._pool[tx] = sent
        if not self.hold:
            self.mine()

    async def anchor_status(self, tx: Digest, nonce: int | None = None) -> AnchorStatus:
        """See Ledger."""
        self._answer()
        for one in self._mined:
            if keccak256(one.sent.raw).hex() == tx:
                if not one.ok:
                    return AnchorStatus("lost", one.block, final=True)
                final = one.block.number <= self._blocks[-1].number - self.depth
                return AnchorStatus("confirmed" if final else "mined", one.block)
        if tx in self._pool:
            return AnchorStatus("submitted")
        return AnchorStatus("lost", final=nonce is not None and nonce < len(self._mined))

    async def anchored(self, size: int) -> AnchoredRoot | None:
        """See Ledger."""
        self._answer()
        for one in self._mined:
            if one.ok and one.sent.size == size:
                return AnchoredRoot(one.sent.root, one.block.number, one.block.time)
        return None

    async def head(self) -> LogHead:
        """See Ledger."""
        self._answer()
        return self._head()

    def _head(self) -> LogHead:
        head = LogHead(_ACCOUNT, 0, None)
        for one in self._mined:
            if one.ok:
                head = replace(head, size=one.sent.size, root=one.sent.root)
        return head

    async def latest_block(self) -> Block:
        """See Ledger."""
        self._answer()
        return self._blocks[-1]

    async def finalized(self) -> Block:
        """See Ledger."""
        self._answer()
        return self._blocks[max(0, len(self._blocks) - 1 - self.depth)]

    async def rpc(self, method: str, params: list[Json]) -> Json:
        """See Ledger; it knows the chain and the height, and no contract."""
        del params
        self._answer()
        if method == "eth_chainId":
            return hex(_CHAIN_ID)
        if method == "eth_blockNumber":
            return hex(self._blocks[-1].number)
        raise MethodNotAllowed(method)

    async def close(self) -> None:
        """See Ledger."""

    def _answer(self) -> None:
        if self.down:
            raise LedgerUnreachable("The ledger's node does not answer.")
