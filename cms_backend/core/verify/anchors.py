"""Steps 8 and 9: anchors on ledgers, and the time window of each event."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from cms_backend.core.events import Action, Envelope
from cms_backend.core.evidence_parts import AnchorRef
from cms_backend.core.ids import Digest, Time
from cms_backend.core.report_model import CheckState
from cms_backend.core.statements import LedgerRef
from cms_backend.core.verify.facts import AnchoredFact, ChainFacts
from cms_backend.core.verify.findings import (
    FAILED,
    NOT_APPLICABLE,
    NOT_CHECKED,
    PASSED,
    PENDING,
    Anchored,
    Findings,
)
from cms_backend.core.verify.words import moment

TOLERANCE: Final = timedelta(seconds=15)
"""A block's time is the ledger's own, good to about that: a claim this near to a window is in it."""


def check_anchors(findings: Findings) -> None:
    """ANCHOR-LEDGER, ANCHOR-MATCH, ANCHOR-FINAL; fills `anchors` and `first_anchor`."""
    findings.anchors, findings.anchor_states, findings.first_anchor = [], [], {}
    if not findings.has_log:
        findings.add("ANCHOR-MATCH", NOT_APPLICABLE, found="The contract has no log that could be anchored.")
        return
    known = _Ledgers(findings)
    for ref in findings.evidence.anchors:
        findings.anchor_states.append(_check_anchor(findings, known, ref))
    if not findings.evidence.anchors:
        findings.anchor_states.append(PENDING)
        findings.add("ANCHOR-MATCH", PENDING, found="The checkpoint is not in a block yet.")
    _assign(findings)


class _Ledgers:
    """What statements name and nodes answered, each by what an anchor says of itself."""

    def __init__(self, findings: Findings) -> None:
        self.chains: dict[str, ChainFacts] = {}
        self.code: dict[tuple[str, str], Digest | None] = {}
        self.anchored: dict[tuple[str, str, Digest, int], AnchoredFact] = {}
        for facts in findings.facts.chains:
            if facts.chain in self.chains:
                continue
            self.chains[facts.chain] = facts
            for code in facts.code:
                self.code.setdefault((facts.chain, code.address), code.code)
            for fact in facts.anchored:
                self.anchored.setdefault((facts.chain, fact.ledger, fact.log_id, fact.size), fact)
        self.named: dict[tuple[str, str, Digest], dict[int, LedgerRef]] = {}
        """The contract's logs that are anchored there, by their operators' logged statements: the last naming it."""
        for ordinal, view in enumerate(findings.logs):
            for statement in view.heard(findings.unsigned):
                for ledger in statement.ledgers if statement.digest in view.proven else ():
                    there = ledger.chain, ledger.ledger, ledger.log_id
                    self.named.setdefault(there, {})[ordinal] = ledger


def _check_anchor(findings: Findings, known: _Ledgers, ref: AnchorRef) -> CheckState:
    named = known.named.get((ref.chain, ref.ledger, ref.log_id), {})
    fitting = [log for log in named if findings.logs[log].sizes.get(ref.size) == ref.root]
    if not fitting:
        other = any(findings.logs[log].sizes.get(ref.size) is not None for log in named)
        words = "No checkpoint of a log that is anchored there has this size."
        if other:
            words = "The anchor's root is not that of the checkpoint."
        findings.add("ANCHOR-MATCH", FAILED if other else NOT_CHECKED, expected=ref.root, found=words)
        return FAILED if other else NOT_CHECKED
    log, ledger = fitting[0], named[fitting[0]]
    facts = known.chains.get(ref.chain)
    if facts is None or facts.genesis_block != ledger.genesis_block:
        words = (
            "The chain was not asked." if facts is None else "The chain that was asked only has the same id."
        )
        findings.add("ANCHOR-MATCH", NOT_CHECKED, expected=ref.root, found=words)
        return NOT_CHECKED
    return _check_on_chain(findings, known, ref, log, ledger)


def _check_on_chain(
    findings: Findings, known: _Ledgers, ref: AnchorRef, log: int, ledger: LedgerRef
) -> CheckState:
    asked = (ref.chain, ref.ledger) in known.code
    code = known.code.get((ref.chain, ref.ledger), ledger.code)
    if code is None:
        return _no_code_yet(findings, ref, ledger)
    state = FAILED if code != ledger.code else PASSED if asked else NOT_CHECKED
    findings.add(
        "ANCHOR-LEDGER", state, expected=ledger.code, found=code if asked else "The code was not read."
    )
    if state is FAILED:
        return FAILED
    fact = known.anchored.get((ref.chain, ref.ledger, ref.log_id, ref.size))
    if fact is None or fact.root is None or fact.block is None or fact.time is None:
        words = (
            "The ledger was not asked for it." if fact is None else "The ledger does not know this anchor."
        )
        findings.add("ANCHOR-MATCH", NOT_CHECKED if fact is None else PENDING, expected=ref.root, found=words)
        return NOT_CHECKED if fact is None else PENDING
    if fact.root != ref.root:
        findings.add("ANCHOR-MATCH", FAILED, expected=ref.root, found=fact.root)
        return FAILED
    moved = "" if fact.block == ref.block else f", not block {ref.block:,} as the file says"
    findings.add(
        "ANCHOR-MATCH", PASSED, expected=ref.root, found=f"{fact.root} in block {fact.block:,}{moved}"
    )
    return _check_final(findings, ref, log, known.chains[ref.chain], fact.block, fact.time)


def _no_code_yet(findings: Findings, ref: AnchorRef, ledger: LedgerRef) -> CheckState:
    """The node knows of no contract there, perhaps because it is still syncing. Its word on anchors is not heard."""
    words = "No contract is at this address yet, as far as the node has come."
    findings.add("ANCHOR-LEDGER", NOT_CHECKED, expected=ledger.code, found=words)
    findings.add("ANCHOR-MATCH", NOT_CHECKED, expected=ref.root, found="The ledger could not be asked.")
    return NOT_CHECKED


def _check_final(
    findings: Findings,
    ref: AnchorRef,
    log: int,
    facts: ChainFacts,
    block: int,
    time: Time,
) -> CheckState:
    public = next(
        (
            one
            for one in findings.trust.public_chains
            if (one.chain, one.genesis_block) == (facts.chain, facts.genesis_block)
        ),
        None,
    )
    if facts.finalized is not None:
        final = block <= facts.finalized
    else:
        final = facts.head - block >= (0 if public is None else public.confirmations)
    findings.anchors.append(Anchored(ref, log, block, time, final, public is not None))
    words = "final" if final else f"{facts.head - block} blocks stand on it"
    findings.harmless("ANCHOR-FINAL", None, PASSED if final else PENDING, f"Block {block:,}: {words}")
    return PASSED if final else PENDING


def _assign(findings: Findings) -> None:
    """The first anchor above each leaf: the earliest by time among those that cover it."""
    # Of each log those that reach further than all that are earlier: only they are the first above anything.
    reach: dict[int, list[int]] = {}
    by_log: dict[int, list[Anchored]] = {}
    for one in sorted(findings.anchors, key=lambda one: (one.time, one.ref.size, not one.public)):
        sizes = reach.setdefault(one.log, [])
        if not sizes or one.ref.size > sizes[-1]:
            sizes.append(one.ref.size)
            by_log.setdefault(one.log, []).append(one)
    for digest, place in findings.places.items():
        at = bisect_right(reach.get(place.log, ()), place.index)
        if at < len(reach.get(place.log, ())):
            findings.first_anchor[digest] = by_log[place.log][at]


def check_times(findings: Findings) -> None:
    """TIME-SEEN and TIME-WINDOW; fills `not_before`."""
    blocks = {
        (chain.chain, block.number): (block.hash, block.time)
        for chain in findings.facts.chains
        for block in chain.blocks
    }
    for one in _past_first(findings.events):
        unseen = one.seen.block is None and one.seen.checkpoint is None
        own = None if unseen and one.digest in findings.lean else _check_seen(findings, one, blocks)
        _settle(findings.not_before, one, own)
    for one in findings.events:
        _check_window(findings, one)


def _past_first(envelopes: Iterable[Envelope]) -> Iterable[Envelope]:
    """Each event after those that it refers to by `previous` and `after`. Nothing refers to notes."""
    others = {one.digest: one for one in envelopes if one.action is not Action.commented}
    done: set[Digest] = set()
    for first in sorted(others.values(), key=lambda one: one.sequence):
        stack = [first]
        while stack:
            one = stack[-1]
            if one.digest in done:
                stack.pop()  # it was reached by another way meanwhile: what it names is not read again
                continue
            past = (one.previous, *one.after)
            # A digest covers those that it names, so there are no circles.
            open_ones = [others[at] for at in past if at is not None and at in others and at not in done]
            if open_ones:
                stack += open_ones
                continue
            stack.pop()
            done.add(one.digest)
            yield one
    yield from (one for one in envelopes if one.action is Action.commented)


def _fits(claim: Time, early: Time | None, late: Time | None) -> bool:
    if (early is None or claim >= early) and (late is None or claim <= late):
        return True  # the order of the texts is that of the times
    if early is not None and claim.datetime < early.datetime - TOLERANCE:
        return False
    return late is None or claim.datetime <= late.datetime + TOLERANCE


def _check_seen(
    findings: Findings, one: Envelope, blocks: dict[tuple[str, int], tuple[Digest, Time]]
) -> Time | None:
    block = one.seen.block
    if block is None:
        if one.seen.checkpoint is None:
            findings.harmless(
                "TIME-SEEN", one.digest, NOT_APPLICABLE, "The signer names nothing that it had seen."
            )
        else:
            _check_seen_checkpoint(findings, one)
        return None
    known = blocks.get((block.chain, block.number))
    if known is None:
        findings.harmless("TIME-SEEN", one.digest, NOT_CHECKED, f"Block {block.number:,} was not asked for.")
        return None
    if known[0] != block.hash:
        # Ids of local chains repeat (A19): another block of the same id and number is another computer's.
        public = any(chain.chain == block.chain for chain in findings.trust.public_chains)
        findings.harmless(
            "TIME-SEEN",
            one.digest,
            FAILED if public else NOT_CHECKED,
            f"Not proven: block {block.number:,} is another one"
            + ("." if public else ", perhaps of another local ledger."),
        )
        return None
    findings.harmless("TIME-SEEN", one.digest, PASSED, f"Block {block.number:,}, {moment(known[1])}")
    return known[1]


def _check_seen_checkpoint(findings: Findings, one: Envelope) -> None:
    seen = one.seen.checkpoint
    if seen is None:
        return
    for view in findings.logs:
        root = view.sizes.get(seen.size)
        if view.vkey.startswith(f"{seen.origin}+") and root is not None:
            state = PASSED if root == seen.root else FAILED
            findings.harmless("TIME-SEEN", one.digest, state, f"Checkpoint {seen.size:,} of {seen.origin}")
            return
    findings.harmless("TIME-SEEN", one.digest, NOT_CHECKED, f"Checkpoint {seen.size:,} is not in the file.")


def _settle(known: dict[Digest, Time], one: Envelope, own: Time | None) -> None:
    """Not before the newest block that the event, or one that it refers to, had seen."""
    times = [known[digest] for digest in (one.previous, *one.after) if digest is not None and digest in known]
    if own is not None:
        times.append(own)
    if times:
        known[one.digest] = max(times)


def _check_window(findings: Findings, one: Envelope) -> None:
    anchor = findings.first_anchor.get(one.digest)
    early = findings.not_before.get(one.digest)
    late = None if anchor is None else anchor.time
    if not _fits(one.occurred_at, early, late):
        findings.harmless(
            "TIME-WINDOW", one.digest, FAILED, "The claimed time lies outside of what is proven."
        )
    elif anchor is None:
        findings.harmless("TIME-WINDOW", one.digest, NOT_CHECKED, "Not proven: no anchor above it was found.")
    elif not anchor.public:
        words = "Local ledger: no independent time."
        findings.harmless("TIME-WINDOW", one.digest, NOT_CHECKED, words)
    else:
        begin = "" if early is None else f"Not before {moment(early)}. "
        findings.harmless("TIME-WINDOW", one.digest, PASSED, f"{begin}Not after {moment(anchor.time)}.")
