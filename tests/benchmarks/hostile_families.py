"""Families of hostile files: well formed and truly signed, each made to cost as much as it can at one step.

A family takes a number of pieces and gives a file; its size grows with that number, and the work must grow no faster.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from cms_backend.core.canonical import encode
from cms_backend.core.disclosure import DisclosedLeaf, Disclosure
from cms_backend.core.document import DocumentRef
from cms_backend.core.events import Action, Envelope
from cms_backend.core.evidence_parts import AnchorRef
from cms_backend.core.hashing import H, digest_of
from cms_backend.core.ids import Did, Digest
from cms_backend.core.lifecycle_machine import MOST_LOGS
from cms_backend.core.merkle import leaf_hash, node_hash
from cms_backend.core.parties import Attachment
from cms_backend.core.references import BlockRef, CheckpointRef, Seen
from cms_backend.core.signatures import Ed25519Signer
from cms_backend.core.slots import spine_slot
from cms_backend.core.verify.chain import MOST_DOORS
from tests.adversary.made import twin
from tests.support.hostile_record import (
    CHAIN,
    CONTRACT,
    LEDGER,
    OTHER,
    OWNER,
    TWO,
    Record,
    new_log,
    party,
    person,
)

Family = Callable[[int], bytes]
STRANGER: Final = person(2)


def _proposed(record: Record) -> tuple[Envelope, DocumentRef]:
    sealed = record.seal(1, record.created.document.root)
    return record.on(Action.proposed, OWNER, record.created, sealed.ref), sealed.ref


# --- events and texts ---------------------------------------------------------------------------------------------


def rival_proposals(count: int) -> bytes:
    """The owner's proposals on one event, all of one text."""
    record = Record(log=False)
    sealed = record.seal(1, record.created.document.root)
    for _ in range(count):
        record.on(Action.proposed, OWNER, record.created, sealed.ref)
    return record.data()


def lacking_texts(count: int) -> bytes:
    """The owner's proposals, each of a text that the file lacks."""
    record = Record(log=False)
    for at in range(count):
        record.on(Action.proposed, OWNER, record.created, DocumentRef(1, H(f"text {at}"), 9))
    return record.data()


def void_texts(count: int) -> bytes:
    """Proposals of strangers in the log, each with a text of its own."""
    record = Record()
    for at in range(count):
        sealed = record.seal(1, record.created.document.root)
        record.event(Action.proposed, person(10 + at), 1, record.created.digest, sealed.ref, None)
    return record.data()


def nested_forks(count: int) -> bytes:
    """On each proposal of the owner two more, of which one goes on."""
    record = Record(log=False)
    before = record.created
    for at in range(count):
        sealed = record.seal(at + 1, before.document.root, terms=())
        record.on(Action.proposed, OWNER, before, sealed.ref)
        before = record.on(Action.proposed, OWNER, before, sealed.ref)
    return record.data()


def long_chain(count: int) -> bytes:
    """Revisions of the owner, one after the other, each taking the place of the one before."""
    record = Record()
    _proposals(record, count)
    return record.data()


def amendments(count: int) -> bytes:
    """Rival amendments of a text that many have signed; each lacks all but one of them."""
    many = count // 4
    people = [person(10 + at) for at in range(many)]
    parties = (party(OWNER, step=2), *(party(one) for one in people))
    record = Record(parties, log=False)
    proposal, ref = _proposed(record)
    signed = [record.decide(Action.signed, one, proposal, 1 + at) for at, one in enumerate(people)]
    record.decide(Action.signed, OWNER, proposal, 0, after=[one.digest for one in signed])
    small = record.seal(2, ref.root, parties=TWO)
    for _ in range(count):
        record.on(Action.proposed, OWNER, proposal, small.ref)
    return record.data()


def signers(count: int) -> bytes:
    """A text of very many parties, and the signature of each."""
    people = [person(10 + at) for at in range(count)]
    record = Record((party(OWNER, step=2), *(party(one) for one in people)))
    proposal, _ = _proposed(record)
    signed = [record.decide(Action.signed, one, proposal, 1 + at) for at, one in enumerate(people)]
    record.decide(Action.signed, OWNER, proposal, 0, after=[one.digest for one in signed])
    return record.data()


def early_signers(count: int) -> bytes:
    """Half of the parties sign; the others, whose turn is next, name nothing that they build on."""
    half = count // 2
    people = [person(10 + at) for at in range(2 * half)]
    steps = (party(one, step=1 + (at >= half)) for at, one in enumerate(people))
    record = Record((party(OWNER, step=3), *steps))
    proposal, _ = _proposed(record)
    for at, one in enumerate(people):
        record.decide(Action.signed, one, proposal, 1 + at)
    return record.data()


def commenting_strangers(count: int) -> bytes:
    """Comments on many spine events, each by another stranger."""
    record = Record()
    before = _proposals(record, count // 2)
    for at in range(count // 2):
        record.comment(person(10 + at), before, None)
    return record.data()


def comments(count: int) -> bytes:
    """Notes of a record without a log."""
    record = Record(log=False)
    for _ in range(count):
        record.comment(OWNER, record.created, 0)
    return record.data()


def logged_comments(count: int) -> bytes:
    """Notes that are logged."""
    record = Record()
    for _ in range(count):
        record.comment(OWNER, record.created, 0)
    return record.data()


def twins(count: int) -> bytes:
    """Two envelopes of each comment."""
    record = Record()
    for _ in range(count):
        first = record.comment(OWNER, record.created, 0)
        record.take(Envelope.from_json(twin(first.json, OWNER)))
    return record.data()


def long_after(count: int) -> bytes:
    """A spine event that names very many decisions, and very many events whose past it is."""
    record = Record(log=False)
    proposal, ref = _proposed(record)
    named = sorted(H(f"decision {at}") for at in range(count * 8))
    heavy = record.on(Action.withdrawn, OWNER, proposal, ref, after=named)
    before = heavy
    for _ in range(count):
        after = () if before is heavy else (before.digest,)
        before = record.event(Action.withdrawn, OWNER, before.sequence + 1, heavy.digest, ref, 0, after=after)
    return record.data()


def after_gaps(count: int) -> bytes:
    """Void events, each naming one decision that the file has and one that it lacks."""
    record = Record()
    proposal, _ = _proposed(record)
    for at in range(count):
        record.decide(Action.declined, person(10 + at), proposal, 1, after=[H(f"none {at}")])
    return record.data()


# --- keys ---------------------------------------------------------------------------------------------------------


def chained_key_ends(count: int) -> bytes:
    """Each key names the next as its successor, and each comments."""
    record = Record()
    for at in range(count):
        signer = OWNER if at == 0 else person(10 + at)
        record.comment(signer, record.created, 0)
        record.end_key(signer, person(10 + at + 1).key)
    return record.data()


def ends_of_one_key(count: int) -> bytes:
    """One key ends again and again."""
    record = Record()
    for at in range(count):
        record.end_key(OTHER, person(10 + at).key)
    return record.data()


def one_successor(count: int) -> bytes:
    """The keys of very many parties name one key as their successor, which comments each time."""
    people = [person(10 + at) for at in range(count)]
    record = Record((party(OWNER), *(party(one) for one in people)))
    heir = person(3)
    for one in people:
        record.end_key(one, heir.key)
        record.comment(heir, record.created, 1)
    return record.data()


def ends_of_parties(count: int) -> bytes:
    """KeyEnds of very many parties that no log holds, while a proposal waits for them."""
    people = [person(10 + at) for at in range(count)]
    record = Record((party(OWNER), *(party(one) for one in people)))
    _proposed(record)
    for one in people:
        record.end_key(one, None, logged=False)
    return record.data()


def ends_of_strangers(count: int) -> bytes:
    """KeyEnds of strangers between the signatures of very many parties."""
    people = [person(10 + at) for at in range(count)]
    record = Record((party(OWNER, step=2), *(party(one) for one in people)))
    proposal, _ = _proposed(record)
    for at, one in enumerate(people):
        record.end_key(person(1_000_000 + at), None)
        record.decide(Action.signed, one, proposal, 1 + at)
    return record.data()


def resolutions(count: int) -> bytes:
    """Parties with a did:web, each resolved by the operator, each commenting."""
    people = [
        Ed25519Signer(bytes.fromhex(H(f"web {at}")), Did(f"did:web:host.example:{at}")) for at in range(count)
    ]
    record = Record((party(OWNER), *(party(one) for one in people)))
    for at, one in enumerate(people):
        record.resolve(one.did, one.key)
        record.comment(one, record.created, 1 + at)
    return record.data()


def resolutions_of_one(count: int) -> bytes:
    """Very many keys for one did:web, all resolved, in texts of the owner's, each signing once."""
    record = Record()
    for at in range(count):
        record.resolve(Did("did:web:host.example"), person(10 + at).key)
    web = Ed25519Signer(bytes.fromhex(H("web")), Did("did:web:host.example"))
    before = record.created
    for at in range(count):
        one = replace(party(web), key=person(10 + at).key)
        sealed = record.seal(at + 1, before.document.root, parties=(party(OWNER), one), terms=())
        before = record.event(Action.proposed, OWNER, before.sequence + 1, before.digest, sealed.ref, 0)
    return record.data()


# --- logs and ledgers ---------------------------------------------------------------------------------------------


def anchors(count: int) -> bytes:
    """LogStatements that each name a ledger, and an anchor on each of these."""
    record = Record()
    log = record.logs[0]
    for at in range(count):
        record.state_ledger(log, H(f"log id {at}"))
    size, root = len(log.leaves), Digest.of(log.root())
    block = record.time()
    record.anchors = [
        AnchorRef(CHAIN, LEDGER, H(f"log id {at}"), size, root, H("tx"), 7, H("block 7"), block)
        for at in range(count)
    ]
    return record.data()


def consistency(count: int) -> bytes:
    """Checkpoints of very many sizes, and very many events that no anchor covers."""
    record = Record()
    for _ in range(count):
        record.comment(OWNER, record.created, 0)
        record.earlier_sizes.append(len(record.logs[0].leaves))
    return record.data()


def receipts(count: int) -> bytes:
    """Receipts of events without a proof."""
    record = Record()
    for _ in range(count):
        record.accept(record.comment(OWNER, record.created, 0, logged=False))
    return record.data()


def _proposals(record: Record, count: int) -> Envelope:
    """Revisions of the owner, one after the other."""
    before = record.created
    for at in range(count):
        sealed = record.seal(at + 1, before.document.root, terms=())
        before = record.on(Action.proposed, OWNER, before, sealed.ref)
    return before


def _move(record: Record, before: Envelope, number: int) -> Envelope:
    """A `moved` of the owner with its leaf in the log that it leaves and in the one that it enters."""
    log = new_log(number)
    details = {"log": log.details, "checkpoint": None}
    moved = record.on(Action.moved, OWNER, before, before.document, details=details)
    record.logs.append(log)
    log.append(spine_slot(record.created.statement_digest, moved.sequence), moved.digest)
    return moved


def moves(count: int) -> bytes:
    """A long record, which the owner then moves from log to log, as often as a record can be moved."""
    record = Record()
    before = _proposals(record, count)
    for number in range(2, 2 + MOST_LOGS - 1):
        before = _move(record, before, number)
    return record.data()


def too_many_logs(count: int) -> bytes:
    """Moves from log to log without end."""
    record = Record()
    before = record.created
    for at in range(count):
        before = _move(record, before, 2 + at)
    return record.data()


def successors(count: int) -> bytes:
    """A long record; then the operator names a successor of its log's key as often as it can."""
    record = Record()
    _proposals(record, count)
    for number in range(2, 2 + MOST_LOGS - 1):
        log = new_log(number)
        record.state_ledger(record.logs[-1], H("log id"), log.key.vkey.text)
        record.logs.append(log)
    record.state_ledger(record.logs[-1], H("log id"))
    return record.data()


def doors(count: int) -> bytes:
    """Rival moves from no log into one log, which holds all of them."""
    record = Record(log=False)
    log = new_log(1)
    details = {"log": log.details, "checkpoint": None}
    record.logs = [log]
    for _ in range(count):
        record.on(Action.moved, OWNER, record.created, record.created.document, details=details)
    return record.data()


def doors_in_a_row(count: int) -> bytes:
    """As many moves from no log as are tried, each standing on the one before and into a log of its own, at the end of
    a long record."""
    record = Record(log=False)
    before = _proposals(record, count)
    for number in range(1, 1 + MOST_DOORS):
        log = new_log(number)
        record.logs.append(log)
        details = {"log": log.details, "checkpoint": None}
        before = record.on(Action.moved, OWNER, before, before.document, details=details)
    return record.data()


def seen_blocks(count: int) -> bytes:
    """Comments that each name a block and a checkpoint that their signer had seen."""
    record = Record()
    for at in range(count):
        checkpoint = CheckpointRef(record.logs[0].key.origin, at + 1, H(f"root {at}"))
        seen = Seen(checkpoint, BlockRef(CHAIN, at, H(f"block {at}")))
        record.comment(OWNER, record.created, 0, seen=seen)
    return record.data()


# --- texts --------------------------------------------------------------------------------------------------------


def revisions(count: int) -> bytes:
    """Revisions of a long text each."""
    record = Record()
    before = record.created
    clause = "The lift is serviced twice a year by two people. " * 20
    for at in range(count):
        sealed = record.seal(at + 1, before.document.root, terms=(clause,) * 100)
        before = record.on(Action.proposed, OWNER, before, sealed.ref)
    return record.data()


def short_clauses(count: int) -> bytes:
    """Texts of very short clauses, as many of each as a list may have."""
    record = Record(log=False)
    for first in range(0, count, 90_000):
        sealed = record.seal(1, record.created.document.root, terms=("a",) * min(90_000, count - first))
        record.on(Action.proposed, OWNER, record.created, sealed.ref)
    return record.data()


def disclosures(count: int) -> bytes:
    """Partly hidden texts of one revision, and as many events that name other roots of that revision."""
    record = Record(log=False)
    for at in range(count):
        record.on(Action.proposed, OWNER, record.created, DocumentRef(1, H(f"text {at}"), 9))
        record.documents.append(_disclosure(1, record.created.document.root, f"{at}", terms=2)[0])
    return record.data()


def wide_disclosures(count: int) -> bytes:
    """Partly hidden texts that hide 300,000 paths each, of proposals of strangers."""
    record = Record(log=False)
    for at in range(count):
        shown, ref = _disclosure(
            1, record.created.document.root, f"{at}", terms=100_000, attachments=100_000, variables=100_000
        )
        record.documents.append(shown)
        record.event(Action.proposed, STRANGER, 1, record.created.digest, ref, None)
    return record.data()


def _disclosure(
    revision: int, supersedes: Digest, name: str, **lengths: int
) -> tuple[Disclosure, DocumentRef]:
    """A disclosure that shows what it must, of a tree whose other leaves nobody needs to have."""
    counts = {"attachments": 0, "parties": 0, "terms": 0, "variables": 0, **lengths}
    leaves = 5 + sum(counts.values())
    head = {"contract": str(CONTRACT), "revision": revision, "supersedes": supersedes, "counts": counts}
    shown = {
        0: ("", head),
        leaves - 2 - counts["variables"]: ("/valid_from", None),
        leaves - 1 - counts["variables"]: ("/valid_until", None),
    }
    hashes = {at: leaf_hash(encode([H(f"{name}{p}")[:32], p, value])) for at, (p, value) in shown.items()}
    nodes: dict[tuple[int, int], bytes] = {}

    def node(first: int, end: int) -> bytes:
        if not any(first <= at < end for at in hashes):
            return H(f"hidden {end - first}").raw
        if end - first == 1:
            return hashes[first]
        if (first, end) not in nodes:
            middle = first + (1 << (end - first - 1).bit_length() - 1)
            nodes[first, end] = node_hash(node(first, middle), node(middle, end))
        return nodes[first, end]

    def way(at: int) -> tuple[Digest, ...]:
        first, end, found = 0, leaves, []
        while end - first > 1:
            middle = first + (1 << (end - first - 1).bit_length() - 1)
            if at < middle:
                found.append(Digest.of(node(middle, end)))
                end = middle
            else:
                found.append(Digest.of(node(first, middle)))
                first = middle
        return tuple(found[::-1])

    listed = [DisclosedLeaf(H(f"{name}{p}")[:32], p, value, way(at)) for at, (p, value) in shown.items()]
    return Disclosure(revision, tuple(listed)), DocumentRef(revision, Digest.of(node(0, leaves)), leaves)


def attachments(count: int) -> bytes:
    """Small attachments, all named by one text."""
    record = Record(log=False)
    held = {H(f"file {at}"): f"file {at}".encode() for at in range(count)}
    named = tuple(Attachment("", "", len(data), digest) for digest, data in held.items())
    for first in range(0, count, 90_000):
        sealed = record.seal(1, record.created.document.root, attachments=named[first : first + 90_000])
        record.on(Action.proposed, OWNER, record.created, sealed.ref)
    record.attachments = held
    return record.data()


# --- bytes --------------------------------------------------------------------------------------------------------


def long_text(count: int) -> bytes:
    """One comment of many letters beyond ASCII."""
    record = Record(log=False)
    record.comment(OWNER, record.created, 0, text="é" * count)
    return record.data()


def deep_nesting(count: int) -> bytes:
    """Envelopes that are nested lists, at most 200 deep."""
    record = Record(log=False)
    raw = record.evidence().to_json()
    nested: Any = []
    for _ in range(200):
        nested = [nested]
    raw["envelopes"] = sorted(
        [*raw["envelopes"], *({"a": [at, nested]} for at in range(count))], key=digest_of
    )
    body = {name: value for name, value in raw.items() if name != "digest"}
    return encode({**body, "digest": digest_of(body)})


def broken_envelopes(count: int) -> bytes:
    """Envelopes that are no events."""
    record = Record(log=False)
    raw = record.evidence().to_json()
    raw["envelopes"] = sorted([*raw["envelopes"], *({"a": at} for at in range(count))], key=digest_of)
    body = {name: value for name, value in raw.items() if name != "digest"}
    return encode({**body, "digest": digest_of(body)})


FAMILIES: Final[dict[str, Family]] = {
    family.__name__: family
    for family in (
        rival_proposals, lacking_texts, void_texts, nested_forks, long_chain, amendments, signers, early_signers,
        commenting_strangers, comments, logged_comments, twins, long_after, after_gaps, chained_key_ends,
        ends_of_one_key, one_successor, ends_of_parties, ends_of_strangers, resolutions, resolutions_of_one, anchors,
        consistency, receipts, moves, too_many_logs, successors, doors, doors_in_a_row, seen_blocks, revisions,
        short_clauses, disclosures, wide_disclosures, attachments, long_text, deep_nesting, broken_envelopes,
    )
}  # fmt: skip


def of_size(name: str, size: int) -> bytes:
    """A file of a family with about that many bytes."""
    family = FAMILIES[name]
    few, more = len(family(16)), len(family(48))
    each = max((more - few) / 32, 1 / 4)
    return family(max(16, int((size - few) / each) + 16))
