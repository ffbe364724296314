"""The register's row of a contract, derived from its replayed state."""

from dataclasses import dataclass
from typing import Any

import orjson

from cms_backend.core.document import Attachment, Document
from cms_backend.core.lifecycle import ContractState, Proposal, Text

#: A notice without a date takes effect at once: before every clock.
_AT_ONCE = ""
_CLOSED = frozenset({"draft", "declined", "withdrawn"})
_FINDABLE_TEXT = 20_000
_FINDABLE_TERMS = 200_000


@dataclass(frozen=True, slots=True)
class Shown:
    """What the register keeps of a contract: its row's columns, who may read it, and its words."""

    columns: dict[str, Any]
    #: DID -> it is this person's turn; parties of the shown revision.
    current: dict[str, bool]
    title: str
    description: str
    people: str
    #: The clauses, and the names of the attachments.
    terms: str


def shown(settled: ContractState | None, projected: ContractState, document: Text | None) -> Shown:
    """The row for a contract, with the newest revision's text, as far as it is open to this home.

    Its status is what is logged (``settled``; None: nothing yet), as a verifier of its evidence would say. Whose turn
    it is, and the text, follow from what is held as well: nobody is asked twice. The caller adds home and times.
    """
    pending = None if settled is None else settled.pending
    in_force = None if settled is None else settled.in_force
    awaited = list(projected.awaited)
    needed = {one.did for one in awaited if one.ready}
    held = in_force.document if in_force is not None else None
    dates = held or document
    parties = () if document is None else document.parties
    title = "" if document is None else document.title or ""
    description = "" if document is None else document.description or ""
    columns = {
        "owner": projected.owner,
        "title": title,
        "sort_title": title.casefold(),
        "revision": projected.highest.revision,
        "closed_status": settled.status if settled is not None and settled.status in _CLOSED else "draft",
        "pending": pending is not None,
        "in_force": in_force is not None,
        "terminated_on": None if settled is None else _effective_on(settled),
        "in_force_until": held.valid_until if held is not None else None,
        "reply_by": _reply_by(pending),
        "valid_from": None if dates is None else dates.valid_from,
        "valid_until": None if dates is None else dates.valid_until,
        "parties": orjson.dumps(
            [
                {"did": party.did, "name": party.name, "role": party.role, "step": party.step}
                for party in parties
            ]
        ),
        "awaited": orjson.dumps(
            [{"did": one.did, "name": one.name, "role": one.role, "ready": one.ready} for one in awaited]
        ),
    }
    return Shown(
        columns=columns,
        current={party.did: party.did in needed for party in parties},
        title=title,
        description=description[:_FINDABLE_TEXT],
        people=" ".join(word for party in parties for word in (party.name, party.did)),
        terms="" if document is None else _terms(document)[:_FINDABLE_TERMS],
    )


def _terms(document: Text) -> str:
    if isinstance(document, Document):
        terms, attachments = document.terms, document.attachments
    else:
        shown_values = document.values.items()
        terms = tuple(str(value) for path, value in shown_values if path.startswith("/terms/"))
        attachments = tuple(
            Attachment.from_json(value) for path, value in shown_values if path.startswith("/attachments/")
        )
    return "\n".join((*terms, *(attachment.name for attachment in attachments)))


def _reply_by(pending: Proposal | None) -> str | None:
    return None if pending is None else pending.reply_by


def _effective_on(state: ContractState) -> str | None:
    if state.termination is None:
        return None
    effective = state.termination.details["effective_on"]
    return _AT_ONCE if effective is None else str(effective)
