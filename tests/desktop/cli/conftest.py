"""The command in this process, and a home with a wallet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli_run import Run, passphrase_file, runner
from tests.support.wallet_home import wallet


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(monkeypatch, capsys)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Katrin's home: a wallet of the well-known test words, with one Ed25519 identity."""
    wallet(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file with the passphrase of `home`."""
    return passphrase_file(tmp_path)
