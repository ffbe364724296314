"""Tokens: ours pass, every other form is refused (RFC 8725)."""

import base64
import json
import time

import jwt as pyjwt
import pytest

from cms_backend.auth.jwt import LEEWAY_SECONDS, MAX_TOKEN, TokenError, TokenIssuer, TokenKey, verify_token

NOW = 1_700_000_000.0
SECRET = b"0123456789abcdef0123456789abcdef"
KEYS = {"1": TokenKey("HS256", SECRET)}
CLAIMS = {"iss": "here", "aud": "here", "sub": "did:key:zAlice", "iat": NOW, "nbf": NOW, "exp": NOW + 60}


def _segment(value: object) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _token(claims: object = CLAIMS, header: object = None, secret: bytes = SECRET) -> str:
    """A token with a right signature whatever stands in it."""
    signed = f"{_segment(header or {'alg': 'HS256', 'kid': '1'})}.{_segment(claims)}"
    signature = pyjwt.algorithms.HMACAlgorithm(pyjwt.algorithms.HMACAlgorithm.SHA256).sign(
        signed.encode(), secret
    )
    return f"{signed}.{_segment(signature)}"


def _verify(token: str, now: float = NOW) -> dict[str, object]:
    return verify_token(token, KEYS, now, "here", "here")


def test_a_token_of_ours_names_its_subject_until_it_expires() -> None:
    issuer = TokenIssuer(SECRET, issuer="here", lifetime_seconds=60)
    token, expires = issuer.issue("did:key:zAlice", NOW)
    assert issuer.check(token, NOW) == "did:key:zAlice"
    assert issuer.check(token, expires + LEEWAY_SECONDS - 0.001) == "did:key:zAlice"
    with pytest.raises(TokenError, match="expired"):
        issuer.check(token, expires + LEEWAY_SECONDS)


def test_a_clock_that_steps_back_refuses_no_token_that_was_just_issued() -> None:
    issuer = TokenIssuer(SECRET, issuer="here", lifetime_seconds=60)
    token, _ = issuer.issue("did:key:zAlice", NOW)
    for back in (5, LEEWAY_SECONDS):
        assert issuer.check(token, NOW - back) == "did:key:zAlice"
    with pytest.raises(TokenError, match="not valid yet"):
        issuer.check(token, NOW - LEEWAY_SECONDS - 1)


def test_leeway_is_given_where_it_is_asked_for_alone() -> None:
    with pytest.raises(TokenError, match="not valid yet"):
        _verify(pyjwt.encode({**CLAIMS, "nbf": NOW + 1}, SECRET, "HS256", headers={"kid": "1"}))


def test_the_token_of_another_backend_is_refused() -> None:
    token, _ = TokenIssuer(b"x" * 32, issuer="here", lifetime_seconds=60).issue("did:key:zAlice", NOW)
    with pytest.raises(TokenError, match="signature"):
        TokenIssuer(SECRET, issuer="here", lifetime_seconds=60).check(token, NOW)


def test_a_secret_shows_in_no_repr() -> None:
    assert "0123456789" not in repr(KEYS["1"])
    assert "0123456789" not in repr(TokenIssuer(SECRET, issuer="here", lifetime_seconds=1))


def test_a_well_made_token_passes() -> None:
    assert _verify(_token())["sub"] == "did:key:zAlice"
    assert _verify(_token({**CLAIMS, "aud": ["there", "here"]}))["sub"] == "did:key:zAlice"


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": None},
        {"exp": True},
        {"exp": "never"},
        {"exp": NOW},
        {"exp": 2**60},
        {"exp": NOW + 10**9},
        {"nbf": NOW + 1},
        {"iat": NOW + 1},
        {"nbf": "soon"},
        {"iss": "there"},
        {"iss": ["here"]},
        {"aud": "there"},
        {"aud": ["here", 1]},
        {"aud": None},
        {"aud": "here.evil"},
        {"sub": ""},
        {"sub": 7},
        {"jti": 7},
    ],
)
def test_a_claim_out_of_its_rule_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(TokenError):
        _verify(_token({**CLAIMS, **changed}))


@pytest.mark.parametrize("missing", ["exp", "iss", "aud", "sub"])
def test_a_missing_claim_is_refused(missing: str) -> None:
    with pytest.raises(TokenError):
        _verify(_token({name: value for name, value in CLAIMS.items() if name != missing}))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "kid": "1"},
        {"alg": "HS512", "kid": "1"},
        {"alg": ["HS256"], "kid": "1"},
        {"alg": "HS256"},
        {"alg": "HS256", "kid": "2"},
        {"alg": "HS256", "kid": "../1"},
        {"alg": "HS256", "kid": {"$ne": ""}},
        {"alg": "HS256", "kid": "1", "crit": ["exp"]},
        {"alg": "HS256", "kid": "1", "typ": "dpop+jwt"},
        {"alg": "HS256", "kid": "1", "cty": "JWT"},
    ],
)
def test_a_header_that_asks_for_something_else_is_refused(header: dict[str, object]) -> None:
    with pytest.raises(TokenError):
        _verify(_token(header=header))


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "..",
        "a.b",
        "a.b.c.d",
        "x.y.z",
        _token() + "\n",
        _token() + "=",
        _token().replace(".", "．"),
        _token(b'{"sub": NaN}'),
        _token(b'{"sub": "a", "sub": "b"}'),
        _token(b"[]"),
        _token(b"\xff"),
        _token(b'{"exp": 1e999}'),
        "a." + "b" * MAX_TOKEN + ".c",
    ],
)
def test_a_token_out_of_form_is_refused(broken: str) -> None:
    with pytest.raises(TokenError):
        _verify(broken)


def test_a_second_text_of_the_same_signature_is_refused() -> None:
    token = _token()
    last = token[-1]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = token[:-1] + alphabet[alphabet.index(last) ^ 1]
    with pytest.raises(TokenError):
        _verify(twin)


def test_the_clock_that_counts_is_the_callers() -> None:
    assert time.time() > NOW + 60
    assert _verify(_token(), NOW + 59)
