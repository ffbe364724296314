"""Drafts as text: a TOML head between two lines of +++, then Markdown; each `## heading` begins a clause."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from cms_backend.core.document import Attachment, Role, Variable
from cms_backend.core.errors import CmsError
from cms_backend.core.ids import ContractId, Digest, Time
from cms_desktop.workflow.drafts import Draft, DraftError, DraftParty

_FENCE: Final = "+++"
_CLAUSE: Final = re.compile(r"(?m)^(?=## )")


def read_draft_text(text: str) -> Draft:
    """The draft in a text. DraftError says which member of the head is wrong, and what is expected."""
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    head, body = _parts(text)
    draft = Draft.new(str(head.get("title", "")))
    try:
        return replace(
            draft,
            id=str(head.get("draft", draft.id)),
            contract=None if "contract" not in head else ContractId.parse(head["contract"]),
            base_revision=_number(head.get("base_revision")),
            base_root=None if "base_root" not in head else Digest.parse(head["base_root"]),
            record=draft.record if "record" not in head else ContractId.parse(head["record"]),
            attachments=tuple(map(Attachment.from_json, head.get("attachments", []))),
            description=str(head.get("description", "")),
            valid_from=_time(head.get("valid_from")),
            valid_until=_time(head.get("valid_until")),
            parties=tuple(map(_party, head.get("parties", []))),
            variables=tuple(
                _variable(name, value) for name, value in dict(head.get("variables", {})).items()
            ),
            clauses=tuple(part.strip() for part in _CLAUSE.split(body) if part.strip()),
        )
    except (CmsError, TypeError, ValueError, AttributeError, KeyError) as error:
        raise DraftError(
            f"The head of the draft cannot be read: {str(error).rstrip('.')}.",
            remedy="Compare it with the sample.",
        ) from error


def _parts(text: str) -> tuple[dict[str, Any], str]:
    if not text.startswith(_FENCE + "\n"):
        return {}, text
    head, found, body = text[len(_FENCE) + 1 :].partition(f"\n{_FENCE}\n")
    if not found:
        raise DraftError("The head of the draft has no end.", remedy=f"Close it with a line of {_FENCE}.")
    try:
        return tomllib.loads(head), body
    except tomllib.TOMLDecodeError as error:
        raise DraftError(
            f"The head of the draft is not TOML: {error}.", remedy="Compare it with the sample."
        ) from error


def _party(raw: dict[str, Any]) -> DraftParty:
    role = Role(raw.get("role", "signer"))
    return DraftParty(
        did=raw.get("did"),
        key=raw.get("key"),
        next=raw.get("next"),
        name=str(raw.get("name", "")),
        role=role,
        step=None if role is Role.viewer else int(raw.get("step", 1)),
        capacity=raw.get("capacity"),
        witness_of=_number(raw.get("witness_of")),
    )


def _number(value: Any) -> int | None:
    if value is None or type(value) is int:
        return value
    raise DraftError(f"{value!r} is no number.")


def _variable(name: str, value: Any) -> Variable:
    if isinstance(value, dict):
        body = {"type": str(value.get("type", "text")), "value": str(value.get("value", ""))}
    else:
        body = {"type": "number" if isinstance(value, int | float) else "text", "value": str(value)}
    return Variable.from_json({"name": name, **body})


def _time(value: Any) -> Time | None:
    if value is None:
        return None
    if isinstance(value, datetime):  # a moment without an offset is meant in UTC, like a plain date
        return Time.from_datetime(value if value.tzinfo else value.replace(tzinfo=UTC))
    if isinstance(value, date):
        return Time.parse(f"{value.isoformat()}T00:00:00.000Z")
    return Time.parse(value)


def write_draft_text(draft: Draft) -> str:
    """The same draft as text, for an editor; `read_draft_text` gives it back."""
    lines = [_FENCE, f"draft = {_quoted(draft.id)}", f"title = {_quoted(draft.title)}"]
    lines.append(f"record = {_quoted(draft.record)}")
    for name in ("contract", "base_root"):
        value = getattr(draft, name)
        if value is not None:
            lines.append(f"{name} = {_quoted(value)}")
    if draft.base_revision is not None:
        lines.append(f"base_revision = {draft.base_revision}")
    if draft.description:
        lines.append(f"description = {_quoted(draft.description)}")
    for name in ("valid_from", "valid_until"):
        value = getattr(draft, name)
        if value is not None:
            lines.append(f"{name} = {_quoted(value)}")
    tables = [("parties", one.to_json()) for one in draft.parties]
    tables += [("attachments", one.to_json()) for one in draft.attachments]
    for table, members in tables:
        lines += ["", f"[[{table}]]"]
        for name, value in members.items():
            if value is not None:
                lines.append(f"{name} = {value if isinstance(value, int) else _quoted(str(value))}")
    if draft.variables:
        lines += ["", "[variables]"]
        for one in draft.variables:
            lines.append(
                f"{_quoted(one.name)} = {{type = {_quoted(one.type)}, value = {_quoted(one.value)}}}"
            )
    return "\n".join([*lines, _FENCE, "", "\n\n".join(draft.clauses), ""])


def _quoted(text: str) -> str:
    out = []
    for letter in text:
        if letter in '"\\':
            out.append("\\" + letter)
        elif letter == "\n":
            out.append("\\n")
        elif letter == "\t":
            out.append("\\t")
        elif letter < " " or letter == "\x7f":
            out.append(f"\\u{ord(letter):04x}")
        else:
            out.append(letter)
    return '"' + "".join(out) + '"'
