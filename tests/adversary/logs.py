"""A log of the made-up world: real leaves, notes and proofs, and what its operator says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cms_backend.core.checkpoint import LogKey, b64encode, tlog_proof
from cms_backend.core.hashing import H, digest_of
from cms_backend.core.ids import Digest
from cms_backend.core.merkle import consistency_path, inclusion_path, leaf_hash, tree_head
from cms_backend.core.references import CONTEXT
from cms_backend.core.signatures import Ed25519Signer
from cms_backend.core.statements import HeadStatement

from .cast import sign

CHAIN, GENESIS_BLOCK, LEDGER, CODE = "eip155:1", str(H("block 0")), "0x" + "1e" * 20, str(H("code"))


@lru_cache(maxsize=64)
def log_key(name: str) -> LogKey:
    """The fixed key of a log."""
    return LogKey(sha256(b"log " + name.encode()).digest(), f"log.example/{name}")


@lru_cache(maxsize=65536)
def _note(name: str, size: int, root: bytes) -> str:
    return log_key(name).sign_checkpoint(size, root)


@dataclass
class SimLog:
    """Leaves, when each came, anchors, and the statements of its operator."""

    name: str
    operator: Ed25519Signer
    leaves: list[bytes] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    statements: list[dict[str, Any]] = field(default_factory=list)
    anchors: list[dict[str, Any]] = field(default_factory=list)
    heads: list[dict[str, Any]] = field(default_factory=list)

    @property
    def vkey(self) -> str:
        """The verifier key."""
        return log_key(self.name).vkey.text

    @property
    def details(self) -> dict[str, str]:
        """What `created` and `moved` say of it."""
        return {"vkey": self.vkey, "operator": str(self.operator.did)}

    @property
    def log_id(self) -> str:
        """Its id on the ledger."""
        return str(H("log id " + self.name))

    def __len__(self) -> int:
        return len(self.leaves)

    def append(self, slot: Digest, digest: str, time: str) -> None:
        """One more leaf."""
        self.leaves.append(slot.raw + bytes.fromhex(digest))
        self.digests.append(digest)
        self.times.append(time)

    def copy(self) -> SimLog:
        """The same log, to go another way."""
        lists = (self.leaves, self.digests, self.times, self.statements, self.anchors, self.heads)
        return SimLog(self.name, self.operator, *map(list, lists))

    def hashes(self, size: int | None = None) -> list[bytes]:
        """The hashes of the first leaves."""
        return [leaf_hash(data) for data in self.leaves[:size]]

    def root(self, size: int) -> bytes:
        """The tree head at a size."""
        return tree_head(self.hashes(size))

    def note(self, size: int) -> str:
        """The signed checkpoint at a size."""
        return _note(self.name, size, self.root(size))

    def proofs(self, digests: set[str], size: int) -> dict[str, str]:
        """The proofs of these objects to one checkpoint, as far as they lie below it."""
        hashes, note = self.hashes(size), self.note(size)
        return {
            digest: tlog_proof(at, inclusion_path(hashes, at), note)
            for at, digest in enumerate(self.digests[:size])
            if digest in digests
        }

    def section(self, digests: set[str], size: int, head: dict[str, Any] | None = None) -> dict[str, Any]:
        """The log's part of a file: proofs to one checkpoint, and consistency with the anchored ones."""
        hashes = self.hashes(size)
        statements = [one for one in self.statements if str(digest_of(one)) in self.digests[:size]]
        notes = []
        for anchor in self.anchors:
            if anchor["size"] != size:
                small, large = sorted((anchor["size"], size))
                path = consistency_path(self.hashes(large), small)
                notes.append({"note": self.note(anchor["size"]), "proof": [b64encode(step) for step in path]})
        return {
            "vkey": self.vkey,
            "statements": statements,
            "proofs": self.proofs(digests | {str(digest_of(one)) for one in statements}, size),
            "receipts": [],
            "consistency": sorted(notes, key=lambda one: (int(one["note"].split("\n")[1]), one["note"])),
            "head": head,
        } if hashes else {
            "vkey": self.vkey, "statements": [], "proofs": {}, "receipts": [], "consistency": [], "head": head,
        }  # fmt: skip

    def head(self, contract: str, genesis: str, sequence: int, digests: list[str], size: int, time: str,
             *, by: Ed25519Signer | None = None, root: str | None = None) -> dict[str, Any]:  # fmt: skip
        """A HeadStatement about this log. It names the log where the format has a member for that."""
        signer = by or self.operator
        body: dict[str, Any] = {
            "@context": [CONTEXT], "type": "HeadStatement", "format": "cms/1", "actor": str(signer.did),
            "contract": contract, "genesis": genesis, "sequence": sequence, "digests": sorted(set(digests)),
            "size": size, "root": root or self.root(size).hex(), "occurred_at": time,
        }  # fmt: skip
        about = {"vkey": self.vkey, "origin": log_key(self.name).origin}
        body |= {name: value for name, value in about.items() if name in HeadStatement.MEMBERS}
        return sign(body, signer)

    def anchor(self, size: int, block: int, time: str) -> dict[str, Any]:
        """An anchor of the checkpoint at a size."""
        return {
            "chain": CHAIN, "ledger": LEDGER, "log_id": self.log_id, "size": size, "root": self.root(size).hex(),
            "tx": str(H(f"tx {size}")), "block": block, "hash": str(H(f"block {block}")), "time": time,
        }  # fmt: skip
