"""Section 9, steps 7 and 8: what is in the logs, and which checkpoints a ledger anchors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .canonical import Obj, Refused, digest
from .documents import statement_digest
from .evidence import File
from .facts import Checks, Trust
from .merkle import consistent, head, included, leaf_hash, leaf_of, slot_of
from .notes import Checkpoint, LogKey, Proof, open_note, parse_proof, parse_vkey
from .texts import base64_decode


@dataclass
class Section:
    """A log of a file: its key, its operator (None: nobody names it), and what is proven of it."""

    at: int
    entry: Obj
    key: LogKey
    operator: str | None
    checkpoint: Checkpoint | None = None
    roots: dict[int, set[bytes]] = field(default_factory=dict)
    leaves: dict[str, int] = field(default_factory=dict)
    anchors: list[Obj] = field(default_factory=list)
    """Matched anchors: {size, time, chain, public}."""

    def first_anchor(self, index: int) -> Obj | None:
        """The first anchor above an index: the earliest, then the smallest, then a public one."""
        above = [a for a in self.anchors if a["size"] > index]
        return min(above, key=lambda a: (a["time"], a["size"], not a["public"]), default=None)


@dataclass(frozen=True)
class Signed:
    """What of a file carries a signature that passes or is undecided, and all that has a digest in it."""

    events: Mapping[str, Obj]
    formed: Mapping[str, Obj]
    """All events whose form holds, whatever their signature."""
    statements: Mapping[str, bool]
    """Digest of every statement: whether its signature passes."""
    objects: Mapping[str, Obj | None]
    """All that a proof may be of; None: the form is broken."""


def sections_of(file: File, signed: Signed, checks: Checks) -> list[Section]:
    """Name the log keys of the contract, in order."""
    created = [e for e in signed.formed.values() if statement_digest(e) == file.genesis]
    moved = [e for e in signed.events.values() if e["action"] == "moved"]
    named = [e["details"]["log"] for e in (*created, *moved) if "log" in e["details"]]
    own = [log for log in named if log is not None]
    found: list[Section] = []
    for at, entry in enumerate(file.logs):
        ref = next((log for log in own if log["vkey"] == entry["vkey"]), None)
        operator = ref["operator"] if ref else None
        if operator is None and found and _succeeds(file, signed, found[-1], entry["vkey"]):
            operator = found[-1].operator
        found.append(Section(at, entry, parse_vkey(entry["vkey"]), operator))
        if operator is None:
            checks.add("LOG-NOTE", "failed", counts="altered")
    return found


def _succeeds(file: File, signed: Signed, before: Section, vkey: str) -> bool:
    return before.operator is not None and any(
        statement["actor"] == before.operator
        and statement["vkey"] == before.entry["vkey"]
        and statement["successor"] == vkey
        and signed.statements[digest(statement)]
        for entry in file.logs
        for statement in entry["statements"]
    )


def _open(section: Section, signed: Signed, checks: Checks) -> list[tuple[str, Proof, Checkpoint]]:
    opened: list[tuple[str, Proof, Checkpoint]] = []
    for name, text in sorted(section.entry["proofs"].items()):
        event = name if name in signed.events else None
        try:
            proof = parse_proof(text)
        except Refused:
            checks.add("LOG-INCLUSION", "failed", event, "altered")
            continue
        try:
            opened.append((name, proof, open_note(proof.note, section.key)))
        except Refused:
            checks.add("LOG-NOTE", "failed", counts="altered")
    return opened


def read_section(section: Section, file: File, signed: Signed, checks: Checks) -> None:
    """Judge the proofs of a section: LOG-NOTE, LOG-INCLUSION, LOG-SLOT."""
    if section.operator is None:
        return
    opened = _open(section, signed, checks)
    if not opened:
        return
    section.checkpoint = opened[0][2]
    section.roots[section.checkpoint.size] = {section.checkpoint.root}
    slots: set[str] = set()
    for name, proof, note in sorted(opened, key=lambda one: one[1].index):
        event = name if name in signed.events else None
        if name not in signed.objects:
            checks.add("LOG-INCLUSION", "failed", counts="incomplete")
            continue
        item = signed.objects[name]
        if item is None:
            continue
        slot = slot_of(item, file.genesis)
        if slot is None or not _holds(section, item, leaf_of(slot, name), proof, note):
            checks.add("LOG-INCLUSION", "failed", event, "altered")
            continue
        section.leaves[name] = proof.index
        checks.add("LOG-INCLUSION", "passed", event)
        if item["type"] != "KeyEnd" and slot in slots:
            checks.add("LOG-SLOT", "failed", event, "incomplete")
        slots.add(slot)


def _holds(section: Section, item: Obj, data: bytes, proof: Proof, note: Checkpoint) -> bool:
    """Whether the leaf is under the one checkpoint of the section (a LogStatement's log is the one it is about)."""
    own = section.checkpoint
    foreign = item["type"] == "LogStatement" and item["vkey"] != section.entry["vkey"]
    same = own is not None and (note.size, note.root) == (own.size, own.root)
    return not foreign and same and included(leaf_hash(data), proof.index, note.size, proof.path, note.root)


def check_consistency(section: Section, trust: Trust, checks: Checks) -> None:
    """LOG-CONSISTENT: other checkpoints of the file, and all leaves of the facts."""
    own = section.checkpoint
    for entry in section.entry["consistency"] if section.operator else []:
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
    for leaves in scans(section, trust):
        if any(
            len(leaves) >= size and head(leaves[:size]) not in roots for size, roots in section.roots.items()
        ):
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


def scans(section: Section, trust: Trust) -> list[list[bytes]]:
    """Leaf hashes of those logs."""
    return [[leaf_hash(leaf) for leaf in leaves] for _, leaves in scanned(section, trust)]


def check_anchors(
    file: File, sections: Sequence[Section], signed: Signed, trust: Trust, checks: Checks
) -> bool:
    """ANCHOR-LEDGER, ANCHOR-MATCH, ANCHOR-FINAL; whether every anchor passed and is final."""
    passed = [_anchor(anchor, sections, signed, trust, checks) for anchor in file.anchors]
    return all(passed)


def _anchor(anchor: Obj, sections: Sequence[Section], signed: Signed, trust: Trust, checks: Checks) -> bool:
    size, root = anchor["size"], bytes.fromhex(anchor["root"])
    section = next((s for s in sections if root in s.roots.get(size, ())), None)
    if section is None:
        known = any(size in s.roots for s in sections)
        checks.add("ANCHOR-MATCH", "failed" if known else "not_checked", counts="altered" if known else None)
        return False
    ledger = _named_ledger(section, anchor, signed)
    chain = trust.chain(anchor["chain"], ledger["genesis_block"]) if ledger else None
    codes = {c["address"]: c["code"] for c in chain["code"]} if chain else {}
    if ledger is None or chain is None or anchor["ledger"] not in codes:
        checks.add("ANCHOR-LEDGER", "not_checked")
    elif codes[anchor["ledger"]] != ledger["code"]:
        checks.add("ANCHOR-LEDGER", "failed", counts="altered")
        return False
    else:
        checks.add("ANCHOR-LEDGER", "passed")
    answer = _answer(chain, anchor)
    if ledger is None or chain is None or answer is None or answer["root"] is None:
        asked = ledger is not None and answer is not None
        checks.add("ANCHOR-MATCH", "pending" if asked else "not_checked")
        return False
    if answer["root"] != anchor["root"]:
        checks.add("ANCHOR-MATCH", "failed", counts="altered")
        return False
    checks.add("ANCHOR-MATCH", "passed")
    public = trust.public(anchor["chain"]) is not None
    section.anchors.append({"size": size, "time": answer["time"], "chain": anchor["chain"], "public": public})
    final = trust.final(chain, answer["block"])
    checks.add("ANCHOR-FINAL", "passed" if final else "pending")
    return final


def _answer(chain: Obj | None, anchor: Obj) -> Obj | None:
    asked = ("ledger", "log_id", "size")
    found = (
        a for a in (chain["anchored"] if chain else []) if all(a[name] == anchor[name] for name in asked)
    )
    return next(found, None)


def _named_ledger(section: Section, anchor: Obj, signed: Signed) -> Obj | None:
    found = None
    for statement in section.entry["statements"]:
        name = digest(statement)
        if (
            statement["actor"] == section.operator
            and statement["vkey"] == section.entry["vkey"]
            and signed.statements[name]
            and name in section.leaves
        ):
            for ledger in statement["ledgers"]:
                if all(ledger[part] == anchor[part] for part in ("chain", "ledger", "log_id")):
                    found = ledger
    return found
