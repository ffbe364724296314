"""What an edit may use beside the file: the logs that can be read, and the keys that somebody holds.

`World` is one of these. For a file of another making (a real backend's), `Foreign` says what the test has in hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from cms_backend.core.signatures import Signer

from .logs import SimLog


class Surroundings(Protocol):
    """The world around a file."""

    @property
    def logs(self) -> Mapping[str, SimLog]:
        """Logs by verifier key, as far as their leaves are known."""
        ...

    def signer_of(self, did: str) -> Signer | None:
        """The key of a person of the contract, where a move of that person's is to be made."""
        ...

    def signed(self, event: dict[str, Any], document: dict[str, Any] | None) -> None:
        """An edit has made a key sign this; `document` is its text, when it is a new one."""
        ...


@dataclass
class Foreign:
    """Around a file that the made-up world has not written: people by DID, and no log that could be read."""

    people: Mapping[str, Signer] = field(default_factory=dict)
    logs: Mapping[str, SimLog] = field(default_factory=dict)

    def signer_of(self, did: str) -> Signer | None:
        """The key of a person, if the test has it."""
        return self.people.get(did)

    def signed(self, event: dict[str, Any], document: dict[str, Any] | None) -> None:
        """Nobody asks."""
