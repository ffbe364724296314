"""A row of the register, as the table shows it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from cms_backend.report.letters import one_line
from cms_desktop.api.values import Row
from cms_desktop.presentation import dates, words
from cms_desktop.presentation.summary import Name
from cms_desktop.workflow.drafts import Draft


def needs_me(row: Row, dids: Collection[str]) -> bool:
    """Whether a step of this contract waits for one of these DIDs now."""
    return any(one.ready and one.did in dids for one in row.awaited)


def waits_for_others(row: Row, dids: Collection[str]) -> bool:
    """Whether these DIDs wait for somebody else."""
    if row.status == "lapsed" or not row.awaited or needs_me(row, dids):
        return False
    return row.owner in dids or any(one.did in dids and one.role != "viewer" for one in row.parties)


def others(row: Row, dids: Collection[str], name: Name) -> str:
    """The other parties."""
    names = [name(one.did, one.name) for one in row.parties if one.did not in dids]
    if not names:
        return "nobody else"
    return names[0] if len(names) == 1 else f"{names[0]} and {words.number(len(names) - 1)} more"


def proof(row: Row) -> tuple[str, str]:
    """(mark, word): how far the events of the contract have settled, as this backend knows it."""
    if row.logged < row.events:
        return "notChecked", "Not yet logged" if row.home == "elsewhere" else "Accepted"
    if row.anchored < row.logged:
        return "pending", "Pending"
    return "passed", "Anchored"


def row_map(row: Row, dids: Collection[str], name: Name, now: datetime) -> dict[str, object]:
    """The roles of the register for a contract."""
    mine = needs_me(row, dids)
    badge, badge_text = words.badge(row.status, mine=mine, others=waits_for_others(row, dids))
    mark, word = proof(row)
    return {
        "id": str(row.id),
        "page": "contract",
        "badge": badge,
        "badgeText": badge_text,
        "title": one_line(row.title) or "Without a title",
        "strong": mine,
        "other": others(row, dids, name),
        "ends": dates.day(row.valid_until, "no end"),
        "endsSet": row.valid_until is not None,
        "proof": mark,
        "proofWord": word,
        "changed": dates.changed(row.updated_at, now),
    }


def draft_map(draft: Draft, dids: Collection[str], now: datetime) -> dict[str, object]:
    """The roles of the register for a draft of this computer."""
    names = [one.name for one in draft.parties if one.did not in dids and one.name]
    return {
        "id": draft.id,
        "page": "draft",
        "badge": "draft",
        "badgeText": "Draft" if draft.contract is None else "Draft of a revision",
        "title": draft.title or "Without a title",
        "strong": False,
        "other": words.listed(names[:2]) or "nobody yet",
        "ends": dates.day(draft.valid_until, "not set"),
        "endsSet": draft.valid_until is not None,
        "proof": "notApplicable",
        "proofWord": "Not applicable",
        "changed": dates.changed(draft.updated_at, now),
    }
