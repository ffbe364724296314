"""The certificate: one PDF/A-3 page or more, with the evidence file inside it (ISO 19005-3, PDF/UA-1).

Equal input gives equal bytes: the only time in the file is the report's own. `extract_evidence` reads the
evidence back out of a certificate, which is how one is verified.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import fontpkg
import segno
import typst
from pypdf import PdfReader, apply_configuration
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, EmbeddedFile, StreamObject

from cms_backend.core.errors import CmsError, EvidenceError
from cms_backend.core.evidence import MAX_FILE
from cms_backend.core.report_model import Report
from cms_backend.report.view import View, report_view, seal_of
from cms_backend.resources import resource

ATTACHMENT_SUFFIX: Final = ".cmsproof"
MEDIA_TYPE: Final = "application/vnd.cms.proof+json"
_NOT_IN_NAMES: Final = frozenset('/\\:*?"<>|')
_LONGEST_NAME: Final = 100
_FAMILIES: Final = ("Inter", "Source Serif 4", "JetBrains Mono")
_STANDARDS: Final[list[Literal["a-3a", "ua-1"]]] = ["a-3a", "ua-1"]
_MISSING_LETTER: Final = "could not be displayed"
# Our three fonts have Latin, Greek and Cyrillic letters and the usual signs; all else may lack.
_RARE: Final = re.compile(
    "[^\x00-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u203a\u20a0-\u20bf\u2122\u2190-\u2193]"
)
_MOST_ROWS: Final = 60
_SHORT_TITLES: Final = (
    "The exact text?",
    "Who, with which key?",
    "In order, complete?",
    "When?",
    "Anything since?",
)
_CHECK_IT: Final = {
    "title": "Check this page yourself",
    "text": (
        "The evidence file is inside this PDF. Drop the PDF on the window of any copy of the program, or run "
        "cms verify on it. It needs no account, and no network except to ask the ledger."
    ),
}


class CertificateError(CmsError):
    """The certificate could not be made: a fault of ours, never of the report."""

    code = "report.certificate"


@lru_cache(maxsize=2)
def _compiler(system_fonts: bool) -> typst.Compiler:
    folders = sorted({str(Path(fontpkg.path(family)).parent) for family in _FAMILIES})
    fonts = typst.Fonts(
        include_system_fonts=system_fonts, include_embedded_fonts=False, font_paths=list(folders)
    )
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=not system_fonts)


def render_pdf(report: Report, evidence: bytes, name: str = "contract.cmsproof") -> bytes:
    """The certificate of a report, with the evidence file that it judges under this name inside.

    Letters that our fonts lack are set in a font of this computer, or spelled as [U+5951] when it has none: a
    PDF/A must show every letter. Raises EvidenceError when the file is no text, CertificateError on a fault.
    """
    try:
        text = evidence.decode()
    except UnicodeDecodeError as error:
        raise EvidenceError("The evidence file is no UTF-8 text.", check="FILE-PARSE") from error
    view = json.dumps(certificate_view(report, name), ensure_ascii=False)
    inputs = {
        "seal": resource("report", f"seal-{seal_of(report)}.svg").read_text(),
        "qr": _qr(report),
        "evidence": text,
    }
    made_at = int(report.checked_at.datetime.timestamp())
    attempts = ((view, False), (view, True), (_RARE.sub(_spell, view), False))
    for words, system_fonts in attempts[:-1]:
        try:
            return _typeset({**inputs, "view": words}, made_at, system_fonts)
        except typst.TypstError as error:
            if _MISSING_LETTER not in str(error):
                raise CertificateError(f"The certificate could not be typeset: {error}") from error
    try:
        return _typeset({**inputs, "view": attempts[-1][0]}, made_at, attempts[-1][1])
    except typst.TypstError as error:
        raise CertificateError(f"The certificate could not be typeset: {error}") from error


def _typeset(inputs: dict[str, str], made_at: int, system_fonts: bool) -> bytes:
    pdf = _compiler(system_fonts).compile(
        resource("report", "certificate.typ").read_bytes(),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=[*_STANDARDS],
        timestamp=made_at,
    )
    if not isinstance(pdf, bytes):
        raise CertificateError("The typesetter gave no PDF.")
    return pdf


def _spell(letter: re.Match[str]) -> str:
    return f"[U+{ord(letter.group()):04X}]"


def certificate_view(report: Report, name: str) -> View:
    """Every word of the certificate. Long timelines keep their first and last rows."""
    view = report_view(report)
    rows = view["events"]
    left_out = len(rows) - _MOST_ROWS
    if left_out > 0:
        rows = [*rows[: _MOST_ROWS // 2], *rows[-_MOST_ROWS // 2 :]]
    titles = _SHORT_TITLES if len(view["questions"]) == len(_SHORT_TITLES) else None
    return {
        "title": f"Certificate: {view['subject']['title']}",
        "language": "en",
        "kicker": "Certificate of a contract",
        "headline": view["headline"],
        "failed": view["seal"] == "failed",
        "subject": view["subject"]["title"],
        "line": view["subject"]["line"],
        "open_items": view["open_items"],
        "parties": view["parties"],
        "timeline": {
            "head": ["", "Event", "By", "Claimed time, UTC", "Proven between"],
            "rows": rows,
            "more": f"{left_out:,} events between these are in the evidence file." if left_out > 0 else "",
        },
        "questions": [
            {**question, "title": titles[at] if titles else question["title"]}
            for at, question in enumerate(view["questions"])
        ],
        "facts": view["facts"],
        "check": _CHECK_IT,
        "limits": view["limits"],
        "qr_alt": "QR code of the contract's id and the last envelope's digest",
        "footer": view["made"],
        "etsi": view["etsi"],
        "attachment": {
            "name": attachment_name(name),
            "media_type": MEDIA_TYPE,
            "description": "The evidence that this certificate is about",
        },
    }


def _qr(report: Report) -> str:
    last = report.events[-1].digest if report.events else ""
    picture = io.BytesIO()
    segno.make(f"cms:{report.contract or ''}?last={last}", error="m", micro=False).save(
        picture, kind="svg", border=0, dark="#11151E", xmldecl=False
    )
    return picture.getvalue().decode()


def attachment_name(name: str) -> str:
    """The name under which the evidence of a file lies in its certificate: the file's own, with the ending of evidence
    files, without what a PDF or a system cannot have in a name.
    """
    text = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    stem = text[: -len(ATTACHMENT_SUFFIX)] if text.lower().endswith(ATTACHMENT_SUFFIX) else text
    plain = "".join("_" if letter in _NOT_IN_NAMES or not letter.isprintable() else letter for letter in stem)
    return (plain.strip(". ")[:_LONGEST_NAME] or "contract") + ATTACHMENT_SUFFIX


def extract_evidence(pdf: bytes) -> bytes:
    """The evidence file out of a certificate. EvidenceError (FILE-PARSE) unless there is exactly one.

    An embedded file has up to two names (PDF 2.0, table 43: F for old readers, UF in Unicode) and a stream for each.
    They are one file as long as the bytes are the same; where they differ, two readers would see two files.
    """
    try:
        with apply_configuration(
            zlib_maximum_output_length=MAX_FILE, maximum_declared_stream_length=MAX_FILE
        ):
            found = [
                data for file in PdfReader(io.BytesIO(pdf)).attachment_list for data in _evidence_in(file)
            ]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise EvidenceError("This PDF cannot be read.", check="FILE-PARSE") from error
    if len(found) != 1:
        raise EvidenceError(
            f"This PDF holds {len(found)} evidence files.",
            check="FILE-PARSE",
            remedy="Use a certificate that this program made, or the .cmsproof file itself.",
        )
    return found[0]


def _evidence_in(file: EmbeddedFile) -> list[bytes]:
    """The different contents of an embedded file, when one of its names is that of an evidence file."""
    specification = file.pdf_object
    names = (file.name, specification.get("/F"), specification.get("/UF"))
    if not any(isinstance(name, str) and name.lower().endswith(ATTACHMENT_SUFFIX) for name in names):
        return []
    streams = specification["/EF"].get_object()
    if not isinstance(streams, DictionaryObject):
        return []
    # Both names usually have one stream, which is unpacked once.
    places = {repr(streams.raw_get(name)): streams[name].get_object() for name in streams}
    return list({stream.get_data(): None for stream in places.values() if isinstance(stream, StreamObject)})
