"""Section 6: the chain of a contract's logs, found hand in hand with the replay; places, anchors, contract accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .canonical import Obj, digest, sha
from .evidence import File
from .facts import Checks, Trust
from .logs import Section, Signed, heard_statement
from .proofs import Undecided
from .replay import Doors, LoggedKeyEnd, Outcome, opening_event, replay_logged, replay_logless
from .standing import Event, World
from .state import MOST_LOGS, State

MOST_DOORS = 2
NEVER = 2**60
"""The index of an opening leaf that is not proven: no leaf is behind it."""


@dataclass
class Link:
    """A log of the contract: its section, operator, and the indexes of its opening leaf (-1: none) and closing leaf."""

    section: Section
    operator: str
    opening: int = -1
    closing: int | None = None
    succeeded: bool = False
    """Whether a LogStatement led here."""
    anchors: list[Obj] = field(default_factory=list)
    """Matched anchors: {size, time, chain, public, final}."""

    def first_anchor(self, index: int) -> Obj | None:
        """The first anchor above an index: the earliest, then the smallest, then a public one."""
        above = [a for a in self.anchors if a["size"] > index]
        return min(above, key=lambda a: (a["time"], a["size"], not a["public"]), default=None)

    def heard(self, signed: Signed) -> list[Obj]:
        """The LogStatements that are heard and have their leaf in this log, in the order of the file."""
        return [
            one
            for one in self.section.entry["statements"]
            if heard_statement(self.section, self.operator, one, signed)
            and digest(one) in self.section.leaves
        ]


@dataclass
class Chain:
    """The contract's logs in order, and whether the record went on to one that the file has no section of."""

    links: list[Link] = field(default_factory=list)
    lost: bool = False
    anchor_checks: Checks = field(default_factory=Checks)
    refused: set[str] = field(default_factory=set)
    """Events whose account's contract says no."""
    answers: dict[str, str] = field(default_factory=dict)
    """passed, failed or undecided for each event whose account's contract is asked."""
    has_log: bool = False

    def place(self, name: str, *, event: bool = True) -> tuple[int, int] | None:
        """The first log that holds an object, and the index there; leaves behind a closing leaf are set aside, and of
        events those in front of an opening leaf."""
        for at, link in enumerate(self.links):
            index = link.section.leaves.get(name)
            before = index is not None and event and index < link.opening
            if index is not None and not before and (link.closing is None or index <= link.closing):
                return at, index
        return None

    def first_anchor(self, place: tuple[int, int] | None) -> Obj | None:
        """The first anchor above a place."""
        return self.links[place[0]].first_anchor(place[1]) if place else None


class Tracer:
    """Follows a record from log to log."""

    def __init__(
        self, file: File, signed: Signed, world: World, asked: Mapping[str, tuple[Undecided, str]],
        sections: Sequence[Section], trust: Trust,
    ) -> None:  # fmt: skip
        self.file, self.signed, self.world, self.asked = file, signed, world, asked
        self.sections, self.trust = {s.entry["vkey"]: s for s in sections}, trust
        self.genesis = file.genesis

    def trace(self) -> tuple[Chain, Outcome]:
        """The chain and what the replay gives."""
        events = self._events(Chain())
        opened = [env for name, env in self.signed.formed.items() if self._is_genesis(name)]
        opened = [env for env in opened if env["action"] == "created"]
        log = opened[0]["details"]["log"] if opened else None
        if opening_event(self.world, events, self.genesis) is None:
            return Chain(has_log=log is not None), Outcome(State(self.world, logless=True))
        if log is None:
            return self._through_a_door(events)
        section = self.sections.get(log["vkey"])
        if section is None:
            return Chain(lost=True, has_log=True), Outcome(State(self.world, logless=False))
        placed = [
            replace(e, log=0, index=section.leaves[e.digest]) for e in events if e.digest in section.leaves
        ]
        created = opening_event(self.world, placed, self.genesis)
        opening = created.index if created is not None and created.index is not None else -1
        link = Link(section, log["operator"], opening)
        chain = Chain([link], has_log=True)
        return chain, self._follow(chain, None)

    def _statement(self, name: str) -> str:
        return self.world.same[name]

    def _is_genesis(self, name: str) -> bool:
        return self._statement(name).partition("#")[0] == self.genesis

    def _counts_as(self, name: str, statement: str) -> bool:
        """Whether this is an envelope of the event whose signature does not fail."""
        return name in self.signed.events and self._statement(name) == statement

    def _events(self, chain: Chain) -> list[Event]:
        found = []
        for name, env in self.signed.events.items():
            if name not in chain.refused:
                log, index = chain.place(name) or (None, None)
                passes = name in self.signed.native or chain.answers.get(name) == "passed"
                found.append(Event(env, name, self._statement(name), log, index, passes))
        return found

    def _key_ends(self, chain: Chain) -> list[LoggedKeyEnd]:
        placed = [(one, chain.place(digest(one), event=False)) for one in self.file.key_ends]
        return [
            LoggedKeyEnd(one, *place)
            for one, place in placed
            if place is not None and self.signed.statements[digest(one)] is True
        ]

    # Without a log, and the door

    def _through_a_door(self, events: list[Event]) -> tuple[Chain, Outcome]:
        fitting: dict[str, tuple[Chain, Outcome]] = {}
        opener = opening_event(self.world, events, self.genesis)
        tried = [(section, door) for section in self.sections.values() for door in self._doors(section)]
        tried = [(s, door) for s, door in tried if opener and _signer(self.world, door) == _of(opener)]
        for section, door in tried if len(tried) <= MOST_DOORS else []:
            chain, out = self._try(events, section, door)
            if out.door is not None:
                fitting[door] = (chain, out)
        for door in fitting:
            if all(other == door or self._stands_on(other, door) for other in fitting):
                chain, out = fitting[door]
                chain.lost = chain.lost or self._passes_by(out)
                return chain, out
        out = replay_logless(self.world, events, self.genesis)
        lost = self._passes_by(out)
        return Chain(lost=lost, has_log=lost), out

    @staticmethod
    def _passes_by(out: Outcome) -> bool:
        """Whether a `moved` that counts has no leaf: the record has been in a log that the file shows nothing of."""
        door = None if out.door is None else out.door.statement
        return any(
            event.action == "moved" and event.log is None and event.statement != door
            for event in out.state.spine
        )

    def _stands_on(self, statement: str, other: str) -> bool:
        """Whether an event stands on another by `previous`, in any number of steps."""
        met: set[str] = set()
        at: str | None = statement
        while at is not None and at not in met and at in self.world.events:
            met.add(at)
            at = self.world.statement(self.world.events[at].env["previous"])
            if at == other:
                return True
        return False

    def _doors(self, section: Section) -> frozenset[str]:
        """The `moved` statements that name this log, have a leaf in it and pass without asking a contract."""
        return frozenset(
            self._statement(name)
            for name in section.leaves
            if name in self.signed.events and self._leads_to(self._statement(name), section)
        )

    def _leads_to(self, statement: str, section: Section) -> bool:
        event = self.world.events[statement]
        log = event.env["details"]["log"] if event.action == "moved" else None
        native = any(self._statement(name) == statement for name in self.signed.native)
        return native and log is not None and log["vkey"] == section.entry["vkey"]

    def _opening(self, section: Section, statement: str) -> int | None:
        found = [index for name, index in section.leaves.items() if self._counts_as(name, statement)]
        return min(found, default=None)

    def _try(self, events: list[Event], section: Section, into: str) -> tuple[Chain, Outcome]:
        """The walk with the log behind one door taken for the contract's."""
        opening = self._opening(section, into)
        assert opening is not None
        operator = self.world.events[into].env["details"]["log"]["operator"]
        found = Chain()

        def enter(out: Outcome, door: Event) -> Outcome:
            nonlocal found
            found = Chain([Link(section, operator, opening)], has_log=True)
            return self._follow(found, out)

        leafed = frozenset(
            self._statement(name)
            for name, index in section.leaves.items()
            if name in self.signed.events and index >= opening
        )
        out = replay_logless(self.world, events, self.genesis, Doors(frozenset({into}), leafed, enter))
        return found, out

    def _let_in(self, moved: str, section: Section) -> bool:
        """Whether a section has the text of a proof of a `moved` that leads there, be it a proof that holds or not."""
        texts = section.entry["proofs"]
        return self._leads_to(moved, section) and any(self._counts_as(name, moved) for name in texts)

    # From log to log

    def _follow(self, chain: Chain, start: Outcome | None) -> Outcome:
        """Replay, and go on as far as the record does; the chain grows with it."""
        while True:
            self._anchor(chain)
            vkeys = [link.section.entry["vkey"] for link in chain.links]
            events = self._events(chain)
            # What an account's contract has refused takes no part, so nothing can name it either.
            found = {e.statement: e for e in sorted(events, key=lambda e: e.digest, reverse=True)}
            world = replace(self.world, events=found)
            begun = start.copy() if start else None
            if begun is not None:
                begun.state.world = world
            out = replay_logged(world, events, self._key_ends(chain), self.genesis, vkeys, begun)
            last = chain.links[-1]
            if last.closing is not None:
                return out
            leaving = self._leaving(chain, out)
            if leaving is None:
                return out
            last.closing, vkey, operator, moved = leaving
            section = self.sections.get(vkey)
            if section is None or (moved is not None and not self._let_in(moved, section)):
                chain.lost = True
            elif moved is None:
                chain.links.append(Link(section, operator, succeeded=True))
            else:
                opening = self._opening(section, moved)
                chain.links.append(Link(section, operator, NEVER if opening is None else opening))

    def _leaving(self, chain: Chain, out: Outcome) -> tuple[int, str, str, str | None] | None:
        """Index of the closing leaf, vkey and operator of the next log, and the `moved` that leads there."""
        at, link = len(chain.links) - 1, chain.links[-1]
        been = {one.section.entry["vkey"] for one in chain.links}
        found: list[tuple[int, str, str, str | None]] = []
        for event in out.state.spine:
            if event.action == "moved" and event.log == at and event.index is not None:
                log = event.env["details"]["log"]
                found.append((event.index, log["vkey"], log["operator"], event.statement))
        begun = bool(out.state.spine) and len(chain.links) < MOST_LOGS
        for one in link.heard(self.signed) if begun else ():
            index = link.section.leaves[digest(one)]
            if one["successor"] is not None and one["successor"] not in been and index > link.opening:
                found.append((index, one["successor"], link.operator, None))
        return min(found, key=lambda one: one[0], default=None)

    # Anchors and accounts

    def _anchor(self, chain: Chain) -> None:
        """Match the anchors anew, and ask the accounts' contracts at the blocks that follow."""
        chain.anchor_checks = Checks()
        for link in chain.links:
            link.anchors = []
        if chain.has_log:
            for anchor in self.file.anchors:
                self._match(chain, anchor, chain.anchor_checks)
        chain.answers = {name: self._ask(chain, name) for name in self.asked if name in self.signed.events}
        chain.refused = {name for name, answer in chain.answers.items() if answer == "failed"}

    def _match(self, chain: Chain, anchor: Obj, checks: Checks) -> None:
        size, root = anchor["size"], bytes.fromhex(anchor["root"])
        named = [(link, self._ledger(link, anchor)) for link in chain.links]
        anchored = [(link, ledger) for link, ledger in named if ledger is not None]
        fitting = [(link, ledger) for link, ledger in anchored if root in link.section.roots.get(size, ())]
        if not fitting:
            other = any(size in link.section.roots for link, _ in anchored)
            checks.add(
                "ANCHOR-MATCH", "failed" if other else "not_checked", counts="altered" if other else None
            )
            return
        link, ledger = fitting[0]
        facts = self.trust.chain(anchor["chain"], ledger["genesis_block"])
        codes = {c["address"]: c["code"] for c in facts["code"]} if facts else {}
        if facts is None or anchor["ledger"] not in codes:
            checks.add("ANCHOR-LEDGER", "not_checked")
        elif codes[anchor["ledger"]] is None:
            checks.add("ANCHOR-LEDGER", "not_checked")
            checks.add("ANCHOR-MATCH", "not_checked")
            return
        elif codes[anchor["ledger"]] != ledger["code"]:
            checks.add("ANCHOR-LEDGER", "failed", counts="altered")
            return
        answer = _answer(facts, anchor)
        if facts is None or answer is None or answer["root"] is None:
            checks.add("ANCHOR-MATCH", "pending" if answer else "not_checked")
            return
        if answer["root"] != anchor["root"]:
            checks.add("ANCHOR-MATCH", "failed", counts="altered")
            return
        final = self.trust.final(facts, answer["block"])
        public = self.trust.public(anchor["chain"]) is not None
        known = {"size": size, "time": answer["time"], "chain": anchor["chain"]}
        link.anchors.append({**known, "public": public, "final": final})
        checks.add("ANCHOR-FINAL", "passed" if final else "pending")

    def _ledger(self, link: Link, anchor: Obj) -> Obj | None:
        """The ledger of the last LogStatement that says this log is anchored there."""
        parts = ("chain", "ledger", "log_id")
        ledgers = [ledger for one in link.heard(self.signed) for ledger in one["ledgers"]]
        fitting = [ledger for ledger in ledgers if all(ledger[part] == anchor[part] for part in parts)]
        return fitting[-1] if fitting else None

    def _ask(self, chain: Chain, name: str) -> str:
        """ERC-1271: the account's own chain, at the block of the first anchor and at the one seen."""
        asked, key = self.asked[name]
        facts = self.trust.chain(key.rpartition(":")[0])
        signature = sha(asked.signature).hex()
        answers = {
            fact["block"]: fact
            for fact in (facts["erc1271"] if facts else [])
            if (fact["account"], fact["digest"], fact["signature"]) == (key, asked.message.hex(), signature)
        }
        found = [
            answers.get(block) if block is not None else None for block in self._blocks(chain, name, key)
        ]
        if all(fact is not None and fact["valid"] for fact in found):
            return "passed"
        return "failed" if all(fact is not None and not fact["has_code"] for fact in found) else "undecided"

    def _blocks(self, chain: Chain, name: str, key: str) -> list[int | None]:
        """The blocks at which an account's contract is asked; None: the facts do not hold it."""
        ref, name_of_chain = self.signed.formed[name]["seen"]["block"], key.rpartition(":")[0]
        facts = self.trust.chain(name_of_chain)
        anchor = chain.first_anchor(chain.place(name))
        known = [
            b["number"] for b in (facts["blocks"] if facts else []) if anchor and b["time"] <= anchor["time"]
        ]
        seen = [ref["number"]] if ref and ref["chain"] == name_of_chain else []
        return [max(known, default=None), *seen]


def _signer(world: World, statement: str) -> tuple[str, str | None]:
    return _of(world.events[statement])


def _of(event: Event) -> tuple[str, str | None]:
    """Who signed an event: the DID and the key."""
    return event.actor, event.key


def _answer(facts: Obj | None, anchor: Obj) -> Obj | None:
    asked = ("ledger", "log_id", "size")
    found = (
        a for a in (facts["anchored"] if facts else []) if all(a[name] == anchor[name] for name in asked)
    )
    return next(found, None)
