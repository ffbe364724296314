"""Section 8: an evidence file, read strictly."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from . import forms
from .canonical import Obj, Refused, canonical, digest, parse
from .documents import file_order, is_disclosure
from .notes import is_vkey, read_note
from .texts import base64_decode, is_address, is_chain, is_contract, is_digest, is_time

LARGEST_FILE = 256 * 2**20


@dataclass(frozen=True)
class File:
    """A file whose form holds; envelopes are as yet any JSON."""

    contract: str
    genesis: str
    documents: Sequence[Obj]
    envelopes: Sequence[Any]
    key_ends: Sequence[Obj]
    resolutions: Sequence[Obj]
    logs: Sequence[Obj]
    anchors: Sequence[Obj]
    attachments: Obj
    whole: bool
    """Whether FILE-DIGEST holds."""


def _base64_hash(value: Any) -> bool:
    return forms.base64_text(value) and len(base64_decode(value)) == 32


def _keyed(check: forms.Check) -> forms.Check:
    return lambda v: isinstance(v, dict) and all(is_digest(name) and check(one) for name, one in v.items())


def _document(value: Any) -> bool:
    return forms.members(content=forms.content, seed=is_digest)(value) or is_disclosure(value)


_log = forms.members(
    vkey=is_vkey, statements=forms.any_list(forms.statement("LogStatement")), proofs=_keyed(forms.text),
    receipts=forms.any_list(forms.statement("Receipt")),
    consistency=forms.any_list(forms.members(note=forms.text, proof=forms.any_list(_base64_hash))),
    head=forms.either(forms.statement("HeadStatement"), forms.null),
)  # fmt: skip
_anchor = forms.members(
    chain=is_chain, ledger=is_address, log_id=is_digest, size=lambda v: forms.count(v) and v > 0, root=is_digest,
    tx=is_digest, block=forms.count, hash=is_digest, time=is_time,
)  # fmt: skip
_file = forms.members(
    format=forms.exactly("cmsproof/1"), contract=is_contract, genesis=is_digest,
    documents=forms.any_list(_document), envelopes=lambda v: isinstance(v, list),
    key_ends=forms.any_list(forms.statement("KeyEnd")), resolutions=forms.any_list(forms.statement("Resolution")),
    logs=forms.any_list(_log), anchors=forms.any_list(_anchor), attachments=_keyed(forms.base64_text), digest=is_digest,
)  # fmt: skip


def _size(note: str) -> int:
    try:
        return read_note(note)[0].size
    except Refused:
        return -1


def _ordered(items: Sequence[Any], key: Callable[[Any], Any]) -> bool:
    keys = [key(one) for one in items]
    return all(before < after for before, after in itertools.pairwise(keys))


def _in_order(value: Obj) -> bool:
    logs, anchors = value["logs"], value["anchors"]
    return (
        _ordered(value["documents"], file_order)
        and all(_ordered(value[name], digest) for name in ("envelopes", "key_ends", "resolutions"))
        and len({log["vkey"] for log in logs}) == len(logs)
        and all(_ordered(log["statements"], lambda s: (s["number"], digest(s))) for log in logs)
        and all(_ordered(log["receipts"], lambda r: (r["envelope"], digest(r))) for log in logs)
        and all(
            _ordered(log["consistency"], lambda c: (_size(c["note"]), c["note"].encode())) for log in logs
        )
        and _ordered(anchors, lambda a: (a["chain"], a["ledger"], a["log_id"], a["size"]))
    )


def _within_bounds(value: Obj) -> bool:
    whole = [one["content"] for one in value["documents"] if "content" in one]
    lists = ("attachments", "parties", "terms", "variables")
    return (
        len(value["logs"]) <= 64
        and sum(len(log["consistency"]) for log in value["logs"]) <= 10_000
        and sum(len(content[part]) for content in whole for part in lists) <= 200_000
    )


def read(data: bytes) -> File:
    """The file of these bytes; Refused is FILE-PARSE."""
    if len(data) > LARGEST_FILE:
        raise Refused("too large")
    value = parse(data)
    if canonical(value) != data:
        raise Refused("not canonical")
    if not _file(value):
        raise Refused("not of its form")
    if not _within_bounds(value):
        raise Refused("more than a file may have")
    if not _in_order(value):
        raise Refused("not in order, or something twice")
    rest = {name: one for name, one in value.items() if name != "digest"}
    fields = {name: one for name, one in rest.items() if name != "format"}
    return File(**fields, whole=digest(rest) == value["digest"])
