"""An evidence file is taken as it is, or out of the one PDF that holds it."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfWriter

from cms_backend.core.errors import EvidenceError
from cms_desktop.exchange.files import evidence_of


def pdf(**attachments: bytes) -> bytes:
    writer, made = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    for name, data in attachments.items():
        writer.add_attachment(f"{name}.cmsproof", data)
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize("data", [b"", b"{}", b'{"format":"cmsproof/1"}', b" %PDF"])
def test_what_is_no_pdf_is_taken_as_it_is(data: bytes) -> None:
    assert evidence_of(data) == data


def test_the_evidence_comes_out_of_a_pdf_byte_by_byte() -> None:
    assert evidence_of(pdf(contract=b'{"a":1}\n')) == b'{"a":1}\n'


@pytest.mark.parametrize("data", [pdf(), pdf(one=b"1", two=b"2"), b"%PDF-1.7\nnothing more"])
def test_a_pdf_without_one_evidence_file_is_said_to_be_so(data: bytes) -> None:
    with pytest.raises(EvidenceError) as caught:
        evidence_of(data)
    assert caught.value.check == "FILE-PARSE"
