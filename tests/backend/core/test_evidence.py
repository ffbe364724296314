"""Evidence files: one evidence, one file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cms_backend.core.canonical import encode
from cms_backend.core.disclosure import disclose
from cms_backend.core.errors import EvidenceError
from cms_backend.core.evidence import Evidence, read
from cms_backend.core.hashing import digest_of
from tests.support.verify_world import BORIS, World

SCHEMAS = Path(__file__).parents[3] / "resources" / "schemas"


def full() -> World:
    """A world with something in every member."""
    world = World().complete()
    world.anchor()
    world.comment(BORIS)
    world.anchor()
    world.end_key(BORIS)
    world.resolve(BORIS.did, BORIS.key)
    world.accept(world.comment(BORIS))
    return world


def sealed(members: dict[str, Any]) -> bytes:
    """The file of changed members, with a fitting digest."""
    rest = {name: value for name, value in members.items() if name != "digest"}
    return encode({**rest, "digest": str(digest_of(rest))})


def test_what_is_written_is_read_again() -> None:
    evidence = full().evidence(head=True)
    assert Evidence.from_bytes(evidence.to_bytes()).to_bytes() == evidence.to_bytes()


def test_the_file_fits_its_schema() -> None:
    world = full()
    schema = json.loads((SCHEMAS / "evidence.schema.json").read_text())
    evidence = world.evidence(head=True)
    jsonschema.validate(evidence.to_json(), schema)
    hidden = replace(evidence, documents=(evidence.documents[0], disclose(world.documents[1], ["/title"])))
    jsonschema.validate(hidden.to_json(), schema)


REORDERED: list[Callable[[dict[str, Any]], object]] = [
    lambda file: file["envelopes"].reverse(),
    lambda file: file["documents"].reverse(),
    lambda file: file["anchors"].reverse(),
    lambda file: file["envelopes"].append(file["envelopes"][-1]),
    lambda file: file["documents"].append(file["documents"][-1]),
    lambda file: file["logs"].append(file["logs"][0]),
    lambda file: file["logs"][0]["statements"].append(file["logs"][0]["statements"][0]),
    lambda file: file.update(extra=1),
    lambda file: file.pop("anchors"),
    lambda file: file.update(format="cmsproof/2"),
    lambda file: file["logs"][0].update(vkey="nonsense"),
    lambda file: file["attachments"].update({"00" * 32: "AAA"}),
    lambda file: file["attachments"].update({"00" * 32: "AAB="}),
    lambda file: file["anchors"][0].update(ledger="0x" + "AB" * 20),
    lambda file: file["logs"][0]["proofs"].update(short="text"),
]


@pytest.mark.parametrize("change", REORDERED)
def test_other_orders_duplicates_and_forms_are_refused(change: Callable[[dict[str, Any]], object]) -> None:
    file = full().evidence(head=True).to_json()
    change(file)
    with pytest.raises(EvidenceError) as caught:
        Evidence.from_bytes(sealed(file))
    assert caught.value.check == "FILE-PARSE"


def test_other_bytes_of_the_same_content_are_refused() -> None:
    data = full().evidence().to_bytes()
    for other in (data + b"\n", b"\xef\xbb\xbf" + data, data.replace(b'":', b'": ', 1), b"", b"{}", b"\x00"):
        with pytest.raises(EvidenceError) as caught:
            Evidence.from_bytes(other)
        assert caught.value.check == "FILE-PARSE"


def test_damage_is_named_by_the_digest() -> None:
    file = full().evidence().to_json()
    with pytest.raises(EvidenceError) as caught:
        Evidence.from_bytes(encode({**file, "digest": "0" * 64}))
    assert caught.value.check == "FILE-DIGEST"


def test_a_broken_event_is_named_and_the_rest_is_read() -> None:
    file = full().evidence().to_json()
    event = dict(file["envelopes"][0])
    event["action"] = "sealed"
    others = list(file["envelopes"][1:])
    file["envelopes"] = sorted([event, *others], key=digest_of)
    reading = read(sealed(file))
    assert [one.check for one in reading.problems] == ["EVT-FORM"]
    assert reading.evidence is not None
    assert len(reading.evidence.envelopes) == len(others)
