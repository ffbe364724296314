"""The HTTP frame: who is let in, how refusals look, what hostile bodies get."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cms_backend.app import PREFIX
from cms_backend.core import attach
from tests.support.backend_app import NOBODY, SECRET, Api, running_api
from tests.support.backend_contracts import ALICE, BOB, CAROL, Story


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with running_api(tmp_path / "home", limits={"body": 20_000, "evidence": 40_000}) as api:
        yield api


JSON = {"Content-Type": "application/json"}
PROBLEM = {"type", "title", "status", "detail", "code", "remedy", "request"}


KNOWN = (
    "/health",
    "/status",
    "/contracts",
    "/contracts/6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12",
    "/log/info",
    "/openapi.json",
    "/stream",
)


async def test_who_does_not_know_the_launch_secret_learns_not_even_which_addresses_there_are(
    api: Api,
) -> None:
    for path in (*KNOWN, "/nothing"):
        refused = await api.get(path, 401, headers=NOBODY)
        assert refused["code"] == "auth.required"
        assert refused.keys() == PROBLEM
    assert (await api.post("/auth/challenge", {"did": ALICE.did}, 401, headers=NOBODY))["code"]


async def test_at_a_server_a_login_is_what_lets_in(tmp_path: Path) -> None:
    async with running_api(tmp_path, launch_secret=None) as api:
        for path in ("/health", "/log/info", "/openapi.json"):
            await api.get(path)
        for path in ("/status", "/contracts", "/stream"):
            assert (await api.get(path, 401))["code"] == "auth.required"
        assert (await api.get("/contracts", headers=await api.login(ALICE)))["total"] == 0
        assert (await api.post("/attach", {"nonce": "0" * 64}, 404))["code"] == "http.not-found"
        stranger = {attach.HEADER: attach.credential(SECRET, "0" * 64, "1" * 64)}
        assert (await api.get("/contracts", 401, headers=stranger))["code"] == "auth.required"


async def test_the_backend_proves_that_it_knows_the_launch_secret_and_does_not_tell_it(api: Api) -> None:
    nonce = "0" * 64
    first, second = [await api.post("/attach", {"nonce": nonce}, 200, headers=NOBODY) for _ in range(2)]
    assert attach.is_proof(first["proof"], SECRET, nonce, first["nonce"])
    assert first["nonce"] != second["nonce"]
    # Its answer opens nothing: what it shows is over another label than what it asks for.
    shown = {attach.HEADER: f"{nonce}.{first['nonce']}.{first['proof']}"}
    assert (await api.get("/contracts", 401, headers=shown))["code"] == "auth.required"


@pytest.mark.parametrize("nonce", [None, 1, "", "0" * 63, "0" * 65, "G" * 64, "\u0660" * 64, ["0" * 64]])
async def test_what_is_no_nonce_is_answered_by_no_proof(api: Api, nonce: object) -> None:
    assert (await api.post("/attach", {"nonce": nonce}, 400))["code"] == "form.invalid"


@pytest.mark.parametrize(
    "shown",
    [b"x", SECRET.encode(), b"5" * 65, b"\xe9" * 64, b"0" * 64 + b"." + b"1" * 64 + b"." + b"2" * 64],
    ids=len,
)
async def test_who_shows_what_only_looks_like_a_credential_is_refused(api: Api, shown: bytes) -> None:
    headers = {attach.HEADER.encode(): shown}
    assert (await api.get("/contracts", 401, headers=headers))["code"] == "auth.required"


async def test_a_login_alone_does_not_let_in_on_a_persons_computer(api: Api) -> None:
    headers = {**await api.login(ALICE), **NOBODY}
    assert (await api.get("/contracts", 401, headers=headers))["code"] == "auth.required"


@pytest.mark.parametrize("value", ["Bearer", "Bearer x.y.z", "Basic YTpi", "bearer " + "a" * 10_000])
async def test_a_wrong_token_is_refused(api: Api, value: str) -> None:
    refused = await api.get("/contracts", 401, headers={"Authorization": value})
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

    response = await api.client.post(f"{PREFIX}/contracts", content=endless(), headers=JSON)
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
