import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

from cms_backend.core.errors import EvidenceError
from cms_backend.core.evidence import MAX_FILE
from cms_backend.report.pdf import (
    MEDIA_TYPE,
    attachment_name,
    certificate_view,
    extract_evidence,
    render_pdf,
)
from tests.support.report_samples import altered, party, pending, report, row

EVIDENCE = '{"format":"cmsproof/1","title":"Vertrag über Wartung"}'.encode()


def text_of(pdf: bytes) -> str:
    return " ".join(word for page in PdfReader(io.BytesIO(pdf)).pages for word in page.extract_text().split())


def test_the_evidence_comes_out_of_the_certificate_byte_for_byte() -> None:
    assert extract_evidence(render_pdf(report(), EVIDENCE)) == EVIDENCE


def test_equal_input_gives_equal_bytes() -> None:
    assert render_pdf(report(), EVIDENCE) == render_pdf(report(), EVIDENCE)


def test_the_certificate_says_what_the_report_says() -> None:
    text = text_of(render_pdf(report(), EVIDENCE))
    for part in (
        "Verified. Everyone signed",
        "Services agreement",
        "Katrin Ostermann",
        "Witnessed",
        "TOTAL-PASSED",
        "1 of 1",
    ):
        assert part in text


def test_a_did_can_be_copied_from_it() -> None:
    text = text_of(render_pdf(report(), EVIDENCE))
    assert "\u200b" not in text
    assert str(report().parties[0].did)[:28] in text


def test_it_is_pdf_a_3_with_tags_language_and_the_kind_of_its_attachment() -> None:
    reader = PdfReader(io.BytesIO(render_pdf(report(), EVIDENCE)))
    metadata = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    attachment = reader.trailer["/Root"]["/AF"][0].get_object()
    assert attachment["/AFRelationship"] == "/Source"
    assert attachment["/EF"]["/F"].get_object()["/Subtype"] == "/" + MEDIA_TYPE


def test_a_failed_and_a_pending_contract_have_certificates_of_their_own() -> None:
    assert "Altered." in text_of(render_pdf(altered(), EVIDENCE))
    assert "Still awaited: Idris Calloway." in text_of(render_pdf(pending(), EVIDENCE))


def test_a_text_that_looks_like_typesetting_is_only_text() -> None:
    evil = '#panic("x") $x$ *b* _i_ @ref <label> `code` \\ #pdf.attach("a","b")'
    pdf = render_pdf(report(title=evil, parties=(party(0, name=evil),)), EVIDENCE)
    assert "#panic" in text_of(pdf)
    assert extract_evidence(pdf) == EVIDENCE


def test_letters_of_other_scripts_do_not_stop_the_certificate() -> None:
    rare = "Договор 契約 عقد Σύμβαση 😀 \U00010380"
    text = text_of(render_pdf(report(title=rare, parties=(party(0, name="日本太郎"),)), EVIDENCE))
    assert "Договор" in text
    assert "Σύμβαση" in text
    assert "契約" in text or "[U+5951]" in text


def test_a_long_history_keeps_its_ends_and_says_what_lies_between() -> None:
    events = tuple(row(number % 6) for number in range(1000))
    view = certificate_view(report(events=events), "a.cmsproof")
    assert len(view["timeline"]["rows"]) == 60
    assert view["timeline"]["rows"][-1]["number"] == "999"
    assert view["timeline"]["more"] == "940 events between these are in the evidence file."
    assert len(PdfReader(io.BytesIO(render_pdf(report(events=events), EVIDENCE))).pages) > 1


def test_a_file_that_is_no_text_gets_no_certificate() -> None:
    with pytest.raises(EvidenceError):
        render_pdf(report(), b"\xff\xfe")


def _pdf(*attachments: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for name in attachments:
        writer.add_attachment(name, EVIDENCE)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.mark.parametrize(
    "pdf",
    [b"", b"%PDF-1.7", b"no pdf at all", _pdf(), _pdf("notes.txt"), _pdf("a.cmsproof", "b.cmsproof")],
    ids=["empty", "cut", "other", "none", "foreign", "two"],
)
def test_a_pdf_without_exactly_one_evidence_file_is_refused(pdf: bytes) -> None:
    with pytest.raises(EvidenceError) as caught:
        extract_evidence(pdf)
    assert caught.value.check == "FILE-PARSE"


def test_a_foreign_pdf_with_one_evidence_file_is_read() -> None:
    assert extract_evidence(_pdf("x.cmsproof", "notes.txt")) == EVIDENCE


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Vertr\u00e4ge 2026.cmsproof", "Vertr\u00e4ge 2026.cmsproof"),
        ("\u5951\u7d04.cmsproof", "\u5951\u7d04.cmsproof"),
        (
            "\u0414\u043e\u0433\u043e\u0432\u043e\u0440 (1).cmsproof",
            "\u0414\u043e\u0433\u043e\u0432\u043e\u0440 (1).cmsproof",
        ),
        ("a\u0308.cmsproof", "\u00e4.cmsproof"),
        ("C\\:evil/../name\n.CMSPROOF", "C__evil_.._name_.cmsproof"),
        ("certificate.pdf", "certificate.pdf.cmsproof"),
        ("not text \udcff.cmsproof", "not text _.cmsproof"),
        ("..cmsproof", "contract.cmsproof"),
        ("", "contract.cmsproof"),
        ("\U0001f600" * 300 + ".cmsproof", "\U0001f600" * 100 + ".cmsproof"),
    ],
)
def test_a_file_of_any_name_comes_out_of_its_certificate(name: str, inside: str) -> None:
    assert attachment_name(name) == inside
    pdf = render_pdf(report(), EVIDENCE, name)
    assert inside in PdfReader(io.BytesIO(pdf)).attachments
    assert extract_evidence(pdf) == EVIDENCE


def _with_file(names: dict[str, str], contents: dict[str, bytes]) -> bytes:
    """A PDF with one embedded file of these names (F, UF) and contents (F, UF)."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment(next(iter(names.values())), b"")
    (file,) = writer.attachment_list
    streams = DictionaryObject()
    for name, data in contents.items():
        stream = StreamObject()
        stream.set_data(data)
        streams[NameObject(name)] = writer._add_object(stream.flate_encode())
    file.pdf_object[NameObject("/EF")] = streams
    for key, text in names.items():
        file.pdf_object[NameObject(key)] = TextStringObject(text)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize("name", ["/F", "/UF"])
def test_either_name_of_an_embedded_file_tells_that_it_is_evidence(name: str) -> None:
    names = {"/F": "x.bin", "/UF": "x.bin", name: "\u5951.CMSPROOF"}
    assert extract_evidence(_with_file(names, {"/F": EVIDENCE, "/UF": EVIDENCE})) == EVIDENCE


def test_a_file_that_is_another_for_other_readers_is_refused() -> None:
    names = {"/F": "a.cmsproof", "/UF": "a.cmsproof"}
    with pytest.raises(EvidenceError, match="holds 2 evidence files"):
        extract_evidence(_with_file(names, {"/F": EVIDENCE, "/UF": EVIDENCE + b" "}))


def test_evidence_is_taken_out_up_to_the_size_of_a_file_and_a_bomb_is_not() -> None:
    names = {"/F": "a.cmsproof", "/UF": "a.cmsproof"}
    large = bytes(80_000_000)
    assert extract_evidence(_with_file(names, {"/F": large})) == large
    bomb = _with_file(names, {"/F": bytes(MAX_FILE + 1)})
    assert len(bomb) < 1_000_000
    with pytest.raises(EvidenceError, match="cannot be read"):
        extract_evidence(bomb)
