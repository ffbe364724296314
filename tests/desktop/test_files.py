"""Files are replaced whole or not at all."""

import os
from pathlib import Path

import pytest

from cms_desktop.files import read_text, read_whole, write_whole


def test_the_new_content_takes_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    write_whole(path, b"new", mode=0o600)
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_the_old_content_and_no_remains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_synced_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = os.fsync

    def only_files(descriptor: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):  # noqa: PTH112 - a descriptor, not a path
            raise OSError(22, "Invalid argument")
        synced(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    write_whole(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"


def test_a_file_is_read_whole_up_to_its_bound_and_not_beyond(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert read_whole(path, most=5) == b"12345"
    with pytest.raises(OSError, match="larger than 0 KiB") as found:
        read_whole(path, most=4)
    assert found.value.filename == str(path)


@pytest.mark.parametrize("change", [b"", b"123", b"123456789"])
def test_a_file_that_changes_while_it_is_read_is_not_taken_for_what_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: bytes
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    look, looks = os.fstat, []

    def changed_after_the_first(descriptor: int) -> os.stat_result:
        found = look(descriptor)
        if not looks:
            path.write_bytes(change)
        looks.append(found)
        return found

    monkeypatch.setattr(os, "fstat", changed_after_the_first)
    with pytest.raises(OSError, match="changed while it was being read"):
        read_whole(path, most=100)


def test_a_file_that_becomes_a_pipe_between_look_and_opening_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    opened = os.open

    def exchanged(name: Path, *rest: int) -> int:
        path.unlink()
        os.mkfifo(path)
        return opened(name, *rest)

    monkeypatch.setattr(os, "open", exchanged)
    with pytest.raises(OSError, match="This is a pipe, not a file"):
        read_whole(path, most=100)


def test_a_text_comes_from_a_file_or_a_pipe_within_its_bound(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"\xef\xbb\xbfone\ntwo")
    assert read_text(path) == "one\ntwo"
    reader, writer = os.pipe()
    os.write(writer, "Gr\u00fc\u00dfe".encode())
    os.close(writer)
    assert read_text(Path(f"/dev/fd/{reader}")) == "Gr\u00fc\u00dfe"
    os.close(reader)
    with pytest.raises(OSError, match="larger than 16 MiB"):
        read_text(Path("/dev/zero"))
    path.write_bytes(b"\xff")
    with pytest.raises(OSError, match="not a text in UTF-8"):
        read_text(path)
