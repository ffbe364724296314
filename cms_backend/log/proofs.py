"""Inclusion and consistency proofs (RFC 6962, section 2.1) from stored subtree roots: O(log n) look-ups
each.

A node (level, index) is the root over leaves [index * 2**level, (index + 1) * 2**level). A range of the
recursion of RFC 6962 always begins at a multiple of the largest power of two that it holds, so it is a
handful of such nodes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cms_backend.core.merkle import leaf_hash, node_hash

Node = tuple[int, int]
Range = tuple[int, int]
Nodes = Mapping[Node, bytes]


def _split(size: int) -> int:
    """The largest power of two below ``size`` (size > 1)."""
    return 1 << (size - 1).bit_length() - 1


def nodes_of(span: Range) -> Iterator[Node]:
    """The stored nodes that the root of a range is made from, left to right."""
    low, high = span
    while low < high:
        size = high - low
        width = size if size & (size - 1) == 0 else _split(size)
        level = width.bit_length() - 1
        yield level, low >> level
        low += width


def root_of(span: Range, nodes: Nodes) -> bytes:
    """The Merkle tree head over a range."""
    hashes = [nodes[node] for node in nodes_of(span)]
    root = hashes.pop()
    while hashes:
        root = node_hash(hashes.pop(), root)
    return root


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose roots prove leaf ``index`` in a tree of ``size``, leaf first."""
    ranges: list[Range] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    ranges.reverse()
    return ranges


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The ranges whose roots prove that the tree of ``old`` leaves is a prefix of that of ``new`` (0 < old
    <= new).
    """
    ranges: list[Range] = []
    low, high, known = 0, new, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low, known = middle, False
    if not known:
        ranges.append((low, high))
    ranges.reverse()
    return ranges


def all_nodes(ranges: Iterable[Range]) -> set[Node]:
    """Every stored node that a set of ranges needs."""
    return {node for span in ranges for node in nodes_of(span)}


def frontier_nodes(size: int) -> list[Node]:
    """The nodes that stand for a whole tree of ``size`` leaves, left to right."""
    return list(nodes_of((0, size)))


def append(
    size: int, frontier: Sequence[bytes], leaves: Iterable[bytes]
) -> tuple[dict[Node, bytes], list[bytes]]:
    """Put leaf data after the tree that ``frontier`` stands for: the new nodes, and the new frontier."""
    stack = list(frontier)
    made: dict[Node, bytes] = {}
    for data in leaves:
        current = leaf_hash(data)
        made[0, size] = current
        level, position = 0, size
        while position & 1:
            current = node_hash(stack.pop(), current)
            level, position = level + 1, position >> 1
            made[level, position] = current
        stack.append(current)
        size += 1
    return made, stack


def fold(frontier: Sequence[bytes]) -> bytes:
    """The root of the tree that a (not empty) frontier stands for."""
    root = frontier[-1]
    for left in reversed(frontier[:-1]):
        root = node_hash(left, root)
    return root
