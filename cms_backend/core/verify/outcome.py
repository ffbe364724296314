"""The verdict, what is still open, and the one sentence that says both (section 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from cms_backend.core.events import Kind
from cms_backend.core.ids import Digest, Time
from cms_backend.core.lifecycle_state import Status
from cms_backend.core.report_model import Check, OpenItem, Tail, TimelineRow, Verdict
from cms_backend.core.verify.findings import FAILED, NOT_CHECKED, UNDECIDED, Findings
from cms_backend.core.verify.order import name_of
from cms_backend.core.verify.words import day

LIMITS: Final = (
    "Who the person behind a DID is, or that a person may act for a company. Whether the contract is valid "
    "in your country. That anybody read the text. The signatures are electronic signatures, not qualified "
    "ones. The time of a block is its ledger's own, good to about 15 seconds."
)
STATE_WORDS: Final[Mapping[Status, str]] = {
    Status.draft: "Not yet proposed",
    Status.pending: "Pending",
    Status.lapsed: "Lapsed",
    Status.in_force: "In force",
    Status.notice_given: "In force, notice given",
    Status.expired: "Expired",
    Status.terminated: "Terminated",
    Status.declined: "Declined",
    Status.withdrawn: "Withdrawn",
}
_ETSI: Final = {
    Verdict.no_proof: "TOTAL-FAILED, FORMAT_FAILURE",
    Verdict.incomplete: "INDETERMINATE, SIGNED_DATA_NOT_FOUND",
    Verdict.not_recognised: "INDETERMINATE, NO_SIGNING_CERTIFICATE_FOUND",
    Verdict.undecided: "INDETERMINATE, GENERIC",
    Verdict.verified: "TOTAL-PASSED",
}


def verdict_of(checks: Sequence[Check]) -> Verdict:
    """The first that fits: no proof, altered, incomplete, not recognised, undecided, verified."""
    found = {one.counts_as for one in checks if one.state is FAILED}
    if any(one.id == "KEY-BIND" and one.state is NOT_CHECKED for one in checks):
        found.add(Verdict.not_recognised)
    if any(one.state is UNDECIDED and one.counts_as is not None for one in checks):
        found.add(Verdict.undecided)
    return next(filter(found.__contains__, Verdict), Verdict.verified)


def etsi_of(verdict: Verdict, checks: Sequence[Check]) -> str:
    """The indication of ETSI EN 319 102-1 with its sub-indication."""
    if verdict is Verdict.altered:
        signature = any(one.id.startswith("SIG-") and one.state is FAILED for one in checks)
        return "TOTAL-FAILED, " + ("SIG_CRYPTO_FAILURE" if signature else "HASH_FAILURE")
    return _ETSI[verdict]


def first_bad(checks: Sequence[Check], rows: Sequence[TimelineRow]) -> Digest | None:
    """The event with a failure that counts: lowest sequence, then the order of the file."""
    known = {row.digest: row.sequence for row in rows}
    failed = [one.event for one in checks if one.state is FAILED and one.counts_as is not None]
    bad = {event for event in failed if event is not None and event in known}
    return min(bad, key=lambda event: (known[event], event), default=None)


def open_items(findings: Findings) -> tuple[OpenItem, ...]:
    """What is open in evidence that holds."""
    state, items = findings.state, []
    if state is None or state.status not in (Status.in_force, Status.notice_given):
        items.append(OpenItem.in_force)
    if not anchor_settled(findings):
        items.append(OpenItem.anchor)
    if findings.tail not in (Tail.absent, Tail.stated):
        items.append(OpenItem.tail)
    if state is not None and state.awaited:
        items.append(OpenItem.awaited)
    if findings.waiting:
        items.append(OpenItem.not_logged)
    return tuple(items)


def anchor_settled(findings: Findings) -> bool:
    """Every event that has a leaf lies under an anchor that is final. What else the file names does not matter."""
    reach: dict[int, int] = {}
    for anchor in findings.anchors:
        if anchor.final:
            reach[anchor.log] = max(anchor.ref.size, reach.get(anchor.log, 0))
    places = [place for one in findings.events if (place := findings.places.get(one.digest)) is not None]
    return bool(places) and all(place.index < reach.get(place.log, 0) for place in places)


def as_of(findings: Findings) -> Time | None:
    """The moment for which the state is known; None: no proven time.

    By the operator's last word; else by the newest anchor of the last log that lies above all that made the state.
    Where the verifier has read the log itself, anchors of what it has not read do not count.
    """
    if findings.tail_time is not None:
        return findings.tail_time
    if findings.state is None or not findings.logs:
        return None
    last = len(findings.logs) - 1
    proven, read = findings.logs[last].proven, findings.scanned.get(last)
    made = [
        proven[one.digest]
        for one in findings.events
        if one.kind is not Kind.note and one.event_digest in findings.counted and one.digest in proven
    ]
    above = max(made, default=-1)
    times = [
        one.time
        for one in findings.anchors
        if one.log == last and above < one.ref.size and (read is None or one.ref.size <= read)
    ]
    return max(times, default=None)


def headline(
    findings: Findings,
    verdict: Verdict,
    rows: Sequence[TimelineRow],
    bad: Digest | None,
    checks: Sequence[Check],
) -> str:
    """One sentence, or a few short ones."""
    if verdict is Verdict.verified:
        return _verified(findings)
    if verdict is Verdict.undecided:
        return f"Undecided. {_undecided(findings, checks)} {_state(findings)}".rstrip()
    if verdict is Verdict.not_recognised:
        return f"Signer not recognised. {_unbound(findings, checks)} {_state(findings)}".rstrip()
    return _failed(verdict, rows, bad, checks)


def _verified(findings: Findings) -> str:
    parts = ["Verified.", _state(findings)]
    words = _anchor(findings)
    if words:
        parts.append(words)
    state = findings.state
    if state is not None and state.awaited:
        parts.append(f"Waiting for {_listed([one.name or str(one.did) for one in state.awaited])}.")
    late = sum(one.digest in findings.unlogged for one in findings.events)
    if late:
        parts.append(f"{late} event{'s' if late > 1 else ''} not yet logged.")
    if findings.tail is Tail.not_known:
        parts.append("Not known whether anything came later.")
    if state is not None and state.void:
        count = len(state.void)
        parts.append(f"{count} event{'s' if count > 1 else ''} without effect.")
    return " ".join(part for part in parts if part)


def _state(findings: Findings) -> str:
    state = findings.state
    words = "Nothing counts yet" if state is None else STATE_WORDS[state.status]
    if state is not None and state.pending is not None and state.in_force is not None:
        words += ", an amendment pending"
    moment = as_of(findings)
    return f"{words}, as of {day(moment)}." if moment is not None else f"{words}. No proven time."


def _anchor(findings: Findings) -> str:
    """What is to be said of the anchor; nothing when it is settled on a public chain."""
    if not findings.has_log:
        return ""
    states = findings.anchor_states
    if NOT_CHECKED in states and not findings.anchors:
        return (
            "Anchor not checked: local ledger of another computer."
            if _is_away(findings)
            else "Anchor not checked."
        )
    if not anchor_settled(findings):
        return "Anchor pending."
    local = not any(one.public for one in findings.anchors)
    return "Local ledger: no independent time." if local else ""


def _is_away(findings: Findings) -> bool:
    """All anchors are on local ledgers that the log's statements name, none of them this computer's own.

    Ids of local chains repeat (A19): which ledger is meant is told by its genesis block alone.
    """
    known = {(one.chain, one.genesis_block) for one in findings.trust.public_chains}
    known |= {(one.chain, one.genesis_block) for one in findings.trust.own_ledgers}
    named = {
        (ledger.chain, ledger.genesis_block)
        for view in findings.logs
        for statement in view.section.statements
        for ledger in statement.ledgers
    }
    ours = {chain for chain, genesis in named if (chain, genesis) in known}
    others = {chain for chain, genesis in named if (chain, genesis) not in known} - ours
    anchors = findings.evidence.anchors
    return bool(anchors) and all(one.chain in others for one in anchors)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _undecided(findings: Findings, checks: Sequence[Check]) -> str:
    fork = next((one for one in checks if one.id == "LIFE-FORK" and one.state is UNDECIDED), None)
    if fork is not None and findings.state is not None:
        signers = dict.fromkeys(did for one in findings.state.forks for did in one.signers)
        names = _listed([name_of(findings, did) for did in signers])
        return f"There are two histories, signed by {names}."
    if any(one.id == "KEY-END" and one.state is UNDECIDED for one in checks):
        return "A party's key ended, and the contract's log does not hold it."
    return "The signature of a contract account could not be settled."


def _unbound(findings: Findings, checks: Sequence[Check]) -> str:
    bad = {one.event for one in checks if one.id == "KEY-BIND" and one.state in (FAILED, NOT_CHECKED)}
    actors = dict.fromkeys(one.actor for one in findings.evidence.envelopes if one.digest in bad)
    return (
        f"Nothing here shows that the key of {_listed([name_of(findings, one) for one in actors])} is theirs."
    )


def _failed(
    verdict: Verdict, rows: Sequence[TimelineRow], bad: Digest | None, checks: Sequence[Check]
) -> str:
    worst = [one for one in checks if one.state is FAILED and one.counts_as is verdict]
    one = next((check for check in worst if check.event == bad and bad is not None), worst[0])
    at = next((place for place, row in enumerate(rows) if row.digest == one.event), None)
    who = "" if at is None else rows[at].actor_name
    event = "" if at is None else f"Event {at}"
    if verdict is Verdict.no_proof:
        if one.id == "FILE-PARSE":
            return "No proof. This is not an evidence file, or it is damaged."
        return f"No proof. {event or 'An event'} is not in the form that its signer must have given it."
    if verdict is Verdict.incomplete:
        missing = f"{event or 'An event'} stands on something that is missing."
        return f"Incomplete. {_MISSING.get(one.id, missing)}"
    if one.id.startswith("SIG-") and at is not None:
        return f"Altered. {event} is not what {who} signed."
    return f"Altered. {_ALTERED.get(one.id, 'The file is not what it was.')}"


_MISSING: Final = {
    "TAIL": "Something that came later is missing from this file.",
    "LOG-INCLUSION": "The log holds an event of this contract that the file lacks.",
    "LOG-SLOT": "The log holds two events in one place.",
    "LOG-CONSISTENT": "The log has shown two histories.",
}
_ALTERED: Final = {
    "DOC-ROOT": "The text is not the one that was signed.",
    "DOC-LEAF": "A part of the text is not the one that was signed.",
    "DOC-ATTACH": "An attachment is not the one that was named.",
    "SIG-ACTOR": "A statement in the file is not what its signer signed.",
    "SIG-SUITE": "A signature is not of the kind that its key makes.",
    "LOG-NOTE": "A checkpoint is not what the log signed.",
    "LOG-INCLUSION": "An event is not under the checkpoint that is given for it.",
    "ANCHOR-LEDGER": "The ledger is not the one that the log named.",
    "ANCHOR-MATCH": "The ledger holds another root than the file.",
}


def exit_code(verdict: Verdict, items: Sequence[OpenItem], require: frozenset[str]) -> int:
    """0 verified; 1 no proof, altered, incomplete; 2 not recognised, undecided, or a required item is open.

    `require`: of `in-force`, `anchor`, `tail`. None of them is sure while something that could change the
    state has no proof of its leaf.
    """
    if verdict in (Verdict.no_proof, Verdict.altered, Verdict.incomplete):
        return 1
    if verdict is not Verdict.verified:
        return 2
    open_ones = {one.value.replace("_", "-") for one in items}
    if OpenItem.not_logged in items:
        open_ones |= {"in-force", "anchor", "tail"}
    return 2 if open_ones & require else 0
