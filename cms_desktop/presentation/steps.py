"""The contract as a row of steps: what happened, what is next, what comes later, and what it leads to."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cms_backend.core.events import Action, Envelope, Kind
from cms_backend.core.lifecycle_state import Awaited, ContractState, Status
from cms_backend.core.parties import Role
from cms_desktop.api.values import EntryInfo
from cms_desktop.presentation import dates, words
from cms_desktop.presentation.summary import Name, party_name
from cms_desktop.workflow.workspace import ContractView

ROLES: Final = ("key", "number", "title", "actor", "phase", "mark", "word", "when", "you", "last")
"""`phase`: done, next, later. `mark`: passed, pending, notChecked, failed or ""; `word` says it."""

MOST: Final = 60
"""A long history shows its newest steps here; the verify page shows all of it."""

_TODO: Final = {Role.signer: "Sign", Role.leaver: "Sign", Role.approver: "Approve", Role.witness: "Witness"}


def settled(entry: EntryInfo | None, *, away: bool = False) -> tuple[str, str]:
    """How far an event has settled: (mark, word). Not yet logged, accepted, logged, in a block, anchored.

    An anchor that only the backend tells of is not checked.
    """
    if entry is None or (away and entry.index is None):
        return "notChecked", "Not yet logged"
    if entry.anchor is not None and entry.anchor.status == "confirmed" and entry.anchor.checked == "said":
        return "notChecked", "Anchor not checked"
    if entry.anchor is not None and entry.anchor.status == "confirmed":
        return "passed", "Anchored"
    if entry.anchor is not None and entry.anchor.status == "mined":
        return "pending", "In a block"
    if entry.index is not None:
        # Of a log that is elsewhere nothing more comes by itself: the proof is here, the anchor is the file's matter.
        return "passed" if away else "pending", "Logged"
    return "pending", "Accepted"


def title(envelope: Envelope) -> str:
    """`Proposed`, with the revision from the second on."""
    if envelope.action is Action.proposed and envelope.document.revision > 1:
        return f"Revision {envelope.document.revision}"
    return words.DONE[envelope.action]


def in_order(view: ContractView) -> list[Envelope]:
    """Logged events in the log's order, then those that are only held, in the order of their coming."""

    def key(envelope: Envelope) -> tuple[int, int, int, str]:
        entry = view.entries.get(envelope.digest)
        if entry is None or entry.index is None:
            accepted = "9" if entry is None else entry.accepted_at
            return 1, envelope.sequence, 0 if envelope.kind is Kind.spine else 1, accepted
        return 0, entry.log or 0, entry.index, ""

    return sorted((one for one in view.envelopes if one.kind is not Kind.note), key=key)


def _done(view: ContractView, name: Name, me: frozenset[str], now: datetime) -> list[dict[str, object]]:
    void = {one.envelope.digest for one in view.state.void}
    rows: list[dict[str, object]] = []
    for number, envelope in enumerate(in_order(view)):
        mark, word = settled(view.entries.get(envelope.digest), away=view.row.home != "here")
        if envelope.digest in void:
            mark, word = "notApplicable", "Void"
        who = party_name(view.state, view.documents.get(envelope.document.root), envelope.actor, name)
        rows.append(
            {
                "key": str(envelope.digest),
                "number": str(number),
                "title": title(envelope),
                "actor": f"{who}, you" if envelope.actor in me else who,
                "phase": "done",
                "mark": mark,
                "word": word,
                "when": dates.day_and_clock(envelope.occurred_at, now),
                "you": envelope.actor in me,
            }
        )
    return rows


def _later(one: Awaited, name: Name, me: frozenset[str], place: int) -> dict[str, object]:
    mine = one.did in me
    who = name(one.did, one.name)
    waits = (
        "now"
        if one.ready
        else ("after the signature" if one.role is Role.witness else "after the steps before")
    )
    word = ("Your turn" if mine else "Next") if one.ready else ""
    return {
        "key": f"awaited:{one.party}",
        "number": str(place),
        "title": _TODO.get(one.role, "Decide"),
        "actor": f"{who}, you" if mine else who,
        "phase": "next" if one.ready else "later",
        "mark": "",
        "word": word,
        "when": waits,
        "you": mine,
    }


def _closing(state: ContractState, place: int) -> dict[str, object] | None:
    row: dict[str, object] = {
        "key": "closing",
        "number": "",
        "actor": "",
        "mark": "",
        "word": "",
        "you": False,
    }
    row |= {"number": str(place), "when": ""}
    pending, force = state.pending, state.in_force
    if state.status in (Status.in_force, Status.notice_given, Status.expired) and pending is None and force:
        start = dates.day(force.document.valid_from) if force.document else ""
        return row | {"title": words.BADGE[state.status.value][1], "phase": "reached", "actor": start}
    if pending is not None:
        start = dates.day(pending.document.valid_from) if pending.document else ""
        return row | {"title": "In force", "phase": "later", "actor": start}
    return None


def steps(view: ContractView, name: Name, me: frozenset[str], now: datetime) -> list[dict[str, object]]:
    """All steps, ready for the row."""
    rows = _done(view, name, me, now)
    for one in sorted(
        view.state.awaited, key=lambda awaited: (awaited.step or 0, awaited.role is Role.witness)
    ):
        rows.append(_later(one, name, me, len(rows)))
    closing = _closing(view.state, len(rows))
    shown = [*rows, closing] if closing else rows
    return [row | {"last": row is shown[-1]} for row in shown[-MOST:]]
