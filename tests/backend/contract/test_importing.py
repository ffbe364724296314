"""Evidence files between installations: what one holds the other takes in, and back."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import orjson
import pytest

from cms_backend.core.hashing import digest_of
from cms_backend.core.ids import ContractId
from tests.support.backend_app import Api, running_api
from tests.support.backend_contracts import ALICE, BOB, Story
from tests.support.evidence_files import file_bytes, members_of


@pytest.fixture
async def homes(tmp_path: Path) -> AsyncIterator[tuple[Api, Api]]:
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(running_api(tmp_path / "alice")),
            await stack.enter_async_context(running_api(tmp_path / "bob")),
        )


async def _file(api: Api, story: Story) -> bytes:
    await api.sequenced()
    data = await api.get(f"/contracts/{story.contract}/evidence")
    assert isinstance(data, bytes)
    return data


def answer_of(story: Story, **members: Any) -> dict[str, Any]:
    return {"contract": story.contract, "refused": [], "undecided": [], **members}


async def test_a_contract_goes_out_comes_in_is_signed_and_comes_back(homes: tuple[Api, Api]) -> None:
    alice, bob = homes
    story = Story(log=alice.log)
    for sent in (story.create(), story.propose(), story.sign(ALICE)):
        await alice.send(sent)

    taken = await bob.post("/contracts/import", await _file(alice, story), 200)
    assert taken == answer_of(story, added=3, known=0, state="pending")
    held = await bob.get(f"/contracts/{story.contract}")
    assert held["home"] == "elsewhere"
    assert [(entry["log"], entry["index"]) for entry in held["entries"]] == [(0, 0), (0, 1), (0, 2)]

    answer = await bob.send(story.sign(BOB))
    assert answer["state"] == "held"
    assert answer["receipt"] is None

    back = await alice.post("/contracts/import", await _file(bob, story), 200)
    assert back == answer_of(story, added=1, known=3, state="in_force")
    await alice.sequenced()
    there = await alice.get(f"/contracts/{story.contract}")
    assert [entry["index"] for entry in there["entries"]] == [0, 1, 2, 3]

    again = await bob.post("/contracts/import", await _file(alice, story), 200)
    assert (again["added"], again["known"], again["state"]) == (0, 4, "in_force")
    settled = await bob.get(f"/contracts/{story.contract}")
    assert [entry["index"] for entry in settled["entries"]] == [0, 1, 2, 3]


async def test_taking_the_same_file_in_twice_changes_nothing(homes: tuple[Api, Api]) -> None:
    alice, bob = homes
    story = Story(log=alice.log).signed_by_both()
    await alice.tell(story)
    data = await _file(alice, story)
    first = await bob.post("/contracts/import", data, 200)
    held = await bob.get(f"/contracts/{story.contract}")
    second = await bob.post("/contracts/import", data, 200)
    assert (first["added"], second["added"], second["known"]) == (4, 0, 4)
    assert await bob.get(f"/contracts/{story.contract}") == held


async def test_what_is_taken_in_goes_out_with_the_other_logs_proofs(homes: tuple[Api, Api]) -> None:
    alice, bob = homes
    story = Story(log=alice.log).signed_by_both()
    await alice.tell(story)
    original = orjson.loads(await _file(alice, story))
    await bob.post("/contracts/import", file_bytes(original), 200)
    handed_on = orjson.loads(await _file(bob, story))
    for name in ("documents", "envelopes", "logs", "anchors", "genesis"):
        assert handed_on[name] == original[name], name


async def test_a_contract_without_a_log_is_held_on_both_sides(homes: tuple[Api, Api]) -> None:
    alice, bob = homes
    story = Story(log=None)
    story.parties = (
        story.parties[0].__class__(**{**_members(story.parties[0]), "step": 2}),
        story.parties[1],
    )
    await alice.send(story.create())
    answer = await alice.send(story.propose())
    assert (answer["state"], answer["receipt"]) == ("held", None)
    taken = await bob.post("/contracts/import", await _file(alice, story), 200)
    assert taken["added"] == 2
    first = await bob.send(story.sign(BOB))
    back = await alice.post("/contracts/import", await _file(bob, story), 200)
    assert back["added"] == 1
    await alice.send(story.sign(ALICE, after=(first["digest"],)))
    shown = await alice.get(f"/contracts/{story.contract}")
    assert (shown["home"], shown["row"]["status"]) == ("none", "in_force")
    assert await alice.sequenced() == 0


def _members(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


async def test_a_file_with_a_forged_event_is_refused_and_the_event_is_named(homes: tuple[Api, Api]) -> None:
    alice, bob = homes
    story = Story(log=alice.log).signed_by_both()
    await alice.tell(story)
    raw = members_of(await _file(alice, story))
    raw["logs"][0]["proofs"], raw["logs"][0]["head"] = {}, None
    forged = next(one for one in raw["envelopes"] if one["action"] == "signed")
    forged["occurred_at"] = "2026-05-01T12:00:00.001Z"
    raw["envelopes"].sort(key=digest_of)
    refused = await bob.post("/contracts/import", file_bytes(raw), 400)
    assert (refused["code"], refused["verdict"]) == ("evidence.invalid", "altered")
    assert [(one["check"], one["digest"]) for one in refused["refused"]] == [("SIG-ACTOR", digest_of(forged))]
    assert (await bob.get("/contracts"))["total"] == 0


async def test_a_file_with_a_false_inclusion_proof_is_refused(homes: tuple[Api, Api]) -> None:
    alice, bob = homes
    story = Story(log=alice.log).signed_by_both()
    await alice.tell(story)
    raw = members_of(await _file(alice, story))
    proofs = raw["logs"][0]["proofs"]
    first, second = sorted(proofs)[:2]
    proofs[first], proofs[second] = proofs[second], proofs[first]
    refused = await bob.post("/contracts/import", file_bytes(raw), 400)
    assert {one["check"] for one in refused["refused"]} == {"LOG-INCLUSION"}
    assert (await bob.get("/contracts"))["total"] == 0


async def test_another_contract_under_the_same_id_is_refused(homes: tuple[Api, Api]) -> None:
    alice, bob = homes
    contract = ContractId.new()
    one, other = Story(log=alice.log, contract=contract), Story(log=bob.log, contract=contract, title="Lease")
    await alice.send(one.create())
    await bob.send(other.create())
    refused = await bob.post("/contracts/import", await _file(alice, one), 409)
    assert refused["code"] == "lifecycle.slot-taken"
    assert (await bob.get(f"/contracts/{contract}"))["row"]["title"] == "Lease"


async def test_attachments_are_kept_and_handed_on(homes: tuple[Api, Api]) -> None:
    import base64
    import hashlib

    from cms_backend.core.document import Attachment
    from cms_backend.core.ids import Digest

    alice, bob = homes
    plan = b"the plan of the lift" * 100
    digest = hashlib.sha256(plan).hexdigest()
    story = Story(log=alice.log)
    await alice.send(story.create())
    attachment = Attachment("plan.pdf", "application/pdf", len(plan), Digest(digest))
    await alice.send(story.propose(attachments=(attachment,)))
    raw = orjson.loads(await _file(alice, story))
    raw["attachments"][digest] = base64.b64encode(plan).decode()
    data = file_bytes(raw)
    for api in (alice, bob):
        await api.post("/contracts/import", data, 200)
        assert orjson.loads(await _file(api, story))["attachments"] == raw["attachments"]


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"format":"cmsproof/2"}', b"\x00" * 100])
async def test_a_file_that_is_no_evidence_is_refused(homes: tuple[Api, Api], data: bytes) -> None:
    refused = await homes[0].post("/contracts/import", data, 400)
    assert refused["code"] in ("evidence.invalid", "form.invalid")


async def test_a_changed_byte_is_refused_whole(homes: tuple[Api, Api]) -> None:
    alice, bob = homes
    story = Story(log=alice.log).signed_by_both()
    await alice.tell(story)
    data = bytearray(await _file(alice, story))
    at = data.index(b"twice a year")
    data[at] ^= 1
    refused = await bob.post("/contracts/import", bytes(data), 400)
    assert refused["code"] == "evidence.invalid"
    assert (await bob.get("/contracts"))["total"] == 0
