"""All leaves of the backend's log for the tail check: whether anything came after what a file holds (section 9)."""

from __future__ import annotations

import asyncio
from typing import Final

from cms_backend.core.checkpoint import b64encode, open_note, parse_vkey
from cms_backend.core.errors import CmsError
from cms_backend.core.evidence import Evidence
from cms_backend.core.verify import LogFacts
from cms_desktop.api.client import Client

MOST_LEAVES: Final = 20_000
"""A longer log is not read whole for one file (some 2 MB); its operator's statement has to do."""
_AT_ONCE: Final = 5_000


async def read_log_facts(evidence: Evidence, client: Client) -> tuple[LogFacts, ...]:
    """The newest note and all leaves of the backend's log, if the file has a part in it. Nothing when it is silent.

    The leaves are not compared with the note here: the verification does that, and takes none that do not fit.
    """
    try:
        vkey = parse_vkey(str((await client.log_info()).get("vkey")))
        if all(section.vkey != vkey.text for section in evidence.logs):
            return ()
        note = await client.checkpoint()
        size = open_note(note, vkey).size
        if size > MOST_LEAVES:
            return ()
        parts = await asyncio.gather(
            *(client.leaves(start, min(start + _AT_ONCE, size)) for start in range(0, size, _AT_ONCE))
        )
    except CmsError:
        return ()
    return (LogFacts(note, tuple(b64encode(leaf) for part in parts for leaf in part)),)
