"""What a ledger must be asked about contract accounts (ERC-1271, section 4), before a verification.

Which block counts depends on the anchors that hold, so this makes the same steps that the verification makes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cms_backend.core.evidence import Evidence
from cms_backend.core.ids import KeyText, Time
from cms_backend.core.signatures import EIP712
from cms_backend.core.verify.anchors import check_anchors
from cms_backend.core.verify.chain import check_logs
from cms_backend.core.verify.documents import check_documents
from cms_backend.core.verify.facts import LedgerFacts, Trust
from cms_backend.core.verify.findings import Findings
from cms_backend.core.verify.signing import check_signatures

_EPOCH: Final = Time("1970-01-01T00:00:00.000Z")


@dataclass(frozen=True, slots=True)
class AccountQuestion:
    """Is this the account's signature? `digest` are the 32 bytes of EIP-712, `signature` the raw bytes.

    To be asked on `chain`, at the last block not after `not_after` (None: no anchor covers the event yet) and at the
    block `seen` (None: the signer named none of that chain).
    """

    account: KeyText
    digest: bytes
    signature: bytes
    not_after: Time | None
    seen: int | None

    @property
    def chain(self) -> str:
        """The account's own chain (CAIP-2)."""
        return self.account.rpartition(":")[0]


def account_questions(evidence: Evidence, facts: LedgerFacts) -> tuple[AccountQuestion, ...]:
    """The signatures of a file that only contracts can judge, in the order of its events. Pure.

    `facts` are those about its anchors: the first anchor above an event, by what the ledgers said, gives `not_after`.
    """
    if all(one.proof.cryptosuite != EIP712 for one in evidence.envelopes):
        return ()
    findings = Findings(evidence, facts, Trust(), _EPOCH)
    check_documents(findings)
    check_signatures(findings)
    if not findings.open_signatures:
        return ()
    check_logs(findings)
    check_anchors(findings)
    found = []
    for envelope in evidence.envelopes:
        asked = findings.open_signatures.get(envelope.digest)
        if asked is None:
            continue
        account, digest, signature = asked
        anchor, block = findings.first_anchor.get(envelope.digest), envelope.seen.block
        own = block is not None and block.chain == account.rpartition(":")[0]
        found.append(
            AccountQuestion(
                KeyText(account),
                digest,
                signature,
                None if anchor is None else anchor.time,
                block.number if own and block is not None else None,
            )
        )
    return tuple(dict.fromkeys(found))
