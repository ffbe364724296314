"""Section 9: verify_evidence, in the order of work that the section gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import forms
from .canonical import Obj, Refused, digest
from .chain import Tracer
from .documents import statement_digest
from .evidence import read
from .facts import Trust, latest
from .intake import Intake
from .logs import read_section
from .replay import opening_event
from .standing import Event, World
from .tail import Tail, look
from .texts import own_key
from .waiting import Record

ETSI = {
    "no_proof": "TOTAL-FAILED, FORMAT_FAILURE",
    "incomplete": "INDETERMINATE, SIGNED_DATA_NOT_FOUND",
    "not_recognised": "INDETERMINATE, NO_SIGNING_CERTIFICATE_FOUND",
    "undecided": "INDETERMINATE, GENERIC",
    "verified": "TOTAL-PASSED",
}


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
    etsi: str = ETSI["no_proof"]
    about: tuple[int | None, str | None] = (None, None)
    """Revision and root that the report is about."""


def exit_code(report: Report, require: Sequence[str] = ()) -> int:
    """What a command line answers."""
    if report.verdict in ("no_proof", "altered", "incomplete"):
        return 1
    asked = {*require, "not_logged"} if require else set()
    return 2 if report.verdict != "verified" or asked & set(report.open_items) else 0


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
        self._follow()
        self._logs()
        self._statements()
        self._orders()
        self._gaps()
        self._bind()
        self._windows()
        tail = look(self.record, self.trust)
        if tail.state == "later":
            self.checks.add("TAIL", "failed", counts="incomplete")
        return self._close(tail)

    def _follow(self) -> None:
        """Steps 7 and 8 with the replay: which logs, what counts."""
        events = {name: Event(env, name, self.same[name]) for name, env in self.signed.events.items()}
        by_statement = {e.statement: e for e in sorted(events.values(), key=lambda e: e.digest, reverse=True)}
        world = World(self.held, self.same, by_statement)
        sections = [
            read_section(at, entry, self.file.genesis, self.file.contract, self.signed, self.trust)
            for at, entry in enumerate(self.file.logs)
        ]
        tracer = Tracer(self.file, self.signed, world, self.asked, sections, self.trust)
        self.chain, self.out = tracer.trace()
        self.events = {name: event for name, event in events.items() if name not in self.chain.refused}
        own = [e for e in events.values() if e.bare == self.file.genesis and e.action == "created"]
        kept = opening_event(world, own, self.file.genesis)
        self.kept = kept is not None
        opened = self.out.state.spine[0] if self.out.state.spine else kept
        self.created = opened or min(own, key=lambda e: e.digest, default=None)
        self.record = Record(
            self.chain, self.out, self.signed, self.events, self.created, self.file.key_ends, self.file.contract,
            self.file.genesis,
        )  # fmt: skip

    def _logs(self) -> None:
        """Steps 7 and 8: the findings of the logs that belong to the contract, and of their anchors."""
        heard = {link.section.at for link in self.chain.links}
        for link in self.chain.links:
            self.checks.all += link.section.checks.all
        for at in range(len(self.file.logs)):
            if at not in heard:
                self.checks.add("LOG-NOTE", "not_applicable")
        self.checks.all += self.chain.anchor_checks.all

    def _statements(self) -> None:
        """Step 4 for statements, those of sections that are not heard too."""
        for holds in self.signed.statements.values():
            if holds is False:
                self.checks.add("SIG-ACTOR", "failed", counts="altered")
            elif holds is None:
                self.checks.add("SIG-ACTOR", "not_checked")

    def _orders(self) -> None:
        """Steps 4 to 6 for what the replay has judged."""
        state = self.out.state
        passed = {self.same[name] for name in self.signed.native}
        passed |= {self.same[name] for name, answer in self.chain.answers.items() if answer == "passed"}
        for name in self.asked:
            answer = self.chain.answers.get(name, "undecided")
            if answer == "failed":
                self.checks.add("SIG-ACTOR", "failed", name, "altered")
            elif answer == "undecided":
                counts = self.same[name] in state.counted and self.same[name] not in passed
                self.checks.add("SIG-ACTOR", "undecided", name, "undecided" if counts else None)
        for here, rivals in self.out.forks:
            self.checks.add("LIFE-FORK", "undecided", here.digest, "undecided")
            for rival in rivals:
                self.checks.add("LIFE-STATE", "undecided", rival.digest, "undecided")
        for event, rule in self.out.void:
            self.checks.add(rule, "failed", event.digest)
        for _ in self.record.undecided_key_ends():
            self.checks.add("KEY-END", "undecided", counts="undecided")

    def _could_count(self, event: Event) -> bool:
        if event.bare == self.file.genesis:
            return True
        if self.created is None or self.created.env["details"]["log"] is not None:
            return self.record.placed(event.statement)
        return self.record.takes_part(event)

    def _gaps(self) -> None:
        if self.created is None:
            formed = [env for env in self.formed.values() if statement_digest(env) == self.file.genesis]
            if not any(env["action"] == "created" for env in formed):
                self.checks.add("EVT-CHAIN", "failed", None, "incomplete")
        elif not self.kept:
            for name, event in self.events.items():
                if event.bare == self.file.genesis and event.action == "created":
                    self.checks.add("EVT-CHAIN", "failed", name, "incomplete")
        for name, event in self.events.items():
            if not self._could_count(event):
                continue
            env = event.env
            if env["previous"] is not None and env["previous"] not in self.in_file:
                self.checks.add("EVT-CHAIN", "failed", name, "incomplete")
            if any(one not in self.in_file for one in env["after"]):
                self.checks.add("EVT-AFTER", "failed", name, "incomplete")
            brings = event.action in ("created", "proposed")
            lacking = brings and self.out.state.world.held(env["document"]) is None
            if lacking and name not in self.damaged:
                self.checks.add("EVT-CHAIN", "failed", name, "incomplete")

    def _bind(self) -> None:
        operators = {link.operator for link in self.chain.links}
        for event in self.events.values():
            did = event.actor
            if event.statement not in self.out.state.counted or own_key(did) is not None:
                continue
            keys = [r["key"] for r in self.trust.facts["resolutions"] if r["did"] == did] or [
                r["key"] for r in self.file.resolutions
                if r["did"] == did and r["actor"] in operators and self.signed.statements[digest(r)] is True
            ]  # fmt: skip
            state = "passed" if event.key in keys else "failed" if keys else "not_checked"
            self.checks.add("KEY-BIND", state, event.digest, None if event.key in keys else "not_recognised")

    # Step 9

    def _windows(self) -> None:
        self.windows: dict[str, tuple[str | None, str | None]] = {}
        for name, event in self.events.items():
            anchor = self.chain.first_anchor(self.chain.place(name))
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
        sections = [link.section for link in self.chain.links]
        own = [s for s in sections if s.key.origin == ref["origin"] and ref["size"] in s.roots]
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
                names = [name for name in (one.env["previous"], *one.env["after"]) if name in self.formed]
                held = [Event(self.formed[name], name, self.same[name]) for name in names]
                ahead += [e for e in held if e.action != "commented"]
        return list(found.values())

    # The verdict

    def _line(self, name: str) -> tuple[object, ...]:
        """The order of the timeline."""
        env = self.formed.get(name) or self.foreign.get(name)
        if env is None:
            return (2,)
        place = self.chain.place(name)
        if place:
            return (0, *place)
        kind = 0 if env["action"] in forms.SPINE else 1 if env["action"] in forms.DECISIONS else 2
        return (1, env["sequence"], kind, env["occurred_at"], name)

    def _behind(self, name: str, first_bad: str | None) -> bool:
        return first_bad is not None and self._line(name) > self._line(first_bad)

    def _as_of(self, tail: Tail) -> str | None:
        if tail.state == "stated" and tail.word is not None:
            return min(str(tail.word["occurred_at"]), self.now)
        if not self.chain.links or not self.out.state.spine:
            return None
        link = self.chain.links[-1]
        counted = self.out.state.counted
        above = max(
            (
                index
                for name, index in link.section.leaves.items()
                if name in self.same and (one := counted.get(self.same[name])) and one.action != "commented"
            ),
            default=-1,
        )
        anchors = [anchor for anchor in link.anchors if anchor["size"] > above]
        if tail.size is not None:
            anchors = [anchor for anchor in anchors if anchor["size"] <= tail.size]
        return latest(anchor["time"] for anchor in anchors)

    def _anchored(self) -> bool:
        """Whether every event with a leaf lies under a matched and final anchor of its log."""
        places = [place for name in self.formed if (place := self.chain.place(name)) is not None]
        return bool(places) and all(
            any(anchor["size"] > index and anchor["final"] for anchor in self.chain.links[log].anchors)
            for log, index in places
        )

    def _etsi(self, verdict: str) -> str:
        if verdict != "altered":
            return ETSI[verdict]
        failing = {one.id for one in self.checks.all if one.state == "failed" and one.counts == "altered"}
        crypto = failing & {"SIG-SUITE", "SIG-ACTOR"}
        return "TOTAL-FAILED, " + ("SIG_CRYPTO_FAILURE" if crypto else "HASH_FAILURE")

    def _about(self) -> tuple[int | None, str | None]:
        state = self.out.state
        proposals = [state.in_force, state.pending, *reversed(state.proposals)]
        chosen = next((one.event.env for one in proposals if one is not None), None)
        env = chosen or (self.created.env if self.created else None)
        held = state.world.held(env["document"]) if env else None
        return (held.revision, held.root) if held else (None, None)

    def _close(self, tail: Tail) -> Report:
        state = self.out.state
        status = state.status(self.now) if state.spine else None
        pending = state.pending
        items = {
            "in_force": status not in ("in_force", "notice_given"),
            "anchor": not self._anchored(),
            "tail": tail.state not in ("absent", "stated"),
            "awaited": pending is not None and bool(pending.awaited()),
            "not_logged": bool(self.record.waiting() or self.record.waiting_key_ends()),
        }
        judged = {**self.formed, **self.foreign}
        bad = [(judged[name]["sequence"], name) for name in self.checks.bad() & judged.keys()]
        first_bad = min(bad, default=(0, None))[1]
        void = sorted((e.digest, rule) for e, rule in self.out.void if not self._behind(e.digest, first_bad))
        failed = sorted({one.id for one in self.checks.all if one.state == "failed" and one.counts})
        verdict = self.checks.verdict()
        return Report(
            verdict, status, self._as_of(tail), tail.state, [name for name, is_open in items.items() if is_open],
            failed, self.checks.ids("undecided"), void, first_bad, self.windows, self._etsi(verdict), self._about(),
        )  # fmt: skip


def _fits(claim: str, after: str | None, before: str | None) -> bool:
    moment = datetime.fromisoformat(claim)
    leeway = timedelta(seconds=15)
    early = after is not None and moment < datetime.fromisoformat(after) - leeway
    return not early and not (before is not None and moment > datetime.fromisoformat(before) + leeway)
