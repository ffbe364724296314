"""The wallet's signer: it signs statements of the protocol and login texts, and never bytes that somebody chose.

Both kinds arrive parsed: a `Statement` is only made of a complete body of a known type, a `LoginMessage` only of a
text in the one login form (protocol, sections 1 and 4). A wallet that is locked meanwhile signs nothing more.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from cms_backend.core.ids import Did, KeyText

if TYPE_CHECKING:
    from cms_backend.core.login import LoginMessage
    from cms_backend.core.signatures import Signer, Statement


class WalletSigner:
    """Signs as one identity; asks the wallet for the key each time, so that a lock takes effect at once."""

    __slots__ = ("_key_of", "did", "key")

    def __init__(self, did: Did, key: KeyText, key_of: "Callable[[], Signer]") -> None:
        self.did = did
        self.key = key
        self._key_of = key_of

    def __repr__(self) -> str:
        return f"WalletSigner({self.did})"

    def sign(self, statement: "Statement") -> str:
        """The proofValue of a statement. WalletLocked when the wallet was locked meanwhile."""
        from cms_backend.core.signatures import Statement as Parsed

        # Made anew from the body: whoever built the object by hand gets nothing else signed.
        return self._key_of().sign(Parsed.of(statement.body, statement.key))

    def sign_login(self, message: "LoginMessage") -> str:
        """The signature of a login text. WalletLocked when the wallet was locked meanwhile."""
        return self._key_of().sign_login(message)
