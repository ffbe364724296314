"""What was dropped on the window: an evidence file, our certificate that carries one inside, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cms_backend.core.errors import CmsError, EvidenceError
from cms_backend.core.evidence import MAX_FILE
from cms_desktop.files import read_whole, spoken


@dataclass(frozen=True, slots=True)
class Dropped:
    """The evidence, and the file that it came from."""

    data: bytes
    name: str
    size: int


def read(path: Path) -> Dropped:
    """The evidence in a file. EvidenceError with words for a person when there is none. Blocking."""
    try:
        data = read_whole(path, most=MAX_FILE)
    except OSError as error:
        raise EvidenceError(f"{path.name} could not be read. {spoken(error)}", check="FILE-PARSE") from error
    if data.startswith(b"%PDF-"):
        return Dropped(_inside(data, path.name), path.name, len(data))
    return Dropped(data, path.name, len(data))


def _inside(data: bytes, name: str) -> bytes:
    from cms_backend.report.pdf import extract_evidence  # as in exporting.render

    try:
        return extract_evidence(data)
    except CmsError as error:
        raise EvidenceError(f"{name}: {error.detail}", check="FILE-PARSE", remedy=error.remedy) from error
