"""A list that changes in place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex

from cms_desktop.models.rows import FIRST_ROLE, RowsModel
from cms_desktop.presentation.paper import escape


def rows(*keys: str, text: str = "") -> list[dict[str, object]]:
    return [{"key": key, "text": text} for key in keys]


def shown(model: RowsModel) -> list[object]:
    return [model.data(model.index(place), FIRST_ROLE) for place in range(model.rowCount())]


def test_a_row_that_only_changed_is_not_removed() -> None:
    model = RowsModel(("key", "text"))
    model.set_rows(rows("a", "b", "c"))
    removed: list[int] = []
    changed: list[int] = []
    model.rowsRemoved.connect(lambda _parent, first, _last: removed.append(first))
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    model.set_rows([*rows("a"), *rows("b", text="new"), *rows("c")])
    assert removed == []
    assert changed == [1]


def test_a_row_taken_out_of_the_middle_leaves_its_neighbours_alone() -> None:
    model = RowsModel(("key", "text"))
    model.set_rows(rows("a", "b", "c"))
    removed: list[tuple[int, int]] = []
    model.rowsRemoved.connect(lambda _parent, first, last: removed.append((first, last)))
    model.set_rows(rows("a", "c"))
    assert removed == [(1, 1)]
    assert shown(model) == ["a", "c"]


def test_a_moved_row_travels_without_being_removed() -> None:
    model = RowsModel(("key", "text"))
    model.set_rows(rows("a", "b", "c"))
    removed: list[int] = []
    model.rowsRemoved.connect(lambda *_: removed.append(1))
    model.move(0, 2)
    assert shown(model) == ["b", "c", "a"]
    model.move(2, 0)
    assert shown(model) == ["a", "b", "c"]
    assert removed == []


def test_the_roles_have_the_names_that_delegates_ask_for() -> None:
    model = RowsModel(("key", "text"))
    assert [name.data().decode() for name in model.roleNames().values()] == ["key", "text"]
    assert model.data(QModelIndex(), FIRST_ROLE) is None


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.lists(st.sampled_from("abcdef"), unique=True))
def test_any_list_can_follow_any_other(before: list[str], after: list[str]) -> None:
    model = RowsModel(("key", "text"))
    model.set_rows(rows(*before))
    model.set_rows(rows(*after))
    assert shown(model) == after
    assert model.rowCount() == len(after)


# --- A24: what strangers write cannot hide or reorder anything in the window --------------------------------

TRICKS = (
    "1\N{ZERO WIDTH SPACE}00",
    "fee\N{RIGHT-TO-LEFT OVERRIDE}001",
    "soft\N{SOFT HYPHEN}ware",
    "a\u2060b",
)


@pytest.mark.parametrize("text", TRICKS)
def test_rows_and_paper_write_out_what_cannot_be_seen(text: str) -> None:
    model = RowsModel(("key", "text"))
    model.set_rows(rows("1", text=text))
    for seen in (str(model.rows[0]["text"]), escape(text)):
        assert "[U+" in seen
        assert seen.isascii()


@pytest.mark.parametrize("text", ["Müller & Söhne", "日本語の契約", "€ 18,400"])
def test_honest_letters_stay_as_they_are(text: str) -> None:
    model = RowsModel(("key", "text"))
    model.set_rows(rows("1", text=text))
    assert model.rows[0]["text"] == text


def test_rows_that_a_person_edits_keep_every_letter() -> None:
    model = RowsModel(("key", "text"), exact=True)
    model.set_rows(rows("1", text=TRICKS[0]))
    assert model.rows[0]["text"] == TRICKS[0]


def test_a_row_is_one_line_and_only_prose_has_more() -> None:
    text = "Lending\nState: in\u00a0force\tnow"
    model = RowsModel(("key", "title", "text"), prose=("text",))
    model.set_rows([{"key": "1", "title": text, "text": text + "\u3164"}])
    assert model.rows[0]["title"] == "Lending[U+000A]State: in[U+00A0]force[U+0009]now"
    assert model.rows[0]["text"] == text + "[U+3164]"
