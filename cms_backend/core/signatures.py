"""Signing and verifying secured objects (section 4): eddsa-jcs-2022 and cms-eip712-v1.

The pinned key's type fixes the suite: nothing is negotiated. A signer is given a `Statement`, which only
parsed, known kinds of objects become; no signer signs bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Final, Protocol

import coincurve
from nacl.bindings import crypto_sign_seed_keypair

from cms_backend.core import eip712
from cms_backend.core.base58 import b58decode, b58encode
from cms_backend.core.canonical import Json, check_value, encode
from cms_backend.core.did import did_key, did_pkh, key_of_did, verification_method
from cms_backend.core.errors import FormError, KeyTextError, LoginError, SignatureError, UndecidedSignature
from cms_backend.core.events import Envelope
from cms_backend.core.ids import Did, KeyText
from cms_backend.core.keys import PublicKey, account_key, address_of, ed25519_key, parse_key, secp256k1_key
from cms_backend.core.login import LoginMessage, personal_digest
from cms_backend.core.references import (
    CONTEXT,
    PROOF_PURPOSE,
    PROOF_TYPE,
    Proof,
)
from cms_backend.core.statements import check_statement
from cms_backend.core.suites import (
    ed25519_sign,
    ed25519_verify,
    recover_address,
    secp256k1_sign,
    twin_reason,
)

EDDSA: Final = "eddsa-jcs-2022"
EIP712: Final = "cms-eip712-v1"
MAX_SIGNATURE: Final = 4096
_HEX_SIGNATURE: Final = re.compile("0x(?:[0-9a-f]{2})+")
_MAX_PROOF_TEXT: Final = 5700
# ERC-6492 wraps a signature with code to deploy its account: a verifier would run what the file brings.
_ERC6492: Final = bytes.fromhex("6492" * 16)


def suite_of(key: PublicKey) -> str:
    """The one cryptosuite of a key."""
    return EDDSA if key.kind == "ed25519" else EIP712


@lru_cache(maxsize=16384)
def _options_hash(cryptosuite: str, method: str) -> bytes:
    return sha256(encode(_options(cryptosuite, method))).digest()


def _options(cryptosuite: str, method: str) -> dict[str, Json]:
    return {
        "@context": [CONTEXT],
        "type": PROOF_TYPE,
        "cryptosuite": cryptosuite,
        "verificationMethod": method,
        "proofPurpose": PROOF_PURPOSE,
    }


@dataclass(frozen=True, slots=True)
class Statement:
    """What a key is asked to sign: a checked body without proof, and the options of the proof to be."""

    body: Mapping[str, Json]
    key: PublicKey
    hash_data: bytes = field(repr=False)
    """64 bytes: SHA-256(J(proof options)) || SHA-256(J(body)). What Ed25519 signs."""

    @classmethod
    def of(cls, body: Mapping[str, Json], key: PublicKey) -> Statement:
        """The statement of a body that this key is to sign. FormError unless it is one of the known kinds."""
        check_value(dict(body))
        check_statement(body)
        method = verification_method(body["actor"], key.text)
        options = _options_hash(suite_of(key), method)
        return cls(body, key, options + sha256(encode(dict(body))).digest())

    @property
    def covering(self) -> bytes:
        """SHA-256(hashData), 32 bytes: `digest` in the typed data."""
        return sha256(self.hash_data).digest()

    @property
    def eip712_digest(self) -> bytes:
        """The 32 bytes that secp256k1 signs."""
        return eip712.statement_digest(self.body, self.covering)

    @property
    def typed_data(self) -> dict[str, Json]:
        """The same for a wallet that shows typed data (eth_signTypedData_v4)."""
        return eip712.typed_data(self.body, self.covering)


class Signer(Protocol):
    """Holds a key and signs statements and logins with it. Its repr shows no secret."""

    @property
    def did(self) -> Did:
        """Who signs."""
        ...

    @property
    def key(self) -> KeyText:
        """The text of the key, as documents pin it."""
        ...

    def sign(self, statement: Statement) -> str:
        """The `proofValue` of a statement."""
        ...

    def sign_login(self, message: LoginMessage) -> str:
        """The signature of a login text, as `verify_login` takes it."""
        ...


def secure(statement: Mapping[str, Json], signer: Signer) -> dict[str, Json]:
    """The secured object: the statement with its proof. FormError when it is no statement of this signer."""
    if statement.get("actor") != signer.did:
        raise FormError("The statement names another actor than the signer.")
    key = parse_key(signer.key)
    value = signer.sign(Statement.of(statement, key))
    method = verification_method(signer.did, signer.key)
    return {**statement, "proof": {**_options(suite_of(key), method), "proofValue": value}}


def verify_secured(obj: Mapping[str, Json], key: PublicKey) -> None:
    """Raise SignatureError unless `obj` carries one proof by its actor under this key.

    UndecidedSignature when only the account's contract could tell. The object's own form is not checked.
    """
    try:
        proof = Proof.from_json(obj.get("proof"))
        body = {name: member for name, member in obj.items() if name != "proof"}
        _verify(proof, obj.get("actor"), sha256(encode(body)).digest(), body, key)
    except FormError as error:
        raise SignatureError(error.detail, reason="encoding") from error


def verify_envelope(envelope: Envelope, key: PublicKey) -> None:
    """As `verify_secured`, for an envelope: its digests are there already."""
    _verify(envelope.proof, envelope.actor, envelope.statement_digest.raw, envelope.json, key)


def _verify(proof: Proof, actor: Json, digest: bytes, body: Mapping[str, Json], key: PublicKey) -> None:
    suite = suite_of(key)
    if proof.cryptosuite != suite:
        raise SignatureError(
            f"The proof's suite is {proof.cryptosuite[:40]!r}; the pinned key signs with {suite}.",
            reason="suite",
        )
    if not isinstance(actor, str) or proof.verification_method != verification_method(actor, key.text):
        raise SignatureError("The proof's verificationMethod is not the actor's pinned key.", reason="method")
    signature = decode_proof_value(proof.value)
    hash_data = _options_hash(suite, proof.verification_method) + digest
    if suite == EDDSA:
        ed25519_verify(signature, hash_data, key.raw)
        return
    _verify_eip712(signature, eip712.statement_digest(body, sha256(hash_data).digest()), key)


def _verify_eip712(signature: bytes, digest: bytes, key: PublicKey) -> None:
    address = address_of(key)
    try:
        if recover_address(digest, signature) == address:
            return
        refusal = SignatureError("The signature is by another key than the pinned one.", reason="signature")
    except SignatureError as error:
        refusal = error
    if key.kind != "account":
        raise refusal
    twin = twin_reason(digest, signature, address)
    if twin is not None:
        raise twin
    if signature.endswith(_ERC6492):
        raise SignatureError("A signature wrapped after ERC-6492 is not accepted.", reason="encoding")
    raise UndecidedSignature(
        "The signature is not by the account's own key.", digest=digest, signature=signature, account=key.text
    )


def decode_proof_value(text: str) -> bytes:
    """The signature bytes of a proofValue, at most 4096. SignatureError unless it is `z` and base58btc."""
    if not text.startswith("z") or not 2 <= len(text) <= _MAX_PROOF_TEXT:
        raise SignatureError("The proofValue is no base58btc text with z.", reason="encoding")
    try:
        signature = b58decode(text[1:])
    except FormError as error:
        raise SignatureError("The proofValue is no base58btc text with z.", reason="encoding") from error
    if len(signature) > MAX_SIGNATURE:
        raise SignatureError("The signature is longer than 4096 bytes.", reason="encoding")
    return signature


class Ed25519Signer:
    """An Ed25519 key in memory. Without a DID it signs as its did:key."""

    __slots__ = ("_secret", "did", "key", "public")

    def __init__(self, seed: bytes, did: Did | None = None) -> None:
        """`seed`: 32 bytes (RFC 8032). KeyTextError for another length."""
        if len(seed) != 32:
            raise KeyTextError("The seed of an Ed25519 key has 32 bytes.")
        public, self._secret = crypto_sign_seed_keypair(seed)
        self.public = ed25519_key(public)
        self.key = self.public.text
        self.did = did_key(self.public) if did is None else did

    def __repr__(self) -> str:
        return f"Ed25519Signer({self.did})"

    def sign(self, statement: Statement) -> str:
        """`z` and base58btc of 64 bytes."""
        _check_key(statement, self.key)
        return "z" + b58encode(ed25519_sign(statement.hash_data, self._secret))

    def sign_login(self, message: LoginMessage) -> str:
        """`z` and base58btc of the signature over the UTF-8 of the text."""
        return "z" + b58encode(ed25519_sign(message.text.encode(), self._secret))


class Secp256k1Signer:
    """A secp256k1 key in memory, signing as its did:key, or as its account when a chain id is given."""

    __slots__ = ("_secret", "did", "key", "public")

    def __init__(self, secret: bytes, did: Did | None = None, *, chain: int | None = None) -> None:
        """`secret`: 32 bytes. `chain`, or a `did` of did:pkh, makes it sign as an account. KeyTextError."""
        try:
            # coincurve pads a short secret with zeros: a cut key would sign as somebody else.
            self._secret = coincurve.PrivateKey(secret if len(secret) == 32 else b"")
        except ValueError:
            raise KeyTextError("The secret is no secp256k1 key.") from None
        point = secp256k1_key(self._secret.public_key.format(compressed=True))
        pinned = None if did is None else key_of_did(did)
        if chain is not None:
            self.public = account_key(chain, address_of(point))
        elif pinned is not None and pinned.startswith("eip155:"):
            self.public = parse_key(pinned)
            if address_of(self.public) != address_of(point):
                raise KeyTextError("The secret is not the key of this account.")
        else:
            self.public = point
        own = did_pkh if self.public.kind == "account" else did_key
        self.key = self.public.text
        self.did = own(self.public) if did is None else did

    def __repr__(self) -> str:
        return f"Secp256k1Signer({self.did})"

    def sign(self, statement: Statement) -> str:
        """`z` and base58btc of 65 bytes r || s || v."""
        _check_key(statement, self.key)
        return "z" + b58encode(secp256k1_sign(statement.eip712_digest, self._secret))

    def sign_login(self, message: LoginMessage) -> str:
        """0x and 130 hex: `personal_sign` (EIP-191) of the text."""
        return "0x" + secp256k1_sign(personal_digest(message.text.encode()), self._secret).hex()


def _check_key(statement: Statement, key: KeyText) -> None:
    if statement.key.text != key:
        raise FormError("The statement is to be signed by another key.")


def sign_login(text: str, signer: Signer) -> str:
    """Parse a login text, see that it names this signer, and sign it. LoginError otherwise."""
    message = LoginMessage.parse(text)
    _check_login_address(message, signer.did, parse_key(signer.key))
    return signer.sign_login(message)


def verify_login(text: str, signature: str, did: str, key: PublicKey | None = None) -> LoginMessage:
    """The login message, when `did` has signed it; times and nonce are `LoginMessage.check`'s matter.

    `key` is needed for DIDs that do not certify themselves. LoginError, SignatureError, UndecidedSignature.
    """
    message = LoginMessage.parse(text)
    own = key_of_did(did)
    if own is not None:
        key = parse_key(own)
    if key is None:
        raise LoginError(
            f"The key of {did[:80]} is not known here.", remedy="Log in with a did:key or an account."
        )
    _check_login_address(message, did, key)
    if key.kind == "ed25519":
        ed25519_verify(decode_proof_value(signature), text.encode(), key.raw)
        return message
    if not _HEX_SIGNATURE.fullmatch(signature) or len(signature) > 2 * MAX_SIGNATURE + 2:
        raise SignatureError("A login by an account is signed in 0x and hex.", reason="encoding")
    raw = bytes.fromhex(signature[2:])
    if len(raw) == 65 and raw[64] < 2:
        # Hardware wallets write v as 0 or 1. A login is no envelope: a second text of it does no harm.
        raw = raw[:64] + bytes([raw[64] + 27])
    _verify_eip712(raw, personal_digest(text.encode()), key)
    return message


def _check_login_address(message: LoginMessage, did: str, key: PublicKey) -> None:
    if message.is_account:
        account = key.kind == "account" and key.chain == f"eip155:{message.chain_id}"
        fits = account and message.address.lower() == address_of(key)
    else:
        fits = message.address == did and key.kind != "account"
    if not fits:
        raise LoginError("The login text names another account than the one that signs.")
