"""Which exit code an error of ours ends a command with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cms_backend.core.errors import CmsError, DidError, EvidenceError, FormError, StaleSpine
from cms_backend.report.pdf import CertificateError
from cms_desktop.api.errors import BackendSilent, ProblemBody, Refused
from cms_desktop.api.node_address import NodeAddressError
from cms_desktop.backend.errors import BackendUnavailable
from cms_desktop.cli.context import exit_code_of
from cms_desktop.cli.prompt import NeedsAnswer
from cms_desktop.wallet.errors import NewerWallet, WalletDamaged, WalletUnreadable, WrongPassphrase
from tests.support.cli_run import Run


def answered(status: int) -> Refused:
    return Refused(ProblemBody(status, "some.code", "Why.", None))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FormError("x"), 64),
        (DidError("x"), 64),
        (EvidenceError("x", check="FILE-PARSE"), 64),
        (NodeAddressError("x"), 64),
        (WalletDamaged("x"), 74),
        (NewerWallet("x"), 74),
        (WalletUnreadable("x"), 74),
        (WrongPassphrase("x"), 1),
        (NeedsAnswer("x"), 1),
        (StaleSpine("x"), 1),
        (answered(409), 1),
        (answered(429), 1),
        (answered(503), 1),
        (BackendSilent("x"), 1),
        (BackendUnavailable("x"), 1),
        (answered(500), 70),
        (CertificateError("x"), 70),
        (CmsError("x"), 70),
    ],
)
def test_what_went_wrong_tells_the_exit_code(error: CmsError, code: int) -> None:
    assert exit_code_of(error) == code


ENDLESS = "/dev/zero"


@pytest.mark.parametrize(
    "command",
    [
        ("contract", "import", ENDLESS),
        ("contract", "draft", ENDLESS),
        ("contact", "add", ENDLESS),
        ("evidence", "show", ENDLESS),
        ("evidence", "report", ENDLESS),
        ("wallet", "show", "--passphrase-file", ENDLESS),
        ("wallet", "restore", "--backup", ENDLESS, "--passphrase-file", "PASSPHRASE"),
    ],
    ids=" ".join,
)
def test_no_command_reads_a_file_without_end(
    run: Run, home: Path, secret: Path, command: tuple[str, ...]
) -> None:
    arguments = [str(secret) if word == "PASSPHRASE" else word for word in command]
    where = home.with_name("empty") if "restore" in command else home
    done = run(*arguments, home=where)
    assert done.code == 74, done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("target", ["device", "pipe", "folder"])
def test_no_command_writes_over_what_is_no_file(tmp_path: Path, home: Path, target: str) -> None:
    out = tmp_path / "out"
    if target == "device":
        out.symlink_to("/dev/null")
    elif target == "pipe":
        os.mkfifo(out)
    else:
        out.mkdir()
    before = out.lstat().st_mode, Path("/dev/null").stat().st_rdev
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("seven quiet otters paint")
    command = ["contact", "card", "--out", str(out), "--passphrase-file", str(passphrase)]
    done = subprocess.run(
        [sys.executable, "-m", "cms_desktop.cli", "--home", str(home), *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 74, done.stderr
    assert f"a {target}, not a file" in done.stderr
    assert (out.lstat().st_mode, Path("/dev/null").stat().st_rdev) == before
