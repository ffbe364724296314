"""Where a backend says that events and KeyEnds stand in the logs of a contract, held against inclusion proofs. Pure.

A place counts only under a checkpoint that the log's own key has signed. One that was verified before is not given
up for another claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cms_backend.core.checkpoint import Checkpoint, locate_tlog_proof, open_note, parse_vkey
from cms_backend.core.errors import LifecycleError, LogError
from cms_backend.core.events import Action, Envelope
from cms_backend.core.ids import Digest, Time
from cms_backend.core.inclusion import InclusionVerifier
from cms_backend.core.lifecycle import Entry, LoggedKeyEnd, LogRef, replay
from cms_backend.core.merkle import leaf_hash
from cms_backend.core.slots import key_slot, leaf_data, slot_of
from cms_desktop.api.memory import Known
from cms_desktop.api.values import ContractRecord
from cms_desktop.workflow.checking import LogName, Objects
from cms_desktop.workflow.findings import Finding, FindingKind

Place = tuple[int, int]
"""(ordinal of the contract's log, index of the leaf)."""

_NOT_LOGGED: Final = "It is shown as not yet logged."


@dataclass(frozen=True, slots=True)
class Claim:
    """A place that the backend named and that no proof was seen of yet; without an index one that may be there."""

    digest: Digest
    slot: Digest
    log: int
    index: int | None
    vkey: str


@dataclass(slots=True)
class Places:
    """`proven` by digest; `open` is still to be proven; `fresh`: (vkey, index) of what was proven now."""

    proven: dict[Digest, Place] = field(default_factory=dict)
    leaves: dict[Digest, dict[str, int]] = field(default_factory=dict)
    """All proven leaves of an object, by vkey: a `moved` has one in the log left and one in the log entered."""
    openings: dict[Digest, int] = field(default_factory=dict)
    """The leaf of a `moved` in the log that it enters, when its place is in the one that it leaves."""
    open: list[Claim] = field(default_factory=list)
    fresh: dict[Digest, tuple[str, int]] = field(default_factory=dict)
    notes: dict[str, dict[str, None]] = field(default_factory=dict)
    """The notes of each log that proofs were verified under, by vkey."""
    findings: list[Finding] = field(default_factory=list)


def claimed_places(record: ContractRecord, found: Objects, known: Known) -> Places:
    """What is known already, what is to be proven, and what contradicts what was verified before."""
    claims: dict[Digest, Place] = {
        one.digest: (one.log, one.index)
        for one in record.entries
        if one.log is not None and one.index is not None
    }
    claims |= record.key_end_places
    slots = {one.digest: slot_of(one, found.genesis) for one in found.envelopes}
    slots |= {one.digest: key_slot(one.key) for one in found.key_ends}
    ordinals = {log.vkey: at for at, log in reversed([*enumerate(found.logs)])}
    places = Places()
    for digest, slot in slots.items():
        before = known.objects[digest].leaf if digest in known.objects else None
        claim = claims.get(digest)
        if before is not None and before[0] in ordinals:
            places.proven[digest] = (ordinals[before[0]], before[1])
            places.leaves[digest] = {before[0]: before[1]}
            if digest not in found.restored and not _is_other_log(claim, before[0], found.logs):
                _compare(places, found, digest, claim, before[1])
                continue
        if claim is None:
            continue
        if slot is None or claim[0] >= len(found.logs):
            what = f"The contract names no such log, or no such place. {_NOT_LOGGED}"
            places.findings.append(_place(found, digest, claim, what))
            continue
        places.open.append(Claim(digest, slot, *claim, found.logs[claim[0]].vkey))
    _ask_for_moves(places, found)
    return places


def _ask_for_moves(places: Places, found: Objects) -> None:
    """A backend tells one place of an event. A `moved` is asked for in the log that it left, too, and in the next."""
    ordinals = {log.vkey: at for at, log in enumerate(found.logs)}
    told = {(one.digest, one.vkey) for one in places.open}
    for envelope in found.envelopes:
        log = envelope.details["log"] if envelope.action is Action.moved else None
        slot = None if log is None else slot_of(envelope, found.genesis)
        if log is None or slot is None:
            continue
        entered = ordinals[log["vkey"]]
        for at in range(max(entered - 1, 0), entered + 1):
            vkey = found.logs[at].vkey
            if (envelope.digest, vkey) not in told and vkey not in places.leaves.get(envelope.digest, {}):
                places.open.append(Claim(envelope.digest, slot, at, None, vkey))


def _is_other_log(claim: Place | None, vkey: str, logs: Sequence[LogName]) -> bool:
    """An event may have a leaf in several of the contract's logs; only two in one log contradict each other."""
    return claim is not None and claim[0] < len(logs) and logs[claim[0]].vkey != vkey


def _compare(places: Places, found: Objects, digest: Digest, claim: Place | None, index: int) -> None:
    if claim is not None and claim[1] == index:
        return
    what = f"This computer has verified it before as leaf {index}. That is what is shown."
    places.findings.append(_place(found, digest, claim, what))


def _place(found: Objects, digest: Digest, claim: Place | None, what: str) -> Finding:
    claimed = (
        "The backend says that it is not logged yet."
        if claim is None
        else f"The backend says that it is leaf {claim[1]} of log {claim[0] + 1}."
    )
    return Finding(FindingKind.place, found.title(digest), claimed, what, digest)


def take_proofs(
    places: Places, found: Objects, vkey: str, proofs: Mapping[Digest, str], size: int | None
) -> None:
    """Judge the open claims of one log by tlog-proof texts. `size`: how many leaves the log says it has, if it was
    asked; a claim beyond them is only not proven yet.
    """
    verifiers: dict[Checkpoint, InclusionVerifier] = {}
    mine = [one for one in places.open if one.vkey == vkey]
    places.open = [one for one in places.open if one.vkey != vkey]
    for claim in mine:
        text = proofs.get(claim.digest)
        told = None if claim.index is None else (claim.log, claim.index)
        if text is None:
            if told is not None and (size is None or told[1] < size):
                what = f"It gives no proof of that. {_NOT_LOGGED}"
                places.findings.append(_place(found, claim.digest, told, what))
            continue
        try:
            index, note = _verify(claim, text, verifiers)
        except LogError as error:
            if told is not None:
                what = f"The proof does not hold. {error.detail} {_NOT_LOGGED}"
                places.findings.append(_place(found, claim.digest, told, what))
            continue
        places.leaves.setdefault(claim.digest, {})[vkey] = index
        places.notes.setdefault(vkey, {})[note] = None
        if told is None:
            continue
        if index != told[1]:
            what = f"The log's own proof puts it at leaf {index}. That is what is shown."
            places.findings.append(_place(found, claim.digest, told, what))
        places.fresh[claim.digest] = (vkey, index)
        before = places.proven.get(claim.digest)
        places.proven[claim.digest] = min(before or (claim.log, index), (claim.log, index))


def _verify(claim: Claim, text: str, verifiers: dict[Checkpoint, InclusionVerifier]) -> tuple[int, str]:
    """The index that the proof shows, and its note. LogError."""
    proof = locate_tlog_proof(text)
    checkpoint = open_note(proof.note, parse_vkey(claim.vkey))
    verifier = verifiers.get(checkpoint)
    if verifier is None:
        verifier = verifiers[checkpoint] = InclusionVerifier(checkpoint.size, checkpoint.root.raw)
    verifier.verify(leaf_hash(leaf_data(claim.slot, claim.digest)), proof)
    return proof.index, proof.note


def refuse_log(places: Places, vkey: str, detail: str) -> None:
    """The checkpoint of this log does not continue what this computer has seen: nothing that was proven under it
    counts."""
    gone = [digest for digest, (key, _) in places.fresh.items() if key == vkey]
    for leaves in places.leaves.values():
        leaves.pop(vkey, None)
    for digest in gone:
        del places.fresh[digest]
        places.proven.pop(digest, None)
    places.notes.pop(vkey, None)
    name = parse_vkey(vkey).name
    claimed = f"The backend proves {len(gone)} {'place' if len(gone) == 1 else 'places'} in it."
    places.findings.append(Finding(FindingKind.log, f"The log {name}", claimed, f"{detail} {_NOT_LOGGED}"))


def settle_logs(places: Places, found: Objects, now: Time) -> None:
    """Keep to the logs that events that count lead to, in their order: what stands in any other is not heard.

    The events themselves say which those are, so that logs and replay go hand in hand (section 6).
    """
    if len(found.logs) < 2:
        return
    named = {log.vkey: log for log in found.logs}
    chain = [found.logs[0].vkey]
    while True:
        heard, openings = _heard(places, found, chain)
        further = [one.vkey for one in _logs_of(found, heard, openings, chain[0], now)[len(chain) :]]
        if not further or further[0] not in named or further[0] in chain:
            break
        chain.append(further[0])
    places.proven, places.openings = heard, openings
    found.logs = tuple(named[vkey] for vkey in chain)


def _heard(
    places: Places, found: Objects, chain: Sequence[str]
) -> tuple[dict[Digest, Place], dict[Digest, int]]:
    """The first place of each object in these logs, and the opening leaves of those that move the record on."""
    order = {vkey: at for at, vkey in enumerate(chain)}
    heard = {
        digest: min((order[vkey], index) for vkey, index in leaves.items() if vkey in order)
        for digest, leaves in places.leaves.items()
        if not order.keys().isdisjoint(leaves)
    }
    openings: dict[Digest, int] = {}
    for envelope in found.envelopes:
        log = envelope.details["log"] if envelope.action is Action.moved else None
        leaf = None if log is None else places.leaves.get(envelope.digest, {}).get(log["vkey"])
        if (
            log is not None
            and leaf is not None
            and heard.get(envelope.digest, (0, 0))[0] != order.get(log["vkey"])
        ):
            openings[envelope.digest] = leaf
    return heard, openings


def _logs_of(
    found: Objects, heard: Mapping[Digest, Place], openings: Mapping[Digest, int], first: str, now: Time
) -> Sequence[LogRef]:
    """The logs that a record with these places has been in."""
    nowhere = (None, None)

    def entry(envelope: Envelope) -> Entry:
        log, index = heard.get(envelope.digest, nowhere)
        return Entry(envelope, log, index, openings.get(envelope.digest))

    try:
        state = replay(
            [entry(one) for one in found.envelopes],
            found.texts,
            now=now,
            key_ends=[LoggedKeyEnd(one, *heard.get(one.digest, nowhere)) for one in found.key_ends],
            first_log=first,
            genesis=found.genesis,
            count_held=False,
        )
    except LifecycleError:
        return ()
    return state.logs


def open_logs(places: Places) -> dict[str, list[Claim]]:
    """The open claims by vkey."""
    listed: dict[str, list[Claim]] = {}
    for claim in places.open:
        listed.setdefault(claim.vkey, []).append(claim)
    return listed


def section_proofs(raw: object, wanted: Iterable[str]) -> dict[str, dict[Digest, str]]:
    """The tlog-proof texts of an evidence file's sections, by vkey. Nothing else of the file is looked at."""
    logs = raw.get("logs") if isinstance(raw, dict) else None
    keys = set(wanted)
    found: dict[str, dict[Digest, str]] = {}
    for section in logs if isinstance(logs, list) else ():
        if isinstance(section, dict) and section.get("vkey") in keys and isinstance(section["proofs"], dict):
            found[str(section["vkey"])] = {
                Digest(one): text for one, text in section["proofs"].items() if isinstance(text, str)
            }
    return found
