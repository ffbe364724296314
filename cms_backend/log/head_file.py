"""``log-head.json``: origin, size and root of the newest published checkpoint, kept beside the database.

It is written before a checkpoint is shown to anybody, so a database that holds less than this file says has
been put back. The file is there from before the log's first row: when it is missing, it was taken away.
"""

from dataclasses import dataclass
from pathlib import Path

import orjson

from cms_backend.core.errors import CmsError
from cms_backend.core.ids import Digest
from cms_backend.db.files import write_private

NAME = "log-head.json"


class HeadNotKept(CmsError):
    """The newest head is committed, but not published: it could not be kept beside the database."""

    code = "log.head-not-kept"
    status = 503


@dataclass(frozen=True, slots=True)
class Head:
    """What was published last. The root has 32 bytes."""

    origin: str
    size: int
    root: bytes


def read(path: Path) -> Head | str:
    """The head, or why it is not known, in words that go on with "log-head.json"."""
    try:
        body = orjson.loads(path.read_bytes())
        origin, size, root = body["origin"], body["size"], Digest.parse(body["root"]).raw
        if not isinstance(origin, str) or type(size) is not int or size < 0:
            raise ValueError(size)
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    except (ValueError, KeyError, TypeError, CmsError):
        return "cannot be read: it is damaged"
    return Head(origin, size, root)


def write(path: Path, head: Head) -> None:
    """Keep a head durably. Raises HeadNotKept."""
    body = {"origin": head.origin, "size": head.size, "root": head.root.hex()}
    try:
        write_private(path, orjson.dumps(body))
    except OSError as error:
        raise HeadNotKept(
            f"The log's head could not be written to {path}: {error.strerror}.",
            remedy="Check the data folder's disk. What was accepted is kept, and is published later.",
        ) from error
