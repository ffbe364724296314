from typing import Any

from cms_backend.core.report_model import CheckState, Verdict
from cms_backend.report.view import MANY_CHECKS, report_view, seal_of
from tests.support.core_samples import ed25519
from tests.support.report_samples import altered, check, party, pending, report, row


def test_the_seal_follows_the_verdict_and_a_pending_anchor_shows_in_it() -> None:
    assert seal_of(report()) == "verified"
    assert seal_of(pending()) == "pending"
    assert seal_of(altered()) == "failed"
    assert seal_of(report(verdict=Verdict.not_recognised)) == "undecided"
    for verdict in (Verdict.no_proof, Verdict.incomplete):
        assert seal_of(report(verdict=verdict)) == "failed"


def test_who_is_awaited_is_named_among_the_open_items() -> None:
    assert report_view(pending())["open_items"] == [
        "The contract is not in force.",
        "Not every event is anchored on a ledger with a proven time.",
        "Still awaited: Idris Calloway.",
    ]


def test_checks_stand_in_the_order_of_their_gravity() -> None:
    states = [group["state"] for group in report_view(altered())["checks"]]
    assert states == ["failed", "passed"]


def test_many_passed_checks_are_told_by_rule_and_failed_ones_never() -> None:
    many = tuple(check("SIG-SUITE", CheckState.passed) for _ in range(MANY_CHECKS + 1))
    bad = tuple(check("EVT-FORM", CheckState.failed) for _ in range(MANY_CHECKS + 1))
    groups = {
        group["state"]: group["checks"] for group in report_view(report(checks=(*many, *bad)))["checks"]
    }
    assert [(line["id"], line["found"]) for line in groups["passed"]] == [("SIG-SUITE", "checked 201 times")]
    assert len(groups["failed"]) == MANY_CHECKS + 1


def test_an_operators_word_is_never_shown_as_a_signature_of_the_person() -> None:
    """A8."""
    view = report_view(report(events=(row(0, on_behalf_of=ed25519(9).did),)))
    assert "operator's word for did:key" in view["events"][0]["actor"]


def test_void_events_say_why_they_have_no_effect() -> None:
    view = report_view(report(events=(row(3, void_reason="Not a party of this revision."),)))
    assert view["events"][0]["void"]
    assert view["events"][0]["reason"] == "Not a party of this revision."


def test_names_and_titles_of_strangers_are_made_harmless() -> None:
    view = report_view(report(title="A\u202eB", parties=(party(0, name="E\u200bve", capacity="C\u2066EO"),)))
    assert view["subject"]["title"] == "A[U+202E]B"
    assert view["parties"][0]["name"] == "E[U+200B]ve"
    assert view["parties"][0]["role"] == "Signer, C[U+2066]EO"


def test_a_report_about_no_proof_still_has_words() -> None:
    nothing: dict[str, Any] = dict.fromkeys(("contract", "genesis", "revision", "state", "as_of"))
    empty: dict[str, Any] = dict.fromkeys(("events", "parties", "logs", "checks", "questions"), ())
    view = report_view(report(verdict=Verdict.no_proof, title="", **nothing, **empty))
    assert view["subject"] == {
        "contract": "",
        "title": "Contract without a shown title",
        "line": "no proven time",
    }
    assert view["facts"] == []
    assert view["made"].endswith("from 0 checks")


def test_a_failed_document_root_is_not_offered_for_comparison() -> None:
    failed = report(checks=(check("DOC-ROOT", CheckState.failed, found="aa" * 32),))
    assert "Root of the text" not in [fact["label"] for fact in report_view(failed)["facts"]]
    assert report_view(report())["facts"][0]["value"].startswith("b256f553 6dacd1e1")
