"""The lifecycle of a contract (section 3): states, replay, admission. The names that other parts use.

Inside: `lifecycle_state` (values), `lifecycle_rules` (the table), `lifecycle_who` and `lifecycle_when` (its
columns), `lifecycle_machine` (what changes), `lifecycle_replay`, `lifecycle_fork` (without a log) and
`lifecycle_admit`.
"""

from cms_backend.core.lifecycle_admit import admit_check, allowed_actions
from cms_backend.core.lifecycle_replay import advance, advance_key_end, replay
from cms_backend.core.lifecycle_state import (
    Allowed,
    Awaited,
    ContractState,
    EndedKey,
    Entry,
    Fork,
    Handover,
    LoggedKeyEnd,
    LogRef,
    Proposal,
    ProposalStatus,
    Signer,
    Status,
    Text,
    Void,
    signer_of,
)

__all__ = [
    "Allowed",
    "Awaited",
    "ContractState",
    "EndedKey",
    "Entry",
    "Fork",
    "Handover",
    "LogRef",
    "LoggedKeyEnd",
    "Proposal",
    "ProposalStatus",
    "Signer",
    "Status",
    "Text",
    "Void",
    "admit_check",
    "advance",
    "advance_key_end",
    "allowed_actions",
    "replay",
    "signer_of",
]
