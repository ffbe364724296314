"""`cms ledger deploy` on a real node: what it costs, what it makes, and every way in which it does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cms_backend.ledger.account import account_of
from tests.support.backend_process import BackendProcess
from tests.support.ledger_anvil import CHAIN_ID, SECRET, Anvil, free_port, running_anvil

PATIENCE = 60
CMS = (sys.executable, "-m", "cms_desktop.cli")


@pytest.fixture(scope="module")
def node() -> Iterator[Anvil]:
    with running_anvil() as running:
        yield running


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "payer.key"
    path.write_text(SECRET.hex() + "\n")
    return path


def deploy(*arguments: str | Path, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with nobody at the terminal."""
    command = [
        sys.executable,
        "-m",
        "cms_desktop.cli",
        "--home",
        str(home),
        "ledger",
        "deploy",
        *map(str, arguments),
    ]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **more},
    )


def test_a_deployed_ledger_is_the_one_that_a_backend_then_anchors_on(
    node: Anvil, key: Path, tmp_path: Path
) -> None:
    done = deploy("--node", node.url, "--key-file", key, "--yes", "--json", home=tmp_path / "nowhere")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    receipt = node.ask("eth_getTransactionReceipt", "0x" + made["tx"])
    assert made["address"] == receipt["contractAddress"]
    assert (made["block"], made["gas_used"]) == (int(receipt["blockNumber"], 16), int(receipt["gasUsed"], 16))
    assert (made["chain"], made["account"]) == (f"eip155:{CHAIN_ID}", account_of(SECRET))
    assert SECRET.hex() not in done.stdout + done.stderr
    assert not (tmp_path / "nowhere").exists()
    config = tmp_path / "cms.yaml"
    config.write_text(
        f"blockchain:\n  node_url: {node.url}\n  contract_address: '{made['address']}'\n"
        f"  chain_id: {CHAIN_ID}\n  private_key_path: {key}\n"
    )
    with BackendProcess(tmp_path / "home", "--config", str(config)):
        status = subprocess.run(
            [*CMS, "--home", str(tmp_path / "home"), "ledger", "status", "--wait", "30"],
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        ).stdout
    assert f"rpc (node), ready, chain eip155:{CHAIN_ID}" in status, status
    print(f"deployed with {made['gas_used']:,} gas")


def test_what_to_set_is_printed_and_settings_stand_in_for_options(
    node: Anvil, key: Path, tmp_path: Path
) -> None:
    settings = {"CMS_BLOCKCHAIN__NODE_URL": node.url, "CMS_BLOCKCHAIN__PRIVATE_KEY_PATH": str(key)}
    done = deploy("--yes", home=tmp_path, **settings)
    assert done.returncode == 0, done.stderr
    assert f"CMS_BLOCKCHAIN__CHAIN_ID={CHAIN_ID}" in done.stdout
    assert "CMS_BLOCKCHAIN__CONTRACT_ADDRESS=0x" in done.stdout


def test_without_anybody_to_agree_only_the_cost_is_told(node: Anvil, key: Path, tmp_path: Path) -> None:
    before = node.ask("eth_blockNumber")
    done = deploy("--node", node.url, "--key-file", key, home=tmp_path)
    assert done.returncode == 1
    assert "at most 0.0" in done.stderr
    assert "--yes" in done.stderr
    assert node.ask("eth_blockNumber") == before


def test_a_chain_that_is_slow_is_waited_for(node: Anvil, key: Path, tmp_path: Path) -> None:
    node.automine(False)
    try:
        node.ask("evm_setIntervalMining", 2)
        done = deploy("--node", node.url, "--key-file", key, "--yes", home=tmp_path)
    finally:
        node.ask("evm_setIntervalMining", 0)
        node.automine(True)
    assert done.returncode == 0, done.stderr


def test_what_stands_in_the_way_is_named(node: Anvil, key: Path, tmp_path: Path) -> None:
    poor, broken = tmp_path / "poor.key", tmp_path / "broken.key"
    poor.write_text("11" * 32)
    broken.write_text("no key")
    cases = (
        (("--node", node.url, "--key-file", poor, "--yes"), {}, 1, "cannot pay"),
        (("--node", node.url, "--key-file", broken, "--yes"), {}, 74, "does not hold a private key"),
        (("--node", node.url, "--key-file", tmp_path / "gone", "--yes"), {}, 74, "cannot be read"),
        (("--node", node.url, "--yes"), {}, 78, "blockchain.private_key_path"),
        (("--key-file", key, "--yes"), {}, 78, "blockchain.node_url"),
        (
            ("--node", "http://127.0.0.1:99999", "--key-file", key, "--yes"),
            {},
            64,
            "not the address of a node",
        ),
        (("--node", f"http://127.0.0.1:{free_port()}", "--key-file", key, "--yes"), {}, 1, "does not answer"),
        (
            ("--node", node.url, "--key-file", key, "--yes"),
            {"CMS_BLOCKCHAIN__CHAIN_ID": "1"},
            1,
            "settings name 1",
        ),
    )
    for arguments, settings, code, words in cases:
        done = deploy(*arguments, home=tmp_path / "home", **settings)
        assert (done.returncode, done.stdout) == (code, ""), (arguments, done.stderr)
        assert words in done.stderr
        assert "Traceback" not in done.stderr
