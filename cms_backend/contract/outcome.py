"""What the sender of an event or KeyEnd is told."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

#: A Receipt's promise. The sequencer needs a fraction of a second.
LOG_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the sender of an event is told; ``new`` is False when it was held already."""

    contract: str
    digest: str
    receipt: bytes | None
    held: bool
    new: bool

    @property
    def answer(self) -> dict[str, Any]:
        """The JSON answer."""
        return {
            "digest": self.digest,
            "receipt": None if self.receipt is None else orjson.Fragment(self.receipt),
            "state": "held" if self.held else "accepted",
            "anchor": "pending",
        }
