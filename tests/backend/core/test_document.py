import hmac
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.core.canonical import encode
from cms_backend.core.document import (
    Document,
    DocumentRef,
    Role,
    SealedDocument,
    check_leaf_path,
    leaf_paths,
    leaves,
    rule_violations,
)
from cms_backend.core.errors import DocumentError, FormError
from cms_backend.core.ids import Digest
from tests.support.core_samples import SEED, account, document, ed25519, party, sealed
from tests.support.core_strategies import texts


def test_a_document_comes_back_from_its_json() -> None:
    assert Document.from_json(document().to_json()) == document()
    assert SealedDocument.from_json(sealed().to_json()) == sealed()
    ref = sealed().ref
    assert DocumentRef.from_json(ref.to_json()) == ref


def test_the_root_is_computed_as_section_2_says() -> None:
    text = document(terms=("One",), attachments=(), variables=())
    raw = text.to_json()
    counts = {"parties": 2, "terms": 1, "attachments": 0, "variables": 0}
    values = {
        "": {"contract": raw["contract"], "revision": 1, "supersedes": raw["supersedes"], "counts": counts},
        "/description": raw["description"],
        "/parties/00000": raw["parties"][0],
        "/parties/00001": raw["parties"][1],
        "/terms/00000": "One",
        "/title": raw["title"],
        "/valid_from": raw["valid_from"],
        "/valid_until": None,
    }

    def leaf(path: str) -> bytes:
        message = encode(["cms-salt-v1", raw["contract"], 1, path])
        salt = hmac.new(bytes.fromhex(SEED), message, sha256).hexdigest()[:32]
        return sha256(b"\x00" + encode([salt, path, values[path]])).digest()

    level = [leaf(path) for path in sorted(values, key=str.encode)]
    assert len(level) == 8
    while len(level) > 1:
        level = [sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level), 2)]
    ref = SealedDocument.seal(text, SEED).ref
    assert (ref.root, ref.leaves, ref.revision) == (level[0].hex(), 8, 1)


def test_paths_have_five_digits_and_byte_order_so_that_10_does_not_come_before_2() -> None:
    """A14: `/terms/10` sorts before `/terms/2`; no user string is in a path either."""
    text = document(terms=tuple(f"Term {number}" for number in range(12)))
    found = [leaf.path for leaf in leaves(text, SEED)]
    assert found == sorted(found) == leaf_paths(text.counts)
    terms = [leaf.value for leaf in leaves(text, SEED) if leaf.path.startswith("/terms/")]
    assert terms == list(text.terms)
    assert len(found) == 5 + 12 + 2 + 1 + 1


def test_a_variable_cannot_imitate_another_path() -> None:
    """A14: the name of a variable stands in the leaf's value, the path is made of fixed words."""
    variable = replace(document().variables[0], name="/terms/00000")
    found = [leaf.path for leaf in leaves(document(variables=(variable,)), SEED)]
    assert found.count("/terms/00000") == 1
    assert "/variables/00000" in found


@given(texts.filter(lambda text: text not in ("", "Maintenance of the lift")))
def test_any_change_of_a_text_changes_the_root(text: str) -> None:
    assert sealed(title=text).ref.root != sealed().ref.root
    assert sealed(title=text).ref.leaves == sealed().ref.leaves


def test_a_fresh_seed_hides_which_clauses_did_not_change() -> None:
    """A15: two revisions with equal clauses share no salt and no leaf, even if a seed were used twice."""
    first = {leaf.path: leaf for leaf in leaves(document(revision=1), SEED)}
    second = {leaf.path: leaf for leaf in leaves(document(revision=2), SEED)}
    assert first.keys() == second.keys()
    assert not {leaf.salt for leaf in first.values()} & {leaf.salt for leaf in second.values()}
    assert len({leaf.salt for leaf in first.values()}) == len(first)
    assert SealedDocument.seal(document()).seed != SealedDocument.seal(document()).seed


def test_the_seed_opens_hidden_clauses_and_shows_in_no_repr() -> None:
    assert SEED not in repr(sealed())


@pytest.mark.parametrize(
    "term",
    [
        "<b>bold</b>",
        "a <!-- hidden -->",
        "x </p>",
        "<?php",
        "![logo](https://example.com/x.png)",
        "pay {{price}}",
    ],
)
def test_a_term_with_html_images_or_placeholders_is_refused(term: str) -> None:
    """A24: nothing hidden, nothing loaded from outside, nothing left to fill in."""
    with pytest.raises(DocumentError) as caught:
        SealedDocument.seal(document(terms=(term,)))
    assert caught.value.remedy


@pytest.mark.parametrize(
    "term", ["a < b and c > d", "[link](https://example.com)", "1 <2", "{price}", "`x` *y*", ""]
)
def test_other_markdown_is_a_term(term: str) -> None:
    assert SealedDocument.seal(document(terms=(term,))).document.terms == (term,)


def test_two_writings_of_one_letter_cannot_make_two_texts() -> None:
    """A24: a decomposed letter looks equal and hashes otherwise, so only NFC is accepted."""
    with pytest.raises(FormError, match="NFC"):
        SealedDocument.seal(document(title="Cafe\u0301"))
    with pytest.raises(FormError, match="U\\+0007"):
        SealedDocument.seal(document(title="bell\a"))


def _changed(**members: Any) -> dict[str, Any]:
    return {**document().to_json(), **members}


def _party(**members: Any) -> dict[str, Any]:
    return _changed(parties=[{**document().parties[0].to_json(), **members}, document().parties[1].to_json()])


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        _changed(extra=1),
        {name: member for name, member in document().to_json().items() if name != "terms"},
        _changed(contract="x"),
        _changed(revision="1"),
        _changed(revision=True),
        _changed(revision=-1),
        _changed(supersedes=None),
        _changed(revision=0),
        _changed(title=None),
        _changed(valid_from="2026-04-01"),
        _changed(valid_until=1),
        _changed(terms="x"),
        _changed(terms=[1]),
        _changed(parties={}),
        _party(did="did:key:z6Mk"),
        _party(did=ed25519(2).did),
        _party(key=ed25519(2).key),
        _party(key="z6Mk"),
        _party(next="0x" + "1" * 64),
        _party(name=None),
        _party(role="boss"),
        _party(role=None),
        _party(step=None),
        _party(step=0),
        _party(step=10000),
        _party(step=True),
        _party(role="viewer"),
        _party(capacity=1),
        _party(witness_of=1),
        _party(role="witness"),
        _party(role="witness", witness_of=0),
        _party(role="witness", witness_of=7),
        _party(role="witness", witness_of=-1),
        _changed(attachments=[{"name": "a", "media_type": "b", "size": -1, "sha256": "1" * 64}]),
        _changed(attachments=[{"name": "a", "media_type": "b", "size": 1, "sha256": "x"}]),
        _changed(attachments=[{"name": "a"}]),
        _changed(variables=[{"name": "a", "type": "secret", "value": "b"}]),
        _changed(variables=[{"name": "a", "type": "text", "value": 1}]),
        _changed(variables=[None]),
    ],
)
def test_a_document_off_the_table_is_refused(value: object) -> None:
    with pytest.raises(DocumentError):
        Document.from_json(value)


@pytest.mark.parametrize(
    "value",
    [None, {}, {"revision": 1, "root": "1" * 64, "leaves": 4}, {"revision": 1, "root": 2, "leaves": 9}],
)
def test_a_reference_off_the_table_is_refused(value: object) -> None:
    with pytest.raises(DocumentError):
        DocumentRef.from_json(value)


def test_a_sealed_document_needs_its_seed() -> None:
    for bad in [{"content": document().to_json()}, {"content": document().to_json(), "seed": "short"}]:
        with pytest.raises(DocumentError):
            SealedDocument.from_json(bad)


def test_leaf_paths_from_outside_are_checked() -> None:
    for good in ["", "/title", "/terms/00042", "/parties/00000"]:
        assert check_leaf_path(good) == good
    for bad in ["/", "/terms", "/terms/1", "/terms/000001", "/other", None, 3, "/terms/00001/x"]:
        with pytest.raises(FormError):
            check_leaf_path(bad)


def test_a_proposal_that_keeps_the_rules_breaks_none() -> None:
    parties = (
        party(ed25519(1), Role.approver, 1),
        party(ed25519(2), step=2),
        party(ed25519(3), Role.witness, 2, witness_of=1),
        party(ed25519(4), Role.viewer, None),
        party(account(5), step=3),
    )
    assert rule_violations(document(*parties)) == []
    assert rule_violations(document(*parties), logless_proposer=account(5).did) == []


def test_each_rule_for_proposals_is_named_when_broken() -> None:
    signer, other = party(ed25519(1)), party(ed25519(2))
    approver = party(ed25519(3), Role.approver, 1)
    assert "no signer" in rule_violations(document(approver))[0]
    assert "approver" in rule_violations(document(signer, approver))[0]
    witness = party(ed25519(4), Role.witness, 2, witness_of=0)
    assert "witnesses in another step" in rule_violations(document(signer, witness))[0]
    foreign = replace(signer, key=other.key)
    assert "pinned key" in rule_violations(document(foreign))[0]


def test_revision_0_is_exempt_from_the_rules_for_proposals() -> None:
    assert rule_violations(document(party(ed25519(3), Role.approver, 1), revision=0)) == []


def test_without_a_log_the_proposer_must_sign_alone_and_last_without_a_witness() -> None:
    """A4: whoever could still turn a complete contract into a fork has bound himself by signing last."""
    first, last = party(ed25519(1)), party(ed25519(2), step=2)
    proposer = ed25519(2).did
    assert rule_violations(document(first, last), logless_proposer=proposer) == []
    same_step = document(replace(first, step=2), last)
    assert "alone" in rule_violations(same_step, logless_proposer=proposer)[0]
    assert "alone" in rule_violations(document(first, last), logless_proposer=ed25519(1).did)[0]
    assert "be a signer" in rule_violations(document(first, last), logless_proposer=ed25519(9).did)[0]
    witness = party(ed25519(3), Role.witness, 2, witness_of=1)
    found = rule_violations(document(first, last, witness), logless_proposer=proposer)
    assert any("witness" in text for text in found)


def test_a_witness_under_the_signers_own_key_or_did_is_no_document() -> None:
    """A26: another DID and another key."""
    raw = document(party(ed25519(1)), party(ed25519(2), Role.witness, 1, witness_of=0)).to_json()
    raw["parties"][1]["key"] = str(ed25519(1).key)
    with pytest.raises(DocumentError, match="key stands twice"):
        Document.from_json(raw)
    raw["parties"][1].update(key=str(ed25519(2).key), did=str(ed25519(1).did))
    with pytest.raises(DocumentError, match="DID stands twice"):
        Document.from_json(raw)


def test_a_party_is_found_by_its_did() -> None:
    assert document().party_of(ed25519(2).did) == 1
    assert document().party_of(ed25519(9).did) is None
    assert document().supersedes == Digest("11" * 32)


@given(st.integers(0, 3), st.integers(0, 3))
def test_the_number_of_leaves_follows_from_the_counts(terms: int, variables: int) -> None:
    text = document(terms=("x",) * terms, variables=document().variables * variables)
    assert SealedDocument.seal(text, SEED).ref.leaves == 5 + sum(text.counts.values())
