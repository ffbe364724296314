"""What was dropped on the window: an evidence file, our certificate that carries one inside, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cms_backend.core.errors import CmsError, EvidenceError

LIMIT: Final = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Dropped:
    """The evidence, and the file that it came from."""

    data: bytes
    name: str
    size: int


def read(path: Path) -> Dropped:
    """The evidence in a file. EvidenceError with words for a person when there is none. Blocking."""
    try:
        size = path.stat().st_size
        if size > LIMIT:
            raise EvidenceError(
                f"{path.name} is larger than 256 MB. An evidence file is not.", check="FILE-PARSE"
            )
        data = path.read_bytes()
    except OSError as error:
        raise EvidenceError(
            f"{path.name} could not be read: {error.strerror}.", check="FILE-PARSE"
        ) from error
    if data.startswith(b"%PDF-"):
        return Dropped(_inside(data, path.name), path.name, size)
    return Dropped(data, path.name, size)


def _inside(data: bytes, name: str) -> bytes:
    from cms_backend.report.pdf import extract_evidence  # as in exporting.render

    try:
        return extract_evidence(data)
    except CmsError as error:
        raise EvidenceError(f"{name}: {error.detail}", check="FILE-PARSE", remedy=error.remedy) from error
