"""Keys as files: what is taken for a key, and that an exported one is its owner's alone."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.wallet import keystore_v3
from cms_desktop.wallet.errors import IdentityError, WalletError, WalletExists, WalletUnreadable
from cms_desktop.wallet.key_files import KeyFile, parse_key, read_key_file, write_private

SECRET = bytes(range(32))


def put(folder: Path, text: str | bytes) -> Path:
    path = folder / "key.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("before", ["", "0x", "  \n", "\ufeff"])
@pytest.mark.parametrize("after", ["", "\n", "\r\n "])
def test_sixty_four_digits_are_a_raw_key_however_they_were_saved(
    tmp_path: Path, before: str, after: str
) -> None:
    found = read_key_file(put(tmp_path, before + SECRET.hex().upper() + after))
    assert found == KeyFile("raw", secret=SECRET)
    assert SECRET.hex() not in repr(found)


def test_a_keystore_is_known_by_its_form_and_opens_with_its_password(tmp_path: Path) -> None:
    keystore = keystore_v3.encrypt(SECRET, "password", rounds=2)
    found = read_key_file(put(tmp_path, json.dumps(keystore)))
    assert found.form == "keystore"
    assert found.address == keystore["address"]
    assert keystore_v3.decrypt(found.keystore, "password") == SECRET
    assert keystore["crypto"]["ciphertext"] not in repr(found)


@pytest.mark.parametrize(
    "text",
    ["", "00" * 31, "00" * 33, "zz" * 32, "{}", "[]", '{"crypto": 1', b"\xff\xfe\x00", "[" * 5000],
    ids=["empty", "short", "long", "letters", "no keystore", "a list", "cut", "binary", "deep"],
)
def test_anything_else_is_refused_in_words_that_name_the_file(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(IdentityError, match=r"key\.txt holds no key"):
        read_key_file(put(tmp_path, text))


def test_a_file_that_is_far_too_big_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "key.txt"
    with path.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(IdentityError):
        read_key_file(path)


def test_a_missing_file_and_a_folder_are_told_apart_from_a_wrong_one(tmp_path: Path) -> None:
    with pytest.raises(WalletUnreadable, match="No such file"):
        read_key_file(tmp_path / "gone")
    with pytest.raises(WalletUnreadable):
        read_key_file(tmp_path)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        found = parse_key(data, "key.txt")
    except IdentityError:
        return
    assert found.form in ("raw", "keystore")


def test_an_exported_key_is_its_owners_alone_and_takes_no_file_away(tmp_path: Path) -> None:
    path = tmp_path / "key.txt"
    write_private(path, SECRET.hex() + "\n")
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key_file(path).secret == SECRET
    with pytest.raises(WalletExists):
        write_private(path, "other")
    assert read_key_file(path).secret == SECRET


def test_a_name_that_leads_to_another_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WalletExists):
        write_private(tmp_path / "link", "secret")
    assert not (tmp_path / "elsewhere").exists()


def test_a_disk_that_refuses_leaves_no_part_of_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WalletError, match="No space left") as caught:
        write_private(tmp_path / "key.txt", SECRET.hex())
    assert SECRET.hex() not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WalletError, match="was not written"):
        write_private(tmp_path / "gone" / "key.txt", "secret")
