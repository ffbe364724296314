"""The causes of a frozen log survive the database's column, and what cannot be read there freezes it too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.log.standing import (
    DOUBT_REMEDY,
    PROVEN_REMEDY,
    Cause,
    from_text,
    remedy_of,
    to_text,
    with_cause,
    words_of,
)

ROOT = "ab" * 32
DOUBTS = st.builds(Cause, st.sampled_from(["backup", "head", "ledger", "earlier"]), st.text())
PROOFS = st.builds(Cause, st.just("published"), st.text(), st.integers(0, 2**53), st.just(ROOT))
CAUSES = st.lists(DOUBTS | PROOFS, max_size=4).map(tuple)


@given(CAUSES)
def test_causes_are_read_as_they_were_written(causes: tuple[Cause, ...]) -> None:
    assert from_text(to_text(causes)) == causes


@given(CAUSES, DOUBTS | PROOFS)
def test_one_more_cause_takes_away_no_proof(causes: tuple[Cause, ...], cause: Cause) -> None:
    after = with_cause(causes, cause)
    assert after[-1] == cause
    assert {one.words for one in causes if one.proven} <= {one.words for one in after if one.proven}


@pytest.mark.parametrize(
    "text", ["", "behind", "[{}]", '[{"kind":"fine","words":"","size":null,"root":null}]']
)
def test_what_cannot_be_read_is_a_doubt(text: str) -> None:
    assert [cause.kind for cause in from_text(text)] == ["earlier"]


def test_the_remedy_offers_consent_only_where_nothing_is_proven() -> None:
    doubt, proof = Cause("backup", "Put back."), Cause("published", "Behind.", 2, ROOT)
    assert remedy_of(()) is None
    assert words_of(()) is None
    assert remedy_of((doubt,)) == DOUBT_REMEDY
    assert remedy_of((doubt, proof)) == PROVEN_REMEDY
    assert words_of((doubt, proof)) == "Put back. Behind."
