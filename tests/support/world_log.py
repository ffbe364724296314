"""A log whose leaves are known, for worlds of tests."""

from __future__ import annotations

from dataclasses import dataclass, field

from cms_backend.core.checkpoint import LogKey
from cms_backend.core.evidence import AnchorRef
from cms_backend.core.hashing import H
from cms_backend.core.ids import Digest
from cms_backend.core.merkle import leaf_hash, tree_head
from cms_backend.core.signatures import Ed25519Signer
from cms_backend.core.slots import leaf_data
from cms_backend.core.statements import LogStatement

OPERATOR = Ed25519Signer(bytes([200]) * 32)


@dataclass
class Log:
    """A log whose leaves are known, with its operator's statements and anchors."""

    key: LogKey
    operator: Ed25519Signer = OPERATOR
    leaves: list[bytes] = field(default_factory=list)
    index: dict[Digest, int] = field(default_factory=dict)
    statements: list[LogStatement] = field(default_factory=list)
    anchors: list[AnchorRef] = field(default_factory=list)

    @property
    def details(self) -> dict[str, str]:
        """What `created` and `moved` say of it."""
        return {"vkey": self.key.vkey.text, "operator": str(self.operator.did)}

    def append(self, slot: Digest, digest: Digest) -> int:
        """Add a leaf."""
        self.leaves.append(leaf_data(slot, digest))
        self.index[digest] = len(self.leaves) - 1
        return self.index[digest]

    def fill(self, count: int, tag: str = "other") -> None:
        """Leaves of other contracts."""
        for at in range(count):
            self.append(H(f"{tag} slot {len(self.leaves)} {at}"), H(f"{tag} leaf {len(self.leaves)} {at}"))

    def hashes(self, size: int | None = None) -> list[bytes]:
        """The leaf hashes."""
        return [leaf_hash(data) for data in self.leaves[:size]]

    def root(self, size: int | None = None) -> bytes:
        """The tree head."""
        return tree_head(self.hashes(size))

    def note(self, size: int | None = None) -> str:
        """The signed checkpoint."""
        count = len(self.leaves) if size is None else size
        return self.key.sign_checkpoint(count, self.root(count))

    @property
    def log_id(self) -> Digest:
        """Its id on the ledger."""
        return H("log id " + self.key.origin)
