"""Malformed JSON and naughty strings."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from cms_backend.core.canonical import encode, parse
from cms_backend.core.document import SealedDocument
from cms_backend.core.errors import CmsError
from tests.conformance.model import Result, Vectors, case_id, each, equal, passed, verdict
from tests.support.core_samples import document

LIMIT = 10**6


def _body(case: Vectors) -> bytes:
    if "base64" in case:
        return base64.b64decode(case["base64"])
    return str(case["repeat"]).encode() * case["count"] + str(case["tail"]).encode()


def _parse(body: bytes) -> object:
    return parse(body, limit=LIMIT)


def _malformed(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        body, expected = _body(case), case["expect"]
        if expected != "either":
            yield verdict(case_id(case), expected == "must-accept", _parse, body)
            continue
        try:
            parse(body, limit=LIMIT)
        except CmsError:
            pass
        yield passed(case_id(case))


def _naughty(vectors: Vectors) -> Iterator[Result]:
    """Each string as title, term and party name of a document: refused in words, or kept unchanged."""
    for case in each(vectors):
        text = case["string"]
        try:
            sealed = SealedDocument.seal(document(title=text, description=text))
        except CmsError:
            yield passed(case_id(case))
            continue
        read = SealedDocument.from_json(parse(encode(sealed.to_json()), limit=LIMIT))
        yield equal(case_id(case), (read.document.title, read.ref), (text, sealed.ref))


FILES = {"fuzz/malformed-json.json": _malformed, "fuzz/naughty-strings.json": _naughty}
