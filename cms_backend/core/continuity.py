"""Does a log keep its word? Its newest checkpoint against one that was seen before (section 6).

A log with two histories is betrayed by two notes that it signed itself: whoever holds both can show them to
anyone. So a reader keeps the last note, and demands of the next one that it continues it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from cms_backend.core.checkpoint import Checkpoint, VerifierKey, open_note, parse_tlog_proof
from cms_backend.core.did import key_of_did
from cms_backend.core.errors import LogError
from cms_backend.core.ids import Did
from cms_backend.core.keys import parse_key
from cms_backend.core.merkle import leaf_hash, verify_consistency, verify_inclusion
from cms_backend.core.signatures import verify_secured
from cms_backend.core.slots import leaf_data, log_slot
from cms_backend.core.statements import LogStatement


class Continuity(StrEnum):
    """How a checkpoint stands to an earlier one of the same log."""

    same = "same"
    grown = "grown"
    shrunk = "shrunk"
    """It has fewer leaves: what was shown before is gone, or hidden."""
    split_view = "split"
    """It does not begin with what was shown before, as far as the log can prove."""


def compare(before: Checkpoint, now: Checkpoint, proof: Sequence[bytes] = ()) -> Continuity:
    """How `now` stands to `before`, both signed by one log (RFC 9162, section 2.1.4).

    `proof`: the log's consistency proof from the smaller size to the larger, hashes of 32 bytes; one that leads to
    other roots is `split`. Sizes alone tell `shrunk`, and roots `same`; they need none. LogError when the two are
    not of one log, which says nothing of either.
    """
    if before.origin != now.origin:
        raise LogError(f"{before.origin} and {now.origin} are two logs.")
    if now.size < before.size:
        return Continuity.shrunk
    if now.size == before.size:
        return Continuity.same if now.root == before.root else Continuity.split_view
    try:
        verify_consistency(before.size, now.size, before.root.raw, now.root.raw, proof)
    except LogError:
        return Continuity.split_view
    return Continuity.grown


def check_succession(
    statement: LogStatement, proof: str, *, before: VerifierKey, operator: Did, now: VerifierKey
) -> None:
    """Raise unless the operator of the log `before` has named `now` as its next key, in that log itself.

    `proof`: the tlog-proof text of the statement, to a note of the old key. LogError when it is about other keys, by
    somebody else, or not in the log; SignatureError when it is not signed.
    """
    named = (statement.actor, statement.vkey, statement.successor)
    if named != (operator, before.text, now.text):
        raise LogError("The statement does not name this log's next key in its operator's name.")
    verify_secured(statement.json, parse_key(key_of_did(operator) or operator))
    found = parse_tlog_proof(proof)
    checkpoint = open_note(found.note, before)
    leaf = leaf_hash(leaf_data(log_slot(statement.number), statement.digest))
    verify_inclusion(leaf, found.index, checkpoint.size, found.path, checkpoint.root.raw)
