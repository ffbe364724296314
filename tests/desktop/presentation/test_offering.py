"""What is said after a file was taken in: what was left out of it, and what nobody here could judge."""

from __future__ import annotations

from cms_backend.core.hashing import H
from cms_desktop.api.errors import LeftOut
from cms_desktop.presentation.offering import left_out

SECTION = LeftOut("LOG-NOTE", "No event that counts names the log log.example/one.", None)


def test_nothing_is_said_when_all_was_taken() -> None:
    assert left_out((), ()) == ""


def test_what_was_left_out_is_said_with_its_reason() -> None:
    assert left_out((SECTION,), ()) == f" One thing was left out: {SECTION.detail}"
    assert left_out((SECTION, SECTION), ()) == f" 2 things were left out: {SECTION.detail}"


def test_a_signature_that_only_an_accounts_contract_could_judge_is_named() -> None:
    assert left_out((), (H("event"),)) == (
        " One signature could only be judged by the contract of the account."
    )
