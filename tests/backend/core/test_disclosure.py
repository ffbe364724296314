from dataclasses import replace
from typing import Any

import pytest

from cms_backend.core.disclosure import DisclosedLeaf, Disclosure, disclose
from cms_backend.core.document import DocumentRef
from cms_backend.core.errors import DocumentError
from cms_backend.core.ids import Digest
from tests.support.core_samples import ed25519, sealed

HIDDEN = ("/description", "/terms/00001", "/variables/00000")


def test_what_is_hidden_is_listed_and_the_rest_is_shown() -> None:
    whole = sealed()
    disclosure = Disclosure.from_json(disclose(whole, HIDDEN).to_json())
    shown = disclosure.check(whole.ref)
    assert shown.hidden == HIDDEN
    assert shown.title == whole.document.title
    assert shown.description is None
    assert shown.parties == whole.document.parties
    assert shown.valid_from == whole.document.valid_from
    assert shown.values["/terms/00000"] == whole.document.terms[0]
    assert "/terms/00001" not in shown.values
    assert shown.party_of(ed25519(2).did) == 1
    assert shown.party_of("did:example:1") is None


def test_a_disclosure_of_everything_hides_nothing() -> None:
    assert disclose(sealed(), ()).check(sealed().ref).hidden == ()


@pytest.mark.parametrize(
    "path", ["", "/valid_from", "/valid_until", "/parties/00000", "/terms/00009", "/nonsense"]
)
def test_parties_dates_and_the_first_leaf_cannot_be_hidden(path: str) -> None:
    with pytest.raises(DocumentError):
        disclose(sealed(), [path])


@pytest.mark.parametrize("path", ["", "/valid_from", "/valid_until", "/parties/00001"])
def test_a_disclosure_that_drops_what_must_be_shown_is_refused(path: str) -> None:
    """A13: existence is never hidden; a party or a date that lacks is found by the counts."""
    whole = disclose(sealed(), ())
    cut = replace(whole, disclosed=tuple(leaf for leaf in whole.disclosed if leaf.path != path))
    with pytest.raises(DocumentError):
        cut.check(sealed().ref)


def _with_leaf(at: str, **members: Any) -> Disclosure:
    whole = disclose(sealed(), ())
    return replace(
        whole,
        disclosed=tuple(replace(leaf, **members) if leaf.path == at else leaf for leaf in whole.disclosed),
    )


@pytest.mark.parametrize(
    "forged",
    [
        _with_leaf("/title", value="Another title"),
        _with_leaf("/title", salt="0" * 32),
        _with_leaf("/title", proof=()),
        _with_leaf("/terms/00001", path="/terms/00007"),
        _with_leaf("", value={"contract": "x"}),
        replace(disclose(sealed(), ()), revision=2),
    ],
)
def test_a_changed_leaf_does_not_belong_to_the_root(forged: Disclosure) -> None:
    with pytest.raises(DocumentError):
        forged.check(sealed().ref)


def test_leaves_out_of_order_or_twice_are_no_disclosure() -> None:
    whole = disclose(sealed(), ())
    for leaves in (tuple(reversed(whole.disclosed)), (whole.disclosed[0], *whole.disclosed)):
        with pytest.raises(DocumentError):
            Disclosure.from_json(replace(whole, disclosed=leaves).to_json())


def test_a_leaf_cannot_be_shown_at_another_index_or_size() -> None:
    """A13: a bare proof holds for several sizes; the signed number of leaves and the counts fix both."""
    whole = sealed()
    for leaves in (whole.ref.leaves - 1, whole.ref.leaves + 1, 5):
        with pytest.raises(DocumentError, match="number of leaves"):
            disclose(whole, ()).check(DocumentRef(1, whole.ref.root, leaves))
    swapped = {"/terms/00000": "/terms/00001", "/terms/00001": "/terms/00000"}
    leaves_of = disclose(whole, ()).disclosed
    moved = [replace(leaf, path=swapped.get(leaf.path, leaf.path)) for leaf in leaves_of]
    forged = Disclosure(1, tuple(sorted(moved, key=lambda leaf: leaf.path)))
    with pytest.raises(DocumentError):
        forged.check(whole.ref)


def test_a_disclosure_of_another_document_is_refused() -> None:
    with pytest.raises(DocumentError):
        disclose(sealed(title="Other"), ()).check(sealed().ref)
    with pytest.raises(DocumentError):
        disclose(sealed(), ()).check(replace(sealed().ref, revision=2))
    with pytest.raises(DocumentError):
        disclose(sealed(), ()).check(replace(sealed().ref, root=Digest("0" * 64)))


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"revision": 1},
        {"revision": 1, "disclosed": {}},
        {"revision": 1, "disclosed": [{"leaf": ["0" * 32, ""], "proof": []}]},
        {"revision": 1, "disclosed": [{"leaf": ["0" * 31, "", 1], "proof": []}]},
        {"revision": 1, "disclosed": [{"leaf": ["0" * 32, "", 1], "proof": ["x"]}]},
        {"revision": 1, "disclosed": [{"leaf": ["0" * 32, "", 1]}]},
    ],
)
def test_another_shape_is_no_disclosure(value: object) -> None:
    with pytest.raises(DocumentError):
        Disclosure.from_json(value)


def test_counts_beyond_five_digits_are_refused_before_paths_are_made() -> None:
    first = {**disclose(sealed(), ()).disclosed[0].value}
    first["counts"] = {**first["counts"], "terms": 10**12}
    huge = Disclosure(1, (DisclosedLeaf("0" * 32, "", first, ()), *disclose(sealed(), ()).disclosed[1:]))
    with pytest.raises(DocumentError):
        huge.check(sealed().ref)
