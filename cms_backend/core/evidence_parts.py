"""The parts of an evidence file that stand beside events and documents: logs and anchors (section 8)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from cms_backend.core.canonical import Json, exact_members
from cms_backend.core.checkpoint import Note, b64decode, parse_checkpoint, parse_vkey
from cms_backend.core.errors import FormError, LogError
from cms_backend.core.ids import Digest, Time
from cms_backend.core.references import a_string, check_chain, whole_number
from cms_backend.core.statements import HeadStatement, LogStatement, Receipt

_ADDRESS: Final = re.compile(r"0x[0-9a-f]{40}")
_SECTION: Final = frozenset({"vkey", "statements", "proofs", "receipts", "consistency", "head"})
_CONSISTENCY: Final = frozenset({"note", "proof"})
_ANCHOR: Final = frozenset({"chain", "ledger", "log_id", "size", "root", "tx", "block", "hash", "time"})


MOST_SECTIONS: Final = 64
"""Sections of a file (section 8): a record can have been in as many logs."""
MOST_CONSISTENCY: Final = 10_000
"""Consistency proofs in all sections of a file together."""


def a_list(value: Json, what: str) -> list[Json]:
    """`value` as a list; FormError otherwise."""
    if isinstance(value, list):
        return value
    raise FormError(f"{what} is not a list.")


def in_order(keys: Sequence[tuple[Any, ...]], what: str) -> None:
    """FormError unless the keys ascend, each once: one evidence has one file."""
    if any(before >= after for before, after in pairwise(keys)):
        raise FormError(f"{what} are not in the order of section 8, each once.")


@dataclass(frozen=True, slots=True)
class Consistency:
    """A second checkpoint and the proof between it and the one that the inclusion proofs run to."""

    note: str
    proof: tuple[str, ...]
    """Hashes of 32 bytes in standard base64."""

    @classmethod
    def from_json(cls, value: Json) -> Consistency:
        """`{note, proof}`; FormError otherwise. Neither note nor proof is verified."""
        raw = exact_members(value, _CONSISTENCY, "A consistency proof")
        hashes = tuple(a_string(item, "A hash") for item in a_list(raw["proof"], "proof"))
        for item in hashes:
            try:
                if len(b64decode(item)) != 32:
                    raise FormError("A hash of a consistency proof has 32 bytes.")
            except LogError as error:
                raise FormError(error.detail) from error
        return cls(a_string(raw["note"], "note"), hashes)

    def to_json(self) -> dict[str, Json]:
        """The same shape."""
        return {"note": self.note, "proof": list(self.proof)}

    @property
    def order(self) -> tuple[int, str]:
        """Size of the checkpoint, then the note's text; a note that cannot be read comes first."""
        try:
            return parse_checkpoint(Note.parse(self.note).text).size, self.note
        except LogError:
            return -1, self.note


@dataclass(frozen=True, slots=True)
class LogSection:
    """One of the contract's logs as a file carries it. Proofs, notes and signatures are not verified here."""

    vkey: str
    statements: tuple[LogStatement, ...] = ()
    proofs: Mapping[Digest, str] = field(default_factory=dict)
    """tlog-proof texts by the digest of the whole secured object."""
    receipts: tuple[Receipt, ...] = ()
    consistency: tuple[Consistency, ...] = ()
    head: HeadStatement | None = None

    @classmethod
    def from_json(cls, value: Json) -> LogSection:
        """The members of section 8 in their order; FormError otherwise."""
        raw = exact_members(value, _SECTION, "A log")
        try:
            vkey = parse_vkey(a_string(raw["vkey"], "vkey")).text
        except LogError as error:
            raise FormError(error.detail) from error
        if not isinstance(raw["proofs"], dict):
            raise FormError("proofs is not an object.")
        proofs = {Digest.parse(key): a_string(text, "A proof") for key, text in raw["proofs"].items()}
        section = cls(
            vkey=vkey,
            statements=tuple(map(LogStatement.from_json, a_list(raw["statements"], "statements"))),
            proofs=proofs,
            receipts=tuple(map(Receipt.from_json, a_list(raw["receipts"], "receipts"))),
            consistency=tuple(map(Consistency.from_json, a_list(raw["consistency"], "consistency"))),
            head=None if raw["head"] is None else HeadStatement.from_json(raw["head"]),
        )
        in_order([statement_order(one) for one in section.statements], "The statements of a log")
        in_order([receipt_order(one) for one in section.receipts], "The receipts of a log")
        in_order([one.order for one in section.consistency], "The consistency proofs of a log")
        return section

    def to_json(self) -> dict[str, Json]:
        """The same shape, everything in its order."""
        return {
            "vkey": self.vkey,
            "statements": [one.json for one in sorted(self.statements, key=statement_order)],
            "proofs": {str(key): text for key, text in self.proofs.items()},
            "receipts": [one.json for one in sorted(self.receipts, key=receipt_order)],
            "consistency": [one.to_json() for one in sorted(self.consistency, key=lambda one: one.order)],
            "head": None if self.head is None else self.head.json,
        }


def statement_order(one: LogStatement) -> tuple[int, str]:
    """Number, then digest."""
    return one.number, one.digest


def receipt_order(one: Receipt) -> tuple[str, str]:
    """Envelope, then digest."""
    return one.envelope, one.digest


@dataclass(frozen=True, slots=True)
class AnchorRef:
    """Where a checkpoint's root stands on a ledger, as the file claims: block, its hash and time, the
    transaction."""

    chain: str
    ledger: str
    log_id: Digest
    size: int
    root: Digest
    tx: Digest
    block: int
    hash: Digest
    time: Time

    @classmethod
    def from_json(cls, value: Json) -> AnchorRef:
        """The members of section 8; FormError otherwise."""
        raw = exact_members(value, _ANCHOR, "An anchor")
        ledger = a_string(raw["ledger"], "ledger")
        if not _ADDRESS.fullmatch(ledger):
            raise FormError("The ledger of an anchor is no lower-case address.")
        return cls(
            chain=check_chain(raw["chain"]),
            ledger=ledger,
            log_id=Digest.parse(raw["log_id"]),
            size=whole_number(raw["size"], "size", 1),
            root=Digest.parse(raw["root"]),
            tx=Digest.parse(raw["tx"]),
            block=whole_number(raw["block"], "block"),
            hash=Digest.parse(raw["hash"]),
            time=Time.parse(raw["time"]),
        )

    def to_json(self) -> dict[str, Json]:
        """The same shape."""
        return {
            "chain": self.chain,
            "ledger": self.ledger,
            "log_id": str(self.log_id),
            "size": self.size,
            "root": str(self.root),
            "tx": str(self.tx),
            "block": self.block,
            "hash": str(self.hash),
            "time": str(self.time),
        }

    @property
    def order(self) -> tuple[str, str, str, int]:
        """Chain, ledger and log id as text, then size: one anchor for each."""
        return self.chain, self.ledger, self.log_id, self.size
