"""Another wallet in the place of the present one: the present one is kept, whatever happens."""

from dataclasses import replace
from pathlib import Path

import pytest

from cms_desktop.wallet import replacing
from cms_desktop.wallet.errors import (
    IdentityError,
    WalletDamaged,
    WalletError,
    WalletUnreadable,
    WordsError,
    WrongPassphrase,
)
from cms_desktop.wallet.replacing import FromWords, replace_by_file, replace_by_words
from cms_desktop.wallet.service import WalletService
from tests.support.wallet_home import NOW, PASSPHRASE, WORDS, service, wallet

OTHERS_WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow"
OTHERS_PASSPHRASE = "others have a passphrase"


def other_backup(folder: Path) -> Path:
    made = service(folder)
    made.create_now(OTHERS_PASSPHRASE, OTHERS_WORDS).add_identity("ed25519", "Idris Calloway")
    made.lock()
    return made.path


def files(home: Path) -> list[str]:
    return sorted(one.name for one in home.iterdir() if not one.name.endswith(".lock"))


def unchanged(home: Path, before: bytes) -> None:
    assert files(home) == ["wallet.cms"]
    assert (home / "wallet.cms").read_bytes() == before


async def test_a_backup_takes_the_place_and_the_wallet_before_is_kept_whole(tmp_path: Path) -> None:
    present, made = wallet(tmp_path / "home")
    before = present.path.read_bytes()
    aside = await replace_by_file(present, other_backup(tmp_path / "other"), OTHERS_PASSPHRASE, NOW)
    assert present.wallet is not None
    assert [one.name for one in present.wallet.identities] == ["Idris Calloway"]
    assert aside.name == "wallet-before-2026-05-18-100000.cms"
    assert aside.read_bytes() == before
    assert aside.stat().st_mode & 0o777 == 0o600
    with pytest.raises(WalletError):
        made.recovery_words()
    # The one before comes back the same way.
    await replace_by_file(present, aside, PASSPHRASE, NOW)
    assert [one.name for one in present.wallet.identities] == ["Katrin Ostermann"]
    assert "wallet-before-2026-05-18-100000-2.cms" in files(tmp_path / "home")


async def test_words_make_a_wallet_in_the_place_of_the_present_one(tmp_path: Path) -> None:
    present, made = wallet(tmp_path / "home")
    aside = await replace_by_words(
        present, FromWords(OTHERS_WORDS, "a new passphrase here", "Idris", "Calloway"), NOW
    )
    assert present.wallet is not None
    one = present.wallet.identities[0]
    assert (one.name, one.organisation) == ("Idris", "Calloway")
    assert present.wallet.recovery_words() == tuple(OTHERS_WORDS.split())
    assert WalletService(tmp_path / "home").unlock_now("a new passphrase here").identities[0].did == one.did
    assert files(tmp_path / "home") == sorted(["wallet.cms", aside.name])
    assert made.identities[0].did != one.did


async def test_words_bring_back_the_key_that_was_used_last_by_its_address(tmp_path: Path) -> None:
    earlier = service(tmp_path / "earlier").create_now(PASSPHRASE, OTHERS_WORDS)
    rotated = earlier.rotate(earlier.add_identity("ed25519", "Idris").id)[1]
    present, _ = wallet(tmp_path / "home")
    made = FromWords(OTHERS_WORDS, PASSPHRASE, "Idris", did=str(rotated.did))
    await replace_by_words(present, made, NOW)
    assert present.wallet is not None
    assert [one.did for one in present.wallet.identities] == [rotated.did]


async def test_a_refusal_leaves_the_present_wallet_open_and_alone(tmp_path: Path) -> None:
    present, _ = wallet(tmp_path / "home")
    backup = other_backup(tmp_path / "other")
    before = present.path.read_bytes()
    with pytest.raises(WrongPassphrase):
        await replace_by_file(present, backup, "not the passphrase", NOW)
    with pytest.raises(WalletUnreadable, match=r"no backup gone\.cms"):
        await replace_by_file(present, tmp_path / "gone.cms", OTHERS_PASSPHRASE, NOW)
    backup.write_bytes(backup.read_bytes()[:-7])
    with pytest.raises(WalletDamaged):
        await replace_by_file(present, backup, OTHERS_PASSPHRASE, NOW)
    good = FromWords(WORDS, PASSPHRASE, "Katrin")
    with pytest.raises(WordsError):
        await replace_by_words(present, replace(good, words="these are no words"), NOW)
    with pytest.raises(IdentityError):
        await replace_by_words(present, replace(good, name=" "), NOW)
    with pytest.raises(WalletError, match="shorter"):
        await replace_by_words(present, replace(good, passphrase="short"), NOW)
    assert not present.locked
    unchanged(tmp_path / "home", before)


async def test_an_ended_key_that_the_log_does_not_know_holds_the_restore_up(tmp_path: Path) -> None:
    present, made = wallet(tmp_path / "home")
    made.rotate(made.identities[0].id)
    before = present.path.read_bytes()
    with pytest.raises(WalletError, match="has not reached the log"):
        await replace_by_file(present, other_backup(tmp_path / "other"), OTHERS_PASSPHRASE, NOW)
    unchanged(tmp_path / "home", before)


async def test_a_disk_that_refuses_in_the_middle_leaves_the_present_wallet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    present, _ = wallet(tmp_path / "home")
    backup = other_backup(tmp_path / "other")
    before = present.path.read_bytes()

    def full(_path: Path, _data: bytes) -> None:
        raise WalletError("The wallet could not be saved: No space left on device.")

    monkeypatch.setattr(replacing, "write_file", full)
    with pytest.raises(WalletError, match="No space left"):
        await replace_by_file(present, backup, OTHERS_PASSPHRASE, NOW)
    assert not present.locked
    unchanged(tmp_path / "home", before)


def test_words_and_passphrase_are_in_no_repr() -> None:
    shown = repr(FromWords(WORDS, PASSPHRASE, "Katrin"))
    assert "abandon" not in shown
    assert PASSPHRASE not in shown
