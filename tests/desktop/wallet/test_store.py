"""The wallet file: what opens it, what does not, and that nothing is ever lost."""

import hashlib
import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms_desktop.wallet import store
from cms_desktop.wallet.errors import (
    NewerWallet,
    NoWallet,
    PassphraseError,
    WalletBusy,
    WalletDamaged,
    WalletError,
    WalletExists,
    WalletUnreadable,
    WrongPassphrase,
)
from cms_desktop.wallet.kdf import CEILING, FLOOR, KdfParams
from cms_desktop.wallet.store import MAGIC, WalletFile
from tests.support.wallet_home import PASSPHRASE, quick_kdf

CONTENT = b'{"what": "is sealed"}'


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sealed") / "wallet.cms"
    WalletFile.create(path, PASSPHRASE, CONTENT, quick_kdf())
    return path.read_bytes()


def put(folder: Path, data: bytes) -> Path:
    path = folder / "wallet.cms"
    path.write_bytes(data)
    return path


def test_the_passphrase_gives_back_what_was_sealed(tmp_path: Path, sealed: bytes) -> None:
    assert WalletFile.open(put(tmp_path, sealed), PASSPHRASE).content == CONTENT


def test_nothing_of_the_content_stands_readable_in_the_file(sealed: bytes) -> None:
    assert b"sealed" not in sealed


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    WalletFile.create(tmp_path / "wallet.cms", PASSPHRASE, CONTENT, quick_kdf())
    assert (tmp_path / "wallet.cms").stat().st_mode & 0o777 == 0o600


def test_a_wrong_passphrase_is_named_and_the_file_untouched(tmp_path: Path, sealed: bytes) -> None:
    path = put(tmp_path, sealed)
    with pytest.raises(WrongPassphrase) as caught:
        WalletFile.open(path, PASSPHRASE + "x")
    assert caught.value.code == "wallet.wrong-passphrase"
    assert PASSPHRASE not in str(caught.value)
    assert path.read_bytes() == sealed


@pytest.mark.parametrize("keep", [0, 5, 9, 11, 12, 40, 100, -33, -1])
def test_a_cut_file_is_damaged_and_left_as_it_is(tmp_path: Path, sealed: bytes, keep: int) -> None:
    path = put(tmp_path, sealed[:keep])
    with pytest.raises(WalletDamaged):
        WalletFile.open(path, PASSPHRASE)
    assert path.read_bytes() == sealed[:keep]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_flipped_bit_is_damage_never_a_wrong_passphrase(
    tmp_path: Path, sealed: bytes, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, 8 * len(sealed) - 1))
    changed = bytearray(sealed)
    changed[place // 8] ^= 1 << (place % 8)
    path = put(tmp_path, bytes(changed))
    with pytest.raises(WalletDamaged):
        WalletFile.open(path, PASSPHRASE)
    assert path.read_bytes() == bytes(changed)


def test_a_newer_version_asks_for_an_update(tmp_path: Path, sealed: bytes) -> None:
    newer = sealed[: len(MAGIC)] + b"\x02" + sealed[len(MAGIC) + 1 : -32]
    path = put(tmp_path, newer + hashlib.sha256(newer).digest())
    with pytest.raises(NewerWallet) as caught:
        WalletFile.open(path, PASSPHRASE)
    assert caught.value.remedy is not None
    assert "pdate" in caught.value.remedy


@pytest.mark.parametrize(
    "params",
    [
        KdfParams(2**40, 3, bytes(16)),
        KdfParams(CEILING * 2, 3, bytes(16)),
        KdfParams(FLOOR // 2, 3, bytes(16)),
        KdfParams(FLOOR, 10**6, bytes(16)),
        KdfParams(FLOOR, 0, bytes(16)),
        KdfParams(FLOOR, 3, bytes(8)),
    ],
)
def test_absurd_work_is_refused_before_any_of_it(tmp_path: Path, sealed: bytes, params: KdfParams) -> None:
    header = store._header(params, bytes(24))
    body = header + sealed[-80:-32]
    path = put(tmp_path, body + hashlib.sha256(body).digest())
    with pytest.raises(WalletDamaged):
        WalletFile.open(path, PASSPHRASE)


def test_without_a_file_the_words_say_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NoWallet) as caught:
        WalletFile.open(tmp_path / "wallet.cms", PASSPHRASE)
    assert "cms wallet create" in str(caught.value.remedy)


def test_a_wallet_is_never_made_over_another(tmp_path: Path, sealed: bytes) -> None:
    path = put(tmp_path, sealed)
    with pytest.raises(WalletExists):
        WalletFile.create(path, PASSPHRASE, CONTENT, quick_kdf())
    assert path.read_bytes() == sealed


def test_a_save_over_a_foreign_change_is_refused(tmp_path: Path, sealed: bytes) -> None:
    path = put(tmp_path, sealed)
    mine, theirs = WalletFile.open(path, PASSPHRASE), WalletFile.open(path, PASSPHRASE)
    theirs.save(b"theirs")
    with pytest.raises(WalletBusy):
        mine.save(b"mine")
    assert WalletFile.open(path, PASSPHRASE).content == b"theirs"


def test_two_saves_never_share_a_nonce(tmp_path: Path, sealed: bytes) -> None:
    path = put(tmp_path, sealed)
    file = WalletFile.open(path, PASSPHRASE)
    seen = set()
    for _ in range(4):
        file.save(CONTENT)
        seen.add(path.read_bytes())
    assert len(seen) == 4


def test_another_passphrase_opens_it_after_the_change_and_the_old_no_more(
    tmp_path: Path, sealed: bytes
) -> None:
    path = put(tmp_path, sealed)
    WalletFile.open(path, PASSPHRASE).change_passphrase("four other plain words", quick_kdf())
    assert WalletFile.open(path, "four other plain words").content == CONTENT
    with pytest.raises(WrongPassphrase):
        WalletFile.open(path, PASSPHRASE)


def test_a_failed_write_leaves_the_file_from_before(
    tmp_path: Path, sealed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, sealed)
    file = WalletFile.open(path, PASSPHRASE)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WalletError, match="No space left"):
        file.save(b"new")
    assert path.read_bytes() == sealed
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob(".*.part"))


def test_after_a_failed_change_of_passphrase_the_old_one_goes_on(
    tmp_path: Path, sealed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, sealed)
    file = WalletFile.open(path, PASSPHRASE)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(WalletError):
            file.change_passphrase("four other plain words", quick_kdf())
    file.save(b"later")
    assert WalletFile.open(path, PASSPHRASE).content == b"later"


def test_of_two_writers_at_one_moment_one_is_told_no(tmp_path: Path, sealed: bytes) -> None:
    path = put(tmp_path, sealed)
    files = [WalletFile.open(path, PASSPHRASE) for _ in range(2)]
    gate = threading.Barrier(2)
    told: list[str] = []

    def write(file: WalletFile, content: bytes) -> None:
        gate.wait()
        try:
            file.save(content)
            told.append("saved")
        except WalletBusy:
            told.append("busy")

    threads = [threading.Thread(target=write, args=(file, b"%d" % n)) for n, file in enumerate(files)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["busy", "saved"]


def test_a_header_that_is_no_number_is_damage(tmp_path: Path) -> None:
    for head in (b'{"kdf":"argon2id","memory":1e999,"passes":3,"salt":"","nonce":""}', b"[" * 9000):
        body = MAGIC + b"\x01" + len(head).to_bytes(2, "big") + head
        with pytest.raises(WalletDamaged):
            WalletFile.open(put(tmp_path, body + hashlib.sha256(body).digest()), PASSPHRASE)


def test_no_repr_shows_a_key(tmp_path: Path, sealed: bytes) -> None:
    file = WalletFile.open(put(tmp_path, sealed), PASSPHRASE)
    assert file._key.hex() not in repr(file)


# --- links, pipes and passphrases that are no text ------------------------------------------------------------


def test_a_linked_wallet_is_saved_where_the_link_leads_and_stays_a_link(tmp_path: Path) -> None:
    stick, home = tmp_path / "stick", tmp_path / "home"
    stick.mkdir()
    home.mkdir()
    path = home / "wallet.cms"
    WalletFile.create(stick / "mine.cms", PASSPHRASE, CONTENT, quick_kdf())
    path.symlink_to(Path("..") / "stick" / "mine.cms")
    file = WalletFile.open(path, PASSPHRASE)
    file.save(b"saved through the link")
    assert path.is_symlink()
    assert WalletFile.open(stick / "mine.cms", PASSPHRASE).content == b"saved through the link"
    assert (stick / "mine.cms").stat().st_mode & 0o777 == 0o600
    assert [one.name for one in home.iterdir()] == ["wallet.cms"]
    assert sorted(one.name for one in stick.iterdir()) == ["mine.cms", "mine.cms.lock"]


def test_two_links_to_one_wallet_do_not_overwrite_each_other(tmp_path: Path) -> None:
    WalletFile.create(tmp_path / "real.cms", PASSPHRASE, CONTENT, quick_kdf())
    opened = []
    for name in ("one.cms", "two.cms"):
        (tmp_path / name).symlink_to("real.cms")
        opened.append(WalletFile.open(tmp_path / name, PASSPHRASE))
    opened[0].save(b"first")
    with pytest.raises(WalletBusy):
        opened[1].save(b"second")


def test_a_link_to_a_disk_that_is_not_there_is_no_empty_home(tmp_path: Path) -> None:
    path = tmp_path / "wallet.cms"
    path.symlink_to(tmp_path / "stick" / "wallet.cms")
    with pytest.raises(WalletExists):
        WalletFile.create(path, PASSPHRASE, CONTENT, quick_kdf())
    with pytest.raises(WalletUnreadable, match="is a link to "):
        WalletFile.open(path, PASSPHRASE)
    assert path.is_symlink()


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "endless link", "sparse"])
def test_what_is_no_file_in_the_wallets_place_is_named_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "wallet.cms"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "endless link":
        path.symlink_to(path)
    else:
        with path.open("wb") as file:
            file.truncate(2**31)
    with pytest.raises(WalletUnreadable):
        WalletFile.open(path, PASSPHRASE)
    with pytest.raises(WalletExists):
        WalletFile.create(path, PASSPHRASE, CONTENT, quick_kdf())


@pytest.mark.parametrize("passphrase", ["quiet otters \ud800", "\udcff" * 12, "\udc00\ud800 paint seven"])
def test_a_passphrase_that_is_no_text_is_refused_in_words(tmp_path: Path, passphrase: str) -> None:
    path = tmp_path / "wallet.cms"
    with pytest.raises(PassphraseError, match="not a whole letter"):
        WalletFile.create(path, passphrase, CONTENT, quick_kdf())
    assert not path.exists()
    file = WalletFile.create(path, PASSPHRASE, CONTENT, quick_kdf())
    with pytest.raises(PassphraseError):
        WalletFile.open(path, passphrase)
    with pytest.raises(PassphraseError):
        file.change_passphrase(passphrase, quick_kdf())
    file.save(b"still under the old one")
    assert WalletFile.open(path, PASSPHRASE).content == b"still under the old one"
