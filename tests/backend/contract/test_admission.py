"""``admit``: what comes in, what is refused and why, and that nothing acknowledged is ever lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cms_backend.core.checkpoint import open_note, parse_tlog_proof, parse_vkey
from cms_backend.core.document import Role
from cms_backend.core.events import Action
from cms_backend.core.ids import Digest
from cms_backend.core.keys import parse_key
from cms_backend.core.merkle import leaf_hash, verify_inclusion
from cms_backend.core.signatures import Secp256k1Signer, verify_secured
from cms_backend.core.slots import leaf_data, slot_of
from cms_backend.core.statements import Receipt
from tests.support.backend_app import Api, running_api
from tests.support.backend_contracts import ALICE, BOB, CAROL, Story, party_of, person
from tests.support.backend_process import BackendProcess


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with running_api(tmp_path / "home") as api:
        yield api


@pytest.fixture
async def proposed(api: Api) -> Story:
    """Created and proposed, waiting for Alice and Bob."""
    story = Story(log=api.log)
    story.create()
    story.propose()
    await api.tell(story)
    return story


async def _status(api: Api, story: Story) -> str:
    return str((await api.get(f"/contracts/{story.contract}"))["row"]["status"])


async def _count(api: Api, story: Story) -> int:
    return len((await api.get(f"/contracts/{story.contract}"))["envelopes"])


# --- what comes in ----------------------------------------------------------------------------------------


async def test_a_contract_goes_from_draft_to_in_force(api: Api) -> None:
    story = Story(log=api.log)
    seen = []
    for tell in (story.create, story.propose, lambda: story.sign(ALICE), lambda: story.sign(BOB)):
        await api.send(tell())
        seen.append(await _status(api, story))
    assert seen == ["draft", "pending", "pending", "in_force"]
    row = (await api.get(f"/contracts/{story.contract}"))["row"]
    assert (row["title"], row["revision"], row["events"], row["awaited"]) == ("Lift maintenance", 1, 4, [])


async def test_each_event_is_answered_with_a_receipt_of_the_operator(api: Api) -> None:
    story = Story(log=api.log)
    answer = await api.send(story.create())
    assert (answer["state"], answer["anchor"]) == ("accepted", "pending")
    receipt = Receipt.from_json(answer["receipt"])
    verify_secured(receipt.json, parse_key(api.backend.log.operator.key))
    assert receipt.actor == api.log["operator"]
    assert receipt.envelope == answer["digest"] == story.sent[0].parsed.digest
    assert receipt.origin == api.backend.log.origin
    assert 0 < (receipt.log_by.datetime - receipt.received_at.datetime).total_seconds() <= 60


async def test_every_accepted_event_gets_its_leaf_in_the_order_of_acceptance(api: Api) -> None:
    story = Story(log=api.log).signed_by_both()
    await api.tell(story)
    size = await api.sequenced()
    for at, sent in enumerate(story.sent):
        envelope = sent.parsed
        answer = await api.get(f"/log/inclusion/{envelope.digest}")
        assert answer["index"] == size - len(story.sent) + at
        proof = parse_tlog_proof(answer["proof"])
        head = open_note(proof.note, parse_vkey(api.log["vkey"]))
        slot = slot_of(envelope, story.genesis)
        assert slot is not None
        hashed = leaf_hash(leaf_data(slot, envelope.digest))
        verify_inclusion(hashed, proof.index, head.size, proof.path, head.root.raw)


async def test_the_same_event_again_gets_the_first_answer(api: Api, proposed: Story) -> None:
    sent = proposed.sign(ALICE)
    first = await api.send(sent)
    assert await api.send(sent, 200) == first
    assert await _count(api, proposed) == 3


async def test_the_same_event_from_sixteen_clients_at_once_is_one_event(api: Api, proposed: Story) -> None:
    sent = proposed.sign(ALICE)
    path = f"/contracts/{proposed.contract}/events"
    answers = await asyncio.gather(*(api.post(path, sent.body) for _ in range(16)))
    assert all(answer == answers[0] for answer in answers)
    assert await _count(api, proposed) == 3


async def test_parallel_signers_never_collide(api: Api) -> None:
    """B1: twelve at once in one step; none gets a 409."""
    people = [person(number) for number in range(1, 13)]
    story = Story(log=api.log, parties=tuple(party_of(one) for one in people))
    await api.send(story.create())
    await api.send(story.propose())
    await asyncio.gather(*(api.send(story.sign(one)) for one in people))
    assert await _status(api, story) == "in_force"


async def test_a_batch_answers_each_event_and_one_bad_one_spoils_no_other(api: Api) -> None:
    one, other = Story(log=api.log).signed_by_both(), Story(log=api.log).signed_by_both()
    bad = {
        **one.sent[2].body,
        "envelope": {**one.sent[2].envelope, "occurred_at": "2026-05-01T12:00:00.009Z"},
    }
    bodies = [*(sent.body for sent in one.sent), bad, {"envelope": 7, "document": None}]
    bodies += [sent.body for sent in other.sent]
    results = (await api.post("/events/batch", {"events": bodies}, 200))["results"]
    assert [result.get("code", "ok") for result in results] == [
        *["ok"] * 4,
        "signature.invalid",
        "form.invalid",
        *["ok"] * 4,
    ]
    for story in (one, other):
        assert await _status(api, story) == "in_force"


async def test_an_amendment_is_pending_beside_the_revision_in_force_and_then_takes_its_place(
    api: Api,
) -> None:
    story = Story(log=api.log).signed_by_both()
    await api.tell(story)
    await api.send(story.propose(title="Lift maintenance, amended"))
    row = (await api.get(f"/contracts/{story.contract}"))["row"]
    assert (row["status"], row["revision"], len(row["awaited"])) == ("in_force", 2, 2)
    assert (await api.get("/contracts", params={"needs": BOB.did}))["total"] == 1
    await api.send(story.sign(ALICE))
    await api.send(story.sign(BOB))
    row = (await api.get(f"/contracts/{story.contract}"))["row"]
    assert (row["status"], row["title"], row["awaited"]) == ("in_force", "Lift maintenance, amended", [])


async def test_comments_and_a_termination_come_in(api: Api) -> None:
    story = Story(log=api.log).signed_by_both()
    story.comment(BOB)
    story.spine(Action.terminated, BOB, {"reason": "Moved away.", "effective_on": None})
    await api.tell(story)
    assert await _status(api, story) == "terminated"


async def test_the_state_is_the_same_after_a_restart(tmp_path: Path) -> None:
    async with running_api(tmp_path / "home") as api:
        story = Story(log=api.log)
        story.create()
        story.propose()
        story.sign(ALICE)
        await api.tell(story)
        await api.sequenced()
        before = await api.get(f"/contracts/{story.contract}")
    async with running_api(tmp_path / "home") as api:
        assert await api.get(f"/contracts/{story.contract}") == before
        await api.send(story.sign(BOB))
        assert await _status(api, story) == "in_force"


# --- what is refused --------------------------------------------------------------------------------------


async def _refused(api: Api, story: Story, body: dict[str, Any], status: int, code: str) -> None:
    before = await _count(api, story)
    refused = await api.post(f"/contracts/{story.contract}/events", body, status)
    assert refused["code"] == code, refused
    assert refused["detail"].endswith(".")
    assert await _count(api, story) == before


async def test_an_event_out_of_order_is_refused(api: Api) -> None:
    story = Story(log=api.log)
    created, proposed = story.create(), story.propose()
    signed = story.sign(ALICE)
    path = f"/contracts/{story.contract}/events"
    for early in (proposed, signed):
        assert (await api.post(path, early.body, 404))["code"] == "http.not-found"
    await api.send(created)
    assert (await api.post(path, signed.body))["status"] in (403, 409)
    await api.send(proposed)
    await api.send(signed)


async def test_a_spine_event_on_an_old_one_is_stale(api: Api, proposed: Story) -> None:
    """B1: the spine alone is a strict chain."""
    rival = Story(**{name: getattr(proposed, name) for name in ("log", "contract", "parties")})
    rival.sent, rival.document = proposed.sent[:1], proposed.document
    rival.sequence, rival.head = 0, proposed.sent[0].parsed.digest
    sent = rival.propose(title="Another text")
    await _refused(api, proposed, sent.body, 409, "lifecycle.stale-spine")


async def test_a_wrong_previous_is_refused(api: Api, proposed: Story) -> None:
    sent = proposed.event(Action.signed, ALICE, previous=Digest("ab" * 32))
    path = f"/contracts/{proposed.contract}/events"
    refused = await api.post(path, sent.body)
    assert refused["status"] in (403, 409)
    assert refused["code"].startswith("lifecycle.")


async def test_a_decision_on_a_closed_proposal_is_refused(api: Api, proposed: Story) -> None:
    late = proposed.event(Action.signed, BOB)
    await api.send(proposed.decline(ALICE))
    await _refused(api, proposed, late.body, 409, "lifecycle.proposal-closed")


async def test_a_second_decision_of_a_party_is_refused(api: Api, proposed: Story) -> None:
    second = proposed.event(Action.declined, ALICE, details={"reason": "On second thought."})
    await api.send(proposed.sign(ALICE))
    await _refused(api, proposed, second.body, 409, "lifecycle.slot-taken")


async def test_a_stranger_cannot_sign(api: Api, proposed: Story) -> None:
    sent = proposed.event(Action.signed, CAROL, party=0)
    await _refused(api, proposed, sent.body, 403, "lifecycle.not-allowed")


async def test_nobody_signs_for_another(api: Api, proposed: Story) -> None:
    sent = proposed.event(Action.signed, ALICE)
    sent.envelope["actor"] = BOB.did
    await _refused(api, proposed, sent.body, 400, "signature.invalid")


async def test_a_changed_event_is_refused(api: Api, proposed: Story) -> None:
    sent = proposed.event(Action.signed, ALICE)
    sent.envelope["occurred_at"] = "2026-05-01T12:00:00.001Z"
    await _refused(api, proposed, sent.body, 400, "signature.invalid")


async def test_a_high_s_signature_is_refused(api: Api) -> None:
    from coincurve.utils import GROUP_ORDER_INT

    from cms_backend.core.base58 import b58decode, b58encode

    curve = Secp256k1Signer(bytes(range(1, 33)))
    story = Story(log=api.log, parties=(party_of(ALICE), party_of(curve)))
    await api.send(story.create())
    await api.send(story.propose())
    sent = story.event(Action.signed, curve)
    raw = b58decode(sent.envelope["proof"]["proofValue"][1:])
    high = GROUP_ORDER_INT - int.from_bytes(raw[32:64])
    twin = raw[:32] + high.to_bytes(32) + bytes([55 - raw[64]])
    good = dict(sent.envelope["proof"])
    sent.envelope["proof"] = {**good, "proofValue": "z" + b58encode(twin)}
    await _refused(api, story, sent.body, 400, "signature.invalid")
    sent.envelope["proof"] = good
    await api.send(sent)


async def test_a_did_method_that_cannot_be_resolved_is_said(api: Api, proposed: Story) -> None:
    for did in ("did:web:example.com", "did:ethr:0x" + "ab" * 20):
        sent = proposed.event(Action.signed, ALICE)
        sent.envelope["actor"] = did
        await _refused(api, proposed, sent.body, 400, "did.unresolvable")
    sent.envelope["actor"] = "did:nonsense"
    await _refused(api, proposed, sent.body, 400, "did.invalid")


async def test_another_document_than_the_signed_one_is_refused(api: Api) -> None:
    story = Story(log=api.log)
    body = story.create().body
    body["document"]["content"]["title"] = "Another title"
    assert (await api.post("/contracts", body, 400))["code"] == "document.invalid"
    assert (await api.get("/contracts"))["total"] == 0


async def test_a_proposal_without_its_document_is_refused(api: Api) -> None:
    story = Story(log=api.log)
    await api.send(story.create())
    await _refused(api, story, {**story.propose().body, "document": None}, 400, "document.invalid")


async def test_an_event_at_another_contracts_address_is_refused(api: Api, proposed: Story) -> None:
    other = Story(log=api.log)
    await api.send(other.create())
    refused = await api.post(f"/contracts/{other.contract}/events", proposed.sign(ALICE).body, 400)
    assert refused["code"] == "form.invalid"


async def test_a_record_is_opened_once(api: Api, proposed: Story) -> None:
    again = Story(log=api.log, contract=proposed.contract, title="Mine now", owner=BOB)
    assert (await api.post("/contracts", again.create().body, 409))["code"] == "lifecycle.slot-taken"


async def test_a_proposal_that_breaks_the_rules_of_documents_is_refused(api: Api) -> None:
    story = Story(log=api.log)
    await api.send(story.create())
    sent = story.propose(parties=(party_of(ALICE, role=Role.viewer, step=None),))
    refused = await api.post(f"/contracts/{story.contract}/events", sent.body)
    assert refused["status"] in (400, 403, 409)
    assert "signer" in refused["detail"]


async def test_a_frozen_log_takes_nothing_and_says_why(api: Api, proposed: Story) -> None:
    await api.backend.log.compare(10**6, b"x" * 32, "the ledger")
    await _refused(api, proposed, proposed.event(Action.signed, ALICE).body, 503, "log.frozen")


# --- nothing is lost --------------------------------------------------------------------------------------


async def test_a_full_disk_is_said_and_the_same_event_is_taken_later(api: Api, proposed: Story) -> None:
    async def limit(pages: int) -> None:
        async with api.backend.database.write() as connection:
            await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    await limit(1)  # SQLite raises it to the pages in use
    big = "x" * 60_000
    sent = proposed.comment(BOB, big)
    path = f"/contracts/{proposed.contract}/events"
    refused = await api.post(path, sent.body, 507)
    assert refused["code"] == "storage.full"
    assert await _count(api, proposed) == 2
    await limit(1_000_000)
    await api.send(sent)
    await api.send(proposed.sign(ALICE))
    assert await _count(api, proposed) == 4


def test_an_acknowledged_event_survives_kill_9(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with BackendProcess(home) as backend:
        info = backend.get("/log/info")
    story = Story(log={"vkey": info["vkey"], "operator": info["operator"]}).signed_by_both()
    acknowledged = []
    for sent in story.sent:
        with BackendProcess(home) as backend:
            path = f"/contracts/{story.contract}/events" if acknowledged else "/contracts"
            acknowledged.append(backend.post(path, sent.body)["digest"])
            backend.process.kill()
            backend.process.wait()
    with BackendProcess(home) as backend:
        held = backend.get(f"/contracts/{story.contract}")
        assert [entry["digest"] for entry in held["entries"]] == acknowledged
        assert held["row"]["status"] == "in_force"
