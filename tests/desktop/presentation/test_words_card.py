"""The sheet for recovery words: one page with numbered lines, and never a word of anybody."""

import io

import pytest
from pypdf import PdfReader

from cms_desktop.presentation.words_card import words_card

DID = "did:key:z6Mkqk4GyEqyGuwBtvpdzghA5JWrKwvBpA8FUEyYQGc2bLyp"
SIX = "amber falcon river nine orchard slate"


@pytest.mark.usefixtures("qapp")
def test_the_sheet_has_twelve_numbered_lines_and_says_whose_it_is() -> None:
    reader = PdfReader(io.BytesIO(words_card(DID, SIX)))
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text()
    assert [number for number in range(1, 13) if str(number) in text.split()] == list(range(1, 13))
    # Where a reader sees spaces is a matter of its own.
    assert DID in "".join(text.split())
    assert SIX.replace(" ", "") in "".join(text.split())
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == (595, 842)
