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
from cms_backend.core.evidence import LogSection
from cms_backend.core.ids import Did, Digest
from cms_backend.core.inclusion import InclusionVerifier
from cms_backend.core.merkle import leaf_hash, verify_consistency
from cms_backend.core.report_model import Verdict
from cms_backend.core.slots import key_slot, leaf_data, log_slot, note_slot, slot_of
from cms_backend.core.verify.findings import FAILED, PASSED, Findings, LogView, Place


def check_logs(findings: Findings) -> None:
    """LOG-NOTE, LOG-INCLUSION, LOG-SLOT, LOG-CONSISTENT; fills `logs` and `places`."""
    slots = _slots(findings)
    for ordinal, section in enumerate(findings.evidence.logs):
        operator = _operator_of(findings, ordinal, section.vkey)
        view = LogView(section.vkey, operator)
        findings.logs.append(view)
        if operator is None:
            findings.add(
                "LOG-NOTE", FAILED, found="No event of the contract names this log.", expected=section.vkey
            )
            continue
        vkey = parse_vkey(section.vkey)
        _check_proofs(findings, view, ordinal, section, vkey, slots)
        _check_consistency(findings, view, section, vkey)
    _check_slots(findings, slots)
    created = findings.created
    if created is not None and created.details["log"] is None:
        # A section that nothing proven leads to must not make unlogged what was agreed without a log.
        findings.has_log = any(
            one.action is Action.moved
            and one.digest in findings.places
            and one.digest not in findings.unsigned
            for one in findings.evidence.envelopes
        )


def _check_slots(findings: Findings, slots: dict[Digest, tuple[Digest, bool]]) -> None:
    places = findings.places
    leaves = {(place.log, slots[digest][0]) for digest, place in places.items()}
    if len(leaves) == len(places):
        return  # no two leaves share a slot: nothing is left to put in order
    taken: dict[tuple[int, Digest], Digest] = {}
    for digest, place in sorted(places.items(), key=itemgetter(1)):
        slot, single = slots[digest]
        first = taken.setdefault((place.log, slot), digest) if single else digest
        if first != digest:
            findings.add("LOG-SLOT", FAILED, digest, expected=first, found=digest)


def _slots(findings: Findings) -> dict[Digest, tuple[Digest, bool]]:
    """The slot of every object in the file, and whether it may hold one leaf only."""
    genesis = findings.evidence.genesis
    slots: dict[Digest, tuple[Digest, bool]] = {}
    for envelope in findings.evidence.envelopes:
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


def _operator_of(findings: Findings, ordinal: int, vkey: str) -> Did | None:
    """The operator of a log: named by `created`, by a LogStatement of the log before it, or by `moved`."""
    created = findings.created
    named = [] if created is None else [(created.details["log"], ordinal == 0)]
    named += [
        (one.details["log"], True)
        for one in findings.evidence.envelopes
        if one.action is Action.moved and one.digest not in findings.unsigned
    ]
    for log, fits in named:
        if fits and log is not None and log["vkey"] == vkey:
            return Did(log["operator"])
    if ordinal == 0:
        return None
    before, operator = findings.evidence.logs[ordinal - 1], findings.logs[ordinal - 1].operator
    for statement in before.statements:
        by_operator = statement.actor == operator and statement.digest not in findings.unsigned
        if by_operator and (statement.vkey, statement.successor) == (before.vkey, vkey):
            return operator
    return None


def _check_proofs(
    findings: Findings,
    view: LogView,
    ordinal: int,
    section: LogSection,
    vkey: VerifierKey,
    slots: dict[Digest, tuple[Digest, bool]],
) -> None:
    verifier: InclusionVerifier | None = None
    opened: str | None = None
    for digest, text in section.proofs.items():
        slot = slots.get(digest)
        if slot is None:
            if digest not in findings.broken:
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
            findings.places[digest] = Place(ordinal, proof.index)
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


def _check_consistency(findings: Findings, view: LogView, section: LogSection, vkey: VerifierKey) -> None:
    main = view.checkpoint
    for item in section.consistency:
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
