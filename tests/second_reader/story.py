"""Made-up stories: mostly what an honest program writes, with faults of every kind strewn in."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from .canonical import Obj, digest, sha
from .damage import moment, spoil
from .documents import Held, hold, statement_digest
from .forge import CHAIN, Log, Person, seal
from .forms import DECISIONS, SPINE
from .proofs import event_of
from .standing import Event, Proposal, World
from .state import State
from .texts import own_key

CONTRACT = "6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12"
ATTACHED = (b"one plan", b"another plan")
ROLES = ("signer", "signer", "signer", "approver", "witness", "viewer", "leaver")


class Story:
    """What people sign and when, made from one number."""

    def __init__(self, number: int) -> None:
        self.random = Random(number)
        kinds = ["ed25519", "ed25519", "ed25519", "secp256k1", "account"]
        if self.chance(0.3):
            kinds[4] = "contract"
        length = self.random.choice([1, 64, 66, 4096, 4097, 0])
        self.people = [Person(f"person {at}", None, kind, length) for at, kind in enumerate(kinds)]
        self.people.append(Person("web", "did:web:example.com"))
        self.impostor = Person("impostor", "did:web:example.com")
        self.operator, self.stranger = Person("operator"), Person("stranger")
        self.with_log = self.chance(0.6)
        self.logs = [Log("one", self.operator)] if self.with_log else []
        self.foreign: list[Log] = []
        self.made = 1
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
        self.next_log = Log("never", self.operator)
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
            "terms": ["One.", "Two."][: random.randint(0, 2)], "attachments": self.attach(), "variables": [],
        }  # fmt: skip
        return self.keep(content)

    def attach(self) -> list[Obj]:
        """Attachments, seldom of another size than the document says."""
        chosen = [data for data in ATTACHED if self.chance(0.1)]
        return [
            {
                "name": "plan", "media_type": "text/plain", "size": len(data) + self.chance(0.05),
                "sha256": sha(data).hex(),
            }
            for data in chosen
        ]  # fmt: skip

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
        if self.logs and self.chance(0.1):
            self.end_key()
        self.put(actor, "created", {"log": log, "on_behalf_of": account}, ref, None, 0, [])
        for _ in range(random.randint(2, 14)):
            self.clock += random.randint(1, 120)
            self.meanwhile()
            action = self.choose()
            if self.state.spine and (action != "moved" or (self.chance(0.6) and len(self.logs) < 4)):
                self.next_event(action)

    def meanwhile(self) -> None:
        """What else happens: strangers' leaves, ended keys, log keys handed over, strangers' events."""
        if self.logs and self.chance(0.2):
            self.logs[-1].stuff(b"%d" % self.clock)
        if self.chance(0.06):
            self.end_key()
        if self.logs and self.chance(0.04) and len(self.logs) < 4:
            self.hand_over()
        if self.chance(0.06):
            self.intrude()

    def new_log(self, operator: Person) -> Log:
        """A log that nobody has used."""
        self.made += 1
        log = Log(f"log-{self.made}", operator)
        for at in range(self.random.randint(0, 2)):
            log.stuff(b"%d of %d" % (at, self.made))
        return log

    def hand_over(self) -> None:
        """The operator (or somebody else) says that another key succeeds the log's."""
        old = self.logs[-1]
        log = self.new_log(old.operator)
        heard = self.chance(0.8)
        statement = old.state(log.vkey, None if heard else self.stranger)
        if self.chance(0.9):
            old.add(statement, self.genesis)
            if heard and self.state.spine:
                self.enter(log)
                return
        self.foreign.append(log)

    def enter(self, log: Log) -> None:
        """Go on in another log."""
        self.logs.append(log)
        self.state.vkeys = [*self.state.vkeys, log.vkey]
        self.state.logless = False

    def intrude(self) -> None:
        """Somebody who takes no part signs something, and has a log for it."""
        if not self.state.spine:
            return
        log = self.new_log(self.stranger)
        last = self.state.spine[-1]
        action = self.random.choice(["moved", "moved", "proposed", "terminated", "commented"])
        details: Obj = {"reason": "", "effective_on": None}
        if action == "moved":
            details = {"log": {"vkey": log.vkey, "operator": self.stranger.did}, "checkpoint": None}
        elif action == "proposed":
            details = {"reply_by": None, "note": "", "on_behalf_of": None}
        elif action == "commented":
            details = {"path": None, "text": "x", "on_behalf_of": None}
        document = self.state.highest[last.statement]
        if action == "proposed" and self.chance(0.7):
            document = self.write(document["revision"] + 1, document["root"], self.stranger)
        event = self.stranger.event(
            action, details, document=document, previous=self.random.choice([last.digest, "55" * 32]),
            sequence=last.env["sequence"] + (action != "commented"), after=[], party=None, contract=CONTRACT,
            occurred_at=moment(self.clock),
        )  # fmt: skip
        self.file_event(event)
        log.add(event, self.genesis)
        self.foreign.append(log)
        if self.logs and self.chance(0.3):
            self.logs[-1].add(event, self.genesis)

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
        """End a key, by itself, by its successor or by a stranger; mostly in the log."""
        person = self.random.choice([*self.people, self.stranger])
        heir = self.heir(person)
        signer = self.random.choice([person, person, heir, self.stranger])
        if own_key(signer.did) is None:
            signer = heir
        one = signer.state(
            "KeyEnd", key=person.key, successor=self.random.choice([None, heir.key, heir.key]), reason="",
            occurred_at=moment(self.clock),
        )  # fmt: skip
        if one not in self.key_ends:
            self.key_ends.append(one)
            if self.logs and self.chance(0.7):
                self.logs[-1].add(one, self.genesis)
                self.state.end_key(one, signer.key)
            if len(self.logs) > 1 and self.chance(0.2):
                self.logs[-2].add(one, self.genesis)

    def actors(self) -> list[Person]:
        """All who may act, successors included."""
        return [*self.people, *self.heirs.values(), self.operator, self.impostor]

    def next_event(self, action: str) -> None:
        """One more event: right in most ways."""
        state, random = self.state, self.random
        base = state
        if not self.logs and self.chance(0.3):
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
        tries = random.sample(self.actors(), min(len(self.actors()), 10))
        random.shuffle(tries)
        best: tuple[Person, Obj] | None = None
        for person in tries:
            event = self.draft(base, person, action, dict(details), document)
            if event is None:
                continue
            best = best or (person, event)
            if base.broken(self.event_of(person.draft(**event))) is None:
                best = (person, event)
                break
        if best is not None:
            person, event = best
            spoil(event, self.envelopes, random)
            self.add(person.event(**event), person)

    def earlier(self) -> State | None:
        """The state after fewer events, to grow a rival from."""
        early = State(self.world, logless=True)
        for env in self.envelopes[: self.random.randint(1, len(self.envelopes))]:
            event = self.known[event_of(env)]
            if not early.spine:
                if not early.opens(event):
                    return None
                early.apply(event)
            elif event.action != "created" and early.broken(event) is None:
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
        party = (
            base.place(self.event_of(person.draft("signed", {}, **_blank(document))), held) if held else None
        )
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
        """Details of a move to the next log, seldom to one that was left."""
        operator = self.random.choice([self.operator, self.operator, self.people[0]])
        other = self.next_log = self.new_log(operator)
        if self.logs and self.chance(0.08):
            other = self.random.choice(self.logs)
        old = self.logs[-1] if self.logs else None
        checkpoint = None
        if old is not None and self.chance(0.9):
            size = len(old.leaves) - self.random.choice([0, 0, 0, 1])
            checkpoint = {"origin": old.origin, "size": size, "root": old.root(size).hex()}
        log = None if self.chance(0.04) else {"vkey": other.vkey, "operator": operator.did}
        return {"log": log, "checkpoint": checkpoint}

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

    def event_of(self, env: Obj) -> Event:
        """As the replay takes it, without a place."""
        name = digest(env)
        self.same.setdefault(name, event_of(env))
        return Event(env, name, self.same[name])

    def put(
        self, actor: Person, action: str, details: Obj, document: Obj, previous: str | None, sequence: int,
        after: list[str],
    ) -> None:  # fmt: skip
        """The first event."""
        held = self.world.held(document)
        party = next((at for at, p in enumerate(held.parties if held else ()) if p["did"] == actor.did), None)
        if self.chance(0.03):
            party = None if party is not None else 0
        env = actor.event(
            action, details, document=document, previous=previous, sequence=sequence, after=after, party=party,
            contract=CONTRACT, occurred_at=moment(self.clock),
        )  # fmt: skip
        self.genesis = statement_digest(env)
        event = self.file_event(env)
        if self.logs:
            if self.chance(0.96):
                self.logs[0].add(env, self.genesis)
            self.state.vkeys = [self.logs[0].vkey]
        if self.state.opens(event):
            self.state.apply(event)

    def file_event(self, env: Obj) -> Event:
        """Put an envelope among those of the story."""
        event = self.event_of(env)
        if digest(env) not in {digest(one) for one in self.envelopes}:
            self.known.setdefault(event.statement, event)
            self.envelopes.append(env)
        return event

    def add(self, env: Obj, person: Person) -> None:
        """File it, mostly log it, and let it count in the story."""
        event = self.file_event(env)
        if self.chance(0.06):
            self.twin(env, person)
        if self.logs and self.chance(0.06):
            return
        counts = env["action"] != "created" and self.state.broken(event) is None
        if not self.logs:
            if counts:
                self.state.apply(event)
            if env["action"] == "moved" and (counts or self.chance(0.5)) and self.chance(0.85):
                self.open_door(env, event, counts)
            return
        old = self.logs[-1]
        old.add(env, self.genesis)
        if len(self.logs) > 1 and self.chance(0.06):
            self.random.choice(self.logs[:-1]).add(env, self.genesis)
        if not counts:
            return
        self.state.apply(replace(event, log=len(self.logs) - 1, index=old.index.get(event.digest)))
        if env["action"] == "moved" and env["details"]["log"]["vkey"] == self.next_log.vkey:
            self.file_away(self.next_log)
            if self.chance(0.93):
                self.next_log.add(env, self.genesis)
            self.enter(self.next_log)

    def open_door(self, env: Obj, event: Event, counts: bool) -> None:
        """A `moved` of a record without a log gets its leaf in the log that it names."""
        log = env["details"]["log"]
        if log is None or log["vkey"] != self.next_log.vkey:
            return
        self.file_away(self.next_log)
        self.next_log.add(env, self.genesis)
        if counts:
            self.enter(self.next_log)
        else:
            self.foreign.append(self.next_log)

    def file_away(self, log: Log) -> None:
        """Leaves in front of an opening leaf: who runs a log can make them before the record comes."""
        for one in self.random.sample(self.envelopes, min(len(self.envelopes), 3)):
            if self.chance(0.06):
                log.add(one, self.genesis)
        for one in self.key_ends:
            if self.chance(0.2):
                log.add(one, self.genesis)

    def twin(self, env: Obj, person: Person) -> None:
        """Another envelope of the same statement: by the same key, or by the impostor's."""
        other = self.impostor if person.did == self.impostor.did and self.chance(0.5) else person
        twin = other.again(env, b"%d" % self.clock)
        self.file_event(twin)
        if self.logs and self.chance(0.3):
            self.random.choice(self.logs).add(twin, self.genesis)


def _blank(document: Obj) -> Obj:
    """Members that say nothing, for a draft that only its signer matters of."""
    return {
        "document": document, "previous": None, "sequence": 0, "after": [], "party": None, "contract": CONTRACT,
        "occurred_at": moment(0),
    }  # fmt: skip
