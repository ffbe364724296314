"""Section 9, step 7: what a section of the file proves of its log, and what the facts say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .canonical import Obj, Refused, digest
from .facts import Checks, Trust
from .merkle import consistent, head, included, leaf_hash, leaf_of, slot_of
from .notes import Checkpoint, LogKey, Proof, open_note, parse_hashes, parse_vkey, split_proof
from .texts import base64_decode


@dataclass(frozen=True)
class Signed:
    """What of a file carries a signature that passes or is undecided, and all that has a digest in it."""

    events: Mapping[str, Obj]
    formed: Mapping[str, Obj]
    """All events of this contract whose form holds, whatever their signature."""
    native: frozenset[str]
    """Events whose signature passes without asking an account's contract."""
    statements: Mapping[str, bool | None]
    """Digest of every statement: whether its signature passes (None: undecided)."""
    objects: Mapping[str, Obj | None]
    """All that a proof may be of; None: the form is broken."""


@dataclass
class Section:
    """A section of the file, read as if its log were the contract's."""

    at: int
    entry: Obj
    key: LogKey
    checks: Checks = field(default_factory=Checks)
    checkpoint: Checkpoint | None = None
    roots: dict[int, set[bytes]] = field(default_factory=dict)
    leaves: dict[str, int] = field(default_factory=dict)
    """Index of every object with a passed inclusion proof, by its digest."""
    slots: set[str] = field(default_factory=set)


def read_section(at: int, entry: Obj, genesis: str, contract: str, signed: Signed, trust: Trust) -> Section:
    """LOG-NOTE, LOG-INCLUSION, LOG-SLOT and LOG-CONSISTENT of a section."""
    section = Section(at, entry, parse_vkey(entry["vkey"]))
    _read_proofs(section, genesis, contract, signed)
    _read_consistency(section, trust)
    return section


def slot_here(item: Obj, genesis: str, contract: str) -> str | None:
    """The slot of an object in a log of this contract: an event of another contract has none."""
    foreign = item["type"] == "ContractEvent" and item["contract"] != contract
    return None if foreign else slot_of(item, genesis)


def _open(section: Section, signed: Signed) -> list[tuple[str, Proof, Checkpoint]]:
    opened: list[tuple[str, Proof, Checkpoint]] = []
    for name, text in sorted(section.entry["proofs"].items()):
        event = name if name in signed.formed else None
        if name not in signed.objects:
            section.checks.add("LOG-INCLUSION", "failed", counts="incomplete")
            continue
        try:
            index, hashes, note = split_proof(text)
        except Refused:
            section.checks.add("LOG-INCLUSION", "failed", event, "altered")
            continue
        try:
            checkpoint = open_note(note, section.key)
        except Refused:
            section.checks.add("LOG-NOTE", "failed", counts="altered")
            continue
        try:
            opened.append((name, Proof(index, parse_hashes(hashes), note), checkpoint))
        except Refused:
            section.checks.add("LOG-INCLUSION", "failed", event, "altered")
    return opened


def _read_proofs(section: Section, genesis: str, contract: str, signed: Signed) -> None:
    opened = _open(section, signed)
    items = {name: signed.objects[name] for name, _, _ in opened}
    slots = {name: slot_here(item, genesis, contract) for name, item in items.items() if item is not None}
    readable = [note for name, _, note in opened if slots.get(name) is not None]
    if readable:
        section.checkpoint = readable[0]
        section.roots[readable[0].size] = {readable[0].root}
    for name, proof, note in sorted(opened, key=lambda one: one[1].index):
        event = name if name in signed.formed else None
        item, slot = items[name], slots.get(name)
        if item is None:
            continue
        if slot is None or not _holds(section, leaf_of(slot, name), proof, note):
            section.checks.add("LOG-INCLUSION", "failed", event, "altered")
            continue
        section.leaves[name] = proof.index
        section.checks.add("LOG-INCLUSION", "passed", event)
        if item["type"] != "KeyEnd" and slot in section.slots:
            section.checks.add("LOG-SLOT", "failed", event, "incomplete")
        section.slots.add(slot)


def _holds(section: Section, data: bytes, proof: Proof, note: Checkpoint) -> bool:
    """Whether the leaf is under the one checkpoint of the section."""
    own = section.checkpoint
    same = own is not None and (note.size, note.root) == (own.size, own.root)
    return same and included(leaf_hash(data), proof.index, note.size, proof.path, note.root)


def _read_consistency(section: Section, trust: Trust) -> None:
    own, checks = section.checkpoint, section.checks
    for entry in section.entry["consistency"]:
        try:
            note = open_note(entry["note"], section.key)
        except Refused:
            checks.add("LOG-NOTE", "failed", counts="altered")
            continue
        if own is None:
            checks.add("LOG-CONSISTENT", "not_checked")
            continue
        old, new = sorted((note, own), key=lambda c: c.size)
        path = [base64_decode(step) for step in entry["proof"]]
        if consistent(old.size, new.size, old.root, new.root, path):
            section.roots.setdefault(note.size, set()).add(note.root)
            checks.add("LOG-CONSISTENT", "passed")
        else:
            checks.add("LOG-CONSISTENT", "failed", counts="incomplete")
    for _, leaves in scanned(section, trust):
        if not agrees(section, leaves):
            checks.add("LOG-CONSISTENT", "failed", counts="incomplete")


def scanned(section: Section, trust: Trust) -> list[tuple[Checkpoint, list[bytes]]]:
    """Checkpoint and leaf data of every log of the facts that is this one, and whose leaves give its root."""
    found = []
    for fact in trust.facts["logs"]:
        try:
            note = open_note(fact["note"], section.key)
            leaves = [base64_decode(leaf) for leaf in fact["leaves"]]
        except Refused:
            continue
        if len(leaves) == note.size and head([leaf_hash(leaf) for leaf in leaves]) == note.root:
            found.append((note, leaves))
    return found


def agrees(section: Section, leaves: Sequence[bytes]) -> bool:
    """Whether all leaves of a log give the section's checkpoints at their sizes."""
    hashes = [leaf_hash(leaf) for leaf in leaves]
    return all(len(hashes) < size or roots == {head(hashes[:size])} for size, roots in section.roots.items())


def heard_statement(section: Section, operator: str, secured: Obj, signed: Signed) -> bool:
    """Whether a LogStatement, Receipt or HeadStatement is its operator's, passes, and speaks of this log's key."""
    own = secured.get("vkey", section.entry["vkey"]) == section.entry["vkey"]
    return own and secured["actor"] == operator and signed.statements[digest(secured)] is True
