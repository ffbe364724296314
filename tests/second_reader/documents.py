"""Section 2: leaves, roots, rules for proposals, disclosures."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import forms
from .canonical import Obj, Refused, canonical, digest
from .merkle import head, included, leaf_hash
from .texts import is_contract, is_digest, own_key

COUNTED = ("attachments", "parties", "terms", "variables")
SINGLE = ("title", "description", "valid_from", "valid_until")


@dataclass(frozen=True)
class Held:
    """What a file shows of a document: its reference, and the elements that can be read (None: hidden)."""

    contract: str
    revision: int
    root: str
    leaves: int
    supersedes: str | None
    parties: Sequence[Obj]
    attachments: Sequence[Obj | None]
    valid_until: str | None
    hidden: Sequence[str]
    entry: Obj

    @property
    def ref(self) -> Obj:
        """The reference that an event makes to it."""
        return {"revision": self.revision, "root": self.root, "leaves": self.leaves}


def paths_of(counts: Obj) -> list[str]:
    """All paths of a document with these counts, in byte order."""
    listed = [f"/{name}/{at:05d}" for name in COUNTED for at in range(counts[name])]
    return sorted(["", *(f"/{name}" for name in SINGLE), *listed])


def values_of(content: Obj) -> dict[str, Any]:
    """The value of every leaf by its path."""
    top = {name: content[name] for name in ("contract", "revision", "supersedes")}
    top["counts"] = {name: len(content[name]) for name in COUNTED}
    values = {"": top} | {f"/{name}": content[name] for name in SINGLE}
    for name in COUNTED:
        values |= {f"/{name}/{at:05d}": value for at, value in enumerate(content[name])}
    return values


def leaves_of(content: Obj, seed: str) -> list[tuple[str, str, bytes]]:
    """Path, salt and data of every leaf in byte order of the paths."""
    found = []
    for path, value in sorted(values_of(content).items()):
        message = canonical(["cms-salt-v1", content["contract"], content["revision"], path])
        salt = hmac.digest(bytes.fromhex(seed), message, "sha256").hex()[:32]
        found.append((path, salt, canonical([salt, path, value])))
    return found


def root_of(content: Obj, seed: str) -> tuple[str, int]:
    """Root and number of leaves."""
    leaves = [leaf_hash(data) for _, _, data in leaves_of(content, seed)]
    return head(leaves).hex(), len(leaves)


def hold(sealed: Obj) -> Held:
    """What a whole document shows."""
    content = sealed["content"]
    root, leaves = root_of(content, sealed["seed"])
    return Held(
        content["contract"], content["revision"], root, leaves, content["supersedes"], content["parties"],
        content["attachments"], content["valid_until"], (), sealed,
    )  # fmt: skip


def proposal_faults(parties: Sequence[Obj], *, logless: bool, proposer: int | None) -> list[str]:
    """The DOC-RULES of section 2 that these parties break; proposer: its index among them."""
    signers = [p for p in parties if p["role"] == "signer"]
    faults = [] if signers else ["no signer"]
    first = min((p["step"] for p in signers), default=10000)
    if any(p["role"] == "approver" and p["step"] >= first for p in parties):
        faults.append("an approver who is not below every signer")
    if any(p["role"] == "witness" and p["step"] != parties[p["witness_of"]]["step"] for p in parties):
        faults.append("a witness of another step than its signer's")
    if any(own_key(p["did"]) not in (None, p["key"]) for p in parties):
        faults.append("a pin that is not the key of the DID")
    if logless and not _signs_last(parties, proposer):
        faults.append("without a log the proposer signs alone and last, unwitnessed")
    return faults


def _signs_last(parties: Sequence[Obj], proposer: int | None) -> bool:
    highest = max((p["step"] for p in parties if p["step"] is not None), default=0)
    last = [at for at, p in enumerate(parties) if p["step"] == highest]
    if proposer is None or last != [proposer] or parties[proposer]["role"] != "signer":
        return False
    return all(p["witness_of"] != proposer for p in parties)


def is_disclosure(value: Any) -> bool:
    """The form of a disclosure: members, order of the paths; what is under the root is check_disclosure's."""
    leaf = forms.members(leaf=_leaf, proof=forms.any_list(is_digest))
    if not forms.members(revision=forms.count, disclosed=forms.any_list(leaf))(value):
        return False
    paths = [one["leaf"][1] for one in value["disclosed"]]
    return paths == sorted(set(paths))


def _leaf(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) == 3 and isinstance(value[0], str)
        and is_digest(value[0] * 2) and isinstance(value[1], str)
    )  # fmt: skip


_top = forms.members(
    contract=is_contract, revision=forms.count, supersedes=forms.maybe_digest,
    counts=forms.members(**{name: lambda v: forms.count(v) and v <= 100_000 for name in COUNTED}),
)  # fmt: skip
_VALUES = {
    "title": forms.text, "description": forms.text, "valid_from": forms.maybe_time, "valid_until": forms.maybe_time,
    "parties": forms.party, "terms": forms.term, "attachments": forms.attachment, "variables": forms.variable,
}  # fmt: skip


def check_disclosure(entry: Obj, ref: Obj) -> Held:
    """What a disclosure shows of the document of this reference; Refused when it does not hold against it."""
    shown = {one["leaf"][1]: one["leaf"] for one in entry["disclosed"]}
    top = shown.get("", [None, None, None])[2]
    if not _top(top) or top["revision"] != entry["revision"] or top["revision"] != ref["revision"]:
        raise Refused("no head, or of another revision")
    if 5 + sum(top["counts"].values()) != ref["leaves"]:
        raise Refused("another number of leaves")
    paths = paths_of(top["counts"])
    place = {path: at for at, path in enumerate(paths)}
    must = {"", "/valid_from", "/valid_until", *(p for p in paths if p.startswith("/parties/"))}
    if not must <= shown.keys() or not shown.keys() <= place.keys():
        raise Refused("a leaf that must be shown is hidden, or one that the document does not have is shown")
    root = bytes.fromhex(ref["root"])
    for one in entry["disclosed"]:
        leaf, path = one["leaf"], one["leaf"][1]
        proof = [bytes.fromhex(step) for step in one["proof"]]
        if not included(leaf_hash(canonical(leaf)), place[path], len(paths), proof, root):
            raise Refused(f"{path} is not under the root")
        if path and not _VALUES[path.split("/")[1]](leaf[2]):
            raise Refused(f"{path} breaks the table")
    parties = [shown[path][2] for path in paths if path.startswith("/parties/")]
    if not forms.parties(parties) or (top["supersedes"] is None) != (top["revision"] == 0):
        raise Refused("no document")
    attachments = [
        shown[path][2] if path in shown else None for path in paths if path.startswith("/attachments/")
    ]
    return Held(
        top["contract"], top["revision"], ref["root"], ref["leaves"], top["supersedes"], parties, attachments,
        shown["/valid_until"][2], [path for path in paths if path not in shown], entry,
    )  # fmt: skip


def file_order(entry: Obj) -> tuple[int, bytes]:
    """Where an entry stands among the documents of a file."""
    revision = entry["content"]["revision"] if "content" in entry else entry["revision"]
    return revision, canonical(entry)


def statement_digest(secured: Obj) -> str:
    """H(J(object without its proof))."""
    return digest({name: value for name, value in secured.items() if name != "proof"})
