"""Step 4: every signature, under the key that the document pins; contract accounts as a ledger answers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from operator import itemgetter
from typing import Final

from cms_backend.core.did import key_of_did, signing_key
from cms_backend.core.errors import FormError, KeyTextError, SignatureError, UndecidedSignature
from cms_backend.core.events import Envelope
from cms_backend.core.hashing import H
from cms_backend.core.ids import Digest, Time
from cms_backend.core.keys import PublicKey, parse_key
from cms_backend.core.report_model import CheckState, Source
from cms_backend.core.signatures import verify_envelope, verify_secured
from cms_backend.core.statements import KeyEnd, Secured
from cms_backend.core.verify.facts import ChainFacts, Erc1271Fact
from cms_backend.core.verify.findings import FAILED, NOT_CHECKED, PASSED, UNDECIDED, Findings

_ACTOR = frozenset({"method", "signature"})


def check_signatures(findings: Findings) -> None:
    """SIG-SUITE, SIG-ACTOR of all events and statements."""
    keys: dict[str, PublicKey] = {}
    for envelope in findings.evidence.envelopes:
        digest = envelope.digest
        try:
            key = keys.get(envelope.actor)
            if key is None:
                key = _key_of(envelope)
                if key_of_did(envelope.actor) is not None:
                    keys[envelope.actor] = key
            verify_envelope(envelope, key)
        except UndecidedSignature as error:
            findings.open_signatures[digest] = (error.account, error.digest, error.signature)
        except SignatureError as error:
            _failed(findings, digest, error)
        else:
            if digest not in findings.lean:
                findings.add("SIG-SUITE", PASSED, digest)
                findings.add("SIG-ACTOR", PASSED, digest)
    for statement in _statements(findings):
        _check_statement(findings, statement)


def _key_of(envelope: Envelope) -> PublicKey:
    """The key that the proof is made with; whether it may speak for the actor is KEY-PIN's matter."""
    text = signing_key(envelope.actor, envelope.proof.verification_method)
    if text is None:
        raise SignatureError("The proof does not say which key has signed.", reason="method")
    try:
        return parse_key(text)
    except KeyTextError as error:
        raise SignatureError(error.detail, reason="key") from error


def _failed(findings: Findings, digest: Digest, error: SignatureError) -> None:
    findings.unsigned.add(digest)
    check = "SIG-ACTOR" if error.reason in _ACTOR else "SIG-SUITE"
    findings.add(check, FAILED, digest, found=error.detail)


def _statements(findings: Findings) -> Iterable[Secured]:
    evidence = findings.evidence
    yield from evidence.key_ends
    yield from evidence.resolutions
    for section in evidence.logs:
        yield from section.statements
        yield from section.receipts
        if section.head is not None:
            yield section.head


def _check_statement(findings: Findings, statement: Secured) -> None:
    key = key_of_did(statement.actor)
    try:
        verify_secured(statement.json, parse_key(key or statement.actor))
    except UndecidedSignature:
        findings.unsigned.add(statement.digest)
        if isinstance(statement, KeyEnd):
            findings.undecided_ends.add(statement.digest)
        words = f"{statement.TYPE}: only the account's contract can tell, so it has no effect."
        findings.harmless("SIG-ACTOR", statement.digest, NOT_CHECKED, words)
    except (SignatureError, FormError) as error:
        findings.unsigned.add(statement.digest)
        findings.add("SIG-ACTOR", FAILED, statement.digest, found=f"{statement.TYPE}: {error.detail}")
    else:
        findings.add("SIG-ACTOR", PASSED, statement.digest, found=statement.TYPE)


def settle_accounts(findings: Findings) -> None:
    """Signatures of contract accounts, by the answers of their own chain (ERC-1271)."""
    if not findings.open_signatures:
        return
    by_digest = {one.digest: one for one in findings.evidence.envelopes}
    chains = _Chains(findings.facts.chains)
    for digest, (account, hashed, signature) in findings.open_signatures.items():
        answers = chains.asked(findings, by_digest[digest], account, hashed, signature)
        findings.account_states[digest] = state = _judge(answers)
        if state is FAILED:
            findings.unsigned.add(digest)


_ACCOUNT_WORDS: Final = {
    PASSED: "The account's contract accepts it.",
    FAILED: "There is no contract at the account, and the signature is not its own.",
    UNDECIDED: "The account's contract was not asked, or does not accept it at all blocks.",
}


def report_accounts(findings: Findings) -> None:
    """SIG-ACTOR of these: what stays open matters only for an event that counts, and of which
    no other envelope has a signature that passes."""
    statements = {one.digest: one.event_digest for one in findings.events}
    settled = {
        one.event_digest
        for one in findings.events
        if one.digest not in findings.unsigned and findings.account_states.get(one.digest, PASSED) is PASSED
    }
    for digest, state in findings.account_states.items():
        words = _ACCOUNT_WORDS[state]
        statement = statements.get(digest)
        if state is UNDECIDED and (statement not in findings.counted or statement in settled):
            findings.harmless("SIG-ACTOR", digest, UNDECIDED, words)
        else:
            findings.add("SIG-ACTOR", state, digest, found=words, source=Source.ledger)


def _judge(answers: list[Erc1271Fact | None]) -> CheckState:
    known = [one for one in answers if one is not None]
    if not known or len(known) < len(answers):
        return UNDECIDED
    if not any(one.has_code for one in known):
        return FAILED
    return PASSED if all(one.has_code and one.valid for one in known) else UNDECIDED


class _Chains:
    """The answers of nodes, by what is asked of them."""

    def __init__(self, chains: Iterable[ChainFacts]) -> None:
        self._times: dict[str, list[tuple[Time, int]]] = {}
        self._answers: dict[tuple[str, str, Digest, Digest, int], Erc1271Fact] = {}
        for facts in chains:
            if facts.chain in self._times:
                continue
            highest = -1
            times = self._times[facts.chain] = []
            for time, number in sorted((block.time, block.number) for block in facts.blocks):
                highest = max(highest, number)
                times.append((time, highest))
            for fact in facts.erc1271:
                key = facts.chain, fact.account, fact.digest, fact.signature, fact.block
                self._answers[key] = fact

    def asked(
        self, findings: Findings, envelope: Envelope, account: str, hashed: bytes, signature: bytes
    ) -> list[Erc1271Fact | None]:
        """The answers at the last block not after the anchor's time, and at `seen.block`; None if missing."""
        name = account.rpartition(":")[0]
        if name not in self._times:
            return [None]
        anchor = findings.first_anchor.get(envelope.digest)
        blocks = [None if anchor is None else self._last_block(name, anchor.time)]
        seen = envelope.seen.block
        if seen is not None and seen.chain == name:
            blocks.append(seen.number)
        key = name, account, Digest.of(hashed), H(signature)
        return [None if block is None else self._answers.get((*key, block)) for block in blocks]

    def _last_block(self, chain: str, time: Time) -> int | None:
        """The highest block not after a time."""
        times = self._times[chain]
        at = bisect_right(times, time, key=itemgetter(0))
        return times[at - 1][1] if at else None
