"""Merging what two files say of the same logs: the checkpoint that proves most wins, receipts fill gaps (section 8).

A proof cannot be moved to another checkpoint, so what only the other file proved is "not yet logged" until the log
is asked again. A newer checkpoint that comes with fewer proofs must not win: whoever cuts proofs out of a file would
take from everybody else's what they had. Two signed notes of one size that differ are kept: they prove a split view.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from cms_backend.core.checkpoint import (
    Checkpoint,
    VerifierKey,
    b64decode,
    locate_tlog_proof,
    open_note,
    parse_vkey,
)
from cms_backend.core.did import key_of_did
from cms_backend.core.errors import FormError, LogError, SignatureError, UndecidedSignature
from cms_backend.core.evidence_parts import (
    MOST_CONSISTENCY,
    MOST_SECTIONS,
    Consistency,
    LogSection,
    receipt_order,
    statement_order,
)
from cms_backend.core.ids import Did, Digest
from cms_backend.core.inclusion import InclusionVerifier
from cms_backend.core.keys import parse_key
from cms_backend.core.merkle import leaf_hash, verify_consistency
from cms_backend.core.signatures import verify_secured
from cms_backend.core.slots import leaf_data, log_slot
from cms_backend.core.statements import HeadStatement, Secured

_NOBODY: Final[Mapping[str, Did]] = MappingProxyType({})


def statement_holds(statement: Secured) -> bool:
    """The signature holds, or only the account's contract could tell."""
    key = key_of_did(statement.actor)
    try:
        verify_secured(statement.json, parse_key(key or statement.actor))
    except UndecidedSignature:
        return True
    except (SignatureError, FormError):
        return False
    return True


def merge_logs(
    a: Sequence[LogSection],
    b: Sequence[LogSection],
    leaves: Mapping[Digest, bytes],
    notes: frozenset[Digest] = frozenset(),
    named: Mapping[str, Did] = _NOBODY,
) -> tuple[LogSection, ...]:
    """The logs of both, in the order of the longer list.

    `leaves`: leaf hashes of the objects in the file; `notes`: those of them that nothing stands on; `named`: the logs
    that the record's opener names, with their operators, whose HeadStatements come before those of others. Where there
    are more logs than a file may have, the named ones stay.
    """
    longer, other = sorted((a, b), key=lambda one: (-len(one), [section.vkey for section in one]))
    order = list(dict.fromkeys(one.vkey for one in (*longer, *other)))
    if len(order) > MOST_SECTIONS:
        kept = set(sorted(order, key=lambda vkey: vkey not in named)[:MOST_SECTIONS])
        order = [vkey for vkey in order if vkey in kept]
    found: dict[str, list[LogSection]] = {vkey: [] for vkey in order}
    for section in (*a, *b):
        if section.vkey in found:
            found[section.vkey].append(section)
    operators = frozenset(named.values())
    merged = []
    room = MOST_CONSISTENCY
    for vkey, sections in found.items():
        section = _merge(sections, vkey, leaves, notes, operators)
        merged.append(replace(section, consistency=section.consistency[:room]))
        room -= len(merged[-1].consistency)
    return tuple(merged)


def hear(section: LogSection, operator: Did, heads: Iterable[HeadStatement]) -> LogSection:
    """A merged section with the words of its operator alone; of the heads the newest that it signed."""
    statements = tuple(
        one for one in section.statements if one.actor == operator and one.vkey == section.vkey
    )
    unheard = {one.digest for one in section.statements} - {one.digest for one in statements}
    return LogSection(
        vkey=section.vkey,
        statements=statements,
        proofs={digest: text for digest, text in section.proofs.items() if digest not in unheard},
        receipts=tuple(one for one in section.receipts if one.actor == operator),
        consistency=section.consistency,
        head=_newest(one for one in heads if one.actor == operator),
    )


def named_ledgers(logs: Iterable[LogSection]) -> set[tuple[str, str, Digest]]:
    """(chain, address, log id) of the ledgers that statements with a proof name."""
    return {
        (ledger.chain, ledger.ledger, ledger.log_id)
        for section in logs
        for statement in section.statements
        if statement.digest in section.proofs
        for ledger in statement.ledgers
    }


def known_sizes(logs: Iterable[LogSection]) -> set[tuple[int, Digest]]:
    """(size, root) of all checkpoints that a file's logs hold."""
    found: set[tuple[int, Digest]] = set()
    for section in logs:
        vkey = parse_vkey(section.vkey)
        notes = [item.note for item in section.consistency]
        notes += [locate_tlog_proof(text).note for text in section.proofs.values()]
        found |= {(one.size, one.root) for one in (open_note(note, vkey) for note in notes)}
    return found


def _merge(
    sections: list[LogSection],
    vkey: str,
    leaves: Mapping[Digest, bytes],
    notes: frozenset[Digest],
    operators: Collection[Did],
) -> LogSection:
    key = parse_vkey(vkey)
    statements = {
        one.digest: one for section in sections for one in section.statements if statement_holds(one)
    }
    hashes = dict(leaves)
    for one in statements.values():
        hashes[one.digest] = leaf_hash(leaf_data(log_slot(one.number), one.digest))
    verifiers: dict[Checkpoint, InclusionVerifier] = {}
    proven = [
        (checkpoint, digest, text)
        for section in sections
        for digest, text in section.proofs.items()
        if digest in hashes and (checkpoint := _proven(text, key, hashes[digest], verifiers)) is not None
    ]
    main = _main(proven, leaves.keys() - notes)
    proofs: dict[Digest, str] = {}
    for checkpoint, digest, text in sorted(proven, key=lambda one: (one[1], one[2])):
        if checkpoint == main:
            proofs.setdefault(digest, text)
    receipts = {
        one.digest: one
        for section in sections
        for one in section.receipts
        if one.envelope not in proofs and one.envelope in leaves and statement_holds(one)
    }
    return LogSection(
        vkey=vkey,
        statements=tuple(sorted(statements.values(), key=statement_order)),
        proofs={digest: proofs[digest] for digest in sorted(proofs)},
        receipts=tuple(sorted(receipts.values(), key=receipt_order)),
        consistency=() if main is None else _consistency(sections, key, main, proven),
        head=_last_word([one.head for one in sections if one.head is not None], vkey, operators),
    )


def _main(proven: Iterable[_Proven], heavy: Collection[Digest]) -> Checkpoint | None:
    """The checkpoint to which most is proven, `heavy` objects first; of several the newest."""
    first: Counter[Checkpoint] = Counter()
    others: Counter[Checkpoint] = Counter()
    for checkpoint, digest in {(one[0], one[1]) for one in proven}:
        (first if digest in heavy else others)[checkpoint] += 1
    found = first.keys() | others.keys()
    return max(found, key=lambda one: (first[one], others[one], one.size, one.root), default=None)


_Proven = tuple[Checkpoint, Digest, str]


def _proven(
    text: str, key: VerifierKey, hashed: bytes, verifiers: dict[Checkpoint, InclusionVerifier]
) -> Checkpoint | None:
    try:
        proof = locate_tlog_proof(text)
        checkpoint = open_note(proof.note, key)
        if checkpoint not in verifiers:
            verifiers[checkpoint] = InclusionVerifier(checkpoint.size, checkpoint.root.raw)
        verifiers[checkpoint].verify(hashed, proof)
    except LogError:
        return None
    return checkpoint


def _consistency(
    sections: list[LogSection], key: VerifierKey, main: Checkpoint, proven: list[_Proven]
) -> tuple[Consistency, ...]:
    """Proofs that run to the chosen checkpoint, and notes of its own size with another root."""
    found: dict[tuple[int, str], Consistency] = {}
    for section in sections:
        for item in section.consistency:
            if _runs_to(item, key, main):
                found.setdefault(item.order, item)
    for checkpoint, _, text in proven:
        if checkpoint.size == main.size and checkpoint.root != main.root:
            split = Consistency(locate_tlog_proof(text).note, ())
            found[split.order] = split
    return tuple(found[order] for order in sorted(found))


def _runs_to(item: Consistency, key: VerifierKey, main: Checkpoint) -> bool:
    try:
        other = open_note(item.note, key)
        if other.size == main.size:
            return other.root != main.root
        small, large = sorted((main, other), key=lambda one: one.size)
        path = [b64decode(text) for text in item.proof]
        verify_consistency(small.size, large.size, small.root.raw, large.root.raw, path)
    except LogError:
        return False
    return True


def _last_word(heads: Sequence[HeadStatement], vkey: str, operators: Collection[Did]) -> HeadStatement | None:
    """The newest of an operator about this log; of others only where there is none."""
    about = [one for one in heads if one.vkey == vkey]
    return _newest(one for one in about if one.actor in operators) or _newest(about) or _newest(heads)


def _newest(heads: Iterable[HeadStatement]) -> HeadStatement | None:
    return max(
        filter(statement_holds, heads),
        key=lambda one: (one.size, one.occurred_at, one.digest),
        default=None,
    )
