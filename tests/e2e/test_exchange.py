"""Two people, two computers, no server: files go back and forth on the command line, and a third computer verifies."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_demo import ROOT, cms

DRAFT = """+++
title = "Lending a bicycle"
valid_until = 2030-01-01

[[parties]]
name = "Katrin Ostermann"
did = "{katrin}"
step = 1

[[parties]]
name = "Idris Calloway"
did = "{idris}"
step = 2

[variables]
deposit = {{type = "money", value = "€50"}}
+++
## What is lent

A blue touring bicycle with two panniers and a lock.

## Deposit

The borrower leaves {{{{deposit}}}} as a deposit.
"""


class Side:
    """A person with a home, a passphrase file and the command line."""

    def __init__(self, folder: Path, name: str) -> None:
        self.home = folder / name.split()[0].lower()
        self.secret = folder / f"{name}.txt"
        self.secret.write_text("seven quiet otters paint\n")
        made = self.run(
            "wallet",
            "create",
            "--name",
            name,
            "--passphrase-file",
            self.secret,
            "--words-file",
            folder / f"{name}.words",
        )
        self.did = made.stdout.split("DID:")[1].strip()

    def serve(self) -> "subprocess.Popen[str]":
        """A backend of this home for the whole story, so that each command attaches to it."""
        command = [sys.executable, "-m", "cms_backend", "serve", "--home", str(self.home), "--child"]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["ready"]
        return process

    def run(self, *arguments: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
        """A command that must end with this code."""
        done = cms(*arguments, home=self.home)
        assert done.returncode == code, f"{arguments}\n{done.stdout}\n{done.stderr}"
        return done

    def act(self, *arguments: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
        """The same, with the passphrase."""
        return self.run(*arguments, "--passphrase-file", self.secret, code=code)

    def sign(self, contract: str) -> subprocess.CompletedProcess[str]:
        """Sign the pending text, named by its root as a script has to."""
        pending = json.loads(self.run("contract", "show", contract, "--json").stdout)["pending"]
        return self.act("contract", "sign", contract, "--root", pending["root"])

    def hand_to(self, other: "Side", contract: str, folder: Path) -> str:
        """Export the evidence, and let the other side take it in."""
        file = folder / "handed.cmsproof"
        self.run("evidence", "export", contract, "--out", file)
        return other.run("contract", "import", file).stdout


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    katrin, idris = Side(tmp_path, "Katrin Ostermann"), Side(tmp_path, "Idris Calloway")
    backends = [katrin.serve(), idris.serve()]
    yield katrin, idris
    for one in backends:
        # The end of its standard input is the end of a backend's parent.
        one.communicate(timeout=30)
        assert one.returncode == 0


@pytest.mark.slow
def test_a_contract_is_signed_amended_and_ended_by_files_alone(
    tmp_path: Path, sides: tuple[Side, Side]
) -> None:
    katrin, idris = sides
    text = tmp_path / "bicycle.md"
    text.write_text(DRAFT.format(katrin=katrin.did, idris=idris.did), "utf-8")

    proposed = katrin.act("contract", "propose", text)
    contract = proposed.stdout.split("Contract ")[1].split()[0]
    katrin.sign(contract)
    assert "3 new" in katrin.hand_to(idris, contract, tmp_path)

    signed = idris.sign(contract[:8])
    assert "kept here" in signed.stdout
    assert "1 new" in idris.hand_to(katrin, contract, tmp_path)
    shown = json.loads(katrin.run("contract", "show", contract, "--json").stdout)
    assert shown["status"] == "in_force"
    assert [one["action"] for one in shown["events"]] == ["created", "proposed", "signed", "signed"]

    draft = tmp_path / "amended.md"
    katrin.run("contract", "amend", contract, "--out", draft)
    draft.write_text(draft.read_text("utf-8").replace("€50 as", "€80 as"), "utf-8")
    katrin.act("contract", "propose", draft)
    difference = katrin.run("contract", "diff", contract).stdout
    assert "[-50-]{+80+}" in difference
    katrin.sign(contract)
    katrin.hand_to(idris, contract, tmp_path)
    idris.act("contract", "decline", contract, "--reason", "Fifty was agreed.")
    idris.hand_to(katrin, contract, tmp_path)
    state = json.loads(katrin.run("contract", "show", contract, "--json").stdout)
    assert state["status"] == "in_force"
    assert state["awaited"] == []

    katrin.act("contract", "comment", contract, "Then it stays at fifty.")
    katrin.act("contract", "terminate", contract, "--reason", "The bicycle is back.")
    proof = tmp_path / "end.cmsproof"
    katrin.run("evidence", "export", contract, "--out", proof)
    third = cms("verify", proof, home=tmp_path / "third")
    assert third.returncode == 0, third.stdout
    assert "Verified. Terminated" in third.stdout
    assert cms("verify", proof, "--require", "in-force", home=tmp_path / "third").returncode == 2
    assert "it fits" in katrin.run("log", "check").stdout
    assert idris.act("contract", "sign", contract, "--root", "0" * 8, code=1).stderr.startswith("cms: ")
