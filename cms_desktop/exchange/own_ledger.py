"""Which ledgers are this computer's, told without its backend: those that its own log's operator has named in a file.

Only the words depend on it: an anchor on a ledger of this computer that was not asked is "not checked", one on a ledger
that this computer has nothing to do with is "of another computer".
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import orjson

from cms_backend.core.checkpoint import embedded_origin, parse_vkey
from cms_backend.core.errors import CmsError
from cms_backend.core.evidence import Evidence
from cms_backend.core.merge_logs import statement_holds
from cms_backend.core.verify import OwnLedger
from cms_desktop.files import read_whole

HEAD_FILE: Final = "log-head.json"
"""The backend writes it into the data folder with each checkpoint: its member `origin` names the log."""
_MOST: Final = 64 * 1024


def own_ledgers(evidence: Evidence, home: Path) -> tuple[OwnLedger, ...]:
    """The ledgers on which the log of this data folder is anchored, as far as the file says so. Blocking."""
    origin = _own_origin(home)
    if origin is None:
        return ()
    found = {
        OwnLedger(ledger.chain, ledger.genesis_block)
        for section in evidence.logs
        if _is_log(section.vkey, origin)
        for statement in section.statements
        if statement_holds(statement)
        for ledger in statement.ledgers
    }
    return tuple(sorted(found, key=lambda ledger: (ledger.chain, ledger.genesis_block)))


def _own_origin(home: Path) -> str | None:
    try:
        raw = orjson.loads(read_whole(home / HEAD_FILE, most=_MOST))
    except (OSError, ValueError):
        return None
    origin = raw.get("origin") if isinstance(raw, dict) else None
    return origin if isinstance(origin, str) else None


def _is_log(text: str, origin: str) -> bool:
    """Whether a verifier key is that of the log with this origin. Anybody can take the name of a log; the name of an
    embedded log holds the digest of its key (protocol, section 6).
    """
    try:
        vkey = parse_vkey(text)
    except CmsError:
        return False
    return vkey.name == origin == embedded_origin(vkey.public)
