"""JSON Web Tokens (RFC 7519) held to the best practices of RFC 8725.

PyJWT checks signatures and claims; the form is checked here before it, because a lenient reader is an attack:
compact serialization only, strict base64url, no duplicate members, no NaN, one algorithm per key, no critical
extensions, finite times, bounded size.
"""

import base64
import binascii
import json
import math
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cms_backend.core.errors import CmsError

MAX_TOKEN = 8192
#: No token of ours lives longer; an ``exp`` further away is refused instead of overflowing a date.
MAX_LIFETIME_SECONDS = 366 * 24 * 3600
ALGORITHMS = ("HS256", "EdDSA", "ES256", "PS256", "RS256")
#: Clocks differ, and are set back: so much later or earlier a token is still good, as PyJWT has it on request.
LEEWAY_SECONDS = 30.0
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_TYPES = (None, "JWT", "jwt")
_KEY_ID_LENGTH = 128


class TokenError(CmsError):
    """The token is not valid here and now; log in again."""

    code = "auth.token"
    status = 401


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key and the one algorithm that it may be used with. ``key``: secret bytes, or a PEM public key."""

    algorithm: str
    key: bytes | str = field(repr=False)


def _refuse(detail: str) -> TokenError:
    return TokenError(f"The token is not valid: {detail}.", remedy="Log in again.")


def _part(text: str) -> bytes:
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise _refuse("its base64url is cut") from error
    # Trailing bits that are not zero give a second text for the same bytes.
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != text:
        raise _refuse("its base64url is not canonical")
    return data


def _object(data: bytes) -> dict[str, Any]:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(items)
        if len(members) != len(items):
            raise _refuse("a member stands twice")
        return members

    def constant(name: str) -> Any:
        raise _refuse(f"{name} is not a number")

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=pairs, parse_constant=constant)
    except (ValueError, RecursionError) as error:
        raise _refuse("it does not hold JSON") from error
    if not isinstance(value, dict):
        raise _refuse("it does not hold an object")
    return value


def _check_header(header: dict[str, Any], keys_by_kid: Mapping[str, TokenKey]) -> TokenKey:
    kid, algorithm = header.get("kid"), header.get("alg")
    if not isinstance(kid, str) or len(kid) > _KEY_ID_LENGTH or kid not in keys_by_kid:
        raise _refuse("its key is not known")
    key = keys_by_kid[kid]
    if not isinstance(algorithm, str) or algorithm != key.algorithm or algorithm not in ALGORITHMS:
        raise _refuse("its algorithm is not that of its key")
    if header.get("typ") not in _TYPES or "cty" in header:
        raise _refuse("it is of another kind")
    if "crit" in header or "b64" in header or "zip" in header:
        raise _refuse("it asks for an extension")
    return key


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refuse(f"{name} is not a time")
    if isinstance(value, int) and abs(value) > 2**53:
        raise _refuse(f"{name} is out of range")
    if not math.isfinite(value):
        raise _refuse(f"{name} is not a time")
    return float(value)


def _check_claims(claims: dict[str, Any], now: float, audience: str, issuer: str, leeway: float) -> None:
    expires, not_before, issued = (_time(claims, name) for name in ("exp", "nbf", "iat"))
    if expires is not None and now - leeway >= expires:
        raise _refuse("it has expired")
    if expires is None or expires > now + MAX_LIFETIME_SECONDS:
        raise _refuse("exp is missing or too far")
    soon = now + leeway
    if (not_before is not None and soon < not_before) or (issued is not None and soon < issued):
        raise _refuse("it is not valid yet")
    if claims.get("iss") != issuer:
        raise _refuse("it was issued elsewhere")
    audiences = claims.get("aud")
    listed = [audiences] if isinstance(audiences, str) else audiences
    if (
        not isinstance(listed, list)
        or not all(isinstance(one, str) for one in listed)
        or audience not in listed
    ):
        raise _refuse("it is meant for another service")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise _refuse("it names nobody")
    if "jti" in claims and not isinstance(claims["jti"], str):
        raise _refuse("jti is not a string")


def verify_token(
    token: str,
    keys_by_kid: Mapping[str, TokenKey],
    now: float,
    audience: str,
    issuer: str,
    *,
    leeway: float = 0.0,
) -> dict[str, Any]:
    """The claims of a valid token. ``now`` in seconds since 1970; ``leeway`` in seconds, for ``exp``, ``nbf`` and
    ``iat``. Raises TokenError.
    """
    import jwt

    if len(token) > MAX_TOKEN or not _COMPACT.fullmatch(token):
        raise _refuse("it is not a compact JWT")
    header_text, claims_text, signature_text = token.split(".")
    key = _check_header(_object(_part(header_text)), keys_by_kid)
    _part(signature_text)
    claims = _object(_part(claims_text))
    try:
        # Form and claims are checked here, so that the clock is the caller's; PyJWT answers for the
        # signature.
        jwt.PyJWS().decode_complete(token, key=key.key, algorithms=[key.algorithm])
    except jwt.PyJWTError as error:
        raise _refuse("its signature does not hold") from error
    _check_claims(claims, now, audience, issuer, leeway)
    return claims


class TokenIssuer:
    """Makes and checks this backend's own tokens (HS256 with a secret that never leaves it)."""

    def __init__(self, secret: bytes, *, issuer: str, lifetime_seconds: float) -> None:
        self._keys = {"1": TokenKey("HS256", secret)}
        self._secret = secret
        self._issuer = issuer
        self._lifetime = lifetime_seconds

    def issue(self, did: str, now: float) -> tuple[str, float]:
        """A token for a DID, and when it expires (seconds since 1970)."""
        import jwt

        expires = int(now + self._lifetime)
        claims = {
            "iss": self._issuer,
            "aud": self._issuer,
            "sub": did,
            "iat": int(now),
            "nbf": int(now),
            "exp": expires,
            "jti": secrets.token_hex(16),
        }
        return jwt.encode(claims, self._secret, "HS256", headers={"kid": "1"}), expires

    def check(self, token: str, now: float) -> str:
        """The DID that a token was issued to. Raises TokenError."""
        claims = verify_token(token, self._keys, now, self._issuer, self._issuer, leeway=LEEWAY_SECONDS)
        return str(claims["sub"])
