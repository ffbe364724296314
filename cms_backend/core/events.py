"""Events: the one signed form of everything that happens to a contract (section 3).

`Envelope.from_json` checks the form of one event, its signed sentence included, and nothing that needs
another event or a key. It stands in the hot path of a verifier: values that come back are parsed once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Final, NamedTuple

from cms_backend.core.canonical import Json, encode, exact_members
from cms_backend.core.checkpoint import parse_vkey
from cms_backend.core.document import DocumentRef, check_leaf_path
from cms_backend.core.errors import DidError, DocumentError, FormError, IntentError, LogError
from cms_backend.core.hashing import H
from cms_backend.core.ids import ContractId, Did, Digest, Time, cached_digest, is_ascending
from cms_backend.core.references import (
    CONTEXT,
    CONTEXT_LIST,
    FORMAT,
    NOTHING_SEEN,
    BlockRef,
    CheckpointRef,
    Proof,
    Seen,
    a_string,
    whole_number,
)

__all__ = [
    "CONTEXT",
    "EVENT_TYPE",
    "FORMAT",
    "INTENT",
    "Action",
    "BlockRef",
    "CheckpointRef",
    "Envelope",
    "Kind",
    "Proof",
    "Seen",
    "check_details",
    "check_log_ref",
    "event_statement",
    "kind",
]

EVENT_TYPE: Final = "ContractEvent"


class Action(StrEnum):
    """What an event does."""

    created = "created"
    proposed = "proposed"
    withdrawn = "withdrawn"
    terminated = "terminated"
    moved = "moved"
    approved = "approved"
    signed = "signed"
    witnessed = "witnessed"
    declined = "declined"
    commented = "commented"


class Kind(StrEnum):
    """How an event stands among the others: in the one chain, on a proposal, or beside."""

    spine = "spine"
    decision = "decision"
    note = "note"


INTENT: Final[Mapping[Action, str]] = MappingProxyType(
    {
        Action.created: "I open the record of this contract.",
        Action.proposed: "I propose this revision to the parties.",
        Action.withdrawn: "I withdraw this proposal.",
        Action.terminated: "I give notice of termination of this contract.",
        Action.moved: "I move the record of this contract to another log.",
        Action.approved: "I approve this revision for signature.",
        Action.signed: "I sign this revision and agree to be bound by it.",
        Action.witnessed: "I witness the signature that this event follows.",
        Action.declined: "I decline this proposal.",
        Action.commented: "I comment on this contract.",
    }
)
"""The sentence in the signed bytes, so that a wallet shows what is meant. Never translated there."""

_SPINE: Final = frozenset(
    {Action.created, Action.proposed, Action.withdrawn, Action.terminated, Action.moved}
)


def kind(action: Action) -> Kind:
    """The kind of an action."""
    if action in _SPINE:
        return Kind.spine
    return Kind.note if action is Action.commented else Kind.decision


# ------------------------------------------------------------------------------------------------- details

_LOG: Final = frozenset({"vkey", "operator"})


def check_log_ref(value: Json) -> None:
    """`{vkey, operator}` or null: a C2SP verifier key and the operator's did:key. FormError otherwise."""
    if value is None:
        return
    raw = exact_members(value, _LOG, "details.log")
    try:
        parse_vkey(a_string(raw["vkey"], "vkey"))
    except LogError as error:
        raise FormError(f"details.log: {error.detail}") from error
    if Did.parse(raw["operator"]).method != "key":
        raise DidError("The operator of a log is a did:key.")


def _text(value: Json) -> None:
    a_string(value, "A text of details")


_Check = Callable[[Json], object]


def _optional(parse: _Check) -> tuple[_Check, bool]:
    return parse, True


def _always(parse: _Check) -> tuple[_Check, bool]:
    return parse, False


_DETAILS: Final[Mapping[Action, Mapping[str, tuple[_Check, bool]]]] = {
    Action.created: {"log": _always(check_log_ref), "on_behalf_of": _optional(Did.parse)},
    Action.proposed: {
        "reply_by": _optional(Time.parse),
        "note": _always(_text),
        "on_behalf_of": _optional(Did.parse),
    },
    Action.withdrawn: {"reason": _always(_text)},
    Action.terminated: {"reason": _always(_text), "effective_on": _optional(Time.parse)},
    Action.moved: {"log": _always(check_log_ref), "checkpoint": _optional(CheckpointRef.from_json)},
    Action.approved: {},
    Action.signed: {},
    Action.witnessed: {"signature": _always(Digest.parse)},
    Action.declined: {"reason": _always(_text)},
    Action.commented: {
        "path": _optional(check_leaf_path),
        "text": _always(_text),
        "on_behalf_of": _optional(Did.parse),
    },
}
_DETAIL_NAMES: Final = {action: frozenset(table) for action, table in _DETAILS.items()}
_DETAIL_CHECKS: Final = {
    action: tuple((name, parse, optional) for name, (parse, optional) in table.items())
    for action, table in _DETAILS.items()
}


def check_details(action: Action, details: Json) -> None:
    """Raise FormError unless `details` has exactly the members and types of the action's row in section 3."""
    if exact_members(details, _DETAIL_NAMES[action], "details"):
        for name, parse, optional in _DETAIL_CHECKS[action]:
            value = details[name]
            if value is not None or not optional:
                parse(value)


# ------------------------------------------------------------------------------------------------ envelope

_ENVELOPE: Final = frozenset(
    {
        "@context",
        "type",
        "format",
        "action",
        "intent",
        "contract",
        "sequence",
        "previous",
        "after",
        "actor",
        "party",
        "occurred_at",
        "document",
        "seen",
        "details",
        "proof",
    }
)
_CERTIFIED: Final = ("did:key:", "did:pkh:")
_ACTIONS: Final = {action.value: action for action in Action}


@lru_cache(maxsize=4096, typed=True)
def _contract(text: Json) -> ContractId:
    return ContractId.parse(text)


# typed: True and 1 are equal, and only one of them is a revision.
@lru_cache(maxsize=16384, typed=True)
def _document_ref(revision: Json, root: Json, leaf_count: Json) -> DocumentRef:
    return DocumentRef.from_json({"revision": revision, "root": root, "leaves": leaf_count})


_DOCUMENT: Final = frozenset({"revision", "root", "leaves"})


def _document(value: Json) -> DocumentRef:
    raw = exact_members(value, _DOCUMENT, "document")
    try:
        return _document_ref(raw["revision"], raw["root"], raw["leaves"])
    except (DocumentError, TypeError) as error:
        raise FormError(f"The document reference is malformed: {error}") from error


class _Members(NamedTuple):
    # A tuple: making one costs a quarter of what a frozen dataclass of this size does, and there may be very many.
    action: Action
    intent: str
    contract: ContractId
    sequence: int
    previous: Digest | None
    after: tuple[Digest, ...]
    actor: Did
    party: int | None
    occurred_at: Time
    document: DocumentRef
    seen: Seen
    details: Mapping[str, Json]
    proof: Proof
    json: dict[str, Json]
    digest: Digest
    statement_digest: Digest
    event_digest: Digest


class Envelope(_Members):
    """One signed event, its form checked. Equal by digest. Nobody changes `json`.

    `digest`: H(J(envelope)), proof included: what previous, after, slots and proofs mean. `statement_digest`:
    H(J(envelope without proof)). `event_digest`: what the event is known by. It is the statement's; for an actor
    whose DID does not certify its key, together with the key that signed: who copies the statement under a key of
    his own makes another event.
    """

    __slots__ = ()

    @classmethod
    def from_json(cls, value: Json) -> Envelope:
        """Check the form of section 3. FormError; IntentError when only the signed sentence is another.

        Takes the object over. It must come from `canonical.parse`, or have passed `canonical.check_value`.
        """
        raw = exact_members(value, _ENVELOPE, "The event")
        action = _check_head(raw)
        previous = raw["previous"]
        sequence = whole_number(raw["sequence"], "sequence")
        if (previous is None) != (action is Action.created):
            raise FormError("previous is null for created, and only for it.")
        if previous is None and sequence:
            raise FormError("The sequence of created is 0.")
        after = raw["after"]
        if not isinstance(after, list):
            raise FormError("after is not a list.")
        digests = tuple(map(cached_digest, after))
        if len(after) > 1 and not is_ascending(after):
            raise FormError("after is not ascending, each digest once.")
        party = raw["party"]
        details = raw["details"]
        check_details(action, details)
        document = _document(raw["document"])
        seen = Seen.from_json(raw["seen"])
        proof = Proof.from_json(raw["proof"])
        whole = encode(raw)
        statement = Digest(sha256(_without_proof(whole)).hexdigest())
        actor = Did.parse(raw["actor"])
        return cls(  # by place: by name it takes twice as long
            action,
            raw["intent"],
            _contract(a_string(raw["contract"], "contract")),
            sequence,
            None if previous is None else cached_digest(previous),
            digests,
            actor,
            None if party is None else whole_number(party, "party"),
            Time.parse(raw["occurred_at"]),
            document,
            seen,
            MappingProxyType(details),
            proof,
            raw,
            Digest(sha256(whole).hexdigest()),
            statement,
            statement if actor.startswith(_CERTIFIED) else H(f"{statement}{proof.verification_method}"),
        )

    @property
    def kind(self) -> Kind:
        """Spine, decision or note."""
        return kind(self.action)

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Envelope) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return self.digest != other.digest if isinstance(other, Envelope) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Envelope({self.action}, {self.sequence}, {self.digest})"


def _without_proof(whole: bytes) -> bytes:
    """J of the event without its proof, cut out of J of the event.

    In canonical order `proof` stands between `previous` and `seen`. The members of all inner objects are
    checked by now, none is called so, and a quotation mark inside a text is escaped: each mark is found once.
    """
    start = whole.index(b',"proof":{')
    return whole[:start] + whole[whole.index(b',"seen":{', start) :]


def _check_head(raw: Mapping[str, Json]) -> Action:
    if raw["@context"] != CONTEXT_LIST:
        raise FormError("The event's @context is not the protocol's.")
    if raw["type"] != EVENT_TYPE or raw["format"] != FORMAT:
        raise FormError("This is no ContractEvent of the format cms/1.")
    action = _ACTIONS.get(a_string(raw["action"], "action"))
    if action is None:
        raise FormError(f"{raw['action'][:40]!r} is no action.")
    if raw["intent"] != INTENT[action]:
        raise IntentError(f"The signed sentence is not the one of {action}: {INTENT[action]!r}")
    return action


def event_statement(
    *,
    action: Action,
    contract: str,
    sequence: int,
    previous: str | None,
    after: tuple[str, ...] | list[str] = (),
    actor: str,
    party: int | None,
    occurred_at: str,
    document: DocumentRef,
    seen: Seen = NOTHING_SEEN,
    details: Mapping[str, Json],
) -> dict[str, Json]:
    """The complete unsigned event: fixed members filled in, `after` sorted. Checks `details` only."""
    check_details(action, dict(details))
    return {
        "@context": [CONTEXT],
        "type": EVENT_TYPE,
        "format": FORMAT,
        "action": action.value,
        "intent": INTENT[action],
        "contract": str(contract),
        "sequence": sequence,
        "previous": None if previous is None else str(previous),
        "after": sorted({str(digest) for digest in after}),
        "actor": str(actor),
        "party": party,
        "occurred_at": str(occurred_at),
        "document": document.to_json(),
        "seen": seen.to_json(),
        "details": dict(details),
    }
