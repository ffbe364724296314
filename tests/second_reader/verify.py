"""Section 9: verify_evidence, in the order of work that the section gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import forms
from .canonical import Obj, Refused, digest, sha
from .evidence import read
from .facts import Trust, latest
from .intake import Intake
from .logs import check_anchors, check_consistency, read_section, sections_of
from .replay import LoggedKeyEnd, Outcome, replay_logged, replay_logless, replay_moved
from .standing import Event, World
from .tail import Tail, look
from .texts import own_key


@dataclass(frozen=True)
class Report:
    """The part of a report that two verifiers must agree on."""

    verdict: str
    state: str | None
    as_of: str | None
    tail: str
    open_items: Sequence[str]
    failed: Sequence[str]
    undecided: Sequence[str]
    void: Sequence[tuple[str, str]]
    first_bad: str | None
    windows: Mapping[str, tuple[str | None, str | None]]
    """not before and not after, by envelope digest"""


def exit_code(report: Report, require: Sequence[str] = ()) -> int:
    """What a command line answers."""
    if report.verdict in ("no_proof", "altered", "incomplete"):
        return 1
    return 2 if report.verdict != "verified" or set(require) & set(report.open_items) else 0


def verify_evidence(data: bytes, facts: Obj, trust: Obj, now: str) -> Report:
    """Verify a file: pure, and total over bytes."""
    try:
        file = read(data)
    except Refused:
        return Report("no_proof", None, None, "not_known", (), ["FILE-PARSE"], (), (), None, {})
    return _Verifier(file, Trust(facts, trust), now).report()


class _Verifier(Intake):
    def report(self) -> Report:
        """Do all the work."""
        if not self.file.whole:
            self.checks.add("FILE-DIGEST", "failed", counts="altered")
        self._form()
        self._documents()
        self._signatures()
        self.sections = sections_of(self.file, self.signed, self.checks)
        for section in self.sections:
            read_section(section, self.file, self.signed, self.checks)
            check_consistency(section, self.trust, self.checks)
        self._find_log()
        # The anchors of a record without a log are nobody's.
        anchored = self.has_log and check_anchors(
            self.file, self.sections, self.signed, self.trust, self.checks
        )
        self._accounts()
        self._replay()
        self._gaps()
        self._bind()
        self._windows()
        logs = self.sections if self.has_log else []
        tail = look(self.file, logs, self.signed, self.trust, self.out.state, self.in_file)
        if tail.state == "later":
            self.checks.add("TAIL", "failed", counts="incomplete")
        return self._close(anchored, tail)

    # Steps 9, 5 and 6

    def _leaf(self, name: str) -> tuple[int, int] | None:
        return next(((s.at, s.leaves[name]) for s in self.sections if name in s.leaves), None)

    def _moment(self, name: str, env: Obj, leaf: tuple[int, int] | None) -> str:
        anchor = self.sections[leaf[0]].first_anchor(leaf[1]) if leaf else None
        if anchor is not None:
            return str(anchor["time"])
        received = [
            receipt["received_at"]
            for section in self.sections
            for receipt in section.entry["receipts"]
            if self.same.get(receipt["envelope"]) == self.same[name]
            and receipt["actor"] == section.operator
            and self.signed.statements[digest(receipt)]
        ]
        return str(min(received, default=env["occurred_at"]))

    def _find_log(self) -> None:
        """Whether the record has a log: by `created`, or since the first `moved` that has its leaf."""
        named = [env for name, env in self.signed.formed.items() if self.same[name] == self.file.genesis]
        opened = named[0] if named else None
        self.logged = opened["details"]["log"] is not None if opened else bool(self.sections)
        moved = [name for name, env in self.signed.events.items() if env["action"] == "moved"]
        leaves = [(*leaf, name) for name in moved if (leaf := self._leaf(name)) is not None]
        self.first_moved = min(leaves)[-1] if leaves else None
        self.has_log = self.logged or self.first_moved is not None

    def _accounts(self) -> None:
        self.refused: set[str] = set()
        for name in self.asked:
            if name in self.signed.events:
                self._ask(name)
            else:
                self.checks.add("SIG-ACTOR", "undecided", name)

    def _replay(self) -> None:
        for name, env in self.signed.events.items():
            if name in self.refused:
                continue
            leaf = self._leaf(name)
            log, index = leaf or (None, None)
            self.events[name] = Event(env, name, self.same[name], log, index, self._moment(name, env, leaf))
        by_statement = {
            e.statement: e for e in sorted(self.events.values(), key=lambda e: e.digest, reverse=True)
        }
        self.world = World(self.held, self.same, by_statement)
        ends = [
            LoggedKeyEnd(one, *leaf)
            for one in self.file.key_ends
            if (leaf := self._leaf(digest(one))) is not None and self.signed.statements[digest(one)]
        ]
        self.created = by_statement.get(self.file.genesis)
        events, genesis = list(self.events.values()), self.file.genesis
        if self.logged:
            out = replay_logged(self.world, events, ends, genesis)
        elif self.first_moved is not None:
            out = replay_moved(self.world, events, ends, genesis, self.events[self.first_moved])
        else:
            out = replay_logless(self.world, events, genesis)
        self.out: Outcome = out
        self.broken = [event.digest for event, _ in out.void if event.statement == genesis]
        if not out.state.spine:
            out.void = []  # without a created event that counts nothing is judged
        for here, rivals in out.forks:
            self.checks.add("LIFE-FORK", "undecided", here.digest, "undecided")
            for rival in rivals:
                self.checks.add("LIFE-STATE", "undecided", rival.digest, "undecided")
        for event, rule in out.void:
            self.checks.add(rule, "failed", event.digest)
        self._unlogged_key_ends()

    def _unlogged_key_ends(self) -> None:
        pending = self.out.state.pending
        pins = {p["key"] for p in (pending.held.parties if pending and pending.held else ())}
        for one in self.file.key_ends:
            name = digest(one)
            valid = self.signed.statements[name] and self.out.state.ends(one, own_key(one["actor"]) or "")
            if self._leaf(name) is None and one["key"] in pins and valid:
                self.checks.add("KEY-END", "undecided", counts="undecided")

    def _ask(self, name: str) -> None:
        """ERC-1271: the account's own chain, at the block of the anchor and at the one seen."""
        asked, key = self.asked[name]
        chain = self.trust.chain(key.rpartition(":")[0])
        signature = sha(asked.signature).hex()
        answers = {
            fact["block"]: fact
            for fact in (chain["erc1271"] if chain else [])
            if (fact["account"], fact["digest"], fact["signature"]) == (key, asked.message.hex(), signature)
        }
        blocks = self._blocks(name, chain)
        found = [answers.get(block) if block is not None else None for block in blocks]
        if all(fact is not None and fact["valid"] for fact in found):
            self.checks.add("SIG-ACTOR", "passed", name)
        elif any(fact is not None and not fact["has_code"] for fact in found):
            self.refused.add(name)
            self.checks.add("SIG-ACTOR", "failed", name, "altered")
        else:
            self.checks.add("SIG-ACTOR", "undecided", name, "undecided")

    def _blocks(self, name: str, chain: Obj | None) -> list[int | None]:
        """The blocks at which an account's contract is asked; None: the facts do not hold it."""
        leaf, ref = self._leaf(name), self.formed[name]["seen"]["block"]
        anchor = self.sections[leaf[0]].first_anchor(leaf[1]) if leaf else None
        time = anchor["time"] if anchor else ""
        known = [b["number"] for b in (chain["blocks"] if chain else []) if b["time"] <= time]
        seen = [ref["number"]] if ref and chain and ref["chain"] == chain["chain"] else []
        return [max(known, default=None), *seen]

    def _could_count(self, event: Event) -> bool:
        if self.logged and event.log is None:
            return False
        known = {s.operator for s in self.sections} | {self.created.actor if self.created else None}
        parties = {p["did"] for held in self.held.values() for p in held.parties}
        heirs = {one["successor"] for one in self.file.key_ends if one["successor"]}
        return event.actor in known | parties or own_key(event.actor) in heirs

    def _gaps(self) -> None:
        if self.broken or self.file.genesis not in {self.same[name] for name in self.signed.formed}:
            name = self.broken[0] if self.broken else None
            self.checks.add("EVT-CHAIN", "failed", name, "incomplete")
        for name, event in self.events.items():
            if not self._could_count(event):
                continue
            env = event.env
            if env["previous"] is not None and env["previous"] not in self.in_file:
                self.checks.add("EVT-CHAIN", "failed", name, "incomplete")
            if any(one not in self.in_file for one in env["after"]):
                self.checks.add("EVT-AFTER", "failed", name, "incomplete")
            lacking = event.action == "proposed" and self.world.held(env["document"]) is None
            if lacking and name not in self.damaged:
                self.checks.add("EVT-CHAIN", "failed", name, "incomplete")

    def _bind(self) -> None:
        operators = {s.operator for s in self.sections}
        for event in self.out.state.counted.values():
            did = event.actor
            if own_key(did) is not None:
                continue
            key = self.out.state.pin(did, event.env["document"])
            key = key or event.env["proof"]["verificationMethod"].rpartition("#")[2]
            keys = [r["key"] for r in self.trust.facts["resolutions"] if r["did"] == did] or [
                r["key"] for r in self.file.resolutions
                if r["did"] == did and r["actor"] in operators and self.signed.statements[digest(r)]
            ]  # fmt: skip
            state = "passed" if key in keys else "failed" if keys else "not_checked"
            self.checks.add("KEY-BIND", state, event.digest, None if key in keys else "not_recognised")

    def _windows(self) -> None:
        self.windows: dict[str, tuple[str | None, str | None]] = {}
        for name, event in self.events.items():
            leaf = self._leaf(name) if self.has_log else None
            anchor = self.sections[leaf[0]].first_anchor(leaf[1]) if leaf else None
            after = latest(self._seen(one) for one in self._past(event))
            before = str(anchor["time"]) if anchor else None
            self.windows[name] = (after, before)
            ref = event.env["seen"]["block"]
            if ref is not None and self._seen(event) is None:
                named = any(t["chain"] == ref["chain"] for t in self.trust.trust["public_chains"])
                self.checks.add("TIME-SEEN", "failed" if named else "not_checked", name)
            if not self._testifies(event):
                self.checks.add("TIME-SEEN", "failed", name)
            if anchor is None or not anchor["public"]:
                self.checks.add("TIME-WINDOW", "not_checked", name)
            else:
                fits = _fits(event.env["occurred_at"], after, before)
                self.checks.add("TIME-WINDOW", "passed" if fits else "failed", name)

    def _testifies(self, event: Event) -> bool:
        """Whether the checkpoint that a signer saw is the one that the file proves, if it proves one of that size."""
        ref = event.env["seen"]["checkpoint"]
        if ref is None:
            return True
        own = [s for s in self.sections if s.key.origin == ref["origin"] and ref["size"] in s.roots]
        return all(bytes.fromhex(ref["root"]) in s.roots[ref["size"]] for s in own)

    def _seen(self, event: Event) -> str | None:
        ref = event.env["seen"]["block"]
        block = self.trust.block(ref) if ref else None
        return str(block["time"]) if block else None

    def _past(self, event: Event) -> list[Event]:
        found: dict[str, Event] = {}
        ahead = [event]
        while ahead:
            one = ahead.pop()
            if one.statement not in found:
                found[one.statement] = one
                names = [self.same.get(name, "") for name in (one.env["previous"], *one.env["after"])]
                known = [self.world.events[name] for name in names if name in self.world.events]
                ahead += [e for e in known if e.action != "commented"]
        return list(found.values())

    # The verdict

    def _line(self, name: str) -> tuple[object, ...]:
        """The order of the timeline."""
        env = self.formed.get(name)
        if env is None:
            return (2,)
        if self._leaf(name):
            return (0, *(self._leaf(name) or ()))
        kind = 0 if env["action"] in forms.SPINE else 1 if env["action"] in forms.DECISIONS else 2
        return (1, env["sequence"], kind, env["occurred_at"], name)

    def _behind(self, name: str, first_bad: str | None) -> bool:
        return first_bad is not None and self._line(name) > self._line(first_bad)

    def _close(self, anchored: bool, tail: Tail) -> Report:
        state = self.out.state
        status = state.status(self.now) if state.spine else None
        head = tail.head
        logs = self.sections if self.has_log else []
        times = [a["time"] for s in logs for a in s.anchors]
        leaves = [self._leaf(name) for name in self.events]
        bare = [leaf for leaf in leaves if leaf and self.sections[leaf[0]].first_anchor(leaf[1]) is None]
        pending = state.pending
        items = {
            "in_force": status not in ("in_force", "notice_given"),
            "anchor": not anchored or bool(bare) or not (logs and self.file.anchors and any(leaves)),
            "tail": tail.state not in ("absent", "stated"),
            "awaited": pending is not None and bool(pending.awaited()),
            "not_logged": self.has_log and any(self._leaf(name) is None for name in self.formed),
        }
        bad = [(self.formed[name]["sequence"], name) for name in self.checks.bad() & self.formed.keys()]
        first_bad = min(bad, default=(0, None))[1]
        void = sorted((e.digest, rule) for e, rule in self.out.void if not self._behind(e.digest, first_bad))
        failed = sorted({one.id for one in self.checks.all if one.state == "failed" and one.counts})
        return Report(
            self.checks.verdict(), status, latest([*times, head["occurred_at"] if head else None]), tail.state,
            [name for name, is_open in items.items() if is_open], failed, self.checks.ids("undecided"), void,
            first_bad, self.windows,
        )  # fmt: skip


def _fits(claim: str, after: str | None, before: str | None) -> bool:
    moment = datetime.fromisoformat(claim)
    leeway = timedelta(seconds=15)
    early = after is not None and moment < datetime.fromisoformat(after) - leeway
    return not early and not (before is not None and moment > datetime.fromisoformat(before) + leeway)
