"""What people hand each other: an evidence file, or a PDF certificate with one inside."""

from __future__ import annotations

from pathlib import Path

from cms_desktop.files import read_whole


def read_evidence_file(path: Path) -> bytes:
    """The bytes of an evidence file or a certificate: a regular file of at most 256 MiB (protocol, section 8).

    OSError that names the file and says why it is not read. Blocking.
    """
    from cms_backend.core.evidence import MAX_FILE

    return read_whole(path, most=MAX_FILE)


def evidence_of(data: bytes) -> bytes:
    """The evidence file in `data`: itself, or taken out of one of our PDFs. EvidenceError when there is none."""
    if not data.startswith(b"%PDF"):
        return data
    from cms_backend.report.pdf import extract_evidence

    return extract_evidence(data)
