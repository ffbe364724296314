"""What signed objects refer to, and the shape of their proofs (sections 3 and 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from cms_backend.core.canonical import MAX_INT, Json, exact_members
from cms_backend.core.errors import FormError
from cms_backend.core.ids import Digest, cached_digest

CONTEXT: Final = "https://w3id.org/security/data-integrity/v2"
FORMAT: Final = "cms/1"
PROOF_TYPE: Final = "DataIntegrityProof"
PROOF_PURPOSE: Final = "assertionMethod"
CONTEXT_LIST: Final = [CONTEXT]
"""The whole `@context` of a secured object and of its proof: strings only, nothing appended."""

_CHAIN: Final = re.compile(r"eip155:[1-9][0-9]{0,31}")


def check_chain(value: Json) -> str:
    """`value` when it is a CAIP-2 chain of eip155; FormError otherwise."""
    if isinstance(value, str) and _CHAIN.fullmatch(value):
        return value
    raise FormError(f"{str(value)[:60]!r} is no chain of the form eip155:N.")


def whole_number(value: Json, what: str, low: int = 0) -> int:
    """`value` as an integer from `low` to 2^53-1; FormError otherwise."""
    if type(value) is int and low <= value <= MAX_INT:
        return value
    raise FormError(f"{what} is not an integer from {low}.")


def a_string(value: Json, what: str) -> str:
    """`value` as a string; FormError otherwise."""
    if isinstance(value, str):
        return value
    raise FormError(f"{what} is not a string.")


@dataclass(frozen=True, slots=True)
class CheckpointRef:
    """A checkpoint that the signer had seen."""

    origin: str
    size: int
    root: Digest

    @classmethod
    def from_json(cls, value: Json) -> CheckpointRef:
        """`{origin, size, root}`; FormError otherwise."""
        raw = exact_members(value, _CHECKPOINT_REF, "A checkpoint reference")
        origin = a_string(raw["origin"], "origin")
        return cls(origin, whole_number(raw["size"], "size"), cached_digest(raw["root"]))

    def to_json(self) -> dict[str, Json]:
        """The same shape."""
        return {"origin": self.origin, "size": self.size, "root": str(self.root)}


@dataclass(frozen=True, slots=True)
class BlockRef:
    """A block that the signer had seen."""

    chain: str
    number: int
    hash: Digest

    @classmethod
    def from_json(cls, value: Json) -> BlockRef:
        """`{chain, number, hash}`; FormError otherwise."""
        raw = exact_members(value, _BLOCK_REF, "A block reference")
        return cls(
            check_chain(raw["chain"]), whole_number(raw["number"], "number"), cached_digest(raw["hash"])
        )

    def to_json(self) -> dict[str, Json]:
        """The same shape."""
        return {"chain": self.chain, "number": self.number, "hash": str(self.hash)}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the signer had seen before signing: it prevents post-dating, never backdating."""

    checkpoint: CheckpointRef | None = None
    block: BlockRef | None = None

    @staticmethod
    def nothing() -> Seen:
        """Neither a checkpoint nor a block."""
        return NOTHING_SEEN

    @classmethod
    def from_json(cls, value: Json) -> Seen:
        """`{checkpoint, block}`, each null or a reference; FormError otherwise."""
        raw = exact_members(value, _SEEN, "seen")
        checkpoint, block = raw["checkpoint"], raw["block"]
        if checkpoint is None and block is None:
            return NOTHING_SEEN
        return cls(
            None if checkpoint is None else CheckpointRef.from_json(checkpoint),
            None if block is None else BlockRef.from_json(block),
        )

    def to_json(self) -> dict[str, Json]:
        """The same shape."""
        return {
            "checkpoint": None if self.checkpoint is None else self.checkpoint.to_json(),
            "block": None if self.block is None else self.block.to_json(),
        }


NOTHING_SEEN: Final = Seen()
_CHECKPOINT_REF: Final = frozenset({"origin", "size", "root"})
_BLOCK_REF: Final = frozenset({"chain", "number", "hash"})
_SEEN: Final = frozenset({"checkpoint", "block"})


class Proof(NamedTuple):
    """The proof of a secured object. Its suite, method and value are judged by `signatures`, not here."""

    cryptosuite: str
    verification_method: str
    value: str

    @classmethod
    def from_json(cls, value: Json) -> Proof:
        """One object of exactly the members of section 4, fixed ones as prescribed; FormError otherwise."""
        raw = exact_members(value, _PROOF, "The proof")
        if raw["@context"] != CONTEXT_LIST:
            raise FormError("The proof's @context is not the protocol's.")
        if raw["type"] != PROOF_TYPE or raw["proofPurpose"] != PROOF_PURPOSE:
            raise FormError("The proof's type or purpose is not the protocol's.")
        return cls(
            a_string(raw["cryptosuite"], "cryptosuite"),
            a_string(raw["verificationMethod"], "verificationMethod"),
            a_string(raw["proofValue"], "proofValue"),
        )


_PROOF: Final = frozenset(
    {"@context", "type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"}
)
