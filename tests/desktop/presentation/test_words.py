"""The words of the window."""

import pytest

from cms_desktop.presentation import words


def test_a_state_is_worded_from_where_this_person_stands() -> None:
    assert words.badge("pending", mine=True) == ("waitingForYou", "Waiting for you")
    assert words.badge("pending", others=True) == ("waitingForOthers", "Waiting for others")
    assert words.badge("pending") == ("proposed", "Proposed")
    assert words.badge("in_force", mine=True) == ("waitingForYou", "Waiting for you")
    assert words.badge("in_force", others=True) == ("active", "In force")


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([3], "clause 3"),
        ([7, 3], "clauses 3 and 7"),
        ([1, 2, 3, 4, 5], "clauses 1 to 5"),
        ([1, 3, 5, 7, 9, 11, 13], "seven clauses"),
    ],
)
def test_clauses_are_named_as_a_person_would(numbers: list[int], expected: str) -> None:
    assert words.clauses(numbers) == expected


def test_a_did_is_shortened_behind_its_method() -> None:
    did = "did:key:z6Mkqk4GyEhN7dX2vQGc2bLypABCDEFGHIJKLMNOP"
    assert words.short_did(did) == "did:key:z6Mkqk4G…KLMNOP"
    assert words.short_did("did:web:example.org") == "did:web:example.org"


def test_initials_are_of_the_first_and_the_last_name() -> None:
    assert words.initials("Katrin Maria Ostermann") == "KO"
    assert words.initials("Idris") == "I"
    assert words.initials("") == ""


def test_a_leaf_path_is_said_as_a_place_in_the_text() -> None:
    assert words.place("/terms/00002", "Fees") == "Clause 3, Fees"
    assert words.place("/title") == "Title"
    assert words.place("") == "The whole text"


def test_lists_and_counts_read_as_sentences() -> None:
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.plural(1, "entry", "entries") == "1 entry"
    assert words.plural(1284, "event") == "1,284 events"
    assert words.number(12) == "twelve"
    assert words.number(13) == "13"
