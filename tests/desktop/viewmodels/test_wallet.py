"""The wallet page without a window: what it lets out, what it keeps, and what it says."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from cms_desktop.wallet import keystore_v3
from tests.support.wallet_home import PASSPHRASE, WORDS
from tests.support.wallet_page import WalletDeskTop, wallet_page

pytestmark = pytest.mark.usefixtures("qapp")

SECRET = bytes(range(1, 33))


def url(path: Path) -> QUrl:
    return QUrl.fromLocalFile(str(path))


async def allow(here: WalletDeskTop) -> None:
    here.vm.keys.allow(here.wallet.identities[0].id, PASSPHRASE)
    await here.tasks.idle()
    assert here.vm.keys.allowed


async def test_no_key_goes_out_without_the_passphrase(tmp_path: Path) -> None:
    async with wallet_page(tmp_path) as here:
        keys = here.vm.keys
        for way in (
            lambda: keys.save_raw(url(tmp_path / "key.txt")),
            lambda: keys.save_keystore(url(tmp_path / "key.json"), "long enough"),
            keys.show,
            lambda: keys.allow(here.wallet.identities[0].id, "not the passphrase"),
        ):
            way()
            await here.tasks.idle()
            assert here.vm.error
            assert (keys.shown, keys.allowed) == ("", False)
        assert not (tmp_path / "key.txt").exists()


async def test_the_passphrase_opens_the_way_for_one_dialog_only(tmp_path: Path) -> None:
    async with wallet_page(tmp_path) as here:
        await allow(here)
        here.vm.forget()
        assert not here.vm.keys.allowed
        here.vm.keys.save_raw(url(tmp_path / "key.txt"))
        await here.tasks.idle()
        assert not (tmp_path / "key.txt").exists()


async def test_locking_takes_every_secret_from_the_page(tmp_path: Path) -> None:
    async with wallet_page(tmp_path) as here:
        await allow(here)
        here.vm.keys.show()
        here.vm.safety.show_words(PASSPHRASE)
        await here.tasks.idle()
        assert here.vm.keys.shown == here.wallet.export_key(here.wallet.identities[0].id).hex()
        assert here.vm.safety.words == WORDS.split()
        here.service.lock()
        assert (here.vm.keys.shown, here.vm.keys.allowed, here.vm.safety.words) == ("", False, [])


async def test_an_ed25519_key_is_no_ethereum_keystore_and_a_short_password_none(tmp_path: Path) -> None:
    async with wallet_page(tmp_path) as here:
        await allow(here)
        here.vm.keys.save_keystore(url(tmp_path / "key.json"), "long enough")
        await here.tasks.idle()
        assert "secp256k1" in here.vm.error
        here.vm.keys.save_keystore(url(tmp_path / "key.json"), "short")
        await here.tasks.idle()
        assert "shorter than 8" in here.vm.error
        assert not (tmp_path / "key.json").exists()


async def test_a_raw_key_shows_its_address_as_each_kind_before_it_is_taken(tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(SECRET.hex())
    async with wallet_page(tmp_path / "home") as here:
        here.vm.keys.choose(url(tmp_path / "key.txt"))
        await here.tasks.idle()
        assert here.vm.keys.found == {"file": "key.txt", "form": "raw", "address": ""}
        for kind in ("ed25519", "secp256k1", "ethereum"):
            address = here.vm.keys.address(kind)
            here.vm.keys.take(kind, f"as {kind}", "")
            await here.tasks.idle()
            made = here.wallet.identities[-1]
            assert (made.kind, str(made.did)) == (kind, address)
        here.vm.keys.take("ethereum", "again", "")
        await here.tasks.idle()
        assert "in the wallet already" in here.vm.error
        assert len(here.wallet.identities) == 4


async def test_a_number_that_is_no_key_of_the_curve_has_no_address(tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text("00" * 32)
    async with wallet_page(tmp_path / "home") as here:
        here.vm.keys.choose(url(tmp_path / "key.txt"))
        await here.tasks.idle()
        assert here.vm.keys.address("secp256k1") == ""
        here.vm.keys.take("secp256k1", "Zero", "")
        await here.tasks.idle()
        assert here.vm.error
        assert len(here.wallet.identities) == 1


async def test_another_file_takes_the_place_of_the_chosen_one_also_when_it_is_none(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text(json.dumps(keystore_v3.encrypt(SECRET, "password", rounds=2)))
    async with wallet_page(tmp_path / "home") as here:
        here.vm.keys.choose(url(tmp_path / "key.json"))
        await here.tasks.idle()
        assert here.vm.keys.found["form"] == "keystore"
        here.vm.keys.choose(url(tmp_path / "gone.json"))
        await here.tasks.idle()
        assert here.vm.keys.found["form"] == ""
        assert "gone.json cannot be read" in here.vm.error


async def test_a_backup_that_fails_is_told_where_no_dialog_is_open(tmp_path: Path) -> None:
    (tmp_path / "taken.cms").write_text("something else")
    async with wallet_page(tmp_path / "home") as here:
        here.vm.safety.back_up(url(tmp_path / "taken.cms"))
        await here.tasks.idle()
        assert "is there already" in here.told[-1]
        here.vm.safety.back_up(url(tmp_path / "backup.cms"))
        await here.tasks.idle()
        assert here.told[-1].startswith("The backup is in backup.cms")
        assert here.wallet.settings.backed_up_at is not None


async def test_a_card_that_is_no_text_is_told_and_adds_nobody(tmp_path: Path) -> None:
    (tmp_path / "card.png").write_bytes(b"\x89PNG\xff")
    async with wallet_page(tmp_path / "home") as here:
        here.vm.import_contact(url(tmp_path / "card.png"))
        await here.tasks.idle()
        assert "card.png cannot be read" in here.told[-1]
        assert here.wallet.contacts == ()


async def test_wrong_words_are_said_to_be_wrong_and_confirm_nothing(tmp_path: Path) -> None:
    async with wallet_page(tmp_path) as here:
        safety = here.vm.safety
        safety.begin_test()
        safety.test_words(["zoo", "zoo", "zoo"])
        assert "Not the words" in here.vm.error
        assert here.wallet.settings.words_confirmed_at is None
        safety.test_words([f" {WORDS.split()[place].upper()} " for place in safety.places])
        assert here.wallet.settings.words_confirmed_at is not None
        assert here.done == ["test"]


async def test_the_page_says_what_the_present_wallet_holds(tmp_path: Path) -> None:
    async with wallet_page(tmp_path) as here:
        assert here.vm.safety.holds == "one identity"
        here.wallet.add_identity("ethereum", "Webwerk")
        here.wallet.add_contact_card("did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH", "Idris")
        assert here.vm.safety.holds == "two identities and one contact"


async def test_the_picture_of_the_address_is_saved_as_png_or_card(tmp_path: Path) -> None:
    async with wallet_page(tmp_path / "home") as here:
        for name, start in (("a.png", b"\x89PNG"), ("a.vcf", b"BEGIN:VCARD")):
            here.vm.save_picture(url(tmp_path / name))
            await here.tasks.idle()
            assert (tmp_path / name).read_bytes().startswith(start)
        here.vm.save_picture(url(tmp_path / "gone" / "a.png"))
        await here.tasks.idle()
        assert "was not saved" in here.told[-1]
