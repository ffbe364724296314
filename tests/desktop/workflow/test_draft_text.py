"""Drafts as text: what is written comes back, and what cannot be read is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.core.document import Role, Variable, VariableType
from cms_backend.core.ids import Time
from cms_desktop.workflow.checklist import checklist
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
        "+++\nvalid_from = 07:30:00\n+++\n",
        '+++\nparties = [{role = "king"}]\n+++\n',
        "+++\nparties = [1]\n+++\n",
        "+++\n[parties]\nname = 'x'\n+++\n",
        "+++\nparties = [{did = 5}]\n+++\n",
        "+++\nparties = [{step = 'two'}]\n+++\n",
        "+++\nparties = [{step = true}]\n+++\n",
        "+++\ntitle = ['a']\n+++\n",
        "+++\nvariables = 3\n+++\n",
        "+++\nvariables = {x = [1]}\n+++\n",
        "+++\nvariables = {x = {type = 'colour', value = 'red'}}\n+++\n",
        "+++\nattachments = [{name = 'x'}]\n+++\n",
        "+++\ncontract = 'abc'\n+++\n",
        "+++",
    ],
)
def test_a_head_that_cannot_be_read_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(DraftError) as caught:
        read_draft_text(text)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text", ["+++\n+++\n", "+++\n+++", "+++\n\n+++\n\n", "+++ \n+++ \n", "", "\ufeff+++\r\n+++\r\n"]
)
def test_an_empty_head_is_an_empty_draft_whose_checklist_says_what_is_missing(text: str) -> None:
    draft = read_draft_text(text)
    assert (draft.title, draft.parties, draft.clauses) == ("", (), ())
    assert [one.code for one in checklist(draft)] == ["title", "clauses", "signer"]


def test_a_head_may_end_with_the_file() -> None:
    assert read_draft_text('+++\ntitle = "x"\n+++').title == "x"


@pytest.mark.parametrize(
    ("head", "meant"),
    [
        ("valid_til = 2027-01-31", "valid_until"),
        ('parties = [{roll = "witness"}]', "role"),
        ("x = 1", "title"),
    ],
)
def test_a_misspelt_member_is_refused_and_the_right_one_named(head: str, meant: str) -> None:
    with pytest.raises(DraftError) as caught:
        read_draft_text(f"+++\n{head}\n+++\n")
    assert meant in str(caught.value.remedy)


def test_a_plain_value_of_a_variable_brings_its_type() -> None:
    head = "[variables]\na = 3\nb = 2027-01-31\nc = 'x'\nd = {value = 'y'}"
    kinds = {one.name: (one.type, one.value) for one in read_draft_text(f"+++\n{head}\n+++\n").variables}
    assert kinds == {
        "a": (VariableType.number, "3"),
        "b": (VariableType.date, "2027-01-31"),
        "c": (VariableType.text, "x"),
        "d": (VariableType.text, "y"),
    }


@given(st.lists(st.text(st.sampled_from("a# \n"), max_size=8), max_size=4))
def test_clauses_stay_apart_however_they_begin(texts: list[str]) -> None:
    draft = replace(Draft.new("x"), clauses=tuple(texts))
    kept = tuple(one.strip("\n") for one in texts if one.strip())
    assert read_draft_text(write_draft_text(draft)).clauses == kept
