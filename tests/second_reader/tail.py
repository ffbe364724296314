"""Section 9, step 10: whether anything came later."""

from __future__ import annotations

from dataclasses import dataclass

from .canonical import Obj
from .chain import Link
from .facts import Trust
from .forms import SIGNING
from .logs import agrees, heard_statement, scanned
from .merkle import key_slot, log_slot, party_slot, spine_slot
from .standing import Event
from .waiting import Record


@dataclass(frozen=True)
class Tail:
    """absent, stated, later, not_known or not_applicable; last word and scanned size of the last log of the chain."""

    state: str
    word: Obj | None = None
    size: int | None = None


def look(record: Record, trust: Trust) -> Tail:
    """TAIL."""
    slots = _slots(record) if record.state.spine else set()
    readings = [_Reading(record, link, trust, slots) for link in record.chain.links]
    if not record.state.spine:
        return Tail("later" if any(one.lacking() for one in readings) else "not_known")
    if not record.chain.has_log:
        return Tail("not_applicable")
    words, sizes = [one.word() for one in readings], [one.absent() for one in readings]
    known = [word is not None or size is not None for word, size in zip(words, sizes, strict=True)]
    if any(one.lacking() for one in readings):
        state = "later"
    elif record.chain.lost or any(one.unproven_statement() for one in readings) or not all(known):
        state = "not_known"
    else:
        state = "stated" if None in sizes else "absent"
    return Tail(state, words[-1] if words else None, sizes[-1] if sizes else None)


def _slots(record: Record) -> set[str]:
    genesis, state = record.genesis, record.state
    found = {spine_slot(genesis, sequence) for sequence in range(state.spine[-1].env["sequence"] + 2)}
    for proposal in state.proposals:
        for at, p in enumerate(proposal.held.parties if proposal.held else ()):
            if p["role"] in SIGNING:
                found.add(party_slot(genesis, proposal.event.env["sequence"], at))
    return found | {key_slot(key) for key in state.pinned()}


class _Reading:
    """What is known of one log's end."""

    def __init__(self, record: Record, link: Link, trust: Trust, slots: set[str]) -> None:
        self.record, self.link, self.slots = record, link, slots
        self.section = link.section
        self.size = self.section.checkpoint.size if self.section.checkpoint else 0
        known = scanned(self.section, trust)
        self.scans = [(note, leaves) for note, leaves in known if agrees(self.section, leaves)]

    def head(self) -> Obj | None:
        """The HeadStatement, when it is heard."""
        word: Obj | None = self.section.entry["head"]
        if word is None or not heard_statement(self.section, self.link.operator, word, self.record.signed):
            return None
        roots = self.section.roots.get(word["size"])
        own = (word["contract"], word["genesis"]) == (self.record.contract, self.record.genesis)
        return word if own and (roots is None or bytes.fromhex(word["root"]) in roots) else None

    def lacking(self) -> bool:
        """Whether the log is known to hold something that the section does not prove."""
        head = self.head()
        named = set(head["digests"]) if head else set()
        for _, leaves in self.scans:
            asked = leaves if self.link.closing is None else leaves[: self.link.closing + 1]
            named |= {leaf[32:].hex() for leaf in asked if leaf[:32].hex() in self.slots}
        return not named <= self.section.leaves.keys()

    def unproven_statement(self) -> bool:
        """Whether the facts hold a LogStatement that the section does not prove."""
        for _, leaves in self.scans:
            asked = leaves if self.link.closing is None else leaves[: self.link.closing + 1]
            number = 0
            while True:
                slot = log_slot(number)
                found = [leaf[32:].hex() for leaf in asked if leaf[:32].hex() == slot]
                if not found:
                    break
                if any(one not in self.section.leaves for one in found):
                    return True
                number += 1
        return False

    def absent(self) -> int | None:
        """The scanned size of a log whose facts show that nothing came later."""
        if self.lacking():
            return None
        sizes = [note.size for note, _ in self.scans if note.size >= self.size]
        return max(sizes, default=None)

    def comes_before(self, event: Event) -> bool:
        """Whether an event that counts came before the record was in this log."""
        at = self.record.chain.links.index(self.link)
        return event.log is None or event.log < at

    def word(self) -> Obj | None:
        """The HeadStatement, when it is the last word of this log."""
        head, state = self.head(), self.record.state
        if head is None or head["size"] < self.size:
            return None
        if self.link.closing is not None and head["size"] <= self.link.closing:
            return None
        proven = {state.world.statement(name) for name in self.section.leaves}
        found = [event for event in state.spine if event.statement in proven]
        if not found and self.link.succeeded:
            # Nothing has come since another log was succeeded by this one.
            before = [event for event in state.spine if self.comes_before(event)]
            return head if head["sequence"] == before[-1].env["sequence"] else None
        if not found or head["sequence"] != found[-1].env["sequence"]:
            return None
        return head if found[-1].statement in map(state.world.statement, head["digests"]) else None
