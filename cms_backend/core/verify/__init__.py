"""Verification of evidence (section 9): `verify_evidence` and what it takes and gives."""

from cms_backend.core.report_model import Report, Verdict
from cms_backend.core.verify.facts import (
    AnchoredFact,
    BlockFact,
    ChainFacts,
    CodeFact,
    Erc1271Fact,
    LedgerFacts,
    LogFacts,
    OwnLedger,
    OwnResolution,
    Trust,
    TrustedChain,
)
from cms_backend.core.verify.verifier import established, exit_code, verify_evidence

__all__ = [
    "AnchoredFact",
    "BlockFact",
    "ChainFacts",
    "CodeFact",
    "Erc1271Fact",
    "LedgerFacts",
    "LogFacts",
    "OwnLedger",
    "OwnResolution",
    "Report",
    "Trust",
    "TrustedChain",
    "Verdict",
    "established",
    "exit_code",
    "verify_evidence",
]
