"""`cms log`: what the log shows is compared with what it signed, and with what this home has seen of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import orjson

from cms_backend.core.checkpoint import open_note, parse_vkey
from cms_backend.core.signatures import Ed25519Signer
from cms_desktop.api.client import Client
from cms_desktop.workflow.drafts import Draft, DraftParty, DraftStore
from cms_desktop.workflow.workspace import Workspace
from tests.support.backend_process import BackendProcess
from tests.support.cli_run import Run
from tests.support.desktop_log import sign_another_history

ANNA, BORIS = Ed25519Signer(b"\x01" * 32), Ed25519Signer(b"\x02" * 32)
PATIENCE = 20.0


async def fill(process: BackendProcess, home: Path) -> None:
    """One proposed contract, logged."""
    client = Client(process.url.removesuffix("/api/v1"), launch_secret=process.run["launch_secret"])
    parties = (DraftParty(did=ANNA.did, name="Anna", step=1), DraftParty(did=BORIS.did, name="Boris", step=2))
    try:
        draft = replace(Draft.new("Lift"), parties=parties, clauses=("## Scope\n\nOne lift.",))
        await Workspace(client, DraftStore(home)).propose(draft, ANNA)
        async with asyncio.timeout(PATIENCE):
            while (await client.status()).log_size < 2:
                await asyncio.sleep(0.02)
    finally:
        await client.aclose()


def test_a_log_that_keeps_its_word_fits(tmp_path: Path, run: Run) -> None:
    with BackendProcess(tmp_path) as process:
        asyncio.run(fill(process, tmp_path))
        first, again = run("log", "check", home=tmp_path), run("log", "check", home=tmp_path)
        note = run("log", "show", home=tmp_path)
    assert (first.code, again.code) == (0, 0)
    assert "seen for the first time" in first.out
    assert "continues what was seen" in again.out or "as at the last look" in again.out
    assert "it fits" in again.out
    pin = orjson.loads((tmp_path / "logs-seen" / "pin.json").read_bytes())
    assert open_note(note.out, parse_vkey(pin["vkey"])).size >= 2


def test_another_history_than_before_ends_with_1_and_names_the_proof(tmp_path: Path, run: Run) -> None:
    with BackendProcess(tmp_path) as process:
        asyncio.run(fill(process, tmp_path))
        run("log", "check", home=tmp_path)
        sign_another_history(tmp_path)
        done = run("log", "check", home=tmp_path)
    (proof,) = (tmp_path / "logs-seen").glob("alarm-*.json")
    assert done.code == 1
    assert "another history" in done.out
    assert str(proof) in done.out


def test_an_empty_log_has_no_checkpoint_yet_and_says_so(tmp_path: Path, run: Run) -> None:
    with BackendProcess(tmp_path):
        done = run("log", "show", home=tmp_path)
    assert done.code != 0
    assert "no checkpoint yet" in done.err
