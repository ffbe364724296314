"""Sections 5 and 9: who takes part, and what waits for its place in a log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .canonical import Obj, digest
from .chain import Chain
from .documents import Held
from .forms import DECISIONS, SPINE
from .logs import Signed, slot_here
from .replay import Outcome
from .standing import Event
from .state import State
from .texts import own_key


@dataclass(frozen=True)
class Record:
    """A record after its replay, and what of the file it was replayed from."""

    chain: Chain
    out: Outcome
    signed: Signed
    events: dict[str, Event]
    created: Event | None
    """The envelope of genesis, whether it counts or not."""
    key_ends: Sequence[Obj]
    contract: str
    genesis: str

    @property
    def state(self) -> State:
        """What counts."""
        return self.out.state

    def placed(self, statement: str) -> bool:
        """Whether an envelope of this statement has its place in a log of the contract."""
        return any(
            event.statement == statement and self.chain.place(name) for name, event in self.events.items()
        )

    # Who takes part

    def takes_part(self, event: Event) -> bool:
        """Whether the signer is somebody of this record."""
        state = self.state
        if event.actor in {link.operator for link in self.chain.links}:
            return True
        if self.created is not None and (event.actor, event.key) == (self.created.actor, self.created.key):
            return True
        if state.spine and state.is_owner(event):
            return True
        held = self.created_text() if not state.spine else None
        parties = held.parties if held else state.deals()
        if any((event.actor, event.key) == (p["did"], p["key"]) for p in parties):
            return True
        return own_key(event.actor) in self.heirs()

    def created_text(self) -> Held | None:
        """The text of `created`."""
        return self.state.world.held(self.created.env["document"]) if self.created else None

    def heirs(self) -> set[str]:
        """Successors by the KeyEnds that count; without a log, by those that would."""
        if self.chain.has_log:
            return set(self.state.successor.values())
        valid = [one for one in self.key_ends if self.valid(one) and self.state.named_heir(one)]
        return {one["successor"] for one in valid if one["successor"] is not None}

    def valid(self, key_end: Obj) -> bool:
        """Whether a KeyEnd passes, and is signed by the key or by the successor to which it has committed."""
        passes = self.signed.statements[digest(key_end)] is True
        return passes and self.state.ends(key_end, own_key(key_end["actor"]) or "")

    # What waits

    def filled(self) -> set[str]:
        """The slots that an event that counts, or a leaf in the last log, fills."""
        own = (slot_here(event.env, self.genesis, self.contract) for event in self.state.counted.values())
        found = {slot for slot in own if slot is not None}
        return found | (self.chain.links[-1].section.slots if self.chain.links else set())

    def waiting(self) -> list[Event]:
        """Events that somebody may have taken the proof of."""
        if not self.chain.has_log:
            return []
        settled = set(self.state.counted) | {event.statement for event, _ in self.out.void}
        filled = self.filled()
        placed = {event.statement for name, event in self.events.items() if self.chain.place(name)}
        return [
            event
            for event in self.events.values()
            if event.action in (*SPINE, *DECISIONS)
            and event.statement not in settled | placed
            and slot_here(event.env, self.genesis, self.contract) not in {None, *filled}
            and self.takes_part(event)
        ]

    def waiting_key_ends(self) -> list[Obj]:
        """KeyEnds that somebody may have taken the proof of."""
        if not self.chain.has_log:
            return []
        keys = self.state.pinned() - self.state.ended
        return [
            one
            for one in self.key_ends
            if one["key"] in keys and self.valid(one) and self.chain.place(digest(one)) is None
        ]

    def undecided_key_ends(self) -> list[Obj]:
        """KeyEnds that leave open whether a party of the pending proposal may still sign."""
        pending = self.state.pending
        pins = {p["key"] for p in (pending.held.parties if pending and pending.held else ())}
        waits: Iterable[Obj] = self.waiting_key_ends()
        if not self.chain.has_log:
            waits = [one for one in self.key_ends if self.valid(one)]
        own = [
            one
            for one in self.key_ends
            if self.signed.statements[digest(one)] is None and own_key(one["actor"]) == one["key"]
        ]
        return [one for one in (*waits, *own) if one["key"] in pins]
