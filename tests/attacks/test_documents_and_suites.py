"""Attacks on texts, forms and signatures of kinds. Each test names what stops the attack."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from cms_backend.core import compose
from cms_backend.core.canonical import encode
from cms_backend.core.disclosure import Disclosure, disclose
from cms_backend.core.document import SealedDocument, Variable, VariableType, leaf_data, leaf_path
from cms_backend.core.errors import DocumentError, FormError, LogError, SignatureError
from cms_backend.core.events import Action, Envelope, event_statement
from cms_backend.core.evidence import Evidence, read
from cms_backend.core.hashing import H
from cms_backend.core.ids import ContractId, Did, Digest
from cms_backend.core.merkle import inclusion_path, leaf_hash, tree_head, verify_inclusion
from cms_backend.core.parties import Role
from cms_backend.core.report_model import Verdict
from cms_backend.core.signatures import Ed25519Signer, secure, verify_envelope
from cms_backend.core.verify import BlockFact, ChainFacts, LedgerFacts, verify_evidence
from cms_backend.report.html import render_html
from cms_backend.report.text import render_text
from tests.support.contract_accounts import accounts_world, answer, facts_with
from tests.support.verify_world import ANNA, BORIS, CARLA, CHAIN, World, failing, party, states


def hidden(world: World, *paths: str) -> Evidence:
    """The file with the last document partly hidden."""
    evidence = world.evidence()
    return replace(evidence, documents=(*evidence.documents[:-1], disclose(world.documents[-1], paths)))


def test_a13_hidden_clauses_are_listed_and_the_rest_still_verifies() -> None:
    world = World().complete()
    report = world.verify(hidden(world, "/terms/00001", "/title"))
    assert report.verdict is Verdict.verified
    assert report.hidden == ("/terms/00001", "/title")
    assert report.title == ""


def test_a13_a_shown_clause_cannot_be_exchanged() -> None:
    world = World().complete()
    evidence = hidden(world, "/title")
    shown = evidence.documents[-1]
    leaves = tuple(
        replace(leaf, value="The price is 1 euro.") if leaf.path == "/terms/00001" else leaf
        for leaf in shown.disclosed  # type: ignore[union-attr]
    )
    forged = replace(shown, disclosed=leaves)  # type: ignore[arg-type]
    report = world.verify(replace(evidence, documents=(evidence.documents[0], forged)))
    assert report.verdict is Verdict.altered
    assert failing(report) == {"DOC-LEAF"}


def test_a13_a_proof_that_also_fits_a_larger_tree_hides_no_clause() -> None:
    world = World()
    sealed = world.seal(1, world.documents[0].ref.root, terms=tuple(f"Clause {n}." for n in range(7)))
    assert sealed.ref.leaves == 14
    hashes = [leaf_hash(one.data) for one in sealed.leaves]
    path, root = inclusion_path(hashes, 3), sealed.ref.root.raw
    sizes = []
    for size in range(4, 20):
        with suppress(LogError):
            verify_inclusion(hashes[3], 3, size, path, root)
            sizes.append(size)
    assert sizes == list(range(9, 17))
    # So the size stands in the signed event, and what the counts leave out of it is no disclosure.
    shown = disclose(sealed, ["/terms/00006"])
    shown.check(sealed.ref)
    for leaves in (9, 13, 15, 16):
        with pytest.raises(DocumentError):
            shown.check(replace(sealed.ref, leaves=leaves))


def test_a13_a_signer_cannot_sign_a_tree_that_holds_more_than_its_counts_say() -> None:
    honest = World().documents[0]
    extra = leaf_data("00" * 16, "/variables/00000", {"name": "a", "type": "text", "value": "hidden"})
    hashes = [*(leaf_hash(one.data) for one in honest.leaves), leaf_hash(extra)]
    ref = replace(honest.ref, root=Digest.of(tree_head(hashes)), leaves=len(hashes))
    shown = disclose(honest, [])
    proved = tuple(
        replace(one, proof=tuple(map(Digest.of, inclusion_path(hashes, at))))
        for at, one in enumerate(shown.disclosed)
    )
    for at, one in enumerate(proved):
        verify_inclusion(hashes[at], at, ref.leaves, [step.raw for step in one.proof], ref.root.raw)
    with pytest.raises(DocumentError, match="counts"):
        replace(shown, disclosed=proved).check(ref)


def test_a13_a_disclosure_that_lies_about_its_counts_or_leaves_a_party_out_is_none() -> None:
    world = World().complete()
    ref, shown = world.documents[-1].ref, disclose(world.documents[-1], ["/title"])
    head, rest = shown.disclosed[0], shown.disclosed[1:]
    fewer = {**head.value, "counts": {**head.value["counts"], "terms": 1}}
    without = tuple(one for one in rest if one.path != "/parties/00001")
    for forged in ((replace(head, value=fewer), *rest), rest, (head, *without)):
        with pytest.raises(DocumentError):
            Disclosure.from_json(replace(shown, disclosed=forged).to_json()).check(ref)


def test_a13_parties_and_dates_cannot_be_hidden() -> None:
    world = World().complete()
    with pytest.raises(DocumentError):
        disclose(world.documents[-1], ["/parties/00000"])
    with pytest.raises(DocumentError):
        disclose(world.documents[-1], ["/valid_until"])


def test_a14_order_is_that_of_numbers() -> None:
    assert leaf_path("terms", 2) < leaf_path("terms", 10)


def test_a14_a_variable_that_is_called_like_a_path_has_no_part_in_one() -> None:
    world = World()
    posing = (Variable("/terms/00000", VariableType.text, "x"), Variable("00001", VariableType.text, "y"))
    sealed = world.seal(1, world.documents[0].ref.root, variables=posing)
    assert [one.path for one in sealed.leaves] == [
        "",
        "/description",
        "/parties/00000",
        "/parties/00001",
        "/terms/00000",
        "/terms/00001",
        "/title",
        "/valid_from",
        "/valid_until",
        "/variables/00000",
        "/variables/00001",
    ]


def test_a14_a_clause_cannot_be_shown_under_another_path() -> None:
    world = World().complete()
    ref, shown = world.documents[-1].ref, disclose(world.documents[-1], ["/title"])
    swapped = {"/terms/00000": "/terms/00001", "/terms/00001": "/terms/00000"}
    leaves = sorted(
        (replace(one, path=swapped.get(one.path, one.path)) for one in shown.disclosed),
        key=lambda one: one.path,
    )
    with pytest.raises(DocumentError):
        Disclosure.from_json(replace(shown, disclosed=tuple(leaves)).to_json()).check(ref)


def test_a15_salts_differ_from_revision_to_revision() -> None:
    world = World().complete()
    first = SealedDocument(world.documents[0].document, "11" * 32)
    second = SealedDocument(replace(first.document, revision=1, supersedes=H("root")), "11" * 32)
    assert {one.salt for one in first.leaves}.isdisjoint(one.salt for one in second.leaves)


def test_a15_every_revision_gets_a_seed_of_its_own() -> None:
    document = World().documents[0].document
    assert len({SealedDocument.seal(document).seed for _ in range(4)}) == 4


def test_a15_an_opened_clause_does_not_open_the_same_clause_of_the_next_revision() -> None:
    world = World().complete()
    world.propose(title="Maintenance of both lifts")
    before, after = ({one.path: one for one in each.leaves} for each in world.documents[-2:])
    same = "/terms/00000"
    assert before[same].value == after[same].value
    known = after[same]._replace(salt=before[same].salt)
    assert leaf_hash(leaf_data(known.salt, known.path, known.value)) != leaf_hash(after[same].data)
    assert before[same].data != after[same].data


def test_a16_a_contract_account_is_asked_at_the_anchors_block() -> None:
    world, owner, signed = accounts_world()
    world.anchor()
    assert world.verify().verdict is Verdict.undecided
    good = answer(signed, owner, block=world.block)
    assert world.verify(facts=facts_with(world, good)).verdict is Verdict.verified
    later = replace(good, block=world.block + 5)
    assert world.verify(facts=facts_with(world, later)).verdict is Verdict.undecided


def test_a16_an_ousted_owner_who_names_an_old_block_is_not_believed() -> None:
    world, owner, signed = accounts_world(seen=True)
    world.anchor()
    assert signed.seen.block is not None
    then = answer(signed, owner, block=signed.seen.block.number)
    now = answer(signed, owner, block=world.block, valid=False)
    assert world.verify(facts=facts_with(world, then, now)).verdict is Verdict.undecided
    assert world.verify(facts=facts_with(world, then)).verdict is Verdict.undecided
    still = replace(now, valid=True)
    assert world.verify(facts=facts_with(world, still)).verdict is Verdict.undecided
    assert world.verify(facts=facts_with(world, then, still)).verdict is Verdict.verified


def test_a16_mixed_answers_are_undecided_and_an_account_without_code_has_not_signed() -> None:
    world, owner, signed = accounts_world()
    world.anchor()
    no = answer(signed, owner, block=world.block, valid=False)
    assert world.verify(facts=facts_with(world, no)).verdict is Verdict.undecided
    bare = answer(signed, owner, block=world.block, has_code=False)
    report = world.verify(facts=facts_with(world, bare))
    assert report.verdict is Verdict.altered
    assert failing(report) == {"SIG-ACTOR"}


def test_a18_the_pinned_keys_type_fixes_the_suite() -> None:
    world = World().complete()
    event = dict(world.envelopes[2].json)
    event["proof"] = {**event["proof"], "cryptosuite": "cms-eip712-v1"}
    with pytest.raises(SignatureError) as caught:
        verify_envelope(Envelope.from_json(event), BORIS.public)
    assert caught.value.reason == "suite"


def test_a20_contract_ids_tell_no_time_of_birth() -> None:
    with pytest.raises(FormError):
        ContractId.parse("01890a5d-ac96-774b-bcce-b302099a8057")


def test_a23_every_flipped_byte_of_a_file_is_named() -> None:
    world = World().complete()
    world.anchor()
    data, facts, trust = world.evidence(head=True).to_bytes(), world.facts(), world.trust
    for at in range(0, len(data), 37):
        broken = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        report = verify_evidence(broken, facts, trust, world.now)
        assert report.verdict in (Verdict.no_proof, Verdict.altered), at
        assert failing(report)


@pytest.mark.parametrize("term", ["<script>", "<!-- a", "![x](http://y)", "{{name}}", "</b>"])
def test_a24_terms_hold_no_html_images_or_placeholders(term: str) -> None:
    world = World()
    with pytest.raises(DocumentError):
        world.seal(1, world.documents[0].ref.root, terms=(term,))


def test_a24_decomposed_letters_are_refused() -> None:
    world = World()
    with pytest.raises(FormError):
        world.seal(1, world.documents[0].ref.root, title="Cafe\N{COMBINING ACUTE ACCENT}")


@pytest.mark.parametrize(
    "mark", ["\N{RIGHT-TO-LEFT OVERRIDE}", "\N{ZERO WIDTH SPACE}", "\N{SOFT HYPHEN}", "\N{WORD JOINER}"]
)
def test_a24_what_cannot_be_seen_is_written_out_in_reports(mark: str) -> None:
    world = World((party(ANNA, f"An{mark}na", step=2), party(BORIS, "Boris")))
    world.propose(title=f"Price{mark} list")
    report = world.verify()
    for shown in (render_html(report), render_text(report)):
        assert f"Price[U+{ord(mark):04X}] list" in shown
        assert f"An[U+{ord(mark):04X}]na" in shown
        assert mark not in shown


def test_a25_the_signed_sentence_is_fixed() -> None:
    world = World().complete()
    evidence = world.evidence().to_json()
    at = next(n for n, one in enumerate(evidence["envelopes"]) if one["action"] == "signed")
    evidence["envelopes"][at] = {**evidence["envelopes"][at], "intent": "I agree to nothing."}
    problems = {one.check for one in read(encode(evidence)).problems}
    assert "EVT-INTENT" in problems
    report = verify_evidence(encode(evidence), LedgerFacts(), world.trust, world.now)
    assert report.verdict is Verdict.no_proof


def test_a25_no_key_signs_an_action_under_another_sentence() -> None:
    world = World()
    world.propose()
    body = compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.tick())
    with pytest.raises(FormError) as caught:
        secure({**body, "intent": "I comment on this contract."}, BORIS)
    assert caught.value.code == "event.intent"


def test_a26_a_witness_has_another_key_also_under_another_did() -> None:
    world = World()
    other_name = Ed25519Signer(bytes([2]) * 32, Did("did:web:witness.example"))
    assert other_name.key == BORIS.key
    twin = party(other_name, "A friend", Role.witness, witness_of=0)
    with pytest.raises(DocumentError, match="A key stands twice"):
        world.seal(1, world.documents[0].ref.root, parties=(party(BORIS, "Boris"), party(ANNA, "Anna"), twin))


def test_a26_a_witness_stands_on_the_signature_that_it_saw() -> None:
    parties = (
        party(ANNA, "Anna", step=2),
        party(BORIS, "Boris"),
        party(CARLA, "Carla", Role.witness, 1, witness_of=1),
    )
    world = World(parties)
    proposed = world.propose()
    blind = event_statement(
        action=Action.witnessed,
        contract=world.contract,
        sequence=1,
        previous=proposed.digest,
        actor=CARLA.did,
        party=2,
        occurred_at=world.tick(),
        document=proposed.document,
        details={"signature": H("a signature to come")},
        after=(H("a signature to come"),),
    )
    world.add(blind, CARLA)
    assert [one.check for one in world.state.void] == ["LIFE-STEP"]


def test_a26_a_witness_has_another_did_also_with_another_key() -> None:
    name = Did("did:web:boris.example")
    one, other = (Ed25519Signer(bytes([number]) * 32, name) for number in (66, 67))
    twin = party(other, "A friend", Role.witness, witness_of=0)
    world = World()
    with pytest.raises(DocumentError, match="A DID stands twice"):
        world.seal(1, world.documents[0].ref.root, parties=(party(one, "Boris"), party(ANNA, "Anna"), twin))


def test_b01_parallel_signers_never_collide() -> None:
    """B1: both sign in one step on what they see, with comments between; decisions link to the proposal alone."""
    world = World((party(ANNA, "Anna"), party(BORIS, "Boris")))
    world.propose()
    state = world.state
    both = [
        (compose.compose_decision(state, Action.signed, one.did, occurred_at=world.tick()), one)
        for one in (ANNA, BORIS)
    ]
    for body, signer in both:
        world.comment(signer)
        world.add(body, signer)
    assert world.state.status == "in_force"
    assert world.state.void == ()
    assert states(world.verify(), "LIFE-STEP") == {"passed"}


def test_b07_a_signer_does_not_overtake_an_approver() -> None:
    """B7: LIFE-STEP; approvers decide in a lower step, and who signs before them has signed nothing."""
    world = World((party(CARLA, "Carla", Role.approver, 1), party(BORIS, "Boris", step=2)), owner=CARLA)
    proposed = world.propose()
    early = event_statement(
        action=Action.signed,
        contract=world.contract,
        sequence=1,
        previous=proposed.digest,
        actor=BORIS.did,
        party=1,
        occurred_at=world.tick(),
        document=proposed.document,
        details={},
    )
    world.add(early, BORIS)
    assert [one.check for one in world.state.void] == ["LIFE-STEP"]


def test_the_facts_of_another_chain_do_not_answer_for_an_account() -> None:
    world, owner, signed = accounts_world()
    world.anchor()
    good = answer(signed, owner, block=world.block)
    other = ChainFacts("eip155:5", H("other"), 10, 10, (BlockFact(1, H("b"), world.now),), erc1271=(good,))
    facts = LedgerFacts((*world.facts().chains, other))
    assert world.verify(facts=facts).verdict is Verdict.undecided
    assert CHAIN == "eip155:1"
