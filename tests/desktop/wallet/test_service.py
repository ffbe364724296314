"""The wallet over time: made, locked by itself, copied, restored, another passphrase."""

import asyncio
from pathlib import Path

import pytest

from cms_desktop.wallet import vault
from cms_desktop.wallet.errors import (
    KeyringError,
    WalletDamaged,
    WalletError,
    WalletExists,
    WalletUnreadable,
    WordsError,
    WrongPassphrase,
)
from cms_desktop.wallet.service import WalletService
from cms_desktop.wallet.words import fingerprint_words, passphrase_bits, places_to_confirm
from tests.support.cli_run import memory_keyring
from tests.support.wallet_home import NOW, PASSPHRASE, WORDS, quick_kdf, service, wallet


async def test_fresh_words_are_twelve_and_never_the_same(tmp_path: Path) -> None:
    first = (await service(tmp_path / "a").create(PASSPHRASE)).recovery_words()
    second = (await service(tmp_path / "b").create(PASSPHRASE)).recovery_words()
    assert len(first) == len(second) == 12
    assert first != second


async def test_bad_words_make_no_file(tmp_path: Path) -> None:
    opened = service(tmp_path)
    with pytest.raises(WordsError):
        await opened.create(PASSPHRASE, WORDS.replace("about", "abandon"))
    assert not opened.exists


async def test_a_short_passphrase_makes_no_file(tmp_path: Path) -> None:
    opened = service(tmp_path)
    with pytest.raises(WalletError, match="shorter"):
        await opened.create("short")
    assert not opened.exists


def test_it_locks_by_itself_after_the_chosen_minutes(tmp_path: Path) -> None:
    seconds = 0.0
    opened = WalletService(tmp_path, now=lambda: NOW, clock=lambda: seconds, kdf=quick_kdf())
    opened.create_now(PASSPHRASE)
    seconds = 599.0
    assert not opened.lock_if_idle()
    opened.touch()
    seconds = 1190.0
    assert not opened.lock_if_idle()
    seconds = 1199.0
    assert opened.lock_if_idle()
    assert opened.locked


def test_it_never_locks_by_itself_when_that_is_chosen(tmp_path: Path) -> None:
    seconds = 0.0
    opened = WalletService(tmp_path, now=lambda: NOW, clock=lambda: seconds, kdf=quick_kdf())
    opened.create_now(PASSPHRASE).set(lock_after=0)
    seconds = 1e9
    assert not opened.lock_if_idle()


async def test_another_passphrase_needs_the_old_one(tmp_path: Path) -> None:
    opened, _ = wallet(tmp_path)
    with pytest.raises(WrongPassphrase):
        await opened.change_passphrase("not the old one", "four other plain words")
    await opened.change_passphrase(PASSPHRASE, "four other plain words")
    opened.lock()
    assert (await opened.unlock("four other plain words")).settings.passphrase_changed_at == NOW


async def test_a_backup_opens_in_another_home(tmp_path: Path) -> None:
    opened, made = wallet(tmp_path / "a")
    await opened.back_up(tmp_path / "copy.cms")
    other = service(tmp_path / "b")
    restored = await other.restore_file(tmp_path / "copy.cms", PASSPHRASE)
    assert restored.identities == made.identities
    with pytest.raises(WalletError):
        await other.restore_file(tmp_path / "copy.cms", PASSPHRASE)


async def test_a_backup_with_a_wrong_passphrase_is_not_taken(tmp_path: Path) -> None:
    opened, _ = wallet(tmp_path / "a")
    await opened.back_up(tmp_path / "copy.cms")
    other = service(tmp_path / "b")
    with pytest.raises(WrongPassphrase):
        await other.restore_file(tmp_path / "copy.cms", "another passphrase")
    assert not other.exists


def list_locks(folder: Path) -> list[Path]:
    return list(folder.glob("*.lock"))


async def test_a_backup_never_takes_the_place_of_a_file(tmp_path: Path) -> None:
    opened, made = wallet(tmp_path / "a")
    other = tmp_path / "letter.txt"
    other.write_text("of somebody")
    with pytest.raises(WalletExists):
        await opened.back_up(other)
    assert other.read_text() == "of somebody"
    assert made.settings.backed_up_at is None
    await opened.back_up(tmp_path / "copy.cms")
    assert made.settings.backed_up_at == NOW
    assert not list_locks(tmp_path)


async def test_a_damaged_wallet_is_no_backup(tmp_path: Path) -> None:
    opened, _ = wallet(tmp_path / "a")
    opened.path.write_bytes(opened.path.read_bytes()[:-1])
    with pytest.raises(WalletDamaged):
        await opened.back_up(tmp_path / "copy.cms")
    assert not (tmp_path / "copy.cms").exists()


async def test_a_backup_that_is_not_there_is_not_called_a_missing_wallet(tmp_path: Path) -> None:
    with pytest.raises(WalletUnreadable, match=r"copy\.cms"):
        await service(tmp_path).restore_file(tmp_path / "copy.cms", PASSPHRASE)


async def test_a_passphrase_that_the_keyring_does_not_take_is_changed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = memory_keyring(monkeypatch)
    opened, _ = wallet(tmp_path)
    await opened.remember(PASSPHRASE)
    kept.full = True
    with pytest.raises(KeyringError, match="passphrase is changed"):
        await opened.change_passphrase(PASSPHRASE, "four other plain words")
    opened.lock()
    assert opened.unlock_from_keyring() is None
    assert (await opened.unlock("four other plain words")).identities


async def test_a_backup_is_not_taken_over_a_wallet(tmp_path: Path) -> None:
    first, _ = wallet(tmp_path / "a")
    second, made = wallet(tmp_path / "b")
    await first.back_up(tmp_path / "copy.cms")
    before = second.path.read_bytes()
    with pytest.raises(WalletExists):
        await second.restore_file(tmp_path / "copy.cms", PASSPHRASE)
    assert second.path.read_bytes() == before
    assert made.identities


def test_what_is_no_file_cannot_be_read_and_is_said(tmp_path: Path) -> None:
    (tmp_path / "wallet.cms").mkdir()
    with pytest.raises(WalletUnreadable) as caught:
        service(tmp_path).unlock_now(PASSPHRASE)
    assert caught.value.code == "wallet.unreadable"


async def test_listeners_hear_of_unlock_and_lock(tmp_path: Path) -> None:
    heard: list[bool] = []
    opened, _ = wallet(tmp_path)
    opened.lock()
    await asyncio.sleep(0)  # what was told of the making is out of the way
    end = opened.subscribe(lambda: heard.append(opened.locked))
    await opened.unlock(PASSPHRASE)
    opened.lock()
    end()
    await opened.unlock(PASSPHRASE)
    assert heard == [False, True]


async def test_a_second_wallet_is_not_made_over_the_first(tmp_path: Path) -> None:
    wallet(tmp_path)
    with pytest.raises(WalletExists):
        await service(tmp_path).create(PASSPHRASE)


def test_without_a_keyring_the_words_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backends import fail

    monkeypatch.setattr(keyring.core, "_keyring_backend", fail.Keyring())
    with pytest.raises(KeyringError, match="no keyring"):
        vault.remember(tmp_path / "wallet.cms", PASSPHRASE)
    assert vault.recall(tmp_path / "wallet.cms") is None


def test_six_words_stand_for_a_text_and_change_with_it() -> None:
    assert len(fingerprint_words("a")) == 6
    assert fingerprint_words("a") == fingerprint_words("a")
    assert fingerprint_words("a") != fingerprint_words("b")


def test_three_different_places_are_asked_back() -> None:
    for _ in range(50):
        places = places_to_confirm()
        assert len(set(places)) == 3
        assert list(places) == sorted(places)
        assert places[0] >= 0
        assert places[2] < 12


def test_long_runs_and_repeats_are_no_strength() -> None:
    assert passphrase_bits("aaaaaaaaaaaaaaaa") < 10
    assert passphrase_bits("abcdefgh12345678") < 20
    assert passphrase_bits("seven quiet otters paint fences slowly tonight") > 60
