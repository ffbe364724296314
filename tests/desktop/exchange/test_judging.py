"""What is known beside a file: this computer's ledger, other nodes, and nothing when nobody answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from cms_backend.core.events import Action
from cms_backend.core.evidence import Evidence
from cms_backend.core.ids import Time
from cms_backend.core.report_model import Tail, Verdict
from cms_backend.core.verify import LedgerFacts, OwnLedger, Trust, verify_evidence
from cms_desktop.api.client import Client
from cms_desktop.exchange.judging import PUBLIC_CHAINS, facts_and_trust
from tests.support.backend_contracts import ALICE, Story
from tests.support.backend_process import BackendProcess
from tests.support.desktop_api import PATIENCE, story_of
from tests.support.ledger_anvil import free_port
from tests.support.verify_world import World, states

NOW = Time("2030-01-01T00:00:00.000Z")


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    with BackendProcess(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture
async def client(process: BackendProcess) -> AsyncIterator[Client]:
    made = Client(process.url.removesuffix("/api/v1"), launch_secret=process.run["launch_secret"])
    yield made
    await made.aclose()


async def anchored(process: BackendProcess, client: Client) -> tuple[bytes, Story]:
    """An evidence file of this backend, whose anchor is in a block."""
    story = story_of(process).signed_by_both()
    for sent in story.sent:
        created = sent.envelope["action"] == "created"
        process.post("/contracts" if created else f"/contracts/{story.contract}/events", sent.body)
    # The operator's word on its ledger is a leaf of its own, that a later anchor may be the first to cover.
    async with asyncio.timeout(PATIENCE):
        while True:
            data = await client.evidence(story.contract)
            found = Evidence.from_bytes(data)
            if found.anchors and found.logs[0].statements:
                return data, story
            await asyncio.sleep(0.05)


async def test_the_own_backend_brings_its_ledger_and_says_that_it_is_ours(
    process: BackendProcess, client: Client
) -> None:
    data, _ = await anchored(process, client)
    facts, trust = await facts_and_trust(data, client=client)
    (chain,) = facts.chains
    assert trust == Trust(PUBLIC_CHAINS, (OwnLedger(chain.chain, chain.genesis_block),))
    report = verify_evidence(data, facts, trust, NOW)
    assert (report.verdict, states(report, "ANCHOR-MATCH")) == (Verdict.verified, {"passed"})


async def test_the_own_log_tells_that_nothing_came_later_and_then_what_did(
    process: BackendProcess, client: Client
) -> None:
    data, story = await anchored(process, client)
    facts, trust = await facts_and_trust(data, client=client)
    now = verify_evidence(data, facts, trust, NOW)
    assert (now.tail, now.verdict) == (Tail.absent, Verdict.verified)
    details = {"reason": "Sold.", "effective_on": None}
    process.post(f"/contracts/{story.contract}/events", story.spine(Action.terminated, ALICE, details).body)
    async with asyncio.timeout(PATIENCE):
        while any(one.index is None for one in (await client.contract(story.contract)).entries):
            await asyncio.sleep(0.02)
    facts, trust = await facts_and_trust(data, client=client)
    late = verify_evidence(data, facts, trust, NOW)
    assert (late.tail, late.verdict) == (Tail.later, Verdict.incomplete)


async def test_a_backend_that_runs_on_the_home_is_asked_without_being_named(
    process: BackendProcess, client: Client
) -> None:
    data, _ = await anchored(process, client)
    assert await facts_and_trust(data, home=process.home) == await facts_and_trust(data, client=client)


async def test_without_a_backend_or_a_node_only_the_file_speaks(
    process: BackendProcess, client: Client, tmp_path: Path
) -> None:
    data, _ = await anchored(process, client)
    for home in (None, tmp_path):
        assert await facts_and_trust(data, home=home) == (LedgerFacts(), Trust(PUBLIC_CHAINS))
    report = verify_evidence(data, LedgerFacts(), Trust(PUBLIC_CHAINS), NOW)
    assert (report.verdict, states(report, "ANCHOR-MATCH")) == (Verdict.verified, {"not_checked"})


async def test_the_same_ledger_is_asked_only_with_the_launch_secret(
    process: BackendProcess, client: Client
) -> None:
    data, _ = await anchored(process, client)
    assert (await facts_and_trust(data, client=client))[0].chains
    facts, trust = await facts_and_trust(data, rpc=[f"{client.base_url}/ledger/rpc"])
    assert (facts.chains, trust.own_ledgers) == ((), ())


async def test_a_backend_that_went_away_brings_nothing_and_breaks_nothing() -> None:
    away = Client(f"http://127.0.0.1:{free_port()}")
    found = await facts_and_trust(World().complete().evidence().to_bytes(), client=away)
    assert found == (LedgerFacts(), Trust(PUBLIC_CHAINS))
    await away.aclose()


@pytest.mark.parametrize("data", [b"", b"{}", b"%PDF", b"\xff" * 9, World().evidence().to_bytes()[:-1]])
async def test_a_file_that_cannot_be_read_is_asked_about_nowhere(data: bytes) -> None:
    def nobody(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request.url)

    client = Client("http://127.0.0.1:1", transport=httpx.MockTransport(nobody))
    assert await facts_and_trust(data, client=client) == (LedgerFacts(), Trust(PUBLIC_CHAINS))
    await client.aclose()


# --- this computer's ledger, while its backend does not run ---------------------------------------------------


async def test_the_own_ledger_is_not_called_another_computers_when_no_backend_runs(tmp_path: Path) -> None:
    with BackendProcess(tmp_path / "home") as process:
        client = Client(process.url.removesuffix("/api/v1"), launch_secret=process.run["launch_secret"])
        data, _ = await anchored(process, client)
        _, running = await facts_and_trust(data, client=client)
        await client.aclose()
    facts, trust = await facts_and_trust(data, home=tmp_path / "home")
    assert (facts, trust.own_ledgers) == (LedgerFacts(), running.own_ledgers)
    here = verify_evidence(data, facts, trust, NOW)
    away = verify_evidence(data, *await facts_and_trust(data, home=tmp_path / "other"), NOW)
    assert "another computer" not in here.headline
    assert "Anchor not checked" in here.headline
    assert "Anchor not checked: local ledger of another computer." in away.headline


@pytest.mark.parametrize(
    "head", [None, b"", b"[]", b"{}", b'{"origin": 5}', b"\xff", b'{"origin": "log.example/one"}']
)
async def test_a_head_that_says_nothing_of_the_log_makes_no_ledger_this_computers(
    tmp_path: Path, head: bytes | None
) -> None:
    """A name that is not made of the log's key is anybody's to take."""
    if head is not None:
        (tmp_path / "log-head.json").write_bytes(head)
    world = World().complete()
    world.anchor()
    data = world.evidence().to_bytes()
    assert (await facts_and_trust(data, home=tmp_path))[1].own_ledgers == ()
