"""Places in the logs of a contract count by their proofs, and only in logs that events that count lead to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cms_backend.core.ids import Digest
from cms_backend.core.lifecycle import Entry, replay
from cms_backend.core.lifecycle_state import Status
from cms_desktop.api.memory import Known
from cms_desktop.api.values import ContractRecord, EntryInfo, Row
from cms_desktop.workflow.checking import Objects, check_objects
from cms_desktop.workflow.findings import FindingKind
from cms_desktop.workflow.places import Places, claimed_places, settle_logs, take_proofs
from tests.support.verify_world import BORIS, Log, World


def record(world: World, told: dict[Digest, tuple[int, int]]) -> ContractRecord:
    """The answer of a backend that tells these places."""
    row = Row(
        world.contract, "", "draft", 1, "", (), (), None, None, None, world.now, world.now, 0, 0, 0, "here"
    )
    return ContractRecord(
        id=world.contract,
        genesis=world.genesis,
        home="here",
        documents=tuple(one.to_json() for one in world.documents),
        envelopes=tuple(world.envelopes),
        key_ends=(),
        key_end_places={},
        handovers=(),
        receipts=(),
        entries=tuple(
            EntryInfo(one.digest, world.now, *told.get(one.digest, (None, None)), None)
            for one in world.envelopes
        ),
        row=row,
    )


def checked(world: World, told: dict[Digest, tuple[int, int]], *logs: Log) -> tuple[Objects, Places]:
    """What a client makes of it, given the proofs of these logs."""
    answer = record(world, told)
    found = check_objects(answer, world.contract, Known(), lambda _: None)
    places = claimed_places(answer, found, Known())
    for log in logs:
        section = world.section(log, head=False)
        take_proofs(places, found, section.vkey, section.proofs, len(log.leaves))
    settle_logs(places, found, world.now)
    return found, places


def places_of(world: World) -> dict[Digest, tuple[int, int]]:
    return {
        digest: (at, index)
        for at, log in reversed([*enumerate(world.logs)])
        for digest, index in log.index.items()
        if digest in {one.digest for one in world.envelopes}
    }


@pytest.fixture
def moved() -> World:
    """In force in one log, and moved to another, where Boris gave notice."""
    world = World().complete()
    world.move()
    world.terminate(BORIS)
    return world


def test_a_record_that_has_moved_is_heard_in_both_logs(moved: World) -> None:
    found, places = checked(moved, places_of(moved), *moved.logs)
    assert places.findings == []
    assert [one.vkey for one in found.logs] == [log.key.vkey.text for log in moved.logs]
    assert places.proven == places_of(moved)
    entries = [
        Entry(one, *places.proven[one.digest], places.openings.get(one.digest)) for one in found.envelopes
    ]
    state = replay(entries, found.texts, now=moved.now, genesis=found.genesis, count_held=False)
    assert state.status is Status.terminated
    assert not state.void


def test_a_log_that_no_event_in_the_log_before_leads_to_is_not_heard(moved: World) -> None:
    one, other = moved.logs
    told = places_of(moved)
    mover = next(event for event in moved.envelopes if event.action == "moved")
    # The backend does not show the leaf in the log that was left.
    cut = replace(one, index={digest: at for digest, at in one.index.items() if digest != mover.digest})
    told[mover.digest] = (1, other.index[mover.digest])
    found, places = checked(moved, told, cut, other)
    assert [log.vkey for log in found.logs] == [one.key.vkey.text]
    assert {log for log, _ in places.proven.values()} == {0}


def test_a_place_in_a_log_that_the_contract_does_not_name_is_named(moved: World) -> None:
    told = {**places_of(moved), moved.envelopes[0].digest: (5, 0)}
    _, places = checked(moved, told, *moved.logs)
    assert [(one.kind, one.digest) for one in places.findings] == [
        (FindingKind.place, moved.envelopes[0].digest)
    ]


def test_a_claim_beyond_what_the_log_has_published_is_only_not_proven_yet() -> None:
    world = World().complete()
    last = world.envelopes[-1].digest
    answer = record(world, {**places_of(world), last: (0, 99)})
    found = check_objects(answer, world.contract, Known(), lambda _: None)
    places = claimed_places(answer, found, Known())
    section = world.section(world.logs[0], head=False)
    proofs = {digest: text for digest, text in section.proofs.items() if digest != last}
    take_proofs(places, found, section.vkey, proofs, 50)
    assert places.findings == []
    assert last not in places.proven
