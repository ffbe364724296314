"""Sections 2 to 4 and 8: the members of every object, and the type of each."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

from .canonical import LARGEST, Obj
from .notes import is_vkey
from .texts import (
    base64_decode,
    is_address,
    is_chain,
    is_contract,
    is_did,
    is_digest,
    is_key,
    is_leaf_path,
    is_time,
    own_key,
)

Check = Callable[[Any], bool]

CONTEXT = ["https://w3id.org/security/data-integrity/v2"]
ROLES = ("signer", "approver", "witness", "viewer", "leaver")
SIGNING = ("signer", "approver", "witness", "leaver")
VARIABLES = ("text", "number", "date", "money", "choice", "did")
SPINE = ("created", "proposed", "withdrawn", "terminated", "moved")
POSITIVE = ("approved", "signed", "witnessed")
DECISIONS = (*POSITIVE, "declined")
INTENT = {
    "created": "I open the record of this contract.",
    "proposed": "I propose this revision to the parties.",
    "withdrawn": "I withdraw this proposal.",
    "terminated": "I give notice of termination of this contract.",
    "moved": "I move the record of this contract to another log.",
    "approved": "I approve this revision for signature.",
    "signed": "I sign this revision and agree to be bound by it.",
    "witnessed": "I witness the signature that this event follows.",
    "declined": "I decline this proposal.",
    "commented": "I comment on this contract.",
}
_TERMS_REFUSED = re.compile(r"<[A-Za-z/!?]|!\[|\{\{")


def text(value: Any) -> bool:
    """Any string."""
    return isinstance(value, str)


def count(value: Any) -> bool:
    """An integer from 0 (a boolean is none)."""
    return type(value) is int and 0 <= value <= LARGEST


def null(value: Any) -> bool:
    """Null."""
    return value is None


def either(*checks: Check) -> Check:
    """One of these types."""
    return lambda value: any(check(value) for check in checks)


def exactly(fixed: Any) -> Check:
    """This value; booleans are no numbers."""
    return lambda value: type(value) is type(fixed) and bool(value == fixed)


def listing(check: Check) -> Check:
    """A list of at most 100,000 of these."""
    return lambda value: isinstance(value, list) and len(value) <= 100_000 and all(map(check, value))


def any_list(check: Check) -> Check:
    """A list of these."""
    return lambda value: isinstance(value, list) and all(map(check, value))


def members(**checks: Check) -> Check:
    """An object of exactly these members; a trailing underscore is dropped from a name."""
    expected = {name.rstrip("_"): check for name, check in checks.items()}

    def holds(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and value.keys() == expected.keys()
            and all(check(value[name]) for name, check in expected.items())
        )

    return holds


def ascending(value: Any) -> bool:
    """Digests in ascending order, each once."""
    return any_list(is_digest)(value) and all(a < b for a, b in itertools.pairwise(value))


maybe_time, maybe_did, maybe_digest = either(is_time, null), either(is_did, null), either(is_digest, null)


def _did_key(value: Any) -> bool:
    return is_did(value) and value.startswith("did:key:")


def _self_certifying(value: Any) -> bool:
    return is_did(value) and own_key(value) is not None


def base64_text(value: Any) -> bool:
    """Canonical base64."""
    try:
        return isinstance(value, str) and base64_decode(value) is not None
    except ValueError:
        return False


# Section 2
attachment = members(name=text, media_type=text, size=count, sha256=is_digest)
variable = members(name=text, type=lambda v: v in VARIABLES, value=text)
term: Check = lambda v: text(v) and not _TERMS_REFUSED.search(v)  # noqa: E731
_party = members(
    did=is_did, key=is_key, next=maybe_digest, name=text, role=lambda v: v in ROLES,
    step=lambda v: v is None or (type(v) is int and 1 <= v <= 9999), capacity=either(text, null),
    witness_of=either(count, null),
)  # fmt: skip


def party(value: Any) -> bool:
    """A party, without what only its document tells."""
    if not _party(value):
        return False
    step_fits: bool = (value["step"] is None) == (value["role"] == "viewer")
    return step_fits and (value["witness_of"] is not None) == (value["role"] == "witness")


def parties(value: list[Obj]) -> bool:
    """What holds between the parties of one document."""
    return (
        len({p["did"] for p in value}) == len(value)
        and len({p["key"] for p in value}) == len(value)
        and all(
            w is None or (w < len(value) and value[w]["role"] == "signer")
            for w in (p["witness_of"] for p in value)
        )
    )


_content = members(
    contract=is_contract, revision=count, supersedes=maybe_digest, title=text, description=text,
    valid_from=maybe_time, valid_until=maybe_time, parties=listing(party), terms=listing(term),
    attachments=listing(attachment), variables=listing(variable),
)  # fmt: skip


def content(value: Any) -> bool:
    """A document."""
    return (
        _content(value)
        and (value["supersedes"] is None) == (value["revision"] == 0)
        and parties(value["parties"])
    )


# Sections 3 and 4
checkpoint_ref = members(origin=text, size=count, root=is_digest)
block_ref = members(chain=is_chain, number=count, hash=is_digest)
document_ref = members(revision=count, root=is_digest, leaves=lambda v: count(v) and v >= 5)
log_ref = members(vkey=is_vkey, operator=_did_key)
proof = members(**{
    "@context": exactly(CONTEXT), "type": exactly("DataIntegrityProof"), "cryptosuite": text,
    "verificationMethod": text, "proofPurpose": exactly("assertionMethod"), "proofValue": text,
})  # fmt: skip

DETAILS = {
    "created": members(log=either(log_ref, null), on_behalf_of=maybe_did),
    "proposed": members(reply_by=maybe_time, note=text, on_behalf_of=maybe_did),
    "withdrawn": members(reason=text),
    "terminated": members(reason=text, effective_on=maybe_time),
    "moved": members(log=either(log_ref, null), checkpoint=either(checkpoint_ref, null)),
    "approved": members(),
    "signed": members(),
    "witnessed": members(signature=is_digest),
    "declined": members(reason=text),
    "commented": members(path=either(is_leaf_path, null), text=text, on_behalf_of=maybe_did),
}
_event = members(**{
    "@context": exactly(CONTEXT), "type": exactly("ContractEvent"), "format": exactly("cms/1"),
    "action": lambda v: isinstance(v, str) and v in INTENT, "intent": text, "contract": is_contract,
    "sequence": count, "previous": maybe_digest, "after": ascending, "actor": is_did,
    "party": either(count, null), "occurred_at": is_time, "document": document_ref,
    "seen": members(checkpoint=either(checkpoint_ref, null), block=either(block_ref, null)),
    "details": lambda v: isinstance(v, dict), "proof": proof,
})  # fmt: skip


def event_fault(value: Any) -> str | None:
    """EVT-FORM or EVT-INTENT, or None when the event has its form."""
    if not _event(value) or not DETAILS[value["action"]](value["details"]):
        return "EVT-FORM"
    first = value["action"] == "created"
    if (value["previous"] is None) != first or (first and value["sequence"] != 0):
        return "EVT-FORM"
    return None if value["intent"] == INTENT[value["action"]] else "EVT-INTENT"


_ledger = members(
    chain=is_chain, genesis_block=is_digest, ledger=is_address, code=is_digest, log_id=is_digest
)
_STATEMENTS: dict[str, dict[str, Check]] = {
    "KeyEnd": {"key": is_key, "successor": either(is_key, null), "reason": text, "occurred_at": is_time},
    "LogStatement": {
        "vkey": is_vkey, "number": count, "ledgers": any_list(_ledger), "successor": either(is_vkey, null),
        "occurred_at": is_time,
    },
    "Receipt": {
        "envelope": is_digest, "slot": is_digest, "origin": text, "received_at": is_time, "log_by": is_time,
    },
    "HeadStatement": {
        "vkey": is_vkey, "contract": is_contract, "genesis": is_digest, "sequence": count, "digests": ascending,
        "size": count, "root": is_digest, "occurred_at": is_time,
    },
    "Resolution": {"did": is_did, "key": is_key, "document_sha256": is_digest, "resolved_at": is_time},
    "ContactCard": {"key": is_key, "next": maybe_digest, "name": text, "organisation": either(text, null)},
}  # fmt: skip
_ACTORS = {"KeyEnd": _self_certifying, "ContactCard": is_did}


def statement(kind: str) -> Check:
    """A secured statement of this type."""
    head: dict[str, Check] = {
        "@context": exactly(CONTEXT), "type": exactly(kind), "format": exactly("cms/1"),
        "actor": _ACTORS.get(kind, _did_key), "proof": proof,
    }  # fmt: skip
    whole = members(**head, **_STATEMENTS[kind])
    if kind != "KeyEnd":
        return whole
    return lambda value: whole(value) and own_key(value["actor"]) is not None
