"""A backend whose ledger is a node of its own, that is away when it starts."""

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import ledger_anvil
from tests.support.backend_contracts import Story
from tests.support.backend_process import BackendProcess
from tests.support.frozen_homes import log_of, post, run
from tests.support.ledger_anvil import Anvil
from tests.support.ledger_worlds import deploy

#: Where the first transaction of the node's first account puts its contract, on every new chain.
_ADDRESS = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
_SECONDS = 60.0


@pytest.fixture
def node() -> Iterator[Anvil]:
    made = Anvil()
    yield made
    made.kill()


def _config(folder: Path, node: Anvil) -> Path:
    key, config = folder / "key", folder / "cms.yaml"
    key.write_text(ledger_anvil.SECRET.hex())
    config.write_text(
        f"blockchain:\n  node_url: {node.url}\n  chain_id: {ledger_anvil.CHAIN_ID}\n"
        f"  contract_address: '{_ADDRESS}'\n  confirmations: 1\n  private_key_path: {key}\n"
    )
    return config


def _until(backend: BackendProcess, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        status: dict[str, Any] = backend.get("/status")
        if fits(status):
            return status
    raise AssertionError(f"it did not come to that: {status}")


@pytest.mark.slow
def test_events_are_accepted_without_the_node_and_anchored_once_it_is_there(
    tmp_path: Path, node: Anvil
) -> None:
    with BackendProcess(tmp_path / "home", "--config", str(_config(tmp_path, node))) as backend:
        away = _until(backend, lambda status: status["ledger"]["state"] == "unavailable")
        assert "does not answer" in away["ledger"]["reason"]
        info = backend.get("/log/info")
        story = Story(log={"vkey": info["vkey"], "operator": info["operator"]}).signed_by_both()
        backend.post("/contracts", story.sent[0].body)
        for sent in story.sent[1:]:
            backend.post(f"/contracts/{story.contract}/events", sent.body)

        node.start()
        assert asyncio.run(deploy(node)) == _ADDRESS
        _until(backend, lambda status: status["anchors"]["pending"] > 0)
        node.mine(3)
        status = _until(backend, lambda status: status["anchors"]["confirmed"] > 0)
        assert status["ledger"]["kind"] == "rpc"
        assert status["ledger"]["chain"] == f"eip155:{ledger_anvil.CHAIN_ID}"
        entries = backend.get(f"/contracts/{story.contract}")["entries"]
        assert [one["anchor"]["status"] for one in entries] == ["confirmed"] * 4
        assert not (tmp_path / "home/ledger.sqlite3").exists()


def _anchored(backend: BackendProcess, node: Anvil, size: int) -> None:
    """All of a log of at least this size is on the node's ledger."""
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        node.mine(3)
        newest = backend.get("/anchors", params={"limit": 1})["items"]
        if newest and newest[0]["size"] >= size and newest[0]["status"] == "confirmed":
            return
        time.sleep(0.2)
    raise AssertionError("it was not anchored")


@pytest.mark.slow
def test_a_log_that_was_put_back_is_frozen_by_the_node_before_it_accepts_anything(
    tmp_path: Path, node: Anvil
) -> None:
    node.start()
    assert asyncio.run(deploy(node)) == _ADDRESS
    config, home, old = _config(tmp_path, node), tmp_path / "home", tmp_path / "old"
    with BackendProcess(home, "--config", str(config)) as backend:
        log = log_of(backend)
        _until(backend, lambda status: status["log"]["size"] > 0)
    shutil.copytree(home, old)
    assert run("backup", "--home", home, "--out", tmp_path / "backup").returncode == 0
    with BackendProcess(home, "--config", str(config)) as backend:
        assert post(backend, Story(log=log).signed_by_both()) == 4
        _anchored(backend, node, 5)

    began = time.monotonic()
    with BackendProcess(old, "--config", str(config)) as backend:
        print(f"ready after {time.monotonic() - began:.1f} s, the node compared before")
        assert post(backend, Story(log=log).signed_by_both()) == 0
        assert "behind the ledger" in backend.get("/status")["log"]["frozen"]

    node.freeze()
    try:
        # A mark is not taken away before the node was asked.
        done = run("resume", "--home", tmp_path / "backup", "--config", config)
        assert done.returncode == 1
        assert "does not answer" in done.stderr
    finally:
        node.thaw()
    done = run("resume", "--home", tmp_path / "backup", "--config", config)
    assert done.returncode == 1
    assert "behind the ledger" in done.stderr


@pytest.mark.slow
def test_while_the_node_is_silent_a_log_goes_on_and_is_frozen_before_the_node_is_written_to(
    tmp_path: Path, node: Anvil
) -> None:
    node.start()
    assert asyncio.run(deploy(node)) == _ADDRESS
    config, home, old = _config(tmp_path, node), tmp_path / "home", tmp_path / "old"
    with BackendProcess(home, "--config", str(config)) as backend:
        log = log_of(backend)
        _until(backend, lambda status: status["log"]["size"] > 0)
    shutil.copytree(home, old)
    with BackendProcess(home, "--config", str(config)) as backend:
        assert post(backend, Story(log=log).signed_by_both()) == 4
        assert post(backend, Story(log=log).signed_by_both()) == 4
        _anchored(backend, node, 9)
        on_ledger = backend.get("/anchors", params={"limit": 1})["items"][0]["size"]

    node.freeze()
    began = time.monotonic()
    with BackendProcess(old, "--config", str(config)) as backend:
        print(f"ready after {time.monotonic() - began:.1f} s without the node")
        assert post(backend, Story(log=log).signed_by_both()) == 4
        node.thaw()
        status = _until(backend, lambda status: status["log"]["frozen"] is not None)
        assert f"of {on_ledger}" in status["log"]["frozen"]
        assert post(backend, Story(log=log).signed_by_both()) == 0
