"""Both readers accept the same texts and bytes: section 1, and the C2SP texts of section 6."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from cms_backend.core import canonical as first_canonical
from cms_backend.core import checkpoint as first_notes
from cms_backend.core.errors import CmsError
from cms_backend.core.ids import ContractId, Did, Digest, KeyText, Time

from . import canonical, mutants, notes, texts
from .canonical import Refused

VKEY, NOTE, PROOF = mutants.log_texts()
CASES: dict[str, tuple[Callable[[str], object], Callable[[str], object], tuple[str, ...]]] = {
    "did": (Did.parse, texts.is_did, mutants.DIDS),
    "key": (KeyText.parse, texts.is_key, mutants.KEYS),
    "time": (Time.parse, texts.is_time, mutants.TIMES),
    "contract": (ContractId.parse, texts.is_contract, ("6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12",)),
    "digest": (Digest.parse, texts.is_digest, ("ab" * 32,)),
    "vkey": (first_notes.parse_vkey, notes.is_vkey, (VKEY,)),
    "note": (
        lambda text: first_notes.open_note(text, first_notes.parse_vkey(VKEY)),
        lambda text: notes.open_note(text, notes.parse_vkey(VKEY)),
        (NOTE,),
    ),
    "tlog-proof": (first_notes.parse_tlog_proof, notes.parse_proof, (PROOF,)),
}


def taken(read: Callable[[str], object], text: str) -> bool:
    """Whether a reader takes this text."""
    try:
        return read(text) is not False
    except (CmsError, Refused):
        return False


@pytest.mark.parametrize("kind", CASES)
def test_both_readers_take_the_same_texts(kind: str) -> None:
    first, second, right = CASES[kind]
    random = Random(kind)
    assert all(taken(first, text) and taken(second, text) for text in right if text != "did:web:0x1f.0x2")
    changed = [mutants.change(random.choice(right), random) for _ in range(1000)]
    assert [text for text in changed if taken(first, text) != taken(second, text)] == []
    assert any(taken(second, text) for text in changed) or kind in ("contract", "vkey")
    assert not all(taken(second, text) for text in changed)


def test_both_readers_take_the_same_bytes_for_json_and_write_them_alike() -> None:
    random = Random("bytes")
    for _ in range(2000):
        data = mutants.change_bytes(random.choice(mutants.VALUES), random)
        try:
            second = canonical.canonical(canonical.parse(data))
        except Refused:
            second = None
        try:
            first = first_canonical.canonicalize(first_canonical.parse(data, limit=1000))
        except CmsError:
            first = None
        assert first == second, data
