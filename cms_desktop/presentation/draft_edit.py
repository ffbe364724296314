"""Edits of a draft as pure functions: each takes a draft and gives another; undo is keeping the old."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from cms_backend.core.did import did_from_outside, key_of_did
from cms_backend.core.errors import DocumentError
from cms_backend.core.ids import Digest
from cms_backend.core.parties import MAX_STEP, Attachment, Role, Variable, VariableType
from cms_desktop.files import refuse_others
from cms_desktop.workflow.drafts import Draft, DraftParty

_NAME: Final = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}\}")
_CHUNK: Final = 1 << 20


def values(draft: Draft) -> dict[str, str]:
    """What stands for each placeholder; empty when it is still to be filled in."""
    return {one.name: one.value for one in draft.variables}


def with_clause(draft: Draft, index: int, text: str) -> Draft:
    """Clause `index` says `text`."""
    clauses = list(draft.clauses)
    clauses[index] = text
    return with_placeholders(replace(draft, clauses=tuple(clauses)))


def insert_clause(draft: Draft, index: int, text: str = "") -> Draft:
    """A clause more, at `index`."""
    clauses = list(draft.clauses)
    clauses.insert(index, text)
    return with_placeholders(replace(draft, clauses=tuple(clauses)))


def without_clause(draft: Draft, index: int) -> Draft:
    """A clause less."""
    return with_placeholders(replace(draft, clauses=(*draft.clauses[:index], *draft.clauses[index + 1 :])))


def move_clause(draft: Draft, old: int, new: int) -> Draft:
    """A clause at another place."""
    clauses = list(draft.clauses)
    clauses.insert(new, clauses.pop(old))
    return replace(draft, clauses=tuple(clauses))


def with_placeholders(draft: Draft) -> Draft:
    """A variable for each `{{name}}` of the text; empty ones that nothing names any more go away."""
    named = list(
        dict.fromkeys(name for text in (draft.description, *draft.clauses) for name in _NAME.findall(text))
    )
    kept = [one for one in draft.variables if one.value or one.name in named]
    known = {one.name for one in kept}
    new = [Variable(name, VariableType.text, "") for name in named if name not in known]
    if not new and len(kept) == len(draft.variables):
        return draft
    return replace(draft, variables=(*kept, *new))


def with_variable(draft: Draft, name: str, *, value: str | None = None, kind: str | None = None) -> Draft:
    """Another value or type."""
    return replace(
        draft,
        variables=tuple(
            Variable(
                one.name,
                VariableType(kind) if kind is not None else one.type,
                value if value is not None else one.value,
            )
            if one.name == name
            else one
            for one in draft.variables
        ),
    )


def next_step(draft: Draft) -> int:
    """The step for one party more: the last one there is."""
    return max((party.step for party in draft.parties if party.step is not None), default=1)


def with_party(draft: Draft, party: DraftParty) -> Draft:
    """A party more. DocumentError when its DID or key stands in the draft already."""
    for one in draft.parties:
        if party.did is not None and (one.did == party.did or (party.key and one.key == party.key)):
            raise DocumentError(f"{one.name or party.did} is a party already.")
    return replace(draft, parties=(*draft.parties, party))


def without_party(draft: Draft, index: int) -> Draft:
    """A party less. Its witnesses lose whom they witness; the indexes of the others follow."""
    kept: list[DraftParty] = []
    for place, party in enumerate(draft.parties):
        if place == index:
            continue
        of = party.witness_of
        if of is not None:
            of = None if of == index else of - (of > index)
        kept.append(replace(party, witness_of=of))
    return replace(draft, parties=tuple(kept))


def change_party(draft: Draft, index: int, changes: Mapping[str, str]) -> Draft:
    """Typed values of one party: name, capacity, role, step, witness_of. Roles bring their step along."""
    party = draft.parties[index]
    if "name" in changes:
        party = replace(party, name=changes["name"])
    if "capacity" in changes:
        party = replace(party, capacity=changes["capacity"] or None)
    if "step" in changes and changes["step"].isdigit():
        party = replace(party, step=min(MAX_STEP, max(1, int(changes["step"]))))
    if "witness_of" in changes and changes["witness_of"].isdigit():
        party = replace(party, witness_of=int(changes["witness_of"]))
    if "role" in changes:
        party = replace(party, role=Role(changes["role"]))
    party = _consistent(draft, index, party)
    return replace(draft, parties=(*draft.parties[:index], party, *draft.parties[index + 1 :]))


def _consistent(draft: Draft, index: int, party: DraftParty) -> DraftParty:
    """The rules of section 2 that a form can keep by itself."""
    if party.role is Role.viewer:
        return replace(party, step=None, witness_of=None)
    party = replace(party, step=party.step or next_step(draft))
    if party.role is not Role.witness:
        return replace(party, witness_of=None)
    signers = [place for place, one in enumerate(draft.parties) if one.role is Role.signer and place != index]
    of = party.witness_of if party.witness_of in signers else (signers[-1] if signers else None)
    return replace(party, witness_of=of, step=draft.parties[of].step if of is not None else party.step)


def party_from_did(text: str, step: int) -> DraftParty:
    """A party from a pasted DID that certifies its own key. DidError or DocumentError otherwise."""
    did = did_from_outside(text.strip())
    key = key_of_did(did)
    if key is None:
        raise DocumentError(
            f"{did.rsplit(':', 1)[0]} does not show its key.", remedy="Ask for the contact card instead."
        )
    return DraftParty(
        did=did, key=key, next=None, name="", role=Role.signer, step=step, capacity=None, witness_of=None
    )


def attachment(path: Path) -> Attachment:
    """Name, type, size and SHA-256 of a file, read in pieces. OSError when it cannot be read. Blocking."""
    refuse_others(path)
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
            size += len(piece)
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Attachment(path.name, media_type, size, Digest(digest.hexdigest()))
