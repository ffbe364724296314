"""Which log a contract's events belong to: the one that ``created`` names, until ``moved`` names another."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from cms_backend.core.events import Action, Envelope, Kind

HomeName = Literal["here", "elsewhere", "none"]


@dataclass(frozen=True, slots=True)
class Home:
    """``own_log``: which of the contract's logs (0 is the first) is this backend's, if any."""

    name: HomeName
    own_log: int | None


def is_logless(envelopes: Iterable[Envelope]) -> bool:
    """Is there no event that names a log for the contract?"""
    naming = (Action.created, Action.moved)
    return not any(one.action in naming and one.details["log"] is not None for one in envelopes)


def log_keys(spine: Iterable[Envelope]) -> list[str]:
    """The verifier keys of a contract's logs, in order."""
    keys: list[str] = []
    for envelope in spine:
        if envelope.action in (Action.created, Action.moved):
            log = envelope.details["log"]
            if log is not None:
                keys.append(log["vkey"])
    return keys


def own_log(envelopes: Iterable[Envelope], own_vkey: str) -> int | None:
    """Which of the contract's logs is this backend's, whether the contract is at home there now or not."""
    spine = sorted((one for one in envelopes if one.kind is Kind.spine), key=lambda one: one.sequence)
    return home_of(spine, own_vkey).own_log


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
