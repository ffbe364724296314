"""What a holder takes out of a file, or puts back to an earlier state. It needs no key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .cast import Role
from .file_parts import (
    File,
    changed,
    checkpoint_size,
    digest,
    document_roots,
    logged_order,
    with_section,
    without,
    without_proofs,
)
from .surroundings import Surroundings


class Change(NamedTuple):
    """One edit that could be made. `kind`: removal, addition or rewrite."""

    name: str
    role: Role
    kind: str
    apply: Callable[[File], File]
    touches: frozenset[str] = frozenset()
    """The objects that a removal takes out whole, or whose proof it takes out."""
    whole: bool = False
    """Objects go with everything that belongs to them."""


def _removal(name: str, apply: Callable[[File], File], touches: Any = (), *, whole: bool = False) -> Change:
    return Change(name, Role.holder, "removal", apply, frozenset(touches), whole)


def removals(file: File, around: Surroundings) -> Iterator[Change]:
    """Every way to take one thing out."""
    yield from _of_objects(file)
    yield from _of_tails(file)
    yield from _of_sections(file)
    yield from _of_the_rest(file)
    yield from rewrites(file, around)


def _label(one: dict[str, Any]) -> str:
    return f"{one.get('action', one['type'])} {one.get('sequence', '')} {digest(one)[:6]}".replace("  ", " ")


def _of_objects(file: File) -> Iterator[Change]:
    proven = {d for section in file["logs"] for d in section["proofs"]}
    for one in (*file["envelopes"], *file["key_ends"]):
        d = digest(one)
        yield _removal(f"drop {_label(one)}", lambda f, d=d: without(f, [d]), [d], whole=True)
        if d in proven:
            yield _removal(
                f"keep the proof of, drop {_label(one)}", lambda f, d=d: without(f, [d], proofs=False), [d]
            )
            yield _removal(f"strip the proof of {_label(one)}", lambda f, d=d: without_proofs(f, [d]), [d])
        holders = [k for k, section in enumerate(file["logs"]) if d in section["proofs"]]
        for k in holders if len(holders) > 1 else ():
            yield _removal(
                f"strip the proof of {_label(one)} in section {k}",
                lambda f, d=d, k=k: without_proofs(f, [d], k),
                [d],
            )


def _of_tails(file: File) -> Iterator[Change]:
    order = logged_order(file)
    for at in range(1, len(order)):
        gone = order[at:]
        yield _removal(f"cut behind leaf {at}", lambda f, gone=gone: without(f, gone), gone, whole=True)
        yield _removal(f"strip behind leaf {at}", lambda f, gone=gone: without_proofs(f, gone), gone)


def _only_in(file: File, at: int) -> list[str]:
    own = {digest(one) for one in (*file["envelopes"], *file["key_ends"])}
    elsewhere = {d for k, section in enumerate(file["logs"]) if k != at for d in section["proofs"]}
    return [d for d in file["logs"][at]["proofs"] if d in own and d not in elsewhere]


def _cut_section(file: File, at: int) -> File:
    return changed(file, logs=[one for k, one in enumerate(file["logs"]) if k != at])


def _of_sections(file: File) -> Iterator[Change]:
    for at, section in enumerate(file["logs"]):
        gone = _only_in(file, at)
        yield _removal(f"drop section {at}", lambda f, at=at: _cut_section(f, at), list(section["proofs"]))
        yield _removal(
            f"drop section {at} and what is only there",
            lambda f, at=at, gone=gone: without(_cut_section(f, at), gone),
            gone,
            whole=True,
        )
        if section["head"] is not None:
            yield _removal(f"drop head {at}", lambda f, at=at: with_section(f, at, head=None))
        if section["consistency"]:
            yield _removal(f"drop consistency {at}", lambda f, at=at: with_section(f, at, consistency=[]))
        for one in section["statements"]:
            d = digest(one)
            yield _removal(f"drop statement {one['number']} of {at}", lambda f, d=d: without(f, [d]), [d])
    if len(file["logs"]) > 1:
        yield Change(
            "reverse the sections", Role.holder, "rewrite", lambda f: changed(f, logs=f["logs"][::-1])
        )


def _of_the_rest(file: File) -> Iterator[Change]:
    for at, anchor in enumerate(file["anchors"]):
        yield _removal(
            f"drop anchor {anchor['size']}",
            lambda f, at=at: changed(f, anchors=[one for k, one in enumerate(f["anchors"]) if k != at]),
        )
    for at, _ in enumerate(document_roots(file)):
        yield _removal(
            f"drop document {at}",
            lambda f, at=at: changed(f, documents=[one for k, one in enumerate(f["documents"]) if k != at]),
        )
    for at, _ in enumerate(file["resolutions"]):
        yield _removal(
            f"drop resolution {at}",
            lambda f, at=at: changed(
                f, resolutions=[one for k, one in enumerate(f["resolutions"]) if k != at]
            ),
        )


# --- an earlier state ---------------------------------------------------------------------------------------


def rewrites(file: File, around: Surroundings) -> Iterator[Change]:
    """Older checkpoints and HeadStatements in the place of newer ones, and heads in foreign sections."""
    for at, section in enumerate(file["logs"]):
        log = around.logs.get(section["vkey"])
        if log is not None:
            for head in log.heads:
                if head != section["head"]:
                    yield _rewrite(
                        f"older head {head['size']} in {at}",
                        lambda f, at=at, h=head: with_section(f, at, head=h),
                    )
            size = checkpoint_size(section)
            own = set(section["proofs"])
            for smaller in range(3, size or 0):
                yield _rewrite(
                    f"section {at} as it was at size {smaller}",
                    lambda f, at=at, log=log, own=own, smaller=smaller: _older(
                        f, at, log.section(own, smaller)
                    ),
                )
        for other, donor in enumerate(file["logs"]):
            if other != at and donor["head"] is not None:
                yield _rewrite(
                    f"head of {other} in {at}", lambda f, at=at, h=donor["head"]: with_section(f, at, head=h)
                )


def _rewrite(name: str, apply: Callable[[File], File]) -> Change:
    return Change(name, Role.holder, "rewrite", apply)


def _older(file: File, at: int, section: dict[str, Any]) -> File:
    """The section at a smaller size; what it does not prove any more goes with it."""
    gone = set(file["logs"][at]["proofs"]) - set(section["proofs"])
    kept = with_section(file, at, **{**section, "head": file["logs"][at]["head"]})
    elsewhere = {d for k, one in enumerate(kept["logs"]) if k != at for d in one["proofs"]}
    return without(kept, gone - elsewhere)
