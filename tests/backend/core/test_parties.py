import pytest

from cms_backend.core.errors import DocumentError, FormError
from cms_backend.core.ids import Digest, Time
from cms_backend.core.parties import Attachment, Party, Role, Variable, VariableType, parsed, whole
from tests.support.core_samples import ed25519, party


def test_each_member_of_a_document_comes_back_from_its_json() -> None:
    for one in (
        party(ed25519(1), next=Digest("1" * 64), capacity="CEO"),
        party(ed25519(2), Role.viewer, None),
        party(ed25519(3), Role.witness, 2, witness_of=0),
    ):
        assert Party.from_json(one.to_json()) == one
    attachment = Attachment("a.pdf", "application/pdf", 0, Digest("2" * 64))
    assert Attachment.from_json(attachment.to_json()) == attachment
    variable = Variable("sum", VariableType.number, "1")
    assert Variable.from_json(variable.to_json()) == variable


def test_an_error_names_the_party_that_it_is_about() -> None:
    with pytest.raises(DocumentError, match="Party 3: step"):
        Party.from_json({**party(ed25519(1)).to_json(), "step": 0}, "Party 3")


def test_bounds_are_inclusive_and_true_is_no_number() -> None:
    assert whole(1, "n", 1, 1) == 1
    for bad in (0, 2, True, "1", None):
        with pytest.raises(DocumentError):
            whole(bad, "n", 1, 1)


def test_a_form_error_of_a_value_becomes_one_of_the_document() -> None:
    with pytest.raises(DocumentError, match="valid_from") as caught:
        parsed(Time.parse, "soon", "valid_from")
    assert isinstance(caught.value.__cause__, FormError)
