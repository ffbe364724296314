"""Attacks on a backend by what else runs on its owner's computer: pages in a browser, other programs, impostors."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from cms_backend.core import attach
from cms_backend.core.signatures import Ed25519Signer
from cms_desktop.backend.launch import find_running
from cms_desktop.backend.supervisor import RestartPolicy, Supervisor
from tests.support.backend_contracts import BOB, Story
from tests.support.backend_process import BackendProcess
from tests.support.desktop_api import story_of

STRANGER = Ed25519Signer(bytes(range(99, 131)))


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    with BackendProcess(tmp_path_factory.mktemp("home")) as running:
        yield running


# --- a page in the browser --------------------------------------------------------------------------------------


def page(process: BackendProcess, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    """What a browser sends for a page; it never knows the launch secret."""
    base = process.url.removesuffix("/api/v1")
    data = None if body is None else json.dumps(body).encode()
    return httpx.request(method, base + path, content=data, headers=headers, timeout=20, trust_env=False)


FOREIGN = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


def test_a_page_neither_logs_in_nor_opens_a_record_nor_asks_the_ledger(process: BackendProcess) -> None:
    rpc = {"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": []}
    record = story_of(process, owner=BOB).create()
    tried = [
        ("POST", "/api/v1/auth/challenge", {"did": str(STRANGER.did)}),
        ("POST", "/api/v1/contracts", record.body),
        ("POST", "/ledger/rpc", rpc),
        ("POST", "/api/v1/backend/stop", {}),
        ("GET", "/api/v1/health", None),
        ("GET", "/api/v1/log/info", None),
        ("POST", "/api/v1/attach", {"nonce": "0" * 64}),
    ]
    for method, path, body in tried:
        for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
            typed = {} if body is None else {"Content-Type": kind}
            assert page(process, method, path, body, **FOREIGN, **typed).status_code == 403
            # A page that has no name: a sandboxed frame, a local file.
            assert page(process, method, path, body, Origin="null", **typed).status_code == 403
        # A name of the page that was made to point to this computer (DNS rebinding): no Origin for a GET.
        rebound = page(process, method, path, body, Host=f"evil.example:{process.run['port']}")
        assert rebound.status_code == 421
        assert "access-control-allow-origin" not in rebound.headers
    assert process.get("/contracts")["total"] == 0


def test_a_form_without_an_origin_brings_no_body_in(process: BackendProcess) -> None:
    for path in ("/ledger/rpc", "/api/v1/auth/challenge", "/api/v1/attach", "/api/v1/contracts/import"):
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            assert page(process, "POST", path, {}, **{"Content-Type": kind}).status_code == 415


def test_a_preflight_is_refused(process: BackendProcess) -> None:
    asked = {
        **FOREIGN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = page(process, "OPTIONS", "/api/v1/contracts", **asked)
    assert answer.status_code == 403
    assert [name for name in answer.headers if name.startswith("access-control")] == []


# --- another program ----------------------------------------------------------------------------------------------


def test_a_program_that_cannot_read_the_run_file_gets_nothing_but_a_proof(process: BackendProcess) -> None:
    paths = json.loads(json.dumps(process.get("/openapi.json")))["paths"]
    tried = 0
    for path, operations in paths.items():
        for method in operations:
            if path.endswith("/attach"):
                continue
            url = path.replace("{contract}", "6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12").replace(
                "{digest}", "0" * 64
            )
            answer = page(process, method.upper(), url)
            assert answer.status_code == 401, path
            tried += 1
    assert tried >= 15


def test_what_a_program_hears_in_the_exchange_opens_nothing(process: BackendProcess) -> None:
    asked = "0" * 64
    heard = page(
        process, "POST", "/api/v1/attach", {"nonce": asked}, **{"Content-Type": "application/json"}
    ).json()
    for shown in (
        f"{asked}.{heard['nonce']}.{heard['proof']}",
        f"{heard['nonce']}.{asked}.{heard['proof']}",
        f"{asked}.{heard['nonce']}.{'0' * 64}",
        heard["proof"],
    ):
        assert page(process, "GET", "/api/v1/contracts", **{attach.HEADER: shown}).status_code == 401


# --- an old run file -----------------------------------------------------------------------------------------------


class Impostor:
    """Took the port of a backend that was killed; answers every request as that backend's health would be answered,
    and keeps what it hears.
    """

    def __init__(self, pid: int, instance: str) -> None:
        self._said = json.dumps({"status": "ok", "pid": pid, "version": "1", "instance": instance}).encode()
        self.heard = b""

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        while data := await reader.read(65536):
            self.heard += data
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(self._said)}\r\n\r\n"
            writer.write(head.encode() + self._said)
        writer.close()


async def test_who_took_the_port_of_a_killed_backend_is_not_attached_to_and_hears_no_secret(
    tmp_path: Path,
) -> None:
    backend = BackendProcess(tmp_path)
    await asyncio.to_thread(backend.ready)
    backend.process.kill()
    await asyncio.to_thread(backend.process.communicate)
    # Its process number is some other program's by now: here, this one's.
    run = {**backend.run, "pid": os.getpid()}
    (tmp_path / "run.json").write_text(json.dumps(run))
    impostor = Impostor(os.getpid(), run["instance"])
    async with await asyncio.start_server(impostor.take, "127.0.0.1", run["port"]):
        assert await find_running(tmp_path) is None
        policy = RestartPolicy(tries=2, first_pause=0.01, watch_every=0.05)
        async with Supervisor(tmp_path, policy=policy) as supervisor:
            endpoint = supervisor.endpoint
            assert endpoint is not None
            assert endpoint.owned
            assert not endpoint.base_url.endswith(f":{run['port']}")
            assert endpoint.launch_secret != run["launch_secret"]
    assert impostor.heard.count(b"POST /api/v1/attach ") >= 2
    assert run["launch_secret"].encode() not in impostor.heard
    assert attach.HEADER.lower().encode() not in impostor.heard.lower()


def test_the_launch_secret_of_one_start_is_worth_nothing_at_the_next(tmp_path: Path) -> None:
    with BackendProcess(tmp_path) as first:
        shown = first.headers
        story: Story = story_of(first)
        first.post("/contracts", story.create().body)
    with BackendProcess(tmp_path) as second:
        assert page(second, "GET", "/api/v1/contracts", **shown).status_code == 401
        assert second.get("/contracts")["total"] == 1
