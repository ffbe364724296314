"""Identities, contacts, cards, keys in and out."""

from dataclasses import replace
from pathlib import Path

import pytest

from cms_backend.core.errors import FormError, ProtocolError
from cms_backend.core.hashing import H
from cms_backend.core.ids import Did, Time
from cms_backend.core.keys import parse_key
from cms_backend.core.login import LoginMessage
from cms_backend.core.signatures import (
    Ed25519Signer,
    Statement,
    secure,
    sign_login,
    verify_login,
    verify_secured,
)
from cms_backend.core.statements import contact_card
from cms_desktop.wallet.cards import PREFIX, qr_matrix, qr_png, read_card, vcard, write_card
from cms_desktop.wallet.errors import IdentityError, KeystoreError, WalletLocked
from cms_desktop.wallet.records import KINDS, Kind
from tests.support.wallet_home import NOW, PASSPHRASE, WORDS, service, wallet


def test_an_ethereum_wallet_restores_the_same_account_from_the_same_words(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    one = made.add_identity("ethereum", "Webwerk, on Ethereum")
    # The well-known first account of these words in every Ethereum wallet (m/44'/60'/0'/0/0).
    assert one.did == "did:pkh:eip155:1:0x9858effd232b4033e47d90003d41ec34ecaeda94"


def test_the_same_words_give_the_same_identities_again(tmp_path: Path) -> None:
    _, first = wallet(tmp_path / "a")
    _, second = wallet(tmp_path / "b")
    assert first.identities[0].did == second.identities[0].did


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_identity_signs_verifies_under_its_key(tmp_path: Path, kind: Kind) -> None:
    _, made = wallet(tmp_path)
    one = made.add_identity(kind, "Somebody")
    body = contact_card(actor=one.did, key=one.key, next=one.next, name="Somebody", organisation=None)
    verify_secured(secure(body, made.signer(one.id)), parse_key(one.key))


def test_sixty_four_bytes_that_somebody_chose_cannot_be_signed_A2(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    signer = made.signer(made.identities[0].id)
    with pytest.raises(FormError):
        secure({"actor": signer.did, "type": "Challenge", "bytes": "00" * 64}, signer)
    with pytest.raises(ProtocolError):
        sign_login("\x00" * 64, signer)


def test_a_login_text_is_parsed_and_signed(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    one = made.identities[0]
    text = LoginMessage(
        domain="cms.local",
        address=one.did,
        uri="https://cms.local/x",
        nonce="abcdefgh12345678",
        issued_at=NOW,
    ).text
    assert verify_login(text, sign_login(text, made.signer(one.id)), one.did).nonce == "abcdefgh12345678"


def test_after_the_lock_an_old_signer_signs_nothing(tmp_path: Path) -> None:
    opened, made = wallet(tmp_path)
    one = made.identities[0]
    signer = made.signer(one.id)
    body = contact_card(actor=one.did, key=one.key, next=None, name="x", organisation=None)
    opened.lock()
    with pytest.raises(WalletLocked):
        secure(body, signer)
    with pytest.raises(WalletLocked):
        made.recovery_words()


def test_everything_is_there_again_after_lock_and_unlock(tmp_path: Path) -> None:
    opened, made = wallet(tmp_path)
    made.add_identity("secp256k1", "Second")
    other = made.import_key(b"\x07" * 32, "ed25519", "Third")
    made.watch("did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd", "Lena")
    made.add_contact_card("did:pkh:eip155:1:0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f", "Idris")
    identities, contacts = made.identities, made.contacts
    opened.lock()
    again = service(tmp_path).unlock_now(PASSPHRASE)
    assert again.identities == identities
    assert again.contacts == contacts
    assert again.export_key(other.id) == b"\x07" * 32
    assert " ".join(again.recovery_words()) == WORDS


def test_a_watched_identity_never_signs(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    one = made.watch("did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd", "Lena")
    with pytest.raises(IdentityError, match="not on this computer"):
        made.signer(one.id)


def test_rotation_ends_the_key_with_its_precommitted_successor(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    before = made.identities[0]
    ended, after = made.rotate(before.id, "Laptop lost")
    assert ended.key == before.key
    assert ended.successor == after.key
    assert H(after.key) == before.next
    assert after.earlier[0].key == before.key
    assert after.generation == 1
    verify_secured(ended.json, parse_key(before.key))


def test_the_end_of_a_key_is_kept_until_a_log_has_it(tmp_path: Path) -> None:
    opened, made = wallet(tmp_path)
    ended, _ = made.rotate(made.identities[0].id)
    opened.lock()
    again = service(tmp_path).unlock_now(PASSPHRASE)
    assert again.unsent_key_ends() == (ended,)
    again.key_end_sent(ended)
    assert again.unsent_key_ends() == ()
    assert again.identities[0].earlier[0].key == ended.key


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_give_a_rotated_identity_back_by_its_did(tmp_path: Path, kind: Kind) -> None:
    _, made = wallet(tmp_path / "a")
    one = made.add_identity(kind, "x")
    made.rotate(one.id)
    _, now = made.rotate(one.id)
    fresh = service(tmp_path / "b").create_now(PASSPHRASE, WORDS)
    back = fresh.recover(now.did, "x")
    assert (back.key, back.next, back.generation) == (now.key, now.next, 2)
    with pytest.raises(IdentityError):
        fresh.recover("did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd", "x")


def test_the_did_of_an_account_is_found_however_its_address_is_written(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    did = "did:pkh:eip155:1:0x9858EfFD232B4033E47d90003D41EC34EcaEda94"
    assert made.recover(did, "Account").did == did.lower()


def test_a_recovered_identity_keeps_its_place_and_the_next_one_gets_its_own(tmp_path: Path) -> None:
    _, made = wallet(tmp_path / "a")
    second = made.add_identity("ed25519", "Second")
    _, fresh = wallet(tmp_path / "b")
    assert fresh.recover(second.did, "Second").number == 1
    assert fresh.add_identity("ed25519", "Third").number == 2


def test_names_are_kept_as_a_card_can_carry_them(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    one = made.rename(made.identities[0].id, "Jose\u0301  Nun\u0303ez", "Cafe\u0301\n")
    assert (one.name, one.organisation) == ("Jos\u00e9 Nu\u00f1ez", "Caf\u00e9")
    assert read_card(made.contact_card(one.id)).name == one.name
    for bad in ("\x1b[2J", "\udc80", " "):
        with pytest.raises(IdentityError):
            made.rename(one.id, bad, "")


@pytest.mark.parametrize("letter", ["\u200b", "\u3164", "\u2800", "\u202e", "\ufe0f", "\U000e0041", "\u034f"])
def test_a_name_that_hides_something_is_no_name_of_anybody(tmp_path: Path, letter: str) -> None:
    """A24: of an identity, a contact or a company, typed or from the card of somebody else."""
    opened, name = wallet(tmp_path)[1], f"Idris{letter} Calloway"
    with pytest.raises(IdentityError, match="cannot be seen"):
        opened.add_identity("ed25519", name)
    with pytest.raises(IdentityError, match="cannot be seen"):
        opened.add_identity("ed25519", "Idris", f"Calloway{letter}")
    stranger = Ed25519Signer(bytes([7]) * 32)
    card = write_card(stranger, next_key=None, name=name, organisation="")
    with pytest.raises(IdentityError, match="cannot be seen"):
        opened.add_contact_card(card)
    contact = opened.add_contact_card(card, "Idris")
    assert contact.name == "Idris"
    with pytest.raises(IdentityError, match="cannot be seen"):
        opened.rename_contact(contact.did, name)


def test_a_bare_did_takes_nothing_away_that_is_known_of_its_key(tmp_path: Path) -> None:
    _, idris = wallet(tmp_path / "a", "Idris Calloway")
    _, made = wallet(tmp_path / "b")
    made.rotate(made.identities[0].id)
    other = idris.add_identity("ed25519", "Idris Calloway", "Calloway Ltd")
    card = made.add_contact_card(idris.contact_card(other.id))
    compared = made.compared(card.did)
    again = made.add_contact_card(other.did, "Idris of the orchard")
    assert again == replace(compared, name="Idris of the orchard")
    assert made.add_contact_card(idris.contact_card(other.id)) == again


def test_ones_own_ended_identity_is_no_contact(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    before = made.identities[0]
    made.rotate(before.id)
    with pytest.raises(IdentityError, match="your own"):
        made.add_contact_card(before.did, "Me")


def test_a_statement_made_by_hand_gets_no_foreign_bytes_signed_A2(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    one = made.identities[0]
    with pytest.raises(FormError):
        made.signer(one.id).sign(Statement({}, parse_key(one.key), b"\x07" * 64))


def test_a_card_for_a_did_that_does_not_certify_its_key_is_no_proof(tmp_path: Path) -> None:
    signer = Ed25519Signer(b"\x09" * 32, Did("did:web:bank.example"))
    card = read_card(write_card(signer, next_key=None, name="Bank", organisation=""))
    assert card.did == "did:web:bank.example"
    assert not card.signed


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_rotates_to_its_own_next_key(tmp_path: Path, kind: Kind) -> None:
    _, made = wallet(tmp_path)
    one = made.add_identity(kind, "x")
    _, first = made.rotate(one.id)
    _, second = made.rotate(one.id)
    assert H(first.key) == one.next
    assert H(second.key) == first.next


def test_an_imported_key_has_no_successor_to_prove(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    one = made.import_key(b"\x05" * 32, "secp256k1", "Imported")
    assert one.next is None
    with pytest.raises(IdentityError):
        made.rotate(one.id)


def test_a_keystore_goes_out_and_comes_in_again(tmp_path: Path) -> None:
    import json

    _, made = wallet(tmp_path / "a")
    one = made.add_identity("ethereum", "Account")
    keystore = made.export_keystore_v3(one.id, "its own password", rounds=2)
    _, other = wallet(tmp_path / "b")
    assert (
        other.import_keystore_v3(json.dumps(keystore), "its own password", "ethereum", "Again").did == one.did
    )
    with pytest.raises(KeystoreError):
        other.import_keystore_v3(json.dumps(keystore), "another", "ethereum", "Again")


def test_no_keystore_for_an_ed25519_key(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    with pytest.raises(IdentityError):
        made.export_keystore_v3(made.identities[0].id, "password")


def test_a_contact_card_names_did_key_next_and_name_and_is_signed(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    one = made.identities[0]
    card = read_card(made.contact_card(one.id))
    assert (card.did, card.key, card.next, card.name, card.signed) == (
        one.did,
        one.key,
        one.next,
        one.name,
        True,
    )


def test_a_changed_card_is_refused_in_plain_words(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    text = made.contact_card(made.identities[0].id)
    for changed in (text[:-5], text[:60] + "A" + text[61:], PREFIX + "!!", "did:key:zzz", ""):
        with pytest.raises(IdentityError):
            read_card(changed)


def test_a_vcard_carries_the_signed_card_over_folded_lines(tmp_path: Path) -> None:
    _, made = wallet(tmp_path, "Jürgen Weiß; von, Österreich")
    text = made.contact_card(made.identities[0].id)
    card = vcard(text)
    assert all(len(line.encode()) <= 75 for line in card.split("\r\n"))
    assert read_card(card) == read_card(text)


def test_the_qr_code_is_a_square_of_modules_and_a_png(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    rows = qr_matrix(made.identities[0].did)
    assert {len(row) for row in rows} == {len(rows)}
    assert qr_png(made.identities[0].did).startswith(b"\x89PNG")


def test_a_bare_did_needs_a_name_of_ones_own(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    with pytest.raises(IdentityError, match="no name"):
        made.add_contact_card("did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd")


def test_a_contact_that_is_removed_can_be_put_back(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    added = made.add_contact_card("did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd", "Lena")
    assert made.put_contact(made.remove_contact(added.did)) == added
    assert made.contacts == (added,)


def test_no_repr_shows_words_or_secrets(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    one = made.import_key(b"\x07" * 32, "ed25519", "Third")
    shown = repr(one) + repr(made) + repr(made._state) + repr(made.signer(one.id))
    assert "abandon" not in shown
    assert (b"\x07" * 32).hex() not in shown
    assert repr(b"\x07" * 32) not in shown


def test_a_change_that_cannot_be_saved_did_not_happen(tmp_path: Path) -> None:
    opened, made = wallet(tmp_path)
    other = service(tmp_path).unlock_now(PASSPHRASE)
    other.add_identity("ed25519", "From the other window")
    with pytest.raises(Exception, match="Another program"):
        made.add_identity("ed25519", "Mine")
    assert len(made.identities) == 1
    assert opened.wallet is made
    assert isinstance(made.identities[0].created_at, Time)
