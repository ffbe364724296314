"""What is said about a passphrase while it is typed."""

import pytest

from cms_desktop.presentation.strength import strength


@pytest.mark.parametrize(
    ("passphrase", "word", "good"),
    [
        ("", "", False),
        ("kettle", "Too short", False),
        ("aaaaaaaa", "Weak", False),
        ("12345678", "Weak", False),
        ("copper kettle quiet morning", "Fair", True),
        ("copper kettle quiet morning orbit", "Good", True),
        ("copper kettle quiet morning orbit slate", "Strong", True),
    ],
)
def test_more_words_are_called_better(passphrase: str, word: str, good: bool) -> None:
    said = strength(passphrase)
    assert (said["word"], said["good"]) == (word, good)


def test_the_same_word_again_adds_nothing() -> None:
    assert strength("kettle kettle kettle kettle")["word"] == "Weak"
