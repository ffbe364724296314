"""Drafts: texts that nobody was shown yet. One JSON file each, written whole, kept through crashes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

import orjson

from cms_backend.core.document import Attachment, Role, Variable
from cms_backend.core.errors import CmsError
from cms_backend.core.ids import ContractId, Digest, Time
from cms_desktop.clock import system_time
from cms_desktop.files import write_whole

_ID: Final = re.compile(r"[0-9a-f]{16}")
_FORMAT: Final = "cms-draft/1"
_NEVER: Final = Time("1970-01-01T00:00:00.000Z")


class DraftError(CmsError):
    """A draft that is not there, cannot be kept, or is not ready for what was asked."""

    code = "draft.error"
    status = 400


class StaleDraft(DraftError):
    """The contract has moved on since the amendment was begun."""

    code = "draft.stale"
    status = 409


@dataclass(frozen=True, slots=True)
class DraftParty:
    """A party while it is still being filled in."""

    did: str | None = None
    key: str | None = None
    next: str | None = None
    name: str = ""
    role: Role = Role.signer
    step: int | None = 1
    capacity: str | None = None
    witness_of: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Every member."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> DraftParty:
        """The same back."""
        return cls(**{**raw, "role": Role(raw["role"])})


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft. `contract`, `base_revision` and `base_root` are set when it amends a contract.

    `record` is the id of the contract that a new one will open: fixed from the start, so that trying again after a
    lost answer opens no second record.
    """

    id: str
    contract: ContractId | None = None
    base_revision: int | None = None
    base_root: Digest | None = None
    title: str = ""
    description: str = ""
    parties: tuple[DraftParty, ...] = ()
    clauses: tuple[str, ...] = ()
    valid_from: Time | None = None
    valid_until: Time | None = None
    attachments: tuple[Attachment, ...] = ()
    variables: tuple[Variable, ...] = ()
    updated_at: Time = _NEVER
    record: ContractId = field(default_factory=ContractId.new, compare=False)

    @classmethod
    def new(cls, title: str = "") -> Draft:
        """An empty draft with an id of its own."""
        return cls(id=secrets.token_hex(8), title=title)

    def to_json(self) -> dict[str, Any]:
        """Every member, and the format."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            **plain,
            "format": _FORMAT,
            "parties": [one.to_json() for one in self.parties],
            "attachments": [one.to_json() for one in self.attachments],
            "variables": [one.to_json() for one in self.variables],
            "clauses": list(self.clauses),
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Draft:
        """The same back. ValueError, KeyError, TypeError or a CmsError for something else."""
        if raw.pop("format") != _FORMAT:
            raise ValueError("another format")
        for name, kind in (
            ("contract", ContractId),
            ("base_root", Digest),
            ("valid_from", Time),
            ("valid_until", Time),
        ):
            raw[name] = None if raw[name] is None else kind.parse(raw[name])
        return cls(
            **{
                **raw,
                "parties": tuple(map(DraftParty.from_json, raw["parties"])),
                "attachments": tuple(map(Attachment.from_json, raw["attachments"])),
                "variables": tuple(map(Variable.from_json, raw["variables"])),
                "clauses": tuple(raw["clauses"]),
                "updated_at": Time.parse(raw["updated_at"]),
                "record": ContractId.parse(raw["record"]) if "record" in raw else ContractId.new(),
            }
        )


class DraftStore:
    """The drafts of one home. Files that cannot be read are put aside, never deleted."""

    def __init__(self, folder: Path, *, now: Callable[[], Time] = system_time) -> None:
        self._folder = folder
        self._now = now

    @property
    def untouched(self) -> bool:
        """Whether no draft was ever kept here, also none that is deleted by now."""
        return not self._folder.exists()

    def save(self, draft: Draft) -> Draft:
        """Keep a draft durably, stamped with the present time. DraftError when the disk refuses."""
        kept = replace(draft, updated_at=self._now())
        self._write(kept)
        return kept

    def restore(self, draft: Draft) -> None:
        """Put back a draft as it was (undo of a delete)."""
        self._write(draft)

    def get(self, draft_id: str) -> Draft:
        """DraftError when there is none of this id."""
        path = self._path(draft_id)
        found = self._read(path) if path.exists() else None
        if found is None:
            raise DraftError("There is no such draft.", remedy="It may have been proposed or deleted.")
        return found

    def list(self) -> tuple[Draft, ...]:
        """All drafts, newest change first."""
        if not self._folder.is_dir():
            return ()
        found = [self._read(path) for path in sorted(self._folder.glob("*.json"))]
        return tuple(sorted((one for one in found if one), key=lambda one: one.updated_at, reverse=True))

    def delete(self, draft_id: str) -> None:
        """Forget a draft; nothing happens when it is gone already."""
        self._path(draft_id).unlink(missing_ok=True)

    def damaged(self) -> tuple[Path, ...]:
        """Files that were put aside because they could not be read."""
        return tuple(sorted(self._folder.glob("*.damaged"))) if self._folder.is_dir() else ()

    def _path(self, draft_id: str) -> Path:
        if not _ID.fullmatch(draft_id):
            raise DraftError("This is no id of a draft.")
        return self._folder / f"{draft_id}.json"

    def _read(self, path: Path) -> Draft | None:
        try:
            return Draft.from_json(orjson.loads(path.read_bytes()))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError, CmsError):
            path.replace(path.with_suffix(".damaged"))
            return None

    def _write(self, draft: Draft) -> None:
        path = self._path(draft.id)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(path, orjson.dumps(draft.to_json(), option=orjson.OPT_INDENT_2), mode=0o600)
        except OSError as error:
            raise DraftError(
                f"The draft could not be saved: {error.strerror}. What was saved before is untouched.",
                remedy="Free some space on the disk; the text stays in the window until then.",
            ) from error
