"""Signed statements beside the events: KeyEnd, LogStatement, Receipt, HeadStatement, Resolution, ContactCard.

Each is a flat secured document `@context, type, format, actor`, its members, `proof` (section 4). `from_json`
checks the form and no signature; the builder functions give the unsigned statement that `signatures.secure`
takes. Actors certify themselves: a did:key or did:pkh, for an operator's statements a did:key. A contact
card is signed by whatever DID it introduces, with the key that it names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Self

from cms_backend.core.canonical import Json, exact_members
from cms_backend.core.checkpoint import parse_vkey
from cms_backend.core.errors import DidError, FormError, LogError
from cms_backend.core.events import EVENT_TYPE, Envelope
from cms_backend.core.hashing import digest_of
from cms_backend.core.ids import ContractId, Did, Digest, KeyText, Time, is_ascending
from cms_backend.core.references import (
    CONTEXT,
    CONTEXT_LIST,
    FORMAT,
    PROOF_PURPOSE,
    PROOF_TYPE,
    Proof,
    a_string,
    check_chain,
    whole_number,
)

Parser = Callable[[Json], object]
_ADDRESS: Final = re.compile(r"0x[0-9a-f]{40}")
_HEAD: Final = ("@context", "type", "format", "actor")


def _optional(parse: Parser) -> Parser:
    return lambda value: None if value is None else parse(value)


def _text(value: Json) -> str:
    return a_string(value, "A text of the statement")


def _number(value: Json) -> int:
    return whole_number(value, "A number of the statement")


def _vkey(value: Json) -> str:
    try:
        return parse_vkey(a_string(value, "vkey")).text
    except LogError as error:
        raise FormError(error.detail) from error


def _digests(value: Json) -> tuple[Digest, ...]:
    if not isinstance(value, list):
        raise FormError("digests is not a list.")
    found = tuple(map(Digest.parse, value))
    if not is_ascending(value):
        raise FormError("digests is not ascending, each once.")
    return found


@dataclass(frozen=True, slots=True)
class LedgerRef:
    """Where a log is anchored: CAIP-2 chain, hash of block 0, address, keccak-256 of its code, log id."""

    chain: str
    genesis_block: Digest
    ledger: str
    code: Digest
    log_id: Digest

    @classmethod
    def from_json(cls, value: Json) -> LedgerRef:
        """`{chain, genesis_block, ledger, code, log_id}`; FormError otherwise."""
        raw = exact_members(value, _LEDGER, "A ledger")
        ledger = a_string(raw["ledger"], "ledger")
        if not _ADDRESS.fullmatch(ledger):
            raise FormError("ledger is no lower-case address.")
        return cls(
            check_chain(raw["chain"]),
            Digest.parse(raw["genesis_block"]),
            ledger,
            Digest.parse(raw["code"]),
            Digest.parse(raw["log_id"]),
        )

    def to_json(self) -> dict[str, Json]:
        """The same shape."""
        return {
            "chain": self.chain,
            "genesis_block": str(self.genesis_block),
            "ledger": self.ledger,
            "code": str(self.code),
            "log_id": str(self.log_id),
        }


_LEDGER: Final = frozenset({"chain", "genesis_block", "ledger", "code", "log_id"})


def _ledgers(value: Json) -> tuple[LedgerRef, ...]:
    if not isinstance(value, list):
        raise FormError("ledgers is not a list.")
    return tuple(map(LedgerRef.from_json, value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Secured:
    """What all statements share. `json` is the whole secured object, `digest` H(J(json)); equal by digest."""

    TYPE: ClassVar[str]
    MEMBERS: ClassVar[Mapping[str, Parser]]
    ACTORS: ClassVar[tuple[str, ...]] = ("key",)
    """The DID methods whose DIDs may be the actor; empty for any."""

    actor: Did
    proof: Proof = field(compare=False)
    json: dict[str, Json] = field(repr=False, compare=False)
    digest: Digest

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Check members and types of the secured object; FormError otherwise. Takes the object over."""
        raw = exact_members(value, frozenset({*_HEAD, *cls.MEMBERS, "proof"}), f"The {cls.TYPE}")
        parsed = cls.check(raw)
        return cls(**parsed, proof=Proof.from_json(raw["proof"]), json=raw, digest=digest_of(raw))

    @classmethod
    def check(cls, raw: Mapping[str, Json]) -> dict[str, Json]:
        """The parsed members and the actor; FormError otherwise. The proof is not looked at."""
        if raw["@context"] != CONTEXT_LIST or raw["type"] != cls.TYPE or raw["format"] != FORMAT:
            raise FormError(f"This is no {cls.TYPE} of the format cms/1.")
        actor = Did.parse(raw["actor"])
        if cls.ACTORS and actor.method not in cls.ACTORS:
            raise DidError(f"The actor of a {cls.TYPE} is a DID of {' or '.join(cls.ACTORS)}.")
        return {"actor": actor, **{name: parse(raw[name]) for name, parse in cls.MEMBERS.items()}}

    @property
    def statement(self) -> dict[str, Json]:
        """The object without its proof."""
        return {name: member for name, member in self.json.items() if name != "proof"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEnd(Secured):
    """The end of a key, signed by the key itself or by its pre-committed successor (section 5)."""

    TYPE = "KeyEnd"
    ACTORS = ("key", "pkh")
    MEMBERS: ClassVar[Mapping[str, Parser]] = {
        "key": KeyText.parse,
        "successor": _optional(KeyText.parse),
        "reason": _text,
        "occurred_at": Time.parse,
    }

    key: KeyText
    successor: KeyText | None
    reason: str
    occurred_at: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class LogStatement(Secured):
    """The operator's word about its log: verifier key, ledgers, and the next log key (section 6)."""

    TYPE = "LogStatement"
    MEMBERS: ClassVar[Mapping[str, Parser]] = {
        "vkey": _vkey,
        "number": _number,
        "ledgers": _ledgers,
        "successor": _optional(_vkey),
        "occurred_at": Time.parse,
    }

    vkey: str
    number: int
    ledgers: tuple[LedgerRef, ...]
    successor: str | None
    occurred_at: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Secured):
    """The operator's promise that an event will be in the log by `log_by` (section 6)."""

    TYPE = "Receipt"
    MEMBERS: ClassVar[Mapping[str, Parser]] = {
        "envelope": Digest.parse,
        "slot": Digest.parse,
        "origin": _text,
        "received_at": Time.parse,
        "log_by": Time.parse,
    }

    envelope: Digest
    slot: Digest
    origin: str
    received_at: Time
    log_by: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadStatement(Secured):
    """The operator's last word on a contract in one log: a lie is provable (sections 4 and 9)."""

    TYPE = "HeadStatement"
    MEMBERS: ClassVar[Mapping[str, Parser]] = {
        "vkey": _vkey,
        "contract": ContractId.parse,
        "genesis": Digest.parse,
        "sequence": _number,
        "digests": _digests,
        "size": _number,
        "root": Digest.parse,
        "occurred_at": Time.parse,
    }

    vkey: str
    contract: ContractId
    genesis: Digest
    sequence: int
    digests: tuple[Digest, ...]
    size: int
    root: Digest
    occurred_at: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution(Secured):
    """The operator's word that a DID named a key at a moment (section 5)."""

    TYPE = "Resolution"
    MEMBERS: ClassVar[Mapping[str, Parser]] = {
        "did": Did.parse,
        "key": KeyText.parse,
        "document_sha256": Digest.parse,
        "resolved_at": Time.parse,
    }

    did: Did
    key: KeyText
    document_sha256: Digest
    resolved_at: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCard(Secured):
    """What a person gives others to be named in a contract: DID (the actor), key, H of the next key, name."""

    TYPE = "ContactCard"
    ACTORS = ()
    MEMBERS: ClassVar[Mapping[str, Parser]] = {
        "key": KeyText.parse,
        "next": _optional(Digest.parse),
        "name": _text,
        "organisation": _optional(_text),
    }

    key: KeyText
    next: Digest | None
    name: str
    organisation: str | None


_KINDS: Final[Mapping[str, type[Secured]]] = {
    kind.TYPE: kind for kind in (KeyEnd, LogStatement, Receipt, HeadStatement, Resolution, ContactCard)
}


def check_statement(body: Mapping[str, Json]) -> None:
    """Raise FormError unless `body` is a complete unsigned statement of a known kind: all a key signs."""
    kind = body.get("type")
    if "proof" in body:
        raise FormError("The statement is signed already.")
    if kind == EVENT_TYPE:
        Envelope.from_json({**body, "proof": _UNSIGNED})
        return
    secured = _KINDS.get(kind) if isinstance(kind, str) else None
    if secured is None:
        raise FormError("This is no statement of the protocol; a key signs nothing else.")
    secured.check(exact_members(dict(body), frozenset({*_HEAD, *secured.MEMBERS}), f"The {kind}"))


_UNSIGNED: Final = {
    "@context": CONTEXT_LIST,
    "type": PROOF_TYPE,
    "cryptosuite": "",
    "verificationMethod": "",
    "proofPurpose": PROOF_PURPOSE,
    "proofValue": "",
}


def _statement(kind: type[Secured], actor: str, members: Mapping[str, Json]) -> dict[str, Json]:
    head = {"@context": [CONTEXT], "type": kind.TYPE, "format": FORMAT, "actor": str(actor)}
    body = {**head, **{name: _plain(value) for name, value in members.items()}}
    check_statement(body)
    return body


def _plain(value: Json) -> Json:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.to_json() if isinstance(value, LedgerRef) else value


def key_end(*, actor: str, key: str, successor: str | None, reason: str, occurred_at: str) -> dict[str, Json]:
    """An unsigned KeyEnd; `actor` is the did:key or did:pkh of the key that signs. FormError."""
    members = {"key": key, "successor": successor, "reason": reason, "occurred_at": occurred_at}
    return _statement(KeyEnd, actor, members)


def log_statement(
    *,
    actor: str,
    vkey: str,
    number: int,
    ledgers: tuple[LedgerRef, ...] | list[LedgerRef],
    successor: str | None,
    occurred_at: str,
) -> dict[str, Json]:
    """An unsigned LogStatement. FormError."""
    members = {
        "vkey": vkey,
        "number": number,
        "ledgers": list(ledgers),
        "successor": successor,
        "occurred_at": occurred_at,
    }
    return _statement(LogStatement, actor, members)


def receipt(
    *, actor: str, envelope: str, slot: str, origin: str, received_at: str, log_by: str
) -> dict[str, Json]:
    """An unsigned Receipt. FormError."""
    members = {
        "envelope": envelope,
        "slot": slot,
        "origin": origin,
        "received_at": received_at,
        "log_by": log_by,
    }
    return _statement(Receipt, actor, members)


def head_statement(
    *,
    actor: str,
    vkey: str,
    contract: str,
    genesis: str,
    sequence: int,
    digests: tuple[str, ...] | list[str],
    size: int,
    root: str,
    occurred_at: str,
) -> dict[str, Json]:
    """An unsigned HeadStatement about the log of `vkey`; `digests` are sorted here. FormError."""
    members = {
        "vkey": vkey,
        "contract": contract,
        "genesis": genesis,
        "sequence": sequence,
        "digests": sorted(set(digests)),
        "size": size,
        "root": root,
        "occurred_at": occurred_at,
    }
    return _statement(HeadStatement, actor, members)


def resolution(*, actor: str, did: str, key: str, document_sha256: str, resolved_at: str) -> dict[str, Json]:
    """An unsigned Resolution. FormError."""
    members = {"did": did, "key": key, "document_sha256": document_sha256, "resolved_at": resolved_at}
    return _statement(Resolution, actor, members)


def contact_card(
    *, actor: str, key: str, next: str | None, name: str, organisation: str | None
) -> dict[str, Json]:
    """An unsigned ContactCard. FormError."""
    members = {"key": key, "next": next, "name": name, "organisation": organisation}
    return _statement(ContactCard, actor, members)
