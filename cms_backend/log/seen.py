"""What this computer's clients have seen of the log: signed notes in ``logs-seen``, read only.

The folder is the clients'. Any file in it that is a note (C2SP tlog-checkpoint) under this log's own key is
the log's own word, whoever put it there; everything else is passed over.
"""

from collections.abc import Iterator
from pathlib import Path

from cms_backend.core.checkpoint import Checkpoint, VerifierKey, open_note
from cms_backend.core.errors import CmsError

FOLDER = "logs-seen"
_MOST_BYTES = 64 * 1024


def own_notes(home: Path, vkey: VerifierKey) -> list[Checkpoint]:
    """The checkpoints of this key that were seen, by size; none where nothing can be read."""
    return sorted(_found(home / FOLDER, vkey), key=lambda seen: seen.size)


def _found(folder: Path, vkey: VerifierKey) -> Iterator[Checkpoint]:
    try:
        paths = [path for path in folder.glob("*.note") if path.is_file()]
    except OSError:
        return
    for path in paths:
        try:
            if path.stat().st_size <= _MOST_BYTES:
                yield open_note(path.read_text("utf-8"), vkey)
        except (OSError, UnicodeDecodeError, CmsError):
            continue
