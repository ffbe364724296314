"""Problems of the backend become errors of the one tree, whatever a proxy made of them."""

from __future__ import annotations

from typing import Any

import pytest

from cms_backend.core import errors as core
from cms_desktop.api.errors import LeftOut, ProblemBody, Refused


@pytest.mark.parametrize(
    "kind", [core.StaleSpine, core.ProposalClosed, core.SlotTaken, core.NotAllowed, core.FormError]
)
def test_a_problem_with_a_code_of_the_core_is_that_error_again(kind: type[core.CmsError]) -> None:
    raw = {"status": kind.status, "code": kind.code, "detail": "It was closed.", "remedy": "Look again."}
    error = ProblemBody.from_json(raw).to_error()
    assert type(error) is kind
    assert (error.detail, error.remedy) == ("It was closed.", "Look again.")


def test_an_unknown_code_is_kept_with_its_words() -> None:
    error = ProblemBody.from_json({"status": 507, "code": "disk.full", "detail": "No space."}).to_error()
    assert isinstance(error, Refused)
    assert (error.problem.code, error.problem.status, error.detail) == ("disk.full", 507, "No space.")


@pytest.mark.parametrize(
    "raw", [None, [], "Bad Gateway", {}, {"status": None}, {"status": "x"}, {"status": [1]}]
)
def test_an_answer_that_is_no_problem_is_still_told_with_its_status(raw: Any) -> None:
    body = ProblemBody.from_json(raw, 502)
    assert body.status == 502
    assert "502" in body.detail


def test_a_refused_file_comes_with_all_that_is_wrong_in_it() -> None:
    wrong = {"check": "SIG-ACTOR", "detail": "It was signed by another key.", "digest": "ab" * 32}
    raw = {
        "status": 400,
        "code": "evidence.invalid",
        "detail": "The file was altered.",
        "refused": [wrong, {"x": 1}],
    }
    error = ProblemBody.from_json(raw).to_error()
    assert isinstance(error, Refused)
    assert error.problem.refused == (LeftOut("SIG-ACTOR", "It was signed by another key.", "ab" * 32),)
