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
        held = self.created_text() if not state.spine else None
        parties = held.parties if held else state.deals()
        takers = {(p["did"], p["key"]) for p in parties}
        takers |= {(link.operator, own_key(link.operator)) for link in self.chain.links}
        if self.created is not None:
            takers.add((self.created.actor, self.created.key))
        if state.spine:
            takers.add((state.owner, state.owner_key))
        heirs = {heir for _, key in takers for heir in state.heirs(key)}
        if self.in_no_log() and state.spine:
            heirs |= self._named_heirs({key for _, key in takers})
        return (event.actor, event.key) in takers or own_key(event.actor) in heirs

    def in_no_log(self) -> bool:
        """Whether the record began without a log and the file has no section of one that it came into."""
        return (
            not self.chain.links and self.created is not None and self.created.env["details"]["log"] is None
        )

    def _named_heirs(self, keys: set[str | None]) -> set[str]:
        """Whom valid KeyEnds of the file name, any number of times, though without a log none of them counts."""
        found: set[str] = set()
        while True:
            more = {
                str(one["successor"])
                for one in self.key_ends
                if one["key"] in keys | found and one["successor"] is not None and self.valid(one)
            }
            if more <= found:
                return found
            found |= more

    def created_text(self) -> Held | None:
        """The text of `created`."""
        return self.state.world.held(self.created.env["document"]) if self.created else None

    def valid(self, key_end: Obj) -> bool:
        """Whether a KeyEnd passes, is by the key or the successor to which it has committed, and names no other one."""
        passes = self.signed.statements[digest(key_end)] is True and self.state.named_heir(key_end)
        return passes and self.state.ends(key_end, own_key(key_end["actor"]) or "")

    # What waits

    def filled(self) -> set[str]:
        """The slots that an event that counts fills, or one that has its place in the last log."""
        last = len(self.chain.links) - 1
        placed = {name: self.chain.place(name) for name in self.signed.formed}
        envs = [self.signed.formed[name] for name, place in placed.items() if place and place[0] == last]
        envs += [event.env for event in self.state.counted.values()]
        return {slot for env in envs if (slot := slot_here(env, self.genesis, self.contract)) is not None}

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
            if one["key"] in keys and self.valid(one) and self.chain.place(digest(one), event=False) is None
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
        held = {p["key"] for p in self.state.deals()}
        return [one for one in waits if one["key"] in pins] + [one for one in own if one["key"] in held]
