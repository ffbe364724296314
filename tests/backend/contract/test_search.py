"""The register: filters, words, sorting and paging, with states that only the clock changes."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.contract.search import SORTS, match_expression
from cms_backend.core.disclosure import disclose
from cms_backend.core.document import Attachment
from cms_backend.core.events import Action
from cms_backend.core.hashing import H
from tests.support.backend_app import Api, running_api
from tests.support.backend_contracts import ALICE, BOB, CAROL, Story, party_of
from tests.support.verify_world import World

PAST, FUTURE = "2020-01-01T00:00:00.000Z", "2090-01-01T00:00:00.000Z"


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with running_api(tmp_path / "home") as api:
        yield api


async def _told(api: Api, title: str, **members: Any) -> Story:
    story = Story(log=api.log, title=title)
    story.create()
    story.propose(**members)
    await api.tell(story)
    return story


async def _ids(api: Api, **params: Any) -> list[str]:
    page = await api.get("/contracts", params=params)
    assert page["total"] >= len(page["items"])
    return [row["title"] for row in page["items"]]


async def test_each_status_finds_its_contracts_as_of_now(api: Api) -> None:
    draft = Story(log=api.log, title="draft")
    await api.send(draft.create())
    await _told(api, "pending")
    for title, valid_until, effective in (
        ("in_force", FUTURE, None),
        ("expired", PAST, None),
        ("notice_given", FUTURE, FUTURE),
        ("terminated", FUTURE, PAST),
    ):
        story = await _told(api, title, valid_until=valid_until)
        await api.send(story.sign(ALICE))
        await api.send(story.sign(BOB))
        if effective:
            await api.send(story.spine(Action.terminated, ALICE, {"reason": "", "effective_on": effective}))
    await api.send((await _told(api, "declined")).decline(BOB))
    withdrawn = await _told(api, "withdrawn")
    await api.send(withdrawn.spine(Action.withdrawn, ALICE, {"reason": ""}))
    for status in ("draft", "in_force", "expired", "notice_given", "terminated", "declined", "withdrawn"):
        assert await _ids(api, status=status) == [status]
        [row] = (await api.get("/contracts", params={"status": status}))["items"]
        assert row["status"] == status
    assert await _ids(api, status="draft,declined", sort="title") == ["declined", "draft"]


async def test_a_pending_proposal_lapses_when_its_date_passes(api: Api) -> None:
    story = Story(log=api.log, title="lapsed")
    await api.send(story.create())
    await api.send(story.propose(reply_by=PAST))
    assert await _ids(api, status="lapsed") == ["lapsed"]
    assert await _ids(api, status="pending") == []
    assert await _ids(api, needs=BOB.did) == []


async def test_words_find_titles_descriptions_and_names_from_their_beginnings(api: Api) -> None:
    await _told(api, "Wartung der Aufzüge")
    await _told(api, "Lease of the office", description="Third floor")
    assert await _ids(api, q="aufzuge") == ["Wartung der Aufzüge"]
    assert await _ids(api, q="LEA off") == ["Lease of the office"]
    assert await _ids(api, q="third") == ["Lease of the office"]
    assert await _ids(api, q="alice", sort="title") == ["Lease of the office", "Wartung der Aufzüge"]
    assert await _ids(api, q="nothing") == []
    assert len(await _ids(api, q="   ")) == 2


async def test_a_new_revision_is_found_by_its_new_title_alone(api: Api) -> None:
    story = await _told(api, "Lease")
    await api.send(story.propose(title="Purchase"))
    assert await _ids(api, q="lease") == []
    assert await _ids(api, q="purchase") == ["Purchase"]


@pytest.mark.parametrize(
    "words", ['"', "AND", "a* OR b", "title:x", "NEAR(a b)", "^", "(", "'; DROP TABLE contracts"]
)
async def test_no_word_is_an_operator(api: Api, words: str) -> None:
    await _told(api, "Lease")
    assert await _ids(api, q=words) in ([], ["Lease"])


async def test_words_of_clauses_and_names_of_attachments_are_found_in_the_newest_text(api: Api) -> None:
    contract = Attachment("price-list 2026.pdf", "application/pdf", 3, H("pdf"))
    story = await _told(
        api, "Lending", terms=("A blue touring bicycle with two panniers.",), attachments=(contract,)
    )
    await _told(api, "Lease", terms=("The caf\u00e9's third floor.",))
    for words in ("bicycle", "BLUE pannier", "price-list", "list price", "lending touring alice"):
        assert await _ids(api, q=words) == ["Lending"], words
    assert await _ids(api, q="cafe's") == ["Lease"]
    assert await _ids(api, q="bicycle café") == []
    story.sign(ALICE)
    await api.send(story.sent[-1])
    assert await _ids(api, q="bicycle") == ["Lending"]
    await api.send(story.decline(BOB))
    await api.send(story.propose(terms=("A red scooter.",)))
    assert await _ids(api, q="scooter") == ["Lending"]
    assert await _ids(api, q="bicycle") == []


async def test_a_hidden_clause_is_not_found_and_a_shown_one_is(api: Api) -> None:
    world = World(log=False)
    world.propose(terms=("Shown marmalade.", "Hidden treacle."))
    file = world.evidence()
    hidden = disclose(world.documents[-1], ["/terms/00001"])
    file = replace(file, documents=(*file.documents[:-1], hidden))
    await api.post("/contracts/import", file.to_bytes(), 200)
    assert len(await _ids(api, q="marmalade")) == 1
    assert await _ids(api, q="treacle") == []


async def test_a_text_is_found_only_by_who_may_read_it(api: Api) -> None:
    await _told(api, "Lending", terms=("A blue bicycle.",))
    for person, found in ((ALICE, ["Lending"]), (BOB, ["Lending"]), (CAROL, [])):
        page = await api.get("/contracts", params={"q": "bicycle"}, headers=await api.login(person))
        assert [row["title"] for row in page["items"]] == found


async def test_a_database_from_before_learns_the_words_of_its_texts(tmp_path: Path) -> None:
    home = tmp_path / "before"
    async with running_api(home) as api:
        await _told(api, "Lending", terms=("A blue bicycle.",))
        world = World(log=False)
        world.propose(terms=("Shown marmalade.", "Hidden treacle."))
        file = world.evidence()
        hidden = disclose(world.documents[-1], ["/terms/00001"])
        await api.post(
            "/contracts/import", replace(file, documents=(*file.documents[:-1], hidden)).to_bytes(), 200
        )
        words = {
            word: await _ids(api, q=word) for word in ("bicycle", "marmalade", "treacle", "alice", "lend")
        }
    with closing(sqlite3.connect(home / "cms.sqlite3")) as database:
        rows = database.execute("SELECT rowid, title, description, people FROM contracts_search").fetchall()
        database.execute("DROP TABLE contracts_search")
        database.execute(
            "CREATE VIRTUAL TABLE contracts_search USING fts5("
            "title, description, people, tokenize = 'unicode61 remove_diacritics 2')"
        )
        database.executemany(
            "INSERT INTO contracts_search (rowid, title, description, people) VALUES (?, ?, ?, ?)", rows
        )
        database.execute("UPDATE alembic_version SET version_num = '0002'")
        database.commit()
    async with running_api(home) as api:
        assert {word: await _ids(api, q=word) for word in words} == words
        assert [len(found) for found in words.values()] == [1, 1, 0, 1, 1]


@given(st.text(max_size=100))
def test_every_text_makes_a_query_of_plain_words(text: str) -> None:
    expression = match_expression(text)
    if expression is not None:
        for term in expression.split(" "):
            assert term.startswith('"')
            assert term.endswith('"*')
            assert term[1:-2].isalnum()


async def test_needs_finds_whose_turn_it_is(api: Api) -> None:
    story = Story(log=api.log, parties=(party_of(ALICE, step=1), party_of(BOB, step=2)))
    await api.send(story.create())
    await api.send(story.propose())
    assert await _ids(api, needs=ALICE.did) == ["Lift maintenance"]
    assert await _ids(api, needs=BOB.did) == []
    signed = await api.send(story.sign(ALICE))
    assert await _ids(api, needs=ALICE.did) == []
    assert await _ids(api, needs=[ALICE.did, BOB.did]) == ["Lift maintenance"]
    await api.send(story.sign(BOB, after=(signed["digest"],)))
    assert await _ids(api, needs=BOB.did) == []


async def test_party_finds_the_parties_of_the_newest_revision(api: Api) -> None:
    story = await _told(api, "Lease")
    assert await _ids(api, party=BOB.did) == ["Lease"]
    await api.send(story.propose(parties=(party_of(ALICE), party_of(CAROL))))
    assert await _ids(api, party=BOB.did) == []
    assert await _ids(api, party=CAROL.did) == ["Lease"]
    # Who was a party once may go on reading.
    assert (await api.get("/contracts", headers=await api.login(BOB)))["total"] == 1


@pytest.mark.parametrize("sort", [f"{sign}{name}" for name in SORTS for sign in ("", "-")])
async def test_pages_hold_every_contract_once_in_every_order(api: Api, sort: str) -> None:
    for number in range(7):
        dates = {"valid_until": f"20{80 + number // 2}-01-01T00:00:00.000Z"} if number % 3 else {}
        await _told(api, f"Contract {number % 4}", **dates)
    seen: list[dict[str, Any]] = []
    cursor = None
    while True:
        params = {"sort": sort, "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = await api.get("/contracts", params=params)
        assert page["total"] == 7
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert len({row["id"] for row in seen}) == len(seen) == 7
    names = {"updated": "updated_at", "created": "created_at"}
    keys = [row[names.get(sort.removeprefix("-"), sort.removeprefix("-"))] for row in seen]
    dated = [key for key in keys if key is not None]
    assert dated == sorted(dated, reverse=sort.startswith("-"))
    assert keys[: len(dated)] == dated
