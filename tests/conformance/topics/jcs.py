"""RFC 8785: canonical JSON."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator

from cms_backend.core.canonical import canonicalize, parse
from tests.conformance.model import Result, Vectors, case_id, each, equal, verdict


def _pairs(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        yield equal(case_id(case), canonicalize(json.loads(case["input"])).hex(), case["expectedHex"])


def _numbers(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        number = struct.unpack(">d", bytes.fromhex(case["ieee754"]))[0]
        if case["expected"] is None:
            yield verdict(case_id(case), False, canonicalize, number)
        else:
            yield equal(case_id(case), canonicalize(number).decode(), case["expected"])


def _refused(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        text = case["input"].encode("utf-8", "surrogatepass")
        yield verdict(case_id(case), False, _read, text)


def _read(data: bytes) -> bytes:
    return canonicalize(parse(data, limit=10**6))


FILES = {
    "jcs/pairs.json": _pairs,
    "jcs/extra-pairs.json": _pairs,
    "jcs/numbers.json": _numbers,
    "jcs/must-refuse.json": _refused,
}
