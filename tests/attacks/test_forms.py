"""Attacks that live on another reading of the standards that the forms come from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cms_backend.core.base58 import b58decode
from cms_backend.core.checkpoint import Checkpoint, LogKey, Note, b64encode, open_note, parse_vkey, tlog_proof
from cms_backend.core.errors import FormError, LogError, SignatureError
from cms_backend.core.events import Action, Envelope
from cms_backend.core.evidence import Evidence
from cms_backend.core.ids import Digest
from cms_backend.core.merge import merge
from cms_backend.core.merkle import inclusion_path
from cms_backend.core.report_model import Verdict
from cms_backend.core.signatures import Ed25519Signer, Secp256k1Signer, verify_secured
from cms_backend.core.suites import ed25519_sign
from tests.attacks.forgery import file_with, resigned
from tests.support.backend_app import running_api
from tests.support.backend_contracts import BOB, Story
from tests.support.core_samples import account, event, secp256k1
from tests.support.verify_world import BORIS, Log, World, failing, states

CONTEXT = "https://w3id.org/security/data-integrity/v2"
INJECTED = {
    "a second context": [CONTEXT, "https://www.w3.org/ns/credentials/v2"],
    "another context": ["https://www.w3.org/ns/credentials/v2"],
    "an inline object": [CONTEXT, {"@vocab": "https://example.org/#"}],
    "an object alone": {"@vocab": "https://example.org/#"},
    "a string": CONTEXT,
    "an older version": ["https://w3id.org/security/data-integrity/v1"],
}


# --- C1: what exactly is signed --------------------------------------------------------------------------------


def with_context(body: dict[str, Any], context: object, signer: Ed25519Signer) -> dict[str, Any]:
    """What a library makes of an event when it puts a context of its own into it and its proof, and signs."""
    return resigned({**body, "@context": context}, signer, **{"@context": context})


def test_c01_the_forger_below_signs_as_we_do() -> None:
    """C1: no rule but the form stops what follows: the same formula gives our own signature."""
    for signer in (BORIS, secp256k1(7), account(7)):
        assert resigned(event(signer), signer) == event(signer)


@pytest.mark.parametrize("context", INJECTED.values(), ids=INJECTED)
def test_c01_an_event_that_was_signed_with_another_context_is_no_event(context: object) -> None:
    """C1: EVT-FORM; @context is the one fixed array of strings, in the event and in its proof."""
    world = World().complete()
    signed = world.envelopes[2]
    forged = with_context(dict(signed.json), context, BORIS)
    in_event = resigned({**signed.json, "@context": context}, BORIS)
    in_proof = resigned(dict(signed.json), BORIS, **{"@context": context})
    for one in (forged, in_event, in_proof):
        with pytest.raises(FormError, match="@context is not the protocol's"):
            Envelope.from_json(one)
        report = world.verify(file_with(world.evidence(), one, instead_of=signed.digest))
        assert report.verdict is Verdict.no_proof
        assert "failed" in states(report, "EVT-FORM")


def test_c01_an_event_beside_its_proof_is_no_event() -> None:
    """C1: EVT-FORM; the event is flat, so that nobody asks whether {event} or the event was hashed."""
    world = World().complete()
    signed = world.envelopes[2]
    body = {name: one for name, one in signed.json.items() if name != "proof"}
    for wrapped in (
        {"event": body, "proof": signed.json["proof"]},
        {"@context": [CONTEXT], "event": body, "proof": signed.json["proof"]},
        {**signed.json, "event": body},
    ):
        with pytest.raises(FormError):
            Envelope.from_json(wrapped)
        report = world.verify(file_with(world.evidence(), wrapped, instead_of=signed.digest))
        assert report.verdict is Verdict.no_proof
        assert "failed" in states(report, "EVT-FORM")


def test_c01_a_second_claimed_time_in_the_proof_is_refused() -> None:
    """C1: EVT-FORM; `created` of the proof, though signed, is left out: occurred_at is the one claimed time."""
    for signer in (BORIS, secp256k1(7)):
        timed = resigned(event(signer), signer, created="2026-01-01T00:00:00Z")
        with pytest.raises(FormError):
            Envelope.from_json(timed)


async def test_c01_a_server_takes_neither(tmp_path: Path) -> None:
    """C1: form.invalid, and the signer's own form is taken afterwards."""
    async with running_api(tmp_path) as api:
        story = Story(log=api.log)
        story.create()
        story.propose()
        await api.tell(story)
        signed = story.event(Action.signed, BOB)
        body = {name: one for name, one in signed.envelope.items() if name != "proof"}
        forged = [with_context(dict(signed.envelope), context, BOB) for context in INJECTED.values()]
        path = f"/contracts/{story.contract}/events"
        for one in (*forged, {"event": body, "proof": signed.envelope["proof"]}):
            refused = await api.post(path, {"envelope": one, "document": None}, 400)
            assert refused["code"] == "form.invalid"
        await api.send(signed)


# --- C2: notes as C2SP writes them -----------------------------------------------------------------------------


def noted(world: World, note: str, *, head: str | None = None) -> Evidence:
    """The file with all proofs of its log under another note of the same tree."""
    log, section = world.logs[0], world.evidence().logs[0]
    proofs = {
        digest: tlog_proof(log.index[digest], inclusion_path(log.hashes(), log.index[digest]), note)
        for digest in section.proofs
    }
    if head is not None:
        proofs = {digest: text.replace("\n\n", f"\n{head}\n\n", 1) for digest, text in proofs.items()}
    return replace(world.evidence(), logs=(replace(section, proofs=proofs),))


def signed_note(log: Log, text: str) -> str:
    """Any text under the signature of the log's own key."""
    key = log.key
    signature = ed25519_sign(text.encode(), key._secret)
    return f"{text}\n\N{EM DASH} {key.origin} {b64encode(key.vkey.key_hash + signature)}\n"


@pytest.mark.parametrize("name", ["log example/one", "log.example+one", "log.example/one\n2", ""])
def test_c02_a_key_name_that_foreign_readers_would_split_is_no_name(name: str) -> None:
    """C2: LogError for who runs such a log, FormError for an event that names it."""
    with pytest.raises(LogError, match=r"key name|verifier key"):
        LogKey(bytes([201]) * 32, name)
    good = World().logs[0].key.vkey
    posing = good.text.replace(good.name, name, 1)
    with pytest.raises(LogError):
        parse_vkey(posing)
    log = {"vkey": posing, "operator": str(BORIS.did)}
    created = event(BORIS, Action.created)
    named = resigned({**created, "details": {"log": log, "on_behalf_of": None}}, BORIS)
    with pytest.raises(FormError, match=r"details\.log"):
        Envelope.from_json(named)


def test_c02_a_checkpoint_with_extension_lines_is_none_though_its_log_signed_it() -> None:
    """C2: LOG-NOTE, LogError; three lines, so that nothing else is signed along."""
    world = World().complete()
    log = world.logs[0]
    text = Checkpoint(log.key.origin, len(log.leaves), Digest.of(log.root())).text
    assert world.verify(noted(world, signed_note(log, text))).verdict is Verdict.verified
    extended = signed_note(log, f"{text}the tree is larger than it says\n")
    with pytest.raises(LogError, match="three lines"):
        open_note(extended, log.key.vkey)
    report = world.verify(noted(world, extended))
    assert failing(report) == {"LOG-NOTE"}
    assert report.verdict is Verdict.altered


def test_c02_an_inclusion_proof_has_no_extra_line() -> None:
    """C2: LOG-INCLUSION, altered; the extra line of a tlog-proof would be unsigned text in the file."""
    world = World().complete()
    for line in ("extra bm90IHNpZ25lZA==", "extra"):
        report = world.verify(noted(world, world.logs[0].note(), head=line))
        assert "LOG-INCLUSION" in failing(report)
        assert report.verdict is Verdict.altered


def test_c02_lines_of_cosigners_are_kept_and_not_judged() -> None:
    """C2: a cosigner's line, good or bad, changes no verdict and goes along; it stands in for the log's in none."""
    world = World().complete()
    log, witness = world.logs[0], LogKey(bytes([203]) * 32, "witness.example/w1")
    junk = f"\N{EM DASH} witness.example/w1 {b64encode(witness.vkey.key_hash + bytes(72))}\n"
    cosigned = noted(world, log.note() + junk)
    report = world.verify(cosigned)
    assert (report.verdict, failing(report)) == (Verdict.verified, set())
    kept = merge(Evidence.from_bytes(cosigned.to_bytes()), cosigned).logs[0].proofs
    assert kept
    assert all(text.endswith(log.note() + junk) for text in kept.values())
    assert [one.name for one in Note.parse(log.note() + junk).signatures] == [log.key.origin, witness.origin]
    alone = log.note().split("\n\n")[0] + "\n\n" + junk
    assert failing(world.verify(noted(world, alone))) == {"LOG-NOTE"}


def test_c02_a_cosigner_has_a_key_of_its_own() -> None:
    """C2: LOG-NOTE; a second line of the log's own key is no cosignature, and the note does not hold."""
    world = World().complete()
    note = world.logs[0].note()
    doubled = note + note.split("\n\n")[1]
    with pytest.raises(LogError, match="two signatures"):
        open_note(doubled, world.logs[0].key.vkey)
    assert failing(world.verify(noted(world, doubled))) == {"LOG-NOTE"}


# --- C3: suites of other makers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "suite",
    [
        "eddsa-rdfc-2022",
        "ecdsa-jcs-2019",
        "EthereumEip712Signature2021",
        "cms-eip712-v2",
        "EDDSA-JCS-2022",
        "",
    ],
)
def test_c03_a_signature_under_another_suites_name_is_refused_for_it(suite: str) -> None:
    """C3: SIG-SUITE, reason "suite"; the pinned key's type has one suite, and its name is signed along."""
    signers: tuple[Ed25519Signer | Secp256k1Signer, ...] = (BORIS, secp256k1(7), account(7))
    for signer in signers:
        renamed = resigned(event(signer), signer, cryptosuite=suite)
        assert len(b58decode(renamed["proof"]["proofValue"][1:])) in (64, 65)
        with pytest.raises(SignatureError) as caught:
            verify_secured(renamed, signer.public)
        assert caught.value.reason == "suite"
    world = World().complete()
    signed = world.envelopes[2]
    renamed = resigned(dict(signed.json), BORIS, cryptosuite=suite)
    report = world.verify(file_with(world.evidence(), renamed, instead_of=signed.digest))
    assert "SIG-SUITE" in failing(report)
    assert report.verdict is Verdict.altered
