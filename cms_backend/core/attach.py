"""How the backend of a data folder and a program of its owner prove to each other that both know the launch secret.

Three passes with a nonce of each side and HMAC-SHA-256 (ISO/IEC 9798-4, mutual authentication in three passes;
RFC 2104). The secret itself never travels. The backend proves itself first, over the program's nonce; only then does
the program show its credential. The two codes are over different labels, so that neither answers for the other, and
the secret is new at each start, so that nothing of one start holds at the next.

Nonces are 64 lower-case hex (32 random bytes, chosen by the caller).
"""

from __future__ import annotations

import hmac
import re
from typing import Final

from cms_backend.core.canonical import encode
from cms_backend.core.errors import FormError

HEADER: Final = "X-CMS-Attach"
"""The request header that carries the credential."""
_SERVER: Final = "cms-attach-server-v1"
_CLIENT: Final = "cms-attach-client-v1"
_HEX: Final = re.compile(r"[0-9a-f]{64}")
_CREDENTIAL: Final = re.compile(r"([0-9a-f]{64})\.([0-9a-f]{64})\.([0-9a-f]{64})")


def check_nonce(value: object) -> str:
    """The value as a nonce. Raises FormError."""
    if not isinstance(value, str) or _HEX.fullmatch(value) is None:
        raise FormError("A nonce is 64 lower-case hexadecimal digits.")
    return value


def server_proof(secret: str, client_nonce: str, server_nonce: str) -> str:
    """What the backend answers to a program's nonce (64 hex)."""
    return _code(_SERVER, secret, client_nonce, server_nonce)


def is_proof(proof: object, secret: str, client_nonce: str, server_nonce: str) -> bool:
    """Whether `proof` is the answer of who knows the secret. Compared in constant time."""
    expected = server_proof(secret, client_nonce, server_nonce)
    return isinstance(proof, str) and proof.isascii() and hmac.compare_digest(proof, expected)


def credential(secret: str, client_nonce: str, server_nonce: str) -> str:
    """What a program shows with each request once the backend has proven itself."""
    return f"{client_nonce}.{server_nonce}.{_code(_CLIENT, secret, client_nonce, server_nonce)}"


def is_credential(text: str, secret: str) -> bool:
    """Whether `text` was made by who knows the secret. Compared in constant time; nothing is remembered."""
    match = _CREDENTIAL.fullmatch(text)
    if match is None:
        return False
    client_nonce, server_nonce, shown = match.groups()
    return hmac.compare_digest(shown, _code(_CLIENT, secret, client_nonce, server_nonce))


def _code(label: str, secret: str, client_nonce: str, server_nonce: str) -> str:
    # JSON keeps the parts apart: no two lists of texts have one form.
    return hmac.digest(secret.encode(), encode([label, client_nonce, server_nonce]), "sha256").hex()
