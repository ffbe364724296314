"""A log's next checkpoint against the one before; and the key that may follow its key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.core.checkpoint import LogKey, open_note, tlog_proof
from cms_backend.core.continuity import Continuity, check_succession, compare
from cms_backend.core.errors import LogError, SignatureError
from cms_backend.core.ids import Digest, Time
from cms_backend.core.merkle import EMPTY_ROOT
from cms_backend.core.signatures import Ed25519Signer, secure
from cms_backend.core.slots import leaf_data, log_slot
from cms_backend.core.statements import LogStatement, log_statement
from tests.support.core_logs import SmallLog, log_key

KEY, NEXT = log_key(1), log_key(2)
OPERATOR = Ed25519Signer(b"\x31" * 32)
SIZES = st.integers(1, 40)


def small(count: int, *, odd: int | None = None) -> SmallLog:
    """A log of leaves by number; leaf `odd` is another than in all other logs."""
    return SmallLog(KEY, [f"leaf {at}{' odd' if at == odd else ''}".encode() for at in range(count)])


def head(log: SmallLog, size: int | None = None) -> Any:
    return open_note(log.note(size), KEY.vkey)


@given(SIZES, SIZES)
def test_a_log_that_only_grows_is_the_same_or_has_grown(first: int, second: int) -> None:
    old, new = sorted((first, second))
    log = small(new)
    found = compare(head(log, old), head(log), log.consistency(old))
    assert found is (Continuity.same if old == new else Continuity.grown)


@given(SIZES, SIZES, st.data())
def test_a_log_with_another_past_is_a_split_view_whatever_proof_it_gives(
    first: int, second: int, data: st.DataObject
) -> None:
    old, new = sorted((first, second))
    liar = small(new, odd=data.draw(st.integers(0, old - 1)))
    assert compare(head(small(old)), head(liar), liar.consistency(old)) is Continuity.split_view
    assert compare(head(small(old)), head(liar), small(new).consistency(old)) is Continuity.split_view


@given(SIZES, SIZES)
def test_a_smaller_log_has_shrunk(first: int, second: int) -> None:
    log = small(first + second)
    assert compare(head(log), head(log, first)) is Continuity.shrunk


def test_growth_without_its_proof_is_a_split_view() -> None:
    log = small(7)
    assert compare(head(log, 3), head(log), ()) is Continuity.split_view


def test_every_log_continues_the_empty_one_of_the_right_root() -> None:
    log = small(3)
    empty = replace(head(log), size=0, root=Digest.of(EMPTY_ROOT))
    assert compare(empty, head(log)) is Continuity.grown
    assert compare(replace(empty, root=Digest("0" * 64)), head(log)) is Continuity.split_view


def test_checkpoints_of_two_logs_are_not_compared() -> None:
    other = SmallLog(NEXT, [b"x"])
    with pytest.raises(LogError, match="two logs"):
        compare(head(small(1)), open_note(other.note(), NEXT.vkey))


def statement(signer: Ed25519Signer = OPERATOR, old: LogKey = KEY, new: LogKey | None = NEXT) -> LogStatement:
    body = log_statement(
        actor=signer.did,
        vkey=old.vkey.text,
        number=1,
        ledgers=[],
        successor=None if new is None else new.vkey.text,
        occurred_at=Time("2026-05-01T12:00:00.000Z"),
    )
    return LogStatement.from_json(secure(body, signer))


def logged(one: LogStatement, key: LogKey = KEY, number: int = 1) -> str:
    return SmallLog(key, [b"before", leaf_data(log_slot(number), one.digest), b"after"]).proof(1)


def check(one: LogStatement, proof: str) -> None:
    check_succession(one, proof, before=KEY.vkey, operator=OPERATOR.did, now=NEXT.vkey)


def test_the_key_that_the_operator_named_in_the_old_log_follows() -> None:
    check(statement(), logged(statement()))


@pytest.mark.parametrize(
    "one",
    [
        statement(Ed25519Signer(b"\x32" * 32)),
        statement(old=log_key(3)),
        statement(new=log_key(3)),
        statement(new=None),
    ],
    ids=["another operator", "another log", "another key", "no key"],
)
def test_a_statement_about_something_else_names_no_successor(one: LogStatement) -> None:
    with pytest.raises(LogError, match="does not name"):
        check(one, logged(one))


def test_a_successor_that_is_not_in_the_old_log_does_not_follow() -> None:
    one = statement()
    for proof in (logged(one, NEXT), logged(one, number=2), tlog_proof(0, [], small(1).note()), ""):
        with pytest.raises(LogError):
            check(one, proof)


def test_a_successor_that_the_operator_did_not_sign_does_not_follow() -> None:
    real, other = statement(), statement(new=None)
    forged = LogStatement.from_json({**real.json, "proof": other.json["proof"]})
    with pytest.raises(SignatureError):
        check(forged, logged(forged))
