"""An evidence file as a backend gives it, completed with what this computer has verified and the file lacks.

Receipts among it: they are evidence against the log's operator (section 6).
"""

from __future__ import annotations

from cms_backend.core.canonical import parse
from cms_backend.core.checkpoint import parse_vkey
from cms_backend.core.document import SealedDocument
from cms_backend.core.errors import CmsError
from cms_backend.core.events import Envelope
from cms_backend.core.evidence import Evidence
from cms_backend.core.evidence_parts import LogSection
from cms_backend.core.ids import ContractId
from cms_backend.core.merge import merge
from cms_backend.core.statements import KeyEnd, Receipt
from cms_desktop.api.memory import Memory
from cms_desktop.workflow.checking import log_names


def completed(data: bytes, contract: ContractId, memory: Memory) -> bytes:
    """The file, merged with what it lacks; itself when it lacks nothing, or is no file of this contract. Blocking."""
    known = memory.recall(contract)
    receipts = memory.receipts(contract)
    try:
        given = Evidence.from_bytes(data)
        lacking = _lacking(given, contract, memory, receipts)
        if lacking is None or given.contract != contract or known.genesis not in (None, given.genesis):
            return data
        return merge(given, lacking).to_bytes()
    except CmsError:
        return data  # what is wrong with it is told by its verification


def _lacking(
    given: Evidence, contract: ContractId, memory: Memory, receipts: tuple[Receipt, ...]
) -> Evidence | None:
    known = memory.recall(contract).objects
    here = {one.event_digest for one in given.envelopes} | {one.digest for one in given.key_ends}
    here |= {one.ref.root for one in given.documents if isinstance(one, SealedDocument)}
    events: list[Envelope] = []
    ends: list[KeyEnd] = []
    texts: list[SealedDocument] = []
    for one in known.values():
        body = None if one.identity in here else memory.body(contract, one.digest)
        if not body:
            continue
        raw = parse(body, limit=len(body))
        if one.kind == "event":
            events.append(Envelope.from_json(raw))
        elif one.kind == "key end":
            ends.append(KeyEnd.from_json(raw))
        else:
            texts.append(SealedDocument.from_json(raw))
    held = {(section.vkey, one.envelope) for section in given.logs for one in section.receipts}
    proven = {digest for section in given.logs for digest in section.proofs}
    sections = []
    for log in log_names((*given.envelopes, *events)):
        missing = tuple(
            one
            for one in receipts
            if (one.actor, one.origin) == (log.operator, parse_vkey(log.vkey).name)
            and one.envelope not in proven
            and (log.vkey, one.envelope) not in held
        )
        sections.append(LogSection(log.vkey, receipts=missing))
    if not events and not ends and not texts and not any(one.receipts for one in sections):
        return None
    return Evidence(
        contract=given.contract,
        genesis=given.genesis,
        documents=tuple(texts),
        envelopes=tuple(events),
        key_ends=tuple(ends),
        logs=tuple(sections),
    )
