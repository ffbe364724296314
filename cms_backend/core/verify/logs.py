"""Step 7: checkpoints, inclusion proofs, slots and consistency of the contract's logs."""

from __future__ import annotations

from operator import itemgetter

from cms_backend.core.checkpoint import (
    Checkpoint,
    VerifierKey,
    b64decode,
    locate_tlog_proof,
    open_note,
    parse_vkey,
)
from cms_backend.core.errors import LogError
from cms_backend.core.events import Action
from cms_backend.core.ids import Digest
from cms_backend.core.inclusion import InclusionVerifier
from cms_backend.core.merkle import leaf_hash, verify_consistency
from cms_backend.core.report_model import Verdict
from cms_backend.core.slots import key_slot, leaf_data, log_slot, note_slot, slot_of
from cms_backend.core.verify.findings import FAILED, PASSED, Findings, LogView

Slots = dict[Digest, tuple[Digest, bool]]
"""The slot of every object in the file, and whether it may hold one leaf only."""


def check_section(findings: Findings, view: LogView, slots: Slots) -> None:
    """LOG-NOTE, LOG-INCLUSION, LOG-SLOT, LOG-CONSISTENT of one of the contract's logs; fills the view."""
    vkey = parse_vkey(view.vkey)
    _check_proofs(findings, view, vkey, slots)
    _check_consistency(findings, view, vkey)
    _check_slots(findings, view, slots)


def _check_slots(findings: Findings, view: LogView, slots: Slots) -> None:
    if len({slots[digest][0] for digest in view.proven}) == len(view.proven):
        return  # no two leaves share a slot: nothing is left to put in order
    taken: dict[Digest, Digest] = {}
    for digest, _ in sorted(view.proven.items(), key=itemgetter(1)):
        slot, single = slots[digest]
        first = taken.setdefault(slot, digest) if single else digest
        if first != digest:
            findings.add("LOG-SLOT", FAILED, digest, expected=first, found=digest)


def slots_of(findings: Findings) -> Slots:
    """The slots of events, KeyEnds and LogStatements, by digest."""
    genesis = findings.evidence.genesis
    slots: Slots = {}
    for envelope in findings.events:
        if envelope.action is Action.commented:
            slot: Digest | None = note_slot(genesis, envelope.sequence, envelope.digest)
        else:
            slot = slot_of(envelope, genesis)
        if slot is not None:
            slots[envelope.digest] = slot, True
    for end in findings.evidence.key_ends:
        slots[end.digest] = key_slot(end.key), False
    for section in findings.evidence.logs:
        for statement in section.statements:
            slots[statement.digest] = log_slot(statement.number), True
    return slots


def _check_proofs(findings: Findings, view: LogView, vkey: VerifierKey, slots: Slots) -> None:
    verifier: InclusionVerifier | None = None
    opened: str | None = None
    placeless = {one.digest for one in findings.evidence.envelopes} - slots.keys()
    for digest, text in view.section.proofs.items():
        slot = slots.get(digest)
        if slot is None:
            if digest in placeless:
                # A decision that speaks as no party, or an event of another contract: no leaf can be its own.
                findings.add("LOG-INCLUSION", FAILED, digest, found="This event has no place in the log.")
            elif digest not in findings.broken:
                findings.add(
                    "LOG-INCLUSION",
                    FAILED,
                    counts_as=Verdict.incomplete,
                    expected=digest,
                    found="The log holds an event of this contract that the file lacks.",
                )
            continue
        try:
            proof = locate_tlog_proof(text)
            if opened is None or not proof.is_under(opened):
                checkpoint = _open(findings, view, proof.note, vkey)
                if checkpoint is None:
                    continue
                opened = proof.note
                if verifier is None:
                    verifier = InclusionVerifier(checkpoint.size, checkpoint.root.raw)
            if verifier is None:
                continue
            verifier.verify(leaf_hash(leaf_data(slot[0], digest)), proof)
        except LogError as error:
            root = None if view.checkpoint is None else view.checkpoint.root
            findings.add("LOG-INCLUSION", FAILED, digest, expected=root, found=error.detail)
        else:
            view.proven[digest] = proof.index
            if digest not in findings.lean:
                findings.add("LOG-INCLUSION", PASSED, digest, expected=view.sizes[verifier.size])


def _open(findings: Findings, view: LogView, note: str, vkey: VerifierKey) -> Checkpoint | None:
    """Verify the note that the proofs run to; all of a log's run to one checkpoint."""
    try:
        checkpoint = open_note(note, vkey)
    except LogError as error:
        findings.add("LOG-NOTE", FAILED, expected=vkey.text, found=error.detail)
        return None
    if view.checkpoint is None:
        view.checkpoint = checkpoint
        view.sizes[checkpoint.size] = checkpoint.root
        findings.add("LOG-NOTE", PASSED, expected=vkey.name, found=f"{vkey.name}, {checkpoint.size} entries")
    elif checkpoint != view.checkpoint:
        raise LogError("The proofs of one log run to two checkpoints.")
    return checkpoint


def _check_consistency(findings: Findings, view: LogView, vkey: VerifierKey) -> None:
    main = view.checkpoint
    for item in view.section.consistency:
        try:
            other = open_note(item.note, vkey)
        except LogError as error:
            findings.add("LOG-NOTE", FAILED, expected=vkey.text, found=error.detail)
            continue
        if main is None:
            continue
        small, large = sorted((main, other), key=lambda one: one.size)
        try:
            path = [b64decode(text) for text in item.proof]
            verify_consistency(small.size, large.size, small.root.raw, large.root.raw, path)
        except LogError as error:
            findings.add("LOG-CONSISTENT", FAILED, expected=main.root, found=error.detail)
        else:
            view.sizes[other.size] = other.root
            findings.add(
                "LOG-CONSISTENT", PASSED, expected=main.root, found=f"{small.size} to {large.size} entries"
            )
