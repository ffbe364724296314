"""Why a log must not grow: the causes, as the database keeps them and as a person reads them.

A *proof* names a head (size and root) that was published and that the database does not hold. It stays until
the database holds that head: no file that is put back and no consent removes it, because the log would sign a
second history. A *doubt* is something that is not known; a person who knows the answer may remove it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import orjson

from cms_backend.core.errors import CmsError
from cms_backend.core.ids import Digest

Doubt = Literal["backup", "head", "ledger", "earlier"]
Kind = Literal["published", "backup", "head", "ledger", "earlier"]
_KINDS: Final = frozenset({"published", "backup", "head", "ledger", "earlier"})
#: Doubts that a start looks into anew; the others stay until a person has answered.
LOOKED_INTO: Final = frozenset({"head", "ledger"})

PROVEN_REMEDY: Final = (
    "Bring back the newest copy of the data folder. If there is none, begin a new log: cms log begin-new."
)
DOUBT_REMEDY: Final = (
    "If nothing was accepted after the state that this data folder holds, say so: cms log resume. Otherwise bring "
    "back the newest copy of the data folder or, if there is none, begin a new log: cms log begin-new."
)
LEFT_REMEDY: Final = (
    "It can be read, verified and exported. To go on with it, bring back the newest copy of the data folder that had "
    "this log, or agree on a new contract."
)


class LogFrozen(CmsError):
    """The log must not grow: its database is behind what was published, or it is not known that it is not."""

    code = "log.frozen"
    status = 503


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason. ``size`` and ``root`` (64 hex) only of a proof: the head that the database must hold."""

    kind: Kind
    words: str
    size: int | None = None
    root: str | None = None

    @property
    def proven(self) -> bool:
        """Does it show that the log has gone on elsewhere?"""
        return self.kind == "published"


Causes = tuple[Cause, ...]


def to_text(causes: Causes) -> str | None:
    """The form of the database's column; None when the log may grow."""
    return orjson.dumps([asdict(cause) for cause in causes]).decode() if causes else None


def from_text(text: str | None) -> Causes:
    """The causes of the database's column. What cannot be read is a doubt: it froze the log once."""
    if text is None:
        return ()
    try:
        return tuple(_cause(member) for member in orjson.loads(text))
    except (ValueError, KeyError, TypeError):
        return (Cause("earlier", text),)


def _cause(member: dict[str, Any]) -> Cause:
    kind, words, size, root = (member[name] for name in ("kind", "words", "size", "root"))
    if kind not in _KINDS or not isinstance(words, str):
        raise ValueError(kind)
    if kind == "published" and not (type(size) is int and isinstance(root, str)):
        raise ValueError(kind)
    return Cause(kind, words, size, None if root is None else str(Digest.parse(root)))


def with_cause(causes: Causes, cause: Cause) -> Causes:
    """The causes with one more; a doubt takes the place of an earlier one of its kind, a proof that of its words."""
    kept = (one for one in causes if one.kind != cause.kind or (cause.proven and one.words != cause.words))
    return (*kept, cause)


def without(causes: Causes, kind: Kind) -> Causes:
    """The causes of all other kinds."""
    return tuple(cause for cause in causes if cause.kind != kind)


def words_of(causes: Iterable[Cause]) -> str | None:
    """What a person reads; None when the log may grow."""
    return " ".join(cause.words for cause in causes) or None


def remedy_of(causes: Sequence[Cause]) -> str | None:
    """What a person can do; None when the log may grow."""
    if not causes:
        return None
    return PROVEN_REMEDY if any(cause.proven for cause in causes) else DOUBT_REMEDY
