"""Each call on a real backend process: what it asks, what comes back, and what is said when nothing does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from cms_backend.core import errors as core
from cms_backend.core.checkpoint import hash_from_b64, open_note, parse_tlog_proof, parse_vkey
from cms_backend.core.document import SealedDocument
from cms_backend.core.events import Action
from cms_backend.core.evidence import Evidence
from cms_backend.core.hashing import H
from cms_backend.core.ids import ContractId, Digest, Time
from cms_backend.core.merkle import leaf_hash, verify_consistency, verify_inclusion
from cms_backend.core.signatures import secure
from cms_backend.core.slots import leaf_data, slot_of
from cms_backend.core.statements import KeyEnd, key_end
from cms_desktop.api.auth import log_in
from cms_desktop.api.client import Client
from cms_desktop.api.errors import BackendSilent, BackendUnreadable, ProblemBody, Refused, RpcRefused
from cms_desktop.api.values import Accepted, ContractQuery
from cms_desktop.attach import BackendNotProven
from tests.support.backend_contracts import ALICE, BOB, CAROL, Sent, Story, person
from tests.support.backend_process import BackendProcess
from tests.support.desktop_api import PATIENCE, story_of
from tests.support.desktop_relay import Relay
from tests.support.ledger_anvil import free_port

NOWHERE = ContractId("6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12")


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    with BackendProcess(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture
async def client(process: BackendProcess) -> AsyncIterator[Client]:
    made = Client(process.url.removesuffix("/api/v1"), launch_secret=process.run["launch_secret"])
    yield made
    await made.aclose()


def document_of(sent: Sent) -> SealedDocument | None:
    return None if sent.document is None else SealedDocument.from_json(dict(sent.document))


async def hand_in(client: Client, sent: Sent) -> Accepted:
    document = document_of(sent)
    if sent.parsed.action is Action.created:
        assert document is not None
        return await client.create(sent.envelope, document)
    return await client.append(sent.parsed.contract, sent.envelope, document)


async def signed_by_both(process: BackendProcess, client: Client, title: str = "Lift") -> Story:
    """A contract in force, all of it in the log."""
    story = story_of(process, title).signed_by_both()
    for sent in story.sent:
        await hand_in(client, sent)
    async with asyncio.timeout(PATIENCE):
        while any(one.index is None for one in (await client.contract(story.contract)).entries):
            await asyncio.sleep(0.02)
    return story


# --- backend and login ----------------------------------------------------------------------------------------


async def test_health_and_status_tell_of_the_process(process: BackendProcess, client: Client) -> None:
    health, status = await client.health(), await client.status()
    assert (health["pid"], health["status"]) == (process.run["pid"], "ok")
    assert status.log_origin == (await client.log_info())["origin"]
    assert status.ledger is not None
    assert status.ledger.kind == "embedded"


async def test_a_token_reads_what_its_did_is_party_to(process: BackendProcess, client: Client) -> None:
    story = await signed_by_both(process, client, "Only theirs")
    for who, rows in ((BOB, 1), (CAROL, 0)):
        own = Client(client.base_url, launch_secret=process.run["launch_secret"])
        token, until = await log_in(own, who)
        own.use_token(token)
        page = await own.contracts(ContractQuery(q="Only theirs"))
        assert (page.total, [row.id for row in page.items]) == (rows, [story.contract] * rows)
        assert until > Time("2026-05-01T12:00:00.000Z")
        await own.aclose()


async def test_the_backend_ends_when_it_is_told_to(tmp_path: Any) -> None:
    with BackendProcess(tmp_path / "home") as running:
        client = Client(running.url.removesuffix("/api/v1"), launch_secret=running.run["launch_secret"])
        await client.stop_backend()
        assert (await asyncio.to_thread(running.wait))[0] == 0
        with pytest.raises(BackendSilent):
            await client.health()
        await client.aclose()


def test_secrets_are_in_no_repr() -> None:
    client = Client("http://127.0.0.1:1", launch_secret="5" * 64, token="tok" * 9)
    assert "555" not in repr(client)
    assert "tok" not in repr(client)


async def test_proxies_of_the_environment_are_not_asked(
    process: BackendProcess, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    again = Client(client.base_url, launch_secret=process.run["launch_secret"])
    assert (await again.health())["status"] == "ok"
    await again.aclose()


# --- contracts ------------------------------------------------------------------------------------------------


async def test_events_are_accepted_with_a_receipt_that_the_operator_signed(
    process: BackendProcess, client: Client
) -> None:
    story = story_of(process, "Receipts")
    operator = story.log
    assert operator is not None
    for sent in (story.create(), story.propose(), story.sign(ALICE)):
        accepted = await hand_in(client, sent)
        assert (accepted.digest, accepted.state) == (sent.parsed.digest, "accepted")
        assert accepted.receipt is not None
        assert (accepted.receipt.envelope, accepted.receipt.actor) == (accepted.digest, operator["operator"])
    record = await client.contract(story.contract)
    assert (record.id, record.genesis, record.home) == (story.contract, story.genesis, "here")
    assert {one.digest for one in record.envelopes} == {one.parsed.digest for one in story.sent}
    assert [one["content"]["revision"] for one in record.documents] == [0, 1]
    assert [one.digest for one in record.entries] == [one.parsed.digest for one in story.sent]
    assert (record.row.title, record.row.status, record.row.events) == ("Receipts", "pending", 3)


async def test_the_same_event_again_has_the_same_answer(process: BackendProcess, client: Client) -> None:
    story = story_of(process, "Twice")
    for sent in (story.create(), story.propose(), story.sign(BOB)):
        assert await hand_in(client, sent) == await hand_in(client, sent)
    assert (await client.contract(story.contract)).row.events == 3


async def test_a_batch_has_a_result_for_each_event_in_order(process: BackendProcess, client: Client) -> None:
    story = story_of(process, "Batch")
    story.create()
    story.propose()
    stranger = story.event(Action.signed, CAROL, party=0)
    listed = [*story.sent, stranger, story.sign(ALICE)]
    results = await client.batch([(one.envelope, document_of(one)) for one in listed])
    assert [type(one) for one in results] == [Accepted, Accepted, ProblemBody, Accepted]
    assert isinstance(results[2], ProblemBody)
    assert results[2].status >= 400


async def test_the_register_is_searched_sorted_and_paged(process: BackendProcess, client: Client) -> None:
    for number in range(3):
        story = story_of(process, f"Paged {number}")
        for sent in (story.create(), story.propose()):
            await hand_in(client, sent)
    query = {"q": "Paged", "status": ("pending",), "party": str(BOB.did), "needs": str(ALICE.did)}
    first = await client.contracts(ContractQuery(**query, sort="title", limit=2))  # type: ignore[arg-type]
    assert ([row.title for row in first.items], first.total) == (["Paged 0", "Paged 1"], 3)
    rest = await client.contracts(ContractQuery(**query, sort="title", limit=2, cursor=first.next))  # type: ignore[arg-type]
    assert ([row.title for row in rest.items], rest.next) == (["Paged 2"], None)
    turned = await client.contracts(ContractQuery(**query, sort="-created_at"))  # type: ignore[arg-type]
    assert [row.title for row in turned.items] == ["Paged 2", "Paged 1", "Paged 0"]
    assert (await client.contracts(ContractQuery(q="Paged", status=("in_force",)))).total == 0
    row = first.items[0]
    assert {one.did for one in row.parties} == {ALICE.did, BOB.did}
    assert {(one.did, one.ready) for one in row.awaited} == {(ALICE.did, True), (BOB.did, True)}


async def test_evidence_goes_out_and_is_known_when_it_comes_back(
    process: BackendProcess, client: Client
) -> None:
    story = await signed_by_both(process, client, "Evidence")
    data = await client.evidence(story.contract)
    assert Evidence.from_bytes(data).contract == story.contract
    back = await client.import_evidence(data)
    assert (back.contract, back.added, back.refused, back.state) == (story.contract, 0, (), "in_force")
    assert back.known >= 4


async def test_the_end_of_a_key_is_taken_once(client: Client) -> None:
    ending = person(61)
    body = key_end(
        actor=ending.did,
        key=ending.key,
        successor=None,
        reason="",
        occurred_at=Time("2026-05-01T12:00:00.000Z"),
    )
    ended = KeyEnd.from_json(secure(body, ending))
    accepted = await client.key_end(ended)
    assert accepted.digest == ended.digest
    assert await client.key_end(ended) == accepted


# --- log, anchors, ledger -------------------------------------------------------------------------------------


async def test_the_logs_pages_prove_what_they_say(process: BackendProcess, client: Client) -> None:
    story = await signed_by_both(process, client, "Proofs")
    info = await client.log_info()
    vkey = parse_vkey(info["vkey"])
    now = open_note(await client.checkpoint(), vkey)
    last = story.sent[-1].parsed
    inclusion = await client.inclusion(last.digest)
    proof = parse_tlog_proof(inclusion["proof"])
    head = open_note(proof.note, vkey)
    slot = slot_of(last, story.genesis)
    assert slot is not None
    leaf = leaf_data(slot, last.digest)
    verify_inclusion(leaf_hash(leaf), proof.index, head.size, proof.path, head.root.raw)
    assert await client.leaves(proof.index, proof.index + 1) == [leaf]
    assert (await client.leaves(0, now.size))[proof.index] == leaf
    between = await client.consistency(1, now.size)
    first = leaf_hash((await client.leaves(0, 1))[0])
    path = [hash_from_b64(one) for one in between["proof"]]
    verify_consistency(1, now.size, first, now.root.raw, path)


async def test_many_proofs_come_to_one_checkpoint_and_unknown_digests_without_one(
    process: BackendProcess, client: Client
) -> None:
    story = await signed_by_both(process, client, "Many proofs")
    digests = [sent.parsed.digest for sent in story.sent]
    size, proofs = await client.inclusions([*digests, H("unknown")] * 500)
    assert proofs.keys() == set(digests)
    vkey = parse_vkey((await client.log_info())["vkey"])
    notes = {parse_tlog_proof(text).note for text in proofs.values()}
    assert {open_note(note, vkey).size for note in notes} == {size}


async def test_anchors_come_newest_first(process: BackendProcess, client: Client) -> None:
    for title in ("Anchored", "Anchored too"):
        await signed_by_both(process, client, title)
        size = (await client.status()).log_size
        async with asyncio.timeout(PATIENCE):
            while not any(one.size >= size and one.block for one in await client.anchors()):
                await asyncio.sleep(0.05)
    sizes = [one.size for one in await client.anchors()]
    assert sizes == sorted(sizes, reverse=True)
    assert [one.size for one in await client.anchors(1)] == sizes[:1]


async def test_the_ledger_is_asked_and_its_errors_keep_their_number(client: Client) -> None:
    async with asyncio.timeout(PATIENCE):
        while (ledger := (await client.status()).ledger) is None or ledger.state != "ready":
            await asyncio.sleep(0.02)
    assert int(await client.rpc("eth_chainId", []), 16) == 4410707
    for method, number in (("eth_sendRawTransaction", -32601), ("eth_call", -32602)):
        with pytest.raises(RpcRefused) as caught:
            await client.rpc(method, [])
        assert caught.value.number == number


# --- refusals -------------------------------------------------------------------------------------------------


async def test_what_is_not_there_is_refused_with_its_code(client: Client) -> None:
    for asked in (client.contract(NOWHERE), client.evidence(NOWHERE), client.inclusion(Digest(H("nothing")))):
        with pytest.raises(Refused) as caught:
            await asked
        assert caught.value.problem.status == 404


async def test_refusals_of_the_lifecycle_are_the_errors_of_the_kernel(
    process: BackendProcess, client: Client
) -> None:
    story = story_of(process, "Refusals")
    for sent in (story.create(), story.propose()):
        await hand_in(client, sent)
    before = story.head
    late = story.event(Action.signed, ALICE)
    await hand_in(client, story.decline(BOB))
    with pytest.raises(core.ProposalClosed):
        await hand_in(client, late)
    stale = story.event(
        Action.withdrawn,
        ALICE,
        sequence=story.sequence + 1,
        previous=story.sent[0].parsed.digest,
        details={"reason": ""},
    )
    assert before is not None
    with pytest.raises(core.StaleSpine):
        await hand_in(client, stale)
    broken = {**story.sent[1].envelope, "intent": "I agree to nothing."}
    with pytest.raises(core.IntentError):
        await client.append(story.contract, broken)


async def test_a_backend_of_another_secret_is_told_nothing(client: Client) -> None:
    stranger = Client(client.base_url, launch_secret="0" * 64)
    with pytest.raises(BackendNotProven, match="launch secret"):
        await stranger.contracts()
    await stranger.aclose()


@pytest.mark.parametrize("credentials", [{}, {"token": "none"}])
async def test_who_does_not_say_who_he_is_reads_nothing(client: Client, credentials: dict[str, Any]) -> None:
    stranger = Client(client.base_url, **credentials)
    with pytest.raises(Refused) as caught:
        await stranger.contracts()
    assert caught.value.problem.status == 401
    await stranger.aclose()


# --- broken lines ---------------------------------------------------------------------------------------------


async def test_a_lost_answer_is_asked_for_again_and_the_event_stands_once(process: BackendProcess) -> None:
    async with Relay(process.run["port"]) as relay:
        client = Client(relay.base_url, launch_secret=process.run["launch_secret"])
        story = story_of(process, "Lost answer")
        relay.cut = 1
        first = await hand_in(client, story.create())
        assert (first.digest, relay.cut, relay.asked) == (story.sent[0].parsed.digest, 0, 2)
        relay.cut = 1
        assert (await client.contract(story.contract)).row.events == 1
        await client.aclose()


async def test_after_two_lost_answers_the_backend_is_called_silent(process: BackendProcess) -> None:
    async with Relay(process.run["port"]) as relay:
        client = Client(relay.base_url, launch_secret=process.run["launch_secret"])
        story = story_of(process, "Silent")
        relay.cut = 2
        with pytest.raises(BackendSilent, match="does not answer"):
            await hand_in(client, story.create())
        assert relay.asked == 2
        again = await hand_in(client, story.sent[0])
        assert again.state == "accepted"
        await client.aclose()


async def test_nobody_there_and_a_closed_client_are_silence() -> None:
    client = Client(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(BackendSilent) as caught:
        await client.health()
    assert caught.value.remedy
    await client.aclose()
    with pytest.raises(BackendSilent):
        await client.health()


@pytest.mark.parametrize(
    "content", [b"<html>Sign in to the hotel's network.</html>", b"[]", b"{}", b"7", b""]
)
async def test_an_answer_of_somebody_else_is_named_as_such(content: bytes) -> None:
    client = Client(
        "http://127.0.0.1:1", transport=httpx.MockTransport(lambda _: httpx.Response(200, content=content))
    )
    for asked in (
        client.status(),
        client.contracts(),
        client.contract(NOWHERE),
        client.anchors(),
        client.leaves(0, 1),
    ):
        with pytest.raises(BackendUnreadable, match="something else"):
            await asked
    await client.aclose()


async def test_a_page_of_a_proxy_is_a_refusal_with_its_status() -> None:
    client = Client(
        "http://127.0.0.1:1", transport=httpx.MockTransport(lambda _: httpx.Response(502, text="Bad Gateway"))
    )
    with pytest.raises(Refused) as caught:
        await client.health()
    assert caught.value.problem.status == 502
    await client.aclose()
