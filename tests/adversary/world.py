"""The made-up world: people sign, logs grow, a ledger is written. It remembers what really happened.

Moves are small words ("propose", "sign B", "move past"); a history is a list of them. A move that nobody could make in
the world as it stands does nothing, so any list of words is a history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cms_backend.core.canonical import encode
from cms_backend.core.checkpoint import b64encode
from cms_backend.core.document import Document, DocumentRef, SealedDocument
from cms_backend.core.events import INTENT, Action
from cms_backend.core.hashing import H, digest_of
from cms_backend.core.ids import ContractId, Digest, KeyText, Time
from cms_backend.core.parties import Attachment, Party
from cms_backend.core.parties import Role as PartyRole
from cms_backend.core.references import CONTEXT
from cms_backend.core.signatures import Ed25519Signer
from cms_backend.core.slots import key_slot, log_slot, note_slot, party_slot, spine_slot
from cms_backend.core.verify import (
    AnchoredFact,
    BlockFact,
    ChainFacts,
    CodeFact,
    LedgerFacts,
    LogFacts,
    Trust,
    TrustedChain,
)

from . import cast
from .cast import ANNA, BORIS, OPERATOR, sign
from .logs import CHAIN, CODE, GENESIS_BLOCK, LEDGER, SimLog
from .truth import Deed, Seat, Standing, standing

CONTRACT = "6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12"
DECISIONS = frozenset({"approved", "signed", "witnessed", "declined"})
TRUST = Trust((TrustedChain(CHAIN, Digest(GENESIS_BLOCK), 12),))
PLAN = b"The plan of the lift."
PLAN_DIGEST = sha256(PLAN).hexdigest()


@lru_cache(maxsize=65536)
def moment(minute: int) -> str:
    """A time of the story."""
    return f"2026-05-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00.000Z"


def party(signer: Ed25519Signer, name: str, role: PartyRole, step: int, after: str | None = None) -> Party:
    """A party with the signer's DID and key."""
    committed = None if after is None else Digest(after)
    return Party(signer.did, KeyText(signer.key), committed, name, role, step, None, None)


@lru_cache(maxsize=65536)
def sealed(revision: int, supersedes: str | None, parties: tuple[Party, ...], text: str) -> SealedDocument:
    """A text of the contract."""
    document = Document(
        ContractId(CONTRACT), revision, None if supersedes is None else Digest(supersedes), "Lift", "", None, None,
        parties, (text,), (Attachment("Plan", "text/plain", len(PLAN), Digest(PLAN_DIGEST)),) if revision else (), (),
    )  # fmt: skip
    return SealedDocument.seal(
        document, str(digest_of([revision, supersedes, text, [p.to_json() for p in parties]]))
    )


class World:
    """One contract of Anna and Boris (`trio`: and Carla), from its first event on. `web`: their DIDs are did:web."""

    def __init__(self, *, logged: bool = True, web: bool = False, trio: bool = False) -> None:
        self.minute, self.block = 0, 1000
        self.logged, self.web, self.trio = logged, web, trio
        self.boris = cast.actor("Boris", "did:web:boris.example") if web else BORIS
        self.anna = cast.actor("Anna", "did:web:anna.example") if web else ANNA
        self.logs: dict[str, SimLog] = {}
        self.documents: dict[str, SealedDocument] = {}
        self.objects: dict[str, dict[str, Any]] = {}
        """Events and KeyEnds by digest."""
        self.deeds: dict[str, Deed] = {}
        self.loose: list[Deed] = []
        self.older: list[dict[str, Any]] = []
        """Genuine files as they were before."""
        self.resolutions: list[dict[str, Any]] = []
        self.blocks: dict[int, str] = {}
        self.signatures: set[tuple[str, str, str]] = set()
        """(key, root, action) of every event that a key has signed."""
        self.heirs: set[tuple[str, str]] = set()
        """(key, other): the key has itself named or committed to the other in something that it signed."""
        self.promises: dict[str, set[str]] = {}
        self.history: list[str] = []
        self._told: tuple[object, Standing] | None = None
        first = self.new_log("one", OPERATOR) if logged else None
        self.first = None if first is None else first.vkey
        if web:
            for who in (self.anna, self.boris):
                self.resolutions.append(self.resolve(OPERATOR, who))
        text = self.text(0, None)
        self.genesis = ""
        created = self.event(
            "created", self.anna, text, 0, None, {"log": first and first.details, "on_behalf_of": None}
        )
        self.genesis = statement_digest(created)
        self.log_or_keep(created)

    # --- time -----------------------------------------------------------------------------------------------

    def tick(self) -> str:
        """A minute passes."""
        self.minute += 1
        return moment(self.minute)

    @property
    def now(self) -> str:
        """The time of the clock."""
        return moment(self.minute)

    # --- texts and events -----------------------------------------------------------------------------------

    def seats(self, *, boris_next: str | None = None) -> tuple[Party, ...]:
        """Anna signs last, Boris before her, and Carla has approved before; each under the key that acts for it now."""
        rows = [
            (self.anna, "Anna", PartyRole.signer, 3, None),
            (self.boris, "Boris", PartyRole.signer, 2, boris_next),
        ]
        if self.trio:
            rows.append((cast.CARLA, "Carla", PartyRole.approver, 1, None))
        return tuple(
            party(self.acting(signer), name, role, step, after) for signer, name, role, step, after in rows
        )

    def acting(self, signer: Ed25519Signer) -> Ed25519Signer:
        """Who acts for a person now: the person, or the successor of the key."""
        if not self.deeds:
            return signer
        keys = self.truth.heirs(signer.key)
        return signer if keys[-1] == signer.key else by_key(keys[-1])

    def text(self, revision: int, supersedes: str | None, words: str = "", **members: Any) -> SealedDocument:
        """A text, kept."""
        parties = members.pop("parties", None) or self.seats(**members)
        found = sealed(revision, supersedes, parties, f"The price is {1000 + revision} euros{words}.")
        self.documents[str(found.ref.root)] = found
        return found

    def event(self, action: str, signer: Ed25519Signer, text: SealedDocument | DocumentRef, sequence: int,
              previous: str | None, details: Mapping[str, Any], *, after: Iterable[str] = (),
              party: int | str | None = "own", time: str | None = None) -> dict[str, Any]:  # fmt: skip
        """A signed event of the contract; remembered, not yet logged."""
        ref = text if isinstance(text, DocumentRef) else text.ref
        held = self.documents.get(str(ref.root))
        parties = () if held is None else held.document.parties
        if party == "own":
            party = self._seat(parties, signer)
        body = {
            "@context": [CONTEXT], "type": "ContractEvent", "format": "cms/1", "action": action,
            "intent": INTENT[Action(action)], "contract": CONTRACT, "sequence": sequence, "previous": previous,
            "after": sorted(after), "actor": str(signer.did), "party": party, "occurred_at": time or self.tick(),
            "document": ref.to_json(), "seen": {"checkpoint": None, "block": None}, "details": dict(details),
        }  # fmt: skip
        made = sign(body, signer)
        log = details.get("log")
        self._remember(made, Deed(
            str(digest_of(made)), action, str(signer.key), party if isinstance(party, int) else None, sequence,
            previous, str(ref.root), tuple(map(_seat, parties)), log and log["vkey"], time=body["occurred_at"],
            reply_by=details.get("reply_by"), effective_on=details.get("effective_on"),
        ))  # fmt: skip
        return made

    def _seat(self, parties: tuple[Party, ...], signer: Ed25519Signer) -> int | None:
        exact = [at for at, one in enumerate(parties) if one.did == signer.did]
        heirs = [
            at for at, one in enumerate(parties)
            if self.deeds and signer.key in self.truth.heirs(str(one.key)) and signer.key != one.key
        ]  # fmt: skip
        return next(iter(exact + heirs), None)

    def _remember(self, made: dict[str, Any], deed: Deed) -> None:
        self.objects[deed.digest], self.deeds[deed.digest] = made, deed
        if deed.action == "KeyEnd":
            if deed.key == deed.ends and deed.successor is not None:
                self.heirs.add((deed.key, deed.successor))
            return
        self.signatures.add((deed.key, deed.root, deed.action))
        for seat in deed.seats:
            if seat.key == deed.key and seat.next is not None:
                self.promises.setdefault(deed.key, set()).add(seat.next)

    def key_end(self, signer: Ed25519Signer, key: str, successor: str | None) -> dict[str, Any]:
        """A KeyEnd; remembered, not yet logged."""
        body = {
            "@context": [CONTEXT], "type": "KeyEnd", "format": "cms/1", "actor": f"did:key:{signer.key}", "key": key,
            "successor": successor, "reason": "", "occurred_at": self.tick(),
        }  # fmt: skip
        made = sign(body, Ed25519Signer(signer_seed(signer)) if signer.did.startswith("did:web") else signer)
        self._remember(
            made, Deed(str(digest_of(made)), "KeyEnd", str(signer.key), ends=key, successor=successor)
        )
        return made

    # --- logs and ledger ------------------------------------------------------------------------------------

    def new_log(self, name: str, operator: Ed25519Signer) -> SimLog:
        """A log with leaves of others and its operator's statement about the ledger."""
        log = SimLog(name, operator)
        for at in range(2):
            log.append(H(f"slot {name} {at}"), str(H(f"leaf {name} {at}")), self.now)
        self.logs[log.vkey] = log
        self.state_log(log)
        return log

    def state_log(self, log: SimLog, successor: str | None = None) -> None:
        """The operator's next LogStatement, logged."""
        ledger = {
            "chain": CHAIN, "genesis_block": GENESIS_BLOCK, "ledger": LEDGER, "code": CODE, "log_id": log.log_id,
        }  # fmt: skip
        number = len(log.statements)
        made = sign({
            "@context": [CONTEXT], "type": "LogStatement", "format": "cms/1", "actor": str(log.operator.did),
            "vkey": log.vkey, "number": number, "ledgers": [ledger], "successor": successor, "occurred_at": self.now,
        }, log.operator)  # fmt: skip
        digest = str(digest_of(made))
        log.statements.append(made)
        log.append(log_slot(number), digest, self.tick())
        self.deeds[digest] = Deed(
            digest, "LogStatement", str(log.operator.key), log=successor, about=log.vkey
        )

    def slot(self, made: dict[str, Any]) -> Digest | None:
        """Where an event or KeyEnd goes in a log."""
        digest = str(digest_of(made))
        if made["type"] == "KeyEnd":
            return key_slot(made["key"])
        if made["action"] == "commented":
            return note_slot(self.genesis, made["sequence"], digest)
        if made["action"] in DECISIONS:
            return (
                None if made["party"] is None else party_slot(self.genesis, made["sequence"], made["party"])
            )
        return spine_slot(self.genesis, made["sequence"])

    def put(self, log: SimLog, made: dict[str, Any]) -> bool:
        """Give an object its leaf. An honest log has one leaf for each slot (KeyEnds: several)."""
        slot, digest = self.slot(made), str(digest_of(made))
        if slot is None or digest in log.digests:
            return False
        if made["type"] != "KeyEnd" and any(leaf[:32] == slot.raw for leaf in log.leaves):
            return False
        log.append(slot, digest, self.tick())
        return True

    def log_or_keep(self, made: dict[str, Any]) -> bool:
        """Hand an event in: to the contract's log, or to the record that has none. Whether it was taken."""
        log = self.log
        if log is None:
            self.loose.append(self.deeds[str(digest_of(made))])
            return True
        return self.put(log, made)

    @property
    def log(self) -> SimLog | None:
        """The log that the record is in now."""
        chain = self.truth.chain if self.deeds and self.genesis else [self.first] if self.first else []
        return self.logs[chain[-1]] if chain and chain[-1] is not None else None

    def anchor(self, log: SimLog) -> None:
        """The log's newest checkpoint gets into a block."""
        if any(one["size"] == len(log) for one in log.anchors):
            return
        self.tick()
        self.block += 1
        self.blocks[self.block] = self.now
        log.anchors.append(log.anchor(len(log), self.block, self.now))

    def resolve(self, operator: Ed25519Signer, who: Ed25519Signer) -> dict[str, Any]:
        """An operator's word on the key of a person's DID."""
        return sign({
            "@context": [CONTEXT], "type": "Resolution", "format": "cms/1", "actor": str(operator.did),
            "did": str(who.did), "key": str(who.key), "document_sha256": str(H("did")), "resolved_at": self.now,
        }, operator)  # fmt: skip

    def stated(self, log: SimLog) -> dict[str, Any]:
        """What an honest operator says of the contract in its log now."""
        pinned = self.truth.pinned
        deeds = [self.deeds[digest] for digest in log.digests if digest in self.deeds]
        named = [
            one.digest
            for one in deeds
            if one.action != "commented" and (one.action != "KeyEnd" or one.ends in pinned)
        ]
        spine = self.spine_in(log)
        sequence = spine[-1].sequence if spine else self.truth.sequence
        made = log.head(CONTRACT, self.genesis, sequence, named, len(log), self.tick())
        log.heads.append(made)
        return made

    def spine_in(self, log: SimLog) -> list[Deed]:
        """The spine events that count and have a leaf in a log."""
        beside = DECISIONS | {"commented"}
        return [one for one in self.truth.counted if one.action not in beside and one.digest in log.digests]

    def signer_of(self, did: str) -> Ed25519Signer | None:
        """The key of anybody but strangers."""
        people = (self.anna, self.boris, cast.CARLA, cast.HEIR, cast.PLANT, cast.THIEF)
        return next((one for one in people if one.did == did), None)

    # --- what really happened -------------------------------------------------------------------------------

    @property
    def truth(self) -> Standing:
        """How the contract stands by all leaves that there are. Not to be changed: it is told once."""
        known = {vkey: len(log) for vkey, log in self.logs.items()}
        age = len(self.loose), tuple(known.values()), self.minute
        if self._told is None or self._told[0] != age:
            self._told = age, self.truth_at(known)
        return self._told[1]

    def truth_at(self, known: Mapping[str, int]) -> Standing:
        """How it stands by the first leaves of each log."""
        leaves = {vkey: log.digests for vkey, log in self.logs.items()}
        return standing(self.deeds, leaves, known, self.first, self.loose, self.now)

    def truth_by(self, time: str) -> Standing:
        """How it stood at a moment."""
        known = {vkey: sum(at <= time for at in log.times) for vkey, log in self.logs.items()}
        return self.truth_at(known)

    # --- what a verifier gets -------------------------------------------------------------------------------

    def evidence(self, *, heads: bool = True, extra: Iterable[str] = ()) -> dict[str, Any]:
        """The genuine file: all that the contract's logs hold, and `extra` objects that they do not."""
        chain = [self.logs[vkey] for vkey in self.truth.chain]
        known = (
            {digest for log in chain for digest in log.digests}
            | {one.digest for one in self.loose}
            | set(extra)
        )
        own = {digest for digest in known if digest in self.objects}
        events = [self.objects[d] for d in own if self.objects[d]["type"] == "ContractEvent"]
        roots = {one["document"]["root"] for one in events}
        sections = [log.section(own, len(log), self.stated(log) if heads else None) for log in chain]
        return arranged({
            "format": "cmsproof/1", "contract": CONTRACT, "genesis": self.genesis,
            "documents": [self.documents[root].to_json() for root in roots],
            "envelopes": events,
            "key_ends": [self.objects[d] for d in own if self.objects[d]["type"] == "KeyEnd"],
            "resolutions": list(self.resolutions),
            "logs": sections,
            "anchors": [one for log in chain for one in log.anchors],
            "attachments": {PLAN_DIGEST: b64encode(PLAN)} if len(roots) > 1 else {},
        })  # fmt: skip

    def reads(self, how: str = "all") -> dict[str, int]:
        """How far a verifier has read each log: not at all, the first log only, all as they were before, or all."""
        sizes = {vkey: len(log) for vkey, log in self.logs.items()}
        return {
            "none": {},
            "first": {vkey: size for vkey, size in sizes.items() if vkey == self.first},
            "older": {vkey: size - 1 for vkey, size in sizes.items()},
            "all": sizes,
        }[how]

    def facts(
        self, *, scans: bool = False, anchors: bool = True, reads: Mapping[str, int] | None = None
    ) -> LedgerFacts:
        """What the verifier's own node says, and its own reading of the logs (`scans`: of all)."""
        known = (self.reads() if scans else {}) if reads is None else reads
        anchored = [
            AnchoredFact(
                LEDGER, Digest(one["log_id"]), one["size"], Digest(one["root"]), one["block"], Time(one["time"])
            )
            for log in self.logs.values()
            for one in log.anchors
        ]  # fmt: skip
        chain = ChainFacts(
            CHAIN, Digest(GENESIS_BLOCK), self.block + 40, self.block + 20,
            tuple(BlockFact(number, H(f"block {number}"), Time(time)) for number, time in self.blocks.items()),
            (CodeFact(LEDGER, Digest(CODE)),), tuple(anchored),
        )  # fmt: skip
        logs = [
            LogFacts(self.logs[vkey].note(size), tuple(map(b64encode, self.logs[vkey].leaves[:size])))
            for vkey, size in known.items()
        ]
        return LedgerFacts((chain,) if anchors else (), tuple(logs))


def _seat(one: Party) -> Seat:
    return Seat(str(one.key), None if one.next is None else str(one.next), one.step or 0, one.role.value)


def statement_digest(made: Mapping[str, Any]) -> str:
    """H of an object without its proof."""
    return str(digest_of({name: value for name, value in made.items() if name != "proof"}))


def signer_seed(signer: Ed25519Signer) -> bytes:
    """The seed of a signer of this world."""
    return signer._secret[:32]


@lru_cache(maxsize=1)
def _everybody() -> dict[str, Ed25519Signer]:
    people = (
        ANNA,
        BORIS,
        cast.CARLA,
        cast.HEIR,
        cast.PLANT,
        cast.MALLORY,
        cast.THIEF,
        OPERATOR,
        cast.SECOND,
        cast.RIVAL,
    )
    return {str(one.key): one for one in people}


def by_key(key: str) -> Ed25519Signer:
    return _everybody()[key]


def arranged(file: dict[str, Any]) -> dict[str, Any]:
    """The file with its lists in the order of section 8, each object once. No digest yet."""
    found = {name: value for name, value in file.items() if name != "digest"}
    for name in ("envelopes", "key_ends", "resolutions"):
        unique = {str(digest_of(one)): one for one in found[name]}
        found[name] = [unique[digest] for digest in sorted(unique)]
    documents = {encode(one): one for one in found["documents"]}
    found["documents"] = [
        documents[at] for at in sorted(documents, key=lambda at: (_revision(documents[at]), at))
    ]
    anchors = {(one["chain"], one["ledger"], one["log_id"], one["size"]): one for one in found["anchors"]}
    found["anchors"] = [anchors[at] for at in sorted(anchors)]
    found["logs"] = [
        {
            **section,
            "statements": _each_once(section["statements"], lambda one: one["number"]),
            "receipts": _each_once(section["receipts"], lambda one: one["envelope"]),
        }
        for section in found["logs"]
    ]
    return found


def _each_once(
    items: Iterable[dict[str, Any]], first: Callable[[dict[str, Any]], Any]
) -> list[dict[str, Any]]:
    unique = {str(digest_of(one)): one for one in items}
    return [unique[digest] for digest in sorted(unique, key=lambda digest: (first(unique[digest]), digest))]


def _revision(document: Mapping[str, Any]) -> Any:
    return document["revision"] if "disclosed" in document else document["content"]["revision"]


def written(file: dict[str, Any]) -> bytes:
    """The bytes of a file: everything in its order, and a digest that fits."""
    members = arranged(file)
    return encode({**members, "digest": str(digest_of(members))})


__all__ = ["CONTRACT", "TRUST", "World", "arranged", "moment", "statement_digest", "written"]
