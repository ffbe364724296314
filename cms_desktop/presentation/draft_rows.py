"""A draft as the lists of its page: clauses, parties, variables, files, and what is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from cms_backend.core.parties import Role
from cms_desktop.presentation import words
from cms_desktop.presentation.paper import Block, block, clause_blocks, escape, heading_of, intro_blocks
from cms_desktop.presentation.revision import size
from cms_desktop.workflow.checklist import Missing
from cms_desktop.workflow.drafts import Draft

CLAUSE_ROLES: Final = ("key", "number", "heading", "text", "words")
PARTY_ROLES: Final = (
    "key",
    "name",
    "initials",
    "capacity",
    "role",
    "roleWord",
    "roleIcon",
    "step",
    "stepHead",
    "stepNote",
    "shortDid",
    "did",
    "you",
    "witnessOf",
    "place",
)
VARIABLE_ROLES: Final = ("key", "type", "value", "empty")
FILE_ROLES: Final = ("key", "name", "detail", "digest")
CHECK_ROLES: Final = ("key", "ok", "text", "action", "place")


def clause_rows(draft: Draft, ids: Sequence[str]) -> list[dict[str, object]]:
    """`ids` tell the clauses apart while they move."""
    return [
        {
            "key": key,
            "number": str(place + 1),
            "heading": heading_of(text) or "Empty clause",
            "text": text,
            "words": len(text.split()),
        }
        for place, (key, text) in enumerate(zip(ids, draft.clauses, strict=True))
    ]


def party_rows(draft: Draft, dids: Collection[str]) -> list[dict[str, object]]:
    """By step; `stepHead` stands on the first of each."""
    order = sorted(enumerate(draft.parties), key=lambda pair: (pair[1].step or 10_000, pair[0]))
    rows: list[dict[str, object]] = []
    last: object = object()
    for place, party in order:
        together = sum(1 for one in draft.parties if one.step == party.step)
        first, last = party.step != last, party.step
        role = words.ROLE[party.role]
        if party.witness_of is not None and party.witness_of < len(draft.parties):
            role = f"Witness of {draft.parties[party.witness_of].name or 'a signer'}"
        rows.append(
            {
                "key": party.did or f"new:{place}",
                "name": party.name or "Without a name",
                "initials": words.initials(party.name),
                "capacity": party.capacity or "",
                "role": party.role.value,
                "roleWord": role,
                "roleIcon": words.ROLE_ICON[party.role],
                "step": party.step or 0,
                "stepHead": (f"Step {party.step}" if party.step else "Without a step") if first else "",
                "stepNote": "at the same time" if first and party.step and together > 1 else "",
                "shortDid": words.short_did(party.did) if party.did else "no DID yet",
                "did": str(party.did or ""),
                "you": party.did is not None and party.did in dids,
                "witnessOf": -1 if party.witness_of is None else party.witness_of,
                "place": place,
            }
        )
    return rows


def party_form(draft: Draft, place: int) -> dict[str, object]:
    """One party with its choices; empty when there is none at `place`."""
    if not 0 <= place < len(draft.parties):
        return {}
    party = draft.parties[place]
    signers = [(at, one) for at, one in enumerate(draft.parties) if one.role is Role.signer and at != place]
    roles = [role for role in Role if role is not Role.leaver or draft.contract is not None]
    return {
        "name": party.name,
        "capacity": party.capacity or "",
        "shortDid": words.short_did(party.did) if party.did else "no DID yet",
        "role": party.role.value,
        "roles": [{"value": role.value, "text": words.ROLE[role]} for role in roles],
        "step": party.step or 0,
        "witnessOf": -1 if party.witness_of is None else party.witness_of,
        "signers": [{"value": str(at), "text": one.name or "a signer"} for at, one in signers],
    }


def variable_rows(draft: Draft) -> list[dict[str, object]]:
    """Empty ones are marked."""
    return [
        {"key": one.name, "type": one.type.value, "value": one.value, "empty": not one.value}
        for one in draft.variables
    ]


def file_rows(draft: Draft) -> list[dict[str, object]]:
    """Attachments."""
    return [
        {
            "key": f"{place}:{one.sha256}",
            "name": one.name,
            "detail": size(one.size),
            "digest": str(one.sha256),
        }
        for place, one in enumerate(draft.attachments)
    ]


def check_rows(draft: Draft, missing: Sequence[Missing]) -> list[dict[str, object]]:
    """What is done, then what is missing, each with the button that leads there."""
    codes = {one.code for one in missing}
    signers = sum(1 for party in draft.parties if party.role is Role.signer)
    done: list[tuple[str, str]] = []
    if "clauses" not in codes and draft.clauses:
        done.append(("clauses", "Every clause has text"))
    if signers and not codes & {"parties", "signer", "did", "steps"}:
        done.append(
            (
                "signer",
                f"{words.capital(words.number(signers))} signer{'' if signers == 1 else 's'}, in order",
            )
        )
    if draft.variables and "variables" not in codes:
        done.append(("variables", "Every variable is filled in"))
    rows: list[dict[str, object]] = [
        {"key": code, "ok": True, "text": text, "action": "", "place": ""} for code, text in done
    ]
    for place, one in enumerate(missing):
        key = f"missing:{one.code}:{place}"
        rows.append({"key": key, "ok": False, "text": one.text, "action": one.action, "place": one.place})
    return rows


class DraftPaper:
    """The paper of a draft. Remembers each clause, so that typing renders one clause and no more."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, Mapping[str, str], list[Block]]] = {}

    def _clause(self, index: int, text: str, values: Mapping[str, str]) -> list[Block]:
        known = self._known.get(index)
        if known is not None and known[0] == text and known[1] == values:
            return known[2]
        blocks = clause_blocks(text, index, values)
        self._known[index] = (text, values, blocks)
        return blocks

    def blocks(self, draft: Draft, values: Mapping[str, str], note: str) -> list[Block]:
        """All blocks."""
        title = escape(draft.title) if draft.title else '<font color="@{pending}">Without a title</font>'
        out = [block("title", title, key="title"), block("note", escape(note), key="note")]
        out.extend(intro_blocks(draft.description, values))
        for index, text in enumerate(draft.clauses):
            out.extend(self._clause(index, text, values))
        return [*out, block("end", key="end")]
