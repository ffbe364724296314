"""A backend is killed while events come in, again and again; nothing that it acknowledged is lost."""

import base64
import random
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from cms_backend.core.checkpoint import Checkpoint, open_note, parse_vkey
from cms_backend.core.ids import Digest
from cms_backend.core.merkle import leaf_hash, tree_head
from cms_backend.ledger import abi
from tests.support.backend_contracts import Story
from tests.support.backend_process import BackendProcess

ROUNDS = 6
_SETTLE_SECONDS = 60.0


class Witness:
    """Posts whole contracts and remembers what the backend has said: acknowledged events, checkpoints."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, set[str]] = {}
        self.checkpoints: list[Checkpoint] = []
        self.vkey = ""

    def post_until_it_is_gone(self, backend: BackendProcess) -> None:
        """Returns when the backend does not answer any more."""
        with httpx.Client(base_url=backend.url, headers=backend.headers, timeout=20) as client:
            try:
                info = client.get("/log/info").json()
                self.vkey = info["vkey"]
                log = {"vkey": info["vkey"], "operator": info["operator"]}
                while True:
                    self._post(client, Story(log=log).signed_by_both())
                    self._look(client)
            except httpx.TransportError:
                return

    def _post(self, client: httpx.Client, story: Story) -> None:
        known = self.acknowledged.setdefault(story.contract, set())
        path = "/contracts"
        for sent in story.sent:
            answer = client.post(path, json=sent.body)
            assert answer.status_code == 201, answer.text
            known.add(answer.json()["digest"])
            path = f"/contracts/{story.contract}/events"

    def _look(self, client: httpx.Client) -> None:
        answer = client.get("/log/checkpoint")
        if answer.status_code == 200:
            self.checkpoints.append(open_note(answer.text, parse_vkey(self.vkey)))


def _settled(backend: BackendProcess) -> dict[str, Any]:
    """The status once everything that was accepted is logged, anchored and final."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    with httpx.Client(base_url=backend.url, headers=backend.headers, timeout=20) as client:
        while time.monotonic() < deadline:
            status: dict[str, Any] = client.get("/status").json()
            newest = client.get("/anchors", params={"limit": 1}).json()["items"]
            anchored = bool(newest) and newest[0]["size"] == status["log"]["size"]
            if not status["queue"] and not status["anchors"]["pending"] and anchored:
                return status
    raise AssertionError(f"it did not settle: {status}")


def _roots(backend: BackendProcess, size: int) -> list[bytes]:
    """The leaf hashes of the whole log, as everybody can read them."""
    hashes: list[bytes] = []
    while len(hashes) < size:
        page = backend.get("/log/leaves", params={"start": len(hashes), "end": size})
        hashes += [leaf_hash(base64.b64decode(leaf)) for leaf in page["leaves"]]
    return hashes


def _on_the_ledger(backend: BackendProcess, anchor: dict[str, Any]) -> bytes:
    call = "0x" + abi.anchored_call(Digest(anchor["log_id"]), anchor["size"]).hex()
    request = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "eth_call",
        "params": [{"to": anchor["ledger"], "data": call}, "latest"],
    }
    url = backend.url.removesuffix("/api/v1") + "/ledger/rpc"
    answer = httpx.post(url, json=request, headers=backend.headers, timeout=20).json()
    found = abi.anchored_answer(bytes.fromhex(answer["result"][2:]))
    assert found is not None
    assert found.block == anchor["block"]
    return found.root.raw


@pytest.mark.slow
def test_what_a_killed_backend_acknowledged_is_there_logged_and_anchored(tmp_path: Path) -> None:
    home, witness, chance = tmp_path / "home", Witness(), random.Random(11)
    for _ in range(ROUNDS):
        with BackendProcess(home) as backend:
            killer = threading.Timer(chance.uniform(0.1, 2.5), backend.process.kill)
            killer.start()
            witness.post_until_it_is_gone(backend)
            killer.join()

    with BackendProcess(home) as backend:
        status = _settled(backend)
        assert status["log"]["frozen"] is None
        hashes = _roots(backend, status["log"]["size"])
        assert sum(map(len, witness.acknowledged.values())) > ROUNDS
        for contract, digests in witness.acknowledged.items():
            if digests:
                entries = backend.get(f"/contracts/{contract}")["entries"]
                logged = {one["digest"] for one in entries if one["index"] is not None}
                assert digests <= logged
                assert all(one["anchor"]["status"] == "confirmed" for one in entries)
        assert witness.checkpoints
        for seen in witness.checkpoints:
            assert tree_head(hashes[: seen.size]) == seen.root.raw
        for anchor in backend.get("/anchors", params={"limit": 100})["items"]:
            assert anchor["status"] == "confirmed"
            assert tree_head(hashes[: anchor["size"]]) == bytes.fromhex(anchor["root"])
            assert _on_the_ledger(backend, anchor) == bytes.fromhex(anchor["root"])
