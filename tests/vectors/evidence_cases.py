"""What the makers of evidence vectors share: a case, and files with something taken out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cms_backend.core.evidence import Evidence
from cms_backend.core.ids import Digest
from cms_backend.core.verify import LedgerFacts, Trust
from tests.support.verify_world import World

Case = tuple[Evidence, LedgerFacts, Trust, World]
"""A file, what the verifier knows beside it, and the world that it is from."""


def case(world: World, evidence: Evidence | None = None, **facts: Any) -> Case:
    tail = facts.pop("tail", False)
    head = facts.pop("head", False)
    held = world.evidence(head=head) if evidence is None else evidence
    return held, world.facts(tail=tail, **facts), world.trust, world


def cut(evidence: Evidence, *gone: Digest, proofs: bool = True) -> Evidence:
    logs = tuple(
        replace(log, proofs={key: text for key, text in log.proofs.items() if not proofs or key not in gone})
        for log in evidence.logs
    )
    kept = tuple(one for one in evidence.envelopes if one.digest not in gone)
    return replace(evidence, envelopes=kept, logs=logs)


def strip(evidence: Evidence, *gone: Digest, log: int | None = None) -> Evidence:
    """The file without the inclusion proofs of these objects, which stay; in one section only if `log` says so."""
    logs = tuple(
        replace(section, proofs={key: text for key, text in section.proofs.items() if key not in gone})
        if log in (None, ordinal)
        else section
        for ordinal, section in enumerate(evidence.logs)
    )
    return replace(evidence, logs=logs)


def with_events(evidence: Evidence, *events: Any) -> Evidence:
    """The file with more events."""
    return replace(
        evidence, envelopes=tuple(sorted((*evidence.envelopes, *events), key=lambda one: one.digest))
    )
