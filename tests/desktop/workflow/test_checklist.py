"""What is missing before Propose: each gap is named where it is, and an empty list means a proposable document."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cms_backend.core.document import Attachment, Role, Variable, VariableType, rule_violations
from cms_backend.core.ids import ContractId, Digest, Time
from cms_backend.core.signatures import Ed25519Signer
from cms_desktop.workflow.checklist import checklist, fill, to_document, unfilled
from cms_desktop.workflow.drafts import Draft, DraftError, DraftParty

ADA, BEN = (Ed25519Signer(bytes([place]) * 32).did for place in (1, 2))
READY = replace(
    Draft.new("Services"),
    parties=(DraftParty(did=ADA, name="Ada"), DraftParty(did=BEN, name="Ben")),
    clauses=("Between Ada and Ben.", "## Fee\n\n{{fee}} a month."),
    variables=(Variable("fee", VariableType.money, "900 EUR"),),
)


def test_a_whole_draft_misses_nothing_and_becomes_a_document_by_the_rules() -> None:
    assert checklist(READY) == ()
    document = to_document(READY, contract=ContractId.new(), revision=1, supersedes=Digest("0" * 64))
    assert rule_violations(document) == []
    assert document.terms[1] == "## Fee\n\n900 EUR a month."


@pytest.mark.parametrize(
    ("code", "place", "change"),
    [
        ("title", "/title", {"title": " "}),
        ("clauses", "/terms/00000", {"clauses": ()}),
        ("clauses", "/terms/00001", {"clauses": (READY.clauses[0], "<b>bold</b>")}),
        ("clauses", "/terms/00001", {"clauses": (READY.clauses[0], "![x](http://example.org/x.png)")}),
        ("variables", "/variables/00000", {"variables": (replace(READY.variables[0], value=""),)}),
        ("signer", "/parties/00000", {"parties": (DraftParty(did=ADA, name="Ada", role=Role.approver),)}),
        ("did", "/parties/00001", {"parties": (READY.parties[0], DraftParty(name="Ben"))}),
        ("did", "/parties/00001", {"parties": (READY.parties[0], READY.parties[0])}),
        ("parties", "/parties/00001", {"parties": (READY.parties[0], DraftParty(did=BEN))}),
        (
            "dates",
            "/valid_until",
            {"valid_from": Time("2027-01-02T00:00:00.000Z"), "valid_until": Time("2027-01-01T00:00:00.000Z")},
        ),
    ],
)
def test_each_gap_is_named_where_it_is(code: str, place: str, change: dict[str, object]) -> None:
    assert (code, place) in [(one.code, one.place) for one in checklist(replace(READY, **change))]


HIDDEN = (
    "\n",
    "\t",
    "\u200b",
    "\u3164",
    "\u2800",
    "\u00a0",
    "\u202e",
    "\ufe0f",
    "\U000e0041",
    "\u3000",
    "\u2028",
)
FILE = Attachment("plan.pdf", "application/pdf", 3, Digest("ab" * 32))


def hidden_in(letter: str) -> list[Draft]:
    """A draft for each field of one line, with this character in it."""
    party = READY.parties[0]
    return [
        replace(READY, title=f"Ser{letter}vices"),
        replace(READY, parties=(replace(party, name=f"A{letter}da"), READY.parties[1])),
        replace(READY, parties=(replace(party, capacity=f"C{letter}EO"), READY.parties[1])),
        replace(READY, attachments=(replace(FILE, name=f"plan{letter}.pdf"),)),
        replace(READY, attachments=(replace(FILE, media_type=f"application/{letter}pdf"),)),
        replace(READY, variables=(*READY.variables, Variable(f"a{letter}b", VariableType.text, "x"))),
    ]


@pytest.mark.parametrize("letter", HIDDEN, ids=lambda letter: f"{ord(letter):04X}")
def test_a_field_of_one_line_that_hides_something_is_named_and_never_proposed(letter: str) -> None:
    for draft in hidden_in(letter):
        (missing,) = checklist(draft)
        assert missing.code == "letters"
        assert f"U+{ord(letter):04X}" in missing.text
        with pytest.raises(DraftError, match=re.escape(f"U+{ord(letter):04X}")) as refused:
            to_document(draft, contract=ContractId.new(), revision=1, supersedes=Digest("0" * 64))
        assert refused.value.remedy
        assert letter not in refused.value.detail


def test_clauses_may_have_lines_and_the_spaces_of_typography() -> None:
    draft = replace(READY, clauses=("18\u202f400\u00a0€\n\nfor {{fee}}",), description="a\nb")
    assert checklist(draft) == ()


def test_an_approver_above_the_signers_is_named_as_a_step_out_of_order() -> None:
    late = replace(READY.parties[1], role=Role.approver, step=2)
    assert [one.code for one in checklist(replace(READY, parties=(READY.parties[0], late)))] == ["steps"]


def test_a_proposal_with_an_empty_variable_is_refused_by_name() -> None:
    with pytest.raises(DraftError, match="fee"):
        to_document(
            replace(READY, variables=()), contract=ContractId.new(), revision=1, supersedes=Digest("0" * 64)
        )


def test_names_without_a_value_stay_as_they_are_and_are_listed_once() -> None:
    text = "{{a}} {{ b }} {{a}}"
    assert fill(text, (Variable("b", VariableType.text, "B"),)) == "{{a}} B {{a}}"
    assert unfilled(text, ()) == ("a", "b")
