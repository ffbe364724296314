"""Choices about the window survive a restart; a damaged file costs nothing but the choices."""

from pathlib import Path

import pytest

from cms_desktop.preferences import FILE_NAME, Preferences, read_preferences, write_preferences


def test_choices_are_found_again(tmp_path: Path) -> None:
    chosen = Preferences(appearance="dark", scale=1.2, less_motion=True, rpc=("https://node.example.org",))
    write_preferences(tmp_path / "home", chosen)
    assert read_preferences(tmp_path / "home") == chosen
    assert [path.name for path in (tmp_path / "home").iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"scale": "big"}', '{"appearance": "dark"}', "null"])
def test_a_damaged_file_gives_the_defaults(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    assert read_preferences(tmp_path) == Preferences()


@pytest.mark.parametrize(("written", "read"), [(9.0, 1.5), (0.1, 0.8), (1.3, 1.3)])
def test_the_size_of_text_stays_between_its_ends(written: float, read: float, tmp_path: Path) -> None:
    write_preferences(tmp_path, Preferences(scale=written))
    assert read_preferences(tmp_path).scale == read
