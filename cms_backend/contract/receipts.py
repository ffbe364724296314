"""Receipts by the thousand: the same bytes as ``secure(receipt(...))``, without checking our own words each
time.
"""

from cms_backend.core.canonical import Json, encode
from cms_backend.core.hashing import sha256
from cms_backend.core.ids import Digest, Time
from cms_backend.core.keys import parse_key
from cms_backend.core.signatures import Ed25519Signer, Statement, secure
from cms_backend.core.statements import receipt

_ANY = Digest("0" * 64)
_ANY_TIME = Time("2000-01-01T00:00:00.000Z")


class ReceiptWriter:
    """Signs the Receipts of one log. The first one is made the slow way and gives the pattern."""

    def __init__(self, operator: Ed25519Signer, origin: str) -> None:
        pattern = receipt(
            actor=operator.did,
            envelope=_ANY,
            slot=_ANY,
            origin=origin,
            received_at=_ANY_TIME,
            log_by=_ANY_TIME,
        )
        options = {
            name: value for name, value in secure(pattern, operator)["proof"].items() if name != "proofValue"
        }
        self._body = pattern
        self._options: dict[str, Json] = options
        self._options_hash = sha256(encode(options))
        self._operator = operator
        self._key = parse_key(operator.key)

    def write(self, *, envelope: Digest, slot: Digest, received_at: Time, log_by: Time) -> bytes:
        """The canonical bytes of a Receipt."""
        body = {
            **self._body,
            "envelope": envelope,
            "slot": slot,
            "received_at": received_at,
            "log_by": log_by,
        }
        statement = Statement(body, self._key, self._options_hash + sha256(encode(body)))
        proof = {**self._options, "proofValue": self._operator.sign(statement)}
        return encode({**body, "proof": proof})
