"""The two inputs that a verifier brings along (shapes: resources/schemas), and the checks of a report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .canonical import Obj

COUNTS = ("no_proof", "altered", "incomplete", "not_recognised", "undecided")


@dataclass(frozen=True)
class Check:
    """One finding: the check, its state, the event that it is about, and what it counts as."""

    id: str
    state: str
    event: str | None = None
    counts: str | None = None


@dataclass
class Checks:
    """The checks of a report."""

    all: list[Check] = field(default_factory=list)

    def add(self, check: str, state: str, event: str | None = None, counts: str | None = None) -> None:
        """Note a check; what it counts as stands only with a failure, or with what is undecided."""
        self.all.append(Check(check, state, event, counts))

    def ids(self, state: str) -> list[str]:
        """The checks in this state, each once."""
        return sorted({one.id for one in self.all if one.state == state})

    def verdict(self) -> str:
        """The first that fits."""
        found = {one.counts for one in self.all}
        return next((one for one in COUNTS if one in found), "verified")

    def bad(self) -> set[str]:
        """Events with a failure that counts."""
        return {one.event for one in self.all if one.event and one.counts and one.state == "failed"}


@dataclass(frozen=True)
class Trust:
    """Facts and trust together: every question about a chain."""

    facts: Obj
    trust: Obj

    def chain(self, name: str, genesis_block: str | None = None) -> Obj | None:
        """The facts of a chain, with this genesis block when one is named."""
        found = (c for c in self.facts["chains"] if c["chain"] == name)
        return next((c for c in found if genesis_block in (None, c["genesis_block"])), None)

    def public(self, name: str) -> Obj | None:
        """The trusted chain of this id, when the facts are of the same chain."""
        found = (t for t in self.trust["public_chains"] if t["chain"] == name)
        return next((t for t in found if self.chain(name, t["genesis_block"])), None)

    def final(self, chain: Obj, block: int) -> bool:
        """ANCHOR-FINAL."""
        if chain["finalized"] is not None:
            return bool(block <= chain["finalized"])
        trusted = self.public(chain["chain"])
        return bool(chain["head"] - block >= (trusted["confirmations"] if trusted else 0))

    def block(self, ref: Obj) -> Obj | None:
        """The canonical block of a `seen.block`."""
        chain = self.chain(ref["chain"])
        blocks = chain["blocks"] if chain else []
        return next((b for b in blocks if b["number"] == ref["number"] and b["hash"] == ref["hash"]), None)


def latest(times: Iterable[str | None]) -> str | None:
    """The greatest of these times."""
    return max((one for one in times if one is not None), default=None)
