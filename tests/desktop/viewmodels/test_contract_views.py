"""Saved views and columns of the register, kept in the home."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

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
from cms_desktop.viewmodels.contracts import ContractsViewModel
from tests.support.pages_installation import Installation, installation

pytestmark = pytest.mark.usefixtures("qapp")


async def ask(here: Installation, vm: ContractsViewModel, text: str, chip: str, column: str) -> None:
    """Search, choose a chip, sort."""
    vm.search(text)
    vm.choose_filter(chip)
    vm.sort_by(column)
    await here.tasks.idle()


async def test_a_view_is_saved_left_and_used_again_after_a_restart(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        vm = here.register()
        assert (vm.views.title, vm.views.differs) == ("All contracts", False)
        await ask(here, vm, "shop", "force", "ends")
        assert (vm.views.title, vm.views.differs) == ("All contracts", True)
        assert vm.views.save("  Shops   by end ") == ""
        assert (vm.views.title, vm.views.place) == ("Shops by end", 0)
        vm.sort_by("title")
        assert (vm.views.title, vm.views.differs) == ("Shops by end", True)
        vm.views.use(-1)
        assert (vm.views.title, vm.views.place) == ("All contracts", -1)
        assert (vm.text, vm.filter, vm.sortColumn, vm.descending) == ("", "all", "changed", True)
        again = here.register()
        assert again.views.names == ["Shops by end"]
        again.views.use(0)
        await here.tasks.idle()
        assert (again.text, again.filter, again.sortColumn, again.descending) == (
            "shop",
            "force",
            "ends",
            False,
        )
        assert [row["key"] for row in again.filters.rows if row["active"]] == ["force"]
        assert (again.views.title, again.views.differs) == ("Shops by end", False)


async def test_a_removed_view_comes_back_by_undo_at_its_place(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        vm = here.register()
        for name, chip in (("Mine", "mine"), ("Drafts", "drafts")):
            vm.choose_filter(chip)
            assert vm.views.save(name) == ""
        vm.views.use(0)
        vm.views.remove()
        assert vm.views.names == ["Drafts"]
        assert vm.filter == "mine"
        assert (vm.views.title, vm.views.differs) == ("All contracts", True)
        assert [view.name for view in read_preferences(here.home).views] == ["Drafts"]
        sentence, label, undo = here.told[-1]
        assert (sentence, label) == ("The view “Mine” is removed.", "Undo")
        cast("Callable[[], None]", undo)()
        assert vm.views.names == ["Mine", "Drafts"]
        assert (vm.views.title, vm.views.differs) == ("Mine", False)
        vm.views.use(-1)
        vm.views.remove()
        assert vm.views.names == ["Mine", "Drafts"]
        await here.tasks.idle()


async def test_an_undo_does_not_take_a_name_that_was_given_again(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        vm = here.register()
        vm.views.save("Mine")
        vm.views.remove()
        undo = cast("Callable[[], None]", here.told[-1][2])
        vm.choose_filter("mine")
        vm.views.save("MINE")
        undo()
        assert vm.views.names == ["MINE"]
        assert here.told[-1][0].startswith("There is a view called “Mine”.")
        await here.tasks.idle()


async def test_a_name_that_can_not_be_given_is_refused_in_words(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        vm = here.register()
        assert vm.views.save("a" * LONGEST_NAME) == ""
        for name, said in (
            ("  ", "Give the view a name."),
            ("all Contracts", "There is a view called “all Contracts”. Choose another name."),
            ("A" * LONGEST_NAME, "There is a view called"),
            ("a" * (LONGEST_NAME + 1), f"A name has at most {LONGEST_NAME} letters."),
        ):
            assert vm.views.save(name).startswith(said)
        vm.search("a" * (LONGEST_SEARCH + 1))
        assert vm.views.save("Long").startswith("The search is too long")
        assert len(read_preferences(here.home).views) == 1
        vm.views.take(Preferences(views=tuple(SavedView(f"{number}") for number in range(MOST_VIEWS))))
        vm.search("")
        assert vm.views.save("One more") == f"There are {MOST_VIEWS} views already. Remove one first."


async def test_a_view_whose_chip_and_sort_are_gone_shows_what_there_is(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        write_preferences(here.home, Preferences(views=(SavedView("Old", "shop", "starred", "colour"),)))
        vm = here.register()
        vm.views.use(0)
        await here.tasks.idle()
        assert (vm.text, vm.filter, vm.sortColumn) == ("shop", "all", "changed")
        assert (vm.views.title, vm.views.differs) == ("Old", True)


async def test_columns_are_left_out_and_shown_again(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        vm = here.register()
        vm.views.toggle("proof")
        vm.views.toggle("other")
        vm.views.toggle("title")
        assert vm.views.hidden == ["other", "proof"]
        assert here.register().views.hidden == ["other", "proof"]
        vm.views.toggle("other")
        assert vm.views.hidden == ["proof"]
        assert read_preferences(here.home).hidden == ("proof",)


async def test_a_home_that_can_not_be_written_is_told_and_nothing_changes(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        vm = here.register()
        vm.views.save("Kept")
        (here.home / (FILE_NAME + ".new")).mkdir()
        assert vm.views.save("Lost").startswith("It could not be kept: ")
        vm.views.toggle("ends")
        vm.views.remove()
        assert [text.partition(":")[0] for text, _, _ in here.told] == ["It could not be kept"] * 2
        assert (vm.views.names, vm.views.hidden) == (["Kept"], [])
        assert (vm.views.title, vm.views.differs) == ("Kept", False)
