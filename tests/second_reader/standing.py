"""Section 3: events, proposals, and who is who in a contract after the events that count so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .canonical import Obj
from .documents import Held
from .forms import POSITIVE, SIGNING
from .proofs import signing_key
from .texts import own_key


@dataclass(frozen=True)
class Event:
    """An envelope, what event it is of, and its place: the log, along the chain of section 6, and the index there."""

    env: Obj
    digest: str
    statement: str
    log: int | None = None
    index: int | None = None
    passes: bool = True
    """Whether the signature passes (else it is undecided)."""

    @property
    def bare(self) -> str:
        """The statement digest."""
        return self.statement.partition("#")[0]

    @property
    def action(self) -> str:
        """Its action."""
        return str(self.env["action"])

    @property
    def actor(self) -> str:
        """The DID that signed."""
        return str(self.env["actor"])

    @property
    def key(self) -> str:
        """The key that signed."""
        return signing_key(self.env)

    @property
    def moment(self) -> str:
        """The time that counts for reply_by: the signer's claim."""
        return str(self.env["occurred_at"])


@dataclass(frozen=True)
class World:
    """What a file holds: documents by reference, events (as `proofs.event_of` tells them apart) by envelope digest."""

    documents: Mapping[tuple[int, str, int], Held]
    same: Mapping[str, str]
    events: Mapping[str, Event]

    def held(self, ref: Obj) -> Held | None:
        """The document of a reference."""
        return self.documents.get((ref["revision"], ref["root"], ref["leaves"]))

    def statement(self, envelope: str | None) -> str | None:
        """The event that an envelope digest refers to; the digest itself when the file lacks it."""
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
    vkeys: Sequence[str] = ()
    """The keys of the contract's logs as far as they are known."""
    spine: list[Event] = field(default_factory=list)
    highest: dict[str, Obj] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)
    in_force: Proposal | None = None
    notice: Event | None = None
    counted: dict[str, Event] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    successor: dict[str, str] = field(default_factory=dict)
    next: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    """The key first named for each DID: that of the signer of `created`, then those of documents."""
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
        """The keys that have succeeded this one, through at most 64 successions."""
        found: list[str] = []
        while key in self.successor and self.successor[key] not in found and len(found) < 64:
            key = self.successor[key]
            found.append(key)
        return found

    def is_party(self, event: Event, did: str, key: str | None) -> bool:
        """Whether the signer is this DID: for other methods than did:key and did:pkh with this key only."""
        return event.actor == did and (own_key(did) is not None or event.key == key)

    def acts_as(self, event: Event, did: str, key: str | None) -> bool:
        """Whether the signer is this DID and key, or the successor of the key."""
        return self.is_party(event, did, key) or own_key(event.actor) in self.heirs(key)

    def place(self, event: Event, held: Held) -> int | None:
        """The index of the signer among the parties of a document."""
        parties = list(enumerate(held.parties))
        own = [at for at, p in parties if self.is_party(event, p["did"], p["key"])]
        heir = [at for at, p in parties if self.acts_as(event, p["did"], p["key"])]
        return next(iter([*own, *heir]), None)

    @property
    def owner_key(self) -> str | None:
        """The key of the owner's DID: its own, else the one first named."""
        return own_key(self.owner) or self.named.get(self.owner)

    def is_owner(self, event: Event) -> bool:
        """Whether the signer is the owner, or the successor of its key."""
        return self.owner_key is not None and self.acts_as(event, self.owner, self.owner_key)

    def in_force_party(self, event: Event) -> Obj | None:
        """The party in force that the signer is or succeeds."""
        held = self.in_force.held if self.in_force else None
        at = self.place(event, held) if held else None
        return held.parties[at] if held is not None and at is not None else None

    def belongs(self, event: Event) -> tuple[str, str]:
        """Whose proposal this is: the owner's (which an account is), or a party's by DID and key."""
        if event.env["details"]["on_behalf_of"] or self.is_owner(event):
            return ("owner", self.owner)
        party = self.in_force_party(event) or {"did": event.actor, "key": ""}
        return (party["did"], party["key"])

    def pinned(self) -> set[str]:
        """The keys that the held documents of spine events that count pin, the owner's, and their successors."""
        held = [self.world.held(event.env["document"]) for event in self.spine]
        keys = {p["key"] for one in held if one for p in one.parties}
        keys |= {self.owner_key} - {None} if self.spine else set()
        return keys | {heir for key in keys for heir in self.heirs(key)}

    def deals(self) -> list[Obj]:
        """The parties of the held documents of spine events that count."""
        held = [self.world.held(event.env["document"]) for event in self.spine]
        return [p for one in held if one for p in one.parties]
