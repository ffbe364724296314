"""Which log a contract's record is in now: told by what counts and is logged, never by what is only held."""

from typing import Literal

from cms_backend.core.events import Envelope
from cms_backend.core.lifecycle import ContractState

HomeName = Literal["here", "elsewhere", "none"]


def log_keys(state: ContractState) -> list[str]:
    """The verifier keys of the logs that a record has been in, in order."""
    return [log.vkey for log in state.logs]


def home_of(settled: ContractState | None, created: Envelope | None, own_vkey: str) -> HomeName:
    """Where a record is at home. `settled`: what counts in its logs; None while its own first event is not logged."""
    if settled is not None:
        keys = log_keys(settled)
    else:
        log = None if created is None else created.details["log"]
        keys = [] if log is None else [log["vkey"]]
    if not keys:
        return "none"
    return "here" if keys[-1] == own_vkey else "elsewhere"
