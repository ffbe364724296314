"""What the parties said, oldest first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from cms_backend.core.events import Action
from cms_desktop.presentation import dates, words
from cms_desktop.presentation.changes import headings
from cms_desktop.presentation.summary import Name, party_name
from cms_desktop.workflow.workspace import ContractView

ROLES: Final = ("key", "name", "initials", "you", "when", "place", "text")


def comment_rows(
    view: ContractView, name: Name, me: Collection[str], now: datetime
) -> list[dict[str, object]]:
    """One row a comment."""
    rows: list[dict[str, object]] = []
    for envelope in sorted(view.envelopes, key=lambda one: one.occurred_at):
        if envelope.action is not Action.commented:
            continue
        document = view.documents.get(envelope.document.root)
        path = envelope.details.get("path")
        heading = headings(document).get(str(path), "") if document is not None else ""
        who = party_name(view.state, document, envelope.actor, name)
        rows.append(
            {
                "key": str(envelope.digest),
                "name": f"{who}, you" if envelope.actor in me else who,
                "initials": words.initials(who),
                "you": envelope.actor in me,
                "when": dates.day_and_clock(envelope.occurred_at, now),
                "place": words.place(str(path), heading) if path else "",
                "text": str(envelope.details["text"]),
            }
        )
    return rows
