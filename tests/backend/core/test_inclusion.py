"""Many inclusion proofs to one root, as texts: the verdicts of single proofs, in any order."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_backend.core.checkpoint import ProofText
from cms_backend.core.errors import LogError
from cms_backend.core.inclusion import InclusionVerifier
from cms_backend.core.merkle import EMPTY_ROOT, inclusion_path, leaf_hash, tree_head

leaf_lists = st.integers(1, 70).map(lambda size: [leaf_hash(bytes([at])) for at in range(size)])
LEAVES = [leaf_hash(bytes([at])) for at in range(11)]


def lines(path: Sequence[bytes]) -> str:
    return "\n".join(base64.b64encode(hashed).decode() for hashed in path)


def proof(index: int, hashes: str) -> ProofText:
    text = f"{hashes} and what follows"
    return ProofText(text, index, 0, len(hashes))


@settings(deadline=None)  # the first examples fill caches
@given(leaf_lists, st.randoms(use_true_random=False))
def test_the_verdicts_are_those_of_single_proofs_in_any_order(leaves: list[bytes], random: object) -> None:
    size, root = len(leaves), tree_head(leaves)
    order = list(range(size)) * 2
    random.shuffle(order)  # type: ignore[attr-defined]
    verifier = InclusionVerifier(size, root)
    for index in order:
        path = inclusion_path(leaves, index)
        verifier.verify(leaves[index], proof(index, lines(path)))
        with pytest.raises(LogError):
            verifier.verify(leaf_hash(b"another"), proof(index, lines(path)))
        for at in range(len(path)):
            changed = [*path[:at], EMPTY_ROOT, *path[at + 1 :]]
            with pytest.raises(LogError):
                verifier.verify(leaves[index], proof(index, lines(changed)))
            with pytest.raises(LogError):
                InclusionVerifier(size, root).verify(leaves[index], proof(index, lines(changed)))
        for bad in ([*path, EMPTY_ROOT], path[:-1]):
            if bad != path:
                with pytest.raises(LogError):
                    verifier.verify(leaves[index], proof(index, lines(bad)))
                with pytest.raises(LogError):
                    InclusionVerifier(size, root).verify(leaves[index], proof(index, lines(bad)))


def test_a_sibling_is_established_only_together_with_its_own_path() -> None:
    verifier = InclusionVerifier(11, tree_head(LEAVES))
    first, second = inclusion_path(LEAVES, 4), inclusion_path(LEAVES, 5)
    verifier.verify(LEAVES[4], proof(4, lines(first)))
    with pytest.raises(LogError):
        verifier.verify(LEAVES[5], proof(5, lines([LEAVES[5], *second[1:]])))
    with pytest.raises(LogError):
        verifier.verify(LEAVES[5], proof(5, lines(second[:1])))
    with pytest.raises(LogError):
        verifier.verify(LEAVES[5], proof(5, ""))
    verifier.verify(LEAVES[5], proof(5, lines(second)))


def test_a_proof_outside_the_tree_is_refused() -> None:
    verifier = InclusionVerifier(2, tree_head(LEAVES[:2]))
    for index in (-1, 2):
        with pytest.raises(LogError, match="no leaf"):
            verifier.verify(LEAVES[0], proof(index, lines([LEAVES[1]])))
    with pytest.raises(LogError, match="32 bytes"):
        verifier.verify(b"short", proof(0, lines([LEAVES[1]])))


GOOD = lines(inclusion_path(LEAVES, 3))


@pytest.mark.parametrize(
    "text",
    [
        GOOD + "\n",
        "\n" + GOOD,
        GOOD.replace("\n", "\n\n"),
        GOOD.replace("\n", " "),
        GOOD.replace("\n", "\r\n"),
        GOOD[:-1],
        GOOD[1:],
        GOOD.replace("=", "", 1),
        lines([LEAVES[2][:31], *inclusion_path(LEAVES, 3)[1:]]),
    ],
)
def test_lines_that_are_no_hashes_are_refused_fresh_and_established(text: str) -> None:
    fresh = InclusionVerifier(11, tree_head(LEAVES))
    with pytest.raises(LogError):
        fresh.verify(LEAVES[3], proof(3, text))
    fresh.verify(LEAVES[3], proof(3, GOOD))
    fresh.verify(LEAVES[2], proof(2, lines(inclusion_path(LEAVES, 2))))
    with pytest.raises(LogError):
        fresh.verify(LEAVES[3], proof(3, text))
