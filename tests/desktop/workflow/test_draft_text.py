"""Drafts as text: what is written comes back, and what cannot be read is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.core.document import Role, Variable, VariableType
from cms_backend.core.ids import Time
from cms_desktop.workflow.draft_text import read_draft_text, write_draft_text
from cms_desktop.workflow.drafts import Draft, DraftError, DraftParty

LINE = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)


@given(title=LINE, description=st.text(st.sampled_from('a"\\\n\tä'), max_size=12), name=LINE, value=LINE)
def test_a_draft_written_as_text_is_the_same_when_read(
    title: str, description: str, name: str, value: str
) -> None:
    draft = replace(
        Draft.new(title),
        description=description,
        parties=(DraftParty(did="did:key:zA", name=name, step=2), DraftParty(role=Role.viewer, step=None)),
        clauses=("The parties agree.", "## 1 Scope\n\nAll of {{it}}."),
        variables=(Variable("it", VariableType.text, value),),
        valid_until=Time("2027-01-31T12:30:00.000Z"),
    )
    assert read_draft_text(write_draft_text(draft)) == draft


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2027-01-31", "2027-01-31T00:00:00.000Z"),
        ("2027-01-31T12:30:00Z", "2027-01-31T12:30:00.000Z"),
        ("2027-01-31T12:30:00+02:00", "2027-01-31T10:30:00.000Z"),
        ("2027-01-31T12:30:00", "2027-01-31T12:30:00.000Z"),
        ('"2027-01-31T12:30:00.000Z"', "2027-01-31T12:30:00.000Z"),
    ],
)
def test_a_moment_in_the_head_is_kept_whole(written: str, meant: str) -> None:
    assert read_draft_text(f"+++\nvalid_until = {written}\n+++\nText").valid_until == meant


def test_each_heading_of_the_second_level_begins_a_clause() -> None:
    draft = read_draft_text("Before.\n\n## One\n\n### not a clause\n\n## Two\n\nx\n")
    assert draft.clauses == ("Before.", "## One\n\n### not a clause", "## Two\n\nx")


@pytest.mark.parametrize(
    "text",
    [
        "+++\ntitle = 1",
        "+++\ntitle =\n+++\n",
        '+++\nvalid_from = "soon"\n+++\n',
        '+++\nparties = [{role = "king"}]\n+++\n',
    ],
)
def test_a_head_that_cannot_be_read_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(DraftError) as caught:
        read_draft_text(text)
    assert caught.value.remedy
