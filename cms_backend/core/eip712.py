"""EIP-712 typed data: a general hasher, and the two structures of the protocol hashed by hand (section 4).

The general one defines the type hashes and tells foreign wallets what to show. The hand-written ones are
what verifies: a test holds both equal. Our domain has neither chain nor contract, because a signature must
outlive both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from cms_backend.core.errors import FormError
from cms_backend.core.hashing import keccak256

Types = Mapping[str, Sequence[Mapping[str, str]]]

_ARRAY: Final = re.compile(r"(.+)\[([0-9]*)\]")
_INTEGER: Final = re.compile(r"(u?)int([0-9]*)")
_FIXED_BYTES: Final = re.compile(r"bytes([1-9]|[12][0-9]|3[0-2])")
_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")
MAX_DEPTH: Final = 64


def encode_type(primary: str, types: Types) -> str:
    """`Mail(Person from,...)Person(...)`: the type and all it refers to, those in alphabetical order."""
    found: set[str] = set()
    pending = [primary]
    while pending:
        name = pending.pop()
        if name in types and name not in found:
            found.add(name)
            pending += [member["type"].partition("[")[0] for member in types[name]]
    if primary not in found:
        raise FormError(f"The type {primary!r} is not defined.")
    ordered = [primary, *sorted(found - {primary})]
    return "".join(f"{name}({','.join(_declarations(types[name]))})" for name in ordered)


def _declarations(members: Sequence[Mapping[str, str]]) -> list[str]:
    return [f"{member['type']} {member['name']}" for member in members]


def encode_data(primary: str, value: Mapping[str, Any], types: Types, depth: int = 0) -> bytes:
    """typeHash and the encoded members, 32 bytes each. FormError when the value does not fit its type."""
    if depth > MAX_DEPTH:
        raise FormError("The typed data is nested too deep.")
    parts = [keccak256(encode_type(primary, types).encode())]
    parts += [
        _encode_member(member["type"], value.get(member["name"]), types, depth + 1)
        for member in types[primary]
    ]
    return b"".join(parts)


def hash_struct(primary: str, value: Mapping[str, Any], types: Types) -> bytes:
    """keccak-256 of `encode_data`: 32 bytes."""
    return keccak256(encode_data(primary, value, types))


def typed_data_digest(typed_data: Mapping[str, Any]) -> bytes:
    """The 32 bytes that are signed: keccak-256(0x1901 || domain separator || hashStruct(message)).

    A `primaryType` of EIP712Domain leaves the message out, as wallets do. FormError for bad data.
    """
    types: Types = typed_data["types"]
    head = b"\x19\x01" + hash_struct("EIP712Domain", typed_data["domain"], types)
    if typed_data["primaryType"] != "EIP712Domain":
        head += hash_struct(typed_data["primaryType"], typed_data["message"], types)
    return keccak256(head)


def _encode_member(kind: str, value: Any, types: Types, depth: int) -> bytes:
    if kind in types:
        # A missing struct is 32 zero bytes (the V4 form that wallets agree on).
        return bytes(32) if value is None else keccak256(encode_data(kind, value, types, depth))
    array = _ARRAY.fullmatch(kind)
    if array:
        element, length = array.groups()
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            raise FormError(f"A value of type {kind} is no list.")
        if length and len(value) != int(length):
            raise FormError(f"A value of type {kind} has {len(value)} elements.")
        return keccak256(b"".join(_encode_member(element, item, types, depth + 1) for item in value))
    return _encode_atom(kind, value)


def _encode_atom(kind: str, value: Any) -> bytes:
    if kind == "string":
        if not isinstance(value, str):
            raise FormError("A value of type string is no string.")
        return keccak256(value.encode())
    if kind == "bytes":
        return keccak256(_bytes(value))
    if kind == "bool":
        if not isinstance(value, bool):
            raise FormError("A value of type bool is neither true nor false.")
        return int(value).to_bytes(32, "big")
    if kind == "address":
        if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
            raise FormError("A value of type address is no address.")
        return bytes.fromhex(value[2:]).rjust(32, b"\0")
    fixed = _FIXED_BYTES.fullmatch(kind)
    if fixed:
        raw = _bytes(value)
        # Wallets pad a short value at its end, so a value may be short; it is never cut.
        if len(raw) > int(fixed[1]):
            raise FormError(f"A value of type {kind} has {len(raw)} bytes.")
        return raw.ljust(32, b"\0")
    integer = _INTEGER.fullmatch(kind)
    if integer:
        return _encode_integer(kind, not integer[1], int(integer[2] or 256), value)
    raise FormError(f"The type {kind!r} is not known.")


def _encode_integer(kind: str, signed: bool, bits: int, value: Any) -> bytes:
    if bits % 8 or not 8 <= bits <= 256:
        raise FormError(f"The type {kind!r} is not known.")
    try:
        number = int(value, 0) if isinstance(value, str) else value
    except ValueError:
        raise FormError(f"A value of type {kind} is no integer.") from None
    if type(number) is not int:
        raise FormError(f"A value of type {kind} is no integer.")
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    if not low <= number <= high:
        raise FormError(f"{number} does not fit {kind}.")
    return number.to_bytes(32, "big", signed=signed)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    try:
        if isinstance(value, str) and value.startswith("0x"):
            return bytes.fromhex(value[2:])
    except ValueError:
        pass
    raise FormError("Bytes are written as 0x and pairs of hex digits.")


# -------------------------------------------------------------------------------------- the protocol's own

DOMAIN: Final = {"name": "Contract Management System", "version": "1"}
TYPES: Final[dict[str, list[dict[str, str]]]] = {
    "EIP712Domain": [{"name": "name", "type": "string"}, {"name": "version", "type": "string"}],
    "ContractEvent": [
        {"name": "action", "type": "string"},
        {"name": "intent", "type": "string"},
        {"name": "contract", "type": "string"},
        {"name": "sequence", "type": "uint64"},
        {"name": "actor", "type": "string"},
        {"name": "occurredAt", "type": "string"},
        {"name": "revision", "type": "uint64"},
        {"name": "documentRoot", "type": "bytes32"},
        {"name": "previous", "type": "bytes32"},
        {"name": "digest", "type": "bytes32"},
    ],
    "Statement": [{"name": "kind", "type": "string"}, {"name": "digest", "type": "bytes32"}],
}
_HEAD: Final = b"\x19\x01" + hash_struct("EIP712Domain", DOMAIN, TYPES)
_EVENT_TYPE_HASH: Final = keccak256(encode_type("ContractEvent", TYPES).encode())
_STATEMENT_TYPE_HASH: Final = keccak256(encode_type("Statement", TYPES).encode())


@lru_cache(maxsize=4096)
def _string(text: str) -> bytes:
    return keccak256(text.encode())


def statement_digest(body: Mapping[str, Any], covering: bytes) -> bytes:
    """The 32 bytes that a secp256k1 key or an account signs for a statement.

    `body` is the checked statement without proof, `covering` SHA-256(hashData): it covers every member.
    """
    if body["type"] != "ContractEvent":
        return keccak256(_HEAD + keccak256(_STATEMENT_TYPE_HASH + _string(body["type"]) + covering))
    document = body["document"]
    previous = body["previous"]
    struct = b"".join(
        (
            _EVENT_TYPE_HASH,
            _string(body["action"]),
            _string(body["intent"]),
            _string(body["contract"]),
            body["sequence"].to_bytes(32, "big"),
            _string(body["actor"]),
            keccak256(body["occurred_at"].encode()),
            document["revision"].to_bytes(32, "big"),
            bytes.fromhex(document["root"]),
            bytes(32) if previous is None else bytes.fromhex(previous),
            covering,
        )
    )
    return keccak256(_HEAD + keccak256(struct))


def typed_data(body: Mapping[str, Any], covering: bytes) -> dict[str, Any]:
    """The same as EIP-712 JSON, for wallets that show and sign typed data (eth_signTypedData_v4)."""
    if body["type"] != "ContractEvent":
        primary, message = "Statement", {"kind": body["type"], "digest": "0x" + covering.hex()}
    else:
        primary = "ContractEvent"
        message = {
            "action": body["action"],
            "intent": body["intent"],
            "contract": body["contract"],
            "sequence": body["sequence"],
            "actor": body["actor"],
            "occurredAt": body["occurred_at"],
            "revision": body["document"]["revision"],
            "documentRoot": "0x" + body["document"]["root"],
            "previous": "0x" + (body["previous"] or "0" * 64),
            "digest": "0x" + covering.hex(),
        }
    types = {"EIP712Domain": TYPES["EIP712Domain"], primary: TYPES[primary]}
    return {"types": types, "primaryType": primary, "domain": DOMAIN, "message": message}
