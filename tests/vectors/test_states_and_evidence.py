"""The vectors of sections 3, 8 and 9, read as a stranger would: from the files alone."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from cms_backend.core.canonical import encode
from cms_backend.core.document import SealedDocument
from cms_backend.core.events import Envelope
from cms_backend.core.evidence import Evidence
from cms_backend.core.ids import Time
from cms_backend.core.lifecycle import Entry, LoggedKeyEnd, replay
from cms_backend.core.statements import KeyEnd
from cms_backend.core.verify import LedgerFacts, Trust, verify_evidence
from tests.vectors.make_evidence import expected as of_report
from tests.vectors.make_states import expected as of_state

FOLDER = Path(__file__).parent


def cases(name: str) -> list[Any]:
    """The cases of a file, each with its id."""
    found = json.loads((FOLDER / name).read_text("utf-8"))["cases"]
    return [pytest.param(case, id=case["id"]) for case in found]


@pytest.mark.parametrize("case", cases("states.json"))
@pytest.mark.parametrize("seed", range(5))
def test_replay_gives_the_state_of_the_vector(case: dict[str, Any], seed: int) -> None:
    documents = [SealedDocument.from_json(one) for one in case["documents"]]
    events = [(one["index"], Envelope.from_json(dict(one["event"]))) for one in case["events"]]
    random.Random(seed).shuffle(events)
    log = 0 if case["log"] else None
    state = replay(
        [Entry(one, log, index) for index, one in events],
        {one.ref.root: one.document for one in documents},
        now=Time.parse(case["now"]),
        key_ends=[
            LoggedKeyEnd(KeyEnd.from_json(one["key_end"]), log, one["index"]) for one in case["key_ends"]
        ],
    )
    assert of_state(state) == case["state"]


@pytest.mark.parametrize("case", cases("evidence.json"))
def test_verification_gives_the_report_of_the_vector(case: dict[str, Any]) -> None:
    data = encode(case["file"])
    if case["report"]["verdict"] != "no_proof":
        assert Evidence.from_bytes(data).to_bytes() == data
    report = verify_evidence(
        data, LedgerFacts.from_json(case["facts"]), Trust.from_json(case["trust"]), Time.parse(case["now"])
    )
    assert of_report(report) == case["report"]
