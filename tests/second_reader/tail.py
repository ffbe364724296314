"""Section 9, step 10: whether anything came later."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from .canonical import Obj, digest
from .evidence import File
from .facts import Trust
from .logs import Section, Signed, scanned
from .merkle import head, key_slot, leaf_hash, party_slot, spine_slot
from .state import State


@dataclass(frozen=True)
class Tail:
    """absent, stated, later, not_known or not_applicable; and the HeadStatement, when it holds."""

    state: str
    head: Obj | None = None


def look(
    file: File, sections: Sequence[Section], signed: Signed, trust: Trust, state: State, known: Container[str]
) -> Tail:
    """TAIL; known: the digests that the file has."""
    if not sections:
        return Tail("not_applicable")
    if not state.spine:
        return Tail("not_known")
    slots = _slots(file, state)
    lacking, absent = False, True
    for section in sections:
        size = section.checkpoint.size if section.checkpoint else 0
        usable = [
            leaves
            for note, leaves in scanned(section, trust)
            if note.size >= size and _agrees(section, leaves)
        ]
        absent = absent and bool(usable)
        later = [leaf for leaves in usable for leaf in leaves if leaf[:32].hex() in slots]
        lacking = lacking or any(leaf[32:].hex() not in known for leaf in later)
    spoken = _spoken(file, sections[-1], signed, state)
    if lacking or (spoken is not None and any(one not in known for one in spoken["digests"])):
        return Tail("later")
    if absent:
        return Tail("absent")
    last = state.spine[-1]
    if spoken is None or (
        spoken["sequence"] == last.env["sequence"]
        and last.statement not in {state.world.statement(one) for one in spoken["digests"]}
    ):
        return Tail("not_known")
    return Tail("stated", spoken)


def _slots(file: File, state: State) -> set[str]:
    genesis, pending = file.genesis, state.pending
    found = {spine_slot(genesis, sequence) for sequence in range(state.spine[-1].env["sequence"] + 2)}
    if pending is not None:
        sequence = pending.event.env["sequence"]
        found |= {party_slot(genesis, sequence, at) for at in pending.awaited()}
    return found | {key_slot(p["key"]) for held in state.world.documents.values() for p in held.parties}


def _spoken(file: File, section: Section, signed: Signed, state: State) -> Obj | None:
    """A HeadStatement by the operator, of this record, not below the file's sequence nor against its checkpoints."""
    head_statement: Obj | None = section.entry["head"]
    if (
        head_statement is None
        or head_statement["actor"] != section.operator
        or not signed.statements[digest(head_statement)]
    ):
        return None
    roots = section.roots.get(head_statement["size"])
    holds = (
        (head_statement["contract"], head_statement["genesis"]) == (file.contract, file.genesis)
        and head_statement["sequence"] >= state.spine[-1].env["sequence"]
        and (roots is None or bytes.fromhex(head_statement["root"]) in roots)
    )
    return head_statement if holds else None


def _agrees(section: Section, leaves: Sequence[bytes]) -> bool:
    hashes = [leaf_hash(leaf) for leaf in leaves]
    return all(len(hashes) < size or head(hashes[:size]) in roots for size, roots in section.roots.items())
