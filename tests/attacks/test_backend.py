"""Attacks on a running backend, its log and a real chain. Each test names what stops the attack.

The protocol gives the audit of an operator's deeds a log of its own (A21); this program keeps no such audit, so what
is tested is that no leaf of the contracts' log is of another kind, and that none can be guessed.
"""

from __future__ import annotations

import asyncio
import base64
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cms_backend.core.canonical import encode
from cms_backend.core.checkpoint import tlog_proof
from cms_backend.core.document import SealedDocument
from cms_backend.core.errors import LogError
from cms_backend.core.events import Action, Envelope, event_statement
from cms_backend.core.hashing import H
from cms_backend.core.ids import Digest
from cms_backend.core.merkle import inclusion_path, leaf_hash, node_hash, tree_head, verify_inclusion
from cms_backend.core.report_model import Verdict
from cms_backend.core.signatures import secure
from cms_backend.core.slots import key_slot, leaf_data, log_slot, slot_of, spine_slot
from cms_backend.ledger import abi
from cms_backend.ledger.errors import LedgerRefused, StaleHead
from tests.support import ledger_anvil
from tests.support.backend_app import Api, running_api
from tests.support.backend_contracts import ALICE, BOB, Story
from tests.support.ledger_worlds import KEY, deploy, remote
from tests.support.verify_world import World, failing

STRANGER = bytes.fromhex("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d")
"""The second account of anvil's development phrase; worthless everywhere else."""
ROOT = Digest.of(b"\x05" * 32)
WAIT_SECONDS = 30.0


def agreed(api: Api) -> Story:
    """A contract that both have signed."""
    story = Story(log=api.log)
    story.create()
    story.propose()
    story.sign(BOB)
    story.sign(ALICE)
    return story


async def logged(api: Api, size: int) -> None:
    """Wait until the log has this many leaves: the backend's own sequencer may be at work on them."""
    async with asyncio.timeout(WAIT_SECONDS):
        while await api.sequenced() < size:
            await asyncio.sleep(0.01)


async def leaves(api: Api, size: int) -> list[bytes]:
    """All leaves of a log of this size, as anybody may read them."""
    await logged(api, size)
    found = await api.get(f"/log/leaves?start=0&end={api.backend.log.size}")
    return [base64.b64decode(one) for one in found["leaves"]]


# --- A10: whose log id is it ---------------------------------------------------------------------------------


async def test_a10_who_opens_a_log_with_anothers_key_gets_an_id_of_his_own_and_cannot_anchor_there() -> None:
    with ledger_anvil.running_anvil() as node:
        address = await deploy(node)
        owner, stranger = remote(node, address), remote(node, address, STRANGER)
        try:
            await stranger.start()
            await owner.start()
            squatted = await stranger.open_log(KEY)
            own = await owner.open_log(KEY)
            assert squatted != own
            assert (await owner.head()).size == 0
            theft = abi.anchor_call(own, 0, 7, ROOT)
            with pytest.raises(LedgerRefused, match="may not anchor for this log"):
                await stranger._sign(address, theft)
            first = await owner.prepare_anchor(0, 7, ROOT)
            await owner.send(first.raw)
            async with asyncio.timeout(WAIT_SECONDS):
                while await owner.anchored(7) is None:
                    await asyncio.sleep(0.02)
            assert await stranger.anchored(7) is None
            with pytest.raises(StaleHead):
                await owner.prepare_anchor(0, 8, ROOT)
            with pytest.raises(LedgerRefused):
                await owner.prepare_anchor(7, 7, ROOT)
        finally:
            await stranger.close()
            await owner.close()


# --- A11: a restored database ----------------------------------------------------------------------------------


async def test_a11_a_restored_database_is_frozen_before_it_gives_an_index_a_second_time(
    tmp_path: Path,
) -> None:
    home, copy = tmp_path / "home", tmp_path / "old.sqlite3"
    async with running_api(home) as api:
        story = agreed(api)
        await api.tell(story)
        await logged(api, 4)
    shutil.copy(home / "cms.sqlite3", copy)
    async with running_api(home) as api:
        await api.send(story.tell(story.comment(BOB)))
        await logged(api, 5)
    shutil.copy(copy, home / "cms.sqlite3")
    async with running_api(home) as api:
        other = story.event(
            Action.commented, BOB, details={"path": None, "text": "Else.", "on_behalf_of": None}
        )
        refused = await api.post(f"/contracts/{story.contract}/events", other.body, 503)
        assert refused["code"] == "log.frozen"
        assert await api.sequenced() == api.backend.log.size == 4


# --- A20: nothing to read on a chain ---------------------------------------------------------------------------


async def test_a20_nothing_of_a_contract_is_written_on_the_ledger_but_roots(tmp_path: Path) -> None:
    async with running_api(tmp_path, blockchain={"enabled": True}) as api:
        story = agreed(api)
        await api.tell(story)
        await logged(api, 4)
        async with asyncio.timeout(WAIT_SECONDS):
            while not (await api.get("/anchors"))["items"]:
                await asyncio.sleep(0.05)
        mined = await calls_on_the_ledger(api)
        signed = [one.parsed for one in story.sent]
    known = {abi.open_log_call(bytes(32))[:4], abi.anchor_call(ROOT, 0, 1, ROOT)[:4]}
    assert {call[:4] for call in mined} == known
    written = b"".join(mined)
    readable = [str(story.contract), story.title, str(ALICE.did), "signed", "Two floors"]
    hashes = [
        one.raw for event in signed for one in (event.digest, event.statement_digest, event.document.root)
    ]
    assert [one for one in readable if one.encode() in written] == []
    assert [one for one in hashes if one in written] == []


async def calls_on_the_ledger(api: Api) -> list[bytes]:
    """The data of every transaction to the ledger contract."""

    async def ask(method: str, *params: Any) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        return (await api.client.post("/ledger/rpc", json=body)).raise_for_status().json()["result"]

    head = int(await ask("eth_blockNumber"), 16)
    blocks = [await ask("eth_getBlockByNumber", hex(number), False) for number in range(head + 1)]
    sent = [await ask("eth_getTransactionByHash", tx) for block in blocks for tx in block["transactions"]]
    return [bytes.fromhex(one["input"][2:]) for one in sent if one["to"]]


# --- A21: what is in the log, and what can be guessed ------------------------------------------------------------


async def test_a21_the_log_of_contracts_holds_events_key_ends_and_its_own_statements_alone(
    tmp_path: Path,
) -> None:
    async with running_api(tmp_path) as api:
        story = agreed(api)
        await api.tell(story)
        await api.get(f"/contracts/{story.contract}")
        await api.login(BOB)
        found = await leaves(api, 4)
    events = [one.parsed for one in story.sent]
    genesis = events[0].statement_digest
    expected = []
    for one in events:
        slot = slot_of(one, genesis)
        assert slot is not None
        expected.append(leaf_data(slot, one.digest))
    # Reading and logging in are what an audit would note: neither has left a leaf here.
    assert found == expected


async def test_a21_who_knows_all_of_an_event_but_its_seed_and_signature_does_not_find_its_leaf(
    tmp_path: Path,
) -> None:
    async with running_api(tmp_path) as api:
        story = agreed(api)
        await api.tell(story)
        found = {leaf[32:] for leaf in await leaves(api, 4)}
    proposed = story.sent[1].parsed
    document = story.document
    assert document is not None
    guesses = [SealedDocument.seal(document.document, H(f"guess {number}")) for number in range(50)]
    for guess in guesses:
        assert guess.ref.root != proposed.document.root
        body = event_statement(
            action=Action.proposed,
            contract=proposed.contract,
            sequence=1,
            previous=proposed.previous,
            actor=ALICE.did,
            party=0,
            occurred_at=proposed.occurred_at,
            document=guess.ref,
            details=dict(proposed.details),
        )
        assert Digest(H(encode(body))).raw not in found
        assert Envelope.from_json(secure(body, ALICE)).digest.raw not in found
    # Not even the statement tells its leaf: the signature is inside the digest.
    assert proposed.statement_digest.raw not in found
    assert proposed.digest.raw in found


def test_a21_slots_of_different_kinds_never_meet() -> None:
    genesis, key = H("genesis"), ALICE.key
    slots = [key_slot(key), log_slot(0), key_slot(genesis), log_slot(1)]
    slots += [spine_slot(genesis, number) for number in range(3)] + [spine_slot(H(encode(["x"])), 0)]
    assert len(set(slots)) == len(slots)


def test_a21_a_leaf_passes_for_no_inner_node_and_an_inner_node_for_no_leaf() -> None:
    data = [leaf_data(H(f"slot {n}"), H(f"digest {n}")) for n in range(4)]
    hashes = [leaf_hash(one) for one in data]
    root = tree_head(hashes)
    left, right = node_hash(*hashes[:2]), node_hash(*hashes[2:])
    # Both are hashes of 64 bytes; what stands in front of them tells them apart.
    posing = left + right
    assert len(posing) == len(data[0])
    assert leaf_hash(posing) != root
    with pytest.raises(LogError):
        verify_inclusion(leaf_hash(hashes[0] + hashes[1]), 0, 2, (right,), root)
    verify_inclusion(hashes[0], 0, 4, inclusion_path(hashes, 0), root)


def test_a21_a_leaf_of_another_kind_counts_as_a_gap_and_never_as_an_event() -> None:
    world = World().complete()
    log, entry = world.logs[0], H("Katrin looked at the contract.")
    log.append(H("a slot of another kind"), entry)
    world.anchor()
    evidence = world.evidence()
    assert world.verify(evidence).verdict is Verdict.verified
    path, note = inclusion_path(log.hashes(), log.index[entry]), log.note()
    proofs = {**evidence.logs[0].proofs, entry: tlog_proof(log.index[entry], path, note)}
    report = world.verify(replace(evidence, logs=(replace(evidence.logs[0], proofs=proofs),)))
    assert failing(report) == {"LOG-INCLUSION"}
    assert report.verdict is Verdict.incomplete
    assert len(report.events) == len(evidence.envelopes)
