"""Log keys and small logs for tests of the kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cms_backend.core.checkpoint import LogKey, tlog_proof
from cms_backend.core.merkle import consistency_path, inclusion_path, leaf_hash, tree_head


def log_key(number: int, origin: str | None = None) -> LogKey:
    """A log key of its own for every number up to 255."""
    return LogKey(bytes([200, number]) * 16, origin)


@dataclass(frozen=True)
class SmallLog:
    """A log whose leaves are known: what a sequencer would publish."""

    key: LogKey
    leaves: Sequence[bytes]

    @property
    def hashes(self) -> list[bytes]:
        """The leaf hashes."""
        return [leaf_hash(data) for data in self.leaves]

    def note(self, size: int | None = None) -> str:
        """The signed checkpoint of the first `size` leaves, of all without it."""
        hashes = self.hashes[:size]
        return self.key.sign_checkpoint(len(hashes), tree_head(hashes))

    def proof(self, index: int, size: int | None = None) -> str:
        """The tlog-proof text of one leaf."""
        return tlog_proof(index, inclusion_path(self.hashes[:size], index), self.note(size))

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """The consistency proof between two sizes."""
        return consistency_path(self.hashes[:new], old)
