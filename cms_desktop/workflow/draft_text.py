"""Drafts as text: a TOML head between two lines of +++, then Markdown; each `## heading` begins a clause.

Where clauses do not begin so, each stands between lines of +++ instead. A head may be empty or left out: what a draft
still lacks is told by its checklist, not here.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from cms_backend.core.did import did_from_outside
from cms_backend.core.document import Attachment, Role, Variable
from cms_backend.core.errors import CmsError, DidError
from cms_backend.core.ids import ContractId, Digest, Time
from cms_desktop.workflow.drafts import Draft, DraftError, DraftParty

_FENCE: Final = "+++"
_CLAUSE: Final = re.compile(r"(?m)^(?=## )")
_BREAK: Final = re.compile(r"(?m)^\+\+\+[ \t]*$")
_HEAD: Final = frozenset(
    {
        *("title", "description", "valid_from", "valid_until", "parties", "variables", "attachments"),
        *("draft", "record", "contract", "base_revision", "base_root"),
    }
)
_PARTY: Final = frozenset({"did", "key", "next", "name", "role", "step", "capacity", "witness_of"})
_REMEDY: Final = "Compare it with the sample."


def read_draft_text(text: str) -> Draft:
    """The draft in a text. DraftError says which member of the head is wrong, and what is expected."""
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    head, body = _parts(text)
    _known(head, _HEAD, "The head of the draft")
    draft = Draft.new(_text(head, "title"))
    try:
        return replace(
            draft,
            id=_text(head, "draft") or draft.id,
            contract=None if "contract" not in head else ContractId.parse(head["contract"]),
            base_revision=_number(head, "base_revision"),
            base_root=None if "base_root" not in head else Digest.parse(head["base_root"]),
            record=draft.record if "record" not in head else ContractId.parse(head["record"]),
            attachments=tuple(map(Attachment.from_json, _tables(head, "attachments"))),
            description=_text(head, "description"),
            valid_from=_time(head.get("valid_from")),
            valid_until=_time(head.get("valid_until")),
            parties=tuple(map(_party, _tables(head, "parties"))),
            variables=_variables(head.get("variables", {})),
            clauses=_clauses(body),
        )
    except DraftError:
        raise
    except (CmsError, TypeError, ValueError) as error:
        raise DraftError(
            f"The head of the draft cannot be read: {str(error).rstrip('.')}.", remedy=_REMEDY
        ) from error


def _parts(text: str) -> tuple[dict[str, Any], str]:
    fences = list(_BREAK.finditer(text))
    if not fences or fences[0].start() > 0:
        return {}, text
    if len(fences) == 1:
        raise DraftError("The head of the draft has no end.", remedy=f"Close it with a line of {_FENCE}.")
    head, body = text[fences[0].end() : fences[1].start()], text[fences[1].end() :]
    try:
        return tomllib.loads(head), body
    except tomllib.TOMLDecodeError as error:
        raise DraftError(f"The head of the draft is not TOML: {error}.", remedy=_REMEDY) from error


def _clauses(body: str) -> tuple[str, ...]:
    parts = (_BREAK if _BREAK.search(body) else _CLAUSE).split(body)
    return tuple(part.strip("\n") for part in parts if part.strip())


def _known(raw: Mapping[str, Any], names: Collection[str], what: str) -> None:
    # A misspelt valid_until would otherwise make a contract without an end.
    for name in raw:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1)
            meant = f"Did you mean {near[0]}?" if near else f"It can hold: {', '.join(sorted(names))}."
            raise DraftError(f"{what} cannot hold {name!r}.", remedy=meant)


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name, "")
    if isinstance(value, str):
        return value
    raise DraftError(f"{name} is no text.", remedy='Write it between quotation marks: "...".')


def _tables(head: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = head.get(name, [])
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        return found
    raise DraftError(f"{name} is no list of tables.", remedy=f"Begin each of them with a line [[{name}]].")


def _party(raw: dict[str, Any]) -> DraftParty:
    _known(raw, _PARTY, "A party")
    try:
        role = Role(raw.get("role", "signer"))
    except ValueError:
        raise DraftError(
            f"{raw['role']!r} is no role of a party.", remedy=f"Choose one of {', '.join(Role)}."
        ) from None
    step = _number(raw, "step")
    return DraftParty(
        did=_did(_text(raw, "did")),
        key=_text(raw, "key") or None,
        next=_text(raw, "next") or None,
        name=_text(raw, "name"),
        role=role,
        step=None if role is Role.viewer else 1 if step is None else step,
        capacity=_text(raw, "capacity") or None,
        witness_of=_number(raw, "witness_of"),
    )


def _did(text: str) -> str | None:
    """A DID in its one form; what is none stays as it was written, and the checklist of the draft names it."""
    try:
        return did_from_outside(text) if text else None
    except DidError:
        return text


def _number(raw: Mapping[str, Any], name: str) -> int | None:
    value = raw.get(name)
    if value is None or type(value) is int:
        return value
    raise DraftError(f"{name} is no whole number.", remedy="Write it in digits, without quotation marks.")


def _variables(raw: Any) -> tuple[Variable, ...]:
    if not isinstance(raw, dict):
        raise DraftError("variables is no table.", remedy="Begin it with a line [variables].")
    return tuple(_variable(name, value) for name, value in raw.items())


def _variable(name: str, value: Any) -> Variable:
    if isinstance(value, dict):
        _known(value, ("type", "value"), f"The variable {name}")
        body = {"type": _text(value, "type") or "text", "value": str(value.get("value", ""))}
    elif isinstance(value, list | bool):
        raise DraftError(f"The variable {name} is no text, number or date.", remedy=_REMEDY)
    else:
        number = isinstance(value, int | float)
        body = {
            "type": "number" if number else "date" if isinstance(value, date) else "text",
            "value": str(value),
        }
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
    return "\n".join([*lines, _FENCE, "", _body(draft.clauses), ""])


def _body(clauses: tuple[str, ...]) -> str:
    """The clauses as Markdown; between lines of +++ when their headings alone would not part them again."""
    plain = "\n\n".join(clauses)
    if _clauses(plain) == tuple(one.strip("\n") for one in clauses if one.strip()):
        return plain
    return f"\n\n{_FENCE}\n\n".join(["", *clauses]).lstrip("\n")


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
