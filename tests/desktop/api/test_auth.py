"""A key signs a login only after its text was read: whose it is, for which host, until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest

from cms_backend.core.errors import LoginError
from cms_backend.core.ids import Did, KeyText, Time
from cms_backend.core.login import LoginMessage
from cms_backend.core.signatures import Secp256k1Signer, Signer, Statement, verify_login
from cms_desktop.api.auth import log_in
from cms_desktop.api.client import Client
from tests.support.backend_contracts import ALICE, BOB
from tests.support.backend_process import BackendProcess

ORIGIN = "bank.example/log"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    with BackendProcess(tmp_path_factory.mktemp("home")) as running:
        yield running


class Careful:
    """Alice's key, which remembers what it has signed."""

    did: Did = ALICE.did
    key: KeyText = ALICE.key

    def __init__(self) -> None:
        self.signed: list[str] = []

    def sign(self, statement: Statement) -> str:
        raise AssertionError(statement)

    def sign_login(self, message: LoginMessage) -> str:
        self.signed.append(message.text)
        return ALICE.sign_login(message)


def text(**changes: Any) -> str:
    now = datetime.now(UTC)
    members: dict[str, Any] = {
        "domain": "bank.example",
        "address": ALICE.did,
        "uri": f"https://{ORIGIN}",
        "nonce": "0123456789abcdef",
        "issued_at": Time.from_datetime(now),
        "expiration_time": Time.from_datetime(now + timedelta(minutes=5)),
    }
    return LoginMessage(**{**members, **changes}).text


def server(challenge: str, address: str = "https://bank.example") -> Client:
    """A server at an address that shows this text, and takes what verifies."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/log/info"):
            return httpx.Response(200, json={"origin": ORIGIN})
        if request.url.path.endswith("/challenge"):
            return httpx.Response(
                200, json={"challenge": challenge, "expires_at": "2026-05-01T12:00:00.000Z"}
            )
        body = orjson.loads(request.content)
        verify_login(body["challenge"], body["signature"], body["did"])
        return httpx.Response(200, json={"token": "t", "expires_at": "2026-05-01T12:00:00.000Z"})

    return Client(address, transport=httpx.MockTransport(answer))


@pytest.mark.parametrize(
    "signer", [BOB, Secp256k1Signer(b"\x05" * 32), Secp256k1Signer(b"\x06" * 32, chain=1)]
)
async def test_every_kind_of_key_logs_in_at_a_real_backend(process: BackendProcess, signer: Signer) -> None:
    client = Client(process.url.removesuffix("/api/v1"), launch_secret=process.run["launch_secret"])
    token, until = await log_in(client, signer)
    client.use_token(token)
    assert (await client.contracts()).total == 0
    assert until.datetime > datetime.now(UTC)
    await client.aclose()


async def test_a_text_for_the_host_that_is_asked_is_signed() -> None:
    signer, shown = Careful(), text()
    assert (await log_in(server(shown), signer))[0] == "t"
    assert signer.signed == [shown]


@pytest.mark.parametrize(
    "address", ["https://evil.example", "https://bank.example.evil.example", "http://10.0.0.7:8000"]
)
async def test_a_server_cannot_hand_on_the_text_of_another(address: str) -> None:
    signer = Careful()
    with pytest.raises(LoginError, match="not to"):
        await log_in(server(text(), address), signer)
    assert signer.signed == []


async def test_a_server_behind_another_address_is_named_by_its_person() -> None:
    signer = Careful()
    await log_in(server(text(), "http://10.0.0.7:8000"), signer, domain="bank.example")
    assert len(signer.signed) == 1


@pytest.mark.parametrize(
    "challenge",
    [
        text(address=BOB.did),
        text(uri="https://bank.example/other"),
        text(expiration_time=Time("2026-05-01T12:00:00.000Z")),
        text(not_before=Time("2999-05-01T12:00:00.000Z")),
        text() + "\nI sign this revision and agree to be bound by it.",
        '{"@context":["https://w3id.org/security/data-integrity/v2"],"type":"ContractEvent"}',
        "",
    ],
    ids=[
        "another DID",
        "another log",
        "too late",
        "too early",
        "more than a login",
        "a contract event",
        "nothing",
    ],
)
async def test_a_text_that_is_no_login_of_this_key_here_and_now_is_not_signed(challenge: str) -> None:
    signer = Careful()
    with pytest.raises(LoginError):
        await log_in(server(challenge), signer)
    assert signer.signed == []
