from cms_backend.core.canonical import encode
from cms_backend.core.events import Action
from cms_backend.core.hashing import H
from cms_backend.core.slots import key_slot, leaf_data, log_slot, note_slot, party_slot, slot_of, spine_slot
from tests.support.core_samples import ELSEWHERE, ed25519, envelope

GENESIS = ELSEWHERE


def test_slots_are_hashed_as_section_6_says() -> None:
    assert spine_slot(GENESIS, 3) == H(encode(["cms-slot-v1", GENESIS, 3, "spine"]))
    assert party_slot(GENESIS, 3, 12) == H(encode(["cms-slot-v1", GENESIS, 3, "party:12"]))
    assert note_slot(GENESIS, 3, "77" * 32) == H(encode(["cms-slot-v1", GENESIS, 3, "note:" + "77" * 32]))
    assert key_slot(ed25519(1).key) == H(encode(["cms-key-v1", ed25519(1).key]))
    assert log_slot(0) == H('["cms-log-v1",0]')


def test_each_kind_of_event_has_its_slot() -> None:
    proposed = envelope(ed25519(1), Action.proposed)
    assert slot_of(proposed, GENESIS) == spine_slot(GENESIS, 1)
    assert slot_of(envelope(ed25519(1), party=4), GENESIS) == party_slot(GENESIS, 1, 4)
    note = envelope(ed25519(1), Action.commented)
    assert slot_of(note, GENESIS) == note_slot(GENESIS, 1, note.digest)


def test_two_decisions_of_one_party_share_a_slot_so_that_a_second_one_shows() -> None:
    signed = envelope(ed25519(1), party=0)
    declined = envelope(ed25519(1), Action.declined, party=0)
    assert slot_of(signed, GENESIS) == slot_of(declined, GENESIS)


def test_a_decision_of_nobody_has_no_place() -> None:
    assert slot_of(envelope(ed25519(1), party=None), GENESIS) is None


def test_a_leaf_is_the_slot_and_the_digest_in_64_raw_bytes() -> None:
    slot, digest = log_slot(0), envelope(ed25519(1)).digest
    assert leaf_data(slot, digest) == bytes.fromhex(slot + digest)
