"""What a ledger is to be asked about contract accounts: which signature, of whom, as of when."""

from __future__ import annotations

from dataclasses import replace

from cms_backend.core.references import NOTHING_SEEN
from cms_backend.core.verify import LedgerFacts
from cms_backend.core.verify.accounts import account_questions
from tests.support.desktop_chain import ContractAccount
from tests.support.verify_world import ANNA, CHAIN, World, party

ACCOUNT = ContractAccount("0x" + "ab" * 20, CHAIN)


def signed_world(account: ContractAccount = ACCOUNT, *, looked: bool = False) -> World:
    """Two revisions that an account signs, with an anchor after each."""
    world = World((party(ANNA, "Anna", step=2), party(account, "Boris")))
    for _ in range(2):
        world.propose()
        world.decide(account, seen=world.seen() if looked else NOTHING_SEEN)
        world.decide(ANNA)
        world.anchor()
    return world


def test_a_file_without_accounts_asks_nothing() -> None:
    world = World().complete()
    world.anchor()
    assert account_questions(world.evidence(), world.facts()) == ()


def test_each_signature_is_asked_at_the_first_anchor_above_it() -> None:
    world = signed_world()
    asked = account_questions(world.evidence(), world.facts())
    assert {one.not_after for one in asked} == {one.time for one in world.logs[0].anchors}
    assert {(one.account, one.chain, one.seen) for one in asked} == {(ACCOUNT.key, CHAIN, None)}
    assert all(one.signature == one.digest + ACCOUNT.tail for one in asked)


def test_an_anchor_that_no_ledger_confirms_gives_no_time() -> None:
    world = signed_world()
    assert {one.not_after for one in account_questions(world.evidence(), LedgerFacts())} == {None}
    (chain,) = world.facts().chains
    other = LedgerFacts((replace(chain, anchored=chain.anchored[1:]),))
    later = world.logs[0].anchors[1].time
    assert {one.not_after for one in account_questions(world.evidence(), other)} == {later}


def test_the_block_that_the_signer_had_seen_is_asked_about_on_its_own_chain_only() -> None:
    world = signed_world(looked=True)
    asked = account_questions(world.evidence(), world.facts())
    seen = {one.seen.block.number for one in world.envelopes if one.seen.block is not None}
    assert {one.seen for one in asked} == seen
    elsewhere = ContractAccount(ACCOUNT.address, "eip155:5")
    world = signed_world(elsewhere, looked=True)
    assert {(one.chain, one.seen) for one in account_questions(world.evidence(), world.facts())} == {
        ("eip155:5", None)
    }
