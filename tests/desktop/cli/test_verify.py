"""`cms verify` as a program: its exit codes (protocol, section 9) and what it loads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def cms(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a home of its own."""
    command = [sys.executable, "-m", "cms_desktop.cli", "--home", str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"\xff\xfe", b"[" * 100_000, b"%PDF-1.4\n%%EOF", b"%PDF-1.7\n" + b"\0" * 50]
)
def test_what_is_no_evidence_file_is_no_proof_and_never_a_fault_of_ours(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.cmsproof"
    file.write_bytes(data)
    done = cms("verify", "--json", str(file), home=tmp_path / "home")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["verdict"] == "no_proof"
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_ends_with_74_and_names_it(tmp_path: Path) -> None:
    done = cms("verify", str(tmp_path / "gone.cmsproof"), home=tmp_path)
    assert done.returncode == 74
    assert "gone.cmsproof" in done.stderr


def test_of_several_files_the_worst_counts(tmp_path: Path) -> None:
    bad = tmp_path / "bad.cmsproof"
    bad.write_bytes(b"{}")
    done = cms("verify", str(tmp_path / "gone.cmsproof"), str(bad), home=tmp_path)
    assert done.returncode == 1


@pytest.mark.parametrize(
    "arguments", [("verify",), ("verify", "--require", "luck", "x"), ("verify", "--no-such", "x")]
)
def test_wrong_usage_ends_with_64(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert cms(*arguments, home=tmp_path).returncode == 64


def test_verifying_leaves_no_home_behind_and_help_loads_neither_qt_nor_cryptography(tmp_path: Path) -> None:
    file = tmp_path / "x.cmsproof"
    file.write_bytes(b"{}")
    cms("verify", str(file), home=tmp_path / "home")
    assert not (tmp_path / "home").exists()
    probe = (
        "import sys\nfrom cms_desktop.cli.entry import main\nsys.argv = ['cms', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([one for one in ('PySide6', 'nacl', 'httpx', 'web3') if one in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr.strip().endswith("[]")
