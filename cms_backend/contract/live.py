"""Replayed contracts kept in memory, so that the next event costs one step and not the whole history.

Bounded by the number of events held in all; what is dropped is loaded again when needed. Only the writer
changes it, inside its transaction, and forgets what a rolled-back transaction has touched.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cms_backend.core.ids import Digest
from cms_backend.core.lifecycle import ContractState, Entry, Handover, LoggedKeyEnd, Text


@dataclass(slots=True)
class Live:
    """One contract as the writer knows it. ``state`` counts the events that are only held, ``settled`` does not; it is
    None while nothing counts in the contract's log.
    """

    n: int
    contract: str
    genesis: str
    home: str
    own_log: int | None
    created_at: str
    state: ContractState
    settled: ContractState | None
    entries: list[Entry] = field(default_factory=list)
    documents: dict[Digest, Text] = field(default_factory=dict)
    key_ends: tuple[LoggedKeyEnd, ...] = ()
    #: Events whose signature only an account's contract could judge.
    undecided: frozenset[Digest] = frozenset()
    handovers: Sequence[Handover] = ()
    #: How many events neither count nor are logged: a file may bring any number of a stranger's.
    idle: int = 0
    #: DID -> (party of the shown revision, its turn); everyone who may read.
    people: dict[str, tuple[bool, bool]] = field(default_factory=dict)


class LiveContracts:
    """The bounded store, least recently used out first."""

    def __init__(self, max_events: int = 4000) -> None:
        self._max = max_events
        self._held = 0
        self._by_id: OrderedDict[str, Live] = OrderedDict()
        self._weights: dict[str, int] = {}

    def get(self, contract: str) -> Live | None:
        """The contract, if it is held."""
        live = self._by_id.get(contract)
        if live is not None:
            self._by_id.move_to_end(contract)
        return live

    def put(self, live: Live) -> None:
        """Hold a contract in its newest state."""
        weight = len(live.entries) + 1
        self._held += weight - self._weights.get(live.contract, 0)
        self._weights[live.contract] = weight
        self._by_id[live.contract] = live
        self._by_id.move_to_end(live.contract)

    def trim(self) -> None:
        """Drop what is over the bound (not while a group is being admitted: it must find what it loaded)."""
        while self._held > self._max and len(self._by_id) > 1:
            contract, _ = self._by_id.popitem(last=False)
            self._held -= self._weights.pop(contract)

    def forget(self, contracts: Iterable[str]) -> None:
        """Drop contracts whose rows are not what was thought."""
        for contract in contracts:
            if self._by_id.pop(contract, None) is not None:
                self._held -= self._weights.pop(contract)

    def forget_all(self) -> None:
        """Drop everything."""
        self._by_id.clear()
        self._weights.clear()
        self._held = 0
