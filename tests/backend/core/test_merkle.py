from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.core.errors import LogError
from cms_backend.core.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    tree_head,
    verify_consistency,
    verify_inclusion,
)

leaf_lists = st.integers(1, 70).map(lambda size: [leaf_hash(bytes([at])) for at in range(size)])


def reference_head(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it stands there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + reference_head(leaves[:split]) + reference_head(leaves[split:])).digest()


@given(leaf_lists)
def test_the_head_is_that_of_the_plain_recursion(leaves: list[bytes]) -> None:
    assert tree_head(leaves) == reference_head(leaves)


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert tree_head([]) == Frontier().root() == EMPTY_ROOT


@given(leaf_lists, st.data())
def test_a_frontier_goes_on_from_its_stored_peaks(leaves: list[bytes], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(leaves)))
    before = Frontier()
    for leaf in leaves[:cut]:
        before.append(leaf)
    after = Frontier(before.size, before.peaks)
    copy = before.copy()
    for leaf in leaves[cut:]:
        after.append(leaf)
    assert after.root() == reference_head(leaves)
    assert copy.root() == reference_head(leaves[:cut])
    assert after.size == len(leaves)


def test_a_frontier_with_the_wrong_number_of_peaks_is_refused() -> None:
    with pytest.raises(LogError):
        Frontier(3, [EMPTY_ROOT])
    with pytest.raises(LogError):
        Frontier(-1)


@given(leaf_lists, st.data())
def test_every_inclusion_proof_holds_and_one_changed_hash_breaks_it(
    leaves: list[bytes], data: st.DataObject
) -> None:
    size = len(leaves)
    root = tree_head(leaves)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(leaves, index)
    verify_inclusion(leaves[index], index, size, path, root)
    broken = [list(path[:-1]), [*path, EMPTY_ROOT], [*path, path[-1]] if path else [EMPTY_ROOT]]
    for at in range(len(path)):
        changed = list(path)
        changed[at] = bytes([changed[at][0] ^ 1]) + changed[at][1:]
        broken += [changed, path[:at] + path[at + 1 :]]
    for bad in broken:
        if bad == path:
            continue
        with pytest.raises(LogError):
            verify_inclusion(leaves[index], index, size, bad, root)


def test_a_proof_outside_the_tree_is_refused() -> None:
    leaves = [leaf_hash(b"a"), leaf_hash(b"b")]
    for index in (-1, 2):
        with pytest.raises(LogError):
            inclusion_path(leaves, index)
        with pytest.raises(LogError):
            verify_inclusion(leaves[0], index, 2, [leaves[1]], tree_head(leaves))
    with pytest.raises(LogError, match="32 bytes"):
        verify_inclusion(leaves[0], 0, 2, [b"short"], tree_head(leaves))


def test_a_proof_alone_binds_neither_size_nor_index_so_both_must_be_signed() -> None:
    """A13: the attack works on the bare proof; documents carry counts and the signed number of leaves
    against it.
    """
    leaves = [leaf_hash(bytes([at])) for at in range(14)]
    root = tree_head(leaves)
    path = inclusion_path(leaves, 3)
    for size in range(9, 17):
        verify_inclusion(leaves[3], 3, size, path, root)


@given(leaf_lists, st.data())
def test_every_consistency_proof_holds_and_any_change_breaks_it(
    leaves: list[bytes], data: st.DataObject
) -> None:
    new = len(leaves)
    old = data.draw(st.integers(0, new))
    old_root, new_root = tree_head(leaves[:old]), tree_head(leaves)
    path = consistency_path(leaves, old)
    verify_consistency(old, new, old_root, new_root, path)
    forged = leaf_hash(b"forged")
    bad: list[tuple[bytes, bytes, list[bytes]]] = [
        (old_root, new_root, [*path, forged]),
        (forged, new_root, path),
    ]
    if old:
        bad.append((old_root, forged, path))
    bad += [(old_root, new_root, [*path[:at], forged, *path[at + 1 :]]) for at in range(len(path))]
    if path:
        bad.append((old_root, new_root, path[:-1]))
    for first, second, steps in bad:
        with pytest.raises(LogError):
            verify_consistency(old, new, first, second, steps)


def test_a_rewritten_history_has_no_consistency_proof() -> None:
    leaves = [leaf_hash(bytes([at])) for at in range(11)]
    rewritten = [leaf_hash(b"x"), *leaves[1:]]
    with pytest.raises(LogError, match="rewritten"):
        verify_consistency(5, 11, tree_head(leaves[:5]), tree_head(rewritten), consistency_path(rewritten, 5))


def test_a_consistency_proof_runs_forward_inside_the_tree() -> None:
    leaves = [leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")]
    with pytest.raises(LogError):
        consistency_path(leaves, 4)
    with pytest.raises(LogError):
        verify_consistency(3, 2, EMPTY_ROOT, EMPTY_ROOT, [])
    with pytest.raises(LogError, match="32 bytes"):
        verify_consistency(1, 2, leaves[0], tree_head(leaves[:2]), [b"short"])
    with pytest.raises(LogError, match="too short"):
        verify_consistency(3, 5, leaves[0], leaves[1], [])


def test_leaves_and_nodes_are_hashed_apart() -> None:
    left, right = leaf_hash(b"l"), leaf_hash(b"r")
    assert node_hash(left, right) == sha256(b"\x01" + left + right).digest()
    assert leaf_hash(left + right) != node_hash(left, right)
