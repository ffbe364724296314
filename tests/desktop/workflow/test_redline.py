"""Two revisions compared: every letter of both is there, and no difference goes without a word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.core.document import Attachment, Document, Party, Role, Variable, VariableType
from cms_backend.core.ids import ContractId, Did, Digest, KeyText, Time
from cms_desktop.workflow.redline import Change, redline, segments_of

WORDS = st.lists(
    st.sampled_from(["the", "fee", "is", "900", "1,000", "EUR", "\n", " ", ".", "Straße"]), max_size=30
)


def party(letter: str, name: str, **more: object) -> Party:
    """A party with a made-up key."""
    plain = Party(Did(f"did:key:z{letter}"), KeyText(f"z{letter}"), None, name, Role.signer, 1, None, None)
    return replace(plain, **more)


OLD = Document(
    contract=ContractId("5bb5a3c2-2f0f-4b1b-8d3e-0d3f5d4c2b1a"),
    revision=1,
    supersedes=Digest("0" * 64),
    title="Services",
    description="",
    valid_from=Time("2027-01-01T00:00:00.000Z"),
    valid_until=None,
    parties=(party("A", "Ada"), party("B", "Ben")),
    terms=(
        "Between Ada and Ben.",
        "## Fee\n\nThe fee is 900 EUR.",
        "## Term\n\nOne year.",
        "## Law\n\nGerman law.",
    ),
    attachments=(Attachment("plan.pdf", "application/pdf", 3, Digest("a" * 64)),),
    variables=(Variable("fee", VariableType.money, "900 EUR"),),
)


@given(WORDS, WORDS)
def test_the_segments_hold_every_letter_of_both_texts(left: list[str], right: list[str]) -> None:
    old, new = "".join(left), "".join(right)
    found = segments_of(old, new)
    assert "".join(one.text for one in found if one.change is not Change.INSERT) == old
    assert "".join(one.text for one in found if one.change is not Change.DELETE) == new
    assert all(one.text for one in found)


def test_a_document_is_the_same_as_itself() -> None:
    found = redline(OLD, replace(OLD, revision=2, supersedes=Digest("1" * 64)))
    assert found.same
    assert (found.inserted, found.deleted) == (0, 0)
    assert {one.kind for one in found.clauses} == {"equal"}


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/title", {"title": "Services 2"}),
        ("/description", {"description": "x"}),
        ("/valid_from", {"valid_from": Time("2027-01-02T00:00:00.000Z")}),
        ("/valid_from", {"valid_from": Time("2027-01-01T23:59:00.000Z")}),
        ("/valid_until", {"valid_until": Time("2028-01-01T00:00:00.000Z")}),
        ("/terms/00001", {"terms": (OLD.terms[0], "## Fee\n\nThe fee is 950 EUR.", *OLD.terms[2:])}),
        ("/terms/00003", {"terms": OLD.terms[:3]}),
        ("/terms/00004", {"terms": (*OLD.terms, "## Notices\n\nIn writing.")}),
        ("/parties/00001", {"parties": (OLD.parties[0], party("B", "Ben", step=2))}),
        ("/parties/00001", {"parties": (OLD.parties[0], party("B", "Ben", next=Digest("c" * 64)))}),
        ("/parties/00001", {"parties": OLD.parties[:1]}),
        ("/parties/00002", {"parties": (*OLD.parties, party("C", "Cleo"))}),
        ("/variables/00000", {"variables": (Variable("fee", VariableType.money, "950 EUR"),)}),
        ("/variables/00000", {"variables": (Variable("fee", VariableType.text, "900 EUR"),)}),
        ("/variables/00000", {"variables": ()}),
        ("/attachments/00000", {"attachments": (replace(OLD.attachments[0], sha256=Digest("b" * 64)),)}),
        ("/attachments/00000", {"attachments": (replace(OLD.attachments[0], media_type="text/plain"),)}),
        ("/attachments/00001", {"attachments": (*OLD.attachments, replace(OLD.attachments[0], size=4))}),
    ],
)
def test_each_difference_has_its_place_in_the_summary(path: str, change: dict[str, object]) -> None:
    found = redline(OLD, replace(OLD, **change))
    assert not found.same
    assert path in [one.path for one in found.summary]


def test_a_changed_word_marks_that_word_alone() -> None:
    terms = (OLD.terms[0], "## Fee\n\nThe fee is 950 EUR.", *OLD.terms[2:])
    found = redline(OLD, replace(OLD, terms=terms))
    marked = [one for one in found.clauses[1].segments if one.change is not Change.EQUAL]
    assert [(one.change, one.text) for one in marked] == [(Change.DELETE, "900"), (Change.INSERT, "950")]
    assert (found.inserted, found.deleted) == (1, 1)


def test_a_clause_put_between_leaves_its_neighbours_equal() -> None:
    found = redline(OLD, replace(OLD, terms=(*OLD.terms[:2], "## Tax\n\nPlus VAT.", *OLD.terms[2:])))
    assert [one.kind for one in found.clauses] == ["equal", "equal", "added", "equal", "equal"]


def test_without_an_earlier_text_everything_is_new() -> None:
    found = redline(None, OLD)
    assert {one.kind for one in (*found.clauses, *found.parties)} == {"added"}
    assert found.deleted == 0
