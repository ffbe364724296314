"""Receipts: what an operator promised that its log will hold. Evidence when it does not (section 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from cms_backend.core.events import Envelope
from cms_backend.core.ids import Digest, Time
from cms_backend.core.statements import Receipt
from cms_desktop.api.values import Accepted
from cms_desktop.workflow.checking import LogName, Objects, event_title, receipt_fault
from cms_desktop.workflow.findings import Finding, FindingKind
from cms_desktop.workflow.places import Places

CLOCKS_DIFFER: Final = timedelta(seconds=15)
"""As much as section 9 allows two clocks."""


def judge(
    found: Objects,
    places: Places,
    kept: Sequence[Receipt],
    *,
    own: str | None,
    now: Time,
) -> list[Finding]:
    """What the receipts of a contract say against its log's operator.

    `own` is the key of the backend's own log: what that log accepted has a receipt or a leaf.
    """
    findings = [_late(found, one) for one in kept if is_late(one, now)]
    if [one.vkey for one in found.logs] != [own]:
        return findings  # held for another log, or from before a move: nobody has promised anything here
    promised = {one.envelope for one in kept} | set(found.receipts)
    for envelope in found.envelopes:
        digest = envelope.digest
        if digest not in places.proven and digest not in promised and digest not in found.restored:
            claimed = "The backend says that its log has accepted it."
            what = "It gives no receipt, and no proof that it is logged. It may be dropped without a trace."
            findings.append(Finding(FindingKind.no_receipt, found.title(digest), claimed, what, digest))
    return findings


def check_accepted(
    accepted: Accepted,
    envelope: Envelope,
    genesis: Digest,
    logs: Sequence[LogName],
    own: str | None,
) -> tuple[Receipt | None, tuple[Finding, ...]]:
    """The receipt in the answer to an event that was handed in, if it holds, and what of the answer does not."""
    title, digest = event_title(envelope, {}), envelope.digest
    findings: list[Finding] = []
    if accepted.digest != digest:
        claimed = f"The backend says that it has accepted an event with the digest {accepted.digest[:12]}…."
        what = f"The event that was handed in has the digest {digest[:12]}…."
        findings.append(Finding(FindingKind.digest, title, claimed, what, digest))
    receipt = accepted.receipt
    if receipt is not None:
        why = receipt_fault(receipt, envelope, genesis, logs)
        if why is None:
            return receipt, tuple(findings)
        claimed = "The backend gave a receipt for it."
        findings.append(Finding(FindingKind.receipt, title, claimed, f"{why} It is not kept.", digest))
    elif logs and logs[-1].vkey == own:
        claimed = "The backend says that its log has accepted it."
        what = "It gives no receipt for it. It may be dropped without a trace."
        findings.append(Finding(FindingKind.no_receipt, title, claimed, what, digest))
    return None, tuple(findings)


def is_late(receipt: Receipt, now: Time) -> bool:
    """The promised time is over, whatever small difference the clocks have."""
    return receipt.log_by.datetime + CLOCKS_DIFFER < now.datetime


def _late(found: Objects, receipt: Receipt) -> Finding:
    claimed = f"The log's operator promised to log it by {receipt.log_by}."
    what = "It was accepted, but not logged in time. The receipt is kept as evidence; you can save it."
    return Finding(FindingKind.not_logged, found.title(receipt.envelope), claimed, what, receipt.envelope)
