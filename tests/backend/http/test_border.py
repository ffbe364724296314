"""What is refused by the headers alone: other names of the host, pages of other sites, bodies that are no JSON."""

from collections.abc import Mapping

import pytest
from starlette.types import Message, Receive, Scope, Send

from cms_backend.http.border import BorderMiddleware

PORT = 4711
OWN = f"127.0.0.1:{PORT}"
PROOF = "application/vnd.cms.proof+json"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """What lies behind the border; it answers 204, and never reads."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def status(
    *headers: tuple[str, str], path: str = "/x", address: str = "127.0.0.1", host: str | None = OWN
) -> int:
    """The status of a POST with these headers."""
    border = BorderMiddleware(
        app, address=address, names=("Contracts.example",), media_types={"/import": (PROOF,)}
    )
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("a refused body is not read")

    async def send(message: Message) -> None:
        sent.append(message)

    named = headers if host is None else (("host", host), *headers)
    await border(
        {
            "type": "http",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "server": ("127.0.0.1", PORT),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in named],
        },
        receive,
        send,
    )
    found: Mapping[bytes, bytes] = dict(sent[0]["headers"])
    if sent[0]["status"] != 204:
        assert found[b"content-type"] == b"application/problem+json"
        assert found[b"connection"] == b"close"
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    "host",
    [
        OWN,
        f"localhost:{PORT}",
        f"LOCALHOST:{PORT}",
        f"[::1]:{PORT}",
        "contracts.example",
        "contracts.example:8",
    ],
)
async def test_own_names_are_let_through(host: str) -> None:
    assert await status(host=host) == 204


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "127.0.0.1",
        "127.0.0.1:80",
        f"127.0.0.2:{PORT}",
        f"evil.example:{PORT}",
        f"127.0.0.1.evil.example:{PORT}",
        f"localhost.:{PORT}",
        f"localhost@evil.example:{PORT}",
        f"127.0.0.1:{PORT}0",
        f"127.0.0.1:{PORT} ",
        f"127.0.0.1:{PORT},evil.example",
        "x.contracts.example",
        f"0.0.0.0:{PORT}",
        f"2130706433:{PORT}",
        f"127.0.0.1:\xb2{PORT}",
    ],
)
async def test_every_other_name_is_misdirected(host: str | None) -> None:
    assert await status(host=host) == 421


async def test_two_names_are_none() -> None:
    assert await status(("host", OWN)) == 421


async def test_the_address_that_is_listened_on_is_an_own_name() -> None:
    assert await status(host=f"10.0.0.7:{PORT}", address="10.0.0.7") == 204
    assert await status(host=f"[fd00::7]:{PORT}", address="fd00::7") == 204


@pytest.mark.parametrize(
    ("header", "value", "answer"),
    [
        ("origin", f"http://{OWN}", 204),
        ("origin", f"https://{OWN}", 204),
        ("origin", "null", 403),
        ("origin", "", 403),
        ("origin", "https://evil.example", 403),
        ("origin", f"http://localhost:{PORT}", 403),
        ("origin", f"http://127.0.0.1:{PORT - 1}", 403),
        ("origin", f"http://{OWN}.evil.example", 403),
        ("sec-fetch-site", "none", 204),
        ("sec-fetch-site", "same-origin", 204),
        ("sec-fetch-site", "same-site", 403),
        ("sec-fetch-site", "cross-site", 403),
    ],
)
async def test_a_page_of_another_site_is_refused(header: str, value: str, answer: int) -> None:
    assert await status((header, value)) == answer


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("application/json", 204),
        ("Application/JSON; charset=utf-8", 204),
        ("text/plain", 415),
        ("text/plain;application/json", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/jsonp", 415),
        (PROOF, 415),
        ("", 415),
    ],
)
async def test_only_json_comes_in(kind: str, answer: int) -> None:
    assert await status(("content-type", kind), ("content-length", "2")) == answer


async def test_a_body_without_a_type_or_with_two_is_refused_however_it_is_announced() -> None:
    assert await status(("content-length", "2")) == 415
    assert await status(("transfer-encoding", "chunked")) == 415
    assert await status(("content-type", "application/json"), ("content-type", "text/plain")) == 415
    assert await status(("content-length", "0")) == 204


async def test_an_address_for_evidence_takes_that_and_no_json() -> None:
    assert await status(("content-type", PROOF), ("content-length", "2"), path="/import") == 204
    assert await status(("content-type", "application/json"), ("content-length", "2"), path="/import") == 415
