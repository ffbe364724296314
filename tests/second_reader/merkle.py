"""RFC 6962 trees (hashes, proofs of inclusion and consistency) and the slots of section 6."""

from __future__ import annotations

from collections.abc import Sequence

from .canonical import Obj, digest, sha


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || leaf data)."""
    return sha(b"\0" + data)


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha(b"\1" + left + right)


def head(hashes: Sequence[bytes]) -> bytes:
    """The tree head of these leaf hashes; that of no leaf is SHA-256 of nothing."""
    if not hashes:
        return sha(b"")
    level = list(hashes)
    while len(level) > 1:
        # A last node without a sibling rises as it is: the tree of RFC 6962, section 2.1, level by level.
        pairs = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    at, last, node = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = node_hash(step, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = node_hash(node, step)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162, section 2.1.4.2, and the empty proofs of section 6."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == sha(b"")
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if not steps:
        return False
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, step)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def spine_slot(genesis: str, sequence: int) -> str:
    """The slot of the one spine event of a sequence."""
    return digest(["cms-slot-v1", genesis, sequence, "spine"])


def party_slot(genesis: str, sequence: int, party: int) -> str:
    """The slot of a party's one decision on the proposal of a sequence."""
    return digest(["cms-slot-v1", genesis, sequence, f"party:{party}"])


def key_slot(key: str) -> str:
    """The slot of the KeyEnds of a key."""
    return digest(["cms-key-v1", key])


def log_slot(number: int) -> str:
    """The slot of a LogStatement."""
    return digest(["cms-log-v1", number])


def slot_of(secured: Obj, genesis: str) -> str | None:
    """The slot of a secured object; None for a decision that names no party, and for objects that have no leaf."""
    if secured["type"] == "KeyEnd":
        return key_slot(secured["key"])
    if secured["type"] == "LogStatement":
        return log_slot(secured["number"])
    action, sequence = secured["action"], secured["sequence"]
    if action in ("created", "proposed", "withdrawn", "terminated", "moved"):
        return spine_slot(genesis, sequence)
    if action == "commented":
        return digest(["cms-slot-v1", genesis, sequence, f"note:{digest(secured)}"])
    return None if secured["party"] is None else party_slot(genesis, sequence, secured["party"])


def leaf_of(slot: str, envelope: str) -> bytes:
    """Leaf data: slot and digest of the whole secured object."""
    return bytes.fromhex(slot + envelope)
