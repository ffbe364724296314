"""Made-up stories: mostly what an honest program writes, with faults of every kind strewn in."""

from __future__ import annotations

from random import Random

from .canonical import Obj, digest, sha
from .damage import moment, spoil
from .documents import Held, hold, statement_digest
from .forge import CHAIN, Log, Person, seal
from .forms import DECISIONS, SPINE
from .standing import Event, Proposal, World
from .state import State

CONTRACT = "6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12"
ROLES = ("signer", "signer", "signer", "approver", "witness", "viewer", "leaver")


class Story:
    """What people sign and when, made from one number."""

    def __init__(self, number: int) -> None:
        self.random = Random(number)
        kinds = ["ed25519", "ed25519", "ed25519", "secp256k1", "account"]
        self.people = [Person(f"person {at}", kind=kind) for at, kind in enumerate(kinds)]
        self.people.append(Person("web", "did:web:example.com"))
        self.operator = Person("operator")
        self.with_log = self.chance(0.7)
        self.logs = [Log("one", self.operator)] if self.with_log else []
        self.documents: list[Obj] = []
        self.held: dict[tuple[int, str, int], Held] = {}
        self.envelopes: list[Obj] = []
        self.key_ends: list[Obj] = []
        self.same: dict[str, str] = {}
        self.known: dict[str, Event] = {}
        self.world = World(self.held, self.same, self.known)
        self.state = State(self.world, logless=not self.with_log)
        self.genesis, self.clock = "", 60
        self.heirs: dict[str, Person] = {}
        self.story()

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.random.random() < share

    # Documents

    def party(self, person: Person, role: str, step: int | None, witness_of: int | None) -> Obj:
        """A party."""
        heir = sha(self.heir(person).key.encode()).hex()
        return {
            "did": person.did, "key": person.key, "next": self.random.choice([None, heir]), "name": person.name,
            "role": role, "step": step, "capacity": None, "witness_of": witness_of,
        }  # fmt: skip

    def heir(self, person: Person) -> Person:
        """Who a key is succeeded by."""
        return self.heirs.setdefault(person.key, Person(f"heir of {person.name}"))

    def write(self, revision: int, supersedes: str | None, proposer: Person | None) -> Obj:
        """A document; its reference."""
        random, parties = self.random, list[Obj]()
        people = random.sample(self.people, random.randint(1, 4))
        if proposer is not None and proposer not in people and self.chance(0.9):
            people[0] = proposer
        for person in people:
            role = random.choice(ROLES)
            signers = [at for at, p in enumerate(parties) if p["role"] == "signer"]
            if person is proposer or (role == "witness" and not signers):
                role = "signer"
            of = random.choice(signers) if role == "witness" else None
            step = {"viewer": None, "approver": 1}.get(role, random.randint(2, 3))
            if person is proposer and not self.with_log:
                step = 4
            if of is not None and self.chance(0.9):
                step = parties[of]["step"]
            parties.append(self.party(person, role, step, of))
        content = {
            "contract": CONTRACT, "revision": revision, "supersedes": supersedes, "title": random.choice("ABC"),
            "description": "", "valid_from": None,
            "valid_until": random.choice([None, None, moment(random.randint(0, 3000))]), "parties": parties,
            "terms": ["One.", "Two."][: random.randint(0, 2)], "attachments": [], "variables": [],
        }  # fmt: skip
        return self.keep(content)

    def keep(self, content: Obj) -> Obj:
        """Seal and hold a document."""
        sealed, ref = seal(content)
        if sealed not in self.documents:
            self.documents.append(sealed)
        held = hold(sealed)
        self.held[held.revision, held.root, held.leaves] = held
        return ref

    # Events

    def story(self) -> None:
        """Write everything."""
        random = self.random
        owner = random.choice(self.people)
        log = {"vkey": self.logs[0].vkey, "operator": self.operator.did} if self.logs else None
        account = owner.did if self.with_log and self.chance(0.15) else None
        actor = self.operator if account else owner
        ref = self.write(0, None, owner)
        self.put(actor, "created", {"log": log, "on_behalf_of": account}, ref, None, 0, [])
        for _ in range(random.randint(2, 14)):
            self.clock += random.randint(1, 120)
            if self.logs and self.chance(0.2):
                self.logs[-1].stuff(b"%d" % self.clock)
            if self.logs and self.chance(0.06):
                self.end_key()
            action = self.choose()
            if action != "moved" or (self.chance(0.4) and len(self.logs) < 2):
                self.next_event(action)

    def choose(self) -> str:
        """What happens next: mostly what the state waits for."""
        pending, random = self.state.pending, self.random
        if self.chance(0.25):
            return random.choice([*SPINE[1:], *DECISIONS, "commented"])
        if pending is None or pending.held is None:
            return random.choice(
                [
                    "proposed",
                    "proposed",
                    "commented",
                    "terminated" if self.state.in_force else "proposed",
                    "moved",
                ]
            )
        ready = [pending.held.parties[at]["role"] for at in pending.awaited() if pending.ready(at)]
        actions = {"approver": "approved", "witness": "witnessed"}
        return actions.get(random.choice(ready), "signed") if ready else "proposed"

    def end_key(self) -> None:
        """End a key, by itself or by its successor."""
        person = self.random.choice(self.people[:5])
        heir = self.heir(person)
        signer = self.random.choice([person, person, heir])
        one = signer.state(
            "KeyEnd", key=person.key, successor=self.random.choice([None, heir.key, heir.key]), reason="",
            occurred_at=moment(self.clock),
        )  # fmt: skip
        if one not in self.key_ends:
            self.key_ends.append(one)
            if self.chance(0.8):
                self.logs[-1].add(one, self.genesis)
                self.state.end_key(one, signer.key)

    def actors(self) -> list[Person]:
        """All who may act, successors included."""
        return [*self.people, *self.heirs.values(), self.operator]

    def next_event(self, action: str) -> None:
        """One more event: right in most ways."""
        state, random = self.state, self.random
        base = state
        if not self.logs and self.chance(0.2):
            base = self.earlier() or state
        last = base.spine[-1]
        document = base.highest[last.statement]
        details: Obj = {"reason": ""}
        if action == "proposed":
            details = self.proposing()
        elif action == "terminated":
            details = {"reason": "", "effective_on": random.choice([None, moment(random.randint(0, 4000))])}
        elif action == "commented":
            details = {"path": None, "text": "x", "on_behalf_of": None}
        tries = random.sample(self.actors(), 13) if len(self.actors()) > 13 else self.actors()
        random.shuffle(tries)
        best: tuple[Person, Obj] | None = None
        for person in tries:
            event = self.draft(base, person, action, dict(details), document)
            if event is None:
                continue
            best = best or (person, event)
            if base.broken(self.event_of(person.event(**event), None)) is None:
                best = (person, event)
                break
        if best is not None:
            person, event = best
            spoil(event, self.envelopes, random)
            self.add(person.event(**event))

    def earlier(self) -> State | None:
        """The state after fewer events, to grow a rival from."""
        early = State(self.world, logless=True)
        for env in self.envelopes[: self.random.randint(1, len(self.envelopes))]:
            event = self.known[statement_digest(env)]
            if early.broken(event) is None:
                early.apply(event)
        return early if early.spine else None

    def proposing(self) -> Obj:
        """Details of a proposal."""
        reply_by = self.random.choice([None, None, moment(self.clock + self.random.randint(1, 400))])
        return {"reply_by": reply_by, "note": "", "on_behalf_of": None}

    def draft(self, base: State, person: Person, action: str, details: Obj, document: Obj) -> Obj | None:
        """What this person would sign."""
        last = base.spine[-1]
        proposal = base.proposals[-1] if base.proposals else None
        on, sequence, after = last, last.env["sequence"] + 1, list[str]()
        if action in DECISIONS:
            if proposal is None:
                return None
            on, sequence, document = (
                proposal.event,
                proposal.event.env["sequence"],
                proposal.event.env["document"],
            )
        if action == "commented":
            sequence = last.env["sequence"]
        elif action == "proposed":
            if "on_behalf_of" in details and person is self.operator:
                details["on_behalf_of"] = base.created["details"]["on_behalf_of"]
            document = self.draft_document(base, person)
        elif action in ("withdrawn", "terminated"):
            source = base.pending if action == "withdrawn" else base.in_force
            document = source.event.env["document"] if source else document
        elif action == "moved":
            details = self.moving()
        held = self.world.held(document)
        party = base.place(person.did, held) if held else None
        if action in SPINE and proposal is not None:
            after = [e.digest for e in proposal.decisions.values()]
        seated = action in DECISIONS and held is not None and party is not None
        if proposal is not None and held is not None and party is not None and seated:
            after, details = self.deciding(proposal, held.parties[party], action)
        elif action == "witnessed":
            return None
        if action in ("approved", "signed"):
            details = {}
        return {
            "action": action, "details": details, "document": document, "previous": on.digest, "sequence": sequence,
            "after": sorted(set(after)), "party": party, "contract": CONTRACT, "occurred_at": moment(self.clock),
            "seen": {"checkpoint": None, "block": self.seen()},
        }  # fmt: skip

    @staticmethod
    def deciding(proposal: Proposal, seat: Obj, action: str) -> tuple[list[str], Obj]:
        """`after` and details of a party's decision."""
        lower = proposal.lower(seat["step"] or 0)
        after = [proposal.decisions[at].digest for at in lower if at in proposal.decisions]
        if action != "witnessed":
            return after, {"reason": ""}
        signer = proposal.decisions.get(seat["witness_of"]) if seat["witness_of"] is not None else None
        signature = signer.digest if signer else digest("none")
        return [signature], {"signature": signature}

    def seen(self) -> Obj | None:
        """The block that a signer may have seen; now and then one of another chain."""
        if self.chance(0.5):
            return None
        number = max(1, self.clock // 30 - self.random.randint(0, 3))
        real = sha(b"%d" % number).hex()
        return {"chain": CHAIN, "number": number, "hash": real if self.chance(0.9) else "66" * 32}

    def moving(self) -> Obj:
        """Details of a move to the next log."""
        other = Log("two", self.operator)
        old = self.logs[-1] if self.logs else None
        checkpoint = None
        if old is not None:
            size = len(old.leaves) - self.random.choice([0, 0, 0, 1])
            checkpoint = {"origin": old.origin, "size": size, "root": old.root(size).hex()}
        log = None if self.chance(0.05) else {"vkey": other.vkey, "operator": self.operator.did}
        return {"log": log, "checkpoint": None if self.chance(0.05) else checkpoint}

    def draft_document(self, base: State, person: Person) -> Obj:
        """The revision that a proposal would bring; an amendment keeps the signers mostly."""
        top = base.highest[base.spine[-1].statement]
        keep = base.in_force.held if base.in_force else None
        if keep is not None and "content" in keep.entry and self.chance(0.8):
            content = dict(keep.entry["content"], revision=top["revision"] + 1, supersedes=top["root"])
            content["title"] = self.random.choice("DEF")
            witnessed = {p["witness_of"] for p in content["parties"]}
            content["parties"] = [self.renew(p, at in witnessed) for at, p in enumerate(content["parties"])]
            return self.keep(content)
        return self.write(top["revision"] + 1, top["root"], person if self.chance(0.9) else None)

    def renew(self, party: Obj, witnessed: bool) -> Obj:
        """A party as it stands in an amendment."""
        keys = self.state.heirs(party["key"])
        if keys and self.chance(0.7):
            party = dict(party, key=keys[-1], next=None)
            if not party["did"].startswith("did:web:"):
                party["did"] = f"did:key:{keys[-1]}"
        if party["role"] == "signer" and not witnessed and self.chance(0.1):
            return dict(party, role="leaver")
        return party

    def event_of(self, env: Obj, index: int | None) -> Event:
        """As the replay takes it."""
        name = digest(env)
        self.same.setdefault(name, statement_digest(env))
        at = len(self.logs) - 1 + (env["action"] == "moved")
        return Event(env, name, self.same[name], None if at < 0 else at, index)

    def put(
        self, actor: Person, action: str, details: Obj, document: Obj, previous: str | None, sequence: int,
        after: list[str],
    ) -> None:  # fmt: skip
        """The first event."""
        held = self.world.held(document)
        party = next((at for at, p in enumerate(held.parties if held else ()) if p["did"] == actor.did), None)
        env = actor.event(
            action, details, document=document, previous=previous, sequence=sequence, after=after, party=party,
            contract=CONTRACT, occurred_at=moment(self.clock),
        )  # fmt: skip
        self.genesis = statement_digest(env)
        self.add(env)

    def add(self, env: Obj) -> None:
        """File it, mostly log it, and let it count in the story."""
        if digest(env) in {digest(one) for one in self.envelopes}:
            return
        event = self.event_of(env, len(self.envelopes))
        self.known[event.statement] = event
        self.envelopes.append(env)
        if len(self.envelopes) > 1 and self.logs and self.chance(0.04):
            return
        counts = self.state.broken(event) is None
        if (
            env["action"] == "moved"
            and (counts or self.chance(0.2))
            and not any(log.vkey == Log("two", self.operator).vkey for log in self.logs)
        ):
            self.logs.append(Log("two", self.operator))
            self.logs[-1].stuff(b"two")
            self.state.logless = False
        if self.logs:
            self.logs[-1].add(env, self.genesis)
            self.state.last = (len(self.logs) - 1, self.logs[-1].index.get(digest(env), 0))
        if counts:
            self.state.apply(event)
