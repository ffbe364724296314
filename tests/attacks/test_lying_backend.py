"""A real backend behind a relay that lies: no lie is shown as true, and each is named.

Every lie is told to a client that has checked the contract before, and most to one that sees it for the first time.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cms_backend.core.canonical import parse
from cms_backend.core.checkpoint import LogKey, parse_vkey
from cms_backend.core.document import SealedDocument
from cms_backend.core.errors import FormError
from cms_backend.core.events import Action
from cms_backend.core.evidence import Evidence
from cms_backend.core.hashing import H, digest_of
from cms_backend.core.ids import ContractId, Time
from cms_backend.core.lifecycle_state import Status
from cms_backend.core.signatures import Ed25519Signer, secure
from cms_backend.core.statements import KeyEnd, key_end, receipt
from cms_desktop.api.client import Client
from cms_desktop.api.errors import BackendUnreadable
from cms_desktop.api.memory import Memory
from cms_desktop.presentation.steps import settled
from cms_desktop.workflow import checking
from cms_desktop.workflow.drafts import DraftStore
from cms_desktop.workflow.findings import AnswerFalse, FindingKind, any_false
from cms_desktop.workflow.view import ContractView
from cms_desktop.workflow.workspace import Workspace
from tests.support.backend_contracts import ALICE, BOB, Sent, Story, person
from tests.support.backend_process import BackendProcess
from tests.support.desktop_api import PATIENCE, story_of
from tests.support.lying_relay import LyingRelay

MALLORY = person(66)
KINDS = FindingKind


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    with BackendProcess(tmp_path_factory.mktemp("home")) as running:
        yield running


@dataclass
class Stage:
    """A backend, the relay in front of it, a client of the relay, and one that hears the truth."""

    process: BackendProcess
    relay: LyingRelay
    client: Client
    truth: Client
    folder: Path
    memory: Memory = field(default_factory=Memory)

    def space(self, *, fresh: bool = False) -> Workspace:
        """The workspace of somebody who has looked before, or of one who has never looked."""
        return Workspace(
            self.client, DraftStore(self.folder / "drafts"), memory=Memory() if fresh else self.memory
        )

    async def tell(self, story: Story) -> Story:
        """Hand in what was not handed in yet, and wait until it is logged."""
        for sent in story.sent:
            body = None if sent.document is None else SealedDocument.from_json(sent.document)
            if sent.parsed.action is Action.created:
                assert body is not None
                await self.truth.create(sent.envelope, body)
            else:
                await self.truth.append(story.contract, sent.envelope, body)
        await self.logged(story.contract)
        return story

    async def logged(self, contract: ContractId) -> None:
        """Wait for the log."""
        async with asyncio.timeout(PATIENCE):
            while any(one.index is None for one in (await self.truth.contract(contract)).entries):
                await asyncio.sleep(0.02)

    def says(self, contract: ContractId, change: Any) -> None:
        """From now on the answer about a contract is changed in place by `change`."""

        def lie(method: str, path: str, answer: Any) -> Any:
            if method == "GET" and path == f"/contracts/{contract}":
                told = change(answer)
                return answer if told is None else told
            return answer

        self.relay.lie = lie


@pytest.fixture
async def stage(process: BackendProcess, tmp_path: Path) -> AsyncIterator[Stage]:
    secret = process.run["launch_secret"]
    base = process.url.removesuffix("/api/v1")
    async with LyingRelay(base) as relay:
        client, truth = Client(relay.base_url, launch_secret=secret), Client(base, launch_secret=secret)
        made = Stage(process, relay, client, truth, tmp_path)
        yield made
        made.memory.close()
        await client.aclose()
        await truth.aclose()


async def in_force(stage: Stage, title: str) -> Story:
    """Signed by both, in the log."""
    return await stage.tell(story_of(stage.process, title).signed_by_both())


def kinds(view: ContractView) -> set[FindingKind]:
    return {one.kind for one in view.findings}


def event(answer: Any, action: Action, at: int = -1) -> Any:
    return [one for one in answer["envelopes"] if one["action"] == action][at]


def entry(answer: Any, digest: str) -> Any:
    return next(one for one in answer["entries"] if one["digest"] == digest)


async def test_the_truth_is_shown_without_a_word(stage: Stage) -> None:
    story = await in_force(stage, "Truth")
    for fresh in (True, False, False):
        view = await stage.space(fresh=fresh).open(story.contract)
        assert view.findings == ()
        assert view.state.status is Status.in_force
        assert all(one.index is not None for one in view.entries.values())


# -- 1 a forged signature -------------------------------------------------------------------------------------


def forge(story: Story) -> Sent:
    """Bob's signature, made by another key."""
    honest = story.sent[-1].parsed
    assert honest.actor == BOB.did
    bare = {name: value for name, value in honest.json.items() if name != "proof"}
    false = Ed25519Signer(b"\x77" * 32, BOB.did)
    return Sent({**bare, "proof": {**honest.json["proof"], "proofValue": _sign(bare, false)}}, None)


def _sign(statement: dict[str, Any], signer: Ed25519Signer) -> str:
    from nacl.bindings import crypto_sign

    from cms_backend.core.base58 import b58encode
    from cms_backend.core.signatures import Statement, parse_key

    hashed = Statement.of(statement, parse_key(BOB.key)).hash_data
    return "z" + b58encode(crypto_sign(hashed, signer._secret)[:64])


@pytest.mark.parametrize("fresh", [True, False])
async def test_a_forged_signature_does_not_put_a_contract_in_force(stage: Stage, fresh: bool) -> None:
    story = story_of(stage.process, "Forged")
    story.create()
    story.propose()
    story.sign(ALICE)
    await stage.tell(story)
    await stage.space().open(story.contract)
    story.sign(BOB)
    forged = forge(story)

    def change(answer: Any) -> None:
        answer["envelopes"].append(forged.envelope)
        answer["entries"].append(
            {"digest": digest_of(forged.envelope), "accepted_at": "2026-05-01T12:00:00.000Z", "log": 0,
             "index": 3, "opens": None, "undecided": False, "anchor": None}
        )  # fmt: skip
        answer["row"]["status"] = "in_force"

    stage.says(story.contract, change)
    view = await stage.space(fresh=fresh).open(story.contract)
    assert view.state.status is Status.pending
    assert view.row.status == "pending"
    assert forged.parsed.digest not in {one.digest for one in view.envelopes}
    (found,) = [one for one in view.findings if one.kind is KINDS.signature]
    assert found.digest == forged.parsed.digest
    assert "Bob" in found.subject


@pytest.mark.parametrize("fresh", [True, False])
async def test_a_signature_with_changed_bytes_is_not_shown(stage: Stage, fresh: bool) -> None:
    story = await in_force(stage, "Changed bytes")
    await stage.space().open(story.contract)

    def change(answer: Any) -> None:
        proof = event(answer, Action.signed)["proof"]
        value = proof["proofValue"]
        proof["proofValue"] = value[:-1] + ("2" if value[-1] != "2" else "3")

    stage.says(story.contract, change)
    view = await stage.space(fresh=fresh).open(story.contract)
    assert KINDS.signature in kinds(view)
    if fresh:
        assert view.state.status is Status.pending
    else:
        assert KINDS.missing in kinds(view)
        assert view.state.status is Status.in_force


# -- 2 a dropped event ----------------------------------------------------------------------------------------


async def test_an_event_that_was_seen_before_is_missed_and_shown_from_memory(stage: Stage) -> None:
    story = await in_force(stage, "Dropped")
    await stage.space().open(story.contract)
    dropped = story.sent[-1].parsed

    def change(answer: Any) -> None:
        answer["envelopes"] = [one for one in answer["envelopes"] if digest_of(one) != dropped.digest]
        answer["entries"] = [one for one in answer["entries"] if one["digest"] != dropped.digest]
        answer["receipts"] = [one for one in answer["receipts"] if one["envelope"] != dropped.digest]

    stage.says(story.contract, change)
    view = await stage.space().open(story.contract)
    assert view.state.status is Status.in_force
    assert [(one.kind, one.digest) for one in view.findings] == [(KINDS.missing, dropped.digest)]
    assert view.entries[dropped.digest].index is not None


async def test_an_event_that_others_build_on_is_missed_at_the_first_look(stage: Stage) -> None:
    story = story_of(stage.process, "Gap")
    story.signed_by_both()
    story.propose(title="Gap, changed")
    await stage.tell(story)
    dropped = story.sent[-2].parsed

    def change(answer: Any) -> None:
        answer["envelopes"] = [one for one in answer["envelopes"] if digest_of(one) != dropped.digest]
        answer["entries"] = [one for one in answer["entries"] if one["digest"] != dropped.digest]
        answer["receipts"] = [one for one in answer["receipts"] if one["envelope"] != dropped.digest]

    stage.says(story.contract, change)
    view = await stage.space(fresh=True).open(story.contract)
    assert (KINDS.gap, dropped.digest) in {(one.kind, one.digest) for one in view.findings}


async def test_an_own_event_that_a_receipt_was_given_for_is_missed(stage: Stage) -> None:
    story = story_of(stage.process, "Own event")
    story.create()
    story.propose()
    await stage.tell(story)
    space = stage.space()
    view = await space.open(story.contract)
    outcome = await space.decide(view, Action.signed, ALICE)
    assert outcome.receipt is not None

    def change(answer: Any) -> None:
        for name in ("envelopes", "entries", "receipts"):
            answer[name] = [
                one
                for one in answer[name]
                if outcome.digest not in (digest_of(one), one.get("digest"), one.get("envelope"))
            ]

    stage.says(story.contract, change)
    later = await stage.space().open(story.contract)
    assert (KINDS.missing, outcome.digest) in {(one.kind, one.digest) for one in later.findings}
    assert [one.envelope for one in later.receipts] == [outcome.digest]


# -- 3, 4 places ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fresh", [True, False])
async def test_reordered_events_stand_where_the_log_proves_them(stage: Stage, fresh: bool) -> None:
    story = story_of(stage.process, "Reordered")
    story.create()
    story.propose()
    story.sign(ALICE)
    story.decline(BOB)
    await stage.tell(story)
    honest = await stage.space().open(story.contract)
    signed, declined = story.sent[-2].parsed, story.sent[-1].parsed

    def change(answer: Any) -> None:
        one, other = entry(answer, signed.digest), entry(answer, declined.digest)
        one["index"], other["index"] = other["index"], one["index"]

    stage.says(story.contract, change)
    view = await stage.space(fresh=fresh).open(story.contract)
    assert {one.digest for one in view.findings if one.kind is KINDS.place} == {
        signed.digest,
        declined.digest,
    }
    assert [one.digest for one in view.envelopes] == [one.digest for one in honest.envelopes]
    assert view.entries[signed.digest].index == honest.entries[signed.digest].index


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("index", [0, 10_000, 2**40])
async def test_an_index_that_is_not_its_own_is_not_shown(stage: Stage, fresh: bool, index: int) -> None:
    story = await in_force(stage, f"Index {index}")
    honest = await stage.space().open(story.contract)
    signed = story.sent[-1].parsed
    stage.says(story.contract, lambda answer: entry(answer, signed.digest).update(index=index))
    view = await stage.space(fresh=fresh).open(story.contract)
    assert (KINDS.place, signed.digest) in {(one.kind, one.digest) for one in view.findings}
    assert view.entries[signed.digest].index == honest.entries[signed.digest].index


async def test_an_index_without_a_proof_is_shown_as_not_logged(stage: Stage) -> None:
    story = await in_force(stage, "No proof")

    def lie(_method: str, path: str, answer: Any) -> Any:
        if path == "/log/inclusion":
            answer["proofs"] = {}
        return answer

    stage.relay.lie = lie
    view = await stage.space(fresh=True).open(story.contract)
    assert {one.kind for one in view.findings} == {KINDS.place}
    assert all(one.index is None for one in view.entries.values())


async def test_a_proof_of_another_event_is_none(stage: Stage) -> None:
    story = await in_force(stage, "Foreign proof")

    def lie(_method: str, path: str, answer: Any) -> Any:
        if path == "/log/inclusion":
            first = min(answer["proofs"].values())
            answer["proofs"] = dict.fromkeys(answer["proofs"], first)
        return answer

    stage.relay.lie = lie
    view = await stage.space(fresh=True).open(story.contract)
    assert kinds(view) == {KINDS.place}
    assert sum(one.index is not None for one in view.entries.values()) == 1


# -- 6, 7, 8 receipts and digests -----------------------------------------------------------------------------


def false_receipt(answer: Any, signer: Ed25519Signer) -> Any:
    true = answer if "envelope" in answer else answer["receipts"][-1]
    names = ("envelope", "slot", "origin", "received_at", "log_by")
    return secure(receipt(actor=signer.did, **{name: true[name] for name in names}), signer)


@pytest.mark.parametrize("fresh", [True, False])
async def test_a_receipt_by_somebody_else_is_none(stage: Stage, fresh: bool) -> None:
    story = await in_force(stage, "False receipt")
    await stage.space().open(story.contract)

    def change(answer: Any) -> None:
        answer["receipts"][-1] = false_receipt(answer, MALLORY)

    stage.says(story.contract, change)
    view = await stage.space(fresh=fresh).open(story.contract)
    assert kinds(view) == {KINDS.receipt}
    assert MALLORY.did not in {one.actor for one in view.record.receipts}


@pytest.mark.parametrize("how", ["by another", "missing", "of another event", "changed"])
async def test_what_is_answered_to_a_signature_is_checked(stage: Stage, how: str) -> None:
    story = story_of(stage.process, f"Answer {how}")
    story.create()
    story.propose()
    await stage.tell(story)
    space = stage.space()
    view = await space.open(story.contract)

    def lie(method: str, _path: str, answer: Any) -> Any:
        if method == "POST" and "receipt" in answer:
            answer = copy.deepcopy(answer)
            if how == "by another":
                answer["receipt"] = false_receipt(answer["receipt"], MALLORY)
            elif how == "missing":
                answer["receipt"] = None
            elif how == "of another event":
                answer["digest"] = H("another event")
            else:
                answer["receipt"]["log_by"] = "2126-01-01T00:00:00.000Z"
        return answer

    stage.relay.lie = lie
    outcome = await space.decide(view, Action.signed, ALICE)
    expected = {
        "by another": KINDS.receipt,
        "missing": KINDS.no_receipt,
        "of another event": KINDS.digest,
        "changed": KINDS.receipt,
    }
    assert kinds(outcome.view) == {expected[how]}
    assert (outcome.receipt is None) == (how != "of another event")
    assert outcome.digest == outcome.view.envelopes[-1].digest


async def test_an_event_that_is_neither_logged_nor_receipted_is_named(stage: Stage) -> None:
    story = await in_force(stage, "No receipt")
    signed = story.sent[-1].parsed

    def change(answer: Any) -> None:
        entry(answer, signed.digest).update(index=None, log=None)
        answer["receipts"] = [one for one in answer["receipts"] if one["envelope"] != signed.digest]

    stage.says(story.contract, change)
    view = await stage.space(fresh=True).open(story.contract)
    assert [(one.kind, one.digest) for one in view.findings] == [(KINDS.no_receipt, signed.digest)]


@pytest.mark.parametrize("fresh", [True, False])
async def test_another_events_digest_is_named(stage: Stage, fresh: bool) -> None:
    story = await in_force(stage, "Digest")
    await stage.space().open(story.contract)
    signed, other = story.sent[-1].parsed, H("another event")
    stage.says(story.contract, lambda answer: entry(answer, signed.digest).update(digest=other))
    view = await stage.space(fresh=fresh).open(story.contract)
    assert {one.digest for one in view.findings if one.kind is KINDS.digest} == {signed.digest, other}
    assert other not in view.entries


# -- 9, 10 texts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("what", ["terms", "title"])
async def test_an_altered_text_is_not_shown(stage: Stage, what: str, fresh: bool) -> None:
    story = await in_force(stage, f"Altered {what}")
    await stage.space().open(story.contract)

    def change(answer: Any) -> None:
        content = max((one["content"] for one in answer["documents"]), key=lambda one: one["revision"])
        if what == "terms":
            content["terms"][1] = "The price is 9,200 EUR a year."
        else:
            content["title"] = answer["row"]["title"] = "Gift of a house"

    stage.says(story.contract, change)
    view = await stage.space(fresh=fresh).open(story.contract)
    assert KINDS.document in kinds(view)
    shown = [text for one in view.documents.values() for text in (one.title, *one.terms)]
    assert not any("9,200" in text or "house" in text for text in shown)
    assert "house" not in view.row.title
    if fresh:
        assert view.current is None
    else:
        assert view.current is not None
        assert view.state.status is Status.in_force


async def test_a_title_of_the_register_that_no_text_has_is_named(stage: Stage) -> None:
    story = await in_force(stage, "Register")
    stage.says(story.contract, lambda answer: answer["row"].update(title="Gift of a house"))
    view = await stage.space(fresh=True).open(story.contract)
    assert kinds(view) == {KINDS.register}
    assert view.row.title == "Register"


# -- 11, 12 ends of keys --------------------------------------------------------------------------------------


def ended(signer: Ed25519Signer, key: str) -> dict[str, Any]:
    body = key_end(
        actor=signer.did, key=key, successor=None, reason="Lost.", occurred_at="2026-05-01T11:00:00.000Z"
    )
    return secure(body, signer)


@pytest.mark.parametrize("how", ["forged", "by a stranger", "without a place"])
async def test_an_invented_end_of_a_key_has_no_effect(stage: Stage, how: str) -> None:
    story = await in_force(stage, f"Invented end {how}")
    await stage.space().open(story.contract)
    stranger = ended(MALLORY, BOB.key)
    made = stranger if how == "by a stranger" else ended(BOB, BOB.key)
    if how == "forged":
        made = {**made, "proof": {**made["proof"], "proofValue": stranger["proof"]["proofValue"]}}
    digest = digest_of(made)

    def change(answer: Any) -> None:
        answer["key_ends"].append(made)
        answer["key_end_places"].append({"digest": digest, "log": 0, "index": 0})

    stage.says(story.contract, change)
    view = await stage.space(fresh=True).open(story.contract)
    expected = KINDS.signature if how == "forged" else KINDS.place
    assert (expected, digest) in {(one.kind, one.digest) for one in view.findings}
    assert view.state.status is Status.in_force
    assert not view.state.void


async def test_an_end_of_a_key_that_was_seen_before_is_missed_and_kept_in_effect(
    stage: Stage,
) -> None:
    dave = person(4242 + 1)
    parties = story_of(stage.process, "x").parties
    from tests.support.backend_contracts import party_of

    story = story_of(stage.process, "Hidden end", parties=(parties[0], party_of(dave, name="Dave")))
    story.create()
    story.propose()
    await stage.tell(story)
    end = KeyEnd.from_json(ended(dave, dave.key))
    await stage.truth.key_end(end)
    async with asyncio.timeout(PATIENCE):
        while not (await stage.truth.contract(story.contract)).key_end_places:
            await asyncio.sleep(0.02)
    honest = await stage.space().open(story.contract)
    assert dave.key in honest.state.ended

    def change(answer: Any) -> None:
        answer["key_ends"], answer["key_end_places"] = [], []

    stage.says(story.contract, change)
    view = await stage.space().open(story.contract)
    assert (KINDS.missing, end.digest) in {(one.kind, one.digest) for one in view.findings}
    assert dave.key in view.state.ended


# -- 13, 14 other answers -------------------------------------------------------------------------------------


async def test_an_old_answer_is_not_shown_as_the_present_state(stage: Stage) -> None:
    story = await in_force(stage, "Stale")
    old: list[Any] = []
    stage.says(story.contract, lambda answer: old.append(answer))
    await stage.space().open(story.contract)
    later = story.spine(Action.terminated, ALICE, {"reason": "Moved away.", "effective_on": None})
    await stage.truth.append(story.contract, later.envelope)
    await stage.logged(story.contract)
    stage.relay.lie = None
    assert (await stage.space().open(story.contract)).state.status is Status.terminated
    stage.says(story.contract, lambda _: old[0])
    view = await stage.space().open(story.contract)
    assert view.state.status is Status.terminated
    assert (KINDS.missing, later.parsed.digest) in {(one.kind, one.digest) for one in view.findings}


async def test_an_answer_from_before_the_log_is_named(stage: Stage) -> None:
    story = await in_force(stage, "Before the log")
    honest = await stage.space().open(story.contract)
    signed = story.sent[-1].parsed
    stage.says(story.contract, lambda answer: entry(answer, signed.digest).update(index=None, log=None))
    view = await stage.space().open(story.contract)
    assert kinds(view) == {KINDS.place}
    assert view.entries[signed.digest].index == honest.entries[signed.digest].index


async def test_another_contracts_answer_is_not_shown(stage: Stage) -> None:
    story, other = await in_force(stage, "Asked for"), await in_force(stage, "Given instead")
    told = parse((await stage.truth._send("GET", f"/contracts/{other.contract}")).content, limit=10**7)
    stage.says(story.contract, lambda _: told)
    with pytest.raises(AnswerFalse, match=str(other.contract)):
        await stage.space(fresh=True).open(story.contract)


@pytest.mark.parametrize("fresh", [True, False])
async def test_another_contracts_answer_under_this_number_is_not_shown(stage: Stage, fresh: bool) -> None:
    story, other = await in_force(stage, "Number"), await in_force(stage, "Under the number")
    await stage.space().open(story.contract)
    told = parse((await stage.truth._send("GET", f"/contracts/{other.contract}")).content, limit=10**7)
    stage.says(story.contract, lambda _: {**told, "id": story.contract})
    with pytest.raises(AnswerFalse):
        await stage.space(fresh=fresh).open(story.contract)


async def test_an_event_of_another_contract_is_left_out(stage: Stage) -> None:
    story, other = await in_force(stage, "With a stranger"), await in_force(stage, "The stranger")
    foreign = other.sent[-1]

    def change(answer: Any) -> None:
        answer["envelopes"].append(foreign.envelope)
        answer["entries"].append({**answer["entries"][0], "digest": foreign.parsed.digest})

    stage.says(story.contract, change)
    view = await stage.space(fresh=True).open(story.contract)
    assert KINDS.contract in kinds(view)
    assert {one.contract for one in view.envelopes} == {story.contract}


# -- 5 anchors ------------------------------------------------------------------------------------------------


async def anchored(stage: Stage, title: str) -> Story:
    """In force, and its last event under a confirmed anchor."""
    story = await in_force(stage, title)
    async with asyncio.timeout(PATIENCE):
        while any(
            one.anchor is None or one.anchor.status != "confirmed"
            for one in (await stage.truth.contract(story.contract)).entries
        ):
            await asyncio.sleep(0.05)
    return story


OLD_ANCHOR = {
    "chain": "eip155:1",
    "block": 9_200_000,
    "time": "2020-01-01T00:00:00.000Z",
    "status": "confirmed",
}


async def test_an_anchor_is_shown_as_the_ledger_has_it(stage: Stage) -> None:
    story = await anchored(stage, "Anchored")
    for fresh in (True, False, False):
        view = await stage.space(fresh=fresh).open(story.contract)
        assert view.findings == ()
        assert {one.anchor and one.anchor.checked for one in view.entries.values()} == {"ledger"}


@pytest.mark.parametrize("fresh", [True, False])
async def test_a_public_anchor_of_2020_is_not_shown(stage: Stage, fresh: bool) -> None:
    story = await anchored(stage, "Public anchor")
    await stage.space().open(story.contract)

    def change(answer: Any) -> None:
        for one in answer["entries"]:
            one["anchor"].update(OLD_ANCHOR)

    stage.says(story.contract, change)
    view = await stage.space(fresh=fresh).open(story.contract)
    assert kinds(view) == {KINDS.anchor}
    assert all(one.anchor is None for one in view.entries.values())


async def test_a_public_anchor_that_nobody_can_check_is_only_said(stage: Stage) -> None:
    story = await anchored(stage, "Public anchor, said")

    def change(answer: Any) -> None:
        for one in answer["entries"]:
            one["anchor"].update(OLD_ANCHOR)
            one["accepted_at"] = "2019-12-31T00:00:00.000Z"

    stage.says(story.contract, change)
    view = await stage.space(fresh=True).open(story.contract)
    assert {one.anchor and one.anchor.checked for one in view.entries.values()} == {"said"}
    assert {settled(one) for one in view.entries.values()} == {("notChecked", "Anchor not checked")}


@pytest.mark.parametrize(
    "claim",
    [{"block": 1}, {"time": "2126-01-01T00:00:00.000Z"}, {"size": 10**6}],
    ids=["block", "time", "size"],
)
async def test_a_local_anchor_that_the_ledger_does_not_hold_so_is_named(
    stage: Stage, claim: dict[str, Any]
) -> None:
    story = await anchored(stage, f"Local anchor {sorted(claim)}")
    honest = await stage.space().open(story.contract)
    signed = story.sent[-1].parsed.digest
    stage.says(story.contract, lambda answer: entry(answer, signed)["anchor"].update(claim))
    view = await stage.space(fresh=True).open(story.contract)
    assert kinds(view) == {KINDS.anchor}
    shown = view.entries[signed].anchor
    assert shown is None or shown == honest.entries[signed].anchor


# -- receipts as evidence, and what a second look costs --------------------------------------------------------


def withhold(answer: Any, digest: str) -> None:
    """Accepted, and never logged."""
    entry(answer, digest).update(index=None, log=None, anchor=None)
    answer["receipts"] = [one for one in answer["receipts"] if one["envelope"] != digest]


async def test_an_event_that_is_not_logged_in_time_is_named_and_its_receipt_is_in_the_saved_file(
    stage: Stage,
) -> None:
    story = story_of(stage.process, "Withheld")
    story.create()
    story.propose()
    await stage.tell(story)
    space = stage.space()
    outcome = await space.decide(await space.open(story.contract), Action.signed, ALICE)
    assert outcome.receipt is not None

    def lie(_method: str, path: str, answer: Any) -> Any:
        if path == f"/contracts/{story.contract}":
            withhold(answer, outcome.digest)
        if path.endswith("/evidence"):
            del answer["digest"]
            answer["envelopes"] = [one for one in answer["envelopes"] if digest_of(one) != outcome.digest]
            for section in answer["logs"]:
                section["proofs"].pop(outcome.digest, None)
                section["receipts"] = []
            answer["digest"] = digest_of(answer)
        return answer

    stage.relay.lie = lie
    assert (await stage.space().open(story.contract)).findings == ()
    later = Time.from_datetime(outcome.receipt.log_by.datetime + timedelta(minutes=1))
    late = Workspace(stage.client, DraftStore(stage.folder), memory=stage.memory, now=lambda: later)
    view = await late.open(story.contract)
    assert [(one.kind, one.digest) for one in view.findings] == [(KINDS.not_logged, outcome.digest)]
    assert view.receipts == (outcome.receipt,)
    saved = Evidence.from_bytes(await late.export_evidence(story.contract))
    assert outcome.digest in {one.digest for one in saved.envelopes}
    assert outcome.receipt in saved.logs[0].receipts

    stage.relay.lie = None
    await stage.logged(story.contract)
    view = await late.open(story.contract)
    assert (view.findings, view.receipts) == ((), ())
    assert stage.memory.receipts(story.contract) == ()


async def test_a_second_look_checks_no_signature_and_asks_for_no_proof(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = await anchored(stage, "Twice")
    await stage.space().open(story.contract)
    checked: list[object] = []
    for name in ("verify_envelope", "verify_secured"):
        monkeypatch.setattr(checking, name, lambda *given: checked.append(given))
    stage.relay.asked.clear()
    view = await stage.space().open(story.contract)
    assert view.findings == ()
    assert checked == []
    asked = set(stage.relay.asked)
    assert f"GET /contracts/{story.contract}" in asked
    assert not asked & {"POST /log/inclusion", f"GET /contracts/{story.contract}/evidence"}


async def test_proofs_under_another_history_of_the_log_do_not_count(stage: Stage) -> None:
    story = await in_force(stage, "Split")
    info = await stage.truth.log_info()
    vkey = parse_vkey(info["vkey"])
    keys = parse((stage.process.home / "backend-keys.json").read_bytes(), limit=10**5)
    key = next(
        made for made in (LogKey(bytes.fromhex(one), vkey.name) for one in keys.values()) if made.vkey == vkey
    )
    size = (await stage.truth.status()).log_size
    memory = Memory()
    memory.keep_head(vkey.text, key.sign_checkpoint(size, H("another history").raw))
    space = Workspace(stage.client, DraftStore(stage.folder), memory=memory)
    view = await space.open(story.contract)
    assert KINDS.log in kinds(view)
    assert all(one.index is None for one in view.entries.values())


async def test_a_store_that_cannot_be_read_is_said_and_hides_nothing(stage: Stage) -> None:
    story = await in_force(stage, "Forgetful")
    (stage.folder / "checked.sqlite3").mkdir()
    space = Workspace(stage.client, DraftStore(stage.folder / "d"), memory=Memory(stage.folder))
    for _ in range(2):
        view = await space.open(story.contract)
        assert kinds(view) == {KINDS.memory}
        assert not any_false(view.findings)
        assert view.state.status is Status.in_force


@pytest.mark.parametrize(
    "claim",
    [{"log": -1}, {"index": -1}, {"log": True}, {"index": "0"}, {"accepted_at": "soon"}, {"index": 0.5}],
    ids=str,
)
async def test_an_answer_of_another_shape_is_refused_whole(stage: Stage, claim: dict[str, Any]) -> None:
    story = await in_force(stage, f"Shape {claim}")

    def change(answer: Any) -> None:
        for one in answer["entries"]:
            one.update(claim)

    stage.says(story.contract, change)
    with pytest.raises((BackendUnreadable, FormError)):
        await stage.space(fresh=True).open(story.contract)


async def test_ledgers_that_cannot_be_read_prove_no_anchor_and_hide_nothing(stage: Stage) -> None:
    story = await anchored(stage, "Odd ledgers")

    def lie(_method: str, path: str, answer: Any) -> Any:
        return {**answer, "ledgers": ["nowhere"]} if path == "/log/info" else answer

    stage.relay.lie = lie
    view = await stage.space(fresh=True).open(story.contract)
    assert {one.anchor and one.anchor.checked for one in view.entries.values()} == {"said"}
    assert view.row.anchored == 0
