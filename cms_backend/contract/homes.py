"""Which log a contract's record is in now: told by what counts and is logged, never by what is only held."""

from typing import Literal

from cms_backend.core.events import Envelope
from cms_backend.core.lifecycle import ContractState

HomeName = Literal["here", "elsewhere", "none"]


def log_keys(state: ContractState) -> list[str]:
    """The verifier keys of the logs that a record has been in, in order."""
    return [log.vkey for log in state.logs]


def log_now(settled: ContractState | None, created: Envelope | None) -> str | None:
    """The vkey of the log that a record is in. `settled`: what counts in its logs; None while its own first event is
    not logged.
    """
    if settled is not None:
        keys = log_keys(settled)
        return keys[-1] if keys else None
    log = None if created is None else created.details["log"]
    return None if log is None else str(log["vkey"])


def home_of(settled: ContractState | None, created: Envelope | None, own_vkey: str) -> HomeName:
    """Where a record is at home; the arguments are those of `log_now`."""
    vkey = log_now(settled, created)
    if vkey is None:
        return "none"
    return "here" if vkey == own_vkey else "elsewhere"
