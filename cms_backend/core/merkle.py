"""Merkle trees of RFC 6962 section 2.1 and RFC 9162 section 2.1: heads, inclusion, consistency.

Hashes are 32 raw bytes. An inclusion proof binds neither the tree's size nor the leaf's index (a proof for
one pair can hold for another): both must come from something signed. Verification raises LogError.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

from cms_backend.core.errors import LogError

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"
EMPTY_ROOT: Final = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data)."""
    return sha256(_LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(_NODE + left + right).digest()


def tree_head(leaf_hashes: Iterable[bytes]) -> bytes:
    """MTH over leaf hashes; of none, SHA-256 of nothing."""
    frontier = Frontier()
    for hashed in leaf_hashes:
        frontier.append(hashed)
    return frontier.root()


class Frontier:
    """The right edge of a growing tree: the roots of its perfect subtrees, largest first (compact range)."""

    __slots__ = ("_peaks", "_size")

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """An empty tree, or one of `size` leaves from its stored peaks. LogError when the number is wrong."""
        if size < 0 or len(peaks) != size.bit_count():
            raise LogError(f"A tree of {size} leaves has {size.bit_count()} peaks, not {len(peaks)}.")
        self._size = size
        self._peaks = list(peaks)

    @property
    def size(self) -> int:
        """How many leaves were appended."""
        return self._size

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """What must be stored, beside the size, to go on later."""
        return tuple(self._peaks)

    def append(self, hashed: bytes) -> None:
        """Add one leaf hash at the end."""
        size = self._size
        peaks = self._peaks
        while size & 1:
            hashed = sha256(_NODE + peaks.pop() + hashed).digest()
            size >>= 1
        peaks.append(hashed)
        self._size += 1

    def root(self) -> bytes:
        """The head of all leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        *rest, root = self._peaks
        for peak in reversed(rest):
            root = sha256(_NODE + peak + root).digest()
        return root

    def copy(self) -> Frontier:
        """An independent frontier of the same tree."""
        return Frontier(self._size, self._peaks)


def _split(size: int) -> int:
    """The largest power of two below `size` (k of RFC 6962, section 2.1)."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_path(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """PATH(index, D): the audit path of one leaf, its sibling first. LogError outside the tree."""
    if not 0 <= index < len(leaf_hashes):
        raise LogError(f"There is no leaf {index} in a tree of {len(leaf_hashes)}.")
    path: list[bytes] = []
    start, end = 0, len(leaf_hashes)
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(tree_head(leaf_hashes[middle:end]))
            end = middle
        else:
            path.append(tree_head(leaf_hashes[start:middle]))
            start = middle
    path.reverse()
    return path


def root_from_path(hashed: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that a path leads to (RFC 9162, section 2.1.3.2). LogError for a path of the wrong length."""
    if not 0 <= index < size:
        raise LogError(f"There is no leaf {index} in a tree of {size}.")
    last = size - 1
    for sibling in path:
        if last == 0:
            raise LogError("The inclusion proof is too long.")
        if index & 1 or index == last:
            hashed = sha256(_NODE + sibling + hashed).digest()
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            hashed = sha256(_NODE + hashed + sibling).digest()
        index >>= 1
        last >>= 1
    if last:
        raise LogError("The inclusion proof is too short.")
    return hashed


def verify_inclusion(hashed: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise LogError unless the path shows the leaf at `index` of the tree of `size` with this root."""
    if len(hashed) != 32 or any(len(sibling) != 32 for sibling in path):
        raise LogError("The inclusion proof holds a hash that has not 32 bytes.")
    if root_from_path(hashed, index, size, path) != root:
        raise LogError("The inclusion proof does not lead to the checkpoint's root.")


def consistency_path(leaf_hashes: Sequence[bytes], old: int) -> list[bytes]:
    """PROOF(old, D): that the first `old` leaves are the start of these. Empty for 0 and for all of them."""
    size = len(leaf_hashes)
    if not 0 <= old <= size:
        raise LogError(f"A tree of {size} leaves has no prefix of {old}.")
    if old in (0, size):
        return []
    path: list[bytes] = []
    start, end = 0, size
    whole = True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(tree_head(leaf_hashes[middle:end]))
            end = middle
        else:
            path.append(tree_head(leaf_hashes[start:middle]))
            start = middle
            whole = False
    if not whole:
        path.append(tree_head(leaf_hashes[start:end]))
    path.reverse()
    return path


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """Raise LogError unless the tree of `new` leaves begins with the tree of `old` (RFC 9162, 2.1.4.2).

    The empty tree is the start of every tree: its root must be SHA-256 of nothing, the path empty.
    """
    if any(len(hashed) != 32 for hashed in path):
        raise LogError("The consistency proof holds a hash that has not 32 bytes.")
    if not 0 <= old <= new:
        raise LogError("A consistency proof runs from the smaller tree to the larger.")
    if old == new or old == 0:
        if path:
            raise LogError("This consistency proof must be empty.")
        if old_root != (new_root if old == new else EMPTY_ROOT):
            raise LogError(f"The two roots of size {old} differ.")
        return
    from_old, from_new = _roots_from_consistency(old, new, old_root, path)
    if from_old != old_root or from_new != new_root:
        raise LogError("The log's history was rewritten: the consistency proof leads to other roots.")


def _roots_from_consistency(
    old: int, new: int, old_root: bytes, path: Sequence[bytes]
) -> tuple[bytes, bytes]:
    hashes = list(path) if old & (old - 1) else [old_root, *path]
    if not hashes:
        raise LogError("The consistency proof is too short.")
    index, last = old - 1, new - 1
    while index & 1:
        index >>= 1
        last >>= 1
    from_old = from_new = hashes[0]
    for hashed in hashes[1:]:
        if last == 0:
            raise LogError("The consistency proof is too long.")
        if index & 1 or index == last:
            from_old = node_hash(hashed, from_old)
            from_new = node_hash(hashed, from_new)
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            from_new = node_hash(from_new, hashed)
        index >>= 1
        last >>= 1
    if last:
        raise LogError("The consistency proof is too short.")
    return from_old, from_new
