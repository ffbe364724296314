"""The parties that the documents of events that count name, read only when a rule asks for them (section 3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set

from cms_backend.core.document import DocumentRef
from cms_backend.core.events import Action, Envelope
from cms_backend.core.ids import Did, KeyText
from cms_backend.core.lifecycle_state import Text
from cms_backend.core.parties import Party

TextOf = Callable[[DocumentRef], Text | None]


def parties_named_by(event: Envelope, text_of: TextOf) -> Sequence[Party]:
    """The parties of a document that comes into the record with this spine event; no other event brings one."""
    if event.action not in (Action.created, Action.proposed):
        return ()
    text = text_of(event.document)
    return () if text is None else text.parties


class Pins:
    """The key of each DID: the first that an event that counts has named."""

    __slots__ = ("_lengths", "keys")

    def __init__(self, keys: dict[Did, KeyText], events: int) -> None:
        """`keys`: what the first `events` of the spine have named."""
        self.keys = keys
        self._lengths = [len(keys)] * events

    def read(self, spine: Sequence[Envelope], text_of: TextOf) -> None:
        """Read on to the end of the spine."""
        for event in spine[len(self._lengths) :]:
            for party in parties_named_by(event, text_of):
                self.keys.setdefault(party.did, party.key)
            self._lengths.append(len(self.keys))

    def back_to(self, events: int) -> None:
        """Forget what the events behind these have named."""
        if len(self._lengths) > events:
            del self._lengths[events:]
            while len(self.keys) > self._lengths[-1]:
                self.keys.popitem()


class People:
    """All parties so far, by DID and by key."""

    __slots__ = ("_keys", "_keys_of", "_read")

    def __init__(self) -> None:
        self._keys_of: dict[Did, set[KeyText]] = {}
        self._keys: set[KeyText] = set()
        self._read = 0

    def read(self, spine: Sequence[Envelope], text_of: TextOf) -> None:
        """Read on to the end of the spine, to which only more may have come."""
        for event in spine[self._read :]:
            for party in parties_named_by(event, text_of):
                self._keys_of.setdefault(party.did, set()).add(party.key)
                self._keys.add(party.key)
        self._read = len(spine)

    def keys_of(self, did: Did) -> Set[KeyText]:
        """The keys with which a DID stands among the parties; none: it does not."""
        return self._keys_of.get(did, frozenset())

    @property
    def keys(self) -> Set[KeyText]:
        """The keys of all."""
        return self._keys
