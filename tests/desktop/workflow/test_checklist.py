"""What is missing before Propose: each gap is named where it is, and an empty list means a proposable document."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cms_backend.core.document import Role, Variable, VariableType, rule_violations
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
