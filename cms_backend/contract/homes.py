"""Which log a contract's events belong to: the one that ``created`` names, until ``moved`` names another."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from cms_backend.core.events import Action, Envelope

HomeName = Literal["here", "elsewhere", "none"]


@dataclass(frozen=True, slots=True)
class Home:
    """``own_log``: which of the contract's logs (0 is the first) is this backend's, if any."""

    name: HomeName
    own_log: int | None


def log_keys(spine: Iterable[Envelope]) -> list[str]:
    """The verifier keys of a contract's logs, in order."""
    keys: list[str] = []
    for envelope in spine:
        if envelope.action in (Action.created, Action.moved):
            log = envelope.details["log"]
            if log is not None:
                keys.append(log["vkey"])
    return keys


def home_of(spine: Iterable[Envelope], own_vkey: str) -> Home:
    """Where a contract with these spine events is at home."""
    current: str | None = None
    keys: list[str] = []
    for envelope in spine:
        if envelope.action in (Action.created, Action.moved):
            log = envelope.details["log"]
            current = None if log is None else log["vkey"]
            keys += [] if current is None else [current]
    own = max((at for at, key in enumerate(keys) if key == own_vkey), default=None)
    if current is None:
        return Home("none", own)
    return Home("here" if current == own_vkey else "elsewhere", own)
