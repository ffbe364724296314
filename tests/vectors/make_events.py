"""Sections 3 and 4: every action in every suite, the statements, and what is refused."""

from __future__ import annotations

from hashlib import sha512
from typing import Any

from cms_backend.core.base58 import b58encode
from cms_backend.core.events import Action, BlockRef, CheckpointRef, Envelope, Seen
from cms_backend.core.hashing import digest_of
from cms_backend.core.ids import Digest
from cms_backend.core.signatures import Signer, Statement, decode_proof_value, secure
from cms_backend.core.statements import (
    LedgerRef,
    contact_card,
    head_statement,
    key_end,
    log_statement,
    receipt,
    resolution,
)
from cms_backend.core.suites import SECP256K1_N
from tests.support.core_logs import log_key
from tests.support.core_samples import CONTRACT, NOW, account, ed25519, event, secp256k1, statement

SEEN = Seen(
    CheckpointRef("cms.local/0a", 7, Digest("44" * 32)), BlockRef("eip155:1", 19_000_000, Digest("55" * 32))
)
SECRETS = {
    make(number).key: f"{number:02x}" * 32
    for make in (ed25519, secp256k1, account)
    for number in range(1, 10)
}
D = [Digest(f"{number}" * 64) for number in range(10)]


def _proof_case(name: str, body: dict[str, Any], signer: Any) -> dict[str, Any]:
    made = Statement.of(body, signer.public)
    secured = secure(body, signer)
    return {
        "id": name,
        "secret": SECRETS[signer.key],
        "key": str(signer.key),
        "hash_data": made.hash_data.hex(),
        "eip712_digest": None if signer.public.kind == "ed25519" else made.eip712_digest.hex(),
        "signature": decode_proof_value(secured["proof"]["proofValue"]).hex(),
        "secured": secured,
        "digest": digest_of(secured),
        "statement_digest": digest_of(body),
    }


def _with_proof(obj: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {**obj, "proof": {**obj["proof"], **members}}


def _refused_forms() -> list[dict[str, Any]]:
    good = event(ed25519(1))
    context = good["@context"][0]
    cases: dict[str, tuple[dict[str, Any], str]] = {
        "appended-context": (
            {**good, "@context": [context, "https://example.com"]},
            "@context is the fixed array",
        ),
        "context-string": ({**good, "@context": context}, "@context is an array"),
        "proof-array": ({**good, "proof": [good["proof"]]}, "one proof object"),
        "proof-created": (_with_proof(good, created=str(NOW)), "no other members in a proof"),
        "unknown-member": ({**good, "note": ""}, "no unknown members"),
        "other-intent": ({**good, "intent": "I agree."}, "the fixed sentence of the action (EVT-INTENT)"),
        "after-descending": ({**good, "after": ["2" * 64, "1" * 64]}, "after is ascending"),
        "after-twice": ({**good, "after": ["1" * 64, "1" * 64]}, "after is distinct"),
        "previous-null": ({**good, "previous": None}, "previous is null for created only"),
        "details-member": ({**good, "details": {"reason": ""}}, "details are those of the action"),
        "leaves-4": ({**good, "document": {**good["document"], "leaves": 4}}, "five leaves at least"),
        "party-negative": ({**good, "party": -1}, "an index is not negative"),
        "time": ({**good, "occurred_at": "2026-03-05T10:20:30Z"}, "Time with milliseconds"),
    }
    return [{"id": name, "rule": rule, "secured": obj} for name, (obj, rule) in cases.items()]


def _small_order(obj: dict[str, Any]) -> str:
    """A signature with R the neutral element: the equation holds, and libsodium refuses it (RFC 8032, 5.1.7)."""
    signer = ed25519(1)
    body = {name: value for name, value in obj.items() if name != "proof"}
    message = Statement.of(body, signer.public).hash_data
    neutral, order = bytes([1]) + bytes(31), 2**252 + 27742317777372353535851937790883648493
    expanded = bytearray(sha512(bytes([1]) * 32).digest()[:32])
    expanded[0] &= 248
    expanded[31] = expanded[31] & 127 | 64
    scalar = int.from_bytes(expanded, "little")
    k = int.from_bytes(sha512(neutral + signer.public.raw + message).digest(), "little")
    return "z" + b58encode(neutral + (k * scalar % order).to_bytes(32, "little"))


def _refused_proofs() -> list[dict[str, Any]]:
    ed, curve, contract = event(ed25519(1)), event(secp256k1(2)), event(account(3))
    raw = decode_proof_value(curve["proof"]["proofValue"])
    s = SECP256K1_N - int.from_bytes(raw[32:64], "big")
    high = raw[:32] + s.to_bytes(32, "big") + bytes([55 - raw[64]])
    small_v = raw[:64] + bytes([raw[64] - 27])
    order = 2**252 + 27742317777372353535851937790883648493
    plain = decode_proof_value(ed["proof"]["proofValue"])
    beyond = plain[:32] + (int.from_bytes(plain[32:], "little") + order).to_bytes(32, "little")
    wrapped = b"\xab" * 32 + bytes.fromhex("6492" * 16)
    cases: dict[str, tuple[dict[str, Any], Signer, str]] = {
        "small-order-r": (_with_proof(ed, proofValue=_small_order(ed)), ed25519(1), "signature"),
        "other-suite": (_with_proof(ed, cryptosuite="cms-eip712-v1"), ed25519(1), "suite"),
        "other-method": (_with_proof(ed, verificationMethod=f"{ed['actor']}#key-1"), ed25519(1), "method"),
        "base64url": (_with_proof(ed, proofValue="uAAAA"), ed25519(1), "encoding"),
        "63-bytes": (_with_proof(ed, proofValue="z" + b58encode(plain[:63])), ed25519(1), "encoding"),
        "s-beyond-order": (_with_proof(ed, proofValue="z" + b58encode(beyond)), ed25519(1), "signature"),
        "changed-time": ({**ed, "occurred_at": "2026-03-05T10:20:30.457Z"}, ed25519(1), "signature"),
        "high-s": (_with_proof(curve, proofValue="z" + b58encode(high)), secp256k1(2), "high-s"),
        "v-zero": (_with_proof(curve, proofValue="z" + b58encode(small_v)), secp256k1(2), "v"),
        "contract-signature": (
            _with_proof(contract, proofValue="z" + b58encode(b"\xab" * 200)),
            account(3),
            "undecided",
        ),
        "erc-6492": (_with_proof(contract, proofValue="z" + b58encode(wrapped)), account(3), "encoding"),
        "too-long": (
            _with_proof(contract, proofValue="z" + b58encode(b"\xab" * 4097)),
            account(3),
            "encoding",
        ),
    }
    return [
        {"id": name, "reason": reason, "key": str(signer.key), "secured": obj}
        for name, (obj, signer, reason) in cases.items()
    ]


def _statements() -> list[dict[str, Any]]:
    operator = ed25519(9)
    ledger = LedgerRef("eip155:1", D[1], "0x" + "ab" * 20, D[2], D[3])
    bodies: list[tuple[str, Any, dict[str, Any]]] = [
        (
            "key-end",
            ed25519(1),
            key_end(
                actor=ed25519(1).did,
                key=ed25519(1).key,
                successor=ed25519(2).key,
                reason="Lost",
                occurred_at=NOW,
            ),
        ),
        (
            "key-end-account",
            account(3),
            key_end(actor=account(3).did, key=account(3).key, successor=None, reason="", occurred_at=NOW),
        ),
        (
            "log-statement",
            operator,
            log_statement(
                actor=operator.did,
                vkey=log_key(1).vkey.text,
                number=0,
                ledgers=[ledger],
                successor=None,
                occurred_at=NOW,
            ),
        ),
        (
            "receipt",
            operator,
            receipt(
                actor=operator.did,
                envelope=D[4],
                slot=D[5],
                origin=log_key(1).origin,
                received_at=NOW,
                log_by="2026-03-05T10:21:30.456Z",
            ),
        ),
        (
            "head-statement",
            operator,
            head_statement(
                actor=operator.did,
                vkey=log_key(1).vkey.text,
                contract=CONTRACT,
                genesis=D[6],
                sequence=2,
                digests=[D[7], D[8]],
                size=40,
                root=D[9],
                occurred_at=NOW,
            ),
        ),
        (
            "resolution",
            operator,
            resolution(
                actor=operator.did,
                did="did:web:example.com",
                key=ed25519(4).key,
                document_sha256=D[0],
                resolved_at=NOW,
            ),
        ),
        (
            "contact-card",
            ed25519(1),
            contact_card(
                actor=ed25519(1).did, key=ed25519(1).key, next=D[1], name="Ada Lovelace", organisation=None
            ),
        ),
    ]
    return [_proof_case(name, body, signer) for name, signer, body in bodies]


def build() -> dict[str, Any]:
    """`events.json`, `proofs-refused.json` and `statements.json`."""
    events = [_proof_case(action.value, statement(ed25519(1), action), ed25519(1)) for action in Action]
    events.append(
        _proof_case("seen-and-after", statement(ed25519(1), seen=SEEN, after=[D[2], D[1]]), ed25519(1))
    )
    for name, signer in (("secp256k1", secp256k1(2)), ("account", account(3))):
        events += [
            _proof_case(f"{action.value}-{name}", statement(signer, action), signer)
            for action in (Action.created, Action.signed)
        ]
    for case in events:
        Envelope.from_json(case["secured"])
    return {
        "events.json": {
            "section": "3, 4",
            "how": "hash_data = SHA-256(J(proof without proofValue)) || SHA-256(J(event without proof)); "
            "digest = H(J(secured)); signatures are deterministic (RFC 8032, RFC 6979)",
            "accepted": events,
            "refused": _refused_forms(),
        },
        "proofs-refused.json": {
            "section": "4",
            "how": "well-formed events whose proof does not hold under the pinned key, and for which reason",
            "refused": _refused_proofs(),
        },
        "statements.json": {
            "section": "4",
            "how": "as events.json; secp256k1 keys and accounts sign Statement(kind, digest)",
            "accepted": _statements(),
        },
    }
