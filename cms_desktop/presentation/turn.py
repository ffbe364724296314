"""Whose turn it is, said to the person at the screen, and the one main action that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from cms_backend.core.events import Action
from cms_backend.core.ids import Did, Time
from cms_backend.core.lifecycle_state import Awaited, ContractState, Status, Text
from cms_backend.core.parties import Role
from cms_desktop.presentation import dates, words
from cms_desktop.presentation.summary import Name, previous_document, proposal_line
from cms_desktop.workflow.workspace import ContractView

REVIEW = {
    Role.signer: ("Your turn to sign", "Review and sign"),
    Role.leaver: ("Your turn to sign", "Review and sign"),
    Role.approver: ("Your turn to approve", "Review and approve"),
    Role.witness: ("Your turn to witness", "Review and witness"),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What the head of the side says. `action`: sign, propose, amend, export, verify; "" for none."""

    headline: str
    text: str
    action: str
    label: str
    icon: str
    until: str
    did: Did | None
    """Which of this wallet's DIDs acts; None when none of them is a party."""
    secondary: tuple[tuple[str, str], ...]
    """(action, label): decline, withdraw, terminate, amend, comment."""

    def to_map(self) -> dict[str, object]:
        """For the page."""
        return {
            "headline": self.headline,
            "text": self.text,
            "action": self.action,
            "label": self.label,
            "icon": self.icon,
            "until": self.until,
            "secondary": [{"action": action, "label": label} for action, label in self.secondary],
        }


def mine(awaited: Sequence[Awaited], dids: Collection[str]) -> Awaited | None:
    """The step that waits for one of my DIDs: a ready one first."""
    of_me = [one for one in awaited if one.did in dids]
    return next((one for one in of_me if one.ready), of_me[0] if of_me else None)


def acting_did(view: ContractView, dids: Collection[str], preferred: Did | None) -> Did | None:
    """Which of my DIDs acts: the awaited one, else a party (the identity in use first), else the owner."""
    step = mine(view.state.awaited, dids)
    if step is not None:
        return Did(step.did)
    document = view.current
    parties = [party.did for party in document.parties if party.did in dids] if document else []
    if preferred in parties:
        return preferred
    if parties:
        return parties[0]
    return view.state.owner if view.state.owner in dids else None


def _secondary(view: ContractView, did: Did | None, main: str) -> tuple[tuple[str, str], ...]:
    if did is None:
        return ()
    allowed = {one.action for one in view.allowed(did) if one.reason_if_not is None}
    offers: list[tuple[str, str]] = []
    if Action.declined in allowed:
        offers.append(("decline", "Decline"))
    if Action.withdrawn in allowed:
        offers.append(("withdraw", "Withdraw"))
    if Action.proposed in allowed and main not in ("amend", "propose"):
        offers.append(("amend", "Amend"))
    if Action.terminated in allowed:
        offers.append(("terminate", "Give notice"))
    return tuple(offers)


def _waiting(state: ContractState, document: Text | None, name: Name) -> tuple[str, str]:
    ready = [one for one in state.awaited if one.ready]
    names = [name(one.did, one.name) for one in ready]
    then = len(state.awaited) - len(ready)
    headline = f"Waiting for {words.listed(names)}" if names else "Waiting"
    acts = {words.TURN[one.role] for one in ready}
    verb = acts.pop() if len(acts) == 1 and len(ready) == 1 else "decide"
    verb = verb if len(ready) == 1 else {"signs": "sign"}.get(verb, verb)
    text = f"{words.listed(names)} {verb} next." if names else ""
    if then:
        text += f" Then {words.number(then)} more."
    elsewhere = "" if document is None else " Give them the contract's file if they use another computer."
    return headline, (text + elsewhere).strip()


_CLOSED = {
    Status.declined: ("Declined", "This proposal is closed. What was in force before stays in force."),
    Status.withdrawn: ("Withdrawn", "This proposal is closed. A new one can take its place."),
    Status.lapsed: ("Lapsed", "Nobody completed it in time. A new proposal can take its place."),
}


def turn(
    view: ContractView,
    dids: Collection[str],
    preferred: Did | None,
    name: Name,
    now: datetime,
    *,
    present: Callable[[str], Did] = Did,
) -> Turn:
    """Everything that the head of the side shows. `present`: the DID that acts for one whose key was rotated."""
    state = view.state
    acting = acting_did(view, dids, preferred)
    did = None if acting is None else present(acting)
    headline, text, action, label, icon, until = _main(view, dids, name, now)
    if action in ("propose", "amend") and not _may_propose(view, did):
        action = label = icon = ""
    if not action and _unsent(view):
        text = f"{text} Its log is elsewhere and does not have everything yet: send the file there."
        action, label, icon = "export", "Save the file to send", "export"
    if not action and state.status is not Status.draft:
        action, label, icon = "verify", "Verify", "shield-check"
    return Turn(headline, text, action, label, icon, until, did, _secondary(view, did, action))


def _unsent(view: ContractView) -> bool:
    """Something of this contract is held here, and its log, which is another computer's, has not proven it yet."""
    return view.row.home != "here" and any(one.index is None for one in view.entries.values())


def _may_propose(view: ContractView, did: Did | None) -> bool:
    return did is not None and any(
        one.action is Action.proposed and one.reason_if_not is None for one in view.allowed(did)
    )


def _main(
    view: ContractView, dids: Collection[str], name: Name, now: datetime
) -> tuple[str, str, str, str, str, str]:
    state = view.state
    pending = state.pending
    if pending is not None and pending.document is not None and state.status is not Status.lapsed:
        before = previous_document(pending, state, view.documents)
        line = proposal_line(pending, before, state, name, dids, now)
        reply_by = pending.envelope.details.get("reply_by")
        until = f"until {dates.short_day(Time(str(reply_by)), now)}" if reply_by else ""
        step = mine(state.awaited, dids)
        if step is not None and step.ready:
            headline, label = REVIEW[step.role]
            return headline, line, "sign", label, "pen-nib", until
        headline, text = _waiting(state, pending.document, name)
        return headline, f"{line} {text}", "export", "Save the file to send", "export", until
    if pending is not None and pending.document is None and state.status is Status.pending:
        told = "Nobody can sign it from here. Ask who proposed it for the contract's file, and take that in."
        return "The proposed text is not here", told, "verify", "Verify", "shield-check", ""
    if state.status in _CLOSED:
        headline, text = _CLOSED[state.status]
        return headline, text, "amend", "Propose a new revision", "paper-plane-tilt", ""
    if state.status is Status.draft:
        return (
            "Not yet proposed",
            "Nobody was asked to sign it yet.",
            "propose",
            "Open the draft",
            "pencil-simple",
            "",
        )
    document = state.in_force.document if state.in_force else None
    return (*_standing(state, document, now), "")


def _standing(state: ContractState, document: Text | None, now: datetime) -> tuple[str, str, str, str, str]:
    if state.status is Status.terminated:
        return "Terminated", "Notice took effect. The record stays, and can be proven.", "", "", ""
    if state.status is Status.expired:
        end = dates.day(document.valid_until) if document else ""
        return "Expired", f"It ran until {end}.", "amend", "Renew as a new revision", "arrows-clockwise"
    if state.status is Status.notice_given:
        return "In force, notice given", "It ends when the notice takes effect.", "", "", ""
    until = dates.day(document.valid_until) if document and document.valid_until else ""
    left = dates.days_left(document.valid_until, now) if document and document.valid_until else 0
    text = (
        f"Everyone signed. It runs until {until}, {words.plural(left, 'day')} from now."
        if until
        else ("Everyone signed. It has no end date.")
    )
    return "In force", text, "", "", ""
