"""Choices about the window survive a restart; a damaged file costs nothing but the choices."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from cms_desktop.preferences import (
    FILE_NAME,
    LONGEST_NAME,
    LONGEST_SEARCH,
    MOST_VIEWS,
    Preferences,
    SavedView,
    read_preferences,
    write_preferences,
)

SHOPS = SavedView("Shops, by end", "shop “online”", "force", "valid_until")


def test_choices_are_found_again(tmp_path: Path) -> None:
    chosen = Preferences(appearance="dark", scale=1.2, less_motion=True, rpc=("https://node.example.org",))
    chosen = chosen.with_(views=(SHOPS, SavedView("Drafts", filter="drafts")), hidden=("ends", "changed"))
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


def test_a_file_from_before_there_were_views_is_read(tmp_path: Path) -> None:
    older = {"appearance": "dark", "scale": 1.1, "less_motion": False, "rpc": []}
    (tmp_path / FILE_NAME).write_text(json.dumps(older))
    assert read_preferences(tmp_path) == Preferences(appearance="dark", scale=1.1)


@pytest.mark.parametrize(
    "broken",
    [
        None,
        "a name",
        ["a name", "", "all", "title"],
        {},
        {"name": "No more"},
        asdict(SHOPS) | {"more": ""},
        asdict(SHOPS) | {"name": ""},
        asdict(SHOPS) | {"name": " shops "},
        asdict(SHOPS) | {"name": 7},
        asdict(SHOPS) | {"sort": None},
        asdict(SHOPS) | {"name": "a" * (LONGEST_NAME + 1)},
        asdict(SHOPS) | {"text": "a" * (LONGEST_SEARCH + 1)},
        asdict(SHOPS) | {"text": "half a \ud83d"},
        asdict(SHOPS) | {"name": "DRAFTS"},
    ],
    ids=lambda one: str(one)[:40].encode("ascii", "replace").decode(),
)
def test_a_broken_view_is_left_out_and_all_else_is_kept(broken: object, tmp_path: Path) -> None:
    chosen = Preferences(appearance="dark", hidden=("proof",))
    drafts = SavedView("Drafts", filter="drafts")
    raw = asdict(chosen) | {"views": [asdict(drafts), broken, asdict(SHOPS)]}
    (tmp_path / FILE_NAME).write_text(json.dumps(raw))
    assert read_preferences(tmp_path) == chosen.with_(views=(drafts, SHOPS))


@pytest.mark.parametrize("broken", [None, 7, "ends", {"ends": True}, ["state", "title", 7, None, ["ends"]]])
def test_broken_lists_of_the_register_show_all_columns_and_no_view(broken: object, tmp_path: Path) -> None:
    raw = asdict(Preferences(appearance="dark")) | {"views": broken, "hidden": broken}
    (tmp_path / FILE_NAME).write_text(json.dumps(raw))
    assert read_preferences(tmp_path) == Preferences(appearance="dark")


def test_no_more_views_are_read_than_a_person_can_save(tmp_path: Path) -> None:
    views = tuple(SavedView(f"View {number}") for number in range(MOST_VIEWS + 1))
    write_preferences(tmp_path, Preferences(views=views))
    assert read_preferences(tmp_path).views == views[:MOST_VIEWS]
