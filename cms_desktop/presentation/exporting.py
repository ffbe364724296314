"""What is saved to a file: names, forms, and writing that leaves the old file or the whole new one."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from cms_backend.core.canonical import encode
from cms_backend.core.errors import CmsError
from cms_backend.core.report_model import Report
from cms_backend.report.html import render_html
from cms_desktop.files import write_whole


class ExportError(CmsError):
    """The file could not be written."""

    code = "export.not-saved"
    status = 507


def file_name(title: str, kind: str) -> str:
    """`services-agreement-online-shop.pdf`."""
    stem = re.sub(r"[^\w]+", "-", title.casefold()).strip("-")[:60].strip("-") or "contract"
    return f"{stem}.{kind}"


def suggested(title: str, kind: str, revision: int | None = None) -> Path:
    """Where a file is saved at first: the person's documents, else their home."""
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    folder = documents if documents.is_dir() else Path.home()
    return folder / file_name(title if revision is None else f"{title} r{revision}", kind)


def write(path: Path, data: bytes) -> None:
    """All of it or nothing. ExportError with words for a person. Blocking."""
    try:
        write_whole(path, data, mode=0o600)
    except OSError as error:
        raise ExportError(
            f"{path.name} was not saved: {error.strerror}.", remedy="Choose another folder."
        ) from error


def render(kind: str, report: Report, evidence: bytes) -> bytes:
    """The report as `pdf` (evidence inside), `html` or `json`; `cmsproof` is the evidence. Blocking."""
    if kind == "pdf":  # Typst is large: only who asks for a PDF loads it
        from cms_backend.report.pdf import render_pdf

        return render_pdf(report, evidence)
    if kind == "html":
        return render_html(report).encode()
    return encode(report.to_json()) if kind == "json" else evidence
