"""Proofs out of stored nodes equal those of the kernel, which are made from all leaves."""

from hypothesis import given
from hypothesis import strategies as st

from cms_backend.core import merkle
from cms_backend.log import proofs


def _tree(size: int) -> tuple[dict[proofs.Node, bytes], list[bytes], list[bytes]]:
    leaves = [bytes([number % 256]) * 64 for number in range(size)]
    nodes, frontier = proofs.append(0, [], leaves)
    return nodes, frontier, [merkle.leaf_hash(leaf) for leaf in leaves]


@given(st.integers(1, 130))
def test_the_root_of_the_stored_nodes_is_the_tree_head(size: int) -> None:
    nodes, frontier, hashes = _tree(size)
    head = merkle.tree_head(hashes)
    assert proofs.root_of((0, size), nodes) == head
    assert proofs.fold(frontier) == head
    assert [nodes[node] for node in proofs.frontier_nodes(size)] == frontier


@given(st.integers(1, 130), st.data())
def test_inclusion_proofs_are_those_of_the_kernel_for_every_smaller_tree(
    size: int, data: st.DataObject
) -> None:
    nodes, _, hashes = _tree(size)
    at = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, at - 1))
    ranges = proofs.inclusion_ranges(index, at)
    assert [proofs.root_of(span, nodes) for span in ranges] == merkle.inclusion_path(hashes[:at], index)


@given(st.integers(1, 130), st.data())
def test_consistency_proofs_are_those_of_the_kernel(size: int, data: st.DataObject) -> None:
    nodes, _, hashes = _tree(size)
    new = data.draw(st.integers(1, size))
    old = data.draw(st.integers(1, new))
    ranges = proofs.consistency_ranges(old, new)
    assert [proofs.root_of(span, nodes) for span in ranges] == merkle.consistency_path(hashes[:new], old)


@given(st.integers(0, 70), st.integers(0, 70))
def test_appending_in_two_batches_gives_the_nodes_of_one(first: int, second: int) -> None:
    leaves = [bytes([number]) * 64 for number in range(first + second)]
    whole, frontier = proofs.append(0, [], leaves)
    nodes_a, peaks = proofs.append(0, [], leaves[:first])
    nodes_b, peaks = proofs.append(first, peaks, leaves[first:])
    assert {**nodes_a, **nodes_b} == whole
    assert peaks == frontier


def test_a_proof_needs_few_nodes_even_of_a_large_log() -> None:
    ranges = proofs.inclusion_ranges(123_456, 1_000_000)
    assert len(proofs.all_nodes(ranges)) <= 2 * 20
