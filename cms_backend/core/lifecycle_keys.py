"""Which key acts in the place of which, by the KeyEnds that count (section 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from itertools import islice
from types import MappingProxyType
from typing import Final

from cms_backend.core.did import key_of_did
from cms_backend.core.ids import Did, KeyText
from cms_backend.core.party_index import PartyIndex

MOST_SUCCESSIONS: Final = 64
"""A key acts in the place of one that it succeeds through at most as many successions (section 5).

Only the holder of a key can name its successor, so nobody but a party itself can come to this bound.
"""
_NONE: Final[Mapping[KeyText, int]] = MappingProxyType({})


class Successions:
    """A key's predecessors are noted when a KeyEnd counts: asking costs one look, however long the chain is."""

    __slots__ = ("_first", "_named", "_order", "_predecessors")

    def __init__(self) -> None:
        """No key has ended."""
        self._named: dict[KeyText, KeyText] = {}
        self._predecessors: dict[KeyText, dict[KeyText, int]] = {}
        self._order: dict[KeyText, list[KeyText]] = {}
        self._first: dict[tuple[int, KeyText], tuple[PartyIndex, int, int | None]] = {}

    def __len__(self) -> int:
        return len(self._named)

    def copy(self) -> Successions:
        """An independent copy."""
        copied = Successions()
        copied._named = dict(self._named)
        copied._predecessors = {key: dict(found) for key, found in self._predecessors.items()}
        copied._order = {key: list(found) for key, found in self._order.items()}
        return copied

    def add(self, key: KeyText, successor: KeyText) -> None:
        """A KeyEnd counts that names a successor; a key ends once."""
        self._named[key] = successor
        for earlier, hops in ((key, 0), *self._predecessors.get(key, _NONE).items()):
            self._lead_on(earlier, successor, hops + 1)

    def _lead_on(self, earlier: KeyText, later: KeyText | None, hops: int) -> None:
        while later is not None and hops <= MOST_SUCCESSIONS:
            known = self._predecessors.setdefault(later, {})
            if earlier in known:
                return
            known[earlier] = hops
            self._order.setdefault(later, []).append(earlier)
            later, hops = self._named.get(later), hops + 1

    def heirs(self, key: KeyText) -> Iterator[KeyText]:
        """The keys that act in the place of this one, the first successor first."""
        for _ in range(MOST_SUCCESSIONS):
            successor = self._named.get(key)
            if successor is None:
                return
            yield successor
            key = successor

    def succeeds(self, did: Did, key: KeyText) -> bool:
        """The DID is that of a key that acts in the place of `key`."""
        own = key_of_did(did)
        return own is not None and key in self._predecessors.get(own, _NONE)

    def succeeds_any(self, did: Did, keys: Set[KeyText]) -> bool:
        """The DID is that of a key that acts in the place of one of these."""
        own = key_of_did(did)
        known = None if own is None else self._predecessors.get(own)
        return known is not None and not keys.isdisjoint(known)

    def party_in(self, parties: PartyIndex, did: Did) -> int | None:
        """The first of the parties in whose place the DID acts."""
        own = key_of_did(did)
        order = None if own is None else self._order.get(own)
        if own is None or order is None:
            return None
        # The index is kept beside its own number, so that no other object can come to have that number.
        _, seen, first = self._first.get((id(parties), own), (parties, 0, None))
        if seen < len(order):
            found = [at for at in self._parties_in(parties, own, seen) if first is None or at < first]
            first = min(found, default=first)
            self._first[id(parties), own] = parties, len(order), first
        return first

    def _parties_in(self, parties: PartyIndex, own: KeyText, seen: int) -> list[int]:
        """The parties whose keys became predecessors since then; the shorter of both lists is read."""
        by_key, order = parties.by_key, self._order[own]
        if len(by_key) < len(order) - seen:
            known = self._predecessors[own]
            return [at for key, at in by_key.items() if key in known]
        return [at for key in islice(order, seen, None) if (at := by_key.get(key)) is not None]
