"""The shapes of the contract endpoints as JSON Schema, for the API description.

Bodies are read by the kernel's own strict parsers, never by these: signed bytes have one form, and it is
theirs.
"""

from typing import Any

Schema = dict[str, Any]


def _object(properties: Schema, *, closed: bool = True) -> Schema:
    return {
        "type": "object",
        "required": sorted(properties),
        "properties": properties,
        "additionalProperties": not closed,
    }


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"}
CONTRACT_ID: Schema = {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
}
DID: Schema = {"type": "string", "pattern": "^did:"}
OBJECT: Schema = {"type": "object"}

_PROOF = _object(
    {
        "@context": _list(TEXT),
        "type": {"const": "DataIntegrityProof"},
        "cryptosuite": {"enum": ["eddsa-jcs-2022", "cms-eip712-v1"]},
        "verificationMethod": TEXT,
        "proofPurpose": {"const": "assertionMethod"},
        "proofValue": {"type": "string", "pattern": "^z"},
    }
)
_ENVELOPE = _object(
    {
        "@context": _list(TEXT),
        "type": {"const": "ContractEvent"},
        "format": {"const": "cms/1"},
        "action": {
            "enum": [
                "created",
                "proposed",
                "withdrawn",
                "terminated",
                "moved",
                "approved",
                "signed",
                "witnessed",
                "declined",
                "commented",
            ]
        },
        "intent": TEXT,
        "contract": CONTRACT_ID,
        "sequence": COUNT,
        "previous": _nullable(DIGEST),
        "after": _list(DIGEST),
        "actor": DID,
        "party": _nullable(COUNT),
        "occurred_at": TIME,
        "document": _object({"revision": COUNT, "root": DIGEST, "leaves": {"type": "integer", "minimum": 5}}),
        "seen": _object({"checkpoint": _nullable(OBJECT), "block": _nullable(OBJECT)}),
        "details": OBJECT,
        "proof": _PROOF,
    }
)
_PARTY = _object(
    {
        "did": DID,
        "key": TEXT,
        "next": _nullable(DIGEST),
        "name": TEXT,
        "role": {"enum": ["signer", "approver", "witness", "viewer", "leaver"]},
        "step": _nullable({"type": "integer", "minimum": 1, "maximum": 9999}),
        "capacity": _nullable(TEXT),
        "witness_of": _nullable(COUNT),
    }
)
_CONTENT = _object(
    {
        "contract": CONTRACT_ID,
        "revision": COUNT,
        "supersedes": _nullable(DIGEST),
        "title": TEXT,
        "description": TEXT,
        "valid_from": _nullable(TIME),
        "valid_until": _nullable(TIME),
        "parties": _list(_PARTY),
        "terms": _list(TEXT),
        "attachments": _list(_object({"name": TEXT, "media_type": TEXT, "size": COUNT, "sha256": DIGEST})),
        "variables": _list(_object({"name": TEXT, "type": TEXT, "value": TEXT})),
    }
)
_ROW = _object(
    {
        "id": CONTRACT_ID,
        "title": TEXT,
        "status": TEXT,
        "revision": COUNT,
        "owner": DID,
        "parties": _list(_object({"did": DID, "name": TEXT, "role": TEXT, "step": _nullable(COUNT)})),
        "awaited": _list(_object({"did": DID, "name": TEXT, "role": TEXT, "ready": {"type": "boolean"}})),
        "valid_from": _nullable(TIME),
        "valid_until": _nullable(TIME),
        "reply_by": _nullable(TIME),
        "created_at": TIME,
        "updated_at": TIME,
        "events": COUNT,
        "logged": COUNT,
        "anchored": COUNT,
        "home": {"enum": ["here", "elsewhere", "none"]},
    }
)
_ANCHOR = _object(
    {
        "size": COUNT,
        "chain": TEXT,
        "block": _nullable(COUNT),
        "time": _nullable(TIME),
        "tx": TEXT,
        "status": {"enum": ["submitted", "mined", "confirmed"]},
    }
)
_ENTRY = _object(
    {
        "digest": DIGEST,
        "accepted_at": TIME,
        "log": _nullable(COUNT),
        "index": _nullable(COUNT),
        "opens": _nullable(COUNT),
        "undecided": {"type": "boolean"},
        "anchor": _nullable(_ref("EntryAnchor")),
    }
)

_PLACE = _object({"digest": DIGEST, "log": _nullable(COUNT), "index": _nullable(COUNT)})

SCHEMAS: Schema = {
    "Envelope": _ENVELOPE,
    "SealedDocument": _object({"content": _CONTENT, "seed": DIGEST}),
    "NewContract": _object({"envelope": _ref("Envelope"), "document": _ref("SealedDocument")}),
    "NewEvent": _object({"envelope": _ref("Envelope"), "document": _nullable(_ref("SealedDocument"))}),
    "EventBatch": _object({"events": _list(_ref("NewEvent"))}),
    "Accepted": _object(
        {
            "digest": DIGEST,
            "receipt": _nullable(OBJECT),
            "state": {"enum": ["accepted", "held"]},
            "anchor": {"const": "pending"},
        }
    ),
    "BatchResult": _object({"results": _list({"anyOf": [_ref("Accepted"), _ref("Problem")]})}),
    "Row": _ROW,
    "Page": _object({"items": _list(_ref("Row")), "next": _nullable(TEXT), "total": COUNT}),
    "EntryAnchor": _ANCHOR,
    "Contract": _object(
        {
            "id": CONTRACT_ID,
            "genesis": DIGEST,
            "home": {"enum": ["here", "elsewhere", "none"]},
            "documents": _list(OBJECT),
            "envelopes": _list(_ref("Envelope")),
            "key_ends": _list(OBJECT),
            "key_end_places": _list(_PLACE),
            "handovers": _list(_object({"log": COUNT, "index": COUNT, "vkey": TEXT})),
            "receipts": _list(OBJECT),
            "entries": _list(_ENTRY),
            "row": _ref("Row"),
        }
    ),
    "Refused": _object({"check": TEXT, "detail": TEXT, "digest": _nullable(DIGEST)}),
    "Imported": _object(
        {
            "contract": CONTRACT_ID,
            "added": COUNT,
            "known": COUNT,
            "refused": _list(_ref("Refused")),
            "undecided": _list(DIGEST),
            "state": TEXT,
        }
    ),
    "KeyEnd": OBJECT,
    "KeyEndAccepted": _object(
        {
            "digest": DIGEST,
            "receipt": _nullable(OBJECT),
            "state": {"const": "accepted"},
            "anchor": {"const": "pending"},
        }
    ),
}
