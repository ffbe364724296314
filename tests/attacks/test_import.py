"""Attacks on a register by files that it is asked to take in. Each test names what stops the attack.

Whatever was taken in, the genuine file heals: every test ends with it, and asks a verifier of the register's export.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cms_backend.core.base58 import b58encode
from cms_backend.core.did import key_of_did
from cms_backend.core.events import Action
from cms_backend.core.hashing import H, digest_of
from cms_backend.core.ids import Did, KeyText
from cms_backend.core.keys import parse_key
from cms_backend.core.signatures import Ed25519Signer, Statement, secure
from cms_backend.core.statements import head_statement, key_end
from tests.adversary import made
from tests.adversary.cast import MALLORY, RIVAL
from tests.support.backend_app import Api, running_api
from tests.support.backend_contracts import ALICE, BOB, OCCURRED, Sent, Story, party_of
from tests.support.evidence_files import file_bytes, members_of
from tests.support.register_checks import exported, proven, shows_what_is_proven
from tests.support.second_nonce import SecondNonce

File = dict[str, Any]


@pytest.fixture
async def homes(tmp_path: Path) -> AsyncIterator[tuple[Api, Api]]:
    """The backend whose log holds the contracts, and another one that takes files in."""
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(running_api(tmp_path / "home")),
            await stack.enter_async_context(running_api(tmp_path / "victim")),
        )


async def told(home: Api, story: Story) -> File:
    """The members of the genuine file of a story."""
    await home.tell(story)
    return members_of(await exported(home, story.contract))


async def take(api: Api, file: File, status: int = 200) -> Any:
    """What the API answers to a file."""
    return await api.post("/contracts/import", file_bytes(file), status)


async def refused_for(api: Api, file: File, *checks: str) -> None:
    """Nothing of the file is taken, for exactly these checks."""
    answer = await take(api, file, 400)
    assert {one["check"] for one in answer["refused"]} == set(checks), answer["refused"]


async def healed(api: Api, genuine: File, home: Api) -> None:
    """The genuine file brings everything back that its home knows."""
    await take(api, genuine)
    report = await shows_what_is_proven(api, genuine["contract"])
    truth = await shows_what_is_proven(home, genuine["contract"])
    assert proven(report) == proven(truth)


def with_events(file: File, *events: Any, **members: Any) -> File:
    """A copy with more events, in order."""
    listed = {digest_of(one): one for one in (*file["envelopes"], *events)}
    return {**file, "envelopes": [listed[digest] for digest in sorted(listed)], **members}


def with_rival_log(file: File, *objects: Any) -> File:
    """A copy with the section of a log that takes in whatever its operator likes."""
    log = made.hostile_log(file, "rival", RIVAL, objects)
    section = made.hostile_section(file, log, objects, sequence=9)
    return {**file, "logs": [*file["logs"], section]}


# --- a: made-up sections ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("front", [True, False])
async def test_a_made_up_section_moves_no_event_from_its_place(homes: tuple[Api, Api], front: bool) -> None:
    home, victim = homes
    genuine = await told(home, Story(log=home.log).signed_by_both())
    copy = with_rival_log(genuine, *genuine["envelopes"])
    if front:
        copy["logs"].reverse()
    for api in (home, victim):
        answer = await take(api, copy)
        assert [one["check"] for one in answer["refused"]] == ["LOG-NOTE"]
        assert (await shows_what_is_proven(api, genuine["contract"])).state == "in_force"
    await healed(victim, genuine, home)


async def test_a_made_up_section_does_not_go_round_admission(homes: tuple[Api, Api]) -> None:
    home, victim = homes
    story = Story(log=home.log)
    story.create()
    story.propose()
    signed = [story.event(Action.signed, signer).envelope for signer in (BOB, ALICE)]
    story.spine(Action.withdrawn, ALICE, {"reason": ""})
    genuine = await told(home, story)
    copy = with_rival_log(with_events(genuine, *signed), *signed)
    answer = await take(home, copy)
    assert answer["added"] == 0
    assert {one["check"] for one in answer["refused"]} == {"LOG-NOTE", "LIFE-STATE"}
    assert (await shows_what_is_proven(home, story.contract)).state == "withdrawn"
    await take(victim, copy)
    assert (await shows_what_is_proven(victim, story.contract)).state == "withdrawn"
    await healed(victim, genuine, home)


# --- b: events of another contract -------------------------------------------------------------------------------


async def test_an_event_of_another_contract_is_not_taken_in_under_this_one(homes: tuple[Api, Api]) -> None:
    home, victim = homes
    one = await told(home, Story(log=home.log).signed_by_both())
    other = await told(home, Story(log=home.log).signed_by_both())
    signed = next(event for event in other["envelopes"] if event["action"] == "signed")
    await refused_for(victim, with_events(one, signed), "EVT-FORM")
    await healed(victim, other, home)
    await healed(victim, one, home)


# --- c, d: texts that nobody who takes part has named --------------------------------------------------------------


async def test_a_text_that_no_event_names_is_not_kept(homes: tuple[Api, Api]) -> None:
    home, victim = homes
    genuine = await told(home, Story(log=home.log).signed_by_both())
    text, _ = made.strangers_text(genuine) or ({}, {})
    for api in (home, victim):
        await refused_for(api, {**genuine, "documents": [*genuine["documents"], text]}, "DOC-ROOT")
    await healed(victim, genuine, home)


async def test_a_text_that_a_stranger_has_proposed_is_not_kept(homes: tuple[Api, Api]) -> None:
    home, victim = homes
    genuine = await told(home, Story(log=home.log).signed_by_both())
    found = made.strangers_text(genuine)
    assert found is not None
    text, ref = found
    head = max(genuine["envelopes"], key=lambda one: one["sequence"])
    named = made.event(genuine, "proposed", MALLORY, head, document=ref)
    copy = with_events(genuine, named, documents=[*genuine["documents"], text])
    for api in (home, victim):
        answer = await take(api, copy)
        assert "DOC-ROOT" in [one["check"] for one in answer["refused"]]
        shown = await api.get(f"/contracts/{genuine['contract']}")
        assert [one["content"]["revision"] for one in shown["documents"]] == [0, 1]
    await healed(victim, genuine, home)


WEB = Did("did:web:boris.example.org")
WEB_BOB = Ed25519Signer(b"\x42" * 32, WEB)
WEB_FORGER = Ed25519Signer(b"\x43" * 32, WEB)


async def test_a_text_of_a_strangers_pins_no_key_for_a_party(homes: tuple[Api, Api]) -> None:
    home, victim = homes
    story = Story(log=home.log, parties=(party_of(ALICE, name="Alice"), party_of(WEB_BOB, name="Bob")))
    story.create()
    story.propose()
    story.sign(ALICE)
    genuine = await told(home, story)
    forged = story.event(Action.signed, WEB_FORGER).envelope
    copy = with_events(genuine, forged)
    for api in (home, victim):
        await take(api, copy)
        assert (await shows_what_is_proven(api, story.contract)).state == "pending"
    log = made.hostile_log(copy, "rival", RIVAL, [forged])
    await take(
        victim, {**copy, "logs": [*copy["logs"], made.hostile_section(copy, log, [forged], sequence=1)]}
    )
    assert (await shows_what_is_proven(victim, story.contract)).state == "pending"
    signed = story.event(Action.signed, WEB_BOB).envelope
    answer = await take(home, with_events(genuine, signed))
    assert (answer["added"], answer["state"]) == (1, "in_force")
    await healed(victim, members_of(await exported(home, story.contract)), home)


# --- e: attachments, names, notes, heads, anchors, readers -----------------------------------------------------------


async def test_the_bytes_of_an_attachment_are_hashed_and_a_text_must_name_them(
    homes: tuple[Api, Api],
) -> None:
    home, victim = homes
    genuine = await told(home, Story(log=home.log).signed_by_both())
    right = base64.b64encode(b"a plan").decode()
    for name in (str(H(b"a plan")), "ab" * 32):
        await refused_for(victim, {**genuine, "attachments": {name: right}}, "DOC-ATTACH")
    await healed(victim, genuine, home)


async def test_a_record_under_a_name_that_nothing_opens_is_not_kept(homes: tuple[Api, Api]) -> None:
    home, victim = homes
    genuine = await told(home, Story(log=home.log).signed_by_both())
    answer = await take(victim, {**genuine, "genesis": "ab" * 32, "logs": []}, 400)
    assert (answer["verdict"], answer["refused"][0]["check"]) == ("incomplete", "EVT-CHAIN")
    assert (await victim.get("/contracts"))["total"] == 0
    await healed(victim, genuine, home)


def _bad_note(file: File) -> None:
    note = file["logs"][0]["proofs"][digest_of(file["envelopes"][0])].split("\n\n", 1)[1]
    file["logs"][0]["consistency"] = [{"note": note[:-8] + "AAAAAA=\n", "proof": []}]


def _strangers_head(file: File) -> None:
    section = file["logs"][0]
    body = head_statement(
        actor=RIVAL.did,
        vkey=section["vkey"],
        contract=file["contract"],
        genesis=file["genesis"],
        sequence=9,
        digests=[digest_of(one) for one in file["envelopes"]],
        size=10**6,
        root="ab" * 32,
        occurred_at=made.LATER,
    )
    section["head"] = secure(body, RIVAL)


def _strangers_statement(file: File) -> None:
    section = file["logs"][0]
    word = made.log_statement(MALLORY, section["vkey"], 78, "ab" * 32, None)
    section["statements"] = [*section["statements"], word]


def _strangers_anchor(file: File) -> None:
    size, root = file["logs"][0]["head"]["size"], file["logs"][0]["head"]["root"]
    file["anchors"] = [
        {
            "chain": "eip155:1",
            "ledger": "0x" + "ab" * 20,
            "log_id": "ab" * 32,
            "size": size,
            "root": root,
            "tx": "cd" * 32,
            "block": 1,
            "hash": "ef" * 32,
            "time": OCCURRED,
        }
    ]


async def test_a_checkpoint_that_the_log_has_not_signed_is_refused(homes: tuple[Api, Api]) -> None:
    home, victim = homes
    genuine = await told(home, Story(log=home.log).signed_by_both())
    copy = members_of(file_bytes(genuine))
    _bad_note(copy)
    await refused_for(victim, copy, "LOG-NOTE")
    await healed(victim, genuine, home)


@pytest.mark.parametrize(
    ("edit", "check"),
    [(_strangers_head, "TAIL"), (_strangers_statement, "LOG-NOTE"), (_strangers_anchor, "ANCHOR-LEDGER")],
)
async def test_the_word_of_who_does_not_run_the_log_takes_nobodys_place(
    homes: tuple[Api, Api], edit: Callable[[File], None], check: str
) -> None:
    home, victim = homes
    genuine = await told(home, Story(log=home.log).signed_by_both())
    copy = members_of(file_bytes(genuine))
    edit(copy)
    await take(victim, genuine)
    answer = await take(victim, copy)
    assert [one["check"] for one in answer["refused"]] == [check]
    kept = members_of(await exported(victim, genuine["contract"]))
    assert kept["logs"] == genuine["logs"]
    assert kept["anchors"] == []


async def test_an_event_that_does_not_count_lets_nobody_in(homes: tuple[Api, Api]) -> None:
    home, victim = homes
    genuine = await told(home, Story(log=home.log).signed_by_both())
    head = max(genuine["envelopes"], key=lambda one: one["sequence"])
    note = made.event(genuine, "commented", MALLORY, head)
    moved = made.event(genuine, "proposed", MALLORY, head)
    await take(victim, genuine)
    await take(victim, with_events(genuine, note, moved))
    for api in (home, victim):
        await take(api, with_events(genuine, note))
        await api.get(f"/contracts/{genuine['contract']}", 404, headers=await api.login(MALLORY))
        await api.get(f"/contracts/{genuine['contract']}", headers=await api.login(BOB))
    await healed(victim, genuine, home)


# --- f: ended keys -----------------------------------------------------------------------------------------------


def _ended(signer: Ed25519Signer, key: str, successor: str | None = None) -> dict[str, Any]:
    body = key_end(actor=signer.did, key=key, successor=successor, reason="", occurred_at=OCCURRED)
    return secure(body, signer)


async def test_a_key_that_ended_in_a_made_up_log_voids_nothing(homes: tuple[Api, Api]) -> None:
    home, victim = homes
    genuine = await told(home, Story(log=home.log).signed_by_both())
    end = _ended(BOB, BOB.key)
    copy = with_rival_log({**genuine, "key_ends": [end]}, end, *genuine["envelopes"])
    copy["logs"].reverse()
    await take(victim, copy)
    assert (await shows_what_is_proven(victim, genuine["contract"])).state == "in_force"
    await healed(victim, genuine, home)


async def test_no_word_of_anothers_commits_a_key_to_a_successor(homes: tuple[Api, Api]) -> None:
    home, _ = homes
    planted = replace(party_of(BOB, name="Bob"), next=H(MALLORY.key))
    story = Story(log=home.log, parties=(party_of(ALICE, name="Alice"), planted))
    story.create()
    story.propose()
    await home.tell(story)
    await home.sequenced()
    refused = await home.post("/key-ends", _ended(MALLORY, BOB.key, MALLORY.key), 403)
    assert refused["code"] == "key.end-refused"
    await home.send(story.sign(BOB))
    await home.sequenced()
    await home.post("/key-ends", _ended(MALLORY, BOB.key, MALLORY.key), 201)


async def test_a_key_end_by_who_may_not_end_the_key_reaches_no_other_contract(homes: tuple[Api, Api]) -> None:
    home, victim = homes
    one, other = [await told(home, Story(log=home.log).signed_by_both()) for _ in range(2)]
    await take(victim, other)
    answer = await take(victim, {**one, "key_ends": [_ended(MALLORY, BOB.key, MALLORY.key)]})
    assert [refused["check"] for refused in answer["refused"]] == ["KEY-END"]
    for file in (one, other):
        assert members_of(await exported(victim, file["contract"]))["key_ends"] == []


async def test_a_key_end_that_a_file_brought_before_is_logged_when_it_is_handed_in(
    homes: tuple[Api, Api],
) -> None:
    home, victim = homes
    theirs = await told(home, Story(log=home.log).signed_by_both())
    own = Story(log=victim.log).signed_by_both()
    await victim.tell(own)
    end = _ended(BOB, BOB.key)
    await take(victim, {**theirs, "key_ends": [end]})
    answer = await victim.post("/key-ends", end, 201)
    assert answer["receipt"] is not None
    report = await shows_what_is_proven(victim, own.contract)
    assert any(
        one.id == "KEY-END" and one.event == digest_of(end) and one.state == "passed" for one in report.checks
    )


# --- beyond: proofs that were cut out, signatures twice, accounts ----------------------------------------------------


async def _cut(home: Api, genuine: File, kept: str) -> File:
    """The log as it is now, with the proof of one event only."""
    proof = await home.get(f"/log/inclusion/{kept}")
    section = {**genuine["logs"][0], "proofs": {kept: proof["proof"]}, "head": None, "consistency": []}
    return {**genuine, "logs": [section]}


@pytest.mark.parametrize("first", [True, False])
async def test_a_newer_checkpoint_with_fewer_proofs_takes_no_place_away(
    homes: tuple[Api, Api], first: bool
) -> None:
    home, victim = homes
    genuine = await told(home, Story(log=home.log).signed_by_both())
    await told(home, Story(log=home.log).signed_by_both())
    created = next(one for one in genuine["envelopes"] if one["action"] == "created")
    cut = await _cut(home, genuine, digest_of(created))
    if not first:
        await take(victim, genuine)
    await take(victim, cut)
    report = await shows_what_is_proven(victim, genuine["contract"])
    assert report.state == ("draft" if first else "in_force")
    # The old genuine file is enough: it need not be newer than the cut one.
    await take(victim, genuine)
    report = await shows_what_is_proven(victim, genuine["contract"])
    assert report.state == "in_force"
    assert all(one.index is not None for one in report.events)


async def test_a_second_envelope_of_an_event_does_not_hide_the_one_that_is_logged(
    homes: tuple[Api, Api],
) -> None:
    home, victim = homes
    story = Story(log=home.log)
    story.create()
    story.propose()
    story.sign(ALICE)
    early = await told(home, story)
    signed = story.event(Action.signed, BOB)
    twin = secure(
        {name: one for name, one in signed.envelope.items() if name != "proof"}, SecondNonce(b"\x00\x02" * 16)
    )
    assert digest_of(twin) != digest_of(signed.envelope)
    await take(victim, with_events(early, twin))
    await home.send(Sent(story.tell(signed).envelope, None))
    genuine = members_of(await exported(home, story.contract))
    assert (await take(victim, genuine))["state"] == "in_force"
    assert (await shows_what_is_proven(victim, story.contract)).state == "in_force"


ACCOUNT = Did("did:pkh:eip155:1:0x" + "ab" * 20)


class Account:
    """Signs as an account whose contract alone could tell whether it did."""

    did = ACCOUNT
    key = KeyText.parse(key_of_did(ACCOUNT))
    public = parse_key(key)

    def sign(self, _statement: Statement) -> str:
        """Bytes that recover to nobody in particular."""
        return "z" + b58encode(b"\x11" * 200)

    def sign_login(self, message: Any) -> str:
        """Not needed."""
        raise NotImplementedError


async def test_a_signature_that_nobody_can_judge_takes_no_place_in_this_log_and_counts_nowhere(
    homes: tuple[Api, Api],
) -> None:
    home, victim = homes
    story = Story(log=home.log, parties=(party_of(ALICE, name="Alice"), party_of(Account(), name="Account")))
    story.create()
    story.propose()
    story.sign(ALICE)
    genuine = await told(home, story)
    copy = with_events(genuine, story.event(Action.signed, Account()).envelope)
    answer = await take(home, copy)
    assert ([one["check"] for one in answer["refused"]], answer["added"]) == (["SIG-ACTOR"], 0)
    assert len(answer["undecided"]) == 1
    answer = await take(victim, copy)
    assert (answer["state"], len(answer["undecided"])) == ("pending", 1)
    for api in (home, victim):
        assert (await shows_what_is_proven(api, story.contract)).state == "pending"
        shown = await api.get(f"/contracts/{story.contract}")
        assert [one["did"] for one in shown["row"]["awaited"]] == [ACCOUNT]
    await healed(victim, genuine, home)


async def test_a_strangers_move_does_not_undo_what_an_account_has_signed_without_a_log(
    homes: tuple[Api, Api],
) -> None:
    _, victim = homes
    parties = (party_of(ALICE, name="Alice", step=2), party_of(Account(), name="Account"))
    story = Story(log=None, parties=parties)
    story.create()
    story.propose()
    signed = story.sign(Account()).parsed.digest
    story.sign(ALICE, after=(signed,))
    events = [one.envelope for one in story.sent]
    file = made_file(story, events)
    assert (await take(victim, file))["state"] == "in_force"
    log = made.hostile_log(file, "rival", RIVAL, [])
    details = {"log": log.details, "checkpoint": None}
    head = next(one for one in events if one["action"] == "proposed")
    for signer in (MALLORY, Account()):
        moved = story.event(Action.moved, signer, sequence=2, previous=digest_of(head), details=details)
        await take(victim, with_events(file, moved.envelope))
        report = await shows_what_is_proven(victim, story.contract)
        assert report.state == "in_force"
        assert (await victim.get(f"/contracts/{story.contract}"))["home"] == "none"


def made_file(story: Story, events: list[Any]) -> File:
    """The file of a story that no backend has seen."""
    documents = sorted(
        (one.document for one in story.sent if one.document is not None),
        key=lambda one: int(one["content"]["revision"]),
    )
    empty: File = {"key_ends": [], "resolutions": [], "logs": [], "anchors": [], "attachments": {}}
    head = {"format": "cmsproof/1", "contract": story.contract, "genesis": story.genesis}
    return with_events({**head, **empty, "documents": documents, "envelopes": []}, *events)


async def test_a_key_end_that_nobody_can_judge_spreads_to_no_other_contract(homes: tuple[Api, Api]) -> None:
    home, victim = homes
    parties = (party_of(ALICE, name="Alice"), party_of(Account(), name="Account"))
    one, other = (Story(log=home.log, parties=parties) for _ in range(2))
    files = []
    for story in (one, other):
        story.create()
        story.propose()
        files.append(await told(home, story))
    body = key_end(actor=ACCOUNT, key=Account.key, successor=None, reason="", occurred_at=OCCURRED)
    copy = {**files[0], "key_ends": [secure(body, Account())]}
    await take(victim, files[1])
    answer = await take(victim, copy)
    assert "KEY-END" in [one["check"] for one in answer["refused"]]
    for file in files:
        await healed(victim, file, home)
        assert members_of(await exported(victim, file["contract"]))["key_ends"] == []


async def test_a_file_that_lacks_what_its_events_stand_on_is_refused(homes: tuple[Api, Api]) -> None:
    home, victim = homes
    genuine = await told(home, Story(log=home.log).signed_by_both())
    proposed = next(one for one in genuine["envelopes"] if one["action"] == "proposed")
    kept = [one for one in genuine["envelopes"] if one is not proposed]
    section = {**genuine["logs"][0], "head": None}
    section["proofs"] = {
        name: proof for name, proof in section["proofs"].items() if name != digest_of(proposed)
    }
    documents = genuine["documents"][:1]
    answer = await take(
        victim, {**genuine, "envelopes": kept, "documents": documents, "logs": [section]}, 400
    )
    assert answer["verdict"] == "incomplete"
    assert (await victim.get("/contracts"))["total"] == 0
    await healed(victim, genuine, home)
