"""The rows of the home page: what needs this person, what waits for others, what settles, what happened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

from cms_backend.core.events import Action, Envelope
from cms_backend.core.parties import Role
from cms_backend.report.letters import one_line
from cms_desktop.api.values import AnchorInfo, Row
from cms_desktop.presentation import dates, words
from cms_desktop.presentation.register import needs_me, waits_for_others
from cms_desktop.presentation.summary import Name, party_name, previous_document, proposal_line
from cms_desktop.presentation.turn import REVIEW, mine
from cms_desktop.workflow.workspace import ContractView

ROW_ROLES: Final = ("key", "icon", "tone", "title", "text", "side", "sideTone", "button", "page", "primary")
HAPPENED_ROLES: Final = ("key", "when", "icon", "tone", "title", "text", "contract")
SOON_DAYS: Final = 30
SHOWN: Final = 7

_Told = tuple[str, dict[str, object]]
"""When, and the row."""

_ICON: Final = {
    "signer": "pen-nib-fill",
    "leaver": "pen-nib-fill",
    "approver": "check-square",
    "witness": "eye",
}
_BUTTON: Final = {"signer": "Review and sign", "leaver": "Review and sign"}


def _row(
    row: Row, icon: str, text: str, side: str, button: str, page: str, **more: object
) -> dict[str, object]:
    plain: dict[str, object] = {"tone": "accentText", "sideTone": "inkTertiary", "primary": False}
    return {
        **plain,
        "key": str(row.id),
        "icon": icon,
        "title": one_line(row.title) or "Without a title",
        "text": text,
        "side": side,
        "button": button,
        "page": page,
        **more,
    }


def _need(
    row: Row, dids: Collection[str], view: ContractView | None, name: Name, now: datetime
) -> dict[str, object]:
    role = next(one.role for one in row.awaited if one.ready and one.did in dids)
    text = f"Revision {row.revision} waits for you."
    if view is not None and view.state.pending is not None:
        pending, state = view.state.pending, view.state
        text = proposal_line(
            pending, previous_document(pending, state, view.documents), state, name, dids, now
        )
        step = mine(state.awaited, dids)
        if step is not None and step.role in REVIEW:
            verb = {"signer": "Sign", "leaver": "Sign", "approver": "Approve"}.get(step.role.value, "Witness")
            text += f" {verb} revision {pending.ref.revision}."
    left = dates.days_left(row.reply_by, now) if row.reply_by else None
    side = f"until {dates.short_day(row.reply_by, now)}" if row.reply_by else ""
    if left is not None and left <= 5:
        side = words.plural(left, "day") + " left" if left > 0 else "today is the last day"
    tone = "pending" if left is not None and left <= 5 else "inkTertiary"
    button = _BUTTON.get(role, "Review")
    return _row(row, _ICON.get(role, "pen-nib-fill"), text, side, button, "sign", sideTone=tone)


def needs(
    rows: Iterable[Row],
    ending: Iterable[Row],
    views: dict[str, ContractView],
    dids: Collection[str],
    name: Name,
    now: datetime,
) -> list[dict[str, object]]:
    """Steps that wait for one of my DIDs, then contracts that end soon. The first button is filled."""
    out = [_need(row, dids, views.get(str(row.id)), name, now) for row in rows if needs_me(row, dids)]
    for row in ending:
        if row.valid_until is None:
            continue
        left = dates.days_left(row.valid_until, now)
        if 0 <= left <= SOON_DAYS and any(one.did in dids for one in row.parties):
            text = f"Ends on {dates.day(row.valid_until)}. A new revision can prolong it."
            side = "ends today" if left == 0 else f"{words.plural(left, 'day')} left"
            out.append(
                _row(row, "calendar-x", text, side, "Decide", "contract", tone="pending", sideTone="pending")
            )
    if out:
        out[0]["primary"] = True
    return out


def waiting(rows: Iterable[Row], dids: Collection[str], name: Name, now: datetime) -> list[dict[str, object]]:
    """Proposals that wait for somebody else."""
    out: list[dict[str, object]] = []
    for row in rows:
        if not waits_for_others(row, dids):
            continue
        ready = [one for one in row.awaited if one.ready]
        names = words.listed([name(one.did, one.name) for one in ready])
        verb = words.TURN.get(Role(ready[0].role), "decides") if len(ready) == 1 else "decide"
        rest = len(row.awaited) - len(ready)
        text = f"{names} {verb} next." if names else "Waits for the steps before."
        text += f" Then {words.number(rest)} more." if rest else ""
        side = f"since {dates.short_day(row.updated_at, now)}"
        out.append(_row(row, "users", text, side, "Open", "contract", tone="inkSecondary"))
    return out


def settling(rows: Sequence[Row], ledger: str) -> list[dict[str, object]]:
    """Events that wait for the log or for the ledger, all contracts in one row each."""
    here = [row for row in rows if row.home == "here"]
    log = sum(row.events - row.logged for row in here)
    anchor = sum(row.logged - row.anchored for row in here)
    away = sum(row.events - row.logged for row in rows if row.home != "here")
    out: list[dict[str, object]] = []

    def add(key: str, title: str, text: str, icon: str = "hourglass-medium") -> None:
        out.append(
            {
                "key": key,
                "icon": icon,
                "tone": "pending",
                "title": title,
                "text": text,
                "side": "",
                "sideTone": "inkTertiary",
                "button": "Details",
                "page": "activity",
                "primary": False,
            }
        )

    if log:
        add(
            "log",
            f"{words.plural(log, 'event')} waiting for the log",
            "Accepted and stored. The log takes them up.",
        )
    if anchor:
        waits = "waits" if anchor == 1 else "wait"
        add("anchor", f"{words.plural(anchor, 'event')} {waits} for a ledger anchor", ledger)
    if away:
        title = f"{words.plural(away, 'event')} not yet logged"
        text = "Their log is on another computer. Send it the contract's file, and take the answer in."
        add("away", title, text, "export")
    return out


def _told(view: ContractView, envelope: Envelope, name: Name, me: Collection[str]) -> tuple[str, str]:
    """(title, sentence) of an event."""
    document = view.documents.get(envelope.document.root)
    who = "You" if envelope.actor in me else party_name(view.state, document, envelope.actor, name)
    title = view.row.title or "a contract without a title"
    reason = str(envelope.details.get("reason") or envelope.details.get("text") or "")
    verbs = {
        Action.created: "opened the record of",
        Action.proposed: f"proposed revision {envelope.document.revision} of",
        Action.withdrawn: "withdrew the proposal of",
        Action.terminated: "gave notice on",
        Action.moved: "moved the record of",
        Action.approved: "approved",
        Action.signed: "signed",
        Action.witnessed: "witnessed a signature of",
        Action.declined: "declined",
        Action.commented: "commented on",
    }
    quoted = f": “{reason[:80]}{'…' if len(reason) > 80 else ''}”" if reason else ""
    return words.DONE[envelope.action], f"{who} {verbs[envelope.action]} {title}{quoted}"


def _event(view: ContractView, envelope: Envelope, name: Name, me: Collection[str], now: datetime) -> _Told:
    entry = view.entries.get(envelope.digest)
    at = entry.accepted_at if entry is not None else envelope.occurred_at
    title, text = _told(view, envelope, name, me)
    row: dict[str, object] = {
        "key": str(envelope.digest),
        "when": dates.when(at, now),
        "icon": words.ACTION_ICON[envelope.action],
        "tone": "failed" if envelope.action is Action.declined else "inkSecondary",
        "title": title,
        "text": text,
        "contract": str(view.id),
    }
    return str(at), row


def _anchors(view: ContractView, now: datetime) -> list[_Told]:
    """One row for each anchor that took events of this contract."""
    anchors: dict[int, AnchorInfo] = {}
    for entry in view.entries.values():
        if entry.anchor is not None and entry.anchor.time is not None:
            anchors[entry.anchor.size] = entry.anchor
    rows: list[_Told] = []
    for size, anchor in anchors.items():
        block = f", block {words.grouped(anchor.block)}" if anchor.block is not None else ""
        row: dict[str, object] = {
            "key": f"anchor:{view.id}:{size}",
            "when": dates.when(anchor.time or now, now),
            "icon": "cube",
            "tone": "accentText",
            "title": "Anchored",
            "text": f"{view.row.title}{block}",
            "contract": str(view.id),
        }
        rows.append((str(anchor.time), row))
    return rows


def happened(
    views: Iterable[ContractView], name: Name, me: Collection[str], now: datetime
) -> list[dict[str, object]]:
    """The newest events and anchors of these contracts."""
    found: list[_Told] = []
    for view in views:
        found.extend(_event(view, envelope, name, me, now) for envelope in view.envelopes)
        found.extend(_anchors(view, now))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [row for _, row in found[:SHOWN]]
