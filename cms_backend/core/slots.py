"""Slots: the one place in a log that an event can take, and the data of its leaf (section 6).

A slot is 32 hash bytes that strangers cannot link to a contract; two leaves of one slot prove a broken log.
"""

from __future__ import annotations

from cms_backend.core.events import Envelope, Kind
from cms_backend.core.hashing import H, digest_of
from cms_backend.core.ids import Digest


def _slot(genesis: str, sequence: int, name: str) -> Digest:
    # J of ["cms-slot-v1", genesis, sequence, name]: hex, an integer and ASCII words need no escapes.
    return H(f'["cms-slot-v1","{genesis}",{sequence:d},"{name}"]')


def spine_slot(genesis: str, sequence: int) -> Digest:
    """The slot of the spine event with this sequence. `genesis`: the statement digest of `created`."""
    return _slot(genesis, sequence, "spine")


def party_slot(genesis: str, sequence: int, party: int) -> Digest:
    """The slot of the one decision that a party (index in the proposal's document) has on a proposal."""
    return _slot(genesis, sequence, f"party:{party}")


def note_slot(genesis: str, sequence: int, digest: str) -> Digest:
    """The slot of a note, by its envelope digest."""
    return _slot(genesis, sequence, f"note:{digest}")


def key_slot(key: str) -> Digest:
    """The slot of the KeyEnds of a key (the only one that may hold several leaves)."""
    return digest_of(["cms-key-v1", str(key)])


def log_slot(number: int) -> Digest:
    """The slot of the LogStatement with this number."""
    return digest_of(["cms-log-v1", number])


def slot_of(envelope: Envelope, genesis: str) -> Digest | None:
    """The slot of an event; None for a decision whose actor is no party, which has no place."""
    if envelope.kind is Kind.spine:
        return spine_slot(genesis, envelope.sequence)
    if envelope.kind is Kind.note:
        return note_slot(genesis, envelope.sequence, envelope.digest)
    return None if envelope.party is None else party_slot(genesis, envelope.sequence, envelope.party)


def leaf_data(slot: Digest, digest: Digest) -> bytes:
    """slot || digest of the whole secured object, 64 raw bytes."""
    return slot.raw + digest.raw
