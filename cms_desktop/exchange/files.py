"""What people hand each other: an evidence file, or a PDF certificate with one inside."""

from __future__ import annotations


def evidence_of(data: bytes) -> bytes:
    """The evidence file in `data`: itself, or taken out of one of our PDFs. EvidenceError when there is none."""
    if not data.startswith(b"%PDF"):
        return data
    from cms_backend.report.pdf import extract_evidence

    return extract_evidence(data)
