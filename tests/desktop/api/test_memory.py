"""What was verified outlives the process, is shared by two programs, bounded, and given up when it is damaged."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from cms_backend.core.hashing import H
from cms_backend.core.ids import ContractId, Time
from cms_backend.core.signatures import Ed25519Signer, secure
from cms_backend.core.statements import Receipt, receipt
from cms_desktop.api.memory import FILE, Known, KnownAnchor, Memory, MemoryUnusable, Verified

GENESIS = H("genesis")
OPERATOR = Ed25519Signer(b"\x08" * 32)


def verified(name: str, leaf: tuple[str, int] | None = None) -> Verified:
    return Verified(H(name), "event", H(name + "'s statement"), name.encode(), leaf)


def promised(name: str) -> Receipt:
    moment = Time("2026-05-01T12:00:00.000Z")
    body = receipt(
        actor=OPERATOR.did,
        envelope=H(name),
        slot=H(name + "'s slot"),
        origin="log.example",
        received_at=moment,
        log_by=moment,
    )
    return Receipt.from_json(secure(body, OPERATOR))


def test_nothing_is_known_of_a_contract_that_was_never_looked_at(tmp_path: Path) -> None:
    assert Memory(tmp_path).recall(ContractId.new()) == Known()


def test_another_program_of_the_same_home_knows_what_was_verified(tmp_path: Path) -> None:
    contract = ContractId.new()
    one, other = Memory(tmp_path), Memory(tmp_path)
    one.remember(contract, GENESIS, [verified("a"), verified("b", ("key", 7))])
    known = other.recall(contract)
    assert known.genesis == GENESIS
    assert {digest: seen.leaf for digest, seen in known.objects.items()} == {H("a"): None, H("b"): ("key", 7)}
    assert other.body(contract, H("a")) == b"a"
    assert other.body(contract, H("c")) is None
    other.remember(contract, GENESIS, [verified("a", ("key", 3))])
    one.remember(contract, GENESIS, [verified("a")])
    assert one.recall(contract).objects[H("a")].leaf == ("key", 3)


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    Memory(tmp_path).remember(ContractId.new(), GENESIS, [verified("a")])
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_the_contracts_that_were_looked_at_longest_ago_are_forgotten_first(tmp_path: Path) -> None:
    memory = Memory(tmp_path, most=5)
    first, second, third = ContractId.new(), ContractId.new(), ContractId.new()
    memory.keep_receipts(first, [promised("a")])
    for contract in (first, second):
        memory.remember(contract, GENESIS, [verified("a"), verified("b")])
    memory.remember(first, GENESIS, [verified("c")])
    memory.remember(third, GENESIS, [verified("a"), verified("b")])
    assert [len(memory.recall(one).objects) for one in (first, second, third)] == [3, 0, 2]
    memory.remember(third, GENESIS, [verified("c")])
    assert memory.recall(first) == Known()
    assert len(memory.receipts(first)) == 1


def test_a_receipt_is_kept_until_its_event_is_proven(tmp_path: Path) -> None:
    contract = ContractId.new()
    memory = Memory(tmp_path)
    memory.keep_receipts(contract, [promised("a"), promised("b")])
    memory.keep_receipts(contract, [promised("a")])
    memory.close()
    assert {one.envelope for one in memory.receipts(contract)} == {H("a"), H("b")}
    memory.drop_receipts([H("a")])
    assert [one.envelope for one in memory.receipts(contract)] == [H("b")]
    assert memory.receipts(ContractId.new()) == ()


def test_notes_and_anchors_are_kept_by_their_log(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    assert memory.head("key") is None
    memory.keep_head("key", "note 1")
    memory.keep_head("key", "note 2")
    assert memory.head("key") == "note 2"
    anchor = KnownAnchor(12, Time("2026-05-01T12:00:00.000Z"), own=True)
    memory.keep_anchors("key", "eip155:1", {5: anchor})
    assert memory.anchors("key", "eip155:1") == {5: anchor}
    assert memory.anchors("key", "eip155:5") == {}
    assert memory.anchors("other", "eip155:1") == {}


@pytest.mark.parametrize("damage", ["rubbish", "cut"])
def test_a_damaged_file_is_put_aside_and_begun_anew(tmp_path: Path, damage: str) -> None:
    contract = ContractId.new()
    memory = Memory(tmp_path)
    memory.remember(contract, GENESIS, [verified(str(at)) for at in range(500)])
    memory.close()
    path = tmp_path / FILE
    data = path.read_bytes()
    path.write_bytes(b"\xff" * 4096 + data[4096:] if damage == "rubbish" else data[: len(data) // 3])
    assert memory.recall(contract) == Known()
    memory.remember(contract, GENESIS, [verified("a")])
    assert len(memory.recall(contract).objects) == 1
    assert (tmp_path / f"{FILE}.damaged").exists()


def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(tmp_path / FILE)) as db, db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(MemoryUnusable, match="later version"):
        Memory(tmp_path).recall(ContractId.new())
    assert not (tmp_path / f"{FILE}.damaged").exists()


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(MemoryUnusable):
        Memory(tmp_path).recall(ContractId.new())


def test_without_a_home_it_lasts_as_long_as_the_process() -> None:
    contract = ContractId.new()
    memory = Memory()
    memory.remember(contract, GENESIS, [verified("a")])
    assert len(memory.recall(contract).objects) == 1
    memory.close()
