"""The HTTP frame: who is let in, how refusals look, what hostile bodies get."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cms_backend.app import PREFIX
from tests.support.backend_app import Api, running_api
from tests.support.backend_contracts import ALICE, BOB, CAROL, Story


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with running_api(tmp_path / "home", limits={"body": 20_000, "evidence": 40_000}) as api:
        yield api


PROBLEM = {"type", "title", "status", "detail", "code", "remedy", "request"}


async def test_health_needs_nothing_and_everything_else_a_login(api: Api) -> None:
    nobody = {"X-CMS-Launch": ""}
    assert (await api.get("/health", headers=nobody))["status"] == "ok"
    for path in ("/contracts", "/status", "/contracts/6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12", "/stream"):
        refused = await api.get(path, 401, headers=nobody)
        assert refused["code"] == "auth.required"
        assert refused.keys() >= PROBLEM


@pytest.mark.parametrize("secret", [b"x", b"5" * 63, b"5" * 65, b"\xe9" * 64], ids=len)
async def test_a_wrong_launch_secret_is_refused(api: Api, secret: bytes) -> None:
    headers = {b"X-CMS-Launch": secret}
    assert (await api.get("/contracts", 401, headers=headers))["code"] == "auth.required"


@pytest.mark.parametrize("value", ["Bearer", "Bearer x.y.z", "Basic YTpi", "bearer " + "a" * 10_000])
async def test_a_wrong_token_is_refused(api: Api, value: str) -> None:
    refused = await api.get("/contracts", 401, headers={"X-CMS-Launch": "", "Authorization": value})
    assert refused["code"].startswith("auth.")


async def test_a_logged_in_person_sees_their_own_contracts_and_no_others(api: Api) -> None:
    mine, other = Story(log=api.log), Story(log=api.log, owner=BOB, title="Lease")
    await api.tell(mine.signed_by_both())
    other.parties = (mine.parties[1],)
    other.create()
    await api.tell(other)
    alice, carol = await api.login(ALICE), await api.login(CAROL)
    assert [row["id"] for row in (await api.get("/contracts", headers=alice))["items"]] == [mine.contract]
    assert (await api.get("/contracts", headers=carol))["total"] == 0
    assert (await api.get("/contracts"))["total"] == 2
    assert (await api.get(f"/contracts/{mine.contract}", headers=alice))["id"] == mine.contract
    for path in (f"/contracts/{mine.contract}", f"/contracts/{mine.contract}/evidence"):
        assert (await api.get(path, 404, headers=carol))["code"] == "http.not-found"


async def test_a_logged_in_person_cannot_stop_the_backend(api: Api) -> None:
    refused = await api.post("/backend/stop", {}, 403, headers=await api.login(ALICE))
    assert refused["code"] == "auth.local-only"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "http.not-found"),
        ("DELETE", "/contracts", 405, "http.method"),
        ("GET", "/contracts/NOT-AN-ID", 422, "http.parameter"),
        ("GET", "/contracts?limit=0", 422, "http.parameter"),
        ("GET", "/contracts?limit=many", 422, "http.parameter"),
        ("GET", "/contracts?status=happy", 400, "http.bad-request"),
        ("GET", "/contracts?sort=colour", 400, "http.bad-request"),
        ("GET", "/contracts?cursor=%00", 400, "http.bad-request"),
        ("GET", "/contracts?cursor=bnVsbA", 400, "http.bad-request"),
        ("GET", "/log/leaves?start=5&end=1", 400, "http.bad-request"),
        ("GET", "/log/leaves?start=0&end=999999", 400, "http.bad-request"),
        ("GET", "/log/checkpoint", 404, "log.not-found"),
        ("GET", "/log/inclusion/" + "0" * 64, 404, "log.not-found"),
        ("GET", "/log/consistency?old=1&new=2", 404, "log.not-found"),
        ("GET", "/resolutions?did=alice", 400, "did.invalid"),
    ],
)
async def test_a_wrong_request_is_a_problem_with_a_code(
    api: Api, method: str, path: str, status: int, code: str
) -> None:
    response = await api.client.request(method, f"{PREFIX}{path}")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["code"] == code
    assert body["status"] == status
    assert body["request"] == response.headers["x-request-id"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe",
        b'{"envelope": 1, "envelope": 1, "document": null}',
        b'{"envelope": {}, "document": null} x',
        b'{"envelope": {}, "document": null, "more": 1}',
        b'{"envelope": 1.5, "document": null}',
        b'{"envelope": NaN, "document": null}',
        b'{"envelope": 1e400, "document": null}',
        b'{"envelope": 99999999999999999999, "document": null}',
        b'{"envelope": "\\ud800", "document": null}',
        b'{"envelope": "\\u0000", "document": null}',
        b'{"envelope": "e\xcc\x81", "document": null}',
        b'{"envelope": ' + b"[" * 5000 + b"]" * 5000 + b', "document": null}',
        b'{"envelope": {"__proto__": {}}, "document": null}',
    ],
)
async def test_hostile_json_is_refused_everywhere(api: Api, body: bytes) -> None:
    contract = "6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12"
    paths = (
        "/contracts",
        f"/contracts/{contract}/events",
        "/key-ends",
        "/contracts/import",
        "/auth/challenge",
        "/log/inclusion",
    )
    for path in paths:
        refused = await api.post(path, body, 400)
        assert refused["code"] in ("form.invalid", "evidence.invalid"), path
        assert refused["detail"]
    assert (await api.post("/events/batch", body, 400))["code"] == "form.invalid"


async def test_proofs_are_asked_for_in_lists_of_bounded_length(api: Api) -> None:
    digest = "0" * 64
    assert await api.post("/log/inclusion", {"digests": [digest] * 1000}, 200) == {"size": 0, "proofs": {}}
    for wrong in ([digest] * 1001, digest, [digest[1:]], [None], {digest: 1}):
        assert (await api.post("/log/inclusion", {"digests": wrong}, 400))["code"] == "form.invalid"
    assert (await api.post("/log/inclusion", b" " * 140_000, 413))["code"] == "http.too-large"


async def test_an_oversized_body_is_refused_before_it_is_held(api: Api) -> None:
    for path, size in (("/contracts", 20_001), ("/events/batch", 40_001), ("/contracts/import", 40_001)):
        assert (await api.post(path, b" " * size, 413))["code"] == "http.too-large"


async def test_an_oversized_body_without_a_length_is_refused_too(api: Api) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1000):
            read += 1
            yield b"[" * 1000

    response = await api.client.post(f"{PREFIX}/contracts", content=endless())
    assert response.status_code == 413
    assert read < 50


async def test_the_description_names_every_path_and_the_shapes_of_bodies(api: Api) -> None:
    document = await api.get("/openapi.json")
    text = json.dumps(document)
    for name in ("NewContract", "EventBatch", "LoginAnswer", "Problem", "Contract", "Page"):
        assert name in document["components"]["schemas"]
    references = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert references <= document["components"]["schemas"].keys()


async def test_the_answer_is_not_kept_by_caches(api: Api) -> None:
    response = await api.client.get(f"{PREFIX}/contracts")
    assert response.headers["cache-control"] == "no-store"
