"""The made-up world: people sign, logs grow, a ledger is written. It remembers what really happened.

Moves are small words ("propose", "sign B", "move past"); a history is a list of them. A move that nobody could make in
the world as it stands does nothing, so any list of words is a history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from cms_backend.core.canonical import encode
from cms_backend.core.checkpoint import b64encode
from cms_backend.core.document import Document, DocumentRef, SealedDocument
from cms_backend.core.events import INTENT, Action
from cms_backend.core.hashing import H, digest_of
from cms_backend.core.ids import ContractId, Digest, KeyText, Time
from cms_backend.core.parties import Party
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
_DID_WEB = "did:web:boris.example"


@lru_cache(maxsize=65536)
def moment(minute: int) -> str:
    """A time of the story."""
    return f"2026-05-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00.000Z"


@lru_cache(maxsize=65536)
def sealed(revision: int, supersedes: str | None, parties: tuple[Party, ...], text: str) -> SealedDocument:
    """A text of the contract."""
    document = Document(
        ContractId(CONTRACT), revision, None if supersedes is None else Digest(supersedes), "Lift", "", None, None,
        parties, (text,), (), (),
    )  # fmt: skip
    return SealedDocument.seal(
        document, str(digest_of([revision, supersedes, text, [p.to_json() for p in parties]]))
    )


class World:
    """One contract of Anna and Boris, from its first event on."""

    def __init__(self, *, logged: bool = True, web: bool = False) -> None:
        self.minute, self.block = 0, 1000
        self.logged, self.web = logged, web
        self.boris = cast.actor("Boris", _DID_WEB) if web else BORIS
        self.logs: dict[str, SimLog] = {}
        self.documents: dict[str, SealedDocument] = {}
        self.objects: dict[str, dict[str, Any]] = {}
        """Events and KeyEnds by digest."""
        self.deeds: dict[str, Deed] = {}
        self.loose: list[Deed] = []
        self.resolutions: list[dict[str, Any]] = []
        self.blocks: dict[int, str] = {}
        self.signatures: set[tuple[str, str]] = set()
        """(key, root) of every event that a key has signed anywhere."""
        self.heirs: set[tuple[str, str]] = set()
        """(key, other): the key has itself named or committed to the other in something that it signed."""
        self.promises: dict[str, set[str]] = {}
        self.history: list[str] = []
        self._told: tuple[object, Standing] | None = None
        first = self.new_log("one", OPERATOR) if logged else None
        self.first = None if first is None else first.vkey
        if web:
            self.resolve(OPERATOR)
        text = self.text(0, None)
        self.genesis = ""
        created = self.event(
            "created", ANNA, text, 0, None, {"log": first and first.details, "on_behalf_of": None}
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

    def seats(self, *, boris_next: str | None = None, anna_next: str | None = None) -> tuple[Party, ...]:
        """Anna signs last, Boris before her; each under the key that acts for it now."""
        found = []
        for name, signer, step, after in (("Anna", ANNA, 2, anna_next), ("Boris", self.boris, 1, boris_next)):
            acting = self.acting(signer)
            found.append(
                Party(
                    acting.did,
                    KeyText(acting.key),
                    None if after is None else Digest(after),
                    name,
                    PartyRole.signer,
                    step,
                    None,
                    None,
                )
            )
        return tuple(found)

    def acting(self, signer: Ed25519Signer) -> Ed25519Signer:
        """Who acts for a person now: the person, or the successor of the key."""
        if not self.deeds:
            return signer
        keys = self.truth.heirs(signer.key)
        return signer if keys[-1] == signer.key else _by_key(keys[-1])

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
            previous, str(ref.root), tuple(Seat(str(p.key), p.next and str(p.next), p.step or 0) for p in parties),
            log and log["vkey"],
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
        self.signatures.add((deed.key, deed.root))
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

    def log_or_keep(self, made: dict[str, Any]) -> None:
        """Hand an event in: to the contract's log, or to the record that has none."""
        log = self.log
        if log is None:
            self.loose.append(self.deeds[str(digest_of(made))])
        else:
            self.put(log, made)

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

    def resolve(self, operator: Ed25519Signer, key: str | None = None) -> dict[str, Any]:
        """An operator's word on Boris's DID."""
        made = sign({
            "@context": [CONTEXT], "type": "Resolution", "format": "cms/1", "actor": str(operator.did),
            "did": _DID_WEB, "key": key or str(self.boris.key), "document_sha256": str(H("did")),
            "resolved_at": self.now,
        }, operator)  # fmt: skip
        if operator is OPERATOR:
            self.resolutions.append(made)
        return made

    def stated(self, log: SimLog) -> dict[str, Any]:
        """What an honest operator says of the contract in its log now."""
        size, sequence, named = len(log), 0, []
        pinned = self.truth.pinned
        for digest in log.digests:
            deed = self.deeds.get(digest)
            if deed is None or deed.action == "commented":
                continue
            if deed.action == "KeyEnd":
                named += [digest] if deed.ends in pinned else []
                continue
            if deed.action != "LogStatement":
                sequence = max(sequence, deed.sequence if self._counts_in(log, deed) else 0)
            named += [digest] if deed.action != "LogStatement" or deed.log is not None else []
        made = log.head(CONTRACT, self.genesis, sequence, named, size, self.tick())
        log.heads.append(made)
        return made

    def _counts_in(self, log: SimLog, deed: Deed) -> bool:
        return any(one.digest == deed.digest for one in self.truth.counted) and deed.action not in DECISIONS

    def signer_of(self, did: str) -> Ed25519Signer | None:
        """The key of anybody but strangers."""
        people = (ANNA, self.boris, cast.HEIR, cast.PLANT, cast.THIEF)
        return next((one for one in people if one.did == did), None)

    def signed(self, event: dict[str, Any], document: dict[str, Any] | None) -> None:
        """An edit has made a key sign something; what it shows of next keys was in a text of this world."""
        key = str(event["proof"]["verificationMethod"]).partition("#")[2]
        if event["type"] == "KeyEnd":
            if key == event["key"] and event["successor"] is not None:
                self.heirs.add((key, event["successor"]))
            return
        root = event["document"]["root"]
        self.signatures.add((key, root))
        held = self.documents.get(root)
        for party in () if held is None else held.document.parties:
            if party.key == key and party.next is not None:
                self.promises.setdefault(key, set()).add(str(party.next))

    # --- what really happened -------------------------------------------------------------------------------

    @property
    def truth(self) -> Standing:
        """How the contract stands by all leaves that there are. Not to be changed: it is told once."""
        known = {vkey: len(log) for vkey, log in self.logs.items()}
        age = len(self.loose), tuple(known.values())
        if self._told is None or self._told[0] != age:
            self._told = age, self.truth_at(known)
        return self._told[1]

    def truth_at(self, known: Mapping[str, int]) -> Standing:
        """How it stands by the first leaves of each log."""
        leaves = {vkey: log.digests for vkey, log in self.logs.items()}
        return standing(self.deeds, leaves, known, self.first, self.loose)

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
            "attachments": {},
        })  # fmt: skip

    def facts(self, *, scans: bool, anchors: bool = True) -> LedgerFacts:
        """What the verifier's own node and its own reading of the logs say."""
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
            LogFacts(log.note(len(log)), tuple(map(b64encode, log.leaves)))
            for log in self.logs.values()
            if scans
        ]
        return LedgerFacts((chain,) if anchors else (), tuple(logs))


def statement_digest(made: Mapping[str, Any]) -> str:
    """H of an object without its proof."""
    return str(digest_of({name: value for name, value in made.items() if name != "proof"}))


def signer_seed(signer: Ed25519Signer) -> bytes:
    """The seed of a signer of this world."""
    return signer._secret[:32]


@lru_cache(maxsize=1)
def _everybody() -> dict[str, Ed25519Signer]:
    people = (ANNA, BORIS, cast.HEIR, cast.PLANT, cast.MALLORY, cast.THIEF, OPERATOR, cast.SECOND, cast.RIVAL)
    return {str(one.key): one for one in people}


def _by_key(key: str) -> Ed25519Signer:
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
            "statements": sorted(section["statements"], key=lambda one: (one["number"], str(digest_of(one)))),
            "receipts": sorted(section["receipts"], key=lambda one: (one["envelope"], str(digest_of(one)))),
        }
        for section in found["logs"]
    ]
    return found


def _revision(document: Mapping[str, Any]) -> Any:
    return document["revision"] if "disclosed" in document else document["content"]["revision"]


def written(file: dict[str, Any]) -> bytes:
    """The bytes of a file: everything in its order, and a digest that fits."""
    members = arranged(file)
    return encode({**members, "digest": str(digest_of(members))})


__all__ = ["CONTRACT", "TRUST", "World", "arranged", "moment", "statement_digest", "written"]
