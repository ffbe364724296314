"""Section 3: events, proposals, and who is who in a contract after the events that count so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .canonical import Obj
from .documents import Held
from .forms import POSITIVE, SIGNING
from .texts import own_key


@dataclass(frozen=True)
class Event:
    """An envelope, its place, and its time for reply_by."""

    env: Obj
    digest: str
    statement: str
    log: int | None = None
    index: int | None = None
    time: str = ""

    @property
    def action(self) -> str:
        """Its action."""
        return str(self.env["action"])

    @property
    def actor(self) -> str:
        """The DID that signed."""
        return str(self.env["actor"])

    @property
    def moment(self) -> str:
        """The time that counts for reply_by."""
        return self.time or str(self.env["occurred_at"])


@dataclass(frozen=True)
class World:
    """What a file holds: documents by reference, statements by envelope digest, events by statement."""

    documents: Mapping[tuple[int, str, int], Held]
    same: Mapping[str, str]
    events: Mapping[str, Event]

    def held(self, ref: Obj) -> Held | None:
        """The document of a reference."""
        return self.documents.get((ref["revision"], ref["root"], ref["leaves"]))

    def statement(self, envelope: str | None) -> str | None:
        """The statement that an envelope digest refers to; the digest itself when the file lacks it."""
        return None if envelope is None else self.same.get(envelope, envelope)


@dataclass
class Proposal:
    """A proposal that counts."""

    event: Event
    held: Held | None
    belongs: tuple[str, str]
    decisions: dict[int, Event] = field(default_factory=dict)
    status: str = "pending"

    def awaited(self) -> list[int]:
        """Parties that have yet to decide."""
        parties = self.held.parties if self.held else ()
        return [at for at, p in enumerate(parties) if p["role"] in SIGNING and at not in self.decisions]

    def lower(self, step: int) -> list[int]:
        """Parties that decide in lower steps."""
        parties = self.held.parties if self.held else ()
        return [at for at, p in enumerate(parties) if p["role"] in SIGNING and p["step"] < step]

    def positive(self, parties: Sequence[int]) -> bool:
        """Whether all of these have decided for it."""
        return all(at in self.decisions and self.decisions[at].action in POSITIVE for at in parties)

    def ready(self, at: int) -> bool:
        """Whether a party may decide for it now (LIFE-STEP)."""
        assert self.held is not None
        party = self.held.parties[at]
        wanted = self.lower(party["step"])
        return self.positive(wanted if party["witness_of"] is None else [*wanted, party["witness_of"]])


@dataclass
class Standing:
    """What counts so far, and who acts for whom."""

    world: World
    logless: bool
    spine: list[Event] = field(default_factory=list)
    highest: dict[str, Obj] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)
    in_force: Proposal | None = None
    notice: Event | None = None
    counted: dict[str, Event] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    successor: dict[str, str] = field(default_factory=dict)
    next: dict[str, str] = field(default_factory=dict)
    last: tuple[int, int] | None = None
    completed: int = 0

    # Who is who

    @property
    def created(self) -> Obj:
        """The event that opened the record."""
        return self.spine[0].env

    @property
    def owner(self) -> str:
        """The owner's DID."""
        return str(self.created["details"]["on_behalf_of"] or self.created["actor"])

    @property
    def operator(self) -> str | None:
        """The operator that `created` names."""
        log = self.created["details"]["log"]
        return log["operator"] if log else None

    @property
    def pending(self) -> Proposal | None:
        """The proposal that is pending."""
        last = self.proposals[-1] if self.proposals else None
        return last if last is not None and last.status == "pending" else None

    def heirs(self, key: str | None) -> list[str]:
        """The keys that have succeeded this one."""
        found: list[str] = []
        while key in self.successor and self.successor[key] not in found:
            key = self.successor[key]
            found.append(key)
        return found

    def acts_as(self, actor: str, did: str, key: str | None) -> bool:
        """Whether the actor is this DID or the successor of its key."""
        return actor == did or own_key(actor) in self.heirs(key)

    def place(self, actor: str, held: Held) -> int | None:
        """The index of the actor among the parties of a document."""
        parties = list(enumerate(held.parties))
        own = [at for at, p in parties if p["did"] == actor]
        heir = [at for at, p in parties if self.acts_as(actor, p["did"], p["key"])]
        return next(iter([*own, *heir]), None)

    def pin(self, did: str, ref: Obj | None = None) -> str | None:
        """The key of a DID: its own, else its pin in this document, else in the highest held one that names it."""
        own = own_key(did)
        if own is not None:
            return own
        first = self.world.held(ref) if ref else None
        ordered = sorted(self.world.documents.values(), key=lambda held: -held.revision)
        for held in ([first] if first else []) + ordered:
            for p in held.parties:
                if p["did"] == did:
                    return str(p["key"])
        return None

    def is_owner(self, actor: str) -> bool:
        """Whether the actor is the owner or its successor."""
        named = [
            (held.revision, p["key"])
            for held in self.world.documents.values()
            for p in held.parties
            if p["did"] == self.owner
        ]
        key = own_key(self.owner) or min(named, default=(0, None))[1]
        return self.acts_as(actor, self.owner, key)

    def in_force_party(self, actor: str) -> Obj | None:
        """The party in force that the actor is or succeeds."""
        held = self.in_force.held if self.in_force else None
        at = self.place(actor, held) if held else None
        return held.parties[at] if held is not None and at is not None else None

    def belongs(self, event: Event) -> tuple[str, str]:
        """Whose proposal this is: the owner's (which an account is), or a party's by DID and key."""
        if event.env["details"]["on_behalf_of"] or self.is_owner(event.actor):
            return ("owner", self.owner)
        party = self.in_force_party(event.actor) or {"did": event.actor, "key": ""}
        return (party["did"], party["key"])
