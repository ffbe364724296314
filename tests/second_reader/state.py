"""Section 3, State: the first rule that an event breaks, and the effect of one that breaks none."""

from __future__ import annotations

import copy
from typing import Any

from .canonical import Obj, sha
from .documents import Held, proposal_faults
from .forms import DECISIONS, POSITIVE, SIGNING, SPINE
from .standing import Event, Proposal, Standing
from .texts import own_key

MOST_LOGS = 64
ROLE_OF = {
    "approved": ("approver",),
    "signed": ("signer", "leaver"),
    "witnessed": ("witness",),
    "declined": SIGNING,
}


class State(Standing):
    """A contract after the events that count so far, and what the next one does to it."""

    def fork(self) -> State:
        """A copy to walk a branch with."""
        twin = copy.copy(self)
        for name in ("spine", "highest", "counted", "ended", "successor", "next", "named"):
            setattr(twin, name, copy.copy(getattr(self, name)))
        twin.proposals = [copy.copy(one) for one in self.proposals]
        for one in twin.proposals:
            one.decisions = dict(one.decisions)
            if one.event is (self.in_force.event if self.in_force else None):
                twin.in_force = one
        return twin

    # The seven rules

    def broken(self, event: Event) -> str | None:
        """The first rule that an event breaks in this state, or None when it counts."""
        for name, holds in (
            ("KEY-PIN", self._pinned), ("KEY-END", self._alive), ("LIFE-WHO", self._may), ("LIFE-STATE", self._when),
            ("DOC-RULES", self._rules), ("LIFE-STEP", self._step), ("EVT-AFTER", self._after),
        ):  # fmt: skip
            if not holds(event):
                return name
        return None

    def opens(self, created: Event) -> bool:
        """Whether a `created` event keeps the rules itself."""
        env, held = created.env, self.world.held(created.env["document"])
        account, log = env["details"]["on_behalf_of"], env["details"]["log"]
        return (
            env["document"]["revision"] == 0
            and env["after"] == []
            and (account is None or (log is not None and log["operator"] == created.actor))
            and (held is None or self._seated(created, held))
        )

    def _seated(self, created: Event, held: Held) -> bool:
        """Whether `party` of `created` is right; a DID that any key may claim must be that of a party."""
        at = self.place(created, held)
        return bool(created.env["party"] == at) and (at is not None or own_key(created.actor) is not None)

    def _pinned(self, event: Event) -> bool:
        held, party = self.world.held(event.env["document"]), event.env["party"]
        if held is not None and party != self.place(event, held):
            return False
        stranger = party is None and own_key(event.actor) is None
        return not stranger or self.named.get(event.actor, event.key) == event.key

    def _alive(self, event: Event) -> bool:
        return event.key not in self.ended

    def _may(self, event: Event) -> bool:
        action = event.action
        account = event.env["details"].get("on_behalf_of")
        held = self.world.held(event.env["document"])
        opened_for = self.created["details"]["on_behalf_of"]
        as_operator = opened_for is not None and event.actor == self.operator
        if action == "created":
            return True
        if account is not None:
            return as_operator and bool(account == opened_for)
        if action in DECISIONS:
            at = event.env["party"]
            return held is not None and at is not None and held.parties[at]["role"] in ROLE_OF[action]
        party = self.in_force_party(event)
        signer = party is not None and party["role"] == "signer"
        if action == "proposed":
            return signer or self.is_owner(event)
        if action == "terminated":
            return signer or self.in_force is None  # then the rule that it breaks is LIFE-STATE
        if action == "moved":
            return as_operator or self.is_owner(event)
        if action == "withdrawn":
            return self._withdraws(event, as_operator)
        return self.is_owner(event) or any(self.acts_as(event, p["did"], p["key"]) for p in self.deals())

    def _withdraws(self, event: Event, as_operator: bool) -> bool:
        if self.pending is None:
            return True  # then the rule that it breaks is LIFE-STATE
        did, key = self.pending.belongs
        if did == "owner":
            spoken_for = self.pending.event.env["details"]["on_behalf_of"] is not None
            return self.is_owner(event) or (as_operator and spoken_for)
        return self.acts_as(event, did, key)

    def _proposal(self, event: Event) -> Proposal | None:
        before = self.world.statement(event.env["previous"])
        return next((p for p in self.proposals if p.event.statement == before), None)

    def _when(self, event: Event) -> bool:
        env, before = event.env, self.world.statement(event.env["previous"])
        if event.action == "created":
            return False
        if event.action == "commented":
            counted = {one.statement: one for one in self.spine}
            on = counted.get(before or "")
            return (
                on is not None
                and env["sequence"] == on.env["sequence"]
                and env["document"] == self.highest[on.statement]
            )
        if event.action in DECISIONS:
            proposal = self._proposal(event)
            if proposal is None or env["sequence"] != proposal.event.env["sequence"]:
                return False
            reply_by = proposal.event.env["details"]["reply_by"]
            return (
                env["document"] == proposal.event.env["document"]
                and env["party"] not in proposal.decisions
                and proposal.status == "pending"
                and not (reply_by is not None and event.moment > reply_by)
            )
        last = self.spine[-1]
        if before != last.statement or env["sequence"] != last.env["sequence"] + 1:
            return False
        if event.action in ("proposed", "terminated") and self.notice is not None:
            return False
        return self._spine_state(event)

    def _spine_state(self, event: Event) -> bool:
        ref, top, pending = event.env["document"], self.highest[self.spine[-1].statement], self.pending
        if event.action == "proposed":
            if pending is not None and pending.belongs != self.belongs(event):
                reply_by = pending.event.env["details"]["reply_by"]
                if reply_by is None or event.moment <= reply_by:
                    return False
            return bool(ref["revision"] == top["revision"] + 1)
        if event.action == "withdrawn":
            return pending is not None and ref == pending.event.env["document"]
        if event.action == "terminated":
            return self.in_force is not None and ref == self.in_force.event.env["document"]
        log = event.env["details"]["log"]
        been = self.vkeys[: (event.log if event.log is not None else -1) + 1]
        fresh = log is not None and log["vkey"] not in been and len(been) < MOST_LOGS
        return bool(ref == top) and fresh

    def _rules(self, event: Event) -> bool:
        held = self.world.held(event.env["document"])
        if event.action != "proposed" or held is None:
            return True
        if held.supersedes != self.highest[self.spine[-1].statement]["root"]:
            return False
        if proposal_faults(held.parties, logless=self.logless, proposer=self.place(event, held)):
            return False
        if self.in_force is None or self.in_force.held is None:
            return True
        return all(self._stays(p, held) for p in self.in_force.held.parties if p["role"] == "signer")

    def _stays(self, signer: Obj, held: Held) -> bool:
        heirs = self.heirs(signer["key"])
        return any(
            p["role"] in ("signer", "leaver")
            and (p["key"] in heirs or (p["did"], p["key"]) == (signer["did"], signer["key"]))
            for p in held.parties
        )

    def _step(self, event: Event) -> bool:
        proposal = self._proposal(event) if event.action in POSITIVE else None
        return proposal is None or proposal.ready(event.env["party"])

    def _after(self, event: Event) -> bool:
        after: list[Any] = [self.world.statement(one) for one in event.env["after"]]
        if len(set(after)) != len(after):
            return False
        if event.action in POSITIVE:
            return self._positive_after(event, set(after))
        if event.action in ("created", "commented") or not self.proposals:
            return not after
        # A decline and a spine event may name any decision on their proposal, whether it counts or not.
        latest = event.env["previous"] if event.action == "declined" else self.proposals[-1].event.digest
        named = [self.world.events.get(one) for one in after]
        return all(e is not None and e.action in DECISIONS and self._on(e, latest) for e in named)

    def _on(self, decision: Event, proposal: str) -> bool:
        return self.world.statement(decision.env["previous"]) == self.world.statement(proposal)

    def _positive_after(self, event: Event, after: set[Any]) -> bool:
        proposal = self._proposal(event)
        assert proposal is not None
        assert proposal.held is not None
        party = proposal.held.parties[event.env["party"]]
        if event.action == "witnessed":
            signature = self.world.statement(event.env["details"]["signature"])
            return after == {signature} == {proposal.decisions[party["witness_of"]].statement}
        lower = proposal.lower(party["step"])
        return after == {proposal.decisions[at].statement for at in lower if at in proposal.decisions}

    # Effects

    def apply(self, event: Event) -> None:
        """Let an event that breaks no rule count."""
        self.counted[event.statement] = event
        if event.action in SPINE:
            ref = event.env["document"]
            top = self.highest[self.spine[-1].statement] if self.spine else ref
            self.spine.append(event)
            self.highest[event.statement] = ref if ref["revision"] > top["revision"] else top
        pending, held = self.pending, self.world.held(event.env["document"])
        self._name(event, held)
        if event.action == "proposed":
            if pending is not None:
                pending.status = "superseded"
            self.proposals.append(Proposal(event, held, self.belongs(event)))
        elif event.action == "withdrawn" and pending is not None:
            pending.status = "withdrawn"
        elif event.action == "terminated":
            self.notice = event
            if pending is not None:
                pending.status = "closed"
        elif event.action in DECISIONS and pending is not None:
            pending.decisions[event.env["party"]] = event
            if event.action == "declined":
                pending.status = "declined"
            elif pending.held is not None and not pending.awaited():
                pending.status, self.in_force, self.completed = "in_force", pending, self.completed + 1

    def _name(self, event: Event, held: Held | None) -> None:
        """Note which key is first named for each DID; a key commits only by what it signs itself."""
        parties = held.parties if held else ()
        if event.action == "created":
            self.named[event.actor] = event.key
        if event.action in ("created", "proposed"):
            for p in parties:
                self.named.setdefault(p["did"], p["key"])
        for p in parties if event.action in ("created", "proposed", *POSITIVE) else ():
            if p["next"] is not None and (p["did"], p["key"]) == (event.actor, event.key):
                self.next.setdefault(p["key"], p["next"])

    def ends(self, key_end: Obj, signing_key: str) -> bool:
        """Whether a KeyEnd is signed by the key, or by the successor that it is committed to."""
        by_next = sha(signing_key.encode()).hex() == self.next.get(key_end["key"])
        return signing_key == key_end["key"] or by_next

    def named_heir(self, key_end: Obj) -> bool:
        """Whether the successor that a KeyEnd names is the one that its key has committed to, if it has."""
        heir, committed = key_end["successor"], self.next.get(key_end["key"])
        return heir is None or committed is None or sha(heir.encode()).hex() == committed

    def end_key(self, key_end: Obj, signing_key: str) -> None:
        """Let a KeyEnd of a log count when it is valid and the first of its key."""
        key, heir = key_end["key"], key_end["successor"]
        if key not in self.ended and self.ends(key_end, signing_key) and self.named_heir(key_end):
            self.ended.add(key)
            if heir is not None:
                self.successor[key] = heir

    def status(self, now: str) -> str:
        """The reported state."""
        if self.notice is not None:
            effective = self.notice.env["details"]["effective_on"]
            return "terminated" if effective is None or effective <= now else "notice_given"
        if self.in_force is not None and self.in_force.held is not None:
            until = self.in_force.held.valid_until
            return "expired" if until is not None and until < now else "in_force"
        if self.pending is not None:
            reply_by = self.pending.event.env["details"]["reply_by"]
            return "lapsed" if reply_by is not None and reply_by < now else "pending"
        last = self.proposals[-1].status if self.proposals else "draft"
        return last if last in ("declined", "withdrawn") else "draft"
