"""Judging a file before anything of it is kept: by the verifier's own steps, so that both believe the same.

1 read and verify the file, 2 unite it with what is held, 3 verify the union, 4 leave out what has no say in it.
Nothing here asks a ledger: what only a ledger could tell is not checked, and nothing is believed for it. Pure.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from cms_backend.contract.loading import States, replayed
from cms_backend.core.document import SealedDocument
from cms_backend.core.errors import EvidenceError, LifecycleError
from cms_backend.core.events import Action, Envelope
from cms_backend.core.evidence import Evidence, read
from cms_backend.core.evidence_parts import LogSection
from cms_backend.core.ids import Did, Digest, KeyText, Time
from cms_backend.core.lifecycle import ContractState, Entry, LoggedKeyEnd, signer_of
from cms_backend.core.merge import Operators, merge, restrict
from cms_backend.core.merge_logs import named_ledgers
from cms_backend.core.report_model import Verdict
from cms_backend.core.statements import KeyEnd, Secured
from cms_backend.core.verify import LedgerFacts, Trust, established
from cms_backend.core.verify.findings import FAILED, Findings
from cms_backend.core.verify.replaying import counted_events
from cms_backend.core.verify.waiting import is_rightful, participants, pinned_keys

Object = dict[str, Any]
_MOST_NAMED: Final = 50


@dataclass(frozen=True, slots=True)
class Refused:
    """An object that was not taken, the check that says why, and the words."""

    check: str
    detail: str
    digest: str | None = None

    def to_json(self) -> Object:
        """As the API tells it."""
        return {"check": self.check, "detail": self.detail, "digest": self.digest}


class FileRefused(EvidenceError):
    """Nothing of the file was taken: what it holds was changed, is no evidence, or stands on something missing."""

    def __init__(self, verdict: Verdict, refused: Collection[Refused]) -> None:
        first = next(iter(refused))
        super().__init__(
            f"{_WORDS[verdict]} {first.detail}",
            check=first.check,
            remedy="Ask for the file again, or for another party's copy.",
        )
        listed = [one.to_json() for one in refused][:_MOST_NAMED]
        self.members = {"verdict": verdict.value, "refused": listed}


_WORDS: Final[Mapping[Verdict, str]] = {
    Verdict.no_proof: "The file is no proof.",
    Verdict.altered: "The file was altered.",
    Verdict.incomplete: "The file is incomplete.",
}


@dataclass(slots=True)
class United:
    """A file and what was held before, as one, and what a verifier finds in it."""

    evidence: Evidence
    findings: Findings
    operators: Operators
    states: States | None
    refused: list[Refused] = field(default_factory=list)
    undecided: frozenset[Digest] = frozenset()
    """Events whose signature only an account's contract could judge."""


def judge(data: bytes, now: Time) -> tuple[Evidence, Findings]:
    """Step 1. Raises FileRefused for a file that is no proof, or altered, with all that is wrong in it."""
    reading = read(data)
    if reading.problems or reading.evidence is None:
        _refuse(
            [(_verdict_of(one.check), Refused(one.check, one.detail, one.event)) for one in reading.problems]
        )
    evidence = reading.evidence
    assert evidence is not None  # noqa: S101  # a reading without problems has read everything
    findings = established(evidence, LedgerFacts(), Trust(), now)
    _refuse(_failures(findings, (Verdict.no_proof, Verdict.altered)))
    return evidence, findings


def unite(own: Evidence | None, theirs: Evidence, judged: Findings, *, own_vkey: str, now: Time) -> United:
    """Steps 2 to 4. ``judged``: what step 1 found. Raises FileRefused when what both hold together is incomplete.

    A union that is incomplete would show a state that something missing has changed: only a record that is incomplete
    already may stay so, because it heals in as many steps as it takes.
    """
    # What this backend's log holds is known here; a file's word on it may be older, and is never newer.
    foreign = replace(theirs, logs=tuple(one for one in theirs.logs if one.vkey != own_vkey))
    before = own or Evidence(theirs.contract, theirs.genesis)
    merged, refused = _merge_without_loss(before, foreign)
    findings = judged if merged == theirs else established(merged, LedgerFacts(), Trust(), now)
    found = _restrict(merged, (before, foreign), findings)
    if found.evidence != merged:
        found.findings = established(found.evidence, LedgerFacts(), Trust(), now)
    worst = (Verdict.no_proof, Verdict.altered, Verdict.incomplete)
    failures = _failures(found.findings, worst)
    if failures and (own is None or not _failures(established(own, LedgerFacts(), Trust(), now), worst)):
        _refuse(failures)
    found.refused = [*refused, *left_out(foreign, found)]
    return found


def _merge_without_loss(own: Evidence, theirs: Evidence) -> tuple[Evidence, list[Refused]]:
    """The union; a log's section that would cost a proof that is held already is left out of it."""
    merged = merge(own, theirs)
    kept = {section.vkey: section for section in merged.logs}
    doubtful = [one.vkey for one in own.logs if one.proofs.keys() - kept[one.vkey].proofs.keys()]
    if not doubtful:
        return merged, []
    sound = {section.vkey: section for section in merge(own, own).logs}
    notes = {one.digest for one in merged.envelopes if one.action is Action.commented}
    costly = {vkey for vkey in doubtful if sound[vkey].proofs.keys() - kept[vkey].proofs.keys() - notes}
    if not costly:
        return merged, []
    refused = [
        Refused(
            "LOG-INCLUSION",
            f"Its proofs of the log {vkey.partition('+')[0]} lack some that are held here: ask for the whole file.",
        )
        for vkey in sorted(costly)
    ]
    rest = replace(theirs, logs=tuple(one for one in theirs.logs if one.vkey not in costly))
    return merge(own, rest), refused


def _restrict(merged: Evidence, parts: Collection[Evidence], findings: Findings) -> United:
    operators = {view.vkey: view.operator for view in findings.logs}
    undecided = frozenset(findings.open_signatures)
    states = states_of(merged, findings)
    roots = _roots(merged, findings, states)
    kept = restrict(merged, parts, operators, roots)
    state = None if states is None else states.projected
    pinned = pinned_keys(findings, state) if kept.key_ends else set()
    ends = tuple(one for one in kept.key_ends if _is_kept(findings, state, one, pinned))
    return United(replace(kept, key_ends=ends), findings, operators, states, undecided=undecided)


def _is_kept(
    findings: Findings, state: ContractState | None, end: KeyEnd, pinned: Collection[KeyText]
) -> bool:
    """A log of the record holds it, or it is by who may end the key of a party.

    KeyEnds are kept for all contracts: what only one file says of a key must not follow it into the others.
    """
    if end.digest in findings.places:
        return True
    if end.digest in findings.unsigned:
        return False
    return end.key in pinned and is_rightful(end, state)


def states_of(evidence: Evidence, findings: Findings) -> States | None:
    """Both states of a record; None when nothing opens it."""
    entries = [
        Entry(one, *_place(findings, one.digest), findings.doors.get(one.event_digest))
        for one in sorted(evidence.envelopes, key=causal)
    ]
    ends = [LoggedKeyEnd(one, *_place(findings, one.digest)) for one in evidence.key_ends]
    try:
        return replayed(
            entries,
            findings.texts,
            ends,
            findings.handovers,
            genesis=evidence.genesis,
            undecided=frozenset(findings.open_signatures),
        )
    except LifecycleError:
        return None


def _place(findings: Findings, digest: Digest) -> tuple[int | None, int | None]:
    place = findings.places.get(digest)
    return (None, None) if place is None else (place.log, place.index)


_KINDS: Final = {"spine": 0, "decision": 1, "note": 2}


def causal(envelope: Envelope) -> tuple[int, int, int, str, str]:
    """A sort key: what an event builds on comes before it."""
    order = _KINDS[envelope.kind]
    return envelope.sequence, order, len(envelope.after), envelope.occurred_at, envelope.digest


def _roots(merged: Evidence, findings: Findings, states: States | None) -> set[Digest]:
    """The texts that matter: of events that count, and of those whose signer takes part.

    Whoever takes no part can sign a proposal of any text; it counts for nothing, and nobody misses the text.
    """
    people, counting = set(findings.participants), set(findings.counted)
    if states is not None:
        people |= participants(findings, states.projected)
        counting |= counted_events(states.projected)
    return {
        one.document.root
        for one in merged.envelopes
        if one.statement_digest == merged.genesis
        or (one.action is Action.proposed and (one.event_digest in counting or signer_of(one) in people))
    }


# --- what is wrong, and what was left out -----------------------------------------------------------------


def _verdict_of(check: str) -> Verdict:
    return Verdict.altered if check == "FILE-DIGEST" else Verdict.no_proof


def _failures(findings: Findings, verdicts: Collection[Verdict]) -> list[tuple[Verdict, Refused]]:
    return [
        (one.counts_as, Refused(one.id, one.found or one.question, one.event))
        for one in findings.checks
        if one.state is FAILED and one.counts_as is not None and one.counts_as in verdicts
    ]


def _refuse(failures: Collection[tuple[Verdict, Refused]]) -> None:
    if failures:
        order = list(Verdict)
        ranked = sorted(failures, key=lambda one: order.index(one[0]))
        raise FileRefused(ranked[0][0], [refused for _, refused in ranked])


def left_out(theirs: Evidence, united: United) -> list[Refused]:
    """The objects of a file that the union has no use for, each with the reason."""
    kept, sections = united.evidence, {one.vkey: one for one in united.evidence.logs}
    found: list[Refused] = []
    for section in theirs.logs:
        if section.vkey in sections:
            found += _unheard(section, united.operators[section.vkey])
        else:
            found.append(
                Refused("LOG-NOTE", f"No event that counts names the log {section.vkey.partition('+')[0]}.")
            )
    roots = {one.ref.root for one in kept.documents if isinstance(one, SealedDocument)}
    found += [
        Refused("DOC-ROOT", "Nobody who takes part has named this text.", one.ref.root)
        for one in theirs.documents
        if isinstance(one, SealedDocument) and one.ref.root not in roots
    ]
    ledgers = named_ledgers(kept.logs)
    found += [
        Refused("ANCHOR-LEDGER", f"No operator names the ledger {one.ledger} for this log.", one.tx)
        for one in theirs.anchors
        if (one.chain, one.ledger, one.log_id) not in ledgers
    ]
    found += _not_in(
        theirs.key_ends,
        kept.key_ends,
        "KEY-END",
        "Nothing shows that it is by the key of a party or its next key, and no log of the record holds it.",
    )
    return found + _not_in(
        theirs.resolutions,
        kept.resolutions,
        "KEY-BIND",
        "It is not the word of an operator of the contract's logs.",
    )


def _unheard(section: LogSection, operator: Did) -> Iterable[Refused]:
    words = "It is not by the operator of the log."
    for statement in section.statements:
        if statement.actor != operator:
            yield Refused("LOG-NOTE", words, statement.digest)
    for receipt in section.receipts:
        if receipt.actor != operator:
            yield Refused("LOG-INCLUSION", words, receipt.digest)
    if section.head is not None and section.head.actor != operator:
        yield Refused("TAIL", words, section.head.digest)


def _not_in(theirs: Sequence[Secured], kept: Sequence[Secured], check: str, words: str) -> list[Refused]:
    known = {one.digest for one in kept}
    return [Refused(check, words, one.digest) for one in theirs if one.digest not in known]
