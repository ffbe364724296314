from typing import Any

import pytest

from cms_backend.core.errors import FormError
from cms_backend.core.ids import Digest
from cms_backend.core.references import (
    BlockRef,
    CheckpointRef,
    Proof,
    Seen,
    a_string,
    check_chain,
    whole_number,
)
from tests.support.core_samples import ed25519, event

CHECKPOINT = {"origin": "log.example.com", "size": 3, "root": "44" * 32}
BLOCK = {"chain": "eip155:1", "number": 9, "hash": "55" * 32}


def test_references_come_back_from_their_json() -> None:
    assert CheckpointRef.from_json(CHECKPOINT).to_json() == CHECKPOINT
    assert BlockRef.from_json(BLOCK).to_json() == BLOCK
    for value in ({"checkpoint": CHECKPOINT, "block": None}, {"checkpoint": None, "block": BLOCK}):
        assert Seen.from_json(value).to_json() == value
    assert Seen.from_json({"checkpoint": None, "block": None}) is Seen.nothing()


@pytest.mark.parametrize(
    "chain", ["eip155:0", "eip155:01", "eip155:", "eip155:1 ", "eip155:" + "1" * 33, "EIP155:1", None, 1]
)
def test_a_chain_has_one_form(chain: Any) -> None:
    with pytest.raises(FormError):
        check_chain(chain)


def test_numbers_and_strings_are_what_they_say() -> None:
    assert whole_number(2**53 - 1, "n") == 2**53 - 1
    assert a_string("", "s") == ""
    for bad in (True, -1, 1.0, "1", None, 2**53):
        with pytest.raises(FormError):
            whole_number(bad, "n")
    with pytest.raises(FormError):
        a_string(Digest, "s")


def test_a_proof_keeps_what_signatures_will_judge() -> None:
    raw = event(ed25519(1))["proof"]
    proof = Proof.from_json(raw)
    assert (proof.cryptosuite, proof.verification_method, proof.value) == (
        raw["cryptosuite"],
        raw["verificationMethod"],
        raw["proofValue"],
    )
