"""Evidence files as plain JSON: what an edit takes out, puts in or puts elsewhere. Nothing here is signed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cms_backend.core.document import SealedDocument
from cms_backend.core.hashing import digest_of

File = dict[str, Any]
_digests: dict[int, tuple[Any, str]] = {}


def digest(one: Any) -> str:
    """The digest of a secured object, remembered: files of one history share their objects."""
    found = _digests.get(id(one))
    if found is None or found[0] is not one:
        if len(_digests) > 100_000:
            _digests.clear()
        found = _digests[id(one)] = one, str(digest_of(one))
    return found[1]


def changed(file: File, **members: Any) -> File:
    """A copy with other members."""
    return {**file, **members}


def with_section(file: File, at: int, **members: Any) -> File:
    """A copy with a changed section."""
    return changed(file, logs=[{**one, **members} if k == at else one for k, one in enumerate(file["logs"])])


def without_proofs(file: File, gone: Iterable[str], at: int | None = None) -> File:
    """A copy without the inclusion proofs of these objects, in one section or in all."""
    drop = set(gone)
    sections = [
        {**one, "proofs": {d: text for d, text in one["proofs"].items() if d not in drop}}
        if at in (None, k)
        else one
        for k, one in enumerate(file["logs"])
    ]
    return changed(file, logs=sections)


def without(file: File, gone: Iterable[str], *, proofs: bool = True) -> File:
    """A copy without these objects, and without their proofs, receipts and texts that nothing else names."""
    drop = set(gone)
    kept = [one for one in file["envelopes"] if digest(one) not in drop]
    named = {one["document"]["root"] for one in kept}
    lost = {one["document"]["root"] for one in file["envelopes"]} - named
    roots = document_roots(file)
    found = changed(
        file,
        envelopes=kept,
        key_ends=[one for one in file["key_ends"] if digest(one) not in drop],
        documents=[one for one, root in zip(file["documents"], roots, strict=True) if root not in lost],
        logs=[
            {
                **one,
                "statements": [s for s in one["statements"] if digest(s) not in drop],
                "receipts": [r for r in one["receipts"] if r["envelope"] not in drop],
            }
            for one in file["logs"]
        ],
    )
    return without_proofs(found, drop) if proofs else found


def document_roots(file: File) -> list[str | None]:
    """For each document the root of the events that name it, as far as a revision tells."""
    return [None if "disclosed" in one else _root(one) for one in file["documents"]]


_roots: dict[int, tuple[Any, str]] = {}


def _root(one: Any) -> str:
    found = _roots.get(id(one))
    if found is None or found[0] is not one:
        if len(_roots) > 20_000:
            _roots.clear()
        found = _roots[id(one)] = one, str(SealedDocument.from_json(one).ref.root)
    return found[1]


def proof_index(text: str) -> int:
    """The index that a tlog-proof names."""
    return int(text.split("\n", 2)[1].removeprefix("index "))


def logged_order(file: File) -> list[str]:
    """The digests of events and KeyEnds that have a proof, by section and index."""
    own = {digest(one) for one in (*file["envelopes"], *file["key_ends"])}
    found: list[str] = []
    for section in file["logs"]:
        places = sorted((proof_index(text), d) for d, text in section["proofs"].items() if d in own)
        found += [d for _, d in places if d not in found]
    return found


def spine(file: File) -> list[Any]:
    """The spine events by sequence."""
    names = ("created", "proposed", "withdrawn", "terminated", "moved")
    return sorted(
        (one for one in file["envelopes"] if one["action"] in names), key=lambda one: one["sequence"]
    )


def created(file: File) -> Any:
    """The first event."""
    return next((one for one in file["envelopes"] if one["action"] == "created"), None)


def checkpoint_size(section: dict[str, Any]) -> int | None:
    """The size of the checkpoint that a section's proofs run to."""
    text = next(iter(section["proofs"].values()), None)
    return None if text is None else int(text.split("\n\n", 1)[1].split("\n")[1])
